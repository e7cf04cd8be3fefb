"""Bell: how one thread tells another that waits for a server that there is something else to do."""

from __future__ import annotations

import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress


class Bell:
    """Rings from any thread; what rang before anybody listened is heard as well."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._rung = threading.Event()
        self._rope: socket.socket | None = None
        self._clapper: socket.socket | None = None

    def ring(self) -> None:
        """Wake whoever listens, now or next."""
        self._rung.set()
        with self._lock:
            self._pull()

    def heard(self) -> bool:
        """Whether it rang since this was last asked."""
        rung = self._rung.is_set()
        self._rung.clear()
        return rung

    def wait(self, seconds: float) -> None:
        """Wait for nothing but the bell."""
        self._rung.wait(seconds)
        self._rung.clear()

    @property
    def clapper(self) -> socket.socket | None:
        """Readable as soon as the bell rings; there while somebody listens."""
        return self._clapper

    @contextmanager
    def listening(self) -> Iterator[None]:
        """Makes the bell something that can be waited for together with a connection."""
        with self._lock:
            self._rope, self._clapper = socket.socketpair()
            if self._rung.is_set():
                self._pull()
        try:
            yield
        finally:
            with self._lock:
                rope, clapper = self._rope, self._clapper
                self._rope = self._clapper = None
                rope.close()
                clapper.close()

    def _pull(self) -> None:
        if self._rope is not None:
            self._rope.setblocking(False)
            with suppress(OSError):  # full of earlier pulls: it rings already
                self._rope.send(b"!")
