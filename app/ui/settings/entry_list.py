"""EntryList: entries one below the other, each removable; what was removed can be put back."""

from __future__ import annotations

from collections.abc import Iterable
from functools import partial
from typing import Any

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QLabel, QPushButton, QVBoxLayout, QWidget

from app.domain.translation import tr
from app.ui.issue.foreign_text import line
from app.ui.issue.parts import clear, label, link_button, row


class EntryList(QWidget):
    """Entries with their words and values; `changed` when one goes, comes back or is added."""

    changed = Signal()

    def __init__(self, *, empty: str) -> None:
        super().__init__()
        self._empty = label(empty, role="muted")
        self._entries: list[tuple[str, Any]] = []
        self._gone: set[int] = set()
        self._rows = QVBoxLayout(self)
        self._rows.setContentsMargins(0, 0, 0, 0)
        self._rows.setSpacing(0)

    def fill(self, entries: Iterable[tuple[str, Any]]) -> None:
        """Show these, all of them there."""
        self._entries, self._gone = list(entries), set()
        self._draw()

    def add(self, words: str, value: Any) -> None:
        """One more, at the end."""
        self._entries.append((words, value))
        self._draw()
        self.changed.emit()

    def values(self) -> list[Any]:
        """What stands, without what was removed."""
        return [value for at, (_, value) in enumerate(self._entries) if at not in self._gone]

    def _draw(self) -> None:
        clear(self._rows)
        for at, (words, _) in enumerate(self._entries):
            said = label(line(words), wrap=True)
            verb = link_button(tr("Remove"), name=tr("Remove: {words}", words=line(words)))
            verb.clicked.connect(partial(self._turn, at, said, verb))
            shown = row(said, verb)
            shown.setStretch(0, 1)
            self._rows.addLayout(shown)
        if not self._entries:
            self._empty = label(self._empty.text(), role="muted")
            self._rows.addWidget(self._empty)

    def _turn(self, at: int, said: QLabel, verb: QPushButton) -> None:
        """Remove it, or put it back; the row stays, so that nothing jumps under the pointer."""
        self._gone ^= {at}
        is_gone = at in self._gone
        font = said.font()
        font.setStrikeOut(is_gone)
        said.setFont(font)
        verb.setText(tr("Put back") if is_gone else tr("Remove"))
        verb.setAccessibleName(f"{verb.text()}: {said.text()}")
        self.changed.emit()
