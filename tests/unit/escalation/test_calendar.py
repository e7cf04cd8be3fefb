"""Working time: the facts that others get wrong, and every minute counted by brute force."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from app.domain.clock import instant
from app.domain.errors import KnownError
from app.escalation.calendar import Calendar, NeverOpen, due, elapsed
from app.escalation.given import GivenCalendar, calendar_of
from app.escalation.spans import FOREVER, Span

BERLIN = "Europe/Berlin"
DAY_SHIFT = {str(day): [("09:00", "17:00")] for day in range(5)}


def a_calendar(hours: dict[str, list[tuple[str, str]]] | None = None, **more) -> Calendar:
    given = {"tz": BERLIN, "hours": DAY_SHIFT if hours is None else hours, **more}
    return calendar_of(GivenCalendar(**given))


def due_at(start: str, minutes: float, calendar: Calendar | None = None, *pauses: Span) -> str:
    """When it is due, as the clock in Berlin shows it."""
    found = due(calendar or a_calendar(), instant(start), minutes, pauses).at
    assert found is not None
    return found.astimezone((calendar or a_calendar()).zone).strftime("%a %m-%d %H:%M:%S")


def a_pause(begin: str, end: str = "") -> Span:
    return Span(instant(begin), instant(end) if end else FOREVER)


def test_half_a_minute_before_closing_is_not_rounded_away() -> None:
    assert due_at("2026-11-23T16:59:30+01:00", 1) == "Tue 11-24 09:00:30"


def test_what_ends_exactly_at_closing_is_due_then() -> None:
    assert due_at("2026-11-23T16:00:00+01:00", 60) == "Mon 11-23 17:00:00"


def test_what_comes_in_at_night_and_on_a_weekend_counts_from_the_next_opening() -> None:
    assert due_at("2026-11-20T22:00:00+01:00", 30) == "Mon 11-23 09:30:00"


def test_a_lunch_break_is_no_working_time() -> None:
    split = a_calendar({"0": [("09:00", "12:00"), ("13:00", "17:00")]})
    assert due_at("2026-11-23T11:30:00+01:00", 60, split) == "Mon 11-23 13:30:00"


def test_hours_over_midnight_belong_to_the_day_on_which_they_begin() -> None:
    night = a_calendar({"4": [("22:00", "06:00")]})
    assert due_at("2026-11-21T05:30:00+01:00", 60, night) == "Fri 11-27 22:30:00"


def test_the_same_time_twice_is_a_whole_day() -> None:
    whole = a_calendar({"0": [("06:00", "06:00")]})
    assert elapsed(whole, instant("2026-11-23T00:00Z"), instant("2026-11-26T00:00Z")) == timedelta(
        hours=24
    )


def test_a_closure_of_forty_days_is_waited_for() -> None:
    closed = [str(date(2026, 11, 24) + timedelta(days=n)) for n in range(40)]
    assert due_at("2026-11-23T16:30:00+01:00", 60, a_calendar(holidays=closed)) == (
        "Mon 01-04 09:30:00"
    )


def test_a_day_of_its_own_hours_is_open_though_it_is_a_holiday() -> None:
    hours = {"2026-12-24": [("10:00", "12:00")]}
    special = a_calendar(holidays=["2026-12-24"], exceptions=hours)
    assert due_at("2026-12-23T17:00:00+01:00", 60, special) == "Thu 12-24 11:00:00"


@pytest.mark.parametrize(("night", "hours"), [("2026-03-28", 7), ("2026-10-24", 9)])
def test_a_night_on_which_the_clock_is_changed_is_as_long_as_it_is(night: str, hours: int) -> None:
    """Case 118: an hour less in spring, an hour more in autumn."""
    shift = a_calendar({"5": [("22:00", "06:00")]})
    begin = instant(f"{night}T00:00:00Z")
    assert elapsed(shift, begin, begin + timedelta(days=3)) == timedelta(hours=hours)


def test_a_calendar_that_never_opens_is_an_error_and_no_silence() -> None:
    with pytest.raises(NeverOpen, match="never opens"):
        due(a_calendar({}), instant("2026-11-23T09:00:00Z"), 60)


def test_waiting_for_somebody_else_does_not_count_and_may_span_nights() -> None:
    pause = a_pause("2026-11-23T16:30:00+01:00", "2026-11-25T09:15:00+01:00")
    assert due_at("2026-11-23T16:00:00+01:00", 60, None, pause) == "Wed 11-25 09:45:00"


def test_pauses_that_overlap_count_once() -> None:
    one = a_pause("2026-11-23T10:00:00+01:00", "2026-11-23T12:00:00+01:00")
    other = a_pause("2026-11-23T11:00:00+01:00", "2026-11-23T13:00:00+01:00")
    assert due_at("2026-11-23T09:30:00+01:00", 60, None, one, other) == "Mon 11-23 13:30:00"


def test_while_a_pause_has_no_end_nothing_is_due() -> None:
    found = due(a_calendar(), instant("2026-11-23T09:00Z"), 60, [a_pause("2026-11-23T08:30Z")])
    assert found.at is None
    assert "waits" in found.timeline[-1]


def test_where_no_time_is_promised_nothing_is_due() -> None:
    assert due(a_calendar(), instant("2026-11-23T09:00Z"), 0).at is None


def test_every_step_to_the_instant_is_told() -> None:
    found = due(a_calendar(), instant("2026-11-23T16:00:00+01:00"), 90)
    assert found.timeline == (
        "1 h 30 min of working time, counted from Mon 23 Nov 2026 16:00.",
        "Mon 23 Nov 2026 16:00 to 17:00: 1 h, 30 min left.",
        "Mon 23 Nov 2026 17:00 to Tue 24 Nov 2026 09:00: closed.",
        "Tue 24 Nov 2026 09:00 to 09:30: 30 min, used up.",
        "So it is due Tue 24 Nov 2026 09:30.",
    )


@pytest.mark.parametrize(
    ("more", "said"),
    [
        ({"tz": "Europe/Atlantis"}, "time zone"),
        ({"hours": {"7": []}}, "weekday"),
        ({"hours": {"0": [("9", "17:00")]}}, "time of the day"),
        ({"hours": {"0": [("09:00", "24:30")]}}, "time of the day"),
        ({"holidays": ["24.12.2026"]}, "date"),
    ],
)
def test_what_cannot_be_understood_is_named(more: dict[str, Any], said: str) -> None:
    with pytest.raises(KnownError, match=said):
        calendar_of(GivenCalendar(**{"tz": BERLIN, "hours": DAY_SHIFT, **more}))


clocks = st.builds("{:02}:{:02}".format, st.integers(0, 23), st.sampled_from((0, 15, 30, 59)))
weeks = st.dictionaries(
    st.sampled_from("0123456"), st.lists(st.tuples(clocks, clocks), max_size=2), min_size=1
)
begins = st.builds(
    lambda minutes: datetime(2026, 1, 1, tzinfo=UTC) + timedelta(minutes=minutes),
    st.integers(0, 330 * 24 * 60),
)
zones = st.sampled_from((BERLIN, "America/New_York", "Australia/Lord_Howe", "Asia/Kolkata"))


def wall_says_open(calendar: Calendar, at: datetime) -> bool:
    wall = at.astimezone(calendar.zone).replace(tzinfo=None)
    days = (wall.date() - timedelta(days=1), wall.date())
    hours = (one.on(day) for day in days for one in calendar.hours_of(day))
    return any(begin <= wall < end for begin, end in hours)


def minutes_counted(
    calendar: Calendar, start: datetime, minutes: int, pauses: list[Span]
) -> datetime:
    """Minute by minute, as nobody would do it outside of a test."""
    at, left = start, minutes
    while left:
        paused = any(one.begin <= at < one.end for one in pauses)
        open_ = wall_says_open(calendar, at) and not paused
        left -= open_
        at += timedelta(minutes=1)
    return at


# From so many minutes after the start, for so many: in any order, one in another, also backwards.
several = st.lists(st.tuples(st.integers(-300, 900), st.integers(-60, 900)), max_size=4)


@settings(max_examples=60, deadline=None)
@given(weeks, zones, begins, st.integers(1, 900), several)
def test_it_is_the_minute_that_counting_every_minute_finds(
    week, zone, start, minutes, paused
) -> None:
    calendar = calendar_of(GivenCalendar(tz=zone, hours=week))
    minute = timedelta(minutes=1)
    pauses = [
        Span(start + after * minute, start + (after + long) * minute) for after, long in paused
    ]
    try:
        found = due(calendar, start, minutes, pauses).at
    except NeverOpen:
        assume(False)
    assert found is not None
    assert found == minutes_counted(calendar, start, minutes, pauses)
    assert elapsed(calendar, start, found, pauses) == timedelta(minutes=minutes)
