"""Told to end: when a session ends, or by Ctrl-C, the window closes as by a person; drafts stay.

Python's own handlers wait until Python runs again, which in Qt's loop may be never; so the signal's
number comes in by a socket, which wakes the loop.
"""

from __future__ import annotations

import signal
import socket
from collections.abc import Callable
from types import FrameType

from PySide6.QtCore import QObject, QSocketNotifier

_SIGNALS = (signal.SIGTERM, signal.SIGINT)


class ToldToEnd(QObject):
    """Calls `end` once; whoever insists is obeyed at once, as by a program without a window."""

    def __init__(self, end: Callable[[], object], parent: QObject) -> None:
        super().__init__(parent)
        self._end = end
        self._heard, self._told = socket.socketpair()
        for one in (self._heard, self._told):
            one.setblocking(False)
        self._notifier = QSocketNotifier(self._heard.fileno(), QSocketNotifier.Type.Read, self)
        self._notifier.activated.connect(lambda: self._heard.recv(64))
        self._woken = signal.set_wakeup_fd(self._told.fileno(), warn_on_full_buffer=False)
        self._before = {number: signal.signal(number, self._heed) for number in _SIGNALS}

    def stop(self) -> None:
        """The loop is over: signals mean what they meant before."""
        self._notifier.setEnabled(False)
        signal.set_wakeup_fd(self._woken)
        for number, meant in self._before.items():
            signal.signal(number, meant)
        self._heard.close()
        self._told.close()

    def _heed(self, number: int, frame: FrameType | None) -> None:
        signal.signal(number, signal.SIG_DFL)
        self._end()
