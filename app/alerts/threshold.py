"""Threshold: what is urgent enough to ring, as its owner chose."""

from __future__ import annotations

from enum import StrEnum

from app.domain.assessment import Priority, Severity


class RingFor(StrEnum):
    """CRITICAL: only what is critical. URGENT: what cannot wait, as it was judged. HIGH: that, and
    whatever is of high severity."""

    CRITICAL = "critical"
    URGENT = "urgent"
    HIGH = "high"


def is_urgent(
    ring_for: RingFor, *, wants_alert: bool, priority: Priority, severity: Severity
) -> bool:
    """Whether it deserves a tap; `wants_alert` is what the assessment of the mail said."""
    if ring_for is RingFor.CRITICAL:
        return severity is Severity.CRITICAL
    cannot_wait = wants_alert or priority is Priority.P1
    grave = severity.rank >= Severity.HIGH.rank
    return cannot_wait or (ring_for is RingFor.HIGH and grave)
