"""PromiseForm: one special promise: for whom, about what, how quick, in which hours."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QFrame, QGridLayout, QWidget

from app.domain.translation import to_translate, tr
from app.ui.issue.parts import button, cancel_button, label, row
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
from app.ui.words import kind_word

_AS_USUAL = to_translate("as in the table")


class PromiseForm(QFrame):
    """`done` says that it should stand as it is now, `left` that it should not."""

    changed = Signal()
    done = Signal()
    left = Signal()

    def __init__(self, policy: Mapping[str, Any], *, calendars: Iterable[str]) -> None:
        super().__init__()
        self.setProperty("card", "true")
        self.name = text_field(tr("Wholesale"), tr("Name of the special promise"))
        self.customers = text_field(
            tr("anna@shop.example, *@chain.example; empty: every customer"),
            tr("For which customers"),
        )
        self.kinds = ManyChoice(tr("About what"), kinds_said)
        self.priorities = ManyChoice(tr("How urgent"), priorities_said)
        self.times = {name: text_field(tr(_AS_USUAL), tr(words)) for name, words, _ in TIMES}
        self.calendar = Choice(tr("In which hours it counts"))
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
        kinds = ((kind_word(kind), kind.value) for kind in SHOWN_KINDS)
        self.kinds.fill(kinds, policy.get("kinds", ()))
        urgent = ((f"{tr(words)} ({one})", one) for one, words, _ in PRIORITIES)
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
            (tr("Name"), self.name),
            (tr("Customers"), self.customers),
            (tr("About"), self.kinds),
            (tr("Urgent"), self.priorities),
            *((tr(words), self.times[name]) for name, words, _ in TIMES),
            (tr("Counts"), self.calendar),
        )
        for at, (words, part) in enumerate(rows):
            grid.addWidget(label(words), at, 0)
            grid.addWidget(part, at, 1)
        grid.setColumnStretch(1, 1)
        cancel = cancel_button(self.left.emit, name=tr("Cancel the special promise"))
        grid.addLayout(row(1, cancel, button(tr("Use it"), self.done.emit)), len(rows), 1)
