"""One rule in the list: a switch, its name, what it does in a sentence, and what can be done."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QFrame, QPushButton, QVBoxLayout

from app.domain.translation import tr
from app.ui.issue.foreign_text import line
from app.ui.issue.parts import label, link_button, row
from app.ui.settings.rule_words import if_words, then_words, when_words
from app.ui.settings.switch import Switch
from app.ui.theme import Theme
from app.ui.widgets.wrapping import Wrapping


class RuleRow(QFrame):
    """Shows one rule; each signal is a wish."""

    switched = Signal(bool)
    edit_asked = Signal()
    moved = Signal(int)
    delete_asked = Signal()
    apply_asked = Signal()

    def __init__(
        self, rule: Mapping[str, Any], *, theme: Theme, is_first: bool, is_last: bool
    ) -> None:
        super().__init__()
        self.setProperty("card", "true")
        self._name = line(str(rule.get("name", "")))
        on = bool(rule.get("on", True))
        self.switch = Switch(theme=theme)
        self.switch.setAccessibleName(tr("Use the rule {name}", name=self._name))
        self.switch.setChecked(on)
        self.switch.toggled.connect(self.switched)
        self.edit = self._verb(tr("Edit"), self.edit_asked.emit)
        self.up = self._verb(tr("Move up"), lambda: self.moved.emit(-1))
        self.up.setEnabled(not is_first)
        self.down = self._verb(tr("Move down"), lambda: self.moved.emit(1))
        self.down.setEnabled(not is_last)
        self.delete = self._verb(tr("Delete"), self.delete_asked.emit)
        self.apply = self._verb(tr("Apply to open issues"), self.apply_asked.emit)
        self.apply.setEnabled(on)
        column = QVBoxLayout(self)
        column.setContentsMargins(14, 10, 14, 8)
        column.setSpacing(2)
        head = row(label(self._name, role="title"), 1, label("" if on else tr("off"), role="meta"))
        head.addWidget(self.switch, 0, Qt.AlignmentFlag.AlignVCenter)
        column.addLayout(head)
        self.said = label(
            f"{when_words(rule)}\n{if_words(rule)}\n{then_words(rule)}.",
            role="" if on else "muted",
            wrap=True,
        )
        column.addWidget(self.said)
        verbs = Wrapping(self.edit, self.up, self.down, self.delete, self.apply, gap=4)
        column.addLayout(verbs)

    def _verb(self, words: str, act: Any) -> QPushButton:
        return link_button(words, act, name=f"{words}: {self._name}")
