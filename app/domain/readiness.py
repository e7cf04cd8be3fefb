"""Readiness: what is connected, how much is known, and what that allows so far, in plain words.

Pure: facts in, one finding for each part of a shop's desk out, in the order in which they matter.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from app.domain.translation import grouped, tr, trn

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


_Told = tuple[Grade, str, str]  # how far it is, what is so, and what that allows


def findings(facts: Facts, *, now: datetime) -> tuple[Finding, ...]:
    """One finding for each part."""
    told = {
        Part.MAILBOX: _mailbox(facts),
        Part.HISTORY: _history(facts, now),
        Part.SHOP: _shop(facts),
        Part.PAYMENTS: _payments(facts),
        Part.HOURS: _hours(facts),
        Part.PEOPLE: _people(facts),
        Part.LESSONS: _lessons(facts),
    }
    return tuple(
        Finding(part=part, grade=grade, said=said, allows=allows)
        for part, (grade, said, allows) in told.items()
    )


def _mailbox(facts: Facts) -> _Told:
    if not facts.mailboxes:
        return (
            Grade.MISSING,
            tr("No mailbox is connected"),
            tr("Everything begins with the address to which your customers write."),
        )
    if facts.trouble:
        return (
            Grade.PARTLY,
            facts.trouble,
            tr("What is stored can be read and its deadlines ring; nothing new comes in."),
        )
    if facts.unread:
        return (
            Grade.PARTLY,
            tr(
                "{read} of {all} mails are read",
                read=grouped(facts.mails),
                all=grouped(facts.mails + facts.unread),
            ),
            tr("The newest come first: the list is right for them already."),
        )
    return (
        Grade.READY,
        tr(
            "{mailboxes}: all {mails} mails are here",
            mailboxes=_named(facts.mailboxes),
            mails=grouped(facts.mails),
        ),
        tr("What comes in is sorted at once, and rings if it must."),
    )


def _history(facts: Facts, now: datetime) -> _Told:
    if facts.oldest_at is None:
        return (
            Grade.MISSING,
            tr("No history yet"),
            tr("With the first mails, customers are known again."),
        )
    age = now - facts.oldest_at
    said = _length(age)
    if facts.unjudged:
        said = trn(
            "{history}, {n} mail is still being sorted",
            "{history}, {n} mails are still being sorted",
            facts.unjudged,
            history=said,
        )
    if age < LONG_ENOUGH:
        return (
            Grade.PARTLY,
            said,
            tr(
                "Customers who wrote before are known again. Comparing with the time before needs"
                " 90 days."
            ),
        )
    return (
        Grade.PARTLY if facts.unjudged else Grade.READY,
        said,
        tr("Customers who wrote before are known again, and numbers compare with before."),
    )


def _shop(facts: Facts) -> _Told:
    if not facts.shops:
        return (
            Grade.MISSING,
            tr("No shop is connected"),
            tr("Orders and parcels are known only by what mails say of them."),
        )
    return (
        Grade.READY if facts.orders else Grade.PARTLY,
        trn("{shops}: {n} order", "{shops}: {n} orders", facts.orders, shops=_named(facts.shops)),
        tr("The order and its parcel stand beside every mail."),
    )


def _payments(facts: Facts) -> _Told:
    if not facts.providers:
        return (
            Grade.MISSING,
            tr("No payment provider is connected"),
            tr("A chargeback is seen when its mail comes; its true deadline is not known."),
        )
    return (
        Grade.READY,
        trn(
            "{providers}: {n} dispute",
            "{providers}: {n} disputes",
            facts.disputes,
            providers=_named(facts.providers),
        ),
        tr("Chargebacks come with their own deadlines, and ring even without the network."),
    )


def _hours(facts: Facts) -> _Told:
    if not facts.has_hours:
        return (
            Grade.MISSING,
            tr("All hours count, day and night"),
            tr("Say when you work, and promised times wait for you."),
        )
    return (
        Grade.READY,
        tr("Your working hours are known"),
        tr("Promised times stand still while you are closed."),
    )


def _people(facts: Facts) -> _Told:
    if not facts.contacts:
        return (
            Grade.MISSING,
            tr("Nobody else is told"),
            tr("What is urgent rings on this computer only."),
        )
    return (
        Grade.READY,
        trn("{n} person can be told", "{n} people can be told", facts.contacts),
        tr("What nobody takes in time goes to them."),
    )


def _lessons(facts: Facts) -> _Told:
    if not facts.corrections:
        return (
            Grade.PARTLY,
            tr("Nothing was corrected yet"),
            tr("It sorts by what it came with. Correct one, and its like follow."),
        )
    return (
        Grade.READY,
        trn("{n} correction of yours", "{n} corrections of yours", facts.corrections),
        tr("What is like them is sorted as you would."),
    )


def _named(names: Sequence[str]) -> str:
    if len(names) == 1:
        return names[0]
    return tr("{name} and {more} more", name=names[0], more=len(names) - 1)


def _length(age: timedelta) -> str:
    """As people say how long a history is: in days, then weeks, months, years."""
    if age.days >= 730:
        return trn("{n} year of history", "{n} years of history", age.days // 365)
    if age.days >= 61:
        return trn("{n} month of history", "{n} months of history", age.days // 30)
    if age.days >= 21:
        return trn("{n} week of history", "{n} weeks of history", age.days // 7)
    return trn("{n} day of history", "{n} days of history", max(1, age.days))
