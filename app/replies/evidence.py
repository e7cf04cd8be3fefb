"""Evidence: the checklist of a dispute, filled from what is known; what is missing is said.

Pure: a Case and the rules in, lines out. The packet is made of the same Case by `replies/packet`.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta

from app.domain.evidence import Case, Checklist, EvidenceItem, Have, Proof
from app.domain.message import Direction
from app.domain.money import Money
from app.domain.order import Fulfilment, Order, ParcelState
from app.replies.evidence_rules import EvidenceRules, ItemRule

Found = tuple[Have, str]
NEAR = timedelta(days=30)  # two purchases that a buyer may take for one


def checklist(case: Case, rules: EvidenceRules) -> Checklist:
    """What speaks for the shop in this dispute, and what its provider takes."""
    reason = rules.reasons[case.dispute.reason]
    return Checklist(
        reason=case.dispute.reason,
        advice=reason.advice,
        items=tuple(_item(case, rule) for rule in reason.item),
        limits=rules.limits_of(case.dispute.platform),
    )


def _item(case: Case, rule: ItemRule) -> EvidenceItem:
    own = tuple(one.name for one in case.files if one.item == rule.id)
    have, said = _FINDERS[rule.proof](case, rule)
    if own and have is not Have.FOUND:
        have, said = Have.FOUND, f"You added {_listed(own)}."
    return EvidenceItem(
        id=rule.id,
        title=rule.title,
        why=rule.why,
        needed=rule.needed,
        have=have,
        said=said,
        source=rule.source,
        files=own,
    )


def day(at: datetime) -> str:
    """A day as a bank reads it, in UTC and without a zone's doubt: 3 November 2026."""
    return f"{at.day} {at:%B %Y}"


def parcels(order: Order) -> tuple[Fulfilment, ...]:
    """The parcels of an order; of one whose shop tells only numbers, what these say."""
    if order.fulfilments or not (order.tracking_numbers or order.shipped_at):
        return order.fulfilments
    state = ParcelState.DELIVERED if order.delivered_at else ParcelState.SENT
    return (
        Fulfilment(
            id="",
            state=state,
            carrier=order.carrier,
            tracking_numbers=order.tracking_numbers,
            sent_at=order.shipped_at,
            delivered_at=order.delivered_at,
        ),
    )


def delivered_at(order: Order | None) -> datetime | None:
    """When the last parcel of an order arrived; None while one of them has not."""
    if order is None:
        return None
    alive = [one for one in parcels(order) if one.state is not ParcelState.CANCELLED]
    times = [one.delivered_at for one in alive if one.delivered_at is not None]
    return max(times) if times and len(times) == len(alive) else order.delivered_at


def refunded(order: Order) -> Money | None:
    """All that went back of an order."""
    if order.refunded is not None and order.refunded.minor:
        return order.refunded
    same = [
        one.amount.minor for one in order.refunds if one.amount.currency == order.total.currency
    ]
    return Money(sum(same), order.total.currency) if sum(same) else None


def same_purchase(case: Case) -> tuple[Order, ...]:
    """Other orders of the customer that cost the same and lie near: two charges for one eye."""
    order = case.order
    if order is None:
        return ()
    return tuple(
        other
        for other in case.earlier
        if other.total == order.total and abs(other.placed_at - order.placed_at) <= NEAR
    )


def undisputed(case: Case) -> tuple[Order, ...]:
    """What the customer bought before, paid, and kept."""
    return tuple(
        one
        for one in case.earlier
        if one.cancelled_at is None
        and refunded(one) is None
        and (case.order is None or one.placed_at < case.order.placed_at)
    )


def _order(case: Case, rule: ItemRule) -> Found:
    order = case.order
    if order is None:
        return Have.MISSING, "No order is linked. Pick it in the issue, or add the invoice."
    lines = f"{len(order.items)} line{'s' if len(order.items) != 1 else ''}"
    return Have.FOUND, f"Order {order.number}, {lines}, {order.total}, {day(order.placed_at)}."


def _tracking(case: Case, rule: ItemRule) -> Found:
    if case.order is None:
        return Have.MISSING, "No order is linked, so no parcel is known."
    numbers = [
        f"{one.carrier} {number}".strip()
        for one in parcels(case.order)
        for number in one.tracking_numbers
    ]
    if numbers:
        return Have.FOUND, f"{_listed(numbers)}."
    if case.order.shipped_at is not None:
        sent = day(case.order.shipped_at)
        return (
            Have.PARTLY,
            f"Sent on {sent}, but the shop knows no tracking number. Add the receipt.",
        )
    return Have.MISSING, "The shop knows no parcel. Add the carrier's receipt."


def _delivery(case: Case, rule: ItemRule) -> Found:
    if case.order is None:
        return Have.MISSING, "No order is linked, so no delivery is known."
    at = delivered_at(case.order)
    if at is not None:
        return Have.FOUND, f"Delivered on {day(at)}, as the carrier told the shop."
    there = parcels(case.order)
    bad = next((one for one in there if one.state in _SPEAKS_AGAINST), None)
    if bad is not None:
        return Have.MISSING, f"{_SPEAKS_AGAINST[bad.state]} This speaks against you."
    if any(one.delivered_at for one in there):
        return Have.PARTLY, "Some parcels were delivered, others not yet."
    if there:
        return Have.MISSING, "The carrier has reported no delivery yet. Look at its page."
    return Have.MISSING, "Nothing was sent, as far as the shop knows."


_SPEAKS_AGAINST = {
    ParcelState.NOT_DELIVERED: "The carrier could not deliver it.",
    ParcelState.RETURNED: "The carrier returned it.",
    ParcelState.ATTEMPTED: "The carrier tried and did not deliver it.",
}


def _mails(case: Case, rule: ItemRule) -> Found:
    theirs = [one for one in case.letters if one.direction is Direction.IN]
    if not case.letters:
        return Have.MISSING, "There is no mail between you and this customer."
    first, last = case.letters[0].at, case.letters[-1].at
    said = f"{len(theirs)} of theirs, {len(case.letters) - len(theirs)} of yours"
    return Have.FOUND, f"{said}, {day(first)} to {day(last)}."


def _mail_after_delivery(case: Case, rule: ItemRule) -> Found:
    at = delivered_at(case.order)
    if at is None:
        return Have.MISSING, "No delivery is known."
    later = [one for one in case.letters if one.direction is Direction.IN and one.at > at]
    if not later:
        return Have.MISSING, "The customer has not written since the delivery."
    return (
        Have.FOUND,
        f"Wrote on {day(later[0].at)}, after the delivery. Read it before you use it.",
    )


def _refunds(case: Case, rule: ItemRule) -> Found:
    order = case.order
    back = refunded(order) if order else None
    if order is None or back is None:
        return Have.MISSING, "No refund is known."
    dates = sorted({day(one.at) for one in order.refunds})
    on = f" on {_listed(dates)}" if dates else ""
    whole = back.currency == order.total.currency and back.minor >= order.total.minor
    return (Have.FOUND if whole else Have.PARTLY), f"{back} of {order.total} went back{on}."


def _returns(case: Case, rule: ItemRule) -> Found:
    order = case.order
    if order is None:
        return Have.MISSING, "No order is linked, so no return is known."
    if not order.returns:
        return Have.PARTLY, "The shop knows of no return: nothing came back."
    return Have.FOUND, f"{_listed([one.word.replace('_', ' ').lower() for one in order.returns])}."


def _earlier(case: Case, rule: ItemRule) -> Found:
    before = undisputed(case)
    if not before:
        return Have.MISSING, "No earlier order of this customer is known."
    numbers = _listed([one.number for one in before[:3]])
    weak = len(before) < 2 or case.earlier_disputes > 0
    beside = (
        f" The customer disputed {case.earlier_disputes} other." if case.earlier_disputes else ""
    )
    return (Have.PARTLY if weak else Have.FOUND), f"{len(before)}: {numbers}.{beside}"


def _other_charge(case: Case, rule: ItemRule) -> Found:
    same = same_purchase(case)
    if not same:
        return Have.MISSING, "No other order of the same sum is near. Was it charged twice?"
    return Have.FOUND, f"{_listed([f'{one.number} of {day(one.placed_at)}' for one in same])}."


def _policy(case: Case, rule: ItemRule) -> Found:
    names = [one.name for one in case.policies if one.item == rule.policy]
    if names:
        return Have.FOUND, f"{_listed(names)} in your folder policies."
    said = (
        f"Put a file whose name begins with {rule.policy} (PDF, picture or text) into the "
        "profile's folder policies, or add it here."
    )
    return Have.MISSING, said


def _yours(case: Case, rule: ItemRule) -> Found:
    return Have.MISSING, "Only you can add it."


def _listed(parts: list[str] | tuple[str, ...]) -> str:
    *front, last = parts
    return f"{', '.join(front)} and {last}" if front else last


_FINDERS: dict[Proof, Callable[[Case, ItemRule], Found]] = {
    Proof.ORDER: _order,
    Proof.TRACKING: _tracking,
    Proof.DELIVERY: _delivery,
    Proof.MAILS: _mails,
    Proof.MAIL_AFTER_DELIVERY: _mail_after_delivery,
    Proof.REFUNDS: _refunds,
    Proof.RETURNS: _returns,
    Proof.EARLIER_ORDERS: _earlier,
    Proof.OTHER_CHARGE: _other_charge,
    Proof.POLICY: _policy,
    Proof.YOURS: _yours,
}
