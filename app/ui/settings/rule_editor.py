"""RuleEditor: one rule in its form, checked and tried on what has happened while it is filled."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from functools import partial
from typing import Any

from PySide6.QtCore import QTimer, Signal
from PySide6.QtWidgets import QFrame, QVBoxLayout

from app.domain.errors import KnownError
from app.domain.translation import tr, trn
from app.ui.errors import reason
from app.ui.issue.foreign_text import line
from app.ui.issue.parts import button, cancel_button, clear, label, link_button, row
from app.ui.issue.ports import Answer, Asks
from app.ui.settings.rule_form import RuleForm
from app.ui.settings.rule_words import trial_words
from app.ui.theme import set_property

_PAUSE = 350  # milliseconds without a key, before the engine is asked
_SHOWN = 5
_LONGEST = 70
_ANY = "This rule"  # its name while it has none

Rule = dict[str, Any]


class RuleEditor(QFrame):
    """`wanted` carries the rule that is to be kept; `cancelled`: none is; `issues_asked` keys of
    issues to show, and what they are."""

    wanted = Signal(object)
    cancelled = Signal()
    issues_asked = Signal(object, str)

    def __init__(self, *, bridge: Asks) -> None:
        super().__init__()
        self.setProperty("card", "true")
        self._bridge = bridge
        self._asked = 0
        self._told: Answer = {}
        self.title = label(tr("New rule"), role="title")
        self.form = RuleForm()
        self.form.changed.connect(self._typed)
        self.said = label(wrap=True)
        self.lacks = label(role="meta", wrap=True)
        self._matches = QVBoxLayout()
        self._matches.setSpacing(0)
        self.show_all = link_button("", self._show_all)
        self.keep_button = button(
            tr("Keep"), self.keep, variant="primary", name=tr("Keep the rule")
        )
        self.cancel_button = cancel_button(self.cancelled.emit)
        self._soon = QTimer(self, singleShot=True, interval=_PAUSE)
        self._soon.timeout.connect(self._check)
        column = QVBoxLayout(self)
        column.setContentsMargins(14, 12, 14, 10)
        column.setSpacing(8)
        for part in (self.title, self.form, self.said):
            column.addWidget(part)
        column.addLayout(self._matches)
        column.addLayout(row(self.show_all, 1))
        column.addWidget(self.lacks)
        column.addLayout(row(1, self.cancel_button, self.keep_button))

    def begin(self, rule: Mapping[str, Any], *, templates: Iterable[Mapping[str, str]]) -> None:
        """Show this rule; an empty one is a new one."""
        name = line(str(rule.get("name", "")))
        self.title.setText(tr("Change “{name}”", name=name) if rule else tr("New rule"))
        self.form.show_rule(rule, templates=templates)
        self._show_matches({})
        self._say("")
        self._lack("")
        self.keep_button.setEnabled(False)
        if rule:
            self._typed()

    def leave(self) -> None:
        """What is still being asked is not worth an answer any more."""
        self._asked += 1
        self._soon.stop()

    def keep(self) -> None:
        """Want what stands in the form."""
        try:
            rule = self.form.value()
        except KnownError as error:
            self._unfinished(error)
            return
        self.wanted.emit(rule)

    def refuse(self, error: Exception) -> None:
        """Say what is in the way; as it stands it cannot be kept."""
        self._say(_short(error), "critical")
        self._show_matches({})
        self._lack("")
        self.keep_button.setEnabled(False)

    def _typed(self) -> None:
        self._asked += 1
        self._lack("")
        self._soon.start()

    def _check(self) -> None:
        """Ask the engine whether the rule can be kept, and what its condition would have matched:
        that is told before all else is filled in."""
        number = self._asked
        try:
            rule = self.form.value()
        except KnownError as error:
            self._unfinished(error)
            return
        self._bridge.run(
            "check_owner_rule",
            rule=rule,
            then=partial(self._try, number, rule, None),
            failed=lambda error: self._try(number, rule, error, {}),
        )

    def _try(self, number: int, rule: Rule, missing: Exception | None, _: Answer) -> None:
        if number != self._asked:
            return
        self.keep_button.setEnabled(missing is None)
        self._bridge.run(
            "try_owner_rule",
            rule={**rule, "name": _ANY, "when": rule["when"] or ["new"], "stop": True},
            then=partial(self._tried, number, missing),
            failed=partial(self._not_tried, number),
        )

    def _tried(self, number: int, missing: Exception | None, told: Answer) -> None:
        if number == self._asked:
            self._say(trial_words(told))
            self._show_matches(told)
            self._lack("" if missing is None else _short(missing))

    def _not_tried(self, number: int, error: Exception) -> None:
        if number == self._asked:
            self.refuse(error)

    def _unfinished(self, error: KnownError) -> None:
        """Something is still to be filled in: that is no fault."""
        self._say("")
        self._show_matches({})
        self._lack(error.sentence)
        self.keep_button.setEnabled(False)

    def _show_matches(self, told: Answer) -> None:
        """The first of them by name; a click shows one."""
        self._told = told
        clear(self._matches)
        found = told.get("issues", ())
        for one in found[:_SHOWN]:
            subject = line(str(one["subject"])) or tr("(no subject)")
            said = f"{line(str(one['customer']))}: {subject}"
            shown = said if len(said) <= _LONGEST else said[: _LONGEST - 1] + "…"
            ask = partial(self.issues_asked.emit, (one["key"],), subject)
            self._matches.addLayout(
                row(link_button(shown, ask, name=tr("Open: {said}", said=said), shortens=True), 1)
            )
        self.show_all.setText(
            trn("Show {n} issue in the list", "Show {n} issues in the list", len(found))
        )
        self.show_all.setAccessibleName(self.show_all.text())
        self.show_all.setVisible(len(found) > 1)

    def _show_all(self) -> None:
        keys = tuple(str(one["key"]) for one in self._told.get("issues", ()))
        name = self.form.name.text().strip() or tr("This rule")
        self.issues_asked.emit(keys, tr("“{name}” would have matched", name=line(name)))

    def _say(self, words: str, tone: str = "") -> None:
        self.said.setText(words)
        set_property(self.said, "tone", tone)
        self.said.setVisible(bool(words))

    def _lack(self, words: str) -> None:
        self.lacks.setText(words)
        self.lacks.setVisible(bool(words))


def _short(error: Exception) -> str:
    """The same, without saying again which rule it is."""
    named = tr("The rule “{name}” cannot be used", name="\n").partition("\n")[0]
    if isinstance(error, KnownError) and error.title.startswith(named):
        return error.message
    return reason(error)
