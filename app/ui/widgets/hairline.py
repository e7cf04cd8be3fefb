"""Hairline: how much of something is done, as a line of two pixels above a list."""

from __future__ import annotations

from PySide6.QtCore import QRectF
from PySide6.QtGui import QPainter, QPaintEvent
from PySide6.QtWidgets import QWidget

from app.ui.theme import Theme


class Hairline(QWidget):
    """Nothing is drawn at 0."""

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._theme, self._share = theme, 0.0
        self.setFixedHeight(2)
        theme.changed.connect(self.update)

    @property
    def share(self) -> float:
        """How much is drawn, 0 to 1."""
        return self._share

    def show_share(self, share: float) -> None:
        """Draw this much of the whole, 0 to 1."""
        self._share = min(1.0, max(0.0, share))
        self.update()

    def paintEvent(self, event: QPaintEvent) -> None:  # noqa: N802 - Qt's name
        """The line, and faintly what is still to come."""
        if self._share > 0:
            painter = QPainter(self)
            painter.fillRect(self.rect(), self._theme.color("line"))
            done = QRectF(0, 0, self.width() * self._share, self.height())
            painter.fillRect(done, self._theme.color("accent"))
