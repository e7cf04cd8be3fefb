"""RuleOffer: what a rule would do with the issues that are open already; done and undone by one
click."""

from __future__ import annotations

from functools import partial

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QFrame, QVBoxLayout

from app.domain.translation import tr, trn
from app.ui.errors import reason
from app.ui.issue.foreign_text import line
from app.ui.issue.parts import button, label, link_button, row
from app.ui.issue.ports import Answer, Asks
from app.ui.theme import set_property


class RuleOffer(QFrame):
    """Hidden until there is something to tell; `issues_asked` carries keys to show, and what they
    are."""

    issues_asked = Signal(object, str)

    def __init__(self, *, bridge: Asks) -> None:
        super().__init__()
        self.setProperty("card", "true")
        self._bridge = bridge
        self._told: Answer = {}
        self._entries: tuple[str, ...] = ()
        self.said = label(wrap=True)
        self.apply_button = button("", self._apply, variant="primary")
        self.show_button = link_button("", self._show_issues)
        self.undo_button = link_button(tr("Undo"), self._undo, name=tr("Undo what the rule did"))
        self.close_button = link_button(tr("Not now"), self.leave)
        column = QVBoxLayout(self)
        column.setContentsMargins(14, 10, 14, 10)
        column.setSpacing(8)
        column.addWidget(self.said)
        column.addLayout(
            row(self.apply_button, self.show_button, self.undo_button, 1, self.close_button)
        )
        self.hide()

    def ask(self, name: str, *, tells_none: bool) -> None:
        """Look what the rule would do; `tells_none`: say so too where that is nothing."""
        self.leave()
        self._bridge.run(
            "owner_rule_on_open",
            name=name,
            then=partial(self._offer, tells_none),
            failed=self._refused,
        )

    def leave(self) -> None:
        """Nothing is offered any more."""
        self._told, self._entries = {}, ()
        self.hide()

    def _offer(self, tells_none: bool, told: Answer) -> None:
        self._told = told
        name, found = line(str(told["name"])), told["issues"]
        if not found:
            if tells_none:
                self._say(tr("“{name}” has nothing left to do with what is open now.", name=name))
                self._offers()
            return
        many = len(found)
        self._say(
            trn(
                "“{name}” holds for what comes from now on. It also fits {n} open issue. What you"
                " decided there yourself stays, and nothing is sent.",
                "“{name}” holds for what comes from now on. It also fits {n} open issues. What you"
                " decided there yourself stays, and nothing is sent.",
                many,
                name=name,
            )
        )
        self.apply_button.setText(trn("Apply to {n} open issue", "Apply to {n} open issues", many))
        self.apply_button.setAccessibleName(
            trn(
                "Apply “{name}” to {n} open issue",
                "Apply “{name}” to {n} open issues",
                many,
                name=name,
            )
        )
        self.show_button.setText(
            trn("Show {n} issue in the list", "Show {n} issues in the list", many)
        )
        self._offers(apply=True)

    def _apply(self) -> None:
        self._bridge.run(
            "apply_owner_rule",
            name=self._told["name"],
            keys=self._keys(),
            then=self._applied,
            failed=self._refused,
        )

    def _applied(self, answer: Answer) -> None:
        self._entries = tuple(answer["entries"])
        name = line(str(self._told["name"]))
        self._say(
            trn(
                "“{name}” is applied to {n} open issue.",
                "“{name}” is applied to {n} open issues.",
                int(answer["done"]),
                name=name,
            )
        )
        self._offers(undo=bool(self._entries))
        self.undo_button.setFocus()

    def _undo(self) -> None:
        self._bridge.run("undo", entry=list(self._entries), then=self._undone, failed=self._refused)

    def _undone(self, _: Answer) -> None:
        self._entries = ()
        self._say(tr("That is undone. The rule leaves those issues alone from now on."))
        self._offers()
        self.close_button.setFocus()

    def _show_issues(self) -> None:
        self.issues_asked.emit(
            self._keys(), tr("“{name}” fits", name=line(str(self._told["name"])))
        )

    def _keys(self) -> tuple[str, ...]:
        return tuple(str(one["key"]) for one in self._told["issues"])

    def _refused(self, error: Exception) -> None:
        self._say(reason(error), "critical")
        self._offers()

    def _say(self, words: str, tone: str = "") -> None:
        self.said.setText(words)
        set_property(self.said, "tone", tone)

    def _offers(self, *, apply: bool = False, undo: bool = False) -> None:
        """Show itself with these buttons."""
        self.apply_button.setVisible(apply)
        self.show_button.setVisible(apply)
        self.undo_button.setVisible(undo)
        self.close_button.setText(tr("Not now") if apply else tr("Close"))
        self.show()
