"""Turns: a thread that takes one turn after another until it is stopped.

Whatever goes on by itself in the engine stands on it: the watch, the bell, the outbox, telling
people, judging stored mail. A turn that fails is logged and the next one comes all the same.
"""

from __future__ import annotations

import logging
import threading
from collections.abc import Callable

from app.domain.errors import KnownError

log = logging.getLogger(__name__)


class Turns:
    """One thing done again and again, with a rest between, by a thread of its own."""

    def __init__(
        self, take: Callable[[], float], *, name: str, rest: float, first: float = 0.0
    ) -> None:
        """`take` does one turn and returns the seconds to rest after it; after a turn that failed
        it is `rest`, before the first one `first`. `name` stands in the log."""
        self._take = take
        self._name = name
        self._rest = rest
        self._first = first
        self._over = threading.Event()
        self._wake = threading.Event()
        self._thread = threading.Thread(target=self._run, name=name, daemon=True)

    @property
    def is_over(self) -> bool:
        """Whether no further turn is wanted; a long one looks here and ends early."""
        return self._over.is_set()

    def start(self) -> None:
        """Begin."""
        self._thread.start()

    def stop(self, *, within: float = 10.0) -> None:
        """Take no further turn; wait for the one under way, at most `within` seconds."""
        self._over.set()
        self._wake.set()
        self._thread.join(timeout=within)

    def wake(self) -> None:
        """End the rest: the next turn comes at once."""
        self._wake.set()

    def let_pass(self, seconds: float) -> None:
        """Let a little time pass, for somebody in another thread; the end cuts it short."""
        self._over.wait(seconds)

    def _run(self) -> None:
        pause = self._first
        while True:
            self._wake.wait(pause)
            self._wake.clear()
            if self._over.is_set():
                return
            pause = self._one()

    def _one(self) -> float:
        try:
            return self._take()
        except KnownError as error:
            log.warning("%s has to wait: %s", self._name, error.sentence)
        except Exception:
            log.exception("bug in %s", self._name)
        return self._rest
