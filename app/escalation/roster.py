"""Roster: who is on call at an instant, who stands in, and when nobody is; pure, by the wall clock.

Hand-overs happen at a time of the day, so a night on which the clock is changed moves none of them.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from itertools import pairwise
from zoneinfo import ZoneInfo

from app.escalation.calendar import Calendar, change_between
from app.escalation.spans import Span, joined, without

_DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True, kw_only=True)
class Replacement:
    """Somebody stands in for somebody else between two instants."""

    of: str
    by: str
    begin: datetime
    end: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Rotation:
    """Members take turns of so many days from `starts` on, handing over at a time of the day."""

    members: tuple[str, ...]
    starts: date
    days: int = 7
    handoff: time = time(9)
    replacements: tuple[Replacement, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Roster:
    """Who can be on call: contacts with the hours in which they can be reached.

    Without a rotation all of them are on call at once. A contact without hours of its own can be
    reached around the clock.
    """

    zone: ZoneInfo
    contacts: tuple[str, ...]
    hours: Mapping[str, Calendar]
    rotation: Rotation | None = None

    def on_call(self, at: datetime) -> tuple[str, ...]:
        """Who is to be told now, and can be reached now; nobody is an answer."""
        return tuple(name for name in self._named(at) if self._is_reachable(name, at))

    def gaps(self, begin: datetime, end: datetime) -> tuple[Span, ...]:
        """When nobody who is on call can be reached."""
        covered: list[Span] = []
        for span in self._stretches(begin, end):
            for name in self._named(span.begin):
                covered += self._reachable(name, span)
        return tuple(without(Span(begin, end), joined(covered)))

    def turns(self, begin: datetime, end: datetime) -> tuple[tuple[Span, tuple[str, ...]], ...]:
        """Who is on call when, replacements taken in; stretches with the same people are one."""
        told: list[tuple[Span, tuple[str, ...]]] = []
        for span in self._stretches(begin, end):
            names = self._named(span.begin)
            if told and told[-1][1] == names:
                told[-1] = (Span(told[-1][0].begin, span.end), names)
            else:
                told.append((span, names))
        return tuple(told)

    def _named(self, at: datetime) -> tuple[str, ...]:
        if self.rotation is None:
            return self.contacts
        name = _turn(self.rotation, at, self.zone)
        names = [] if name is None else [name]
        for one in self.rotation.replacements:
            if one.begin <= at < one.end:  # of somebody who is not on call, it changes nothing
                names = [one.by if name == one.of else name for name in names]
        return tuple(name for name in names if name in self.contacts)

    def _is_reachable(self, name: str, at: datetime) -> bool:
        calendar = self.hours.get(name)
        return calendar is None or calendar.is_open(at)

    def _reachable(self, name: str, span: Span) -> list[Span]:
        calendar = self.hours.get(name)
        if calendar is None:
            return [span]
        found: list[Span] = []
        for one in calendar.spans(span.begin):
            if one.begin >= span.end:
                break
            found.append(Span(one.begin, min(one.end, span.end)))
        return found

    def _stretches(self, begin: datetime, end: datetime) -> list[Span]:
        """Pieces of time in which the same people are on call."""
        cuts = {begin, end}
        if self.rotation is not None:
            day = begin.astimezone(self.zone).date()
            while day <= end.astimezone(self.zone).date():
                cuts.add(_at(day, self.rotation.handoff, self.zone))
                day += _DAY
            for one in self.rotation.replacements:
                cuts |= {one.begin, one.end}
        inside = sorted(cut for cut in cuts if begin <= cut <= end)
        return [Span(one, two) for one, two in pairwise(inside)]


def _turn(rotation: Rotation, at: datetime, zone: ZoneInfo) -> str | None:
    """Whose turn it is; nobody's before the first."""
    local = at.astimezone(zone)
    day = local.date() if at >= _at(local.date(), rotation.handoff, zone) else local.date() - _DAY
    passed = (day - rotation.starts).days
    if passed < 0 or not rotation.members:
        return None
    return rotation.members[passed // rotation.days % len(rotation.members)]


def _at(day: date, handoff: time, zone: ZoneInfo) -> datetime:
    """The first instant at which the wall clock shows the hand-over, or has skipped it."""
    shown = datetime.combine(day, handoff, zone)
    by_old, by_new = (shown.replace(fold=fold).astimezone(UTC) for fold in (0, 1))
    if by_old <= by_new:  # equal on most days; on a night with an hour twice, the first one
        return by_old
    return change_between(zone, by_new, by_old)
