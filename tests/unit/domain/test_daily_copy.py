"""When a regular copy is due and which stay, over days, summer time and clocks that are wrong."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from app.domain.daily_copy import Copy, is_due, newest, to_keep

BERLIN = ZoneInfo("Europe/Berlin")
NOON = datetime(2026, 11, 20, 12, 0, tzinfo=UTC)
LONG = timedelta(hours=3)


def a_copy(at: datetime) -> Copy:
    return Copy(file=Path(f"{at:%Y%m%dT%H%M%SZ}.db"), made_at=at, size=1)


def due(now: datetime, *made: datetime, working_for: timedelta = LONG) -> bool:
    copies = [a_copy(one) for one in made]
    return is_due(copies, now=now, zone=BERLIN, working_for=working_for)


def test_each_day_has_one_and_only_one():
    assert due(NOON)
    assert not due(NOON, NOON - timedelta(hours=3))
    assert due(NOON, NOON - timedelta(hours=20))


def test_one_at_ten_at_night_is_not_followed_by_one_at_midnight():
    night = datetime(2026, 11, 20, 21, 0, tzinfo=UTC)
    assert not due(night + timedelta(hours=3), night)
    assert due(night + timedelta(hours=12), night)


def test_the_first_minutes_after_a_start_are_for_mail_and_clicks():
    """Only who has none of this day's length waits for one minute instead of five."""
    yesterday, last_week = NOON - timedelta(hours=14), NOON - timedelta(days=6)
    for minutes, fresh, old in ((0, False, False), (2, False, True), (6, True, True)):
        working = timedelta(minutes=minutes)
        assert due(NOON, yesterday, working_for=working) is fresh
        assert due(NOON, last_week, working_for=working) is old


@pytest.mark.parametrize("changes", [datetime(2026, 3, 29), datetime(2026, 10, 25)])  # noqa: DTZ001
def test_a_day_of_23_or_25_hours_has_its_one_copy(changes):
    """An always-on engine that looks every ten minutes makes one on each day of the calendar."""
    at = changes.replace(tzinfo=UTC) - timedelta(days=3)
    made: list[datetime] = []
    for _ in range(7 * 144):
        at += timedelta(minutes=10)
        if due(at, *made):
            made.append(at)
    days = [one.astimezone(BERLIN).date() for one in made]
    assert len(days) == len(set(days))
    assert (days[-1] - days[0]).days == len(days) - 1


def test_a_copy_from_a_clock_that_was_ahead_keeps_no_other_from_being_made():
    ahead = NOON + timedelta(days=400)
    assert due(NOON, ahead)
    assert newest([a_copy(ahead)], now=NOON) is None
    assert not due(NOON + timedelta(hours=1), ahead, NOON)
    made = a_copy(NOON)
    assert to_keep([a_copy(ahead), made], made=made, zone=BERLIN) == {a_copy(ahead), made}
    next_ = a_copy(NOON + timedelta(days=1))
    assert to_keep([a_copy(ahead), made, next_], made=next_, zone=BERLIN) == {made, next_}


def test_a_clock_that_was_set_back_keeps_no_copy_from_being_made_and_takes_not_all_away():
    """A laptop whose battery died wakes in 2020: what it makes there is the newest all the same."""
    true = [a_copy(NOON - timedelta(days=days)) for days in (0, 3, 9)]
    back = datetime(2020, 1, 1, tzinfo=UTC)
    assert due(back, *(one.made_at for one in true))
    made = a_copy(back)
    kept = to_keep([*true, made], made=made, zone=BERLIN)
    assert made in kept
    assert len(kept) == 2
    again = a_copy(NOON + timedelta(days=1))
    assert again in to_keep([*kept, again], made=again, zone=BERLIN)


def test_three_stay_and_from_the_second_week_on_one_of_them_is_a_week_to_two_weeks_old():
    kept: frozenset[Copy] = frozenset()
    for day in range(60):
        made = a_copy(NOON + timedelta(days=day))
        kept = to_keep([*kept, made], made=made, zone=BERLIN)
        ages = sorted((made.made_at - one.made_at).days for one in kept)
        assert ages[0] == 0
        assert len(kept) <= 3
        assert day < 7 or any(7 <= age < 14 for age in ages)


def test_after_a_month_away_the_last_two_from_before_stay_beside_the_new_one():
    before = [a_copy(NOON - timedelta(days=days)) for days in (30, 34, 41)]
    made = a_copy(NOON)
    kept = to_keep([*before, made], made=made, zone=BERLIN)
    assert kept == {made, before[0]}
