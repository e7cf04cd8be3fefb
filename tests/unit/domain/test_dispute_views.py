"""When a case is over: decided, closed, or gone at its provider."""

from __future__ import annotations

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
