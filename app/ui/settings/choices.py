"""Choices: several at once, behind one button that says which."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QAction, QKeyEvent, QMouseEvent
from PySide6.QtWidgets import QMenu, QPushButton, QWidget

from app.ui.issue.foreign_text import menu_text


class ManyChoice(QPushButton):
    """A button that says what is chosen and opens a list of ticks; `changed` after each."""

    changed = Signal()

    def __init__(self, name: str, said: Callable[[Sequence[str]], str]) -> None:
        """`said` puts the words of what is chosen on the button."""
        super().__init__()
        self._name = name
        self._said = said
        self._menu = _StayingMenu(self)
        self._menu.setAccessibleName(name)
        self.setMenu(self._menu)
        self.setProperty("variant", "choice")
        self._say()

    def fill(self, choices: Iterable[tuple[str, str]], chosen: Iterable[str]) -> None:
        """Offer these words with their values, and tick what is chosen, offered or not."""
        offered, ticked = list(choices), list(chosen)
        known = {value for _, value in offered}
        offered += [(one, one) for one in ticked if one not in known]
        self._menu.clear()
        for words, value in offered:
            action = self._menu.addAction(menu_text(words))
            action.setCheckable(True)
            action.setData(value)
            action.setChecked(value in ticked)
            action.toggled.connect(self._toggled)
        self._say()

    def values(self) -> list[str]:
        """What is ticked, in the order in which it is offered."""
        return [str(one.data()) for one in self._ticked()]

    def tick(self, value: str, *, on: bool = True) -> None:
        """Tick one, as a click would."""
        for action in self._menu.actions():
            if action.data() == value:
                action.setChecked(on)

    def _ticked(self) -> list[QAction]:
        return [one for one in self._menu.actions() if one.isChecked()]

    def _toggled(self) -> None:
        self._say()
        self.changed.emit()

    def _say(self) -> None:
        words = self._said([one.text().replace("&&", "&") for one in self._ticked()])
        self.setText(f"\u2002{menu_text(words)}")  # Qt leaves no room at the left of a menu
        self.setAccessibleName(f"{self._name}: {words}")


class _StayingMenu(QMenu):
    """Stays open while several are ticked."""

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:  # noqa: N802 - Qt's name
        """A tick, and no more."""
        if not self._tick(self.actionAt(event.position().toPoint())):
            super().mouseReleaseEvent(event)

    def keyPressEvent(self, event: QKeyEvent) -> None:  # noqa: N802 - Qt's name
        """Space and Enter tick; Escape closes."""
        keys = (Qt.Key.Key_Space, Qt.Key.Key_Return, Qt.Key.Key_Enter)
        if not (event.key() in keys and self._tick(self.activeAction())):
            super().keyPressEvent(event)

    @staticmethod
    def _tick(action: QAction | None) -> bool:
        if action is None or not action.isCheckable():
            return False
        action.toggle()
        return True
