"""Words: how times, amounts, counts and the trade's own terms are said. Pure, no widgets.

Every pane says them alike. `zone` is where the person sits; None is this machine's own zone.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta, tzinfo
from functools import partial
from typing import Any

from PySide6.QtCore import QLocale

from app.domain.assessment import Kind, Priority, Severity
from app.domain.day_text import long_weekday, said_date, weekday
from app.domain.incident import SORT_WORDS, Incident
from app.domain.journal import State
from app.domain.message import Address
from app.domain.money import Money, exponent
from app.domain.subject import without_answer_marks
from app.domain.translation import to_translate, tr, trn
from app.domain.views import InboxRow, View

RING_FOR_WORDS = {
    "critical": to_translate("Only what is critical"),
    "urgent": to_translate("What cannot wait"),
    "high": to_translate("Everything grave"),
}

KIND_WORDS = {
    Kind.DAMAGED: to_translate("Damaged"),
    Kind.WRONG_ITEM: to_translate("Wrong item"),
    Kind.WRONG_SIZE: to_translate("Wrong size"),
    Kind.NOT_RECEIVED: to_translate("Not received"),
    Kind.LATE: to_translate("Late"),
    Kind.RETURN_REQUEST: to_translate("Return"),
    Kind.REFUND_BILLING: to_translate("Refund, billing"),
    Kind.DISPUTE: to_translate("Dispute"),
    Kind.CHANGE_CANCEL: to_translate("Change, cancel"),
    Kind.SITE_ACCOUNT: to_translate("Site, account"),
    Kind.PRODUCT_QUESTION: to_translate("Question"),
    Kind.LEGAL_EXECUTIVE: to_translate("Legal"),
    Kind.OTHER: to_translate("Other"),
    Kind.NOT_AN_ISSUE: to_translate("Not an issue"),
}
SEVERITY_WORDS = {
    Severity.CRITICAL: to_translate("Critical"),
    Severity.HIGH: to_translate("High"),
    Severity.NORMAL: to_translate("Normal"),
    Severity.LOW: to_translate("Low"),
}
VIEW_WORDS = {
    View.URGENT: to_translate("Urgent"),
    View.OPEN: to_translate("Open"),
    View.MINE: to_translate("Mine"),
    View.WAITING: to_translate("Waiting"),
    View.SNOOZED: to_translate("Snoozed"),
    View.INCIDENTS: to_translate("Incidents"),
    View.DONE: to_translate("Done"),
    View.NOISE: to_translate("Not an issue"),
    View.ALL: to_translate("Everything"),
}
# What a dollar sign alone means depends on where one reads it; elsewhere the country is said.
_SYMBOLS = {"EUR": "€", "GBP": "£", "JPY": "¥", "CHF": "CHF", "PLN": "zł", "USD": "$"}
_SOON = timedelta(hours=1)
# As the second kind of an issue these change the next step: answer by a date, stop the parcel,
# pass it on, look at the shop itself.
_CHANGES_WHAT_TO_DO = (
    Kind.DISPUTE, Kind.LEGAL_EXECUTIVE, Kind.CHANGE_CANCEL, Kind.SITE_ACCOUNT,
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Standing:
    """What stands at the right of a row: the words, their tone (a token), the exact instant, which
    only who hovers reads."""

    text: str
    tone: str = "text_muted"
    told: Callable[[], str] = str

    @property
    def exact(self) -> str:
        """The instant in full."""
        return self.told()


def view_word(view: str) -> str:
    """The name of a view or of a kind's view, as the owner reads it.

    The page of disputes tells what the providers know; the kind's view holds the issues about any.
    """
    if view == Kind.DISPUTE:
        return tr("Chargeback threats")
    return tr(VIEW_WORDS[View(view)]) if view in set(View) else kind_word(Kind(view))


def kind_word(kind: Kind) -> str:
    """The name of a kind."""
    return tr(KIND_WORDS[kind])


def lesson_words(effect: Mapping[str, Any]) -> str:
    """What a correction taught (the engine's answer about it); empty where there is no word yet."""
    if not effect.get("known"):
        return ""
    if not effect.get("learnt"):
        return tr("Not learnt: {because}.", because=effect.get("because", ""))
    similar = int(effect.get("similar", 0))
    if not similar:
        return tr("The next mails like it will be sorted like this.")
    return trn(
        "{n} similar mail will be sorted like this.",
        "{n} similar mails will be sorted like this.",
        similar,
    )


def severity_word(severity: Severity) -> str:
    """The name of a severity."""
    return tr(SEVERITY_WORDS[severity])


def money(amount: Money, locale: QLocale | None = None) -> str:
    """An amount with its currency, as this machine's country writes it: €38.50."""
    where = locale or _here()
    if amount.minor < 0:  # a minus, not the brackets of a ledger
        return f"-{money(Money(-amount.minor, amount.currency), where)}"
    symbol = _SYMBOLS.get(amount.currency, amount.currency)
    if len(symbol) == 3:
        figure = where.toString(float(amount.value), "f", exponent(amount.currency))
        return f"{figure} {amount.currency}"
    return where.toCurrencyString(float(amount.value), symbol, exponent(amount.currency))


def span(length: timedelta) -> str:
    """A length of time in at most two figures: "48 min", "2 h 10", "14 h", "3 days"; what has just
    begun is a minute."""
    minutes = max(1, int(length.total_seconds() // 60))
    hours, rest = divmod(minutes, 60)
    if hours == 0:
        return tr("{n} min", n=minutes)
    if hours < 10:
        return (
            tr("{hours} h {minutes}", hours=hours, minutes=f"{rest:02d}") if rest else _hours(hours)
        )
    if hours < 48:
        return _hours(hours)
    return trn("{n} day", "{n} days", hours // 24)


def _hours(hours: int) -> str:
    return tr("{n} h", n=hours)


def _here() -> QLocale:
    """This machine's country; a machine without one writes as the program's own words do."""
    here = QLocale()
    is_nowhere = here.language() is QLocale.Language.C
    return QLocale(QLocale.Language.English, QLocale.Country.UnitedKingdom) if is_nowhere else here


def time_left(due_at: datetime, now: datetime, zone: tzinfo | None = None) -> str:
    """What is left until a deadline: "in 2 h 10", "due Tue", "due 3 Nov", or "late 26 h"."""
    left = due_at - now
    if left < timedelta(0):
        return tr("late {span}", span=span(-left))
    if left < timedelta(minutes=1):
        return tr("due now")
    if left < timedelta(hours=24):
        return tr("in {span}", span=span(left))
    return tr("due {day}", day=day(due_at, now, zone))


def day(at: datetime, now: datetime, zone: tzinfo | None = None) -> str:
    """A day as people say it: today, yesterday, tomorrow, Tue, 3 Nov, 3 Nov 2025."""
    local, today = at.astimezone(zone).date(), now.astimezone(zone).date()
    distance = (local - today).days
    if distance in _NEAR:
        return tr(_NEAR[distance])
    if -7 < distance < 7:
        return weekday(local)
    return said_date(local, year=local.year != today.year)


_NEAR = {0: to_translate("today"), -1: to_translate("yesterday"), 1: to_translate("tomorrow")}


def moment(at: datetime, now: datetime, zone: tzinfo | None = None) -> str:
    """An instant as people say it: "today 14:02", "Tue 11:40"; only the day when it is far away."""
    local, today = at.astimezone(zone), now.astimezone(zone).date()
    if abs((local.date() - today).days) >= 7:
        return day(at, now, zone)
    return f"{day(at, now, zone)} {local:%H:%M}"


def exact(at: datetime, zone: tzinfo | None = None) -> str:
    """An instant in full, for hovering: "Tuesday 3 Nov 2026, 14:02"."""
    local = at.astimezone(zone)
    return tr(
        "{weekday} {date}, {time}",
        weekday=long_weekday(local),
        date=said_date(local.date(), year=True),
        time=f"{local:%H:%M}",
    )


def person(address: Address) -> str:
    """How a customer is called: the name, else the address, else "nobody"."""
    return " ".join(address.name.split()) or address.email or tr("No sender")


def one_line(text: str) -> str:
    """Foreign text on one line, without control characters."""
    return " ".join("".join(c if c.isprintable() else " " for c in text).split())


def sentences(*parts: str) -> str:
    """Several facts as one line, each closed with a full stop."""
    said = (one_line(part) for part in parts if part)
    return " ".join(
        part if part.endswith((".", "!", "?", ":", "…")) else f"{part}." for part in said
    )


def kind_chip(row: InboxRow) -> str:
    """The kind of a row; with a question mark where the machine is unsure of it."""
    return kind_word(row.kind) + ("?" if row.unsure else "")


def warning_chip(row: InboxRow) -> str:
    """The one more chip that changes what to do, or an empty string."""
    if row.suspicious:
        return tr("Suspicious")
    second = row.second_kind
    if second is not None and second in _CHANGES_WHAT_TO_DO:
        return kind_word(second)
    return trn("{n} mail", "{n} mails", row.message_count) if row.message_count >= 3 else ""


def standing(row: InboxRow, now: datetime, zone: tzinfo | None = None) -> Standing:
    """What stands at the right of a row: how long is left, or whose turn it is."""
    heard = partial(_told_at, _HEARD, row.last_at, zone)
    if row.state in (State.RESOLVED, State.CLOSED):
        return Standing(tr("heard {day}", day=day(row.last_at, now, zone)), told=heard)
    if row.snoozed_until is not None and row.snoozed_until > now:
        wakes = moment(row.snoozed_until, now, zone)
        until = partial(_told_at, _WAKES, row.snoozed_until, zone)
        return Standing(tr("wakes {time}", time=wakes), told=until)
    if row.kind is Kind.NOT_AN_ISSUE and not row.deadline_for:  # nobody waits for an answer
        return Standing(tr("{span} ago", span=span(now - row.last_at)), told=heard)
    if row.state is State.WAITING and not row.deadline_for:
        return Standing(tr("their turn {span}", span=span(now - row.last_at)), told=heard)
    if row.deadline_at is not None:
        tone = _urgency(row.deadline_at - now, row.priority)
        said = time_left(row.deadline_at, now, zone)
        return Standing(said, tone, partial(_due, row.deadline_for, row.deadline_at, zone))
    if row.waiting_since is not None:
        since = partial(_told_at, _WAITS, row.waiting_since, zone)
        return Standing(tr("waits {span}", span=span(now - row.waiting_since)), told=since)
    return Standing(tr("{span} ago", span=span(now - row.last_at)), told=heard)


_HEARD = to_translate("Last message {time}")
_WAKES = to_translate("Comes back {time}")
_WAITS = to_translate("Waits since {time}")


def _told_at(said: str, at: datetime, zone: tzinfo | None) -> str:
    return tr(said, time=exact(at, zone))


def _due(deadline_for: str, at: datetime, zone: tzinfo | None) -> str:
    due = exact(at, zone)
    named = f"{one_line(deadline_for)}: {due}" if deadline_for else ""
    return named or tr("Answer promised by {time}", time=due)


def _urgency(left: timedelta, priority: Priority) -> str:
    """Colour only where it must be done next: a whole list in red says nothing."""
    if priority not in (Priority.P1, Priority.P2):
        return "text_muted"
    if left < timedelta(0):
        return "critical"
    return "high" if left < _SOON else "text_muted"


def spoken(row: InboxRow, now: datetime, zone: tzinfo | None = None) -> str:
    """A row as a screen reader says it, the most important word first."""
    amount = [money(row.order_total)] if row.order_total else []
    parts = (
        tr("{severity}, score {score}", severity=severity_word(row.severity), score=row.score),
        kind_chip(row),
        tr(
            "{subject} from {customer}",
            subject=without_answer_marks(one_line(row.subject)),
            customer=person(row.customer),
        ),
        standing(row, now, zone).text,
        *([tr("order {number}", number=row.order_number)] if row.order_number else []),
        *amount,
        tr("not read yet") if row.unseen else "",
    )
    return ", ".join(part for part in parts if part)


def incident_words(incident: Incident) -> str:
    """Many customers with one cause in a line: "4 customers, wrong size: RT4"."""
    customers = trn("{n} customer", "{n} customers", incident.customers)
    title = f": {incident.title}" if incident.title else ""
    return f"{customers}, {tr(SORT_WORDS[incident.sort])}{title}"


def sorting_words(awaiting: int) -> str:
    """How many mails are there of which nobody knows yet what they are."""
    return trn("{n} mail is still to be judged.", "{n} mails are still to be judged.", awaiting)
