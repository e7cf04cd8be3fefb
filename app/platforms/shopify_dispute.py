"""Shopify dispute: what Shopify Payments says of a dispute, as the domain's words.

Its words are open: what this version does not know needs a look, and is never taken for settled.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime, time, timedelta, tzinfo
from typing import Any

from app.domain.dispute import Dispute, DisputeKind, DisputeReason, DisputeState
from app.domain.translation import tr
from app.platforms.reading import Broken, moment, money, table, text
from app.platforms.shopify_order import PLATFORM

_STATES = {
    "NEEDS_RESPONSE": DisputeState.NEEDS_RESPONSE,
    "UNDER_REVIEW": DisputeState.UNDER_REVIEW,
    "WON": DisputeState.WON,
    "LOST": DisputeState.LOST,
    "ACCEPTED": DisputeState.CLOSED,
    "CHARGE_REFUNDED": DisputeState.CLOSED,
    "PREVENTED": DisputeState.CLOSED,
}
_REASONS = {
    "FRAUDULENT": DisputeReason.FRAUD,
    "UNRECOGNIZED": DisputeReason.FRAUD,
    "PRODUCT_NOT_RECEIVED": DisputeReason.NOT_RECEIVED,
    "PRODUCT_UNACCEPTABLE": DisputeReason.NOT_AS_DESCRIBED,
    "CREDIT_NOT_PROCESSED": DisputeReason.REFUND,
    "DUPLICATE": DisputeReason.DUPLICATE,
    "SUBSCRIPTION_CANCELLED": DisputeReason.SUBSCRIPTION,
}


def read_dispute(row: Mapping[str, Any], *, admin: str, zone: tzinfo) -> Dispute:
    """The dispute that a row tells; `zone` is the shop's, for a deadline that is only a day.

    Raises Broken.
    """
    number, opened_at = text(row.get("legacyResourceId")), moment(row.get("initiatedAt"))
    if not number or opened_at is None:
        raise Broken(tr("it has no number or no date"))
    amount, reason = table(row.get("amount")), table(row.get("reasonDetails"))
    order = table(row.get("order"))
    state, word = text(row.get("status")), text(reason.get("reason"))
    order_id = text(order.get("legacyResourceId"))
    is_inquiry = text(row.get("type")) == "INQUIRY"
    return Dispute(
        platform=PLATFORM,
        platform_id=number,
        kind=DisputeKind.INQUIRY if is_inquiry else DisputeKind.CHARGEBACK,
        state=_STATES.get(state, DisputeState.UNKNOWN),
        reason=_REASONS.get(word, DisputeReason.GENERAL),
        amount=money(amount.get("amount"), amount.get("currencyCode")),
        opened_at=opened_at,
        state_word=state.lower(),
        reason_word=word.lower(),
        network_code=text(reason.get("networkReasonCode")),
        due_at=due(row.get("evidenceDueBy"), zone=zone),
        submitted_at=moment(row.get("evidenceSentOn")),
        closed_at=moment(row.get("finalizedOn")),
        order_number=text(order.get("name")).lstrip("#"),
        order_platform_id=order_id,
        customer_email=text(order.get("email")),
        url=f"{admin}/orders/{order_id}" if order_id else f"{admin}/payments/dispute_evidences",
    )


def due(value: object, *, zone: tzinfo) -> datetime | None:
    """The last instant for an answer. A day without a time, as older versions of the API told it,
    ends at its midnight in the shop's zone; None where there is no date."""
    told = text(value)
    if len(told) != len("2026-11-30"):
        return moment(told)
    try:
        day = date.fromisoformat(told)
    except ValueError:
        return None
    end = datetime.combine(day, time(), zone) + timedelta(days=1) - timedelta(minutes=1)
    return moment(end.isoformat())
