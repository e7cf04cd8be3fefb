"""Cases for the pages of disputes: one for each way a dispute can stand."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from app.domain.dispute import Dispute, DisputeKind, DisputeReason, DisputeState
from app.domain.dispute_views import DisputeRow, DisputeSource, DisputeStep, sort_key
from app.domain.money import Money
from tests.support.disputes import a_dispute, a_warning

FIGURES = {
    "fees": [{"platform": "stripe", "currency": "USD", "minor": 1_500, "source": "x"}],
    "thresholds": [{"ratio": 0.0065, "name": "where processors ask", "from": 0, "source": "x"}],
}
EVIDENCE: dict[str, Any] = {
    "dispute": "dp_soon",
    "reason": "not_received",
    "advice": "Show that the parcel was delivered, and where.",
    "items": [
        {
            "id": "delivery", "title": "Delivery", "why": "It decides most of these.",
            "needed": True, "have": "missing", "said": "No delivery yet.",
            "source": "https://x.example", "files": [],
        },
        {
            "id": "signature", "title": "Signature", "why": "Carriers give it out.",
            "needed": False, "have": "found", "said": "You added sign.png.",
            "source": "https://x.example", "files": ["sign.png"],
        },
    ],
    "limits": {"said": "Stripe takes 4.5 MB.", "source": "https://x.example"},
    "policies": "/p",
    "enclosed": ["photo.png"],
}  # fmt: skip
WRITTEN = {
    "path": "/home/jo/dispute.pdf", "dispute": "dp_soon", "pages": 8, "bytes": 1_400_000,
    "pdf_a": None, "left_out": ["locked.pdf is locked."], "remarks": ["Missing: Delivery."],
    "too_much": [], "submitted": False, "note": "Nothing was submitted. Read it, then upload it.",
}  # fmt: skip


def a_row(number: int, dispute: Dispute, at: datetime, **given: Any) -> DisputeRow:
    step = DisputeStep(at=at, kind=dispute.kind, state=dispute.state, word=dispute.state_word)
    source = DisputeSource(
        dispute=dispute, account="Money", first_seen_at=at, last_seen_at=at, life=(step,)
    )
    plain: dict[str, Any] = {
        "issue_key": f"i1_{number}", "order_number": "OW-1", "customer": "Ines Ito"
    }  # fmt: skip
    return DisputeRow(id=number, sources=(source,), **{**plain, **given})


def every_kind(now: datetime) -> tuple[DisputeRow, ...]:
    """Soon due, saved as a draft, under review, without a date, a warning, won and lost."""
    week = now - timedelta(days=7)
    cases = (
        a_dispute("dp_soon", due_at=now + timedelta(hours=31), url="https://stripe.example/d"),
        a_dispute(
            "dp_saved", platform="paypal", kind=DisputeKind.INQUIRY, amount=Money(6_100, "EUR"),
            reason=DisputeReason.NOT_AS_DESCRIBED, due_at=now + timedelta(days=6),
            evidence_saved=True,
        ),
        a_dispute("dp_review", state=DisputeState.UNDER_REVIEW, submitted_at=week),
        a_dispute("dp_dateless", due_at=None),
        a_warning("w_1", amount=Money(9_900, "USD")),
        a_dispute("dp_won", state=DisputeState.WON, closed_at=week),
        a_dispute("dp_lost", state=DisputeState.LOST, closed_at=week),
    )  # fmt: skip
    rows = (a_row(number, one, week) for number, one in enumerate(cases, start=1))
    return tuple(sorted(rows, key=sort_key))
