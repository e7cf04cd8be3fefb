"""Readiness: what is connected, how much is known, and what that allows so far, in plain words.

Pure: facts in, one finding for each part of a shop's desk out, in the order in which they matter.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from app.domain.quantity import counted

# What the numbers before and after the connection are compared over (engine/metrics).
LONG_ENOUGH = timedelta(days=90)


class Part(StrEnum):
    """What a desk is made of; the value is the word that commands use."""

    MAILBOX = "mailbox"
    HISTORY = "history"
    SHOP = "shop"
    PAYMENTS = "payments"
    HOURS = "hours"
    PEOPLE = "people"
    LESSONS = "lessons"


class Grade(StrEnum):
    """How far a part is; `missing` is for what its owner has to do, or may leave."""

    READY = "ready"
    PARTLY = "partly"
    MISSING = "missing"


@dataclass(frozen=True, slots=True, kw_only=True)
class Facts:
    """What is known of a profile. `trouble` is the first sentence of an account that does not
    answer, `unread` how many mails on the servers are not stored yet, `unjudged` how many of those
    stored are not judged, `corrections` how many judgements their owner changed."""

    mailboxes: Sequence[str] = ()
    trouble: str = ""
    mails: int = 0
    unread: int = 0
    unjudged: int = 0
    oldest_at: datetime | None = None
    shops: Sequence[str] = ()
    orders: int = 0
    providers: Sequence[str] = ()
    disputes: int = 0
    has_hours: bool = False
    contacts: int = 0
    corrections: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Finding:
    """How far one part is: what is so, and what that allows or does not allow yet."""

    part: Part
    grade: Grade
    said: str
    allows: str


def findings(facts: Facts, *, now: datetime) -> tuple[Finding, ...]:
    """One finding for each part."""
    return tuple(_all(facts, now))


def _all(facts: Facts, now: datetime) -> Iterator[Finding]:
    yield _mailbox(facts)
    yield _history(facts, now)
    yield _shop(facts)
    yield _payments(facts)
    yield _hours(facts)
    yield _people(facts)
    yield _lessons(facts)


def _mailbox(facts: Facts) -> Finding:
    if not facts.mailboxes:
        return Finding(
            part=Part.MAILBOX,
            grade=Grade.MISSING,
            said="No mailbox is connected",
            allows="Everything begins with the address to which your customers write.",
        )
    if facts.trouble:
        return Finding(
            part=Part.MAILBOX,
            grade=Grade.PARTLY,
            said=facts.trouble,
            allows="What is stored can be read and its deadlines ring; nothing new comes in.",
        )
    if facts.unread:
        return Finding(
            part=Part.MAILBOX,
            grade=Grade.PARTLY,
            said=f"{facts.mails:,} of {facts.mails + facts.unread:,} mails are read",
            allows="The newest come first: the list is right for them already.",
        )
    return Finding(
        part=Part.MAILBOX,
        grade=Grade.READY,
        said=f"{_named(facts.mailboxes)}: all {facts.mails:,} mails are here",
        allows="What comes in is sorted at once, and rings if it must.",
    )


def _history(facts: Facts, now: datetime) -> Finding:
    if facts.oldest_at is None:
        said, allows = "No history yet", "With the first mails, customers are known again."
        return Finding(part=Part.HISTORY, grade=Grade.MISSING, said=said, allows=allows)
    age = now - facts.oldest_at
    said = f"{_length(age)} of history"
    if facts.unjudged:
        said = f"{said}, {facts.unjudged:,} mails are still being sorted"
    if age < LONG_ENOUGH:
        wanted = "Comparing with the time before needs 90 days"
        return Finding(
            part=Part.HISTORY,
            grade=Grade.PARTLY,
            said=said,
            allows=f"Customers who wrote before are known again. {wanted}.",
        )
    return Finding(
        part=Part.HISTORY,
        grade=Grade.PARTLY if facts.unjudged else Grade.READY,
        said=said,
        allows="Customers who wrote before are known again, and numbers compare with before.",
    )


def _shop(facts: Facts) -> Finding:
    if not facts.shops:
        return Finding(
            part=Part.SHOP,
            grade=Grade.MISSING,
            said="No shop is connected",
            allows="Orders and parcels are known only by what mails say of them.",
        )
    return Finding(
        part=Part.SHOP,
        grade=Grade.READY if facts.orders else Grade.PARTLY,
        said=f"{_named(facts.shops)}: {counted(facts.orders, 'order')}",
        allows="The order and its parcel stand beside every mail.",
    )


def _payments(facts: Facts) -> Finding:
    if not facts.providers:
        return Finding(
            part=Part.PAYMENTS,
            grade=Grade.MISSING,
            said="No payment provider is connected",
            allows="A chargeback is seen when its mail comes; its true deadline is not known.",
        )
    return Finding(
        part=Part.PAYMENTS,
        grade=Grade.READY,
        said=f"{_named(facts.providers)}: {counted(facts.disputes, 'dispute')}",
        allows="Chargebacks come with their own deadlines, and ring even without the network.",
    )


def _hours(facts: Facts) -> Finding:
    if not facts.has_hours:
        return Finding(
            part=Part.HOURS,
            grade=Grade.MISSING,
            said="All hours count, day and night",
            allows="Say when you work, and promised times wait for you.",
        )
    return Finding(
        part=Part.HOURS,
        grade=Grade.READY,
        said="Your working hours are known",
        allows="Promised times stand still while you are closed.",
    )


def _people(facts: Facts) -> Finding:
    if not facts.contacts:
        return Finding(
            part=Part.PEOPLE,
            grade=Grade.MISSING,
            said="Nobody else is told",
            allows="What is urgent rings on this computer only.",
        )
    return Finding(
        part=Part.PEOPLE,
        grade=Grade.READY,
        said=f"{counted(facts.contacts, 'person', 'people')} can be told",
        allows="What nobody takes in time goes to them.",
    )


def _lessons(facts: Facts) -> Finding:
    if not facts.corrections:
        return Finding(
            part=Part.LESSONS,
            grade=Grade.PARTLY,
            said="Nothing was corrected yet",
            allows="It sorts by what it came with. Correct one, and its like follow.",
        )
    return Finding(
        part=Part.LESSONS,
        grade=Grade.READY,
        said=f"{counted(facts.corrections, 'correction')} of yours",
        allows="What is like them is sorted as you would.",
    )


def _named(names: Sequence[str]) -> str:
    return names[0] if len(names) == 1 else f"{names[0]} and {len(names) - 1} more"


def _length(age: timedelta) -> str:
    """As people say how long something is: days, then weeks, months, years."""
    for days, word in ((730, "year"), (61, "month"), (21, "week")):
        if age.days >= days:
            return counted(age.days // {"year": 365, "month": 30, "week": 7}[word], word)
    return counted(max(1, age.days), "day")
