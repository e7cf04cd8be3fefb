"""InboxView: the list itself; a table of one column, because a table lays out no row it hides.

It knows where the mouse is and which verb lies under it; what a verb does is decided elsewhere.
"""

from __future__ import annotations

from PySide6.QtCore import QEvent, QModelIndex, QPersistentModelIndex, QPoint, Qt, QTimer, Signal
from PySide6.QtGui import (
    QContextMenuEvent,
    QFocusEvent,
    QHelpEvent,
    QKeyEvent,
    QMouseEvent,
    QWheelEvent,
)
from PySide6.QtWidgets import QAbstractItemView, QFrame, QHeaderView, QTableView, QToolTip, QWidget

from app.domain.translation import to_translate, tr
from app.domain.views import InboxRow
from app.ui import words
from app.ui.inbox.delegate import RowDelegate
from app.ui.inbox.marks import Marks
from app.ui.inbox.model import ROW, InboxModel
from app.ui.inbox.row_layout import MARK
from app.ui.theme import Theme

_VERB_TIPS = {
    "acknowledge": to_translate("Acknowledge (A)"),
    "snooze": to_translate("Snooze (S)"),
    "resolve": to_translate("Done (E)"),
    "reopen": to_translate("Open again (E)"),
    MARK: to_translate("Select (X)"),
}
# Holding j runs through the list; only where it rests is an issue read.
_REST_MS = 25


def _is_shifted(modifiers: Qt.KeyboardModifier) -> bool:
    return bool(modifiers & Qt.KeyboardModifier.ShiftModifier)


def _is_controlled(modifiers: Qt.KeyboardModifier) -> bool:
    return bool(modifiers & Qt.KeyboardModifier.ControlModifier)


class InboxView(QTableView):
    """The list; `rested` says on which issue the owner is, or None when there is none.

    `is_touched`: keyboard or mouse came to it, so that from now on a jump would be felt.
    """

    rested = Signal(object)
    entered_issue = Signal()
    verb_clicked = Signal(str, object, QPoint)
    menu_asked = Signal(object, QPoint)

    def __init__(
        self,
        *,
        model: InboxModel,
        delegate: RowDelegate,
        theme: Theme,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self._theme, self._rows, self._drawn = theme, model, delegate
        self.is_touched = False
        self._left_at = 0
        self._is_beside = False  # what is shown beside the list is none of its rows
        self._rest = QTimer(self, singleShot=True, interval=_REST_MS)
        self._rest.timeout.connect(lambda: self.rested.emit(self.current_row()))
        self.marks = Marks(self)
        self.marks.changed.connect(self.viewport().update)
        delegate.marks = self.marks
        self.setObjectName("inbox")
        self.setAccessibleName(tr("Issues"))
        self.setModel(model)
        self.setItemDelegate(delegate)
        self._dress()
        theme.changed.connect(self._dress)

    def current_row(self) -> InboxRow | None:
        """The issue that is selected."""
        row = self.currentIndex().data(ROW)
        return row if isinstance(row, InboxRow) else None

    def select(self, position: int) -> None:
        """Select the issue at a position, as near as there is one; -1 selects nothing."""
        last = self._rows.rowCount() - 1
        self._is_beside = False
        if position < 0 or last < 0:
            self.setCurrentIndex(QModelIndex())
            self.clearSelection()
            return
        self.setCurrentIndex(self._rows.index(min(position, last), 0))

    def select_again(self, number: int) -> None:
        """Select an issue that came back, if it is listed here."""
        position = self._rows.position_of(number)
        if position >= 0:
            self.select(position)

    def step(self, by: int) -> None:
        """Select the next or the previous issue; from one that left, what came into its place."""
        self.is_touched = True
        at = self.currentIndex().row()
        if at < 0:
            at = self._left_at - 1 if by > 0 else self._left_at
        self.select(max(0, at + by))

    def mark(self) -> None:
        """Mark the issue that is selected, or take its mark away."""
        self.is_touched = True
        if (row := self.current_row()) is not None:
            self.marks.turn(row.id)

    def mark_all(self) -> None:
        """Mark everything that is listed."""
        self.is_touched = True
        self.marks.all(self._rows.ids)

    def rest(self) -> None:
        """Tell of the selected issue at once."""
        self._rest.stop()
        self.rested.emit(self.current_row())

    def forget(self) -> None:
        """Select nothing, and do not tell: what is shown beside the list may stay."""
        self._left_at = max(0, self.currentIndex().row())
        self._let_go()

    def _let_go(self) -> None:
        self.select(-1)
        self._is_beside = True
        self._rest.stop()

    def currentChanged(  # noqa: N802 - Qt's name
        self,
        current: QModelIndex | QPersistentModelIndex,
        previous: QModelIndex | QPersistentModelIndex,
    ) -> None:
        """The selection moved; wait a moment whether it moves on."""
        super().currentChanged(current, previous)
        self._rest.start()

    def keyPressEvent(self, event: QKeyEvent) -> None:  # noqa: N802 - Qt's name
        """Enter goes into the issue; the arrows are the table's own while a row is selected."""
        self.is_touched = True
        key = event.key()
        if key in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            self.entered_issue.emit()
            return
        if key in (Qt.Key.Key_Up, Qt.Key.Key_Down) and not self.currentIndex().isValid():
            self.step(1 if key == Qt.Key.Key_Down else -1)
            return
        if key in (Qt.Key.Key_Up, Qt.Key.Key_Down) and _is_shifted(event.modifiers()):
            self._span_to(self.currentIndex().row() + (1 if key == Qt.Key.Key_Down else -1))
            return
        super().keyPressEvent(event)

    def _span_to(self, position: int) -> None:
        """Mark from here to there, and stand there."""
        ids, at = self._rows.ids, self.currentIndex().row()
        to = max(0, min(position, len(ids) - 1))
        if ids:
            self.marks.span(ids, start=ids[max(0, at)], end=ids[to])
            self.select(to)

    def mouseMoveEvent(self, event: QMouseEvent) -> None:  # noqa: N802 - Qt's name
        """The row and the verb under the mouse light up."""
        self.is_touched = True
        self._hover(event.position().toPoint())
        if not event.buttons():
            super().mouseMoveEvent(event)

    def contextMenuEvent(self, event: QContextMenuEvent) -> None:  # noqa: N802 - Qt's name
        """The menu key asks for the selected row's menu; the mouse has asked when pressed."""
        row, rect = self.current_row(), self.visualRect(self.currentIndex())
        if event.reason() is QContextMenuEvent.Reason.Keyboard and row is not None:
            self.menu_asked.emit(row, self.viewport().mapToGlobal(rect.center()))

    def wheelEvent(self, event: QWheelEvent) -> None:  # noqa: N802 - Qt's name
        """Scrolled."""
        self.is_touched = True
        super().wheelEvent(event)

    def leaveEvent(self, event: QEvent) -> None:  # noqa: N802 - Qt's name
        """The mouse went away."""
        self._light(-1, "")
        super().leaveEvent(event)

    def mousePressEvent(self, event: QMouseEvent) -> None:  # noqa: N802 - Qt's name
        """A click on a verb does it; on a score, or with Ctrl or Shift, it marks; elsewhere it
        selects."""
        self.is_touched = True
        at = event.position().toPoint()
        index = self.indexAt(at)
        row = index.data(ROW)
        if not isinstance(row, InboxRow):
            return
        if event.button() is Qt.MouseButton.RightButton:
            self.menu_asked.emit(row, self.viewport().mapToGlobal(at))
        elif _is_shifted(event.modifiers()):
            self._span_to(index.row())
        elif self._verb_at(index, at) == MARK or _is_controlled(event.modifiers()):
            self.marks.turn(row.id)
        elif verb := self._verb_at(index, at):
            self.verb_clicked.emit(verb, row, self.viewport().mapToGlobal(at))
        else:
            super().mousePressEvent(event)

    def viewportEvent(self, event: QEvent) -> bool:  # noqa: N802 - Qt's name
        """What a verb is called, and the exact instant of a time."""
        if event.type() is QEvent.Type.ToolTip and isinstance(event, QHelpEvent):
            self._tell(event)
            return True
        return super().viewportEvent(event)

    def focusInEvent(self, event: QFocusEvent) -> None:  # noqa: N802 - Qt's name
        """The keyboard came here: something is selected from now on, unless another issue is
        shown beside the list, which must stay in view."""
        is_beside = self._is_beside
        super().focusInEvent(event)  # Qt itself selects the first row
        if is_beside:
            self._let_go()
        elif not self.currentIndex().isValid() and self._rows.rowCount():
            self.select(0)
        self._set_active(active=True)

    def focusOutEvent(self, event: QFocusEvent) -> None:  # noqa: N802 - Qt's name
        """The keyboard went elsewhere."""
        super().focusOutEvent(event)
        self._set_active(active=False)

    def _set_active(self, *, active: bool) -> None:
        self._drawn.active = active
        self.viewport().update()

    def _hover(self, at: QPoint) -> None:
        index = self.indexAt(at)
        self._light(index.row(), self._verb_at(index, at))

    def _light(self, position: int, verb: str) -> None:
        before = self._drawn.hovered
        if (before, self._drawn.verb) == (position, verb):
            return
        self._drawn.hovered, self._drawn.verb = position, verb
        for each in {before, position} - {-1}:
            self.update(self._rows.index(each, 0))
        hand = Qt.CursorShape.PointingHandCursor if verb else Qt.CursorShape.ArrowCursor
        self.viewport().setCursor(hand)

    def _verb_at(self, index: QModelIndex, at: QPoint) -> str:
        row = index.data(ROW)
        if not isinstance(row, InboxRow):
            return ""
        return self._drawn.verb_at(self.visualRect(index), row, at)

    def _tell(self, event: QHelpEvent) -> None:
        index = self.indexAt(event.pos())
        row = index.data(ROW)
        if not isinstance(row, InboxRow):
            QToolTip.hideText()
            return
        verb = self._verb_at(index, event.pos())
        severity = words.severity_word(row.severity)
        told = tr(_VERB_TIPS[verb]) if verb else f"{severity}, {self._drawn.exact(row)}"
        QToolTip.showText(event.globalPos(), told, self.viewport())

    def _dress(self) -> None:
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setShowGrid(False)
        self.setMouseTracking(True)
        self.setTabKeyNavigation(False)
        self.setSelectionMode(QAbstractItemView.SelectionMode.SingleSelection)
        self.setSelectionBehavior(QAbstractItemView.SelectionBehavior.SelectRows)
        self.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        self.setVerticalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.horizontalHeader().hide()
        self.horizontalHeader().setSectionResizeMode(QHeaderView.ResizeMode.Stretch)
        self.verticalHeader().hide()
        self.verticalHeader().setSectionResizeMode(QHeaderView.ResizeMode.Fixed)
        self.verticalHeader().setDefaultSectionSize(self._theme.row_height)
        self.verticalHeader().setMinimumSectionSize(self._theme.row_height)
        self.verticalScrollBar().setSingleStep(self._theme.row_height // 2)
