"""WorkingTime: how much working time lies between two instants, for thousands of questions.

The same answer as `calendar.elapsed`; the opening hours are laid out once and then looked up.
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Iterator
from datetime import datetime, timedelta

from app.escalation.calendar import Calendar
from app.escalation.spans import Span

_MORE = timedelta(days=400)


class WorkingTime:
    """Asked like a function; grows into the past and the future as it is asked."""

    def __init__(self, calendar: Calendar) -> None:
        self._calendar = calendar
        self._origin: datetime | None = None
        self._spans: Iterator[Span] = iter(())
        self._laid: list[Span] = []
        self._begins: list[datetime] = []
        self._before: list[timedelta] = []

    def __call__(self, start: datetime, end: datetime) -> timedelta:
        """The working time from `start` to `end`, never negative. Raises NeverOpen."""
        if end <= start:
            return timedelta()
        begun = self._until(start)  # first: an earlier origin changes what was laid out
        return self._until(end) - begun

    def due(self, start: datetime, needed: timedelta) -> datetime:
        """When `needed` of working time, more than none, has passed. Raises NeverOpen."""
        total = self._until(start) + needed
        while self._before[-1] + self._laid[-1].length < total:
            self._take(next(self._spans))
        place = bisect_left(self._before, total) - 1
        return self._laid[place].begin + (total - self._before[place])

    def opening(self, at: datetime) -> datetime:
        """The first working instant that is not before `at`. Raises NeverOpen."""
        self._until(at)
        while self._laid[-1].end <= at:
            self._take(next(self._spans))
        place = bisect_right(self._begins, at) - 1
        if place >= 0 and at < self._laid[place].end:
            return at
        return self._laid[place + 1].begin

    def _until(self, at: datetime) -> timedelta:
        """The working time from the origin to an instant."""
        if self._origin is None or at < self._origin:
            self._lay_out(at - _MORE)
        while not self._laid or self._laid[-1].end < at:
            self._take(next(self._spans))
        place = bisect_right(self._begins, at) - 1
        if place < 0:
            return timedelta()
        span = self._laid[place]
        return self._before[place] + (min(at, span.end) - span.begin)

    def _lay_out(self, origin: datetime) -> None:
        """Begin again, further back. What was answered before does not depend on the origin."""
        self._origin = origin
        self._spans = self._calendar.spans(origin)
        self._laid, self._begins, self._before = [], [], []

    def _take(self, span: Span) -> None:
        last = self._before[-1] + self._laid[-1].length if self._laid else timedelta()
        self._laid.append(span)
        self._begins.append(span.begin)
        self._before.append(last)
