"""Working time between two instants, quickly: the same as span by span."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from hypothesis import given, settings
from hypothesis import strategies as st

from app.escalation.calendar import due, elapsed
from app.escalation.given import GivenCalendar, calendar_of
from app.escalation.working_time import WorkingTime

OFFICE = calendar_of(
    GivenCalendar(
        tz="America/New_York",
        hours={"0": [("09:00", "12:00"), ("13:00", "17:00")], "4": [("22:00", "06:00")]},
        holidays=["2026-11-23"],
    )
)
instants = st.builds(
    lambda minutes: datetime(2026, 1, 1, tzinfo=UTC) + timedelta(minutes=minutes),
    st.integers(-400 * 24 * 60, 400 * 24 * 60),
)


@settings(max_examples=40, deadline=None)
@given(st.lists(st.tuples(instants, instants), min_size=1, max_size=4))
def test_it_is_what_counting_span_by_span_gives_in_whatever_order_it_is_asked(pairs) -> None:
    worked = WorkingTime(OFFICE)
    for start, end in pairs:
        assert worked(start, end) == elapsed(OFFICE, start, end)


@settings(max_examples=40, deadline=None)
@given(st.lists(st.tuples(instants, st.integers(1, 5_000)), min_size=1, max_size=4))
def test_it_is_due_when_the_calendar_says_in_whatever_order_it_is_asked(asked) -> None:
    worked = WorkingTime(OFFICE)
    for start, minutes in asked:
        assert worked.due(start, timedelta(minutes=minutes)) == due(OFFICE, start, minutes).at


@settings(max_examples=40, deadline=None)
@given(st.lists(instants, min_size=1, max_size=4))
def test_it_opens_at_the_begin_of_the_next_span_or_is_open(asked) -> None:
    worked = WorkingTime(OFFICE)
    for at in asked:
        assert worked.opening(at) == next(OFFICE.spans(at)).begin
