"""Stripe records: what Stripe writes of disputes, early fraud warnings and failed charges, as ours.

Every word may be one that this version does not know; then it is kept and means "needs a look".
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any

from app.domain.dispute import (
    Dispute,
    DisputeKind,
    DisputeReason,
    DisputeState,
    FailedPayment,
)
from app.domain.money import Money

PLATFORM = "stripe"
_DASHBOARD = "https://dashboard.stripe.com"
_LAST_INSTANT = 32_503_680_000  # the year 3000: what is later is no date

# Statuses of stripe-python 16.1; the published OpenAPI lacks appeal_* and prevented.
_STATES = {
    "needs_response": DisputeState.NEEDS_RESPONSE,
    "warning_needs_response": DisputeState.NEEDS_RESPONSE,
    "appeal_needs_response": DisputeState.NEEDS_RESPONSE,
    "under_review": DisputeState.UNDER_REVIEW,
    "warning_under_review": DisputeState.UNDER_REVIEW,
    "appeal_under_review": DisputeState.UNDER_REVIEW,
    "won": DisputeState.WON,
    "lost": DisputeState.LOST,
    "warning_closed": DisputeState.CLOSED,
    "charge_refunded": DisputeState.CLOSED,
    "prevented": DisputeState.CLOSED,
}
_REASONS = {
    "fraudulent": DisputeReason.FRAUD,
    "unrecognized": DisputeReason.FRAUD,
    "product_not_received": DisputeReason.NOT_RECEIVED,
    "product_unacceptable": DisputeReason.NOT_AS_DESCRIBED,
    "credit_not_processed": DisputeReason.REFUND,
    "duplicate": DisputeReason.DUPLICATE,
    "subscription_canceled": DisputeReason.SUBSCRIPTION,
}
# Currencies without decimals that Stripe counts in hundredths all the same.
_HUNDREDTHS = frozenset({"ISK", "UGX"})
_ORDER_NAMES = ("order_number", "order_name", "order_id", "order")


def dispute_of(record: Mapping[str, Any]) -> Dispute:
    """A dispute or an inquiry. Raises KeyError, TypeError or ValueError for what is none."""
    status = str(record["status"])
    state = _STATES.get(status, DisputeState.UNKNOWN)
    card = _part(_part(record, "payment_method_details"), "card")
    evidence = _part(record, "evidence_details")
    charge, intent = _part(record, "charge"), _part(record, "payment_intent")
    test = not record["livemode"]
    saved = bool(evidence.get("has_evidence")) and not evidence.get("submission_count")
    return Dispute(
        platform=PLATFORM,
        platform_id=str(record["id"]),
        kind=_kind(status, _text(card.get("case_type"))),
        state=state,
        reason=_REASONS.get(str(record["reason"]), DisputeReason.GENERAL),
        amount=money(record["amount"], record["currency"]),
        opened_at=_moment(record["created"]),
        state_word=status,
        reason_word=str(record["reason"]),
        network_code=_text(card.get("network_reason_code") or record.get("network_reason_code")),
        network=_text(card.get("network") or card.get("brand")),
        fee=_fee(record.get("balance_transactions")),
        due_at=_due(evidence.get("due_by")),
        evidence_saved=saved and state.is_ours,
        refundable=bool(record.get("is_charge_refundable")),
        outcome_word="" if state.is_open else status,
        order_number=_order_number(record, intent, charge),
        customer_email=_email(charge, intent),
        payment_references=_references(record),
        url=f"{_DASHBOARD}/{'test/' if test else ''}disputes/{record['id']}",
        is_test=test,
    )


def warning_of(record: Mapping[str, Any]) -> Dispute:
    """An early fraud warning; its sum is that of the charge, which has to come with it."""
    charge, intent = _part(record, "charge"), _part(record, "payment_intent")
    actionable, test = bool(record["actionable"]), not record["livemode"]
    references = _references(record)
    left = int(charge["amount"]) - int(charge.get("amount_refunded") or 0)
    return Dispute(
        platform=PLATFORM,
        platform_id=str(record["id"]),
        kind=DisputeKind.ALERT,
        state=DisputeState.NEEDS_DECISION if actionable else DisputeState.CLOSED,
        reason=DisputeReason.FRAUD,
        amount=money(left if left > 0 else charge["amount"], charge["currency"]),
        opened_at=_moment(record["created"]),
        state_word="actionable" if actionable else "not actionable any more",
        reason_word=str(record["fraud_type"]),
        network=_text(_part(_part(charge, "payment_method_details"), "card").get("network")),
        refundable=actionable and not charge.get("refunded"),
        outcome_word="" if actionable else _how_it_ended(charge),
        order_number=_order_number(record, intent, charge),
        customer_email=_email(charge, intent),
        payment_references=references,
        url=f"{_DASHBOARD}/{'test/' if test else ''}payments/{references[0]}",
        is_test=test,
    )


def failed_payment_of(charge: Mapping[str, Any]) -> FailedPayment | None:
    """A charge that did not go through; None for one that did, or that is not decided."""
    if charge.get("status") != "failed":
        return None
    outcome = _part(charge, "outcome")
    code = charge.get("failure_code") or outcome.get("reason") or outcome.get("type")
    return FailedPayment(
        platform=PLATFORM,
        platform_id=str(charge["id"]),
        at=_moment(charge["created"]),
        amount=money(charge["amount"], charge["currency"]),
        code=_text(code),
        customer_email=_email(charge, {}),
    )


def money(amount: object, currency: object) -> Money:
    """An amount as Stripe counts it, in the currency's own smallest unit."""
    if not isinstance(amount, int) or isinstance(amount, bool):
        raise TypeError("an amount is a whole number")
    code = str(currency).upper()
    return Money(amount // 100 if code in _HUNDREDTHS else amount, code)


def _kind(status: str, case_type: str) -> DisputeKind:
    if status.startswith("warning_") or case_type == "inquiry":
        return DisputeKind.INQUIRY
    if case_type.startswith(("pre_arb", "prearb")):
        return DisputeKind.PRE_ARBITRATION
    return DisputeKind.ARBITRATION if case_type.startswith("arb") else DisputeKind.CHARGEBACK


def _due(seconds: object) -> datetime | None:
    """0 and null mean that there is no date, never 1970 (Stripe: evidence_details.due_by)."""
    if not isinstance(seconds, int) or isinstance(seconds, bool) or seconds <= 0:
        return None
    return _moment(seconds) if seconds < _LAST_INSTANT else None


def _moment(seconds: object) -> datetime:
    if not isinstance(seconds, int) or not 0 <= seconds < _LAST_INSTANT:
        raise ValueError("no instant")
    return datetime.fromtimestamp(seconds, UTC)


def _fee(transactions: object) -> Money | None:
    """What Stripe took for it so far; a fee that came back with a won dispute is taken off."""
    if not isinstance(transactions, list):
        return None
    fees = [(int(one["fee"]), str(one["currency"])) for one in transactions if one.get("fee")]
    if not fees or len({currency for _, currency in fees}) > 1:
        return None
    total = money(sum(fee for fee, _ in fees), fees[0][1])
    return total if total.minor > 0 else None


def _part(record: Mapping[str, Any], name: str) -> Mapping[str, Any]:
    """An object inside the record; empty where only its id, or nothing, stands there."""
    found = record.get(name)
    return found if isinstance(found, dict) else {}


def _references(record: Mapping[str, Any]) -> tuple[str, ...]:
    """The names of the payment: its intent's and its charge's, expanded or not."""
    charge = _part(record, "charge")
    named = (
        _id_of(record.get("payment_intent")) or _id_of(charge.get("payment_intent")),
        _id_of(record.get("charge")),
    )
    return tuple(one for one in named if one)


def _id_of(value: object) -> str:
    return _text(value.get("id")) if isinstance(value, dict) else _text(value)


def _email(charge: Mapping[str, Any], intent: Mapping[str, Any]) -> str:
    billing = _part(charge, "billing_details")
    return _text(billing.get("email") or charge.get("receipt_email") or intent.get("receipt_email"))


def _order_number(*records: Mapping[str, Any]) -> str:
    """The order's number as shop programs write it into the payment's metadata."""
    for record in records:
        noted = _part(record, "metadata")
        for name in _ORDER_NAMES:
            if number := _text(noted.get(name)).strip():
                return number
    return ""


def _how_it_ended(charge: Mapping[str, Any]) -> str:
    if charge.get("disputed"):
        return "disputed"
    return "refunded" if charge.get("refunded") else ""


def _text(value: object) -> str:
    return value if isinstance(value, str) else ""
