"""Two clocks tell that the machine slept."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from app.engine.slumber import TwoClocks

NOON = datetime(2026, 11, 20, 12, 0, tzinfo=UTC)


class Clocks:
    """A wall's clock and a processor's, moved by hand."""

    def __init__(self) -> None:
        self.wall, self.steady = NOON, 100.0

    def now(self) -> datetime:
        return self.wall

    def move(self, *, wall: float, steady: float) -> None:
        self.wall += timedelta(seconds=wall)
        self.steady += steady


@pytest.mark.parametrize(
    ("wall", "steady", "slept"),
    [
        (5, 5, False),
        (19, 5, False),  # a clock that is put right by a little
        (21, 5, True),  # a nap
        (200_000, 4, True),  # a weekend
        (60, 60, True),  # where the processor's clock counts sleep, too
        (-3_600, 5, False),  # a clock that is put back
    ],
)
def test_a_jump_of_the_wall_clock_is_a_sleep(wall, steady, slept):
    """Case 118: whatever made the clock jump."""
    clocks = Clocks()
    two = TwoClocks(clocks, lambda: clocks.steady)
    clocks.move(wall=wall, steady=steady)
    assert bool(two.slept()) is slept
    clocks.move(wall=5, steady=5)
    assert not two.slept()
