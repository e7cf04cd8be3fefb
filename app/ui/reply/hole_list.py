"""The holes that are left, named beside the button; a click goes to the place in the text."""

from __future__ import annotations

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QWidget

from app.domain.translation import tr, trn
from app.ui.issue.parts import clear, label, link_button, row
from app.ui.reply.holes import Hole, holes, names

_AT_MOST = 3


class HoleList(QWidget):
    """Lists the holes of a text; hidden when there is none."""

    chosen = Signal(object)

    def __init__(self) -> None:
        super().__init__()
        self._holes: tuple[Hole, ...] = ()
        self._named: tuple[str, ...] = ()
        self._line = row(gap=2)
        self.setLayout(self._line)
        self.hide()

    def show_text(self, text: str) -> None:
        """Find the holes of this text."""
        self._holes = holes(text)
        named = names(self._holes)
        if named != self._named:
            self._named = named
            self._draw()
        self.setVisible(bool(named))

    def go_to_first(self) -> None:
        """Go to the first hole, if there is one."""
        if self._holes:
            self.chosen.emit(self._holes[0])

    def _draw(self) -> None:
        clear(self._line)
        words = trn("{n} place to fill:", "{n} places to fill:", len(self._named))
        self._line.addWidget(label(words, role="meta", tone="high"))
        for name in self._named[:_AT_MOST]:
            shown = link_button(name, name=tr("Go to: {name}", name=name))
            shown.clicked.connect(lambda _=False, name=name: self._go(name))
            self._line.addWidget(shown)
        if len(self._named) > _AT_MOST:
            more = len(self._named) - _AT_MOST
            self._line.addWidget(label(tr("and {more} more", more=more), role="meta"))
        self._line.addStretch(1)

    def _go(self, name: str) -> None:
        place = next((hole for hole in self._holes if hole.name == name), None)
        if place is not None:
            self.chosen.emit(place)
