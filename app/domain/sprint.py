"""Sprint: one issue after the other, with the time that each took. Pure; kept by nobody.

The time of an issue runs from when it was shown until it was dealt with, without the pauses. It is
measured only here, told once at the end, and never stored.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

_NONE = timedelta(0)


@dataclass(frozen=True, slots=True, kw_only=True)
class Summary:
    """How it went: `each` is the median of those that were dealt with, None of none."""

    done: int
    skipped: int
    took: timedelta
    each: timedelta | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Sprint:
    """`current` is the issue in view; `spent` its time before the last pause, `since` when it
    began to run again, None while it stands still."""

    current: int | None = None
    since: datetime | None = None
    spent: timedelta = _NONE
    took: tuple[tuple[int, timedelta], ...] = ()
    skipped: tuple[tuple[int, timedelta], ...] = ()

    @property
    def is_paused(self) -> bool:
        """Whether the time stands still."""
        return self.current is not None and self.since is None

    def left(self, listed: Sequence[int]) -> list[int]:
        """What of a list still has its turn, best first; the one in view is among them."""
        over = {number for number, _ in (*self.took, *self.skipped)}
        return [number for number in listed if number not in over]

    def show(self, number: int, now: datetime) -> Sprint:
        """This one is in view now."""
        return replace(self, current=number, since=now, spent=_NONE)

    def elapsed(self, now: datetime) -> timedelta:
        """How long the one in view has taken so far."""
        return self.spent + (now - self.since if self.since is not None else _NONE)

    def done(self, now: datetime) -> Sprint:
        """The one in view was dealt with."""
        if self.current is None:
            return self
        took = (*self.took, (self.current, self.elapsed(now)))
        return replace(self, took=took, current=None, since=None, spent=_NONE)

    def skip(self, now: datetime) -> Sprint:
        """The one in view is left for another time."""
        if self.current is None:
            return self
        skipped = (*self.skipped, (self.current, self.elapsed(now)))
        return replace(self, skipped=skipped, current=None, since=None, spent=_NONE)

    def pause(self, now: datetime) -> Sprint:
        """Let the time stand still, or run again."""
        if self.current is None:
            return self
        if self.since is None:
            return replace(self, since=now)
        return replace(self, spent=self.elapsed(now), since=None)

    def jumped(self, by: timedelta) -> Sprint:
        """The clock went on by so much, or back, without any time being spent: the machine slept,
        or was told another time."""
        return self if self.since is None else replace(self, since=self.since + by)

    def back(self, number: int) -> Sprint:
        """What was done with an issue was taken back: it has its turn again."""
        return replace(self, took=tuple(one for one in self.took if one[0] != number))

    def summary(self, now: datetime) -> Summary:
        """How it went until now; what is in view and not dealt with counts as time only."""
        times = [time for _, time in self.took]
        spent = sum((time for _, time in (*self.took, *self.skipped)), self.elapsed(now))
        return Summary(
            done=len(times),
            skipped=len(self.skipped),
            took=spent,
            each=_median(times) if times else None,
        )


def _median(times: Sequence[timedelta]) -> timedelta:
    ordered, half = sorted(times), len(times) // 2
    return ordered[half] if len(ordered) % 2 else (ordered[half - 1] + ordered[half]) / 2
