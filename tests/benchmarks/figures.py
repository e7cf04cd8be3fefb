"""Figures: what a benchmark measured, as numbers that can be compared, beside the budget for it."""

from __future__ import annotations

import json
import os
import statistics
from collections.abc import Sequence
from dataclasses import asdict, dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class Budget:
    """The bound of one statistic: `at_most` for times and sizes, `at_least` for rates."""

    statistic: str
    at_most: float | None = None
    at_least: float | None = None

    def holds(self, measured: float) -> bool:
        """Whether the measured statistic keeps it."""
        above = self.at_least is not None and measured < self.at_least
        return not above and (self.at_most is None or measured <= self.at_most)


def report(
    name: str, what: str, unit: str, values: Sequence[float], budget: Budget, **notes: object
) -> None:
    """Print one figure as a JSON line; `notes` are what a reader needs to believe it."""
    ordered = sorted(values)
    found = {
        "median": statistics.median(ordered),
        "p95": percentile(ordered, 95),
        "p99": percentile(ordered, 99),
        "least": ordered[0],
        "most": ordered[-1],
    }
    bound = {key: value for key, value in asdict(budget).items() if value is not None}
    line = {
        "name": name,
        "what": what,
        "unit": unit,
        "n": len(ordered),
        **{key: round(value, 3) for key, value in found.items()},
        "budget": bound,
        "within": budget.holds(found[budget.statistic]),
        "load": round(os.getloadavg()[0], 2),
        **notes,
    }
    print(json.dumps(line), flush=True)  # noqa: T201 - this line is what the command is for


def percentile(ordered: Sequence[float], percent: float) -> float:
    """The nearest-rank percentile of values in ascending order: one that was really measured."""
    rank = -(-len(ordered) * percent // 100)  # rounded up
    return ordered[max(0, int(rank) - 1)]
