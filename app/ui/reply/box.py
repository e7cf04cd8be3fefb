"""The reply, always at the bottom of an issue: template, text, holes, Send, and why not.

Nothing here decides what may go out: the engine's guard does, and its every reason is shown beside
the button. What is written is kept by itself (draft_keeper); what is sent can be called back for
as long as the strip above counts down.
"""

from __future__ import annotations

from collections.abc import Callable
from uuid import uuid4

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QAccessible, QAccessibleAnnouncementEvent
from PySide6.QtWidgets import QFrame, QVBoxLayout, QWidget

from app.domain.errors import KnownError, Refused
from app.domain.views import IssueView
from app.ui.issue.foreign_text import line, tooltip
from app.ui.issue.parts import SLIM, OneLine, button, label, row, spoken
from app.ui.issue.ports import Answer, Asks
from app.ui.reply.draft_keeper import DraftKeeper, Words
from app.ui.reply.editor import ReplyEditor
from app.ui.reply.hole_list import HoleList
from app.ui.reply.template_picker import TemplatePicker, choices
from app.ui.theme import Theme
from app.ui.words import person


class ReplyBox(QFrame):
    """Writes and sends the reply of one issue; `sent` tells the key once it is queued."""

    sent = Signal(str)

    def __init__(self, *, bridge: Asks, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setProperty("card", "true")
        self.setStyleSheet(SLIM)
        self._bridge = bridge
        self._theme = theme
        self._key = ""
        self._words = Words()
        self._request = ""
        self._sending = False
        self.drafts = DraftKeeper(bridge=bridge, parent=self)
        self.drafts.saved.connect(self._draft_saved)
        self.drafts.not_saved.connect(self._draft_not_saved)
        self.picker = TemplatePicker(theme=theme)
        self.picker.chosen.connect(self.use_template)
        self.to = OneLine(role="muted")
        self.editor = ReplyEditor(theme=theme)
        self.editor.edited.connect(self._edited)
        self.editor.send_asked.connect(self.send)
        self.holes = HoleList()
        self.holes.chosen.connect(self.editor.go_to)
        self.said = label(role="meta", wrap=True)
        self.kept = label(role="meta")
        self.button = button("Send reply   Ctrl+Enter", self.send, variant="primary")
        self.button.setAccessibleName("Send reply")
        self._lay_out()

    def show_issue(self, view: IssueView) -> None:
        """Write to this issue from now on; what was being written elsewhere is saved first."""
        if view.row.key == self._key:
            return
        self.leave()
        self._key = view.row.key
        self._request = ""
        self._set_sending(False)
        self._say("")
        self.kept.setText("")
        customer = view.row.customer
        self._show_to(person(customer), customer.email)
        self._load(self.drafts.newest(self._key) or _stored(view))
        self.picker.show_choices(())
        self._ask("templates", self._offer)

    def leave(self) -> None:
        """Save what is written; the issue is left."""
        self.drafts.flush()
        self._key = ""

    def use_template(self, template: str, language: str = "") -> None:
        """Have the engine fill the template in, and put it into the editor."""
        self._say("")
        self._ask(
            "render",
            lambda answer: self._rendered(template, language, answer),
            self._no_template,
            template=template,
            language=language,
        )

    def send(self) -> None:
        """Queue the reply; the engine refuses what has a hole."""
        if not self._key or self._sending:
            return
        if not self._words.body.strip():
            self._say("There is nothing to send yet.", "high")
            self.editor.setFocus()
            return
        self.drafts.flush()
        # The same words are the same request: asked twice, they go out once.
        self._request = self._request or str(uuid4())
        self._set_sending(True)
        self._say("")
        key = self._key
        self._bridge.run(
            "send_reply",
            key=key,
            body=self._words.body,
            template=self._words.template,
            rendered=self._words.rendered,
            request=self._request,
            then=lambda _: self._queued(key),
            failed=lambda error: self._refused(key, error),
        )

    def restore(self, key: str, body: str, template: str) -> None:
        """A reply was called back: its words are a draft again, before whatever was begun since."""
        begun = self._words.body if key == self._key else ""
        whole = f"{body}\n\n{begun}" if begun.strip() and begun != body else body
        words = Words(body=whole, template=template)
        if key == self._key:
            self._load(words)
            self.editor.setFocus()
        self.drafts.note(key, words)
        self.drafts.flush()

    def written(self, key: str) -> str:
        """What stands in the editor for this issue; empty when another one is shown."""
        return self._words.body if key == self._key else ""

    def wanted_height(self) -> int:
        """How high the box would be with the whole text in view."""
        around = self.sizeHint().height() - self.editor.sizeHint().height()
        return around + self.editor.wanted_height()

    @property
    def is_dirty(self) -> bool:
        """Whether something written is not kept yet."""
        return self.drafts.is_dirty

    def _load(self, words: Words) -> None:
        self._words = words
        self.editor.load(words.body)
        self.holes.show_text(words.body)
        self.picker.show_current(words.template)

    def _edited(self) -> None:
        body = self.editor.toPlainText()
        self._words = Words(body=body, template=self._words.template, rendered=self._words.rendered)
        self._request = ""
        self.holes.show_text(body)
        self.kept.setText("")
        self._say("")
        if self._key:
            self.drafts.note(self._key, self._words)

    def _rendered(self, template: str, language: str, answer: Answer) -> None:
        text = str(answer.get("text", ""))
        self._words = Words(body=text, template=template, rendered=text)
        self.picker.show_current(template, language)
        self.editor.put(text)
        to = answer.get("to") or []
        if to:
            self._show_to(str(to[0].get("name", "")), str(to[0].get("email", "")))
        self.holes.go_to_first()
        self.editor.setFocus()

    def _offer(self, answer: Answer) -> None:
        self.picker.show_choices(choices(answer.get("templates", ())))

    def _no_template(self, error: Exception) -> None:
        self._say(_sentence(error), "high")

    def _queued(self, key: str) -> None:
        self.drafts.forget(key)
        if key == self._key:
            self._set_sending(False)
            self._request = ""
            self._load(Words())
            self.kept.setText("")
        self.sent.emit(key)

    def _refused(self, key: str, error: Exception) -> None:
        if key != self._key:
            return
        self._set_sending(False)
        holes = error.holes if isinstance(error, Refused) else ()
        title = error.title if holes and isinstance(error, KnownError) else _sentence(error)
        self._say("\n".join((title, *(f"–  {line(hole)}" for hole in holes))), "critical")
        self.editor.setFocus()

    def _draft_saved(self, key: str) -> None:
        if key == self._key:
            self.kept.setText("Draft kept" if self._words.body.strip() else "")

    def _draft_not_saved(self, key: str, why: str) -> None:
        if key == self._key:
            self._say(f"The draft is not kept yet. {why}", "high")

    def _show_to(self, name: str, email: str) -> None:
        who = f"{line(name)} <{line(email)}>" if name and name != email else line(email)
        self.to.say(f"To {who}")
        self.to.setToolTip(tooltip(who))
        self.to.setAccessibleName(spoken("Goes to", who))

    def _say(self, words: str, tone: str = "") -> None:
        self.said.setText(words)
        self.said.setAccessibleName(spoken("What stands in the way", words))
        self.said.setVisible(bool(words))
        if words:
            QAccessible.updateAccessibility(QAccessibleAnnouncementEvent(self, words))
        if self.said.property("tone") != tone:
            self.said.setProperty("tone", tone)
            self.said.style().polish(self.said)

    def _set_sending(self, sending: bool) -> None:
        self._sending = sending
        self.editor.setReadOnly(sending)
        self.button.setEnabled(not sending)
        self.button.setText("Sending …" if sending else "Send reply   Ctrl+Enter")

    def _ask(
        self,
        verb: str,
        then: Callable[[Answer], object],
        failed: Callable[[Exception], object] | None = None,
        **args: str,
    ) -> None:
        """Ask about this issue; an answer that comes when another one is shown is dropped."""
        key = self._key

        def mine(answer: Answer) -> None:
            if key == self._key:
                then(answer)

        def mine_failed(error: Exception) -> None:
            if key == self._key and failed is not None:
                failed(error)

        self._bridge.run(verb, key=key, then=mine, failed=mine_failed, **args)

    def _lay_out(self) -> None:
        column = QVBoxLayout(self)
        column.setContentsMargins(10, 8, 10, 10)
        column.setSpacing(6)
        column.addWidget(self.picker)
        column.addWidget(self.to)
        column.addWidget(self.editor, 1)
        beside = QVBoxLayout()
        beside.setSpacing(2)
        beside.addWidget(self.said)
        beside.addLayout(row(self.holes, self.kept, 1))
        foot = row(beside, self.button, gap=12)
        foot.setStretch(0, 1)
        foot.setAlignment(self.button, Qt.AlignmentFlag.AlignBottom)
        column.addLayout(foot)


def _stored(view: IssueView) -> Words:
    draft = view.draft
    if draft is None:
        return Words()
    return Words(body=draft.body, template=draft.template, rendered=draft.rendered)


def _sentence(error: Exception) -> str:
    if isinstance(error, KnownError):
        return error.sentence
    return "It did not work, and nothing was sent. Please try again."
