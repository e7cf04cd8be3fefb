"""Text: what a tap says: who, what, how much, by when; and how it stays harmless on its way.

Without the owner's leave it tells of the customer's words no more than the subject: pop-ups are
read over shoulders and on locked screens.
"""

from __future__ import annotations

import html
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta, tzinfo

from app.domain.assessment import Kind
from app.domain.day_text import said_date, weekday
from app.domain.incident import SORT_WORDS, Incident
from app.domain.message import Address
from app.domain.money import Money
from app.domain.translation import amid, to_translate, tr, trn

TITLE_UNITS = 63  # UTF-16 units without the closing NUL: NOTIFYICONDATAW.szInfoTitle
BODY_UNITS = 255  # the same for szInfo

_MOST_SUBJECT = 90
_MOST_WORDS = 160
_MOST_NAME = 40
IN_A_BUNDLE = 3
_MOST_MARKS = 3  # combining marks on one letter; a thousand of them freeze a layout
_WEEK_DAYS = 6
_DAY_HOURS = 48

_WORDS = {
    Kind.DAMAGED: to_translate("Damaged item"),
    Kind.WRONG_ITEM: to_translate("Wrong item"),
    Kind.WRONG_SIZE: to_translate("Wrong size"),
    Kind.NOT_RECEIVED: to_translate("Not received"),
    Kind.LATE: to_translate("Late order"),
    Kind.RETURN_REQUEST: to_translate("Return"),
    Kind.REFUND_BILLING: to_translate("Refund or billing"),
    Kind.DISPUTE: to_translate("Dispute"),
    Kind.CHANGE_CANCEL: to_translate("Change or cancel"),
    Kind.SITE_ACCOUNT: to_translate("Shop does not work"),
    Kind.PRODUCT_QUESTION: to_translate("Question"),
    Kind.LEGAL_EXECUTIVE: to_translate("Legal"),
    Kind.OTHER: to_translate("Needs you"),
    Kind.NOT_AN_ISSUE: to_translate("Needs you"),
}

# Characters that turn, hide or break a line without being seen.
_UNSEEN = {
    *(chr(code) for code in (0x061C, 0x200B, 0x200E, 0x200F, 0x2060, 0xFEFF, 0x00AD)),
    *(chr(code) for code in range(0x202A, 0x202F)),
    *(chr(code) for code in range(0x2066, 0x206A)),
    *(chr(code) for code in range(0xE0000, 0xE0080)),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class AlertFacts:
    """What a tap may tell of an issue; `words` is the beginning of what the customer said.

    `what` says it more exactly than its kind does, where it is known. `others_date`: somebody else
    set a date that still runs, so this tap has to be read by its name. `is_test`: no money moves.
    `woke`: nothing is new but that the time is over for which it was put to sleep.
    """

    key: str
    kind: Kind
    customer: Address
    subject: str = ""
    amount: Money | None = None
    order_number: str = ""
    deadline_at: datetime | None = None
    words: str = ""
    suspicious: bool = False
    what: str = ""
    others_date: bool = False
    is_test: bool = False
    woke: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class AlertText:
    """The two parts of a tap; the body may have several lines."""

    title: str
    body: str


def alert_text(
    facts: AlertFacts, *, now: datetime, zone: tzinfo, customer_text: bool = False
) -> AlertText:
    """What the tap for one issue says: "Dispute, 184.00 USD, answer by Tue 11:40"."""
    title = ", ".join(part for part in (_what(facts), _answer_by(facts, now, zone)) if part)
    lines = [_who(facts), one_line(facts.subject, most=_MOST_SUBJECT)]
    if customer_text:
        lines.append(one_line(facts.words, most=_MOST_WORDS))
    if facts.woke:
        lines.append(tr("You had put it to sleep until now."))
    return AlertText(title=title, body="\n".join(line for line in lines if line))


def bundle_text(
    issues: Sequence[AlertFacts], *, earlier: int = 0, now: datetime, zone: tzinfo
) -> AlertText:
    """What the one card of a storm says; `earlier` is how many more stand on it already, so that
    not all of them are new."""
    named = issues[:IN_A_BUNDLE]
    lines = [in_short(one, now=now, zone=zone) for one in named]
    more = len(issues) - len(named) + earlier
    if more:
        lines.append(and_more(more))
    title = trn("{n} urgent", "{n} urgent", len(issues) + earlier)
    return AlertText(title=title, body="\n".join(lines))


def and_more(count: int) -> str:
    """The last line of a card that cannot name all of them."""
    return trn("and {n} more", "and {n} more", count)


def in_short(facts: AlertFacts, *, now: datetime, zone: tzinfo) -> str:
    """One of several on a card, on a line."""
    parts = (_who(facts), _what(facts), _by_when(facts, now, zone))
    return ", ".join(part for part in parts if part)


def first_text(
    top: Sequence[AlertFacts], *, needed: int, today: int, now: datetime, zone: tzinfo
) -> AlertText:
    """What the card of a first reading says: "29 need you, 5 of them today", then the top ones."""
    title = trn("{n} needs you", "{n} need you", needed)
    if today:
        title = trn("{title}, {n} of them today", "{title}, {n} of them today", today, title=title)
    lines = [in_short(one, now=now, zone=zone) for one in top[:IN_A_BUNDLE]]
    if lines:
        lines[0] = tr("The most urgent: {issue}", issue=lines[0])
    return AlertText(title=title, body="\n".join(lines))


def reminder_text(
    facts: AlertFacts, *, what: str, consequence: str = "", now: datetime, zone: tzinfo
) -> AlertText:
    """What the tap before a deadline says: "Evidence for Stripe due Tue 11:40: Dispute"."""
    assert facts.deadline_at is not None  # a reminder has something to remind of
    told = when(facts.deadline_at, now=now, zone=zone)
    said = {"what": one_line(what, most=_MOST_NAME), "when": told, "issue": _what(facts)}
    if facts.deadline_at > now:
        title = tr("{what} due {when}: {issue}", **said)
    else:
        title = tr("{what} was due {when}: {issue}", **said)
    missed = (
        tr("If it is missed: {consequence}.", consequence=one_line(consequence))
        if consequence
        else ""
    )
    lines = (_who(facts), one_line(facts.subject, most=_MOST_SUBJECT), missed)
    return AlertText(title=title, body="\n".join(line for line in lines if line))


def waited_title(count: int) -> str:
    """What the card of several that waited is called."""
    return trn("{n} alert waited", "{n} alerts waited", count)


def still_title(count: int) -> str:
    """What the card of several critical ones is called that rang and that nobody took."""
    return trn(
        "{n} critical one still waits for you", "{n} critical ones still wait for you", count
    )


def away_title(slept: timedelta, urgent: int, *, passed: int, woken: int) -> str:
    """What the first card after a sleep says: "Away 14 h: 3 urgent, 1 deadline passed"."""
    parts = [trn("{n} urgent", "{n} urgent", urgent)] if urgent else []
    parts += [trn("{n} deadline passed", "{n} deadlines passed", passed)] if passed else []
    parts += [trn("{n} snooze due", "{n} snoozes due", woken)] if woken else []
    hours = slept.total_seconds() / 3600
    if hours < _DAY_HOURS:
        length = tr("{hours} h", hours=f"{hours:.0f}")
    else:
        length = trn("{n} day", "{n} days", round(hours / 24))
    return tr("Away {length}: {what}", length=length, what=", ".join(parts))


def incident_text(incident: Incident) -> AlertText:
    """What the card of many customers with one cause says: "4 customers, wrong size: RT4"."""
    cause = one_line(incident.title, most=_MOST_NAME)
    title = trn(
        "{n} customer, {what}",
        "{n} customers, {what}",
        incident.customers,
        what=tr(SORT_WORDS[incident.sort]),
    ) + (f": {cause}" if cause else "")
    said = [tr("It looks like one cause.")]
    if incident.lately > 1:
        said.insert(
            0, trn("{n} of them within a day.", "{n} of them within a day.", incident.lately)
        )
    return AlertText(title=title, body=" ".join(said))


def when(at: datetime, *, now: datetime, zone: tzinfo) -> str:
    """An instant as people say it: "14:02", "tomorrow 9:00", "Tue 11:40", "3 Nov"."""
    there, here = at.astimezone(zone), now.astimezone(zone)
    days = (there.date() - here.date()).days
    clock = f"{there:%H:%M}"
    if days == 0:
        return clock
    if days in (-1, 1):
        return tr("tomorrow {time}", time=clock) if days > 0 else tr("yesterday {time}", time=clock)
    if 0 < days <= _WEEK_DAYS:
        return tr("{weekday} {time}", weekday=weekday(there.date()), time=clock)
    return said_date(there.date(), year=there.year != here.year)


def one_line(text: str, *, most: int = 200) -> str:
    """The text as one line of visible characters, at most `most` of them.

    Control characters, direction marks and lone surrogates go; so do combining marks beyond the
    third on one letter.
    """
    kept: list[str] = []
    marks = 0
    for character in text[: most * 8]:
        category = unicodedata.category(character)
        marks = marks + 1 if category in ("Mn", "Me") else 0
        if character.isspace() or category in ("Zl", "Zp"):
            kept.append(" ")
        elif category not in ("Cc", "Cs") and character not in _UNSEEN and marks <= _MOST_MARKS:
            kept.append(character)
    line = " ".join("".join(kept).split())
    return line if len(line) <= most else line[: most - 1].rstrip() + "…"


def lines(text: str, *, most: int) -> str:
    """The text with each of its lines made harmless as `one_line` does; line breaks stay."""
    return "\n".join(
        line for line in (one_line(part, most=most) for part in text.split("\n")) if line
    )


def safe_text(text: str, *, units: int, markup: bool) -> str:
    """One line that a notifier of unknown manners can be given.

    It has at most `units` UTF-16 units (a longer one is lost on Windows), does not begin with "-"
    (notify-send would read an option), and with `markup` its &, < and > are escaped.
    """
    line = one_line(text, most=units)
    while len(line.encode("utf-16-le")) > 2 * units:
        line = line[:-2].rstrip() + "…"
    if line.startswith("-"):
        line = "\N{EN DASH}" + line[1:]
    return html.escape(line, quote=False) if markup else line


def as_test(said: str) -> str:
    """The same of a dispute in a provider's test mode: "Test: Chargeback, 184.00 USD"."""
    return tr("Test: {what}", what=said)


def _what(facts: AlertFacts) -> str:
    word = facts.what or tr(_WORDS[facts.kind])
    if facts.suspicious:
        word = tr("Claims to be: {what}", what=amid(word))
    said = f"{word}, {facts.amount.said}" if facts.amount else word
    return as_test(said) if facts.is_test else said


def _who(facts: AlertFacts) -> str:
    who = one_line(facts.customer.name or facts.customer.email, most=_MOST_NAME)
    order = (
        f"#{one_line(facts.order_number.lstrip('#'), most=_MOST_NAME)}"
        if facts.order_number
        else ""
    )
    return ", ".join(part for part in (who, order) if part)


def _by_when(facts: AlertFacts, now: datetime, zone: tzinfo) -> str:
    if facts.deadline_at is None:
        return ""
    told = when(facts.deadline_at, now=now, zone=zone)
    if facts.deadline_at > now:
        return tr("by {when}", when=told)
    return tr("was due {when}", when=told)


def _answer_by(facts: AlertFacts, now: datetime, zone: tzinfo) -> str:
    if facts.deadline_at is None or facts.deadline_at <= now:
        return _by_when(facts, now, zone)
    return tr("answer by {when}", when=when(facts.deadline_at, now=now, zone=zone))
