"""When an issue may come back: the few instants that people mean when they say "later".

Pure: a present instant in the owner's time zone goes in, words and instants come out.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, time, timedelta

from app.domain.translation import tr

_MORNING = time(9)
_EVENING = time(17)


@dataclass(frozen=True, slots=True, kw_only=True)
class SnoozeChoice:
    """One line of the menu."""

    words: str
    until: datetime


def snooze_choices(local_now: datetime) -> tuple[SnoozeChoice, ...]:
    """The choices at this instant, soonest first; `local_now` is aware, in the owner's zone."""
    choices = [SnoozeChoice(words=tr("For an hour"), until=local_now + timedelta(hours=1))]
    morning, evening = (on_the_wall(local_now, 0, at) for at in (_MORNING, _EVENING))
    if morning - local_now > timedelta(hours=1):  # who works at night means this morning
        choices.append(SnoozeChoice(words=tr("This morning, 9:00"), until=morning))
    if evening - local_now > timedelta(hours=2):
        choices.append(SnoozeChoice(words=tr("This afternoon, 17:00"), until=evening))
    choices.append(
        SnoozeChoice(words=tr("Tomorrow morning, 9:00"), until=on_the_wall(local_now, 1, _MORNING))
    )
    to_monday = 7 - local_now.weekday()
    if to_monday > 1:
        choices.append(
            SnoozeChoice(
                words=tr("Monday morning, 9:00"), until=on_the_wall(local_now, to_monday, _MORNING)
            )
        )
    choices.append(SnoozeChoice(words=tr("In a week"), until=on_the_wall(local_now, 7, _MORNING)))
    return tuple(choices)


def another_day(local_now: datetime) -> datetime:
    """Where somebody begins who looks for another day: the first that is not offered."""
    return on_the_wall(local_now, 2, _MORNING)


def on_the_wall(local_now: datetime, days: int, at: time) -> datetime:
    """A time of day some days on, by the clock on the wall: a change to summer time between moves
    the instant, not the hour."""
    day = (local_now + timedelta(days=days)).date()
    naive = datetime.combine(day, at)
    zone = local_now.tzinfo
    return naive.astimezone() if _is_system_zone(local_now) else naive.replace(tzinfo=zone)


def _is_system_zone(local_now: datetime) -> bool:
    """Whether the zone is the fixed offset that `astimezone()` gave, which knows no summer time."""
    return type(local_now.tzinfo).__name__ == "timezone"
