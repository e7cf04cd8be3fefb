"""One contact: who it is, whether each way works, and what can be done: test, review, remove."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QFrame, QVBoxLayout

from app.domain.clock import instant
from app.domain.errors import KnownError
from app.ui.issue.foreign_text import line, paragraphs
from app.ui.issue.parts import button, label, link_button, row
from app.ui.issue.ports import Answer, Asks
from app.ui.theme import set_property
from app.ui.words import exact

_KINDS = {"desktop": "Pop-up on this computer", "email": "E-mail", "service": "Service"}


class ContactRow(QFrame):
    """Shows one contact; `changed` says that the list should be read anew."""

    changed = Signal()

    def __init__(self, contact: Mapping[str, Any], *, bridge: Asks) -> None:
        super().__init__()
        self.setProperty("card", "true")
        self._name = str(contact.get("name", ""))
        self._bridge = bridge
        self._said = label(role="muted", wrap=True)
        self._said.hide()
        self._sure = button(f"Remove {self._name}", self._remove, variant="danger")
        self._sure.hide()
        column = QVBoxLayout(self)
        column.setContentsMargins(14, 10, 14, 8)
        column.setSpacing(4)
        taken = label(taken_words(contact), role="meta")
        column.addLayout(row(label(line(self._name), role="title"), 1, taken))
        for channel in contact.get("channels", ()):
            words, tone = way_words(channel)
            column.addWidget(label(words, tone=tone, wrap=True))
        if contact.get("review_due"):
            column.addWidget(label("Nobody has looked for a quarter whether this is still true."))
        column.addWidget(self._said)
        verbs = row(self._verb("Test", self._test), gap=4)
        verbs.addWidget(self._verb("Still true", self._review))
        verbs.addWidget(self._verb("Remove", self._sure.show))
        verbs.addStretch(1)
        verbs.addWidget(self._sure)
        column.addLayout(verbs)

    def _verb(self, text: str, on_click: Any) -> Any:
        return link_button(text, on_click, name=f"{text}: {line(self._name)}")

    def _test(self) -> None:
        self._say("Telling …")
        self._bridge.run("contact_test", name=self._name, then=self._tested, failed=self._refused)

    def _tested(self, answer: Answer) -> None:
        made = answer.get("calls", ())
        bad = [one for one in made if not one.get("ok")]
        for one in bad:
            self._say(str(one.get("said", "")), "critical")
        if not bad:
            self._say("Every way took the test. Ask whether it was seen.", "good")

    def _review(self) -> None:
        self._bridge.run("contact_review", name=self._name, then=self._done, failed=self._refused)

    def _remove(self) -> None:
        self._bridge.run("contact_remove", name=self._name, then=self._done, failed=self._refused)

    def _done(self, _: Answer) -> None:
        self.changed.emit()

    def _refused(self, error: Exception) -> None:
        why = error.sentence if isinstance(error, KnownError) else "It did not work."
        self._say(why, "critical")

    def _say(self, words: str, tone: str = "") -> None:
        self._said.setText(paragraphs(words))
        set_property(self._said, "tone", tone)
        self._said.show()


def way_words(channel: Mapping[str, Any]) -> tuple[str, str]:
    """A way to tell somebody, whether it works, and the tone."""
    kind = _KINDS.get(str(channel.get("kind")), "")
    label_ = line(str(channel.get("label", "")))
    name = f"{kind}: {label_}" if label_ else kind
    if channel.get("failure"):
        return f"{name}. {line(str(channel['failure']))}", "critical"
    if channel.get("worked_at"):
        return f"{name}, worked {_day(channel['worked_at'])}", ""
    return f"{name}, not tested yet", "high"


def taken_words(contact: Mapping[str, Any]) -> str:
    """When somebody last took an issue."""
    at = contact.get("acknowledged_at")
    return f"last took an issue {_day(at)}" if at else "has not taken an issue yet"


def _day(at: Any) -> str:
    return exact(instant(str(at)))
