"""Builders of disputes: each makes one believable value, and a test names what matters."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

from app.domain.dispute import (
    Dispute,
    DisputeKind,
    DisputeReason,
    DisputeState,
    FailedPayment,
)
from app.domain.money import Money

TODAY = datetime(2026, 11, 20, 12, 0, tzinfo=UTC)


def a_dispute(platform_id: str = "dp_1001", **given: Any) -> Dispute:
    """A chargeback over a parcel that never came, with a week left for an answer."""
    plain = Dispute(
        platform="stripe",
        platform_id=platform_id,
        kind=DisputeKind.CHARGEBACK,
        state=DisputeState.NEEDS_RESPONSE,
        reason=DisputeReason.NOT_RECEIVED,
        amount=Money(18_400, "USD"),
        opened_at=TODAY - timedelta(hours=1),
        state_word="needs_response",
        reason_word="product_not_received",
        due_at=TODAY + timedelta(days=7),
        payment_references=("pi_1001", "ch_1001"),
    )
    return replace(plain, **given)


def a_warning(platform_id: str = "issfr_1001", **given: Any) -> Dispute:
    """A bank's early warning about a payment that nobody has disputed yet."""
    return a_dispute(
        platform_id,
        **{
            "kind": DisputeKind.ALERT,
            "reason": DisputeReason.FRAUD,
            "reason_word": "unauthorized_use_of_card",
            "state_word": "actionable",
            "due_at": None,
            "refundable": True,
            **given,
        },
    )


def a_failed_payment(number: int, at: datetime, **given: Any) -> FailedPayment:
    """A payment that was declined, each of another buyer."""
    plain = FailedPayment(
        platform="stripe",
        platform_id=f"ch_failed_{number}",
        at=at,
        amount=Money(4_900, "USD"),
        code="processing_error",
        customer_email=f"buyer{number}@customer.example",
    )
    return replace(plain, **given)
