"""Zone: the time that this machine's clock on the wall shows, at any instant and not only today.

`datetime.astimezone()` gives the offset of one instant, and whoever reckons on with it is an hour
off beyond the next change to summer time. This zone asks the system for each instant anew. It needs
no name of a zone and no data, so it is right wherever the system's own clock is.
"""

from __future__ import annotations

import time
from datetime import UTC, datetime, timedelta, tzinfo
from functools import cache

# What every system can reckon with; beyond it a zone stays as it is at this end.
_FIRST, _LAST = datetime(1971, 1, 1), datetime(2037, 12, 31)  # noqa: DTZ001 - on the wall


class WallClock(tzinfo):
    """The machine's zone, with its changes to summer time and back.

    `rules` tells two of them apart after a laptop has travelled; the rules themselves the system
    knows.
    """

    def __init__(self, rules: tuple[object, ...] = ()) -> None:
        self._rules = rules

    def utcoffset(self, dt: datetime | None) -> timedelta | None:
        """How far the wall is ahead of UTC at this wall time; `fold` as PEP 495 has it."""
        return None if dt is None else _offset(dt.replace(microsecond=0, tzinfo=None))

    def dst(self, dt: datetime | None) -> None:
        """Not told: systems do not say how much of an offset is summer time."""

    def tzname(self, dt: datetime | None) -> str | None:
        """The system's short name for it, like CET."""
        if dt is None:
            return None
        wall = dt.replace(microsecond=0, tzinfo=None)
        return _there(_within_reach(wall) - _offset(wall)).tzname()

    def fromutc(self, dt: datetime) -> datetime:
        """The wall time of an instant; the second of two that read alike has `fold` 1."""
        instant = dt.replace(microsecond=0, tzinfo=None)
        wall = instant + _ahead(instant)
        is_second = _offset(wall) != wall - instant
        micro = timedelta(microseconds=dt.microsecond)
        return (wall + micro).replace(tzinfo=self, fold=int(is_second))

    def __getinitargs__(self) -> tuple[object, ...]:
        """So that it can be copied."""
        return (self._rules,)

    def __eq__(self, other: object) -> bool:
        return isinstance(other, WallClock) and self._rules == other._rules

    def __hash__(self) -> int:
        return hash(self._rules)

    def __repr__(self) -> str:
        return "the zone of this machine"


def of_this_machine() -> tzinfo:
    """The zone that the machine is in now, read anew where the system can be asked to: a laptop
    travels while the engine runs on."""
    if hasattr(time, "tzset"):
        time.tzset()
    return _known((time.timezone, time.altzone, *time.tzname))


def days_on(at: datetime, days: int, *, zone: tzinfo) -> datetime:
    """The same time of day some days on, by the clock on the wall: a change to summer time between
    moves the instant, not the hour."""
    return (at.astimezone(zone) + timedelta(days=days)).astimezone(UTC)


@cache
def _known(rules: tuple[object, ...]) -> WallClock:
    return WallClock(rules)


def _offset(wall: datetime) -> timedelta:
    """How far the wall is ahead of UTC when it shows this."""
    try:
        seconds = wall.timestamp()
    except (OverflowError, ValueError, OSError):
        return _ahead(_within_reach(wall))
    return wall - datetime(1970, 1, 1) - timedelta(seconds=seconds)  # noqa: DTZ001 - on the wall


def _ahead(instant: datetime) -> timedelta:
    """How far the wall is ahead at this instant, which is written in UTC without a zone."""
    return _there(instant).utcoffset() or timedelta()


def _there(instant: datetime) -> datetime:
    """What the wall shows at this instant, or at the nearest that the system can reckon with."""
    try:
        return instant.replace(tzinfo=UTC).astimezone()
    except (OverflowError, ValueError, OSError):
        return _within_reach(instant).replace(tzinfo=UTC).astimezone()


def _within_reach(instant: datetime) -> datetime:
    return min(max(instant, _FIRST), _LAST)
