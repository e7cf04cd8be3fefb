"""Instants are written in RFC 3339 and come back as they were."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta, timezone

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.domain.clock import OutOfCalendar, SystemClock, instant, rfc3339
from tests.support.zones import machine_in, needs_moving

zones = st.integers(min_value=-840, max_value=840).map(lambda m: timezone(timedelta(minutes=m)))
since_1970 = st.integers(min_value=0, max_value=2**52).map(lambda n: timedelta(microseconds=n))


@given(since_1970, zones)
def test_an_instant_survives_the_way_through_its_text(since: timedelta, zone: timezone) -> None:
    at = (datetime(1970, 1, 1, tzinfo=UTC) + since).astimezone(zone)
    written = rfc3339(at)
    assert written.endswith("Z")
    assert instant(written) == at
    assert instant(written).tzinfo is UTC


def test_whole_seconds_are_written_without_a_fraction() -> None:
    assert rfc3339(datetime(2026, 11, 21, 9, 30, tzinfo=UTC)) == "2026-11-21T09:30:00Z"


def test_the_system_clock_is_aware() -> None:
    assert SystemClock().now().utcoffset() == timedelta(0)


@pytest.mark.parametrize("text", ["0001-01-01T00:00:00+14:00", "9999-12-31T23:59:59-02:00"])
def test_an_instant_whose_zone_leads_out_of_the_calendar_is_a_value_error(text: str) -> None:
    """As any other text that names none: who asks has one door to watch."""
    with pytest.raises(ValueError, match="calendar") as caught:
        instant(text)
    assert caught.type is OutOfCalendar


@needs_moving
@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("1960-07-01T12:00", "1960-07-01T11:00:00Z"),
        ("2026-07-01T12:00", "2026-07-01T10:00:00Z"),
        ("2026-10-25T02:30", "2026-10-25T00:30:00Z"),
        ("2026-03-29T02:30", "2026-03-29T01:30:00Z"),
    ],
)
def test_an_instant_without_a_zone_is_one_of_the_clock_on_the_wall(text: str, said: str) -> None:
    """Of years before 1970 too, which Windows itself cannot reckon with."""
    with machine_in("Europe/Berlin"):
        assert rfc3339(instant(text)) == said


def test_where_a_text_names_no_zone_the_given_one_is_meant_else_its_own() -> None:
    east = timezone(timedelta(hours=2))
    nine = datetime(2026, 11, 21, 9, 0, tzinfo=UTC)
    assert instant("2026-11-21T11:00:00", without_zone=east) == nine
    assert instant("2026-11-21t09:00:00z", without_zone=east) == nine
    assert instant("2026-11-21T10:00:00+01:00", without_zone=east) == nine
