"""Palette: a card over the window; a few letters, and Enter does what they name.

It shows the shortcut beside each command, so that it is needed less and less, and says of what is
impossible now why it is. The keyboard goes back to where it was.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence

from PySide6.QtCore import QEvent, QObject, Qt
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QApplication, QFrame, QLineEdit, QVBoxLayout, QWidget

from app.domain.translation import tr
from app.ui.palette.commands import Command, ranked
from app.ui.theme import Theme
from app.ui.tokens import Gap
from app.ui.widgets.choice_list import Choice, ChoiceList

_KEPT = 8
_WIDTH = 560
_ROWS = 11


class Palette(QFrame):
    """Lies over its parent. `recent` are the names of what was done, the latest first; `otherwise`
    makes the last command of whatever was typed."""

    def __init__(self, theme: Theme, parent: QWidget) -> None:
        super().__init__(parent)
        self._theme, self._around = theme, parent
        self._commands: tuple[Command, ...] = ()
        self._before: QWidget | None = None
        self.recent: list[str] = []
        self.otherwise: Callable[[str], Command] | None = None
        self.setProperty("card", "true")
        self.setAccessibleName(tr("Commands"))
        self.field, self.list = QLineEdit(), ChoiceList(theme, tr("What can be done"))
        self.field.setAccessibleName(tr("What do you want to do"))
        self.field.setPlaceholderText(tr("What do you want to do"))
        self.field.setMaxLength(100)
        self.field.textChanged.connect(self._show_found)
        self.field.installEventFilter(self)
        self.list.taken.connect(self._taken)
        column = QVBoxLayout(self)
        column.setContentsMargins(Gap.SMALL, Gap.SMALL, Gap.SMALL, Gap.TINY)
        column.setSpacing(Gap.TINY)
        column.addWidget(self.field)
        column.addWidget(self.list)
        parent.installEventFilter(self)
        self.hide()

    def open(self, commands: Sequence[Command]) -> None:
        """Offer these."""
        if self.isHidden():
            self._before = QApplication.focusWidget()
        self._commands = tuple(commands)
        self.field.clear()
        self._show_found()
        self._place()
        self.show()
        self.raise_()
        self.field.setFocus()

    def offer_more(self, commands: Sequence[Command]) -> None:
        """These came later: what had to be asked for first."""
        if not self.isHidden():
            self._commands += tuple(commands)
            self._show_found()

    def close_up(self) -> None:
        """Go away, with the keyboard back where it was."""
        if self.isHidden():
            return
        before, self._before = self._before, None
        self.hide()
        if before is not None and before.isVisible():
            before.setFocus()

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:  # noqa: N802 - Qt's name
        """The field's keys move through the list; the card keeps its place in the window."""
        if watched is self._around and event.type() is QEvent.Type.Resize:
            self._place()
        if watched is self.field and event.type() is QEvent.Type.FocusOut:
            self.hide()
        if watched is self.field and isinstance(event, QKeyEvent):
            is_press = event.type() is QEvent.Type.KeyPress
            return is_press and self._pressed(Qt.Key(event.key()))
        return super().eventFilter(watched, event)

    def _pressed(self, key: Qt.Key) -> bool:
        if key in (Qt.Key.Key_Down, Qt.Key.Key_Tab):
            self.list.step(1)
        elif key in (Qt.Key.Key_Up, Qt.Key.Key_Backtab):
            self.list.step(-1)
        elif key in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            self.list.take()
        elif key is Qt.Key.Key_Escape:
            self.close_up()
        else:
            return False
        return True

    def _show_found(self) -> None:
        typed = self.field.text().strip()
        found = ranked(self._commands, typed, recent=self.recent)
        if typed and self.otherwise is not None:
            found.append(self.otherwise(typed))
        choices = [_choice(command) for command in found]
        self.list.offer(
            choices or [Choice(tr("Nothing is called that"), is_possible=False)], current=0
        )
        self._place()

    def _taken(self, choice: Choice) -> None:
        command: Command = choice.what
        rest = [name for name in self.recent if name != command.name]
        self.recent = [command.name, *rest][:_KEPT]
        self.close_up()
        command.act()

    def _place(self) -> None:
        width = min(self._theme.px(_WIDTH), self._around.width() - 2 * Gap.HUGE)
        rows = min(_ROWS, max(1, self.list.model().rowCount()))
        height = self.list.height_of(rows) + self.field.sizeHint().height() + Gap.HUGE
        height = min(height, self._around.height() - 2 * Gap.HUGE)
        top = max(Gap.HUGE, self._around.height() // 8)
        self.setGeometry((self._around.width() - width) // 2, top, width, height)


def _choice(command: Command) -> Choice:
    why_not = command.why_not()
    detail = why_not or command.keys
    return Choice(command.words, detail, command.drawing, command, is_possible=not why_not)
