"""Stripe records: what Stripe writes of disputes, early fraud warnings and failed charges, as ours.

Every word may be one that this version does not know; then it is kept and means "needs a look".
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from app.domain.dispute import (
    Dispute,
    DisputeKind,
    DisputeReason,
    DisputeState,
    FailedPayment,
)
from app.domain.money import Money, exponent
from app.domain.translation import tr
from app.platforms.reading import Broken, minor, moment, rows, table, text, whole

PLATFORM = "stripe"
_DASHBOARD = "https://dashboard.stripe.com"

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
# Where Stripe counts in other parts than ISO 4217: how many decimals its numbers have.
_DECIMALS = {"ISK": 2, "UGX": 2, "MGA": 0}
_ORDER_NAMES = ("order_number", "order_name", "order_id", "order")


def dispute_of(record: Mapping[str, Any]) -> Dispute:
    """A dispute or an inquiry. Raises Broken for what is none."""
    status = text(record.get("status"))
    state = _STATES.get(status, DisputeState.UNKNOWN)
    card = table(table(record.get("payment_method_details")).get("card"))
    evidence = table(record.get("evidence_details"))
    charge, intent = table(record.get("charge")), table(record.get("payment_intent"))
    test = record.get("livemode") is False
    saved = bool(evidence.get("has_evidence")) and not evidence.get("submission_count")
    return Dispute(
        platform=PLATFORM,
        platform_id=_name(record),
        kind=_kind(status, text(card.get("case_type"))),
        state=state,
        reason=_REASONS.get(text(record.get("reason")), DisputeReason.GENERAL),
        amount=money(record.get("amount"), record.get("currency")),
        opened_at=_needed(record.get("created")),
        state_word=status,
        reason_word=text(record.get("reason")),
        network_code=text(card.get("network_reason_code") or record.get("network_reason_code")),
        network=text(card.get("network") or card.get("brand")),
        fee=_fee(record.get("balance_transactions")),
        due_at=moment(evidence.get("due_by")),  # 0 and null: no date, never 1970
        evidence_saved=saved and state.is_ours,
        refundable=bool(record.get("is_charge_refundable")),
        outcome_word="" if state.is_open else status,
        order_number=_order_number(record, intent, charge),
        customer_email=_email(charge, intent),
        payment_references=_references(record),
        url=f"{_DASHBOARD}/{'test/' if test else ''}disputes/{_name(record)}",
        is_test=test,
    )


def warning_of(record: Mapping[str, Any]) -> Dispute:
    """An early fraud warning; its sum is that of the charge, which has to come with it."""
    charge, intent = table(record.get("charge")), table(record.get("payment_intent"))
    actionable, test = bool(record.get("actionable")), record.get("livemode") is False
    references = _references(record)
    left = whole(charge.get("amount")) - whole(charge.get("amount_refunded"))
    return Dispute(
        platform=PLATFORM,
        platform_id=_name(record),
        kind=DisputeKind.ALERT,
        state=DisputeState.NEEDS_DECISION if actionable else DisputeState.CLOSED,
        reason=DisputeReason.FRAUD,
        amount=money(left if left > 0 else charge.get("amount"), charge.get("currency")),
        opened_at=_needed(record.get("created")),
        state_word="actionable" if actionable else "not actionable any more",
        reason_word=text(record.get("fraud_type")),
        network=text(table(table(charge.get("payment_method_details")).get("card")).get("network")),
        refundable=actionable and not charge.get("refunded"),
        outcome_word="" if actionable else _how_it_ended(charge),
        order_number=_order_number(record, intent, charge),
        customer_email=_email(charge, intent),
        payment_references=references,
        url=f"{_DASHBOARD}/{'test/' if test else ''}payments/{references[0]}" if references else "",
        is_test=test,
    )


def failed_payment_of(charge: Mapping[str, Any]) -> FailedPayment | None:
    """A charge that did not go through; None for one that did, that is not decided, or that was
    only rehearsed: nobody is kept from buying by it."""
    if charge.get("status") != "failed" or charge.get("livemode") is False:
        return None
    outcome = table(charge.get("outcome"))
    code = charge.get("failure_code") or outcome.get("reason") or outcome.get("type")
    return FailedPayment(
        platform=PLATFORM,
        platform_id=_name(charge),
        at=_needed(charge.get("created")),
        amount=money(charge.get("amount"), charge.get("currency")),
        code=text(code),
        customer_email=_email(charge, {}),
    )


def money(amount: object, currency: object) -> Money:
    """An amount as Stripe counts it, in its own smallest unit of the currency. Raises Broken."""
    told = minor(amount, currency)
    known = exponent(told.currency)
    decimals = _DECIMALS.get(told.currency, known)
    return Money(told.minor * 10**known // 10**decimals, told.currency)


def _name(record: Mapping[str, Any]) -> str:
    name = text(record.get("id"))
    if not name:
        raise Broken(tr("it has no id"))
    return name


def _kind(status: str, case_type: str) -> DisputeKind:
    if status.startswith("warning_") or case_type == "inquiry":
        return DisputeKind.INQUIRY
    if case_type.startswith(("pre_arb", "prearb")):
        return DisputeKind.PRE_ARBITRATION
    return DisputeKind.ARBITRATION if case_type.startswith("arb") else DisputeKind.CHARGEBACK


def _needed(seconds: object) -> datetime:
    at = moment(seconds)
    if at is None:
        raise Broken(tr("it has no date"))
    return at


def _fee(transactions: object) -> Money | None:
    """What Stripe took for it so far; a fee that came back with a won dispute is taken off."""
    fees = [
        (whole(one.get("fee")), text(one.get("currency")))
        for one in rows(transactions)
        if one.get("fee")
    ]
    if not fees or len({currency for _, currency in fees}) > 1:
        return None
    total = money(sum(fee for fee, _ in fees), fees[0][1])
    return total if total.minor > 0 else None


def _references(record: Mapping[str, Any]) -> tuple[str, ...]:
    """The names of the payment: its intent's and its charge's, expanded or not."""
    charge = table(record.get("charge"))
    named = (
        _id_of(record.get("payment_intent")) or _id_of(charge.get("payment_intent")),
        _id_of(record.get("charge")),
    )
    return tuple(one for one in named if one)


def _id_of(value: object) -> str:
    return text(value.get("id")) if isinstance(value, dict) else text(value)


def _email(charge: Mapping[str, Any], intent: Mapping[str, Any]) -> str:
    billing = table(charge.get("billing_details"))
    return text(billing.get("email") or charge.get("receipt_email") or intent.get("receipt_email"))


def _order_number(*records: Mapping[str, Any]) -> str:
    """The order's number as shop programs write it into the payment's metadata."""
    for record in records:
        noted = table(record.get("metadata"))
        for name in _ORDER_NAMES:
            if number := text(noted.get(name)).strip():
                return number
    return ""


def _how_it_ended(charge: Mapping[str, Any]) -> str:
    if charge.get("disputed"):
        return "disputed"
    return "refunded" if charge.get("refunded") else ""
