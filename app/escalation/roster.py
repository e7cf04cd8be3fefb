"""Roster: who is on call at an instant, who stands in, and when nobody is; pure, by the wall clock.

Hand-overs happen at a time of the day, so a night on which the clock is changed moves none of them.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
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

    def everyone(self, at: datetime) -> tuple[str, ...]:
        """All who can be reached now; where that is nobody, all there are."""
        return tuple(name for name in self.contacts if self._is_reachable(name, at)) or (
            self.contacts
        )

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
        turn = _turn(self.rotation, at, self.zone)
        name = turn and _stands_in(self.rotation, turn, at)
        return (name,) if name in self.contacts else ()

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


def going_on(rotation: Rotation, before: Rotation, at: datetime, zone: ZoneInfo) -> Rotation:
    """The turns so begun that they go on from those `before`: whoever comes or goes, and however
    long a turn is now, whose turn it is keeps it; of who left, the next one takes it.

    Where only the order is another, the places stay, and who moves up takes the turn of the place.
    """
    number = _number(before, at, zone)
    is_same = set(rotation.members) == set(before.members) and rotation.days == before.days
    if number is None or is_same:
        return replace(rotation, starts=before.starts)
    first = number % len(before.members)
    following = (*before.members[first:], *before.members[:first], *rotation.members)
    present = next(name for name in following if name in rotation.members)
    begun = before.starts + number * before.days * _DAY
    return replace(rotation, starts=begun - rotation.members.index(present) * rotation.days * _DAY)


def _turn(rotation: Rotation, at: datetime, zone: ZoneInfo) -> str | None:
    """Whose turn it is; nobody's before the first."""
    number = _number(rotation, at, zone)
    return None if number is None else rotation.members[number % len(rotation.members)]


def _number(rotation: Rotation, at: datetime, zone: ZoneInfo) -> int | None:
    """How many turns are over; None before the first."""
    local = at.astimezone(zone)
    day = local.date() if at >= _at(local.date(), rotation.handoff, zone) else local.date() - _DAY
    passed = (day - rotation.starts).days
    return None if passed < 0 or not rotation.members else passed // rotation.days


def _stands_in(rotation: Rotation, name: str, at: datetime) -> str:
    """Who does somebody's turn, by what was said last; who is stood in for themselves stands in
    for nobody, except where people only exchange their turns."""
    now = {one.of: one.by for one in rotation.replacements if one.begin <= at < one.end}
    asked = [name]
    while (by := now.get(asked[-1])) is not None:
        if by in asked:
            return asked[1]
        asked.append(by)
    return asked[-1]


def _at(day: date, handoff: time, zone: ZoneInfo) -> datetime:
    """The first instant at which the wall clock shows the hand-over, or has skipped it."""
    shown = datetime.combine(day, handoff, zone)
    by_old, by_new = (shown.replace(fold=fold).astimezone(UTC) for fold in (0, 1))
    if by_old <= by_new:  # equal on most days; on a night with an hour twice, the first one
        return by_old
    return change_between(zone, by_new, by_old)
