"""PromiseTable: what is promised by how urgent it is, a field for each time."""

from __future__ import annotations

from collections.abc import Mapping

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QFrame, QGridLayout, QLineEdit

from app.domain import time_text
from app.domain.translation import to_translate, tr
from app.ui.issue.parts import label
from app.ui.settings.promise_words import PRIORITIES, TIMES

Times = Mapping[str, Mapping[str, str]]
_NOTHING = to_translate("not promised")
_NEVER = to_translate("never")


class PromiseTable(QFrame):
    """Edits the times; `changed` after every key."""

    changed = Signal()

    def __init__(self) -> None:
        super().__init__()
        self.setProperty("card", "true")
        self.fields: dict[tuple[str, str], QLineEdit] = {}
        grid = QGridLayout(self)
        grid.setContentsMargins(14, 12, 14, 12)
        grid.setHorizontalSpacing(8)
        grid.setVerticalSpacing(8)
        for column, (_, words, about) in enumerate(TIMES, start=1):
            head = label(tr(words), role="strong", wrap=True)
            head.setToolTip(tr(about))
            grid.addWidget(head, 0, column)
            grid.setColumnStretch(column, 2)
        grid.setColumnStretch(0, 3)
        for at, (priority, words, about) in enumerate(PRIORITIES, start=1):
            name = label(f"{tr(words)}\u2002{priority}", role="strong")
            grid.addWidget(name, at * 2 - 1, 0)
            said = label(tr(about), role="meta", wrap=True)
            grid.addWidget(said, at * 2, 0)
            for column, (promise, what, _) in enumerate(TIMES, start=1):
                field = self._field(promise, f"{tr(what)}, {tr(words)} ({priority})")
                grid.addWidget(field, at * 2 - 1, column)
                self.fields[promise, priority] = field

    def show_times(self, times: Times) -> None:
        """Show these."""
        self.blockSignals(True)
        for (promise, priority), field in self.fields.items():
            text = times.get(promise, {}).get(priority, "none")
            field.setText(time_text.field_text(text))
        self.blockSignals(False)

    def value(self) -> dict[str, dict[str, str]]:
        """What stands in the fields, as it was typed; an empty one promises nothing."""
        found: dict[str, dict[str, str]] = {promise: {} for promise, _, _ in TIMES}
        for (promise, priority), field in self.fields.items():
            found[promise][priority] = field.text().strip() or "none"
        return found

    def _field(self, promise: str, name: str) -> QLineEdit:
        field = QLineEdit()
        field.setAccessibleName(name)
        nothing = _NEVER if promise == "warn" else _NOTHING
        field.setPlaceholderText(tr(nothing))
        field.setMinimumWidth(84)
        field.textChanged.connect(lambda _: self.changed.emit())
        return field
