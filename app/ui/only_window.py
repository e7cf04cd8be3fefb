"""OnlyWindow: one window for a profile; who starts the program again asks that one to come up.

The lock is the system's own: it goes with its process, however that ends. What is asked is a file
in a folder of the profile, which the window takes away when it does it.
"""

from __future__ import annotations

import re
import time
from pathlib import Path
from uuid import uuid4

from PySide6.QtCore import QFileSystemWatcher, QObject, QTimer, Signal

from app.config.system import FileLock, lock_file, make_private_folder
from app.domain.errors import KnownError
from app.domain.translation import tr

PATIENCE_SECONDS = 10.0
_LOOK_SECONDS = 0.05
_LOOKS_MS = 500
_LONGEST_KEY = 200
_ASK = re.compile("[0-9a-f]{32}")  # what a program that tidies or copies put there is none


class OnlyWindow(QObject):
    """`asked` carries the key of the issue that somebody wants to see, or nothing: just come."""

    asked = Signal(str)

    def __init__(self, profile: Path, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._lock_path, self._folder = profile / "window.lock", profile / "window"
        self._lock: FileLock | None = None
        self._watcher = QFileSystemWatcher(self)
        self._watcher.directoryChanged.connect(lambda _: self._look())
        self._looks = QTimer(self, interval=_LOOKS_MS)
        self._looks.timeout.connect(self._look)

    def begin(self, *, key: str, comes_up: bool, seconds: float = PATIENCE_SECONDS) -> bool:
        """True where this process is to show the window. False where another one does, which has
        come up with that issue if it was to; raises KnownError where it does not answer."""
        if self._take():
            return True
        if not comes_up:
            return False
        ask, deadline = self._ask(key), time.monotonic() + seconds
        try:
            while ask.exists():
                if self._take():  # it ended meanwhile
                    return True
                if time.monotonic() > deadline:
                    raise _silent()
                time.sleep(_LOOK_SECONDS)
        finally:
            ask.unlink(missing_ok=True)
        return False

    def end(self) -> None:
        """The window is closed for good: the next start shows one of its own."""
        if self._lock is not None:
            if self._watcher.directories():
                self._watcher.removePath(str(self._folder))
            self._looks.stop()
            self._lock.release()
            self._lock = None

    def _take(self) -> bool:
        try:
            self._lock = lock_file(self._lock_path)
            if self._lock is None:
                return False
            make_private_folder(self._folder)
        except OSError:  # a full or closed disk: the window opens all the same, and says so
            return True
        if not self._watcher.addPath(str(self._folder)):  # the system has none left to give
            self._looks.start()
        QTimer.singleShot(0, self, self._look)  # what was asked of a window that just ended
        return True

    def _ask(self, key: str) -> Path:
        """Whole at once: it is written beside the folder and moved into it."""
        make_private_folder(self._folder)
        name = uuid4().hex
        written, ask = self._lock_path.with_name(f"window.{name}"), self._folder / name
        written.write_text(key, encoding="utf-8")
        written.rename(ask)
        return ask

    def _look(self) -> None:
        """Do what is asked, and take it away: that is the answer."""
        for ask in sorted(self._folder.glob("*")):  # somebody may have tidied the folder away
            key = _taken(ask) if _ASK.fullmatch(ask.name) else None
            if key is not None:
                self.asked.emit(key)


def _taken(ask: Path) -> str | None:
    """What is asked; None where who asked has given it up."""
    try:
        key = ask.read_text(encoding="utf-8", errors="replace")[:_LONGEST_KEY]
        ask.unlink()
    except OSError:
        return None
    return key


def _silent() -> KnownError:
    return KnownError(
        tr("The window of this profile is open and does not answer"),
        tr("It was asked to come to the front."),
        tr("Wait a moment, or end Frontburner and start it again."),
    )
