"""PromisesCard: what is promised: the table, special promises above it, and what a change would do;
kept only when the owner says so."""

from __future__ import annotations

from collections.abc import Mapping
from functools import partial
from typing import Any

from PySide6.QtCore import QTimer
from PySide6.QtWidgets import QVBoxLayout, QWidget

from app.domain.translation import to_translate, tr
from app.ui.issue.foreign_text import line
from app.ui.issue.parts import button, cancel_button, card, clear, label, link_button, row
from app.ui.issue.ports import Answer, Asks
from app.ui.settings.kept_line import KeptLine
from app.ui.settings.promise_form import PromiseForm
from app.ui.settings.promise_table import PromiseTable
from app.ui.settings.promise_words import for_whom, promised
from app.ui.theme import set_property

_PAUSE = 300  # milliseconds without a key, before the engine is asked what comes of it
_HOW = to_translate(
    'Times are written like "45 min", "1 h 30 min" or "2 d" and count '
    "your working hours; while it is the customer's turn they stand still."
)
_FRESH = {"name": "", "calendar": "shop"}
Policy = dict[str, Any]


class PromisesCard(QWidget):
    """Shows and changes the promises."""

    def __init__(self, *, bridge: Asks) -> None:
        super().__init__()
        self._bridge = bridge
        self._stands: dict[str, Any] = {}
        self._calendars: list[str] = ["shop"]
        self.policies: list[Policy] = []
        self.form: PromiseForm | None = None
        self._edited = -1
        self._is_new = False
        self.table = PromiseTable()
        self.table.changed.connect(self._changed)
        self._special = QVBoxLayout()
        self._special.setSpacing(8)
        self.effect = label(wrap=True)
        self.line = KeptLine()
        self.keep_button = button(
            tr("Keep"), self.keep, variant="primary", name=tr("Keep the promises")
        )
        self.cancel = cancel_button(self.reload, name=tr("Cancel the changes"))
        self.revert_button = link_button(tr("Promise as at the beginning"), self.revert)
        self._soon = QTimer(self, singleShot=True, interval=_PAUSE)
        self._soon.timeout.connect(self._check)
        self._lay_out()

    def reload(self) -> None:
        """Read the promises from the engine; what was not kept is gone."""
        self._soon.stop()
        self._bridge.run("promises", then=self._heard, failed=self.line.refuse)

    def value(self) -> dict[str, Any]:
        """What stands on the page, as it was typed."""
        policies = list(self.policies)
        if self.form is not None:
            policies[self._edited] = self.form.value()
        return {"times": self.table.value(), "policies": policies}

    def keep(self) -> None:
        """Have the engine keep what stands on the page."""
        self._set(self.value())

    def revert(self) -> None:
        """Promise what the program promises at first."""
        self._bridge.run("revert_promises", then=self._kept, failed=self.line.refuse)

    def _set(self, promises: Mapping[str, Any], *, again: bool = False) -> None:
        then = partial(self._kept, again=again)
        self._bridge.run("set_promises", promises=promises, then=then, failed=self.line.refuse)

    def _heard(self, answer: Answer) -> None:
        self._stands = {name: answer.get(name) for name in ("times", "policies")}
        self._calendars = list(answer.get("calendars", self._calendars))
        self.policies = [dict(one) for one in answer.get("policies", ())]
        self.form, self._edited = None, -1
        self.table.show_times(answer.get("times", {}))
        self.revert_button.setVisible(bool(answer.get("changed")))
        self.effect.hide()
        self.line.hide()
        self._pending(is_changed=False)
        self._show_special()

    def _kept(self, answer: Answer, *, again: bool = False) -> None:
        before = answer.get("before")
        self._heard(answer)
        if again or not before:
            self.line.kept(tr("Taken back."), None)
        else:
            self.line.kept(
                tr("Kept. What is open was worked out anew."),
                partial(self._set, before, again=True),
            )

    def _changed(self) -> None:
        self.line.clear_trouble()
        self._pending(is_changed=True)
        self._soon.start()

    def _check(self) -> None:
        promises = self.value()
        self._bridge.run(
            "check_promises", promises=promises, then=self._checked, failed=self._refused
        )

    def _checked(self, answer: Answer) -> None:
        self.line.clear_trouble()
        wanted = {name: answer.get(name) for name in ("times", "policies")}
        self._pending(is_changed=wanted != self._stands)
        self.effect.hide()
        if wanted != self._stands:
            self._bridge.run(
                "promises_effect", promises=wanted, then=self._would_move, failed=lambda _: None
            )

    def _would_move(self, answer: Answer) -> None:
        self.effect.setText(str(answer.get("said", "")))
        set_property(self.effect, "tone", "high" if answer.get("late_at_once") else "")
        self.effect.setVisible(self.cancel.isVisibleTo(self))

    def _refused(self, error: Exception) -> None:
        self.effect.hide()
        self.line.refuse(error)
        self.keep_button.setEnabled(False)

    def _pending(self, *, is_changed: bool) -> None:
        """Whether something waits to be kept."""
        for part in (self.keep_button, self.cancel):
            part.setVisible(is_changed)
        self.keep_button.setEnabled(is_changed)

    def _show_special(self) -> None:
        clear(self._special)
        for at, policy in enumerate(self.policies):
            if at == self._edited:
                self._special.addWidget(self._form(policy))
            else:
                self._special.addWidget(self._row(at, policy))
        if not self.policies:
            none = tr(
                "None. A special promise comes before the table: for some customers, some kinds of"
                " problems."
            )
            self._special.addWidget(label(none, role="muted", wrap=True))

    def _form(self, policy: Policy) -> PromiseForm:
        self.form = PromiseForm(policy, calendars=self._calendars)
        self.form.changed.connect(self._changed)
        self.form.done.connect(self._form_done)
        self.form.left.connect(self._form_left)
        return self.form

    def _row(self, at: int, policy: Policy) -> QWidget:
        frame, column = card(gap=4)
        name = line(str(policy["name"]))
        verbs = row(label(name, role="title"), 1, gap=4)
        words = ((tr("Change"), self._edit), (tr("Up"), self._up), (tr("Remove"), self._remove))
        for text, do in words:
            if do != self._up or at:
                verbs.addWidget(link_button(text, partial(do, at), name=f"{text}: {name}"))
        column.addLayout(verbs)
        column.addWidget(label(for_whom(policy), role="muted", wrap=True))
        column.addWidget(label(promised(policy), wrap=True))
        return frame

    def _add(self) -> None:
        self._take_form()
        self.policies.append(dict(_FRESH))
        self._is_new = True
        self._edited = len(self.policies) - 1
        self._show_special()
        if self.form is not None:
            self.form.name.setFocus()

    def _edit(self, at: int) -> None:
        self._take_form()
        self._edited, self._is_new = at, False
        self._show_special()

    def _up(self, at: int) -> None:
        self._take_form()
        self.policies.insert(at - 1, self.policies.pop(at))
        self._show_special()
        self._changed()

    def _remove(self, at: int) -> None:
        self._take_form()
        gone = self.policies.pop(at)
        self._show_special()
        self._changed()
        self.line.say(tr("{name} goes when you keep this.", name=line(str(gone['name']))),
                      undo=partial(self._put_back, at, gone))  # fmt: skip

    def _put_back(self, at: int, gone: Policy) -> None:
        self._take_form()
        self.policies.insert(at, gone)
        self._show_special()
        self._changed()

    def _take_form(self) -> None:
        """What stands in an open form is meant."""
        if self.form is not None:
            self.policies[self._edited] = self.form.value()
        self.form, self._edited = None, -1

    def _form_done(self) -> None:
        self._bridge.run(
            "check_promises", promises=self.value(), then=self._form_checked, failed=self._refused
        )

    def _form_checked(self, answer: Answer) -> None:
        self.policies = [dict(one) for one in answer.get("policies", ())]
        self.form, self._edited = None, -1
        self._show_special()
        self._checked(answer)

    def _form_left(self) -> None:
        if self._is_new:
            self.policies.pop(self._edited)
        self.form, self._edited = None, -1
        self._show_special()
        self._changed()

    def _lay_out(self) -> None:
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(10)
        column.addWidget(self.table)
        column.addWidget(label(tr(_HOW), role="meta", wrap=True))
        another = button(tr("Add"), self._add, name=tr("Add a special promise"))
        column.addLayout(row(label(tr("Special promises"), role="title"), 1, another))
        column.addLayout(self._special)
        column.addWidget(self.effect)
        column.addWidget(self.line)
        column.addLayout(row(self.revert_button, 1, self.cancel, self.keep_button))
