"""When a case is over: decided, closed, or gone at its provider."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from app.domain.dispute import DisputeState
from app.domain.dispute_views import DisputeRow, DisputeSource, sort_key
from tests.support.disputes import TODAY, a_dispute


def a_row(**given: Any) -> DisputeRow:
    source = DisputeSource(
        dispute=a_dispute(**given), account="Money", first_seen_at=TODAY, last_seen_at=TODAY
    )
    return DisputeRow(id=1, sources=(source,))


def test_what_is_gone_at_its_provider_is_over_for_window_and_command_line_alike():
    assert not a_row().is_over
    assert a_row(deleted_at=TODAY).is_over
    assert a_row(state=DisputeState.LOST).is_over
    assert not a_row(state=DisputeState.UNDER_REVIEW).is_over


def test_a_rehearsal_without_a_date_stands_below_what_is_real():
    real, rehearsed = a_row(), a_row(is_test=True, due_at=None)
    reviewed = a_row(state=DisputeState.UNDER_REVIEW)
    ordered = sorted([reviewed, rehearsed, real], key=sort_key)
    assert ordered == [real, rehearsed, reviewed]


def test_what_was_decided_last_stands_first_among_what_is_over():
    """Whoever looks there wants to know how the newest one ended, however long ago it began."""
    lost = {"state": DisputeState.LOST, "opened_at": TODAY - timedelta(days=1)}
    early = a_row(**lost, closed_at=TODAY - timedelta(days=9))
    late = a_row(state=DisputeState.WON, closed_at=TODAY, opened_at=TODAY - timedelta(days=60))
    unknown = a_row(**lost, updated_at=None)
    assert sorted([unknown, early, late], key=sort_key) == [late, early, unknown]
