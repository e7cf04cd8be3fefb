"""PeopleMenu: to whom issues can be given; those who have some already, nobody, any other name."""

from __future__ import annotations

from collections.abc import Iterable

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QLineEdit, QMenu, QWidget, QWidgetAction

from app.domain.translation import tr
from app.ui.issue.foreign_text import line, menu_text
from app.ui.theme import Theme

_LONGEST_NAME = 60
_OFFERED = 12


class PeopleMenu(QMenu):
    """`named` carries a name, empty for nobody."""

    named = Signal(str)

    def __init__(self, *, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(tr("Give it to"), parent)
        self._theme = theme
        self.names: tuple[str, ...] = ()
        self._somebody = QLineEdit(self)
        self._somebody.hide()

    def offer(self, names: Iterable[str], *, assignee: str, nobody: bool) -> None:
        """These people are known, one of them has it; any other name can be written."""
        self.names = tuple(dict.fromkeys(name for name in map(line, names) if name))
        self.clear()
        for name in self.names[:_OFFERED]:
            action = self.addAction(menu_text(name))
            action.setCheckable(True)
            action.setChecked(name == assignee)
            action.triggered.connect(lambda _=False, name=name: self.named.emit(name))
        if nobody:
            self.addAction(tr("Nobody")).triggered.connect(lambda: self.named.emit(""))
        self.addAction(self._field())

    def write_name(self, name: str) -> None:
        """As if somebody had written a name and pressed Enter."""
        self._somebody.setText(name)
        self._written()

    def _field(self) -> QWidgetAction:
        """A line to write a name on; a menu that is cleared takes its line with it."""
        self._somebody = QLineEdit()
        self._somebody.setPlaceholderText(tr("Another name, then Enter"))
        self._somebody.setAccessibleName(tr("Give it to another name"))
        self._somebody.setMaxLength(_LONGEST_NAME)
        self._somebody.setMinimumWidth(self._theme.px(200))
        self._somebody.returnPressed.connect(self._written)
        written = QWidgetAction(self)
        written.setDefaultWidget(self._somebody)
        return written

    def _written(self) -> None:
        if name := line(self._somebody.text()).strip():
            self.named.emit(name)
            self.close()
