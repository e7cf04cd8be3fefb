"""ViewsList: where am I; the views with their counts, and under Open the kinds that are there."""

from __future__ import annotations

from collections.abc import Mapping
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
    QAbstractItemView,
    QFrame,
    QListView,
    QStyle,
    QStyledItemDelegate,
    QStyleOptionViewItem,
    QWidget,
)

from app.domain.assessment import Kind
from app.domain.views import View
from app.ui import words
from app.ui.theme import Theme
from app.ui.tokens import Gap, Size

_ALWAYS = (View.URGENT, View.OPEN)
_AFTER = (View.WAITING, View.SNOOZED, View.DONE, View.NOISE)
_ICONS: dict[str, str] = {
    View.URGENT: "flame",
    View.OPEN: "inbox",
    View.MINE: "person",
    View.WAITING: "hourglass",
    View.SNOOZED: "snooze",
    View.DONE: "done",
    View.NOISE: "noise",
    View.ALL: "mail",
}
_NAME = int(Qt.ItemDataRole.UserRole)
_NOWHERE = QModelIndex()
_HEIGHT = 30

Index = QModelIndex | QPersistentModelIndex


class ViewsModel(QAbstractListModel):
    """The names of the views in order, with their counts."""

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._counts: dict[str, int] = {}
        self._names: list[str] = _names({})

    def rowCount(self, parent: Index = _NOWHERE) -> int:  # noqa: N802 - Qt's name
        """How many views there are."""
        return 0 if parent.isValid() else len(self._names)

    def data(self, index: Index, role: int = _NAME) -> Any:
        """The view's name, or its words for somebody who does not see it."""
        if not index.isValid():
            return None
        name = self._names[index.row()]
        if role == _NAME:
            return name
        if role in (Qt.ItemDataRole.DisplayRole, Qt.ItemDataRole.AccessibleTextRole):
            return f"{words.view_word(name)}, {words.count(self.count(name))}"
        return None

    def count(self, name: str) -> int:
        """How many issues a view holds."""
        return self._counts.get(name, 0)

    def position(self, name: str) -> int:
        """Where a view stands, or -1."""
        return self._names.index(name) if name in self._names else -1

    def keep(self, name: str) -> None:
        """Show a view though it may be empty."""
        self.set_counts(self._counts, keep=name)

    def set_counts(self, counts: Mapping[str, int], *, keep: str) -> None:
        """Show these counts; the view `keep` stays though it may be empty."""
        names = _names(counts, keep=keep)
        self._counts = dict(counts)
        if names != self._names:
            self.beginResetModel()
            self._names = names
            self.endResetModel()
        elif names:
            self.dataChanged.emit(self.index(0), self.index(len(names) - 1))


class ViewsDelegate(QStyledItemDelegate):
    """Draws a view: drawing, name, count. Urgent is red as long as it is not empty."""

    def __init__(self, theme: Theme, model: ViewsModel, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._theme, self._model = theme, model

    def sizeHint(self, option: QStyleOptionViewItem, index: Index) -> QSize:  # noqa: N802
        """Every view is as high as every other."""
        return QSize(0, self._theme.px(_HEIGHT))

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: Index) -> None:
        """One view."""
        theme, rect, state = self._theme, option.rect, option.state
        name = str(index.data(_NAME))
        box = rect.adjusted(theme.px(Gap.SMALL), 1, -theme.px(Gap.SMALL), -1)
        selected = bool(state & QStyle.StateFlag.State_Selected)
        self._ground(painter, box, state, selected=selected)
        count = self._model.count(name)
        tone = "accent" if selected else self._tone(name, count)
        indent = 26 if name in set(Kind) else 0
        left = box.left() + theme.px(Gap.SMALL + indent)
        if name in _ICONS:
            side = theme.px(16)
            pixmap = theme.pixmap(_ICONS[name], _drawing_tone(tone), 16)
            painter.drawPixmap(left, box.center().y() - side // 2 + 1, pixmap)
            left += theme.px(26)
        painter.setPen(theme.color(tone))
        painter.setFont(theme.font(Size.TEXT, bold=selected or tone == "critical"))
        middle = int(Qt.AlignmentFlag.AlignVCenter)
        text = QRect(left, box.top(), box.right() - left - theme.px(48), box.height())
        painter.drawText(text, middle, words.view_word(name))
        if count:
            painter.setPen(theme.color("text_muted" if tone == "text" else tone))
            edge = box.adjusted(0, 0, -theme.px(Gap.SMALL), 0)
            painter.drawText(edge, middle | int(Qt.AlignmentFlag.AlignRight), words.count(count))

    def _ground(
        self, painter: QPainter, box: QRect, state: QStyle.StateFlag, *, selected: bool
    ) -> None:
        hovered = bool(state & QStyle.StateFlag.State_MouseOver)
        focused = bool(state & QStyle.StateFlag.State_HasFocus)
        if not (selected or hovered or focused):
            return
        painter.save()
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        ground = "selected" if selected else "hover"
        painter.setBrush(self._theme.color(ground))
        painter.setPen(self._theme.color("accent") if focused else Qt.PenStyle.NoPen)
        painter.drawRoundedRect(box, self._theme.px(6), self._theme.px(6))
        painter.restore()

    def _tone(self, name: str, count: int) -> str:
        if name == View.URGENT and count:
            return "critical"
        return "text" if count or name in _ALWAYS else "text_muted"


class ViewsList(QListView):
    """The views; `chosen` carries the name of the one that was picked."""

    chosen = Signal(str)

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._views = ViewsModel(self)
        self._current = str(View.OPEN)
        self.setObjectName("views")
        self.setAccessibleName("Views")
        self.setModel(self._views)
        self.setItemDelegate(ViewsDelegate(theme, self._views, self))
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setMouseTracking(True)
        self.setUniformItemSizes(True)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        self.selectionModel().currentChanged.connect(self._picked)
        theme.changed.connect(self.viewport().update)

    @property
    def current(self) -> str:
        """The view that is shown."""
        return self._current

    def count(self, name: str) -> int:
        """How many issues a view holds, as last told."""
        return self._views.count(name)

    def go(self, name: str) -> None:
        """Show another view."""
        self._current = name
        if self._views.position(name) < 0:
            self._views.keep(name)
        self._mark()
        self.chosen.emit(name)

    def set_counts(self, counts: Mapping[str, int]) -> None:
        """Show these counts."""
        self._views.set_counts(counts, keep=self._current)
        self._mark()

    def _mark(self) -> None:
        self.selectionModel().blockSignals(True)
        self.setCurrentIndex(self._views.index(self._views.position(self._current)))
        self.selectionModel().blockSignals(False)
        self.viewport().update()

    def _picked(self, index: QModelIndex, _before: QModelIndex) -> None:
        name = index.data(_NAME)
        if isinstance(name, str) and name != self._current:
            self._current = name
            self.chosen.emit(name)


def _names(counts: Mapping[str, int], *, keep: str = "") -> list[str]:
    kinds = [kind for kind in Kind if kind is not Kind.NOT_AN_ISSUE]
    present = [str(kind) for kind in kinds if counts.get(kind) or kind == keep]
    mine = [str(View.MINE)] if counts.get(View.MINE) or keep == View.MINE else []
    everything = [str(View.ALL)] if keep == View.ALL else []
    return [*map(str, _ALWAYS), *present, *mine, *map(str, _AFTER), *everything]


def _drawing_tone(tone: str) -> str:
    return "text_muted" if tone == "text" else tone
