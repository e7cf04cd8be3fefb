"""RulesCard: the owner's rules in their order; made and changed in a form that is checked and
tried on what has happened while it is filled."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import partial
from typing import Any

from PySide6.QtCore import QTimer, Signal
from PySide6.QtWidgets import QFrame, QVBoxLayout

from app.domain.errors import KnownError
from app.ui.issue.foreign_text import line
from app.ui.issue.parts import button, clear, label, link_button, row
from app.ui.issue.ports import Answer, Asks
from app.ui.settings.rule_form import RuleForm
from app.ui.settings.rule_row import RuleRow
from app.ui.settings.rule_words import trial_words
from app.ui.theme import Theme, set_property
from app.ui.words import counted

_PAUSE = 350  # milliseconds without a key, before the engine is asked
_SHOWN = 5
_LONGEST = 70
_NONE = (
    "No rules yet. A rule sorts issues as they come: it gives them to a person, tags them, says"
    " how bad they are, or keeps them quiet. It never sends anything, and your word always stands."
)
_SOME = "Asked from top to bottom. What you decide about an issue yourself always stands."

_ANY = "This rule"

Rule = dict[str, Any]


class RulesCard(QFrame):
    """Shows and changes the rules; `issues_asked` carries keys to show, and what they are;
    `opened` what should be in view now, `closed` that the rules themselves should be."""

    opened = Signal(object)
    closed = Signal()
    issues_asked = Signal(object, str)

    def __init__(self, *, bridge: Asks, theme: Theme) -> None:
        super().__init__()
        self._bridge = bridge
        self._theme = theme
        self._answer: Answer = {}
        self._changing = ""  # the name of the rule in the form; none: a new one
        self._asked = 0
        self._before: list[Rule] = []
        self._told: Answer = {}
        self.rows: list[RuleRow] = []
        self._rows = QVBoxLayout()
        self._rows.setSpacing(8)
        self.state = label(_NONE, role="muted", wrap=True)
        self.trouble = label(tone="critical", wrap=True)
        self.trouble.hide()
        self.deleted = label()
        self.undo_button = link_button("Undo", self.undo, name="Bring the deleted rule back")
        self.new_button = button("New rule", self.open_new)
        self.form_frame = QFrame()
        self.form_frame.setProperty("card", "true")
        self.form_title = label("New rule", role="title")
        self.form = RuleForm()
        self.form.changed.connect(self._typed)
        self.said = label(wrap=True)
        self.lacks = label(role="meta", wrap=True)
        self._matches = QVBoxLayout()
        self._matches.setSpacing(0)
        self.show_all = link_button("Show all of them", self._show_all)
        self.keep_button = button("Keep", self.keep, variant="primary", name="Keep the rule")
        self.cancel_button = button("Cancel", self.close_form, variant="quiet")
        self._soon = QTimer(self, singleShot=True, interval=_PAUSE)
        self._soon.timeout.connect(self._check)
        self._lay_out()

    def reload(self) -> None:
        """Read the rules from the engine; a form that is open stays as it is."""
        self._bridge.run("owner_rules", then=self._show, failed=self._refused)

    def open_new(self) -> None:
        """Show an empty form."""
        self._open({})

    def keep(self) -> None:
        """Have the engine keep what stands in the form."""
        try:
            rule = self.form.value()
        except KnownError as error:
            self._unfinished(error)
            return
        rules = self._rules
        places = [at for at, one in enumerate(rules) if one["name"] == self._changing]
        for place in places:
            rules[place] = {**rule, "on": rules[place]["on"]}
        rules += [] if places else [rule]
        self._set(rules, then=self.close_form, failed=self._form_refused)

    def close_form(self) -> None:
        """Away with the form, as if nothing had been written in it."""
        self._asked += 1
        self._soon.stop()
        self.new_button.show()
        if self.form_frame.isVisibleTo(self):
            self.new_button.setFocus()  # before its place is gone, or it would go far away
            self.form_frame.hide()
            self.closed.emit()

    def undo(self) -> None:
        """Bring back what was deleted last."""
        before, self._before = self._before, []
        self._set(before, then=self._hide_deleted)

    @property
    def _rules(self) -> list[Rule]:
        return [dict(one) for one in self._answer.get("rules", ())]

    def _show(self, answer: Answer) -> None:
        self._answer = answer
        trouble = str(answer.get("trouble", ""))
        self.trouble.setText(line(trouble))
        self.trouble.setVisible(bool(trouble))
        clear(self._rows)
        self.rows = []
        rules = self._rules
        for place, rule in enumerate(rules):
            shown = RuleRow(
                rule, theme=self._theme, is_first=place == 0, is_last=place == len(rules) - 1
            )
            shown.switched.connect(partial(self._switch, place))
            shown.edit_asked.connect(partial(self._open, rule))
            shown.moved.connect(partial(self._move, place))
            shown.delete_asked.connect(partial(self._delete, place))
            self.rows.append(shown)
            self._rows.addWidget(shown)
        self.state.setText(_SOME if rules else _NONE)

    def _open(self, rule: Mapping[str, Any]) -> None:
        self._changing = str(rule.get("name", ""))
        self.form_title.setText(f"Change “{line(self._changing)}”" if rule else "New rule")
        self.form.show_rule(rule, templates=self._answer.get("templates", ()))
        self._show_matches({})
        self._say("")
        self._lack("")
        self.keep_button.setEnabled(False)
        self.form_frame.show()
        self.form.name.setFocus()
        self.new_button.hide()
        QTimer.singleShot(0, self, lambda: self.opened.emit(self.form_title))
        if rule:
            self._typed()

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
            self._form_refused(error)

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
            subject = line(str(one["subject"])) or "(no subject)"
            said = f"{line(str(one['customer']))}: {subject}"
            shown = said if len(said) <= _LONGEST else said[: _LONGEST - 1] + "…"
            ask = partial(self.issues_asked.emit, (one["key"],), subject)
            self._matches.addLayout(row(link_button(shown, ask, name=f"Open: {said}"), 1))
        self.show_all.setText(f"Show {counted(len(found), 'issue')} in the list")
        self.show_all.setVisible(len(found) > 1)

    def _show_all(self) -> None:
        keys = tuple(str(one["key"]) for one in self._told.get("issues", ()))
        name = self.form.name.text().strip() or "this rule"
        self.issues_asked.emit(keys, f"“{line(name)}” would have matched")

    def _switch(self, place: int, on: bool) -> None:
        rules = self._rules
        rules[place]["on"] = on
        self._set(rules)

    def _move(self, place: int, by: int) -> None:
        rules = self._rules
        rules.insert(place + by, rules.pop(place))
        self._set(rules, then=partial(self._focus_moved, place + by, by))

    def _focus_moved(self, place: int, by: int) -> None:
        """The keyboard stays with the rule that was moved."""
        moved = self.rows[place]
        verb = moved.up if by < 0 else moved.down
        (verb if verb.isEnabled() else moved.edit).setFocus()

    def _delete(self, place: int) -> None:
        before = rules = self._rules
        gone = line(str(rules[place]["name"]))
        rules = [one for at, one in enumerate(rules) if at != place]

        def done() -> None:
            self._before = before
            self.deleted.setText(f"“{gone}” is deleted.")
            for part in (self.deleted, self.undo_button):
                part.show()
            self.undo_button.setFocus()

        self.close_form()
        self._set(rules, then=done)

    def _hide_deleted(self) -> None:
        for part in (self.deleted, self.undo_button):
            part.hide()

    def _set(
        self,
        rules: list[Rule],
        *,
        then: Callable[[], object] | None = None,
        failed: Callable[[Exception], None] | None = None,
    ) -> None:
        """Have these rules kept; what was deleted before can be brought back no more."""
        self._hide_deleted()

        def kept(answer: Answer) -> None:
            self._show(answer)
            if then is not None:
                then()

        state = self._answer.get("state")
        self._bridge.run(
            "set_owner_rules", rules=rules, state=state, then=kept, failed=failed or self._refused
        )

    def _refused(self, error: Exception) -> None:
        """Say what went wrong, and show what stands."""
        self.trouble.setText(_why(error))
        self.trouble.show()

    def _form_refused(self, error: Exception) -> None:
        self._say(_short(error), "critical")
        self._show_matches({})
        self._lack("")
        self.keep_button.setEnabled(False)

    def _say(self, words: str, tone: str = "") -> None:
        self.said.setText(words)
        set_property(self.said, "tone", tone)
        self.said.setVisible(bool(words))

    def _lack(self, words: str) -> None:
        self.lacks.setText(words)
        self.lacks.setVisible(bool(words))

    def _lay_out(self) -> None:
        inside = QVBoxLayout(self.form_frame)
        inside.setContentsMargins(14, 12, 14, 10)
        inside.setSpacing(8)
        inside.addWidget(self.form_title)
        inside.addWidget(self.form)
        inside.addWidget(self.said)
        inside.addLayout(self._matches)
        inside.addLayout(row(self.show_all, 1))
        inside.addWidget(self.lacks)
        inside.addLayout(row(1, self.cancel_button, self.keep_button))
        self.form_frame.hide()
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(8)
        column.addWidget(self.state)
        column.addWidget(self.trouble)
        column.addLayout(self._rows)
        column.addLayout(row(self.deleted, self.undo_button, 1))
        column.addWidget(self.form_frame)
        column.addLayout(row(self.new_button, 1))
        self._hide_deleted()


def _short(error: Exception) -> str:
    """What is in the way, without saying again which rule it is."""
    named = isinstance(error, KnownError) and error.title.startswith("The rule “")
    return str(error.message) if named and isinstance(error, KnownError) else _why(error)


def _why(error: Exception) -> str:
    return error.sentence if isinstance(error, KnownError) else "It did not work."
