"""Who is on call, who stands in, and when nobody is."""

from __future__ import annotations

from datetime import date, time, timedelta
from zoneinfo import ZoneInfo

import pytest

from app.domain.clock import instant
from app.escalation.given import GivenCalendar, calendar_of
from app.escalation.roster import Replacement, Roster, Rotation, going_on
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


def test_everyone_is_who_can_be_reached_and_all_where_nobody_can() -> None:
    """Whoever works from nine to five is not woken at night while somebody else can be."""
    nine_to_five = {str(day): [("09:00", "17:00")] for day in range(5)}
    night, day = instant("2026-03-24T01:00:00+01:00"), instant("2026-03-24T10:00:00+01:00")
    some = a_roster(Ada=nine_to_five)
    assert some.everyone(night) == ("Ben", "Cy")
    assert some.everyone(day) == ("Ada", "Ben", "Cy")
    every = a_roster(Ada=nine_to_five, Ben=nine_to_five, Cy=nine_to_five)
    assert every.everyone(night) == ("Ada", "Ben", "Cy")


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


def _covered(*said: tuple[str, str, str, str], members: tuple[str, ...] = ("Ada", "Ben")) -> Roster:
    """Turns of a week, and who stands in (of, by, first day, last day) as it was said in turn."""
    replacements = tuple(
        Replacement(
            of=of, by=by, begin=instant(f"{first}T09:00:00Z"), end=instant(f"{last}T09:00:00Z")
        )
        for of, by, first, last in said
    )
    return a_roster(
        Rotation(members=members, starts=WEEKLY.starts, handoff=time(9), replacements=replacements)
    )


def test_of_two_who_stand_in_for_the_same_person_the_one_said_last_does() -> None:
    """Ben does Ada's week; then Cy was found for one day of it."""
    roster = _covered(
        ("Ada", "Ben", "2026-03-23", "2026-03-30"), ("Ada", "Cy", "2026-03-25", "2026-03-26")
    )
    assert roster.on_call(instant("2026-03-24T12:00:00Z")) == ("Ben",)
    assert roster.on_call(instant("2026-03-25T12:00:00Z")) == ("Cy",)
    assert roster.on_call(instant("2026-03-26T12:00:00Z")) == ("Ben",)


def test_two_who_exchange_their_turns_for_a_month_do_each_others() -> None:
    roster = _covered(
        ("Ada", "Ben", "2026-03-23", "2026-04-20"), ("Ben", "Ada", "2026-03-23", "2026-04-20")
    )
    assert roster.on_call(instant("2026-03-24T12:00:00Z")) == ("Ben",)
    assert roster.on_call(instant("2026-03-31T12:00:00Z")) == ("Ada",)


@pytest.mark.parametrize("order", [1, -1])
def test_who_is_stood_in_for_themselves_does_no_others_turn_whatever_was_said_first(
    order: int,
) -> None:
    said = [("Ada", "Ben", "2026-03-23", "2026-03-30"), ("Ben", "Cy", "2026-03-23", "2026-03-30")]
    assert _covered(*said[::order]).on_call(instant("2026-03-24T12:00:00Z")) == ("Cy",)


NOW = instant("2026-04-22T12:00:00+02:00")  # the fifth week: Ben's turn of three


@pytest.mark.parametrize(
    ("members", "days", "now", "then"),
    [
        (("Ada", "Ben", "Cy", "Di"), 7, "Ben", "Cy"),  # somebody comes
        (("Ben", "Cy"), 7, "Ben", "Cy"),  # who is not on call leaves
        (("Ada", "Cy"), 7, "Cy", "Ada"),  # who is on call leaves
        (("Ada", "Ben", "Cy"), 14, "Ben", "Ben"),  # turns are longer
        (("Di", "Eve"), 7, "Di", "Eve"),  # all are others
        (("Ada", "Cy", "Ben"), 7, "Cy", "Ben"),  # moved up into the place whose turn it is
    ],
)
def test_whose_turn_it_is_keeps_it_when_others_come_or_go(
    members: tuple[str, ...], days: int, now: str, then: str
) -> None:
    before = Rotation(members=("Ada", "Ben", "Cy"), starts=WEEKLY.starts, handoff=time(9))
    fresh = Rotation(members=members, starts=date(2026, 4, 20), days=days, handoff=time(9))
    turns = Roster(
        zone=BERLIN, contacts=members, hours={}, rotation=going_on(fresh, before, NOW, BERLIN)
    )
    assert turns.on_call(NOW) == (now,)
    assert turns.on_call(instant("2026-04-27T08:59:59+02:00")) == (now,)
    assert turns.on_call(instant("2026-04-27T09:00:00+02:00")) == (then,)


def test_turns_that_have_not_begun_begin_on_their_day_whoever_comes() -> None:
    before = Rotation(members=("Ada",), starts=date(2026, 5, 4), handoff=time(9))
    fresh = Rotation(members=("Ada", "Ben"), starts=date(2026, 4, 20), handoff=time(9))
    assert going_on(fresh, before, NOW, BERLIN).starts == date(2026, 5, 4)
