"""Figures: medians and shares that say what they are about, of how many, and what is still open.

What is not over yet is never left out: a shop that answers only the easy mails would look quick.
The median and the ninth tenth are those of Kaplan and Meier (1958), in which an open one counts as
"longer than so far"; with none open they are the plain ones.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import timedelta

_NEARLY = 1e-9  # what floats lose over many steps


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
    left = _survival(over, still_open)
    return Spread(_fallen_to(0.5, left, between=True), _fallen_to(0.1, left, between=False))


def _survival(
    over: Sequence[timedelta], still_open: Sequence[timedelta]
) -> list[tuple[timedelta, float]]:
    """At each length at which any is over, the share of those that last longer."""
    ends = sorted([(one, False) for one in over] + [(one, True) for one in still_open])
    left: dict[timedelta, float] = {}
    at_risk, surviving = len(ends), 1.0
    for length, is_open in ends:
        if not is_open:
            surviving *= 1 - 1 / at_risk
            left[length] = surviving
        at_risk -= 1
    return list(left.items())


def _fallen_to(
    level: float, left: Sequence[tuple[timedelta, float]], *, between: bool
) -> timedelta | None:
    """When the share falls to a level, None where it never does; where it stays there exactly
    until the next length, the middle `between` both if that is asked."""
    reached = [one for one in left if one[1] <= level + _NEARLY]
    if not reached:
        return None
    (first, share), *later = reached
    stays = between and later and share > level - _NEARLY
    return (first + later[0][0]) / 2 if stays else first
