"""Parcels: what a shop knows of a parcel in trouble, before its customer writes.

A step of the walk of an order: a finding that opens a quiet issue of its own, which the customer's
mail joins, or that is a reason more of the issue that is there. All of it follows from the order.
"""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta

from app.domain.assessment import Kind, Severity
from app.domain.changes import Changes
from app.domain.day_text import said_day
from app.domain.finding import Finding
from app.domain.message import Address
from app.domain.order import Fulfilment, Order, ParcelState
from app.domain.translation import to_translate, tr
from app.engine.standing import UNJUDGED
from app.storage import findings, issues, order_issues, orders
from app.storage.connection import Connection

FACTOR = "parcel"
GRACE = timedelta(days=1)  # a carrier's day is an estimate
_OVER = timedelta(days=30)  # later than that nobody waits for the carrier any more
_ENDED = (ParcelState.DELIVERED, ParcelState.CANCELLED)
_SAYS = {
    ParcelState.NOT_DELIVERED: (
        Kind.NOT_RECEIVED,
        Severity.NORMAL,
        to_translate("{who} says that the parcel could not be delivered"),
    ),
    ParcelState.RETURNED: (
        Kind.NOT_RECEIVED,
        Severity.NORMAL,
        to_translate("{who} says that the parcel is on its way back to you"),
    ),
    ParcelState.DELAYED: (
        Kind.LATE,
        Severity.LOW,
        to_translate("{who} says that the parcel is delayed"),
    ),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Noted:
    """The issues that have to be stood anew, and what was begun."""

    issues: frozenset[int] = frozenset()
    changes: Changes = field(default_factory=Changes)

    def __or__(self, other: Noted) -> Noted:
        return Noted(issues=self.issues | other.issues, changes=self.changes | other.changes)


def trouble(order: Order, now: datetime) -> Finding | None:
    """The worst that is known of the parcels of an order, or None while all seems well."""
    if order.cancelled_at or order.deleted_at or order.is_test:
        return None
    found = [one for one in (_of_parcel(order, each, now) for each in order.fulfilments) if one]
    return max(found, key=lambda one: one.severity.rank, default=None)


def next_look(order: Order, now: datetime) -> datetime | None:
    """When time alone will bring a parcel of this order into trouble."""
    if order.cancelled_at or order.deleted_at or order.is_test:
        return None
    moments = (
        each.expected_at + GRACE
        for each in order.fulfilments
        if each.expected_at and each.delivered_at is None and each.state not in _ENDED
    )
    return min((moment for moment in moments if moment > now), default=None)


def note(
    db: Connection, order: Order, *, account_id: int | None, now: datetime, is_past: bool = False
) -> Noted:
    """Write down what is found of an order's parcels; the issues that have to hear of it.

    `is_past`: the order comes with the first reading, which begins no issues.
    """
    known, found = findings.get(db, order.atom), trouble(order, now)
    if found is None and (known is None or known.is_over):
        return Noted()
    if known is None and is_past:
        return Noted()
    told = found
    if known is not None and found is None:
        told = replace(known, over_at=now)
    elif known is not None and found is not None and known.because == found.because:
        told = replace(found, began_at=known.began_at)
    if told is None or not findings.keep(db, told, account_id=account_id):
        return Noted()
    return _owner(db, order, told)


def look_again(db: Connection, *, now: datetime) -> Noted:
    """The same for the orders whose parcel only time has made late."""
    noted = Noted()
    for account_id, order in orders.due_for_a_look(db, now):
        noted |= note(db, order, account_id=account_id, now=now)
        orders.set_look(db, order, next_look(order, now))
    return noted


def _owner(db: Connection, order: Order, found: Finding) -> Noted:
    """The issue of this order's parcel, the one that is open about the order, or a new one."""
    own = issues.by_atom(db, (order.atom,))
    if own is not None:
        return Noted(issues=frozenset((own,)))
    if found.is_over:
        return Noted()
    about = order_issues.open_of_order(db, order)
    if about:
        issues.add_atoms(db, about[0].id, (order.atom,))
        return Noted(issues=frozenset((about[0].id,)))
    begun = issues.create(
        db,
        atoms=(order.atom,),
        subject=tr("Order {number}: {because}", number=order.number, because=found.because),
        customer=Address(email=order.customer_email, name=order.customer_name),
        account_id=None,
        judgement=UNJUDGED,
        first_at=found.began_at,
        preview=found.because,
    )
    added = frozenset((issues.get(db, begun).key,))
    return Noted(issues=frozenset((begun,)), changes=Changes(issues=added, added=added))


def _of_parcel(order: Order, parcel: Fulfilment, now: datetime) -> Finding | None:
    if parcel.delivered_at is not None or parcel.state in _ENDED:
        return None
    if said := _SAYS.get(parcel.state):
        kind, severity, words = said
        since = parcel.moved_at or parcel.sent_at or order.placed_at
        because = tr(words, who=parcel.carrier or tr("the shop"))
        return _finding(order, kind, severity, because=because, since=since)
    if parcel.expected_at is None or not GRACE <= now - parcel.expected_at < _OVER:
        return None
    day = said_day(parcel.expected_at.date())
    because = tr("the parcel was expected on {day} and is not delivered", day=day)
    since = parcel.expected_at + GRACE
    return _finding(order, Kind.LATE, Severity.LOW, because=because, since=since)


def _finding(
    order: Order, kind: Kind, severity: Severity, *, because: str, since: datetime
) -> Finding:
    return Finding(
        atom=order.atom,
        kind=kind,
        severity=severity,
        factor=FACTOR,
        because=because,
        began_at=since,
        order_number=order.number,
    )
