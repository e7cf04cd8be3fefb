"""PromiseForm: one special promise: for whom, about what, how quick, in which hours."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QFrame, QGridLayout, QWidget

from app.ui.issue.parts import button, label, row
from app.ui.settings.choices import ManyChoice
from app.ui.settings.day_adders import text_field
from app.ui.settings.promise_words import (
    PRIORITIES,
    SHOWN_KINDS,
    TIMES,
    calendar_words,
    kinds_said,
    priorities_said,
)
from app.ui.widgets.choice import Choice
from app.ui.words import KIND_WORDS

_AS_USUAL = "as in the table"


class PromiseForm(QFrame):
    """`done` says that it should stand as it is now, `left` that it should not."""

    changed = Signal()
    done = Signal()
    left = Signal()

    def __init__(self, policy: Mapping[str, Any], *, calendars: Iterable[str]) -> None:
        super().__init__()
        self.setProperty("card", "true")
        self.name = text_field("Wholesale", "Name of the special promise")
        self.customers = text_field(
            "anna@shop.example, *@chain.example; empty: every customer", "For which customers"
        )
        self.kinds = ManyChoice("About what", kinds_said)
        self.priorities = ManyChoice("How urgent", priorities_said)
        self.times = {name: text_field(_AS_USUAL, words) for name, words, _ in TIMES}
        self.calendar = Choice("In which hours it counts")
        self._show(policy, calendars)
        self._lay_out()
        fields = (self.name, self.customers, *self.times.values())
        for field in fields:
            field.textChanged.connect(lambda _: self.changed.emit())
        for many in (self.kinds, self.priorities):
            many.changed.connect(self.changed)
        self.calendar.currentIndexChanged.connect(lambda _: self.changed.emit())

    def value(self) -> dict[str, Any]:
        """The special promise as the engine has it."""
        return {
            "name": self.name.text().strip(),
            "customers": [one.strip() for one in self.customers.text().split(",") if one.strip()],
            "kinds": self.kinds.values(),
            "priorities": self.priorities.values(),
            "calendar": self.calendar.currentData(),
            **{name: field.text().strip() for name, field in self.times.items()},
        }

    def _show(self, policy: Mapping[str, Any], calendars: Iterable[str]) -> None:
        self.name.setText(str(policy.get("name", "")))
        self.customers.setText(", ".join(policy.get("customers", ())))
        kinds = ((KIND_WORDS[kind], kind.value) for kind in SHOWN_KINDS)
        self.kinds.fill(kinds, policy.get("kinds", ()))
        urgent = ((f"{words} ({one})", one) for one, words, _ in PRIORITIES)
        self.priorities.fill(urgent, policy.get("priorities", ()))
        for name, field in self.times.items():
            field.setText(str(policy.get(name, "")))
        named = ((calendar_words(one), one) for one in calendars)
        self.calendar.offer(named, policy.get("calendar", "shop"))

    def _lay_out(self) -> None:
        grid = QGridLayout(self)
        grid.setContentsMargins(14, 12, 14, 12)
        grid.setHorizontalSpacing(12)
        rows: tuple[tuple[str, QWidget], ...] = (
            ("Name", self.name),
            ("Customers", self.customers),
            ("About", self.kinds),
            ("Urgent", self.priorities),
            *((words, self.times[name]) for name, words, _ in TIMES),
            ("Counts", self.calendar),
        )
        for at, (words, part) in enumerate(rows):
            grid.addWidget(label(words), at, 0)
            grid.addWidget(part, at, 1)
        grid.setColumnStretch(1, 1)
        cancel = button("Leave it as it was", self.left.emit, variant="quiet")
        grid.addLayout(row(1, cancel, button("Done", self.done.emit)), len(rows), 1)
