"""Skeleton: the shape of what is about to come; still, because motion would beg."""

from __future__ import annotations

from PySide6.QtCore import QRect, Qt
from PySide6.QtGui import QPainter, QPaintEvent
from PySide6.QtWidgets import QWidget

from app.domain.translation import tr
from app.ui.inbox.row_layout import lay_out
from app.ui.theme import Theme

WAIT_MS = 200  # what comes sooner needs no skeleton
_WIDTHS = (0.62, 0.48, 0.71, 0.55, 0.66, 0.43)


class Skeleton(QWidget):
    """Rows without words."""

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._theme = theme
        self.setAccessibleName(tr("Reading the list"))
        theme.changed.connect(self.update)

    def paintEvent(self, event: QPaintEvent) -> None:  # noqa: N802 - Qt's name
        """As many rows as there is room for, fading out."""
        theme, painter = self._theme, QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(theme.color("line"))
        for at in range(self.height() // theme.row_height + 1):
            painter.setOpacity(max(0.15, 0.9 - at * 0.12))
            top = at * theme.row_height
            self._row(painter, QRect(0, top, self.width(), theme.row_height), _WIDTHS[at % 6])

    def _row(self, painter: QPainter, rect: QRect, width: float) -> None:
        parts, px = lay_out(rect, self._theme.px(100) / 100), self._theme.px
        painter.drawRoundedRect(parts.mark, px(10), px(10))
        for line, share in ((parts.first, width), (parts.second, width * 0.8)):
            bar = QRect(line.left(), line.center().y() - px(4), int(line.width() * share), px(9))
            painter.drawRoundedRect(bar, px(4), px(4))
