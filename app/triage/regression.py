"""Regression: weights that lie near given ones and explain given judgements, found in few steps.

Used where weights are learnt: by `build_scripts/train.py` for those that are shipped, and by the
learner for the owner's corrections. Logistic regression with a pull towards a starting point
(maximum a posteriori), by the limited-memory BFGS method. No randomness, so the same input gives
the same weights.
"""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
from numpy.typing import NDArray

Array = NDArray[np.float64]
Objective = Callable[[Array], tuple[float, Array]]

_MEMORY = 8
_ENOUGH_DECREASE = 1e-4
_MOST_HALVINGS = 20


def minimise(
    objective: Objective,
    start: Array,
    *,
    steps: int,
    at_least: Array | None = None,
    tolerance: float = 1e-5,
) -> Array:
    """Where it goes downhill to from `start`; no coordinate goes below `at_least` where given."""
    point = _within(start.astype(np.float64).copy(), at_least)
    value, slope = objective(point)
    history: list[tuple[Array, Array]] = []
    for _ in range(steps):
        free = _free(point, slope, at_least)
        if float(np.abs(free).max(initial=0.0)) < tolerance:
            return point
        direction = _direction(free, history)
        if float(direction @ free) >= 0:  # a stale memory can point uphill
            history.clear()
            direction = -free
        moved = _search(objective, point, value, slope, direction, at_least, first=not history)
        if moved is None:
            if not history:
                return point
            history.clear()
            continue
        new_point, new_value, new_slope = moved
        history.append((new_point - point, new_slope - slope))
        if float(history[-1][0] @ history[-1][1]) <= 1e-12:
            history.pop()
        del history[:-_MEMORY]
        point, value, slope = new_point, new_value, new_slope
    return point


def _within(point: Array, at_least: Array | None) -> Array:
    return point if at_least is None else np.maximum(point, at_least)


def _free(point: Array, slope: Array, at_least: Array | None) -> Array:
    """The slope without the coordinates that stand at their bound and would go beyond it."""
    if at_least is None:
        return slope
    return np.where((point <= at_least) & (slope > 0), 0.0, slope)


def _direction(slope: Array, history: list[tuple[Array, Array]]) -> Array:
    """Downhill, corrected by what the last steps taught of the curvature (Nocedal 1980)."""
    direction = -slope
    factors: list[tuple[float, float]] = []
    for moved, bent in reversed(history):
        curvature = 1.0 / float(moved @ bent)
        share = curvature * float(moved @ direction)
        direction = direction - share * bent
        factors.append((curvature, share))
    if history:
        moved, bent = history[-1]
        direction = direction * (float(moved @ bent) / float(bent @ bent))
    for (moved, bent), (curvature, share) in zip(history, reversed(factors), strict=True):
        direction = direction + moved * (share - curvature * float(bent @ direction))
    return direction


def _search(
    objective: Objective,
    point: Array,
    value: float,
    slope: Array,
    direction: Array,
    at_least: Array | None,
    *,
    first: bool,
) -> tuple[Array, float, Array] | None:
    length = min(1.0, 1.0 / (float(np.abs(slope).sum()) + 1e-12)) if first else 1.0
    for _ in range(_MOST_HALVINGS):
        new_point = _within(point + length * direction, at_least)
        new_value, new_slope = objective(new_point)
        if new_value <= value + _ENOUGH_DECREASE * float(slope @ (new_point - point)):
            return new_point, new_value, new_slope
        length *= 0.5
    return None


def softmax(scores: NDArray[np.floating]) -> Array:
    """Shares that add up to one in each row."""
    grown = np.exp(scores - scores.max(axis=-1, keepdims=True))
    result: Array = grown / grown.sum(axis=-1, keepdims=True)
    return result


def sigmoid(scores: NDArray[np.floating]) -> Array:
    """Probabilities; far out they end at zero and one without a warning."""
    result: Array = 1.0 / (1.0 + np.exp(-np.clip(scores, -40.0, 40.0)))
    return result
