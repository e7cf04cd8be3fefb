"""A case: when it is over, until when it waits for us, and where it stands in a list."""

from __future__ import annotations

from dataclasses import replace
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


def test_of_two_providers_that_tell_of_one_dispute_the_nearer_date_counts():
    near, far = a_dispute(due_at=TODAY + timedelta(days=2)), a_dispute()
    sources = [replace(a_row().sources[0], dispute=one) for one in (far, near)]
    row = replace(a_row(), sources=tuple(sources))
    assert row.due_at == TODAY + timedelta(days=2)
    assert row.internal_due_at == TODAY + timedelta(days=1, hours=18)
    decided = replace(sources[1], dispute=replace(near, state=DisputeState.WON))
    assert replace(row, sources=(sources[0], decided)).due_at == far.due_at


def test_what_is_gone_at_its_provider_waits_for_nobody_and_has_no_date_to_verify():
    assert a_row(due_at=None).must_verify
    assert not a_row(due_at=None, deleted_at=TODAY).must_verify
    assert a_row(deleted_at=TODAY).left(TODAY) is None


def test_a_list_begins_with_what_waits_longest_past_its_date_and_ends_with_what_is_decided():
    days = [timedelta(days=number) for number in range(4)]
    unknown = a_row(due_at=None)
    late, later = a_row(due_at=TODAY - days[1]), a_row(due_at=TODAY + days[1])
    newer = a_row(state=DisputeState.UNDER_REVIEW, opened_at=TODAY)
    older = a_row(state=DisputeState.UNDER_REVIEW, opened_at=TODAY - days[3])
    decided = a_row(state=DisputeState.LOST, opened_at=TODAY)
    wanted = [unknown, late, later, newer, older, decided]
    assert sorted(reversed(wanted), key=sort_key) == wanted
