"""The list of disputes: a row of two lines each, what is pressing at the top, and the keyboard's.

6 days    €184.00   Chargeback at Stripe              Needs your answer
          the buyer says nothing arrived  ·  Ines Ito  ·  order OW-10227
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from PySide6.QtCore import (
    QAbstractListModel,
    QModelIndex,
    QObject,
    QPersistentModelIndex,
    QRect,
    QSize,
    Qt,
    Signal,
)
from PySide6.QtGui import QKeyEvent, QPainter, QPen
from PySide6.QtWidgets import (
    QStyle,
    QStyledItemDelegate,
    QStyleOptionViewItem,
    QWidget,
)

from app.domain.dispute_views import DisputeRow
from app.domain.translation import tr
from app.ui.disputes import words
from app.ui.issue.foreign_text import line, tooltip
from app.ui.theme import Theme
from app.ui.tokens import Gap, Size
from app.ui.widgets.short_list import ShortList
from app.ui.words import money

Index = QModelIndex | QPersistentModelIndex
_ROW = int(Qt.ItemDataRole.UserRole)
_NOWHERE = QModelIndex()
_LEFT, _AMOUNT = 92, 108
_MIDDLE = int(Qt.AlignmentFlag.AlignVCenter)
_RIGHT = int(Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignRight)


class DisputesModel(QAbstractListModel):
    """The cases in the order in which they press."""

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._rows: tuple[DisputeRow, ...] = ()
        self._now: datetime | None = None

    def show_rows(self, rows: Sequence[DisputeRow], now: datetime) -> None:
        """Show these from now on; what is at the same place with the same id stays selected."""
        same = [one.id for one in rows] == [one.id for one in self._rows]
        self._now = now
        if same:
            self._rows = tuple(rows)
            if rows:
                self.dataChanged.emit(self.index(0), self.index(len(rows) - 1))
            return
        self.beginResetModel()
        self._rows = tuple(rows)
        self.endResetModel()

    @property
    def now(self) -> datetime | None:
        """The instant for which the words stand."""
        return self._now

    def rowCount(self, parent: Index = _NOWHERE) -> int:  # noqa: N802 - Qt's name
        """How many cases are shown."""
        return 0 if parent.isValid() else len(self._rows)

    def data(self, index: Index, role: int = _ROW) -> Any:
        """The case, or its words for somebody who does not see it."""
        if not index.isValid() or self._now is None:
            return None
        case = self._rows[index.row()]
        if role == _ROW:
            return case
        if role in (Qt.ItemDataRole.DisplayRole, Qt.ItemDataRole.AccessibleTextRole):
            return words.spoken(case, self._now)
        if role == Qt.ItemDataRole.ToolTipRole:
            told = (words.left(case, self._now).exact, words.provider_words(case.dispute))
            return tooltip("\n".join(part for part in told if part))
        return None

    def position(self, case_id: int) -> int:
        """Where a case stands, or -1."""
        return next((at for at, one in enumerate(self._rows) if one.id == case_id), -1)


class DisputesDelegate(QStyledItemDelegate):
    """Draws a case as two lines."""

    def __init__(self, theme: Theme, model: DisputesModel, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._theme, self._model = theme, model

    def sizeHint(self, option: QStyleOptionViewItem, index: Index) -> QSize:  # noqa: N802
        """As high as a row of the inbox."""
        return QSize(0, self._theme.row_height)

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: Index) -> None:
        """One case."""
        case, now = index.data(_ROW), self._model.now
        if case is None or now is None:
            return
        painter.save()
        self._ground(painter, option)
        rect = option.rect.adjusted(self._theme.px(Gap.LARGE), 0, -self._theme.px(Gap.LARGE), -1)
        half = rect.height() // 2 - self._theme.px(3)
        first = QRect(rect.left(), rect.top() + self._theme.px(5), rect.width(), half)
        second = first.translated(0, half)
        self._first(painter, first, case, now)
        self._second(painter, second, case)
        painter.restore()

    def _first(self, painter: QPainter, room: QRect, case: DisputeRow, now: datetime) -> None:
        theme, waits = self._theme, words.left(case, now)
        pressing = waits.tone == "critical"
        room = self._column(painter, room, _LEFT, waits.text, waits.tone, bold=pressing)
        amount = money(case.dispute.amount)
        room = self._column(painter, room, _AMOUNT, amount, "text", bold=True)
        state = words.state(case)
        painter.setFont(theme.font(Size.TEXT, bold=case.is_ours))
        wide = painter.fontMetrics().horizontalAdvance(state)
        painter.setPen(theme.color(words.state_tone(case)))
        painter.drawText(room, _RIGHT, state)
        said = words.kind_at(case.dispute)
        self._say(painter, room.adjusted(0, 0, -wide - theme.px(Gap.MEDIUM), 0), said, "text")

    def _second(self, painter: QPainter, room: QRect, case: DisputeRow) -> None:
        number = tr("order {number}", number=line(case.order_number)) if case.order_number else ""
        parts = (words.reason(case.dispute), line(case.customer), number)
        said = "  ·  ".join(part for part in parts if part)
        room = room.adjusted(self._theme.px(_LEFT), 0, 0, 0)
        self._say(painter, room, f"{said[:1].upper()}{said[1:]}", "text_muted")

    def _column(
        self, painter: QPainter, room: QRect, width: int, said: str, tone: str, *, bold: bool
    ) -> QRect:
        """Say it in a column, wider where the words are; answers the room beside it."""
        self._say(painter, room, said, tone, bold=bold)
        words_wide = painter.fontMetrics().horizontalAdvance(said) + self._theme.px(Gap.MEDIUM)
        return room.adjusted(max(self._theme.px(width), words_wide), 0, 0, 0)

    def _say(
        self, painter: QPainter, room: QRect, said: str, tone: str, *, bold: bool = False
    ) -> None:
        painter.setFont(self._theme.font(Size.TEXT, bold=bold))
        painter.setPen(self._theme.color(tone))
        shown = painter.fontMetrics().elidedText(said, Qt.TextElideMode.ElideRight, room.width())
        painter.drawText(room, _MIDDLE, shown)

    def _ground(self, painter: QPainter, option: QStyleOptionViewItem) -> None:
        theme, state, rect = self._theme, option.state, option.rect
        selected = bool(state & QStyle.StateFlag.State_Selected)
        hovered = bool(state & QStyle.StateFlag.State_MouseOver)
        token = "selected" if selected else "hover" if hovered else "surface"
        painter.fillRect(rect, theme.color(token))
        painter.setPen(QPen(theme.color("line"), 0))
        left = rect.left() + theme.px(Gap.LARGE + _LEFT)
        painter.drawLine(left, rect.bottom(), rect.right(), rect.bottom())
        if selected and state & QStyle.StateFlag.State_HasFocus:
            painter.fillRect(
                QRect(rect.left(), rect.top(), theme.px(3), rect.height()), theme.color("accent")
            )


class DisputesList(ShortList):
    """The list; `rested` carries the case that is selected, `entered` the one to open."""

    rested = Signal(object)
    entered = Signal(object)

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        self._model = DisputesModel()
        super().__init__(
            self._model,
            name="disputes",
            said=tr("Disputes by the time that is left"),
            parent=parent,
        )
        self._model.setParent(self)
        self.setItemDelegate(DisputesDelegate(theme, self._model, self))
        self.selectionModel().currentChanged.connect(self._moved)
        self.doubleClicked.connect(lambda index: self.entered.emit(index.data(_ROW)))
        theme.changed.connect(self.viewport().update)

    def show_rows(self, rows: Sequence[DisputeRow], now: datetime) -> None:
        """Show these; the selected case stays selected where it still is one of them."""
        before = self.current
        self._model.show_rows(rows, now)
        at = self._model.position(before.id) if before is not None else -1
        if rows:
            self.setCurrentIndex(self._model.index(max(at, 0)))
        self.rested.emit(self.current)

    @property
    def current(self) -> DisputeRow | None:
        """The selected case."""
        found = self.currentIndex().data(_ROW)
        return found if isinstance(found, DisputeRow) else None

    def step(self, by: int) -> None:
        """The next case, or the one before."""
        at = self.currentIndex().row() + by
        if 0 <= at < self._model.rowCount():
            self.setCurrentIndex(self._model.index(at))

    def keyPressEvent(self, event: QKeyEvent) -> None:  # noqa: N802 - Qt's name
        """Enter opens the case; the arrows are the list's own."""
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter) and self.current is not None:
            self.entered.emit(self.current)
            return
        super().keyPressEvent(event)

    def _moved(self, index: QModelIndex, _before: QModelIndex) -> None:
        self.rested.emit(index.data(_ROW))
