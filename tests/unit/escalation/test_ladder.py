"""Who is told next about an issue that nobody takes, and when."""

from __future__ import annotations

from datetime import datetime, timedelta
from pathlib import Path

import pytest

from app.config.paths import rules
from app.domain.assessment import Kind, Severity
from app.domain.clock import instant
from app.domain.errors import KnownError
from app.escalation.calendar import Calendar
from app.escalation.given import GivenCalendar, calendar_of
from app.escalation.ladder import (
    Climb,
    Ended,
    EscalationPolicy,
    EscalationStep,
    Hour,
    advance,
    begin,
    hour_of,
    stop,
)
from app.escalation.steps import load_policies

MINUTE = timedelta(minutes=1)
OFFICE = calendar_of(
    GivenCalendar(
        tz="Europe/Berlin",
        hours={str(day): [("09:00", "17:00")] for day in range(5)},
        holidays=["2026-12-25"],
    )
)
MONDAY = instant("2026-11-23T10:00:00+01:00")


def a_step(after: float, *whom: str, at_opening: bool = False) -> EscalationStep:
    return EscalationStep(after=after * MINUTE, whom=whom or ("a",), at_opening=at_opening)


def a_policy(*steps: EscalationStep, repeat: int = 0, **hours) -> EscalationPolicy:
    by_hour = {Hour.WORKING: steps, **{Hour(name): some for name, some in hours.items()}}
    return EscalationPolicy(name="Test", steps=by_hour, repeat=repeat)


def told(climb: Climb, start: datetime, minutes: int, calendar: Calendar = OFFICE) -> list[int]:
    """The minutes after `start` at which somebody is told, looking every minute."""
    found = []
    for minute in range(minutes):
        climb, rung = advance(climb, start + minute * MINUTE, calendar)
        if rung is not None:
            found.append(minute)
    return found


def test_each_step_is_done_at_its_minute_and_the_last_is_the_last() -> None:
    climb = begin(a_policy(a_step(10), a_step(15), a_step(5)), MONDAY, OFFICE)
    assert told(climb, MONDAY, 120) == [10, 25, 30]


def test_the_steps_begin_again_as_often_as_the_policy_says() -> None:
    climb = begin(a_policy(a_step(10), a_step(5), repeat=2), MONDAY, OFFICE)
    assert told(climb, MONDAY, 120) == [10, 15, 25, 30, 40, 45]


def test_a_round_that_begins_again_at_another_hour_takes_the_steps_of_that_hour() -> None:
    evening = instant("2026-11-23T16:50:00+01:00")
    policy = a_policy(a_step(20), repeat=1, night=(a_step(5, "night"),))
    climb, first = advance(begin(policy, evening, OFFICE), evening + 20 * MINUTE, OFFICE)
    climb, second = advance(climb, evening + 25 * MINUTE, OFFICE)
    assert [one.step.whom for one in (first, second) if one] == [("a",), ("night",)]


def test_when_all_is_used_up_it_says_so() -> None:
    climb, rung = advance(begin(a_policy(a_step(0)), MONDAY, OFFICE), MONDAY, OFFICE)
    assert rung is not None
    assert (climb.ended, climb.next_at) == (Ended.USED_UP, None)


def test_who_acknowledges_stops_it() -> None:
    climb = begin(a_policy(a_step(10), a_step(5)), MONDAY, OFFICE)
    climb, _ = advance(climb, MONDAY + 10 * MINUTE, OFFICE)
    climb = stop(climb, Ended.ACKNOWLEDGED)
    assert told(climb, MONDAY, 60) == []


def test_forced_it_goes_on_at_once_also_when_acknowledged_or_used_up() -> None:
    climb = begin(a_policy(a_step(10), a_step(60)), MONDAY, OFFICE)
    climb, first = advance(climb, MONDAY, OFFICE, forced=True)
    climb = stop(climb, Ended.ACKNOWLEDGED)
    climb, second = advance(climb, MONDAY, OFFICE, forced=True)
    climb, third = advance(climb, MONDAY, OFFICE, forced=True)
    assert [(one.number, one.loop, one.forced) for one in (first, second, third) if one] == [
        (0, 0, True),
        (1, 0, True),
        (0, 1, True),
    ]
    assert climb.ended is Ended.ACKNOWLEDGED


def test_what_was_due_anyway_was_not_forced() -> None:
    climb = begin(a_policy(a_step(10)), MONDAY, OFFICE)
    _, rung = advance(climb, MONDAY + 10 * MINUTE, OFFICE, forced=True)
    assert rung is not None
    assert not rung.forced


def test_after_a_night_asleep_one_step_is_done_and_not_all_at_once() -> None:
    climb = begin(a_policy(a_step(10), a_step(15), a_step(5)), MONDAY, OFFICE)
    assert told(climb, MONDAY + timedelta(hours=5), 60) == [0, 15, 20]


@pytest.mark.parametrize(
    ("at", "hour"),
    [
        ("2026-11-23T10:00:00+01:00", Hour.WORKING),
        ("2026-11-23T22:00:00+01:00", Hour.NIGHT),
        ("2026-11-28T12:00:00+01:00", Hour.WEEKEND),
        ("2026-12-25T12:00:00+01:00", Hour.HOLIDAY),
    ],
)
def test_each_sort_of_hour_has_steps_of_its_own(at: str, hour: Hour) -> None:
    assert hour_of(instant(at), OFFICE) is hour
    policy = a_policy(
        a_step(1, "working"),
        night=(a_step(1, "night"),),
        weekend=(a_step(1, "weekend"),),
        holiday=(a_step(1, "holiday"),),
    )
    _, rung = advance(begin(policy, instant(at), OFFICE), instant(at) + MINUTE, OFFICE)
    assert rung is not None
    assert rung.step.whom == (hour.value,)


def test_an_hour_without_steps_waits_for_working_hours() -> None:
    friday = instant("2026-11-20T18:00:00+01:00")
    climb = begin(a_policy(a_step(30)), friday, OFFICE)
    assert climb.next_at == instant("2026-11-23T09:30:00+01:00")


def test_a_step_can_wait_for_the_opening() -> None:
    night = instant("2026-11-23T22:00:00+01:00")
    policy = a_policy(a_step(1), night=(a_step(5), a_step(10, at_opening=True)))
    climb, _ = advance(begin(policy, night, OFFICE), night + 5 * MINUTE, OFFICE)
    assert climb.next_at == instant("2026-11-24T09:10:00+01:00")


@pytest.mark.parametrize("night", ["2026-03-29T01:30:00+01:00", "2026-10-25T01:30:00+02:00"])
def test_on_the_nights_of_the_clock_change_steps_come_after_true_minutes(night: str) -> None:
    start = instant(night)
    policy = a_policy(a_step(1), weekend=(a_step(20), a_step(30), a_step(60)))
    assert told(begin(policy, start, OFFICE), start, 180) == [20, 50, 110]


def test_an_edited_policy_does_not_hit_what_is_under_way() -> None:
    """The climb carries its own copy."""
    climb = begin(a_policy(a_step(10)), MONDAY, OFFICE)
    assert climb.policy.steps[Hour.WORKING] == (a_step(10),)


def test_the_shipped_policies_are_for_critical_and_high() -> None:
    policies = load_policies(rules())
    fits = {
        severity: [one.name for one in policies if one.fits(Kind.OTHER, severity)]
        for severity in Severity
    }
    assert fits[Severity.CRITICAL] == ["Critical"]
    assert fits[Severity.HIGH] == ["High"]
    assert not fits[Severity.NORMAL] + fits[Severity.LOW]


def test_the_owners_policy_of_the_same_name_replaces_ours(tmp_path: Path) -> None:
    (tmp_path / "escalation.toml").write_text(
        '[[policy]]\nname = "High"\noff = true\n'
        '[[policy]]\nname = "Disputes"\nkinds = ["dispute"]\n'
        'working = [{ after = "opening + 5 min", whom = ["Ada"], how = ["email"] }]\n'
    )
    policies = load_policies(rules(), tmp_path)
    assert [one.name for one in policies] == ["Disputes", "Critical"]
    fits = [one.name for one in policies if one.fits(Kind.DISPUTE, Severity.LOW)]
    assert fits == ["Disputes"], "no severity was named, so each one fits"
    assert not policies[0].fits(Kind.OTHER, Severity.LOW)
    (step,) = policies[0].steps[Hour.WORKING]
    assert (step.at_opening, step.after, step.how) == (True, 5 * MINUTE, ("email",))


@pytest.mark.parametrize(
    "line",
    [
        'working = [{ after = "soon" }]',
        "working = []",
        'working = [{ after = "5 min", whom = [] }]',
        'working = [{ after = "5 min" }]\nrepeat = 99',
        'wroking = [{ after = "5 min" }]',
    ],
)
def test_a_policy_that_cannot_be_used_is_named(tmp_path: Path, line: str) -> None:
    (tmp_path / "escalation.toml").write_text(f'[[policy]]\nname = "X"\n{line}\n')
    with pytest.raises(KnownError, match=r"escalation\.toml cannot be used"):
        load_policies(rules(), tmp_path)


@pytest.mark.parametrize(
    "policy",
    [a_policy(a_step(30)), a_policy(a_step(9), night=(a_step(30, at_opening=True),))],
    ids=["borrowed", "at opening"],
)
def test_what_waits_for_opening_waits_on_where_the_shop_said_since_that_it_is_closed(
    policy: EscalationPolicy,
) -> None:
    """It rang on Monday night; on Tuesday morning nobody opens, as was said in the evening."""
    night = instant("2026-11-23T22:00:00+01:00")
    climb = begin(policy, night, OFFICE)
    assert told(climb, night, 48 * 60) == [11 * 60 + 30]
    closed = calendar_of(
        GivenCalendar(
            tz="Europe/Berlin",
            hours={str(day): [("09:00", "17:00")] for day in range(5)},
            holidays=["2026-11-24"],
        )
    )
    assert told(climb, night, 48 * 60, closed) == [35 * 60]


def test_an_hour_without_steps_waits_for_opening_also_half_way_up() -> None:
    """It rang in the afternoon; nobody is told in the evening where the ladder has no night."""
    afternoon = instant("2026-11-27T16:30:00+01:00")  # a Friday
    by_day = a_policy(a_step(15), a_step(60))
    assert told(begin(by_day, afternoon, OFFICE), afternoon, 72 * 60) == [15, 64 * 60 + 30]
    nights = a_policy(a_step(15), a_step(60), night=(a_step(5),))
    assert told(begin(nights, afternoon, OFFICE), afternoon, 72 * 60) == [15, 75]
