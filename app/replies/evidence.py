"""Evidence: the checklist of a dispute, filled from what is known; what is missing is said.

Pure: a Case and the rules in, lines out. The packet is made of the same Case by `replies/packet`.
"""

from __future__ import annotations

from collections.abc import Callable, Collection
from datetime import datetime, timedelta

from app.domain.evidence import FURTHER, Case, Checklist, EvidenceItem, Have, Proof
from app.domain.message import Direction
from app.domain.money import Money
from app.domain.order import CHARGED, Fulfilment, Order, ParcelState
from app.domain.platform_names import platform_word
from app.domain.translation import joined, to_translate, tr, trn
from app.replies.evidence_rules import EvidenceRules, ItemRule

Found = tuple[Have, str]
NEAR = timedelta(days=30)  # two purchases that a buyer may take for one

_MONTHS = (
    to_translate("January"), to_translate("February"), to_translate("March"),
    to_translate("April"), to_translate("May"), to_translate("June"), to_translate("July"),
    to_translate("August"), to_translate("September"), to_translate("October"),
    to_translate("November"), to_translate("December"),
)  # fmt: skip


def checklist(case: Case, rules: EvidenceRules) -> Checklist:
    """What speaks for the shop in this dispute, and what its provider takes."""
    reason = rules.reasons[case.dispute.reason]
    lines = tuple(_item(case, rule) for rule in reason.item)
    return Checklist(
        reason=case.dispute.reason,
        advice=tr(reason.advice),
        items=(*lines, *_further(case, {one.id for one in lines})),
        limits=rules.limits_of(case.dispute.platform),
    )


def _item(case: Case, rule: ItemRule) -> EvidenceItem:
    own = tuple(one.name for one in case.files if one.item == rule.id)
    have, said = _FINDERS[rule.proof](case, rule)
    if own and have is not Have.FOUND:
        have, said = Have.FOUND, tr("You added {own}.", own=joined(list(own)))
    return EvidenceItem(
        id=rule.id,
        title=tr(rule.title),
        why=tr(rule.why).replace("{provider}", platform_word(case.dispute.platform)),
        needed=rule.needed,
        have=have,
        said=said,
        source=rule.source,
        files=own,
        policy=rule.policy,
    )


def _further(case: Case, lines: Collection[str]) -> tuple[EvidenceItem, ...]:
    """The owner's files that belong to no line: added without one, or before the reason changed."""
    names = tuple(one.name for one in case.files if one.item not in lines)
    if not names:
        return ()
    return (
        EvidenceItem(
            id=FURTHER,
            title=tr("Further files"),
            why=tr("They stand at the end of the packet."),
            needed=False,
            have=Have.FOUND,
            said=tr("You added {own}.", own=joined(list(names))),
            source="",
            files=names,
        ),
    )


def day(at: datetime) -> str:
    """A day as a bank reads it, in UTC and without a zone's doubt: 3 November 2026."""
    return f"{at.day} {at:%B %Y}"


def parcels(order: Order) -> tuple[Fulfilment, ...]:
    """The parcels of an order; of one whose shop tells only numbers, what these say.

    That a shop counts an order as done is no parcel: it may have been a download, or fetched.
    """
    if order.fulfilments or not order.tracking_numbers:
        return order.fulfilments
    sent = ParcelState.SENT if order.shipped_at else ParcelState.UNKNOWN
    state = ParcelState.DELIVERED if order.delivered_at else sent
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


def alive(order: Order) -> tuple[Fulfilment, ...]:
    """The parcels of an order, without those that were cancelled."""
    return tuple(one for one in parcels(order) if one.state is not ParcelState.CANCELLED)


def delivered_at(order: Order | None) -> datetime | None:
    """When the last parcel of an order arrived; None while one of them has not."""
    if order is None:
        return None
    there = alive(order)
    times = [one.delivered_at for one in there if one.delivered_at is not None]
    return max(times) if times and len(times) == len(there) else order.delivered_at


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
        if other.total == order.total
        and abs(other.placed_at - order.placed_at) <= NEAR
        and _is_real(other)
        and other.financial_status.casefold() in CHARGED
    )


def undisputed(case: Case) -> tuple[Order, ...]:
    """What the customer bought before, paid, got, and kept without a dispute.

    A bank is told so in a sentence: each of it has to stand in the shop's records.
    """
    return tuple(
        one
        for one in case.earlier
        if one.atom not in case.disputed
        and one.cancelled_at is None
        and _is_real(one)
        and one.financial_status.casefold() == "paid"
        and refunded(one) is None
        and _arrived_and_stayed(one)
        and (case.order is None or one.placed_at < case.order.placed_at)
    )


def _is_real(order: Order) -> bool:
    return not order.is_test and order.deleted_at is None


def _arrived_and_stayed(order: Order) -> bool:
    came_back = any(one.state is ParcelState.RETURNED for one in order.fulfilments)
    return delivered_at(order) is not None and not came_back and not order.returns


def _date(at: datetime) -> str:
    """The same day as its owner reads it."""
    return tr("{day} {month} {year}", day=at.day, month=tr(_MONTHS[at.month - 1]), year=at.year)


def _order(case: Case, rule: ItemRule) -> Found:
    order = case.order
    if order is None:
        return Have.MISSING, tr("No order is linked. Pick it in the issue, or add the invoice.")
    lines = trn("{n} line", "{n} lines", len(order.items))
    return Have.FOUND, tr(
        "Order {number}, {lines}, {total}, {placed_at}.",
        number=order.number,
        lines=lines,
        total=order.their_total.said,
        placed_at=_date(order.placed_at),
    )


def _tracking(case: Case, rule: ItemRule) -> Found:
    if case.order is None:
        return Have.MISSING, tr("No order is linked, so no parcel is known.")
    there = [one for one in alive(case.order) if one.tracking_numbers]
    numbers = joined(
        list(
            dict.fromkeys(
                f"{one.carrier} {number}".strip()
                for one in there
                for number in one.tracking_numbers
            )
        )
    )
    if there and not any(map(_may_be_under_way, there)):
        return Have.PARTLY, tr(
            "{numbers}: a label so far. Nothing says that the parcel left.", numbers=numbers
        )
    if there:
        return Have.FOUND, f"{numbers}."
    if case.order.shipped_at is not None:
        sent = _date(case.order.shipped_at)
        return (
            Have.PARTLY,
            tr(
                "Sent on {sent}, but the shop knows no tracking number. Add the receipt.", sent=sent
            ),
        )
    return Have.MISSING, tr("The shop knows no parcel. Add the carrier's receipt.")


def _delivery(case: Case, rule: ItemRule) -> Found:
    if case.order is None:
        return Have.MISSING, tr("No order is linked, so no delivery is known.")
    at = delivered_at(case.order)
    if at is not None:
        return Have.FOUND, tr("Delivered on {at}, as the carrier told the shop.", at=_date(at))
    there = alive(case.order)
    bad = next((one for one in there if one.state in _SPEAKS_AGAINST), None)
    if bad is not None:
        return Have.MISSING, tr(_SPEAKS_AGAINST[bad.state])
    if any(one.delivered_at for one in there):
        return Have.PARTLY, tr("Some parcels were delivered, others not yet.")
    if any(map(_may_be_under_way, there)) or case.order.shipped_at is not None:
        return Have.MISSING, tr("The carrier has reported no delivery yet. Look at its page.")
    return Have.MISSING, tr("Nothing was sent, as far as the shop knows.")


def _may_be_under_way(parcel: Fulfilment) -> bool:
    """Whether it left, as far as is known; a label that was bought is no parcel on its way."""
    return parcel.state is not ParcelState.PREPARING or parcel.delivered_at is not None


_SPEAKS_AGAINST = {
    ParcelState.NOT_DELIVERED: to_translate(
        "The carrier could not deliver it. This speaks against you."
    ),
    ParcelState.RETURNED: to_translate("The carrier returned it. This speaks against you."),
    ParcelState.ATTEMPTED: to_translate(
        "The carrier tried and did not deliver it. This speaks against you."
    ),
}


def _mails(case: Case, rule: ItemRule) -> Found:
    theirs = [one for one in case.letters if one.direction is Direction.IN]
    if not case.letters:
        return Have.MISSING, tr("There is no mail between you and this customer.")
    first, last = _date(case.letters[0].at), _date(case.letters[-1].at)
    yours = len(case.letters) - len(theirs)
    said = (
        tr("{theirs} of theirs, {yours} of yours, {first} to {last}.",
           theirs=len(theirs), yours=yours, first=first, last=last)
        if first != last
        else tr("{theirs} of theirs, {yours} of yours, on {first}.",
                theirs=len(theirs), yours=yours, first=first)
    )  # fmt: skip
    if theirs and not yours:
        return Have.PARTLY, f"{said} {tr('No answer of yours is among them.')}"
    return Have.FOUND, said


def _mail_after_delivery(case: Case, rule: ItemRule) -> Found:
    at = delivered_at(case.order)
    if at is None:
        return Have.MISSING, tr("No delivery is known.")
    later = [one for one in case.letters if one.direction is Direction.IN and one.at > at]
    if not later:
        return Have.MISSING, tr("The customer has not written since the delivery.")
    return (
        Have.FOUND,
        tr("Wrote on {at}, after the delivery. Read it before you use it.", at=_date(later[0].at)),
    )


def _refunds(case: Case, rule: ItemRule) -> Found:
    order = case.order
    back = refunded(order) if order else None
    if order is None or back is None:
        return Have.MISSING, tr("No refund is known.")
    dates = [_date(at) for at in sorted({one.at for one in order.refunds})]
    whole = back.currency == order.total.currency and back.minor >= order.total.minor
    have = Have.FOUND if whole else Have.PARTLY
    sums = {"back": back.said, "total": order.total.said}
    if not dates:
        return have, tr("{back} of {total} went back.", **sums)
    days = joined(list(dict.fromkeys(dates)))
    return have, tr("{back} of {total} went back on {days}.", days=days, **sums)


def _returns(case: Case, rule: ItemRule) -> Found:
    order = case.order
    if order is None:
        return Have.MISSING, tr("No order is linked, so no return is known.")
    if not order.returns:
        return Have.PARTLY, tr("The shop knows of no return: nothing came back.")
    return Have.FOUND, f"{joined([one.word.replace('_', ' ').lower() for one in order.returns])}."


def _earlier(case: Case, rule: ItemRule) -> Found:
    before = undisputed(case)
    if not before and case.earlier:
        return Have.MISSING, tr(
            "No other order of this customer is known to be paid, delivered and never disputed."
        )
    if not before:
        return Have.MISSING, tr("No earlier order of this customer is known.")
    numbers = joined([one.number for one in before[:3]])
    weak = len(before) < 2 or case.earlier_disputes > 0
    said = f"{len(before)}: {numbers}."
    if case.earlier_disputes:
        disputed = trn(
            "The customer disputed {n} other.",
            "The customer disputed {n} other.",
            case.earlier_disputes,
        )
        said = f"{said} {disputed}"
    return (Have.PARTLY if weak else Have.FOUND), said


def _other_charge(case: Case, rule: ItemRule) -> Found:
    same = same_purchase(case)
    if not same:
        return Have.MISSING, tr("No other order of the same sum is near. Was it charged twice?")
    named = [tr("{number} of {day}", number=one.number, day=_date(one.placed_at)) for one in same]
    return Have.FOUND, f"{joined(named)}."


def _policy(case: Case, rule: ItemRule) -> Found:
    names = [one.name for one in case.policies if one.item == rule.policy]
    if names:
        return Have.FOUND, tr("{names} in your folder policies.", names=joined(names))
    said = tr(
        "Put a file whose name begins with {policy} (PDF, picture or text) into the "
        "profile's folder policies, or add it here.",
        policy=rule.policy,
    )
    return Have.MISSING, said


def _yours(case: Case, rule: ItemRule) -> Found:
    return Have.MISSING, tr("Only you can add it.")


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
