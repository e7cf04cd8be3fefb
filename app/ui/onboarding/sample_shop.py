"""SampleShop: a look around before anything is connected, in a window and a profile of its own."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QTimer, Signal
from PySide6.QtGui import QAccessible, QAccessibleAnnouncementEvent
from PySide6.QtWidgets import QFrame, QVBoxLayout, QWidget

from app.config.processes import own_command, spawn_detached
from app.domain.errors import KnownError
from app.domain.translation import tr
from app.ui.issue.parts import button, label, row

_PAUSE_MS = 5000  # one click opens one window, however long that one takes to come up


def open_sample_shop() -> None:
    """Start the sample shop as a process that outlives this window. Raises OSError."""
    spawn_detached(own_command("demo"))


class SampleShop(QFrame):
    """The card that offers it; `failed` carries a KnownError."""

    failed = Signal(object)

    def __init__(self, open_sample: Callable[[], object], parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._open_sample = open_sample
        self.setProperty("card", "true")
        self.button = button(tr("Look at the sample shop first"), self._open)
        self._said = label(
            tr("A made-up shop in a window of its own. Nothing of yours is touched."),
            role="muted",
            wrap=True,
        )
        self._again = QTimer(self, singleShot=True, interval=_PAUSE_MS)
        self._again.timeout.connect(lambda: self.button.setEnabled(True))
        column = QVBoxLayout(self)
        column.setContentsMargins(12, 10, 12, 10)
        column.setSpacing(6)
        column.addWidget(self._said)
        column.addLayout(row(self.button, 1))

    def _open(self) -> None:
        try:
            self._open_sample()
        except OSError as error:
            self.failed.emit(
                KnownError(
                    tr("The sample shop could not be started"),
                    error.strerror or tr("This computer did not start another process"),
                    tr("Try again in a moment"),
                )
            )
            return
        self.button.setEnabled(False)
        self._again.start()
        words = tr("The sample shop opens in a window of its own.")
        self._said.setText(words)
        QAccessible.updateAccessibility(QAccessibleAnnouncementEvent(self, words))
