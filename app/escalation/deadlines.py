"""Deadlines: the three promises about an issue, how they came about, and whether they were kept.

Pure: the story, the rules and the calendars come in, nothing is remembered.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from functools import lru_cache

from app.domain.assessment import Kind, Priority, Severity
from app.domain.deadline import Deadline, Metric
from app.domain.time_text import in_words
from app.domain.translation import spoken, to_translate, tr
from app.escalation.calendar import Calendar, Due, NeverOpen, due, exact
from app.escalation.hours import ALWAYS, Calendars
from app.escalation.rules import SlaRules, Target
from app.escalation.spans import FOREVER, Span
from app.escalation.story import Story, Turn

_WHAT = {
    Metric.FIRST_RESPONSE: to_translate(
        "{priority}, {severity}: a first answer is promised within {time}."
    ),
    Metric.NEXT_RESPONSE: to_translate(
        "{priority}, {severity}: an answer is promised within {time}."
    ),
    Metric.RESOLUTION: to_translate(
        "{priority}, {severity}: it is promised to be done within {time}."
    ),
}
_WHAT_BY_POLICY = {
    Metric.FIRST_RESPONSE: to_translate(
        '{priority}, {severity}: a first answer is promised within {time} by the policy "{policy}".'
    ),
    Metric.NEXT_RESPONSE: to_translate(
        '{priority}, {severity}: an answer is promised within {time} by the policy "{policy}".'
    ),
    Metric.RESOLUTION: to_translate(
        '{priority}, {severity}: it is promised to be done within {time} by the policy "{policy}".'
    ),
}
TITLES = {
    Metric.FIRST_RESPONSE: to_translate("First answer"),
    Metric.NEXT_RESPONSE: to_translate("Answer"),
    Metric.RESOLUTION: to_translate("Done"),
}

_HOW_BAD = {
    Severity.CRITICAL: to_translate("critical"),
    Severity.HIGH: to_translate("high"),
    Severity.NORMAL: to_translate("normal"),
    Severity.LOW: to_translate("low"),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Ranked:
    """How bad the mails of one turn are, which decides what is promised for it."""

    priority: Priority
    severity: Severity


@dataclass(frozen=True, slots=True, kw_only=True)
class Case:
    """What is promised about: an issue's kind, its customer, its story, and how bad each turn is.

    `ranked` has an entry for each turn of the story, in order.
    """

    kind: Kind
    customer: str
    story: Story
    ranked: Sequence[Ranked]


def promises(
    case: Case, *, rules: SlaRules, calendars: Calendars, now: datetime
) -> tuple[Deadline, ...]:
    """Every promise about an issue as it stands at `now`: each answer that is or was owed, done."""
    made: list[Deadline] = []
    for number, turn in enumerate(case.story.turns):
        metric = Metric.NEXT_RESPONSE if number else Metric.FIRST_RESPONSE
        found = _promise(metric, case, number, rules=rules, calendars=calendars)
        if found is not None:
            name = turn.name if number else ""
            made.append(replace(_settled(found, turn.answered_at, now), name=name))
    if case.story.turns:
        found = _promise(Metric.RESOLUTION, case, 0, rules=rules, calendars=calendars)
        if found is not None:
            made.append(_settled(found, case.story.done_at, now))
    return tuple(made)


def met(deadline: Deadline, at: datetime) -> Deadline:
    """The promise, kept by an answer at `at`; late if that is after the planned instant.

    The first answer counts: a promise that was met stays met as it was.
    """
    if deadline.met_at is not None:
        return deadline
    late = at > deadline.planned_at
    return replace(
        deadline, met_at=at, paused_at=None, breached_at=deadline.planned_at if late else None
    )


def breach(deadline: Deadline, now: datetime) -> Deadline:
    """The promise, marked as broken if its instant has passed without an answer.

    `breached_at` is the planned instant, not the one at which somebody looked.
    """
    if not deadline.runs or deadline.breached_at is not None or now <= deadline.planned_at:
        return deadline
    return replace(deadline, breached_at=deadline.planned_at)


def _settled(deadline: Deadline, kept_at: datetime | None, now: datetime) -> Deadline:
    return breach(deadline, now) if kept_at is None else met(deadline, kept_at)


def _promise(
    metric: Metric, case: Case, number: int, *, rules: SlaRules, calendars: Calendars
) -> Deadline | None:
    ranked, turn = case.ranked[number], case.story.turns[number]
    target = rules.target(metric, kind=case.kind, priority=ranked.priority, customer=case.customer)
    if target is None:
        return None
    pauses = tuple(case.story.pauses)
    if metric is not Metric.RESOLUTION and turn.answered_at is not None:
        pauses = tuple(one for one in pauses if one.begin < turn.answered_at)
    found, paused_at = _due(target, turn, pauses, calendars)
    assert found.at is not None  # without a pause that never ends, and with a time above none
    what = _WHAT[metric] if not target.policy else _WHAT_BY_POLICY[metric]
    return Deadline(
        metric=metric,
        title=tr(TITLES[metric]),
        planned_at=found.at,
        started_at=turn.since,
        paused_at=paused_at,
        policy=target.policy,
        warn_ahead=_warnings(target, found.at - turn.since),
        explanation=(
            tr(
                what,
                priority=ranked.priority,
                severity=tr(_HOW_BAD[ranked.severity]),
                time=in_words(target.time),
                policy=tr(target.policy),
            ),
            *found.timeline,
            *_standing_still(paused_at, calendars),
            tr(
                "All times are those of {key}.",
                key=_zone_word(calendars.by_name[target.calendar]),
            ),
        ),
    )


def _zone_word(calendar: Calendar) -> str:
    """A zone by its place; one that is of no place by its name alone: UTC."""
    return calendar.zone.key.removeprefix("Etc/")


def _due(
    target: Target, turn: Turn, pauses: tuple[Span, ...], calendars: Calendars
) -> tuple[Due, datetime | None]:
    """When it is due; while it is not our turn: when it would be, and since when that is so."""
    calendar = calendars.by_name[target.calendar]
    minutes = target.time.total_seconds() / 60
    found = _reckoned(calendar, turn.since, minutes, pauses, spoken())
    if found.at is not None:
        return found, None
    ended = tuple(one for one in pauses if one.end != FOREVER)
    return _reckoned(calendar, turn.since, minutes, ended, spoken()), pauses[-1].begin


@lru_cache(maxsize=30_000)
def _reckoned(
    calendar: Calendar, start: datetime, minutes: float, pauses: tuple[Span, ...], _spoken: object
) -> Due:
    """As `due`; kept for each language, because every open issue is looked at every few minutes.

    A calendar without an hour left costs no promise: all hours count then, and it says so.
    """
    if calendar.is_round_the_clock and not any(one.end > start for one in pauses):
        at = start + timedelta(minutes=minutes)
        return Due(at=at, timeline=tuple(_round_the_clock(start, at, calendar)))
    try:
        return due(calendar, start, minutes, pauses)
    except NeverOpen as error:
        at = start + timedelta(minutes=minutes)
        why = tr("{title}: all hours count until that is mended.", title=error.title)
        return Due(at=at, timeline=(why, *_round_the_clock(start, at, calendar)))


def _round_the_clock(start: datetime, at: datetime, calendar: Calendar) -> Iterator[str]:
    yield tr("It counts from {start}, when they wrote.", start=exact(start, calendar.zone))
    yield tr("All hours count, day and night.")
    yield tr("So it is due {at}.", at=exact(at, calendar.zone))


def _standing_still(paused_at: datetime | None, calendars: Calendars) -> Iterator[str]:
    if paused_at is not None:
        zone = calendars.by_name[ALWAYS].zone
        yield tr(
            "Since {paused_at} it is not our turn: the clock stands still.",
            paused_at=exact(paused_at, zone),
        )


def _warnings(target: Target, whole: timedelta) -> tuple[timedelta, ...]:
    """A reminder that would come with the mail itself reminds of nothing."""
    return (target.warn,) if target.warn and target.warn * 2 <= whole else ()
