"""Deadlines: the promise of a first answer, how it came about, and whether it was kept.

Pure: every instant comes in, nothing is remembered. All hours count, day and night; the shop's
working time is not part of the promise, and the explanation says so.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime

from app.domain.assessment import Priority, Severity
from app.domain.deadline import Deadline, Metric
from app.escalation.rules import SlaRules, said


def promise(
    *, priority: Priority, severity: Severity, since: datetime, rules: SlaRules
) -> Deadline:
    """The first answer that is owed to somebody who wrote at `since`, line by line."""
    target = rules.first_response[priority]
    planned_at = since + target
    return Deadline(
        metric=Metric.FIRST_RESPONSE,
        planned_at=planned_at,
        explanation=(
            f"{priority}, {severity}: a first answer is promised within {said(target)}.",
            f"It counts from {_exact(since)}, when they wrote.",
            "All hours count, day and night.",
            f"So it is due {_exact(planned_at)}.",
        ),
    )


def met(deadline: Deadline, at: datetime) -> Deadline:
    """The promise, kept by an answer at `at`; late if that is after the planned instant.

    The first answer counts: a promise that was met stays met as it was.
    """
    if deadline.met_at is not None:
        return deadline
    late = at > deadline.planned_at
    return replace(deadline, met_at=at, breached_at=deadline.planned_at if late else None)


def breach(deadline: Deadline, now: datetime) -> Deadline:
    """The promise, marked as broken if its instant has passed without an answer.

    `breached_at` is the planned instant, not the one at which somebody looked.
    """
    if not deadline.is_open or deadline.breached_at is not None or now <= deadline.planned_at:
        return deadline
    return replace(deadline, breached_at=deadline.planned_at)


def _exact(at: datetime) -> str:
    return f"{at.astimezone(UTC):%Y-%m-%d %H:%M} UTC"
