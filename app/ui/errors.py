"""The one door for errors: what the world did is said in its words, a bug is noted and said once.

Errors that belong to a control are shown beside it by whoever asked; what nobody took comes here.
"""

from __future__ import annotations

import logging
import sys
import threading
import traceback
from types import TracebackType

from PySide6.QtCore import QObject, Signal

from app.domain.errors import KnownError
from app.domain.translation import tr

_log = logging.getLogger("frontburner.window")


def reason(error: BaseException) -> str:
    """An error as the owner reads it, beside what they did."""
    return error.sentence if isinstance(error, KnownError) else tr("It did not work.")


class ErrorDoor(QObject):
    """`known` carries a KnownError to be said, `bug` the report of a bug not seen before."""

    known = Signal(object)
    bug = Signal(str)

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._met: set[str] = set()

    def show(self, error: BaseException) -> None:
        """Say an error; may be called from any thread."""
        if isinstance(error, KnownError):
            self.known.emit(error)
            return
        report = "".join(traceback.format_exception(error))
        _log.error("a bug\n%s", report)
        place = _place_of(error)
        if place not in self._met:
            self._met.add(place)
            self.bug.emit(report)

    def install(self) -> None:
        """Take every exception that nobody caught, from Qt's thread and from all others."""
        sys.excepthook = self._uncaught
        threading.excepthook = self._uncaught_in_thread

    def _uncaught(
        self, kind: type[BaseException], error: BaseException, trace: TracebackType | None
    ) -> None:
        if issubclass(kind, KeyboardInterrupt):
            sys.__excepthook__(kind, error, trace)
        else:
            self.show(error)

    def _uncaught_in_thread(self, caught: threading.ExceptHookArgs) -> None:
        if caught.exc_value is not None:
            self.show(caught.exc_value)


def _place_of(error: BaseException) -> str:
    """What makes two bugs the same: their type and the line that raised them."""
    frames = traceback.extract_tb(error.__traceback__)
    where = f"{frames[-1].filename}:{frames[-1].lineno}" if frames else ""
    return f"{type(error).__name__} {where}"
