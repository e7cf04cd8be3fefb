"""Collector: has Python's garbage collected in Qt's thread, and only there.

Python collects in whatever thread happens to allocate. A reader or verb thread that frees a widget
caught in a cycle destroys it outside of Qt's thread, which Qt forbids (Qt, "Threads and QObjects").
"""

from __future__ import annotations

import gc

from PySide6.QtCore import QObject, QTimer

_EVERY_MS = 5_000


class Collector(QObject):
    """Takes over from Python's own timing for as long as it lives."""

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._limits = gc.get_threshold()
        self._timer = QTimer(self, interval=_EVERY_MS)
        self._timer.timeout.connect(self.collect)
        gc.disable()
        gc.freeze()  # what was loaded by now stays; it need not be looked at again
        self._timer.start()

    def collect(self) -> int:
        """Collect the oldest generation that is due; how many objects went."""
        due = [age for age, (has, may) in enumerate(zip(gc.get_count(), self._limits, strict=True))
               if has > may]  # fmt: skip
        return gc.collect(due[-1]) if due else 0

    def stop(self) -> None:
        """Let Python decide again."""
        self._timer.stop()
        gc.enable()
        gc.unfreeze()
