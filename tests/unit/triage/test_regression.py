"""Regression: the lowest point is found, with bounds and without."""

from __future__ import annotations

import numpy as np

from app.triage.regression import Array, Objective, minimise, sigmoid, softmax


def bowl(centre: Array, steepness: Array) -> Objective:
    def objective(point: Array) -> tuple[float, Array]:
        apart = point - centre
        return 0.5 * float(steepness @ (apart * apart)), steepness * apart

    return objective


def test_the_lowest_point_is_found_though_the_bowl_is_long_and_narrow():
    """Curvature is learnt on the way: a thousand times steeper in one direction."""
    centre = np.array([3.0, -2.0, 0.5])
    found = minimise(bowl(centre, np.array([1.0, 1000.0, 30.0])), np.zeros(3), steps=100)
    assert np.allclose(found, centre, atol=1e-3)


def test_a_bounded_coordinate_stops_at_its_bound():
    """The others still find their place."""
    found = minimise(
        bowl(np.array([-1.0, 2.0]), np.ones(2)),
        np.ones(2),
        steps=50,
        at_least=np.array([0.0, -np.inf]),
    )
    assert np.allclose(found, [0.0, 2.0], atol=1e-4)


def test_shares_and_probabilities_stay_finite_far_out():
    """Numbers beyond the exponent's range end at zero and one."""
    assert np.allclose(softmax(np.array([[1e4, 0.0]])), [[1.0, 0.0]])
    assert sigmoid(np.array([-1e4, 1e4])).round(12).tolist() == [0.0, 1.0]
