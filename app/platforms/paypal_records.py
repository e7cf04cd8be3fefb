"""PayPal records: what PayPal writes of disputes, claims and alerts, as ours.

Every word may be one that this version does not know; then it is kept and means "needs a look".
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any

from app.domain.dispute import Dispute, DisputeKind, DisputeReason, DisputeState
from app.domain.money import Money
from app.domain.translation import tr
from app.platforms.reading import Broken, maybe_money, moment, rows, table, text

PLATFORM = "paypal"
_CENTRE = "https://www.paypal.com/resolutioncenter/view"

_BY_STATE = {
    "REQUIRED_ACTION": DisputeState.NEEDS_RESPONSE,
    "REQUIRED_OTHER_PARTY_ACTION": DisputeState.UNDER_REVIEW,
    "UNDER_PAYPAL_REVIEW": DisputeState.UNDER_REVIEW,
    "APPEALABLE": DisputeState.NEEDS_DECISION,
}
_BY_STATUS = {
    "OPEN": DisputeState.NEEDS_RESPONSE,
    "WAITING_FOR_SELLER_RESPONSE": DisputeState.NEEDS_RESPONSE,
    "WAITING_FOR_BUYER_RESPONSE": DisputeState.UNDER_REVIEW,
    "UNDER_REVIEW": DisputeState.UNDER_REVIEW,
}
_OUTCOMES = {
    "RESOLVED_SELLER_FAVOUR": DisputeState.WON,
    "RESOLVED_BUYER_FAVOUR": DisputeState.LOST,
}
_KINDS = {
    "INQUIRY": DisputeKind.INQUIRY,
    "CHARGEBACK": DisputeKind.CHARGEBACK,
    "PRE_ARBITRATION": DisputeKind.PRE_ARBITRATION,
    "ARBITRATION": DisputeKind.ARBITRATION,
}
# What PayPal decides by itself; the same stages of what a bank asks back (EXTERNAL) are the bank's.
_OWN_KINDS = {
    "CHARGEBACK": DisputeKind.CLAIM,
    "PRE_ARBITRATION": DisputeKind.APPEAL,
    "ARBITRATION": DisputeKind.APPEAL,
}
_REASONS = {
    "UNAUTHORISED": DisputeReason.FRAUD,
    "MERCHANDISE_OR_SERVICE_NOT_RECEIVED": DisputeReason.NOT_RECEIVED,
    "MERCHANDISE_OR_SERVICE_NOT_AS_DESCRIBED": DisputeReason.NOT_AS_DESCRIBED,
    "CREDIT_NOT_PROCESSED": DisputeReason.REFUND,
    "DUPLICATE_TRANSACTION": DisputeReason.BILLING,
    "INCORRECT_AMOUNT": DisputeReason.BILLING,
    "PAYMENT_BY_OTHER_MEANS": DisputeReason.BILLING,
    "CANCELED_RECURRING_BILLING": DisputeReason.SUBSCRIPTION,
}


def dispute_of(record: Mapping[str, Any], *, is_test: bool = False) -> Dispute:
    """A dispute from what its list and its own page say, laid over each other.

    Raises Broken for what is none.
    """
    outcome = text(table(record.get("dispute_outcome")).get("outcome_code"))
    state = _state(record, outcome)
    updated_at = moment(record.get("update_time"))
    paid = rows(record.get("disputed_transactions"))
    word = text(record.get("dispute_state")) or text(record.get("status"))
    allowed = _money(table(record.get("refund_details")).get("allowed_refund_amount"))
    return Dispute(
        platform=PLATFORM,
        platform_id=_name(record),
        kind=_kind(record),
        state=state,
        reason=_REASONS.get(text(record.get("reason")), DisputeReason.GENERAL),
        amount=_amount(record, paid),
        opened_at=_needed(record.get("create_time")),
        state_word=word,
        reason_word=text(record.get("reason")),
        network_code=text(record.get("external_reason_code")),
        updated_at=updated_at,
        due_at=moment(record.get("seller_response_due_date")),
        submitted_at=_answered_at(rows(record.get("evidences"))),
        closed_at=None if state.is_open else updated_at,
        refundable=None if allowed is None else allowed.minor > 0,
        outcome_word=outcome,
        order_number=_first(paid, "invoice_number"),
        customer_email=_buyers_email(paid),
        payment_references=_references(paid),
        url=f"{_CENTRE}/{_name(record)}",
        is_test=is_test,
    )


def _state(record: Mapping[str, Any], outcome: str) -> DisputeState:
    told, status = text(record.get("dispute_state")), text(record.get("status"))
    if told == "APPEALABLE":
        return DisputeState.NEEDS_DECISION
    if "RESOLVED" in (told, status):
        return _OUTCOMES.get(outcome, DisputeState.CLOSED)
    if told in _BY_STATE:
        return _BY_STATE[told]
    return _BY_STATUS.get(status, DisputeState.UNKNOWN)


def _kind(record: Mapping[str, Any]) -> DisputeKind:
    if record.get("dispute_channel") == "ALERT":
        return DisputeKind.ALERT
    stage = text(record.get("dispute_life_cycle_stage"))
    if record.get("dispute_channel") == "INTERNAL" and stage in _OWN_KINDS:
        return _OWN_KINDS[stage]
    return _KINDS.get(stage, DisputeKind.CHARGEBACK if stage else DisputeKind.INQUIRY)


def _amount(record: Mapping[str, Any], paid: list[Mapping[str, Any]]) -> Money:
    """What is disputed; where only the payment is told, all of it."""
    told = [record.get("dispute_amount"), *(one.get("gross_amount") for one in paid)]
    found = next((one for one in map(_money, told) if one is not None), None)
    if found is None:
        raise Broken(tr("it names no amount"))
    return found


def _money(told: object) -> Money | None:
    return maybe_money(table(told).get("value"), table(told).get("currency_code"))


def _answered_at(evidences: list[Mapping[str, Any]]) -> datetime | None:
    """When the shop's answer went in, as far as PayPal dates it."""
    ours = (one for one in evidences if one.get("source") == "SUBMITTED_BY_SELLER")
    return max((at for one in ours if (at := moment(one.get("date")))), default=None)


def _references(paid: Iterable[Mapping[str, Any]]) -> tuple[str, ...]:
    names = ("seller_transaction_id", "buyer_transaction_id", "reference_id")
    found = (text(one.get(name)) for one in paid for name in names)
    return tuple(dict.fromkeys(one for one in found if one))


def _buyers_email(paid: Iterable[Mapping[str, Any]]) -> str:
    """Often it is not told."""
    emails = (text(table(one.get("buyer")).get("email")) for one in paid)
    return next((one for one in emails if one), "")


def _first(paid: Iterable[Mapping[str, Any]], name: str) -> str:
    return next((found for one in paid if (found := text(one.get(name)))), "")


def _name(record: Mapping[str, Any]) -> str:
    name = text(record.get("dispute_id"))
    if not name:
        raise Broken(tr("it has no id"))
    return name


def _needed(value: object) -> datetime:
    at = moment(value)
    if at is None:
        raise Broken(tr("it has no date"))
    return at
