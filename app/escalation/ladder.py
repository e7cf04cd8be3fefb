"""Ladder: who is told next about an issue that nobody takes, and when; a state machine without I/O.

A climb begins with a copy of its policy, so that an edit does not hit what is under way. Its steps
are those of the hour in which a round begins (working hours, night, weekend, holiday). Each step
counts from the moment at which the one before was really done, so that a laptop that slept does not
wake up to all of them at once.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from enum import StrEnum

from app.domain.assessment import Kind, Severity
from app.escalation.calendar import Calendar

_SATURDAY = 5


class Hour(StrEnum):
    """What sort of hour it is, as the shop's clock shows it."""

    WORKING = "working"
    NIGHT = "night"
    WEEKEND = "weekend"
    HOLIDAY = "holiday"


class Ended(StrEnum):
    """Why nobody is told any more."""

    ACKNOWLEDGED = "acknowledged"
    OVER = "over"
    USED_UP = "used_up"


@dataclass(frozen=True, slots=True, kw_only=True)
class EscalationStep:
    """After so long, tell these people in these ways; no ways means every way that they have.

    `at_opening`: wait for the next working hour first. `whom` has names of contacts, `on_call` or
    `everyone`.
    """

    after: timedelta
    whom: tuple[str, ...]
    how: tuple[str, ...] = ()
    at_opening: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class EscalationPolicy:
    """Steps for some issues. Empty `kinds` and `severities` fit all.

    An hour without steps of its own waits for working hours, also half way up; a round that begins
    in it takes theirs. `repeat`: how often they begin again after the last.
    """

    name: str
    steps: Mapping[Hour, tuple[EscalationStep, ...]]
    kinds: tuple[Kind, ...] = ()
    severities: tuple[Severity, ...] = ()
    repeat: int = 0

    def fits(self, kind: Kind, severity: Severity) -> bool:
        """Whether it is for an issue of this kind and severity."""
        return (not self.kinds or kind in self.kinds) and (
            not self.severities or severity in self.severities
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class Climb:
    """How far an issue has come. `step` is the one that is due at `next_at`, of this `hour`'s.

    `next_at` is None when nobody is told by the clock any more; `ended` says why.
    """

    policy: EscalationPolicy
    started_at: datetime
    hour: Hour
    step: int = 0
    loop: int = 0
    next_at: datetime | None = None
    ended: Ended | None = None

    @property
    def steps(self) -> tuple[EscalationStep, ...]:
        """The steps of this round."""
        own = self.policy.steps.get(self.hour, ())
        return own or self.policy.steps.get(Hour.WORKING, ())


@dataclass(frozen=True, slots=True, kw_only=True)
class Rung:
    """A step that is done now: of which round, and whether somebody forced it."""

    step: EscalationStep
    number: int
    loop: int
    forced: bool


def hour_of(at: datetime, calendar: Calendar) -> Hour:
    """What sort of hour it is. Raises NeverOpen."""
    if calendar.is_open(at):
        return Hour.WORKING
    day = at.astimezone(calendar.zone).date()
    if calendar.closed_for(day):
        return Hour.HOLIDAY
    return Hour.WEEKEND if day.weekday() >= _SATURDAY else Hour.NIGHT


def begin(policy: EscalationPolicy, now: datetime, calendar: Calendar) -> Climb:
    """Start to climb; the first step is due after its own time."""
    climb = Climb(policy=policy, started_at=now, hour=hour_of(now, calendar))
    return _due(climb, 0, now, calendar)


def advance(
    climb: Climb, now: datetime, calendar: Calendar, *, forced: bool = False
) -> tuple[Climb, Rung | None]:
    """Do the step that is due, if one is; `forced` does the next one at once.

    Forced beyond the last step it begins again, also where every round is used up, and on a climb
    that somebody has acknowledged; it stays acknowledged then.
    """
    due = _is_due(climb, now, calendar)
    if not (due or forced) or not climb.steps:
        return climb, None
    if climb.step >= len(climb.steps):
        climb = _again(climb, now, calendar)
    done = Rung(
        step=climb.steps[climb.step], number=climb.step, loop=climb.loop, forced=forced and not due
    )
    following = climb.step + 1
    if climb.ended in (Ended.ACKNOWLEDGED, Ended.OVER):
        return replace(climb, step=following), done
    if following < len(climb.steps):
        return _due(replace(climb, ended=None), following, now, calendar), done
    if climb.loop < climb.policy.repeat:
        return _due(_again(climb, now, calendar), 0, now, calendar), done
    return replace(climb, step=following, next_at=None, ended=Ended.USED_UP), done


def stop(climb: Climb, why: Ended) -> Climb:
    """Somebody has it in hand, or it is over: the clock tells nobody any more."""
    return climb if climb.ended is why else replace(climb, next_at=None, ended=why)


def renamed(climb: Climb, before: str, after: str) -> Climb:
    """The same climb where somebody whom its steps name is called otherwise now."""

    def step(one: EscalationStep) -> EscalationStep:
        whom = (after if name.casefold() == before.casefold() else name for name in one.whom)
        return replace(one, whom=tuple(whom))

    steps = {hour: tuple(map(step, some)) for hour, some in climb.policy.steps.items()}
    return replace(climb, policy=replace(climb.policy, steps=steps))


def _again(climb: Climb, now: datetime, calendar: Calendar) -> Climb:
    return replace(climb, step=0, loop=climb.loop + 1, hour=hour_of(now, calendar))


def _due(climb: Climb, number: int, now: datetime, calendar: Calendar) -> Climb:
    """The climb with this step to come, and when."""
    steps = climb.steps
    if not steps:
        return replace(climb, ended=Ended.USED_UP)
    step = steps[number]
    borrowed = number == 0 and not climb.policy.steps.get(climb.hour)
    since = next(calendar.spans(now)).begin if step.at_opening or borrowed else now
    climb = replace(climb, step=number)
    return replace(climb, next_at=_in_its_hours(climb, since + step.after, calendar))


def _is_due(climb: Climb, now: datetime, calendar: Calendar) -> bool:
    """Whether the time of the step has come, by the calendar as it is now."""
    at = climb.next_at
    return at is not None and at <= now and _in_its_hours(climb, at, calendar) <= now


def _in_its_hours(climb: Climb, at: datetime, calendar: Calendar) -> datetime:
    """When a step is done for which it is time: at an hour without steps of its own nobody is told,
    nor by a step that waits for opening while the shop is closed."""
    waits = climb.steps[climb.step].at_opening or not climb.policy.steps.get(hour_of(at, calendar))
    return next(calendar.spans(at)).begin if waits else at
