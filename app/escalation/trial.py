"""Trial: a ladder climbed from a chosen moment on, without telling anybody; pure."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime

from app.escalation.calendar import Calendar
from app.escalation.ladder import EscalationPolicy, Hour, Rung, advance, begin, hour_of

_MOST = 120  # rungs; the longest ladder that can be written is not much longer to look at


def climbed(
    policy: EscalationPolicy, start: datetime, calendar: Calendar
) -> Iterator[tuple[datetime, Hour, Rung]]:
    """Each rung with the instant at which it is done, and what sort of hour it is then."""
    climb = begin(policy, start, calendar)
    for _ in range(_MOST):
        at = climb.next_at
        if at is None:
            return
        climb, rung = advance(climb, at, calendar)
        if rung is not None:
            yield at, hour_of(at, calendar), rung
