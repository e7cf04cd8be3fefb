"""When alerts wait, and until when."""

from __future__ import annotations

from datetime import UTC, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest

from app.alerts.quiet import QuietHours, read_hours, spent_until

BERLIN = ZoneInfo("Europe/Berlin")
NIGHT = QuietHours(start=time(22), end=time(7))


@pytest.mark.parametrize(
    ("at", "until"),
    [
        ("2026-11-20T21:59:00", None),
        ("2026-11-20T22:00:00", "2026-11-21T07:00:00"),
        ("2026-11-21T03:00:00", "2026-11-21T07:00:00"),
        ("2026-11-21T07:00:00", None),
        ("2026-10-25T01:30:00", "2026-10-25T07:00:00"),  # the night of 25 hours
        ("2026-03-29T01:30:00", "2026-03-29T07:00:00"),  # the night of 23 hours
    ],
)
def test_an_overnight_quiet_ends_in_the_morning(at, until):
    """By the wall's clock, also in the nights in which it is changed."""
    now = datetime.fromisoformat(at).replace(tzinfo=BERLIN)
    expected = datetime.fromisoformat(until).replace(tzinfo=BERLIN) if until else None
    assert NIGHT.until(now.astimezone(UTC), BERLIN) == expected


def test_a_quiet_that_ended_does_not_begin_again_when_the_hour_comes_twice():
    """Until 2:30; at the second 2:10 of that night it is over, and stays so."""
    early = QuietHours(start=time(22), end=time(2, 30))
    first, second = (datetime(2026, 10, 25, hour, 10, tzinfo=UTC) for hour in (0, 1))
    assert early.until(first, BERLIN) == datetime(2026, 10, 25, 0, 30, tzinfo=UTC)
    assert early.until(second, BERLIN) is None


def test_a_quiet_noon_lies_within_one_day():
    """It begins and ends on the same one."""
    noon = QuietHours(start=time(12), end=time(13, 30))
    at = datetime(2026, 11, 20, 12, 30, tzinfo=UTC)
    assert noon.until(at, UTC) == datetime(2026, 11, 20, 13, 30, tzinfo=UTC)
    assert noon.until(at + timedelta(hours=1), UTC) is None


@pytest.mark.parametrize("written", ["", "  ", "08:00-08:00"])
def test_hours_without_length_are_none(written):
    """Nothing is quiet then."""
    assert read_hours(written) is None


@pytest.mark.parametrize("written", ["22-7", "25:00-07:00", "22:00", "22:60-07:00"])
def test_hours_that_are_none_are_an_error(written):
    """Not a guess."""
    with pytest.raises(ValueError, match="22:00-07:00"):
        read_hours(written)


def test_the_hours_number_is_free_again_when_the_oldest_is_an_hour_old():
    """With three in an hour, the third last decides."""
    now = datetime(2026, 11, 20, 12, 0, tzinfo=UTC)
    shown = [now - timedelta(minutes=minutes) for minutes in (70, 50, 30, 10)]
    assert spent_until(shown, per_hour=3, now=now) == now + timedelta(minutes=10)
    assert spent_until(shown, per_hour=4, now=now) is None
