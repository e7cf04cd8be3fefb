"""Figures: medians and shares that say what they are about, of how many, and what is still open.

What is not over yet is never left out: a shop that answers only the easy mails would look quick.
With more than a tenth still open the median is that of Kaplan and Meier (1958), in which an open
one counts as "longer than so far".
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import timedelta
from statistics import median

_OPEN_ENOUGH = 0.1


@dataclass(frozen=True, slots=True, kw_only=True)
class Figure:
    """One number of a report with what it means.

    Of durations there are `median` and `p90` (None where so few are over that nobody can say), of
    shares there is `share`; `n` is of how many, `open` how many of them are not over. `clock` is
    "wall" or "working", empty for shares. `by` says how the counted ones divide.
    """

    name: str
    title: str
    definition: str
    n: int
    open: int = 0
    median: timedelta | None = None
    p90: timedelta | None = None
    share: float | None = None
    clock: str = ""
    by: Mapping[str, int] = field(default_factory=dict)

    @property
    def open_share(self) -> float:
        """Which part is not over yet, 0 to 1."""
        return self.open / self.n if self.n else 0.0


@dataclass(frozen=True, slots=True)
class Spread:
    """Where the middle of some durations lies, and what nine of ten stay under."""

    median: timedelta | None
    p90: timedelta | None


def spread(over: Sequence[timedelta], still_open: Sequence[timedelta]) -> Spread:
    """The median and the ninth tenth of durations, of which some are only known so far."""
    if len(still_open) > _OPEN_ENOUGH * (len(over) + len(still_open)):
        return Spread(_survival(over, still_open, 0.5), _survival(over, still_open, 0.1))
    if not over:
        return Spread(None, None)
    ordered = sorted(over)
    ninth = ordered[min(len(ordered) - 1, -(-len(ordered) * 9 // 10) - 1)]
    return Spread(timedelta(seconds=median(one.total_seconds() for one in ordered)), ninth)


def _survival(
    over: Sequence[timedelta], still_open: Sequence[timedelta], level: float
) -> timedelta | None:
    """When the share of those that last longer falls to `level`; None where it never does."""
    ends = sorted([(one, 0) for one in over] + [(one, 1) for one in still_open])
    at_risk, surviving = len(ends), 1.0
    for length, is_open in ends:
        if not is_open:
            surviving *= 1 - 1 / at_risk
            if surviving <= level + 1e-9:
                return length
        at_risk -= 1
    return None
