"""Replacements: who stands in for whom, and when: a list, and a line for another."""

from __future__ import annotations

from collections.abc import Mapping
from functools import partial
from typing import Any

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QVBoxLayout, QWidget

from app.domain.translation import to_translate, tr
from app.ui.issue.foreign_text import line
from app.ui.issue.parts import button, clear, label, link_button, row
from app.ui.issue.ports import Answer, Asks
from app.ui.settings.day_adders import date_field
from app.ui.settings.kept_line import KeptLine
from app.ui.settings.rota_words import replacement_words
from app.ui.widgets.choice import Choice

_NONE = to_translate("Nobody stands in for anybody.")


class Replacements(QWidget):
    """`changed` carries the rota as it is then."""

    changed = Signal(dict)

    def __init__(self, *, bridge: Asks) -> None:
        super().__init__()
        self._bridge = bridge
        self._handoff = "09:00"
        self.by, self.of = Choice(tr("Who stands in")), Choice(tr("For whom"))
        self.begin, self.end = date_field(tr("From which day")), date_field(tr("Until which day"))
        self.begin.dateChanged.connect(self._at_least)
        self.add_button = button(tr("Add"), self.add, name=tr("Add the replacement"))
        self._rows = QVBoxLayout()
        self._rows.setSpacing(0)
        self.line = KeptLine()
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.addLayout(self._rows)
        column.addLayout(row(self.by, label(tr("instead of")), self.of, 1))
        days = row(label(tr("from")), self.begin, label(tr("to")), self.end, 1, self.add_button)
        column.addLayout(days)
        column.addWidget(self.line)

    def show_rota(self, rota: Mapping[str, Any], names: list[str]) -> None:
        """Show who stands in, and offer these people."""
        rotation = rota.get("rotation") or {}
        self._handoff = str(rotation.get("handoff", "09:00"))[:5]
        clear(self._rows)
        for one in rotation.get("replacements", ()):
            words = replacement_words(one, rota)
            said = label(words, wrap=True)
            verb = link_button(
                tr("Remove"),
                partial(self._remove, one, words),
                name=tr("Remove: {words}", words=words),
            )
            shown = row(said, verb)
            shown.setStretch(0, 1)
            self._rows.addLayout(shown)
        if not rotation.get("replacements"):
            self._rows.addWidget(label(tr(_NONE), role="muted"))
        members = list(rotation.get("members", ()))
        self.of.offer(((line(one), one) for one in members), None)
        others = [one for one in names if one not in members[:1]]
        self.by.offer(((line(one), one) for one in (*others, *members[:1])), None)

    def add(self) -> None:
        """Have the engine let somebody stand in, from hand-over to hand-over."""
        self._ask(
            str(self.of.currentData() or ""),
            str(self.by.currentData() or ""),
            f"{self.begin.date().toString('yyyy-MM-dd')}T{self._handoff}",
            f"{self.end.date().addDays(1).toString('yyyy-MM-dd')}T{self._handoff}",
        )

    def _ask(self, of: str, by: str, begin: str, end: str) -> None:
        self._bridge.run(
            "replace_on_call", of=of, by=by, begin=begin, end=end,
            then=self._done, failed=self.line.refuse,
        )  # fmt: skip

    def _remove(self, one: Mapping[str, Any], words: str) -> None:
        back = partial(self._ask, str(one["of"]), str(one["by"]), str(one["from"]), str(one["to"]))
        self._bridge.run(
            "end_replacement", of=one["of"], by=one["by"], begin=one["from"],
            then=partial(self._gone, words, back), failed=self.line.refuse,
        )  # fmt: skip

    def _gone(self, words: str, back: Any, answer: Answer) -> None:
        self.changed.emit(answer)
        self.line.say(tr("Removed: {words}.", words=words), undo=back)

    def _done(self, answer: Answer) -> None:
        self.line.hide()
        self.changed.emit(answer)

    def _at_least(self) -> None:
        if self.end.date() < self.begin.date():
            self.end.setDate(self.begin.date())
