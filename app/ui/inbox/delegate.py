"""RowDelegate: has rows drawn, and keeps what was drawn as long as nothing about it has changed.

Drawing a row costs half a millisecond and a list shows fifteen; while it scrolls, all but one or
two of them look as they did a frame ago and are only copied.
"""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Callable, Container
from datetime import datetime

from PySide6.QtCore import QModelIndex, QObject, QPersistentModelIndex, QPoint, QRect, QSize
from PySide6.QtGui import QPainter, QPixmap
from PySide6.QtWidgets import QStyle, QStyledItemDelegate, QStyleOptionViewItem

from app.domain.views import InboxRow
from app.ui import words
from app.ui.inbox.model import ROW
from app.ui.inbox.row_layout import MARK, lay_out, verbs_of
from app.ui.inbox.row_painter import Pose, RowPainter
from app.ui.theme import Theme

# A little more than a large screen shows; 120 kB each at 100 %.
_KEPT = 40
_SELECTED = QStyle.StateFlag.State_Selected.value  # Python's own flags are slow to join

_Look = tuple[int, int, float, Pose, int]  # issue, width, scale of the screen, pose, minute


class RowDelegate(QStyledItemDelegate):
    """Draws rows; `hovered` is the position under the mouse, `verb` the verb under it."""

    def __init__(
        self, theme: Theme, now: Callable[[], datetime], parent: QObject | None = None
    ) -> None:
        super().__init__(parent)
        self._theme = theme
        self._now = now
        self.hovered = -1
        self.verb = ""
        self.active = True
        self.marks: Container[int] = ()
        self._drawn: OrderedDict[_Look, tuple[InboxRow, QPixmap]] = OrderedDict()
        self._prepare()
        theme.changed.connect(self._prepare)

    def verb_at(self, rect: QRect, row: InboxRow, at: QPoint) -> str:
        """The verb under a point of a row, or an empty string; on its score that is `MARK`."""
        parts = lay_out(rect, self._painter.scale)
        if parts.mark.contains(at):
            return MARK
        slot = parts.slot_at(at.x(), at.y())
        return verbs_of(row)[slot] if slot >= 0 else ""

    def exact(self, row: InboxRow) -> str:
        """The instant that a row's time stands for, in full."""
        return words.standing(row, self._now()).exact

    def sizeHint(  # noqa: N802 - Qt's name
        self, option: QStyleOptionViewItem, index: QModelIndex | QPersistentModelIndex
    ) -> QSize:
        """Every row is as high as every other."""
        return QSize(0, self._theme.row_height)

    def paint(
        self,
        painter: QPainter,
        option: QStyleOptionViewItem,
        index: QModelIndex | QPersistentModelIndex,
    ) -> None:
        """One row."""
        rect: QRect = option.rect
        row = index.data(ROW)
        pose = self._pose(option.state, index.row(), row)
        if isinstance(row, InboxRow):
            painter.drawPixmap(rect.topLeft(), self._look_of(row, rect, pose, painter))
        else:
            self._painter.draw(painter, rect, None, pose, self._now())

    def _pose(self, state: QStyle.StateFlag, position: int, row: InboxRow | None) -> Pose:
        selected = bool(state.value & _SELECTED)
        hovered = position == self.hovered
        marked = row is not None and row.id in self.marks
        verb = self.verb if hovered else ""
        return Pose(selected, selected and self.active, hovered, verb, marked)

    def _look_of(self, row: InboxRow, rect: QRect, pose: Pose, painter: QPainter) -> QPixmap:
        now, scale = self._now(), painter.device().devicePixelRatioF()
        look = (row.id, rect.width(), scale, pose, int(now.timestamp() // 60))
        kept = self._drawn.get(look)
        if kept is not None and kept[0] is row:
            self._drawn.move_to_end(look)
            return kept[1]
        pixmap = self._ground(QSize(round(rect.width() * scale), round(rect.height() * scale)))
        pixmap.setDevicePixelRatio(scale)
        self._draw(pixmap, row, rect, pose)
        self._drawn[look] = (row, pixmap)
        return pixmap

    def _ground(self, size: QSize) -> QPixmap:
        """Something to draw on: what was drawn longest ago, since fresh memory costs time."""
        if len(self._drawn) >= _KEPT:
            _, (_, oldest) = self._drawn.popitem(last=False)
            if oldest.size() == size:
                return oldest
        return QPixmap(size)

    def _draw(self, pixmap: QPixmap, row: InboxRow, rect: QRect, pose: Pose) -> None:
        painter = QPainter(pixmap)
        self._painter.draw(
            painter, QRect(0, 0, rect.width(), rect.height()), row, pose, self._now()
        )
        painter.end()

    def _prepare(self) -> None:
        self._painter = RowPainter(self._theme)
        self._drawn.clear()
