"""ShortList: how every list beside the inbox looks: no frame, no editing, every line as high as the
next; and the soft ground under the line that is chosen or under the mouse."""

from __future__ import annotations

from PySide6.QtCore import QAbstractListModel, QRect, Qt
from PySide6.QtGui import QPainter
from PySide6.QtWidgets import QAbstractItemView, QFrame, QListView, QStyle, QWidget

from app.ui.theme import Theme

_RADIUS = 6


class ShortList(QListView):
    """`name` is what the style sheet knows it by, `said` what a screen reader says."""

    def __init__(
        self, model: QAbstractListModel, *, name: str, said: str, parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        self.setObjectName(name)
        self.setAccessibleName(said)
        self.setModel(model)
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setMouseTracking(True)
        self.setUniformItemSizes(True)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)


def soft_ground(
    painter: QPainter, box: QRect, theme: Theme, *, state: QStyle.StateFlag, selected: bool
) -> None:
    """The ground of a line; with the keyboard on it, an edge."""
    hovered = bool(state & QStyle.StateFlag.State_MouseOver)
    focused = bool(state & QStyle.StateFlag.State_HasFocus)
    if not (selected or hovered or focused):
        return
    painter.save()
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    painter.setBrush(theme.color("selected" if selected else "hover"))
    painter.setPen(theme.color("accent") if focused else Qt.PenStyle.NoPen)
    painter.drawRoundedRect(box, theme.px(_RADIUS), theme.px(_RADIUS))
    painter.restore()
