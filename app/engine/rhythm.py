"""Rhythm: when a stream of a platform is asked for next, and when its silence is worth a word.

Pure, and for one stream of one account: time and chance are parameters.
"""

from __future__ import annotations

import random
import time
from collections.abc import Callable
from datetime import datetime

from app.domain.errors import Busy, KnownError
from app.domain.feed import Stream

LONGEST = 900.0  # seconds
_BREAKS = 3  # failed runs, from which on the pause doubles
_SILENT = 3  # rhythms without a good look, then it says so
_LEAST = 300.0  # a minute of no network three times over is no news
_JITTER = 0.1


class Rhythm:
    """The runs of one stream."""

    def __init__(
        self,
        stream: Stream,
        *,
        good_at: datetime,
        steady: Callable[[], float] = time.monotonic,
        chance: Callable[[float, float], float] = random.uniform,
    ) -> None:
        """`good_at` is since when there was no better look, by the wall's clock."""
        self.stream = stream
        self.good_at = good_at
        self.failures = 0
        self.told_silent = False
        self.was_good = False
        self._steady = steady
        self._chance = chance
        self._next_at = steady()
        self._heard = steady()

    @property
    def seconds(self) -> float:
        """How often it is asked for while all is well."""
        return self.stream.rhythm.total_seconds()

    def waits(self) -> float:
        """Seconds until it is due, 0 where it is."""
        return max(0.0, self._next_at - self._steady())

    def at_once(self) -> None:
        """Ask now, whatever was planned."""
        self._next_at = self._steady()

    def heard(self) -> None:
        """Something came back: it is not silent, even if the run takes long."""
        self._heard = self._steady()

    def forgiven(self) -> None:
        """The machine slept, or just began to watch: the silence until now does not count."""
        self._heard = self._steady()
        self.at_once()

    def succeeded(self, *, at: datetime, goes_on: bool = False) -> None:
        """A run went well; `goes_on`: there is more, and it is asked for at once."""
        self.failures, self.good_at, self.was_good = 0, at, True
        self._heard = self._steady()
        self._next_at = self._steady() + (0.0 if goes_on else self._jittered(self.seconds))

    def failed(self, error: KnownError) -> None:
        """A run failed: from the third on the pause doubles, to fifteen minutes."""
        self.failures += 1
        pause = self.seconds * 2.0 ** max(0, min(self.failures, 12) - _BREAKS + 1)
        if not error.retry:  # time alone does not mend it
            pause = LONGEST
        asked = error.seconds if isinstance(error, Busy) else 0.0
        self._next_at = self._steady() + max(self._jittered(min(pause, LONGEST)), asked)

    def is_silent(self) -> bool:
        """Whether there was no good look for three rhythms (of five minutes at least)."""
        return self._steady() - self._heard > _SILENT * max(self.seconds, _LEAST)

    def _jittered(self, seconds: float) -> float:
        return seconds * self._chance(1 - _JITTER, 1 + _JITTER)
