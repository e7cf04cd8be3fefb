"""Patience: how long a worker waits after failures, and when a person who insists has to wait too.

Pure: time and chance are parameters.
"""

from __future__ import annotations

import random
import time
from collections.abc import Callable

from app.domain.errors import Busy, KnownError

LONGEST = 300.0  # seconds
BUSY = 60.0
KNOCKS, KNOCKS_IN = 2, 120.0  # attempts that somebody may insist on, in so many seconds


class Patience:
    """The failures of one account in a row."""

    def __init__(
        self,
        *,
        steady: Callable[[], float] = time.monotonic,
        chance: Callable[[float, float], float] = random.uniform,
    ) -> None:
        self._steady = steady
        self._chance = chance
        self._knocks: list[float] = []
        self.failures = 0
        self.error: KnownError | None = None

    def failed(self, error: KnownError) -> None:
        """An attempt failed."""
        self.failures += 1
        self.error = error

    def succeeded(self) -> None:
        """An attempt went well: all is forgotten."""
        self.failures, self.error = 0, None
        self._knocks.clear()

    def pause(self) -> float:
        """Seconds until the next attempt.

        They double from two seconds to five minutes, with chance in them so that ten accounts do
        not knock together. A server that asks to come back later has its minute; where only a
        person can help (a refused password), trying often would lock the account.
        """
        longest = min(LONGEST, 2.0 ** min(self.failures, 9))
        if self.error is not None and not self.error.retry:
            longest = LONGEST
        jittered = longest * self._chance(0.5, 1.5)
        return jittered + BUSY if isinstance(self.error, Busy) else jittered

    def may_knock(self) -> bool:
        """Whether somebody who asks for an attempt now gets one; counts it if so."""
        if not self.failures:
            return True
        now = self._steady()
        self._knocks = [at for at in self._knocks if now - at < KNOCKS_IN]
        if len(self._knocks) >= KNOCKS:
            return False
        self._knocks.append(now)
        return True
