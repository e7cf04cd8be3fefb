"""Readiness: what is connected, how much is known, and what that allows so far, in plain words.

Pure: facts in, one finding for each part of a shop's desk out, in the order in which they matter.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
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
            said=tr("No mailbox is connected"),
            allows=tr("Everything begins with the address to which your customers write."),
        )
    if facts.trouble:
        return Finding(
            part=Part.MAILBOX,
            grade=Grade.PARTLY,
            said=facts.trouble,
            allows=tr("What is stored can be read and its deadlines ring; nothing new comes in."),
        )
    if facts.unread:
        return Finding(
            part=Part.MAILBOX,
            grade=Grade.PARTLY,
            said=tr(
                "{read} of {all} mails are read",
                read=grouped(facts.mails),
                all=grouped(facts.mails + facts.unread),
            ),
            allows=tr("The newest come first: the list is right for them already."),
        )
    return Finding(
        part=Part.MAILBOX,
        grade=Grade.READY,
        said=tr(
            "{mailboxes}: all {mails} mails are here",
            mailboxes=_named(facts.mailboxes),
            mails=grouped(facts.mails),
        ),
        allows=tr("What comes in is sorted at once, and rings if it must."),
    )


def _history(facts: Facts, now: datetime) -> Finding:
    if facts.oldest_at is None:
        said, allows = tr("No history yet"), tr("With the first mails, customers are known again.")
        return Finding(part=Part.HISTORY, grade=Grade.MISSING, said=said, allows=allows)
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
        return Finding(
            part=Part.HISTORY,
            grade=Grade.PARTLY,
            said=said,
            allows=tr(
                "Customers who wrote before are known again. Comparing with the time before needs"
                " 90 days."
            ),
        )
    return Finding(
        part=Part.HISTORY,
        grade=Grade.PARTLY if facts.unjudged else Grade.READY,
        said=said,
        allows=tr("Customers who wrote before are known again, and numbers compare with before."),
    )


def _shop(facts: Facts) -> Finding:
    if not facts.shops:
        return Finding(
            part=Part.SHOP,
            grade=Grade.MISSING,
            said=tr("No shop is connected"),
            allows=tr("Orders and parcels are known only by what mails say of them."),
        )
    return Finding(
        part=Part.SHOP,
        grade=Grade.READY if facts.orders else Grade.PARTLY,
        said=trn(
            "{shops}: {n} order", "{shops}: {n} orders", facts.orders, shops=_named(facts.shops)
        ),
        allows=tr("The order and its parcel stand beside every mail."),
    )


def _payments(facts: Facts) -> Finding:
    if not facts.providers:
        return Finding(
            part=Part.PAYMENTS,
            grade=Grade.MISSING,
            said=tr("No payment provider is connected"),
            allows=tr("A chargeback is seen when its mail comes; its true deadline is not known."),
        )
    return Finding(
        part=Part.PAYMENTS,
        grade=Grade.READY,
        said=trn(
            "{providers}: {n} dispute",
            "{providers}: {n} disputes",
            facts.disputes,
            providers=_named(facts.providers),
        ),
        allows=tr("Chargebacks come with their own deadlines, and ring even without the network."),
    )


def _hours(facts: Facts) -> Finding:
    if not facts.has_hours:
        return Finding(
            part=Part.HOURS,
            grade=Grade.MISSING,
            said=tr("All hours count, day and night"),
            allows=tr("Say when you work, and promised times wait for you."),
        )
    return Finding(
        part=Part.HOURS,
        grade=Grade.READY,
        said=tr("Your working hours are known"),
        allows=tr("Promised times stand still while you are closed."),
    )


def _people(facts: Facts) -> Finding:
    if not facts.contacts:
        return Finding(
            part=Part.PEOPLE,
            grade=Grade.MISSING,
            said=tr("Nobody else is told"),
            allows=tr("What is urgent rings on this computer only."),
        )
    return Finding(
        part=Part.PEOPLE,
        grade=Grade.READY,
        said=trn("{n} person can be told", "{n} people can be told", facts.contacts),
        allows=tr("What nobody takes in time goes to them."),
    )


def _lessons(facts: Facts) -> Finding:
    if not facts.corrections:
        return Finding(
            part=Part.LESSONS,
            grade=Grade.PARTLY,
            said=tr("Nothing was corrected yet"),
            allows=tr("It sorts by what it came with. Correct one, and its like follow."),
        )
    return Finding(
        part=Part.LESSONS,
        grade=Grade.READY,
        said=trn("{n} correction of yours", "{n} corrections of yours", facts.corrections),
        allows=tr("What is like them is sorted as you would."),
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
