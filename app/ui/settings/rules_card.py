"""RulesCard: the owner's rules in their order; made, changed, moved, switched and deleted."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import partial
from typing import Any

from PySide6.QtCore import QTimer, Signal
from PySide6.QtWidgets import QFrame, QVBoxLayout

from app.domain.translation import to_translate, tr
from app.ui.errors import reason
from app.ui.issue.foreign_text import line
from app.ui.issue.parts import button, clear, label, link_button, row
from app.ui.issue.ports import Answer, Asks
from app.ui.settings.rule_editor import Rule, RuleEditor
from app.ui.settings.rule_offer import RuleOffer
from app.ui.settings.rule_row import RuleRow
from app.ui.theme import Theme

_NONE = to_translate(
    "No rules yet. A rule sorts issues as they come: it gives them to a"
    " person, tags them, says how bad they are, or keeps them quiet. It"
    " never sends anything, and your word always stands."
)
_SOME = to_translate(
    "Asked from top to bottom. What you decide about an issue yourself always stands."
)


class RulesCard(QFrame):
    """Shows and changes the rules; `issues_asked` carries keys to show, and what they are;
    `opened` what should be in view now."""

    opened = Signal(object)
    issues_asked = Signal(object, str)

    def __init__(self, *, bridge: Asks, theme: Theme) -> None:
        super().__init__()
        self._bridge = bridge
        self._theme = theme
        self._answer: Answer = {}
        self._changing = ""  # the name of the rule in the editor; none: a new one
        self._before: list[Rule] = []
        self.rows: list[RuleRow] = []
        self._rows = QVBoxLayout()
        self._rows.setSpacing(8)
        self.state = label(role="muted", wrap=True)
        self.trouble = label(tone="critical", wrap=True)
        self.trouble.hide()
        self.deleted = label()
        self.undo_button = link_button(
            tr("Undo"), self.undo, name=tr("Bring the deleted rule back")
        )
        self.new_button = button(tr("New rule"), self.open_new)
        self.editor = RuleEditor(bridge=bridge)
        self.editor.wanted.connect(self._keep)
        self.editor.cancelled.connect(self.close_editor)
        self.editor.issues_asked.connect(self.issues_asked)
        self.editor.hide()
        self.offer = RuleOffer(bridge=bridge)
        self.offer.issues_asked.connect(self.issues_asked)
        self._hide_deleted()
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(8)
        column.addWidget(self.state)
        column.addWidget(self.trouble)
        column.addLayout(self._rows)
        column.addLayout(row(self.deleted, self.undo_button, 1))
        column.addWidget(self.offer)
        column.addWidget(self.editor)
        column.addLayout(row(self.new_button, 1))

    def reload(self) -> None:
        """Read the rules from the engine; a form that is open stays as it is."""
        self._bridge.run("owner_rules", then=self._show, failed=self._refused)

    def open_new(self) -> None:
        """Show an empty form."""
        self._open({})

    def close_editor(self) -> None:
        """Away with the form, as if nothing had been written in it."""
        self.editor.leave()
        self.new_button.show()
        self.new_button.setFocus()  # before its place is gone, or it would go far away
        self.editor.hide()

    def undo(self) -> None:
        """Bring back what was deleted last."""
        before, self._before = self._before, []
        self._set(before)

    @property
    def _rules(self) -> list[Rule]:
        return [dict(one) for one in self._answer.get("rules", ())]

    def _show(self, answer: Answer) -> None:
        self._answer = answer
        trouble = str(answer.get("trouble", ""))
        self.trouble.setText(line(trouble))
        self.trouble.setVisible(bool(trouble))
        self._keep_focus()
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
            shown.apply_asked.connect(partial(self._ask_offer, str(rule["name"])))
            self.rows.append(shown)
            self._rows.addWidget(shown)
        self.state.setText(tr(_SOME if rules else _NONE))

    def _keep_focus(self) -> None:
        """A button that goes would hand the keyboard, and the view, to the top of the page."""
        here = self.focusWidget()
        if here is not None and any(one.isAncestorOf(here) for one in self.rows):
            is_open = self.editor.isVisibleTo(self)
            (self.editor.form.name if is_open else self.new_button).setFocus()

    def _ask_offer(self, name: str) -> None:
        self.offer.ask(name, tells_none=True)
        QTimer.singleShot(0, self, lambda: self.opened.emit(self.offer))

    def _open(self, rule: Mapping[str, Any]) -> None:
        self._changing = str(rule.get("name", ""))
        self.editor.begin(rule, templates=self._answer.get("templates", ()))
        self.editor.show()
        self.editor.form.name.setFocus()
        self.new_button.hide()
        QTimer.singleShot(0, self, lambda: self.opened.emit(self.editor))

    def _keep(self, rule: Rule) -> None:
        rules = self._rules
        places = [at for at, one in enumerate(rules) if one["name"] == self._changing]
        for place in places:
            rules[place] = {**rule, "on": rules[place]["on"]}
        rules += [] if places else [rule]
        holds = not places or bool(rules[places[0]]["on"])

        def kept() -> None:
            self.close_editor()
            if holds:
                self.offer.ask(str(rule["name"]), tells_none=False)

        self._set(rules, then=kept, failed=self.editor.refuse)

    def _switch(self, place: int, on: bool) -> None:
        rules = self._rules
        rules[place]["on"] = on
        self._set(rules, then=partial(self._focus_switched, place))

    def _focus_switched(self, place: int) -> None:
        self.rows[place].switch.setFocus()

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
        before = self._rules
        gone = str(before[place]["name"])
        if self.editor.isVisibleTo(self) and gone == self._changing:
            self.close_editor()

        def done() -> None:
            self._before = before
            self.deleted.setText(tr("“{gone}” is deleted.", gone=line(gone)))
            self.deleted.show()
            self.undo_button.show()
            self.undo_button.setFocus()

        self._set([one for at, one in enumerate(before) if at != place], then=done)

    def _hide_deleted(self) -> None:
        self.deleted.hide()
        self.undo_button.hide()

    def _set(
        self,
        rules: list[Rule],
        *,
        then: Callable[[], object] | None = None,
        failed: Callable[[Exception], None] | None = None,
    ) -> None:
        """Have these rules kept; what was deleted before can be brought back no more."""

        def kept(answer: Answer) -> None:
            self._hide_deleted()
            self.offer.leave()
            self._show(answer)
            if then is not None:
                then()

        def not_kept(error: Exception) -> None:
            """Show what stands, which may have been changed elsewhere, and why it still does."""

            def shown(answer: Answer) -> None:
                self._show(answer)
                (failed or self._refused)(error)

            self._bridge.run("owner_rules", then=shown, failed=self._refused)

        state = self._answer.get("state")
        self._bridge.run("set_owner_rules", rules=rules, state=state, then=kept, failed=not_kept)

    def _refused(self, error: Exception) -> None:
        self.trouble.setText(reason(error))
        self.trouble.show()
