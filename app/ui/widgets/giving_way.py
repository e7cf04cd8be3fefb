"""Giving way: words that shorten, or go, before anything beside them is cut off.

A narrow pane, large letters and long languages meet the same buttons; what they mean is still in
the tool tip and in the name that a screen reader says.
"""

from __future__ import annotations

from PySide6.QtCore import QSize, Qt
from PySide6.QtGui import QPaintEvent
from PySide6.QtWidgets import QLabel, QPushButton, QSizePolicy, QStyleOptionButton

_LEAST = 6  # letters that still tell one word from another


class ShorteningButton(QPushButton):
    """A button whose words end in an ellipsis where there is too little room for them."""

    def __init__(self, text: str = "") -> None:
        super().__init__(text)
        self._liked = 0
        policy = self.sizePolicy()
        policy.setHorizontalPolicy(QSizePolicy.Policy.Preferred)
        self.setSizePolicy(policy)

    def sizeHint(self) -> QSize:  # noqa: N802 - Qt's name
        """As wide as all its words."""
        self._liked = 0  # while Qt measures, nothing is shortened
        liked = super().sizeHint()
        self._liked = liked.width()
        return liked

    def minimumSizeHint(self) -> QSize:  # noqa: N802 - Qt's name
        """A few letters, and what stands around them."""
        liked, font = self.sizeHint(), self.fontMetrics()
        words, least = font.horizontalAdvance(self.text()), font.averageCharWidth() * _LEAST
        return QSize(min(liked.width(), liked.width() - words + least), liked.height())

    def initStyleOption(self, option: QStyleOptionButton) -> None:  # noqa: N802 - Qt's name
        """Draw as much of the words as fits."""
        super().initStyleOption(option)
        missing = self._liked - self.width()
        if missing > 0:
            words, font = self.text(), self.fontMetrics()
            room = max(0, font.horizontalAdvance(words) - missing)
            option.text = font.elidedText(words, Qt.TextElideMode.ElideRight, room)


class IfRoom(QLabel):
    """Words that are shown whole or not at all, and ask for no room."""

    def __init__(self, *, role: str = "") -> None:
        super().__init__()
        self.setTextFormat(Qt.TextFormat.PlainText)
        self.setAlignment(Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter)
        self.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Preferred)
        if role:
            self.setProperty("role", role)

    def minimumSizeHint(self) -> QSize:  # noqa: N802 - Qt's name
        """None."""
        return QSize(0, super().minimumSizeHint().height())

    def paintEvent(self, event: QPaintEvent) -> None:  # noqa: N802 - Qt's name
        """The words, if there is room for all of them."""
        if self.fontMetrics().horizontalAdvance(self.text()) <= self.width():
            super().paintEvent(event)
