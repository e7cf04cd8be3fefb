"""Who is on call, who stands in, and when nobody is."""

from __future__ import annotations

from datetime import date, time, timedelta
from zoneinfo import ZoneInfo

import pytest

from app.domain.clock import instant
from app.escalation.given import GivenCalendar, calendar_of
from app.escalation.roster import Replacement, Roster, Rotation
from app.escalation.spans import Span

BERLIN = ZoneInfo("Europe/Berlin")
WEEKLY = Rotation(members=("Ada", "Ben"), starts=date(2026, 3, 23), handoff=time(9))


def a_roster(rotation: Rotation | None = WEEKLY, **hours) -> Roster:
    calendars = {
        name: calendar_of(GivenCalendar(tz="Europe/Berlin", hours=given))
        for name, given in hours.items()
    }
    return Roster(zone=BERLIN, contacts=("Ada", "Ben", "Cy"), hours=calendars, rotation=rotation)


@pytest.mark.parametrize(
    ("at", "who"),
    [
        ("2026-03-23T08:59:59+01:00", ()),
        ("2026-03-23T09:00:00+01:00", ("Ada",)),
        ("2026-03-30T08:59:59+02:00", ("Ada",)),  # the clock was changed on the 29th
        ("2026-03-30T09:00:00+02:00", ("Ben",)),
        ("2026-04-06T09:00:00+02:00", ("Ada",)),
        ("2026-10-26T08:59:59+01:00", ("Ada",)),  # and back on the 25th
        ("2026-10-26T09:00:00+01:00", ("Ben",)),
    ],
)
def test_the_hand_over_is_at_the_same_time_of_the_day_across_clock_changes(
    at: str, who: tuple[str, ...]
) -> None:
    assert a_roster().on_call(instant(at)) == who


@pytest.mark.parametrize(
    ("handoff", "zone", "day", "at"),
    [
        (time(2), BERLIN, date(2026, 3, 29), "2026-03-29T01:00:00Z"),
        (time(2, 30), BERLIN, date(2026, 3, 29), "2026-03-29T01:00:00Z"),
        (time(3), BERLIN, date(2026, 3, 29), "2026-03-29T01:00:00Z"),
        (time(3, 30), BERLIN, date(2026, 3, 29), "2026-03-29T01:30:00Z"),
        (time(1, 59), BERLIN, date(2026, 3, 29), "2026-03-29T00:59:00Z"),
        (time(2, 30), BERLIN, date(2026, 10, 25), "2026-10-25T00:30:00Z"),
        (time(3), BERLIN, date(2026, 10, 25), "2026-10-25T02:00:00Z"),
        (time(2, 15), ZoneInfo("Australia/Lord_Howe"), date(2026, 10, 4), "2026-10-03T15:30:00Z"),
        (time(1, 45), ZoneInfo("Australia/Lord_Howe"), date(2026, 4, 5), "2026-04-04T14:45:00Z"),
    ],
)
def test_a_hand_over_that_is_skipped_is_at_the_change_and_one_that_comes_twice_the_first_time(
    handoff: time, zone: ZoneInfo, day: date, at: str
) -> None:
    starts = day - timedelta(days=1)
    turns = Rotation(members=("Ada", "Ben"), starts=starts, days=1, handoff=handoff)
    roster = Roster(zone=zone, contacts=("Ada", "Ben"), hours={}, rotation=turns)
    begin = instant(at)
    assert roster.on_call(begin - timedelta(seconds=1)) == ("Ada",)
    assert roster.on_call(begin) == ("Ben",)
    assert roster.turns(begin - timedelta(hours=2), begin + timedelta(hours=2)) == (
        (Span(begin - timedelta(hours=2), begin), ("Ada",)),
        (Span(begin, begin + timedelta(hours=2)), ("Ben",)),
    )


def test_a_replacement_takes_over_only_from_who_is_on_call() -> None:
    begin, end = instant("2026-03-25T18:00:00+01:00"), instant("2026-03-26T18:00:00+01:00")
    stands_in = Replacement(of="Ada", by="Cy", begin=begin, end=end)
    wrong = Replacement(of="Ben", by="Cy", begin=begin, end=end)
    rotation = Rotation(members=("Ada", "Ben"), starts=WEEKLY.starts, replacements=(stands_in,))
    assert a_roster(rotation).on_call(begin) == ("Cy",)
    assert a_roster(rotation).on_call(end) == ("Ada",)
    skipped = Rotation(members=("Ada", "Ben"), starts=WEEKLY.starts, replacements=(wrong,))
    assert a_roster(skipped).on_call(begin) == ("Ada",)


def test_without_a_rotation_all_who_can_be_reached_are_on_call() -> None:
    roster = a_roster(None, Ada={"0": [("09:00", "17:00")]})
    assert roster.on_call(instant("2026-03-23T12:00:00+01:00")) == ("Ada", "Ben", "Cy")
    assert roster.on_call(instant("2026-03-23T18:00:00+01:00")) == ("Ben", "Cy")


def test_gaps_are_when_nobody_who_is_on_call_can_be_reached() -> None:
    """Ada works to Saturday 18:00 and from Sunday 09:00 on; nobody is there between."""
    week = {str(day): [("00:00", "24:00")] for day in range(5)}
    ada = {**week, "5": [("00:00", "18:00")], "6": [("09:00", "24:00")]}
    rotation = Rotation(members=("Ada",), starts=date(2026, 3, 1))
    gaps = a_roster(rotation, Ada=ada).gaps(
        instant("2026-03-16T00:00:00+01:00"), instant("2026-03-23T00:00:00+01:00")
    )
    assert gaps == (
        Span(instant("2026-03-21T18:00:00+01:00"), instant("2026-03-22T09:00:00+01:00")),
    )


def test_before_the_first_turn_and_with_a_member_who_is_gone_there_is_a_gap() -> None:
    rotation = Rotation(members=("Ada", "Gone"), starts=date(2026, 3, 23))
    begin = instant("2026-03-22T09:00:00+01:00")
    gaps = a_roster(rotation).gaps(begin, begin + timedelta(days=15))
    assert gaps == (
        Span(begin, instant("2026-03-23T09:00:00+01:00")),
        Span(instant("2026-03-30T09:00:00+02:00"), instant("2026-04-06T09:00:00+02:00")),
    )


def test_turns_that_touch_are_told_as_one() -> None:
    begin = instant("2026-03-23T09:00:00+01:00")
    turns = a_roster().turns(begin, begin + timedelta(days=8))
    assert [names for _, names in turns] == [("Ada",), ("Ben",)]
