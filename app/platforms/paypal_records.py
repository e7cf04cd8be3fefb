"""PayPal records: what PayPal writes of disputes, claims and alerts, as ours.

Every word may be one that this version does not know; then it is kept and means "needs a look".
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import UTC, datetime
from decimal import Decimal, InvalidOperation
from typing import Any

from app.domain.dispute import Dispute, DisputeKind, DisputeReason, DisputeState
from app.domain.money import Money

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

    Raises KeyError, TypeError or ValueError for what is none.
    """
    outcome = _text(_part(record, "dispute_outcome").get("outcome_code"))
    state = _state(record, outcome)
    updated_at = moment(record.get("update_time"))
    paid = _list(record, "disputed_transactions")
    word = _text(record.get("dispute_state")) or _text(record.get("status"))
    allowed = _part(_part(record, "refund_details"), "allowed_refund_amount")
    return Dispute(
        platform=PLATFORM,
        platform_id=str(record["dispute_id"]),
        kind=_kind(record),
        state=state,
        reason=_REASONS.get(_text(record.get("reason")), DisputeReason.GENERAL),
        amount=_amount(record, paid),
        opened_at=_needed(record["create_time"]),
        state_word=word,
        reason_word=_text(record.get("reason")),
        network_code=_text(record.get("external_reason_code")),
        updated_at=updated_at,
        due_at=moment(record.get("seller_response_due_date")),
        submitted_at=_answered_at(_list(record, "evidences")),
        closed_at=None if state.is_open else updated_at,
        refundable=_money(allowed).minor > 0 if allowed else None,
        outcome_word=outcome,
        order_number=_first(paid, "invoice_number"),
        customer_email=_buyers_email(paid),
        payment_references=_references(paid),
        url=f"{_CENTRE}/{record['dispute_id']}",
        is_test=is_test,
    )


def moment(text: object) -> datetime | None:
    """An instant as PayPal writes it (RFC 3339), in UTC; None where there is none."""
    if not isinstance(text, str) or not text:
        return None
    at = datetime.fromisoformat(text.upper().replace("Z", "+00:00"))
    return at.replace(tzinfo=UTC) if at.tzinfo is None else at.astimezone(UTC)


def _state(record: Mapping[str, Any], outcome: str) -> DisputeState:
    told, status = _text(record.get("dispute_state")), _text(record.get("status"))
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
    stage = _text(record.get("dispute_life_cycle_stage"))
    return _KINDS.get(stage, DisputeKind.CHARGEBACK if stage else DisputeKind.INQUIRY)


def _amount(record: Mapping[str, Any], paid: list[Mapping[str, Any]]) -> Money:
    told = _part(record, "dispute_amount")
    if told:
        return _money(told)
    gross = next((found for one in paid if (found := _part(one, "gross_amount"))), None)
    if gross is None:
        raise KeyError("dispute_amount")
    return _money(gross)


def _money(told: Mapping[str, Any]) -> Money:
    try:
        return Money.of(Decimal(str(told["value"])), str(told["currency_code"]))
    except InvalidOperation:
        raise ValueError("an amount that is no number") from None


def _answered_at(evidences: list[Mapping[str, Any]]) -> datetime | None:
    """When the shop's answer went in, as far as PayPal dates it."""
    ours = (one for one in evidences if one.get("source") == "SUBMITTED_BY_SELLER")
    return max((at for one in ours if (at := moment(one.get("date")))), default=None)


def _references(paid: Iterable[Mapping[str, Any]]) -> tuple[str, ...]:
    names = ("seller_transaction_id", "buyer_transaction_id", "reference_id")
    found = (_text(one.get(name)) for one in paid for name in names)
    return tuple(dict.fromkeys(one for one in found if one))


def _buyers_email(paid: Iterable[Mapping[str, Any]]) -> str:
    """Often it is not told."""
    emails = (_text(_part(one, "buyer").get("email")) for one in paid)
    return next((one for one in emails if one), "")


def _first(paid: Iterable[Mapping[str, Any]], name: str) -> str:
    return next((text for one in paid if (text := _text(one.get(name)).strip())), "")


def _needed(text: object) -> datetime:
    at = moment(text)
    if at is None:
        raise ValueError("no instant")
    return at


def _part(record: Mapping[str, Any], name: str) -> Mapping[str, Any]:
    found = record.get(name)
    return found if isinstance(found, dict) else {}


def _list(record: Mapping[str, Any], name: str) -> list[Mapping[str, Any]]:
    found = record.get(name)
    return [one for one in found if isinstance(one, dict)] if isinstance(found, list) else []


def _text(value: object) -> str:
    return value if isinstance(value, str) else ""
