"""Slumber: notices that the machine slept, and that an account has been silent for too long.

A sleeping machine's connections are dead and do not know it. Whoever wakes looks at two clocks:
the wall's went on, the processor's stood still, or one short wait took far too long.
"""

from __future__ import annotations

import logging
import time
from collections.abc import Callable
from datetime import datetime, timedelta

from app.domain.clock import Clock
from app.engine.turns import Turns

log = logging.getLogger(__name__)

TICK = 5.0  # seconds
SETTLES = timedelta(seconds=45)  # after a sleep, until the mailboxes have been looked into
SLEPT = timedelta(seconds=15)  # what a busy machine may lose in a tick without having slept


class TwoClocks:
    """The wall's clock beside the processor's."""

    def __init__(self, clock: Clock, steady: Callable[[], float] = time.monotonic) -> None:
        self._clock = clock
        self._steady = steady
        self._wall_at: datetime = clock.now()
        self._steady_at = steady()

    def slept(self) -> timedelta:
        """For how long the machine slept since this was last asked, at most a tick ago; else zero.

        A clock that is set forward looks the same; the price is one new connection.
        """
        wall, steady = self._clock.now(), self._steady()
        gone = wall - self._wall_at
        by_itself = timedelta(seconds=steady - self._steady_at)
        self._wall_at, self._steady_at = wall, steady
        asleep = gone - by_itself > SLEPT or by_itself > timedelta(seconds=TICK) + SLEPT
        return max(gone, by_itself) if asleep else timedelta()


class Slumber:
    """The thread that looks at the two clocks."""

    def __init__(
        self, *, clock: Clock, woke: Callable[[timedelta], None], tick: Callable[[], None]
    ) -> None:
        """`woke` is called after a sleep, with its length; `tick` every few seconds while awake."""
        self._clocks = TwoClocks(clock)
        self._woke = woke
        self._tick = tick
        self._turns = Turns(self._look, name="slumber", rest=TICK, first=TICK)

    def start(self) -> None:
        """Begin to look."""
        self._turns.start()

    def stop(self) -> None:
        """Look no more."""
        self._turns.stop()

    def _look(self) -> float:
        if slept := self._clocks.slept():
            log.info("the machine slept; connections are made anew")
            self._woke(slept)
        else:
            self._tick()
        return TICK
