"""Instants are written in RFC 3339 and come back as they were."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta, timezone

from hypothesis import given
from hypothesis import strategies as st

from app.domain.clock import SystemClock, instant, rfc3339

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
