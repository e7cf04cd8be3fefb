"""ChoiceList: a short list under a field; words at the left, what is known of them at the right.

The keyboard stays in the field: whoever owns both moves through the list with `step` and takes
with `take`. A choice that is impossible now is shown in grey with the reason, and is not taken.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
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
from PySide6.QtGui import QPainter
from PySide6.QtWidgets import (
    QStyle,
    QStyledItemDelegate,
    QStyleOptionViewItem,
    QWidget,
)

from app.ui.theme import Theme
from app.ui.tokens import Gap, Size
from app.ui.widgets.short_list import ShortList, soft_ground

_CHOICE = int(Qt.ItemDataRole.UserRole)
_HEIGHT = 30
_NOWHERE = QModelIndex()

Index = QModelIndex | QPersistentModelIndex


@dataclass(frozen=True, slots=True)
class Choice:
    """One line. `detail` is what is known of it: its meaning, its key, or why it cannot be."""

    words: str
    detail: str = ""
    drawing: str = ""
    what: Any = None
    is_possible: bool = True


class ChoiceList(ShortList):
    """`taken` carries the Choice."""

    taken = Signal(object)

    def __init__(self, theme: Theme, name: str, parent: QWidget | None = None) -> None:
        self._theme, self._choices = theme, _Choices()
        super().__init__(self._choices, name="choices", said=name, parent=parent)
        self._choices.setParent(self)
        self.setItemDelegate(_ChoiceDelegate(theme, self))
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.clicked.connect(self._clicked)

    @property
    def choices(self) -> Sequence[Choice]:
        """What is offered, in order."""
        return self._choices.every

    @property
    def current(self) -> Choice | None:
        """What would be taken."""
        choice = self.currentIndex().data(_CHOICE)
        return choice if isinstance(choice, Choice) else None

    def offer(self, choices: Sequence[Choice], *, current: int = -1) -> None:
        """Offer these, with one of them marked, or none."""
        self._choices.put(choices)
        self.setCurrentIndex(self._choices.index(current) if choices else QModelIndex())
        self.scrollToTop()

    def step(self, by: int) -> None:
        """Mark the next or the previous one, round the ends."""
        if count := len(self.choices):
            at = self.currentIndex().row()
            at = (at + by) % count if at >= 0 else (0 if by > 0 else count - 1)
            self.setCurrentIndex(self._choices.index(at))

    def take(self) -> bool:
        """Take what is marked; False where nothing is, or where it is impossible now."""
        choice = self.current
        if choice is None or not choice.is_possible:
            return False
        self.taken.emit(choice)
        return True

    def height_of(self, rows: int) -> int:
        """How high the list is when so many can be seen."""
        return rows * self._theme.px(_HEIGHT) + 2 * self._theme.px(Gap.TINY) + 6

    def _clicked(self, index: QModelIndex) -> None:
        self.setCurrentIndex(index)
        self.take()


class _Choices(QAbstractListModel):
    def __init__(self) -> None:
        super().__init__()
        self.every: Sequence[Choice] = ()

    def put(self, choices: Sequence[Choice]) -> None:
        self.beginResetModel()
        self.every = tuple(choices)
        self.endResetModel()

    def rowCount(self, parent: Index = _NOWHERE) -> int:  # noqa: N802 - Qt's name
        return 0 if parent.isValid() else len(self.every)

    def data(self, index: Index, role: int = _CHOICE) -> Any:
        if not index.isValid():
            return None
        choice = self.every[index.row()]
        if role == _CHOICE:
            return choice
        if role in (Qt.ItemDataRole.DisplayRole, Qt.ItemDataRole.AccessibleTextRole):
            return ", ".join(part for part in (choice.words, choice.detail) if part)
        return None


class _ChoiceDelegate(QStyledItemDelegate):
    def __init__(self, theme: Theme, parent: QObject) -> None:
        super().__init__(parent)
        self._theme = theme

    def sizeHint(self, option: QStyleOptionViewItem, index: Index) -> QSize:  # noqa: N802
        return QSize(0, self._theme.px(_HEIGHT))

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: Index) -> None:
        theme, choice = self._theme, index.data(_CHOICE)
        marked = bool(option.state & QStyle.StateFlag.State_Selected)
        box = option.rect.adjusted(theme.px(Gap.TINY), 1, -theme.px(Gap.TINY), -1)
        soft_ground(painter, box, theme, state=option.state, selected=marked)
        room = box.adjusted(theme.px(Gap.SMALL), 0, -theme.px(Gap.SMALL), 0)
        if choice.drawing:
            pixmap = theme.pixmap(choice.drawing, "text_muted", 16)
            painter.drawPixmap(room.left(), room.center().y() - theme.px(16) // 2 + 1, pixmap)
            room.setLeft(room.left() + theme.px(26))
        self._words(painter, room, choice)

    def _words(self, painter: QPainter, room: QRect, choice: Choice) -> None:
        """The words first; what is known of them gets the room that is left, at the right."""
        theme, middle = self._theme, int(Qt.AlignmentFlag.AlignVCenter)
        painter.setFont(theme.font(Size.TEXT))
        painter.setPen(theme.color("text" if choice.is_possible else "text_muted"))
        metrics = painter.fontMetrics()
        said = metrics.elidedText(choice.words, Qt.TextElideMode.ElideRight, room.width())
        painter.drawText(room, middle, said)
        rest = QRect(room)
        rest.setLeft(room.left() + metrics.horizontalAdvance(said) + theme.px(Gap.LARGE))
        painter.setPen(theme.color("text_muted"))
        detail = metrics.elidedText(choice.detail, Qt.TextElideMode.ElideRight, rest.width())
        painter.drawText(rest, middle | int(Qt.AlignmentFlag.AlignRight), detail)
