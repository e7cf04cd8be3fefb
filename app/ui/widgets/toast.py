"""Toast: one line over the window that says what was just done, and takes it back."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QEvent, QObject, Qt, QTimer
from PySide6.QtGui import QAccessible, QAccessibleAnnouncementEvent, QEnterEvent
from PySide6.QtWidgets import QFrame, QHBoxLayout, QLabel, QPushButton, QWidget

from app.domain.translation import tr
from app.ui.theme import Theme
from app.ui.tokens import Gap

SHOWN_MS = 8000
STATUS_HEIGHT = 26


class Toast(QFrame):
    """Lies in the lower left corner of its parent; stays while the mouse is on it."""

    def __init__(self, theme: Theme, parent: QWidget) -> None:
        super().__init__(parent)
        self._theme, self._around = theme, parent
        self._act: Callable[[], object] | None = None
        self.setObjectName("toast")
        self._text = QLabel()
        self._text.setTextFormat(Qt.TextFormat.PlainText)
        self._button = QPushButton(tr("Undo"))
        self._button.setAutoDefault(True)
        self._button.clicked.connect(self._clicked)
        self._layout = QHBoxLayout(self)
        self._layout.setSpacing(Gap.SMALL)
        self._layout.addWidget(self._text)
        self._layout.addWidget(self._button)
        self._timer = QTimer(self, singleShot=True, interval=SHOWN_MS)
        self._timer.timeout.connect(self.hide)
        parent.installEventFilter(self)
        self.hide()

    @property
    def text(self) -> str:
        """What it says."""
        return self._text.text()

    def say(self, text: str, *, action: str = "", act: Callable[[], object] | None = None) -> None:
        """Say something, with one thing that can be done about it."""
        self._act = act
        self._text.setText(text)
        self._button.setText(action)
        self._button.setAccessibleName(f"{action}: {text}" if action else tr("Undo"))
        self._button.setVisible(bool(action))
        right = Gap.TINY if action else Gap.LARGE
        self._layout.setContentsMargins(Gap.LARGE, Gap.TINY, right, Gap.TINY)
        self._place()
        self.show()
        self.raise_()
        self._timer.start()
        QAccessible.updateAccessibility(QAccessibleAnnouncementEvent(self, text))

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:  # noqa: N802 - Qt's name
        """It keeps its place when the window changes its size."""
        if event.type() is QEvent.Type.Resize and self.isVisible():
            self._place()
        return super().eventFilter(watched, event)

    def enterEvent(self, event: QEnterEvent) -> None:  # noqa: N802 - Qt's name
        """Somebody reads it: let it stay."""
        self._timer.stop()
        super().enterEvent(event)

    def leaveEvent(self, event: QEvent) -> None:  # noqa: N802 - Qt's name
        """It was read."""
        self._timer.start()
        super().leaveEvent(event)

    def _clicked(self) -> None:
        self.hide()
        if self._act is not None:
            self._act()

    def _place(self) -> None:
        self.adjustSize()
        px = self._theme.px
        top = self._around.height() - self.height() - px(STATUS_HEIGHT + Gap.MEDIUM)
        self.move(px(Gap.MEDIUM), top)
