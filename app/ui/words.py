"""Words: how times, amounts, counts and the trade's own terms are said. Pure, no widgets.

Every pane says them alike. `zone` is where the person sits; None is this machine's own zone.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta, tzinfo
from typing import Any

from PySide6.QtCore import QLocale

from app.domain.assessment import Kind, Priority, Severity
from app.domain.incident import SORT_WORDS, Incident
from app.domain.journal import State
from app.domain.message import Address
from app.domain.money import Money, exponent
from app.domain.views import InboxRow, View

RING_FOR_WORDS = {
    "critical": "Only what is critical",
    "urgent": "What cannot wait",
    "high": "Everything grave",
}

KIND_WORDS = {
    Kind.DAMAGED: "Damaged",
    Kind.WRONG_ITEM: "Wrong item",
    Kind.WRONG_SIZE: "Wrong size",
    Kind.NOT_RECEIVED: "Not received",
    Kind.LATE: "Late",
    Kind.RETURN_REQUEST: "Return",
    Kind.REFUND_BILLING: "Refund, billing",
    Kind.DISPUTE: "Dispute",
    Kind.CHANGE_CANCEL: "Change, cancel",
    Kind.SITE_ACCOUNT: "Site, account",
    Kind.PRODUCT_QUESTION: "Question",
    Kind.LEGAL_EXECUTIVE: "Legal",
    Kind.OTHER: "Other",
    Kind.NOT_AN_ISSUE: "Not an issue",
}
SEVERITY_WORDS = {
    Severity.CRITICAL: "Critical",
    Severity.HIGH: "High",
    Severity.NORMAL: "Normal",
    Severity.LOW: "Low",
}
VIEW_WORDS = {
    View.URGENT: "Urgent",
    View.OPEN: "Open",
    View.MINE: "Mine",
    View.WAITING: "Waiting",
    View.SNOOZED: "Snoozed",
    View.INCIDENTS: "Incidents",
    View.DONE: "Done",
    View.NOISE: "Not an issue",
    View.ALL: "Everything",
}
_DAYS = ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun")
_LONG_DAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")
_MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")
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
    """What stands at the right of a row: the words, their tone (a token), the exact instant."""

    text: str
    tone: str = "text_muted"
    exact: str = ""


def view_word(view: str) -> str:
    """The name of a view or of a kind's view, as the owner reads it.

    The page of disputes tells what the providers know; the kind's view holds the issues about any.
    """
    if view == Kind.DISPUTE:
        return "Issues about disputes"
    return VIEW_WORDS[View(view)] if view in set(View) else KIND_WORDS[Kind(view)]


def kind_word(kind: Kind) -> str:
    """The name of a kind."""
    return KIND_WORDS[kind]


def lesson_words(effect: Mapping[str, Any]) -> str:
    """What a correction taught (the engine's answer about it); empty where there is no word yet."""
    if not effect.get("known"):
        return ""
    if not effect.get("learnt"):
        return f"Not learnt: {effect.get('because', '')}."
    similar = int(effect.get("similar", 0))
    if not similar:
        return "The next mails like it will be sorted like this."
    return f"{counted(similar, 'similar mail')} will be sorted like this."


def severity_word(severity: Severity) -> str:
    """The name of a severity."""
    return SEVERITY_WORDS[severity]


def count(number: int) -> str:
    """A count with its thousands set apart: 1,204."""
    return f"{number:,}"


def counted(number: int, one: str, many: str = "") -> str:
    """A count with its noun: "1 issue", "1,204 issues"."""
    return f"{count(number)} {one if number == 1 else many or one + 's'}"


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
    """A length of time in at most two figures: "48 min", "2 h 10", "14 h", "3 days"."""
    minutes = max(0, int(length.total_seconds() // 60))
    hours, rest = divmod(minutes, 60)
    if hours == 0:
        return f"{minutes} min"
    if hours < 10:
        return f"{hours} h {rest:02d}" if rest else f"{hours} h"
    if hours < 48:
        return f"{hours} h"
    return f"{hours // 24} days"


def _here() -> QLocale:
    """This machine's country; a machine without one writes as the program's own words do."""
    here = QLocale()
    is_nowhere = here.language() is QLocale.Language.C
    return QLocale(QLocale.Language.English, QLocale.Country.UnitedKingdom) if is_nowhere else here


def time_left(due_at: datetime, now: datetime, zone: tzinfo | None = None) -> str:
    """What is left until a deadline: "in 2 h 10", "due Tue", "due 3 Nov", or "late 26 h"."""
    left = due_at - now
    if left < timedelta(0):
        return f"late {span(-left)}"
    if left < timedelta(minutes=1):
        return "due now"
    if left < timedelta(hours=24):
        return f"in {span(left)}"
    return f"due {day(due_at, now, zone)}"


def day(at: datetime, now: datetime, zone: tzinfo | None = None) -> str:
    """A day as people say it: today, yesterday, tomorrow, Tue, 3 Nov, 3 Nov 2025."""
    local, today = at.astimezone(zone).date(), now.astimezone(zone).date()
    distance = (local - today).days
    if distance in _NEAR:
        return _NEAR[distance]
    if -7 < distance < 7:
        return _DAYS[local.weekday()]
    said = f"{local.day} {_MONTHS[local.month - 1]}"
    return said if local.year == today.year else f"{said} {local.year}"


_NEAR = {0: "today", -1: "yesterday", 1: "tomorrow"}


def moment(at: datetime, now: datetime, zone: tzinfo | None = None) -> str:
    """An instant as people say it: "today 14:02", "Tue 11:40"; only the day when it is far away."""
    local, today = at.astimezone(zone), now.astimezone(zone).date()
    if abs((local.date() - today).days) >= 7:
        return day(at, now, zone)
    return f"{day(at, now, zone)} {local:%H:%M}"


def exact(at: datetime, zone: tzinfo | None = None) -> str:
    """An instant in full, for hovering: "Tuesday 3 Nov 2026, 14:02"."""
    local = at.astimezone(zone)
    month = _MONTHS[local.month - 1]
    return f"{_LONG_DAYS[local.weekday()]} {local.day} {month} {local.year}, {local:%H:%M}"


def person(address: Address) -> str:
    """How a customer is called: the name, else the address, else "nobody"."""
    return " ".join(address.name.split()) or address.email or "No sender"


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
    return KIND_WORDS[row.kind] + ("?" if row.unsure else "")


def warning_chip(row: InboxRow) -> str:
    """The one more chip that changes what to do, or an empty string."""
    if row.suspicious:
        return "Suspicious"
    second = row.second_kind
    if second is not None and second in _CHANGES_WHAT_TO_DO:
        return KIND_WORDS[second]
    return f"{row.message_count} mails" if row.message_count >= 3 else ""


def standing(row: InboxRow, now: datetime, zone: tzinfo | None = None) -> Standing:
    """What stands at the right of a row: how long is left, or whose turn it is."""
    heard = exact(row.last_at, zone)
    if row.state in (State.RESOLVED, State.CLOSED):
        return Standing(f"heard {day(row.last_at, now, zone)}", exact=f"Last message {heard}")
    if row.snoozed_until is not None and row.snoozed_until > now:
        wakes = moment(row.snoozed_until, now, zone)
        return Standing(f"wakes {wakes}", exact=f"Comes back {exact(row.snoozed_until, zone)}")
    if row.state is State.WAITING and not row.deadline_for:
        return Standing(f"their turn {span(now - row.last_at)}", exact=f"Last message {heard}")
    if row.deadline_at is not None:
        tone = _urgency(row.deadline_at - now, row.priority)
        said = time_left(row.deadline_at, now, zone)
        what = f"{one_line(row.deadline_for)}:" if row.deadline_for else "Answer promised by"
        return Standing(said, tone, f"{what} {exact(row.deadline_at, zone)}")
    if row.waiting_since is not None:
        since = exact(row.waiting_since, zone)
        return Standing(f"waits {span(now - row.waiting_since)}", exact=f"Waits since {since}")
    return Standing(f"{span(now - row.last_at)} ago", exact=f"Last message {heard}")


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
        f"{SEVERITY_WORDS[row.severity]}, score {row.score}",
        kind_chip(row),
        f"{one_line(row.subject)} from {person(row.customer)}",
        standing(row, now, zone).text,
        *([f"order {row.order_number}"] if row.order_number else []),
        *amount,
        "not read yet" if row.unseen else "",
    )
    return ", ".join(part for part in parts if part)


def incident_words(incident: Incident) -> str:
    """Many customers with one cause in a line: "4 customers, wrong size: RT4"."""
    title = f": {incident.title}" if incident.title else ""
    return f"{counted(incident.customers, 'customer')}, {SORT_WORDS[incident.sort]}{title}"
