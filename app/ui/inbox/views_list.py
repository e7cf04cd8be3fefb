"""ViewsList: where am I; the views with their counts, then what was kept and the kinds that are
there, each under a heading of its own."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from PySide6.QtCore import (
    QAbstractListModel,
    QModelIndex,
    QObject,
    QPersistentModelIndex,
    QPoint,
    QRect,
    QSize,
    Qt,
    Signal,
)
from PySide6.QtGui import QContextMenuEvent, QKeyEvent, QPainter
from PySide6.QtWidgets import (
    QStyle,
    QStyledItemDelegate,
    QStyleOptionViewItem,
    QWidget,
)

from app.domain.assessment import Kind
from app.domain.translation import grouped, to_translate, tr, trn
from app.domain.views import View
from app.ui import words
from app.ui.theme import Theme
from app.ui.tokens import Gap, Size
from app.ui.widgets.short_list import ShortList, soft_ground

_ALWAYS = (View.URGENT, View.OPEN)  # never muted, whatever they hold
_AFTER = (View.WAITING, View.SNOOZED, View.DONE, View.NOISE)
DISPUTES = "disputes"  # a page of its own, among the views
SAVED = "saved:"  # a search that is kept under the name behind it
_ICONS: dict[str, str] = {
    View.URGENT: "flame",
    View.OPEN: "inbox",
    View.MINE: "person",
    View.WAITING: "hourglass",
    View.SNOOZED: "snooze",
    View.INCIDENTS: "storm",
    DISPUTES: "shield",
    View.DONE: "done",
    View.NOISE: "noise",
    View.ALL: "mail",
}
_NAME = int(Qt.ItemDataRole.UserRole)
_NOWHERE = QModelIndex()
_KINDS_SHOWN = 8
KINDS, KEPT = "heading: kinds", "heading: kept"
_HEADINGS = {KINDS: to_translate("Kinds"), KEPT: to_translate("Saved views")}
MORE = "more kinds"  # the line that folds the small kinds away, and unfolds them
_HEIGHT = 30

Index = QModelIndex | QPersistentModelIndex


class ViewsModel(QAbstractListModel):
    """The names of the views in order, with their counts."""

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._counts: dict[str, int] = {}
        self._saved: dict[str, int] = {}
        self._names: list[str] = _names({})
        self._unfolded = False

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
            return self._spoken(name)
        return None

    def flags(self, index: Index) -> Qt.ItemFlag:
        """A heading is read, not chosen; the arrows pass over it."""
        is_heading = index.data(_NAME) in _HEADINGS
        return Qt.ItemFlag.NoItemFlags if is_heading else super().flags(index)

    def _spoken(self, name: str) -> str:
        if name == MORE:
            return self.more_words
        word = view_word(name)
        return word if name in _HEADINGS else f"{word}, {grouped(self.count(name))}"

    @property
    def more_words(self) -> str:
        """What the line says that folds and unfolds the small kinds."""
        hidden = sum(kind not in self._names for kind in _present(self._counts))
        return trn("{n} more kind …", "{n} more kinds …", hidden) if hidden else tr("Fewer kinds")

    def turn_over(self, *, keep: str) -> None:
        """Fold the small kinds away, or unfold them."""
        self._unfolded = not self._unfolded
        self.set_counts(self._counts, keep=keep)

    def count(self, name: str) -> int:
        """How many issues a view holds."""
        return self._saved.get(name, 0) or self._counts.get(name, 0)

    def set_saved(self, counts: Mapping[str, int], *, keep: str) -> None:
        """Show these saved views, with their counts."""
        self._saved = dict(counts)
        self.set_counts(self._counts, keep=keep)

    def position(self, name: str) -> int:
        """Where a view stands, or -1."""
        return self._names.index(name) if name in self._names else -1

    def keep(self, name: str) -> None:
        """Show a view though it may be empty."""
        self.set_counts(self._counts, keep=name)

    def set_counts(self, counts: Mapping[str, int], *, keep: str) -> None:
        """Show these counts; the view `keep` stays though it may be empty."""
        saved = tuple(self._saved)
        names = _names(counts, keep=keep, unfolded=self._unfolded, saved=saved)
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
        if name in _HEADINGS:
            self._heading(painter, rect, name)
            return
        box = rect.adjusted(theme.px(Gap.SMALL), 1, -theme.px(Gap.SMALL), -1)
        selected = bool(state & QStyle.StateFlag.State_Selected)
        soft_ground(painter, box, theme, state=state, selected=selected)
        count = self._model.count(name)
        tone = "accent" if selected else self._tone(name, count)
        indent = 26 if name == MORE or name in set(Kind) else 0
        left = box.left() + theme.px(Gap.SMALL + indent)
        drawing = "bookmark" if name.startswith(SAVED) else _ICONS.get(name, "")
        if drawing:
            side = theme.px(16)
            pixmap = theme.pixmap(drawing, _drawing_tone(tone), 16)
            painter.drawPixmap(left, box.center().y() - side // 2 + 1, pixmap)
            left += theme.px(26)
        room = QRect(left, rect.top(), box.right() - left - theme.px(Gap.SMALL), rect.height())
        self._words(painter, room, name, tone, bold=selected or tone == "critical")

    def _heading(self, painter: QPainter, rect: QRect, name: str) -> None:
        """Quiet, and nearer to what it is over than to what is over it."""
        left = self._theme.px(2 * Gap.SMALL)
        room = rect.adjusted(left, 0, -left, -self._theme.px(Gap.TINY))
        painter.setPen(self._theme.color("text_muted"))
        painter.setFont(self._theme.font(Size.META, bold=True))
        painter.drawText(room, int(Qt.AlignmentFlag.AlignBottom), view_word(name))

    def _words(self, painter: QPainter, room: QRect, name: str, tone: str, *, bold: bool) -> None:
        """The count at the right, the name in what is left of the line."""
        painter.setPen(self._theme.color(tone))
        painter.setFont(self._theme.font(Size.TEXT, bold=bold))
        middle, metrics = int(Qt.AlignmentFlag.AlignVCenter), painter.fontMetrics()
        count = self._model.count(name)
        said = self._model.more_words if name == MORE else view_word(name)
        if count:
            figure = grouped(count)
            painter.drawText(room, middle | int(Qt.AlignmentFlag.AlignRight), figure)
            room.setRight(room.right() - metrics.horizontalAdvance(figure) - self._theme.px(4))
        shown = metrics.elidedText(said, Qt.TextElideMode.ElideRight, room.width())
        painter.drawText(room, middle, shown)

    def _tone(self, name: str, count: int) -> str:
        if name == View.URGENT and count:
            return "critical"
        return "text" if count or name in _ALWAYS else "text_muted"


class ViewsList(ShortList):
    """The views; `chosen` carries the name of the one that was picked. What is asked of a saved one
    carries its own name, and where a menu may open or by how many places it moves."""

    chosen = Signal(str)
    menu_asked = Signal(str, QPoint)
    rename_asked = Signal(str, QPoint)
    remove_asked = Signal(str)
    move_asked = Signal(str, int)

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        self._views = ViewsModel()
        super().__init__(self._views, name="views", said=tr("Views"), parent=parent)
        self._views.setParent(self)
        self._current = str(View.OPEN)
        self.setItemDelegate(ViewsDelegate(theme, self._views, self))
        self.selectionModel().currentChanged.connect(self._picked)
        self.clicked.connect(self._turn_over)
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

    def mark(self, name: str) -> None:
        """Mark the view that is shown already."""
        self._current = name
        self._mark()

    def set_counts(self, counts: Mapping[str, int]) -> None:
        """Show these counts."""
        self._views.set_counts(counts, keep=self._current)
        self._mark()

    def set_saved(self, counts: Mapping[str, int]) -> None:
        """Show these saved views, by their names with `SAVED` before them."""
        self._views.set_saved(counts, keep=self._current)
        self._mark()

    def contextMenuEvent(self, event: QContextMenuEvent) -> None:  # noqa: N802 - Qt's name
        """A right click, or the menu key, on a saved view."""
        by_mouse = event.reason() is QContextMenuEvent.Reason.Mouse
        index = self.indexAt(event.pos()) if by_mouse else self.currentIndex()
        if name := _saved_name(index):
            self.menu_asked.emit(name, event.globalPos() if by_mouse else self._below(index))

    def _below(self, index: QModelIndex) -> QPoint:
        return self.viewport().mapToGlobal(self.visualRect(index).bottomLeft())

    def _edit(self, event: QKeyEvent) -> bool:
        """What the keys do with a saved view; False where they are not about one."""
        name, key = _saved_name(self.currentIndex()), event.key()
        if not name:
            return False
        if key == Qt.Key.Key_F2:
            self.rename_asked.emit(name, self._below(self.currentIndex()))
        elif key == Qt.Key.Key_Delete:
            self.remove_asked.emit(name)
        elif event.modifiers() & Qt.KeyboardModifier.AltModifier and key in _STEPS:
            self.move_asked.emit(name, _STEPS[Qt.Key(key)])
        else:
            return False
        return True

    def keyPressEvent(self, event: QKeyEvent) -> None:  # noqa: N802 - Qt's name
        """Enter on the line that folds the kinds does it; the arrows are the list's own."""
        if self._edit(event):
            return
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter, Qt.Key.Key_Space):
            self._turn_over(self.currentIndex())
            return
        super().keyPressEvent(event)

    def _turn_over(self, index: QModelIndex) -> None:
        if index.data(_NAME) == MORE:
            self._views.turn_over(keep=self._current)
            self._mark()

    def _mark(self) -> None:
        self.selectionModel().blockSignals(True)
        self.setCurrentIndex(self._views.index(self._views.position(self._current)))
        self.selectionModel().blockSignals(False)
        self.viewport().update()

    def _picked(self, index: QModelIndex, _before: QModelIndex) -> None:
        name = index.data(_NAME)
        if isinstance(name, str) and name not in (self._current, MORE):
            self._current = name
            self.chosen.emit(name)


_STEPS = {Qt.Key.Key_Up: -1, Qt.Key.Key_Down: 1}


def view_word(name: str) -> str:
    """The name of a line: a view's, a kind's, a saved one's, a heading's, or that of the page of
    disputes."""
    if name in _HEADINGS:
        return tr(_HEADINGS[name])
    if name.startswith(SAVED):
        return words.one_line(name.removeprefix(SAVED))
    return tr("Disputes") if name == DISPUTES else words.view_word(name)


def _saved_name(index: QModelIndex) -> str:
    """The saved view of a line, or nothing."""
    name = index.data(_NAME)
    is_saved = isinstance(name, str) and name.startswith(SAVED)
    return name.removeprefix(SAVED) if is_saved else ""


def _present(counts: Mapping[str, int], *, keep: str = "") -> list[str]:
    """The kinds that hold something, in the order in which kinds are always named."""
    kinds = (kind for kind in Kind if kind is not Kind.NOT_AN_ISSUE)
    return [str(kind) for kind in kinds if counts.get(kind) or kind == keep]


def _names(
    counts: Mapping[str, int], *, keep: str = "", unfolded: bool = False,
    saved: Sequence[str] = (),
) -> list[str]:  # fmt: skip
    """The views in order, then what is kept, then the kinds, which come and go. Of these the
    smallest beyond eight are folded away; `keep` never is."""
    rare = (View.MINE, DISPUTES, View.INCIDENTS)
    there = [str(name) for name in rare if counts.get(name) or name == keep]
    everything = [str(View.ALL)] if keep == View.ALL else []
    views = [*map(str, _ALWAYS), *there, *map(str, _AFTER), *everything]
    kept = [KEPT, *saved] if saved else []
    kinds = _kinds(counts, keep=keep, unfolded=unfolded)
    return [*views, *kept, KINDS, *kinds] if kinds else [*views, *kept]


def _kinds(counts: Mapping[str, int], *, keep: str, unfolded: bool) -> list[str]:
    present = _present(counts, keep=keep)
    if len(present) <= _KINDS_SHOWN + 1:
        return present
    largest = sorted(present, key=lambda kind: (kind != keep, -counts.get(kind, 0)))
    shown = present if unfolded else largest[:_KINDS_SHOWN]
    return [*(kind for kind in present if kind in shown), MORE]


def _drawing_tone(tone: str) -> str:
    return "text_muted" if tone == "text" else tone
