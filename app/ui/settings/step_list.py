"""StepList: the steps of one sort of hour while they are edited: add, remove, move, undo."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from functools import partial
from typing import Any

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QVBoxLayout, QWidget

from app.domain.translation import tr
from app.ui.issue.parts import button, clear, label, row
from app.ui.settings.kept_line import KeptLine
from app.ui.settings.step_row import StepRow, fresh_step

Step = dict[str, Any]


class StepList(QWidget):
    """`changed` after every change; the steps are read by `value`."""

    changed = Signal()

    def __init__(self, *, contacts: Sequence[Mapping[str, Any]], empty: str) -> None:
        """`empty` says what it means that there is no step."""
        super().__init__()
        self._contacts = contacts
        self._empty = empty
        self.rows: list[StepRow] = []
        self._rows = QVBoxLayout()
        self._rows.setSpacing(6)
        self.line = KeptLine()
        self.add_button = button(tr("Add a step"), self.add)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.addLayout(self._rows)
        column.addWidget(self.line)
        column.addLayout(row(self.add_button, 1))

    def fill(self, steps: Iterable[Mapping[str, Any]]) -> None:
        """Show these steps."""
        clear(self._rows)
        self.rows = []
        for number, step in enumerate(steps, 1):
            shown = StepRow(step, number=number, contacts=self._contacts)
            shown.changed.connect(self.changed)
            shown.moved.connect(partial(self._move, number - 1))
            shown.gone.connect(partial(self._remove, number - 1))
            self.rows.append(shown)
            self._rows.addWidget(shown)
        if not self.rows:
            self._rows.addWidget(label(self._empty, role="muted", wrap=True))

    def value(self) -> list[Step]:
        """The steps in their order."""
        return [one.value() for one in self.rows]

    def add(self) -> None:
        """One more step at the end."""
        self._change([*self.value(), fresh_step()])
        self.rows[-1].wait.setFocus()

    def say(self, problems: Iterable[Mapping[str, Any]]) -> None:
        """Say beside each step what of it would tell nobody."""
        every = list(problems)
        for at, shown in enumerate(self.rows):
            shown.say(str(one["said"]) for one in every if one["step"] == at)

    def _move(self, at: int, by: int) -> None:
        steps = self.value()
        to = at + by
        if 0 <= to < len(steps):
            steps[at], steps[to] = steps[to], steps[at]
            self._change(steps)

    def _remove(self, at: int) -> None:
        before = self.value()
        self._change([*before[:at], *before[at + 1 :]])
        self.line.say(tr("Step {at} is removed.", at=at + 1), undo=partial(self._change, before))

    def _change(self, steps: Sequence[Step]) -> None:
        self.line.hide()
        self.fill(steps)
        self.changed.emit()
