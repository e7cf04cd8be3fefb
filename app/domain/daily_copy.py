"""Daily copy: when a profile's next regular copy is due, and which of the older ones stay.

Pure: what lies there, the time and the zone are parameters. A copy that is dated in the future was
made while the clock was ahead: it counts neither as today's nor as the newest.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta, tzinfo
from enum import StrEnum
from pathlib import Path

DAY = timedelta(days=1)
_APART = timedelta(hours=12)  # at least: one at ten at night and one at midnight are the same
_SETTLED = timedelta(minutes=5)  # since the engine began: mail and clicks come first
_CATCHING_UP = timedelta(minutes=1)  # the same, where there is none of this day's length
_OLD_DAYS = 7


class CopyKind(StrEnum):
    """How a copy came about: by itself each day, before an update, or what a copy replaced."""

    DAILY = "daily"
    UPDATE = "update"
    REPLACED = "replaced"


@dataclass(frozen=True, slots=True, kw_only=True)
class Copy:
    """A copy of a profile's database, as it lies there."""

    file: Path
    made_at: datetime
    size: int
    kind: CopyKind = CopyKind.DAILY


def newest(copies: Sequence[Copy], *, now: datetime) -> Copy | None:
    """The newest of them that is not dated in the future; None where there is none."""
    return max((one for one in copies if one.made_at <= now), key=_when, default=None)


def is_due(copies: Sequence[Copy], *, now: datetime, zone: tzinfo, working_for: timedelta) -> bool:
    """Whether the next one is to be made; `working_for`: since when the engine is there.

    Each day of the calendar has one, whatever summer time makes of its length; who opens the
    laptop for an hour in the evening gets his then.
    """
    last = newest(copies, now=now)
    if last is None:
        return working_for >= _CATCHING_UP
    if last.made_at.astimezone(zone).date() >= now.astimezone(zone).date():
        return False
    if now - last.made_at >= DAY:
        return working_for >= _CATCHING_UP
    return now - last.made_at >= _APART and working_for >= _SETTLED


def to_keep(copies: Sequence[Copy], *, made: Copy, zone: tzinfo) -> frozenset[Copy]:
    """Of all copies, with the one just made, those that stay: that one; one of a week to two weeks
    ago; and one that grows as old, so that there always is one of that age."""
    today = made.made_at.astimezone(zone).date()
    others = [one for one in copies if one.file != made.file]
    days = {one.file: (today - one.made_at.astimezone(zone).date()).days for one in others}
    old = [one for one in others if days[one.file] >= _OLD_DAYS]
    young = [one for one in others if days[one.file] < _OLD_DAYS]
    return frozenset({made, *sorted(old, key=_when)[-1:], *sorted(young, key=_when)[:1]})


def _when(copy: Copy) -> datetime:
    return copy.made_at
