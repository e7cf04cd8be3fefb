"""The reply, always at the bottom of an issue: template, text, holes, Send, and why not.

Nothing here decides what may go out: the engine's guard does, and its every reason is shown beside
the button. What is written is kept by itself (draft_keeper); what is sent can be called back for
as long as the strip above counts down.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import datetime
from typing import Any
from uuid import uuid4

from PySide6.QtCore import Signal
from PySide6.QtGui import (
    QAccessible,
    QAccessibleAnnouncementEvent,
    QDragEnterEvent,
    QDropEvent,
)
from PySide6.QtWidgets import QFrame, QVBoxLayout, QWidget

from app.domain.assessment import Kind
from app.domain.clock import Clock, SystemClock, rfc3339
from app.domain.errors import EngineLost, KnownError, Refused
from app.domain.message import Direction
from app.domain.translation import tr
from app.domain.views import IssueView
from app.ui.issue.foreign_text import line, tooltip
from app.ui.issue.parts import SLIM, OneLine, label, link_button, row, spoken
from app.ui.issue.ports import Answer, Asks
from app.ui.reply.addressing import Addressing
from app.ui.reply.attachments import AskFiles, Attachments, files_in
from app.ui.reply.attendance import Attendance
from app.ui.reply.draft_keeper import DraftKeeper, Words, words_of
from app.ui.reply.editor import ReplyEditor
from app.ui.reply.hole_list import HoleList
from app.ui.reply.looked_over import LookedOver
from app.ui.reply.send_row import SendRow
from app.ui.reply.template_picker import TemplatePicker, choices
from app.ui.theme import Theme
from app.ui.words import person


class ReplyBox(QFrame):
    """Writes and sends the reply of one issue; `sent` tells the key once it is queued, `begun` that
    a template is in the editor, `not_sent` the key of a reply that was refused while another issue
    was shown, and a sentence that says so."""

    sent = Signal(str)
    begun = Signal()
    not_sent = Signal(str, str)

    def __init__(
        self,
        *,
        bridge: Asks,
        theme: Theme,
        clock: Clock | None = None,
        ask_files: AskFiles | None = None,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self.setProperty("card", "true")
        self.setAcceptDrops(True)
        self.setStyleSheet(SLIM)
        self._bridge = bridge
        self._key = ""
        self._kind: Kind | None = None
        self._words = Words()
        self._request = ""
        self._under_way: set[str] = set()  # issues whose reply the engine has not answered for
        self._refusals: dict[str, tuple[str, Exception]] = {}  # of issues: the request, and why not
        self._customer = ""
        self._newest = 0  # the mail that came last
        self._to_sender = False
        self._again: Callable[[], object] | None = None
        self._is_unkept = False  # it says so just now
        self.drafts = DraftKeeper(bridge=bridge, parent=self)
        self.drafts.saved.connect(self._draft_saved)
        self.drafts.not_saved.connect(self._draft_not_saved)
        self.picker = TemplatePicker(theme=theme)
        self.picker.chosen.connect(self.use_template)
        self.addressing = Addressing()
        self.addressing.chosen.connect(self._send_from)
        self.addressing.switched.connect(self._switched)
        self.addressing.copied.connect(lambda emails: self._change(cc=emails))
        self.attachments = Attachments(theme=theme, ask_files=ask_files)
        self.attachments.changed.connect(self._attached)
        self.editor = ReplyEditor(theme=theme)
        self.editor.files_dropped.connect(self.attachments.add)
        self.editor.edited.connect(self._edited)
        self.editor.send_asked.connect(self.send)
        self.holes = HoleList()
        self.holes.chosen.connect(self.editor.go_to)
        self.looked_over = LookedOver(bridge=bridge)
        self.looked_over.chosen.connect(self.editor.select)
        self.looked_over.found.connect(self.editor.mark)
        self.editor.insist_asked.connect(self._insist)
        self.said = label(role="meta", wrap=True)
        self.insist = link_button(tr("Send anyway"), self._insist)
        self.insist.setText(tr("Send anyway   Alt+Enter"))
        self.insist.hide()
        self.signature = OneLine(role="meta", name=tr("Signature"))
        self.verbs = SendRow(theme=theme, clock=clock or SystemClock())
        self.verbs.send.connect(self.send)
        self.editor.later_asked.connect(self.verbs.open_later)
        self.verbs.later.connect(self.send_later)
        self.verbs.attach.connect(self.attachments.ask)
        self.kept = self.verbs.kept
        self._lay_out()
        self._attendance = Attendance(self, self.editor)
        self._attendance.changed.connect(self._attended)
        self._make_room()

    def show_issue(self, view: IssueView) -> None:
        """Write to this issue from now on; what was being written elsewhere is saved first."""
        newest = max((one.id for one in view.messages if one.direction is Direction.IN), default=0)
        if view.row.key == self._key:
            if newest != self._newest:
                self._newest = newest
                self._look_over()
            if view.row.kind is not self._kind:  # somebody sorted it anew: other templates fit
                self._kind = view.row.kind
                self._ask("templates", self._offer)
            return
        self.leave()
        self._key, self._kind, self._newest = view.row.key, view.row.kind, newest
        self._request = ""
        self._show_sending()
        self._say("")
        self.kept.setText("")
        self.verbs.ask_again(0)
        self._to_sender = False
        self.looked_over.forget()
        customer = view.row.customer
        self._customer = person(customer)
        self.addressing.forget()
        self.addressing.show_to(self._customer, customer.email)
        self.signature.hide()
        self._load(self.drafts.newest(self._key) or _stored(view))
        self.picker.show_choices(())
        self._ask("templates", self._offer)
        self._ask("addressing", self._addressed)
        if (refused := self._refusals.get(self._key)) is not None:
            self._request, why = refused
            self._say_refused(why)

    def offer_again(self) -> None:
        """The templates were edited: offer them as they are now."""
        if self._key:
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
        self._send()

    def send_later(self, at: datetime) -> None:
        """Queue the reply for that instant."""
        self._send(at=rfc3339(at))

    def _send(self, **more: Any) -> None:
        if not self._key or self._sending:
            return
        if not self._words.body.strip():
            self._say(tr("There is nothing to send yet."), "high")
            self.editor.setFocus()
            return
        self.drafts.flush()
        # The same words are the same request: asked twice, they go out once.
        self._request = self._request or str(uuid4())
        key, request, customer = self._key, self._request, self._customer
        self._under_way.add(key)
        self._refusals.pop(key, None)
        self._show_sending()
        self._say("")
        self._again = lambda: self._send(**{**more, "insist": True})
        self._bridge.run(
            "send_reply",
            key=key,
            body=self._words.body,
            template=self._words.template,
            rendered=self._words.rendered,
            files=list(self._words.files),
            sender=self._words.sender,
            follow_up_days=self.verbs.follow_up_days,
            to_sender=self._to_sender,
            heard=self._words.heard,
            cc=list(self._words.cc),
            request=request,
            then=lambda _: self._queued(key),
            failed=lambda error: self._refused(key, error, request=request, customer=customer),
            **more,
        )

    def restore(self, key: str, answer: Answer) -> None:
        """A reply was called back: its words are a draft again, before whatever was begun since."""
        back = words_of(answer)
        begun = self._words if key == self._key else self.drafts.newest(key)
        if begun is None:
            return  # the profile holds both already
        is_more = begun.body.strip() not in ("", back.body.strip())
        whole = f"{back.body}\n\n{begun.body}" if is_more else back.body
        words = replace(
            back,
            body=whole,
            heard=self._newest if key == self._key else begun.heard,
            files=tuple(dict.fromkeys((*back.files, *begun.files))),
            cc=tuple(dict.fromkeys((*back.cc, *begun.cc))),
        )
        if key == self._key:
            self._load(words)
            self.editor.setFocus()
        self.drafts.note(key, words)
        self.drafts.flush()

    def dragEnterEvent(self, event: QDragEnterEvent) -> None:  # noqa: N802 - Qt's name
        """Files may be dropped anywhere on the reply."""
        if files_in(event.mimeData()) and not self._sending:
            event.acceptProposedAction()

    def dropEvent(self, event: QDropEvent) -> None:  # noqa: N802 - Qt's name
        """They are attached."""
        event.acceptProposedAction()
        self.attachments.add(files_in(event.mimeData()))

    def wanted_height(self) -> int:
        """How high the box would be with the whole text in view."""
        around = self.sizeHint().height() - self.editor.sizeHint().height()
        return around + self.editor.wanted_height()

    def extra_height(self) -> int:
        """How much of it is neither text nor buttons: files, and what should be known."""
        return sum(
            part.sizeHint().height()
            for part in (
                self.attachments,
                self.addressing.note,
                self.said,
                self.signature,
                self.looked_over,
            )
            if part.isVisibleTo(self)
        )

    @property
    def is_written_in(self) -> bool:
        """Whether somebody is at it just now."""
        return self._attendance.is_there

    @property
    def is_at_rest(self) -> bool:
        """Whether there is nothing in it, and nobody at it: then it is one line to write in."""
        words = self._words
        holds = bool(words.body.strip() or words.files or self.said.text()) or self._sending
        return not (self.is_written_in or holds)

    def _make_room(self) -> None:
        """At rest templates and a line are all of it: the mail above has the room."""
        rests = self.is_at_rest
        self.addressing.setHidden(rests)
        self.verbs.setHidden(rests)
        self._show_signature()
        self.editor.set_low(rests)

    def _attended(self) -> None:
        """Somebody came to write, or left."""
        self._make_room()
        self.editor.grown.emit()

    def _load(self, words: Words) -> None:
        self._words = words
        self.editor.load(words.body)
        self.addressing.show_copies(words.cc)
        self.attachments.show_files(words.files)
        self.holes.show_text(words.body)
        self.picker.show_current(words.template)
        self._make_room()
        self._look_over()

    def _edited(self) -> None:
        body = self.editor.toPlainText()
        self.holes.show_text(body)
        self._change(body=body)

    def _attached(self) -> None:
        self._change(files=self.attachments.files)

    def _send_from(self, sender: str) -> None:
        self._change(sender=sender)
        self._show_signature()

    def _change(self, **what: Any) -> None:
        """A person changed something: it is another request, and a draft to keep."""
        if not self._words.body.strip():
            what["heard"] = self._newest
        self._words = replace(self._words, **what)
        self._request = ""
        self.kept.setText("")
        self._say("")
        if self._key:
            self._refusals.pop(self._key, None)
            self.drafts.note(self._key, self._words)
        self._make_room()
        self._look_over()

    def _look_over(self) -> None:
        self.looked_over.look(self._key, self._words, to_sender=self._to_sender)

    def _switched(self, to_sender: bool) -> None:
        self._to_sender = to_sender
        self._request = ""
        self._say("")
        self._look_over()
        self._ask("addressing", self._addressed, to_sender=to_sender)

    def _addressed(self, answer: Answer) -> None:
        self.addressing.show_answer(answer, sender=self._words.sender)
        self.attachments.set_most(int(answer.get("most_bytes", 0)))
        self._show_signature()

    def _show_signature(self) -> None:
        signature = self.addressing.signature
        lines = [part.strip() for part in signature.splitlines() if part.strip()]
        self.signature.say(tr("Signed: {lines}", lines=", ".join(lines)))
        self.signature.setToolTip(tooltip(signature))
        self.signature.setVisible(bool(lines) and not self.is_at_rest)

    def _rendered(self, template: str, language: str, answer: Answer) -> None:
        text = str(answer.get("text", ""))
        self._words = replace(
            self._words, body=text, template=template, rendered=text, heard=self._newest
        )
        self.picker.show_current(template, language)
        self.editor.put(text)
        self._make_room()
        to = answer.get("to") or []
        if to and not self._to_sender:
            self.addressing.show_to(str(to[0].get("name", "")), str(to[0].get("email", "")))
        self.holes.go_to_first()
        self.editor.setFocus()
        self.begun.emit()

    def _offer(self, answer: Answer) -> None:
        offered = choices(answer.get("templates", ()))
        self.picker.show_choices(offered, theirs=str(answer.get("language", "")))

    def _no_template(self, error: Exception) -> None:
        self._say(_sentence(error), "high")

    def _queued(self, key: str) -> None:
        self.drafts.forget(key)
        self._under_way.discard(key)
        if key == self._key:
            self._show_sending()
            self._request = ""
            self._load(Words())
            self.verbs.ask_again(0)
            self.kept.setText("")
        self.sent.emit(key)

    def _refused(self, key: str, error: Exception, *, request: str, customer: str) -> None:
        """Say why, beside the editor; while another issue is shown, that it did not go, and why
        when one comes back."""
        self._under_way.discard(key)
        self._refusals[key] = (request, error)
        if key != self._key:
            self.not_sent.emit(key, _not_sent(error, customer))
            return
        self._show_sending()
        asks = self._say_refused(error)
        self.insist.setVisible(asks)
        self.editor.setFocus()

    def _say_refused(self, error: Exception) -> bool:
        """All that stands in the way; whether a person's word would be enough."""
        holes = error.holes if isinstance(error, Refused) else ()
        title = error.title if holes and isinstance(error, KnownError) else _sentence(error)
        holes = tuple(hole for hole in holes if hole not in self.looked_over.sentences)
        asks = isinstance(error, Refused) and error.asks
        tone = "high" if asks else "critical"
        self._say("\n".join((title, *(f"–  {line(hole)}" for hole in holes))), tone)
        return asks

    def _insist(self) -> None:
        if self._again is not None and not self.insist.isHidden():
            self._again()

    def _draft_saved(self, key: str) -> None:
        if key == self._key:
            if self._is_unkept:
                self._say("")
            self.kept.setText(tr("Draft kept") if self._words.body.strip() else "")

    def _draft_not_saved(self, key: str, why: str) -> None:
        if key == self._key:
            self._say(tr("The draft is not kept yet. {why}", why=why), "high")
            self._is_unkept = True

    def _say(self, words: str, tone: str = "") -> None:
        self._is_unkept = False
        self.insist.hide()
        self.said.setText(words)
        self.said.setAccessibleName(spoken(tr("What stands in the way"), words))
        self.said.setVisible(bool(words))
        self._make_room()
        if words:
            QAccessible.updateAccessibility(QAccessibleAnnouncementEvent(self, words))
        if self.said.property("tone") != tone:
            self.said.setProperty("tone", tone)
            self.said.style().polish(self.said)

    @property
    def _sending(self) -> bool:
        return self._key in self._under_way

    def _show_sending(self) -> None:
        self._make_room()
        self.editor.setReadOnly(self._sending)
        self.verbs.set_sending(self._sending)

    def _ask(
        self,
        verb: str,
        then: Callable[[Answer], object],
        failed: Callable[[Exception], object] | None = None,
        **args: Any,
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
        column.addWidget(self.addressing)
        column.addWidget(self.editor, 1)
        column.addWidget(self.signature)
        column.addWidget(self.attachments)
        beside = row(self.said, self.insist, gap=8)
        beside.setStretch(0, 1)
        column.addLayout(beside)
        column.addWidget(self.looked_over)
        column.addWidget(self.holes)
        column.addWidget(self.verbs)


def _stored(view: IssueView) -> Words:
    draft = view.draft
    if draft is None:
        return Words()
    heard = [
        one.id
        for one in view.messages
        if one.direction is Direction.IN and draft.updated_at and one.at <= draft.updated_at
    ]
    return Words(
        body=draft.body,
        template=draft.template,
        rendered=draft.rendered,
        files=draft.files,
        sender=draft.sender,
        cc=tuple(one.email for one in draft.cc),
        heard=max(heard, default=0),
    )


def _not_sent(error: Exception, customer: str) -> str:
    if isinstance(error, EngineLost):  # it may have heard of it before it went away
        return tr("The reply to {name} may not have gone out", name=customer)
    return tr("The reply to {name} did not go out", name=customer)


def _sentence(error: Exception) -> str:
    if isinstance(error, KnownError):
        return error.sentence
    return tr("It did not work, and nothing was sent. Please try again.")
