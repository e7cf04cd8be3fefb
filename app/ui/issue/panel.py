"""IssuePanel: the right-hand pane; reads one issue, shows it, and asks the engine for the verbs.

The walk: `show_issue(key)` -> reader -> IssuePage; a verb -> bridge -> `decided` with the entry
that undoes it; what the engine moved comes back through `refresh`, and only the shown issue is
read again.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QTimer, Signal
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QStackedWidget, QVBoxLayout, QWidget

from app.domain.assessment import Kind, Severity
from app.domain.changes import Changes
from app.domain.clock import Clock, rfc3339
from app.domain.errors import KnownError
from app.domain.translation import tr
from app.domain.views import IssueView
from app.ui.issue.foreign_text import line
from app.ui.issue.more_menu import names_used, others_of
from app.ui.issue.parts import scrolling
from app.ui.issue.placeholders import Failed, NothingChosen, Skeleton
from app.ui.issue.ports import Answer, Asks, Reads
from app.ui.issue.reader import IssueReader
from app.ui.theme import Theme
from app.ui.words import kind_word, lesson_words, moment, severity_word

if TYPE_CHECKING:
    from app.ui.issue.attachment_row import AskPath
    from app.ui.issue.issue_page import IssuePage

_SKELETON_MS = 200
_CLOCK_MS = 30_000
_TEACH = ("override", "verdict")
_BRINGS_BACK = ("undo_send", "discard_reply")


class IssuePanel(QWidget):
    """Shows one issue. `decided` carries a sentence and the entry that takes it back, if any;
    `taught` that entry and what it taught; `went_into` the key of the issue that this one was
    merged into, `other_asked` that of one that is evidence here, `cause_asked` the Incident,
    `templates_asked` a template and its language that somebody wants to edit; `did` tells what a
    person just did here: "why", "template", "kind", or a verb; `reply_not_sent` the key of an issue
    that was left before its reply was refused, and a sentence that says so."""

    cause_asked = Signal(object)
    decided = Signal(str, str)
    did = Signal(str)
    other_asked = Signal(str)
    reply_not_sent = Signal(str, str)
    taught = Signal(str, str)
    templates_asked = Signal(str, str)
    went_into = Signal(str)

    def __init__(
        self,
        *,
        bridge: Asks,
        queries: Reads,
        theme: Theme,
        clock: Clock,
        parent: QWidget | None = None,
        another_reader: Callable[[], Reads] | None = None,
        ask_path: AskPath | None = None,
        open_link: Callable[[str], object] | None = None,
    ) -> None:
        super().__init__(parent)
        self.setProperty("ground", "surface")
        self._bridge = bridge
        self._queries = queries
        self._clock = clock
        self._key: str | None = None
        self._me = ""
        self._when_read: Callable[[], object] | None = None
        self._view: IssueView | None = None
        self._reader = IssueReader(queries, another=another_reader, parent=self)
        self._reader.read.connect(self._show)
        self._reader.failed.connect(self._fail)
        self.nothing = NothingChosen(theme=theme)
        self.skeleton = _padded(Skeleton(theme=theme))
        self.failed = Failed(theme=theme)
        self.failed.again.connect(self._read_again)
        self._theme, self._ask_path, self._open_link = theme, ask_path, open_link
        self._made: IssuePage | None = None
        self._scroll = scrolling(QWidget())  # a window may be lower than all its parts
        self._scroll.verticalScrollBar().rangeChanged.connect(lambda *_: self._show_reply())
        self._pages = QStackedWidget()
        for page in (self.nothing, self.skeleton, self.failed, self._scroll):
            self._pages.addWidget(page)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.addWidget(self._pages)
        self._late = QTimer(self, singleShot=True, interval=_SKELETON_MS)
        self._late.timeout.connect(lambda: self._pages.setCurrentWidget(self.skeleton))
        self._hands = QTimer(self, interval=_CLOCK_MS)
        self._hands.timeout.connect(self._tick)
        self._hands.start()
        self.show_issue(None)

    @property
    def page(self) -> IssuePage:
        """The page of one issue; made for the first one, because the list need not wait for it."""
        if self._made is None:
            from app.ui.issue.issue_page import IssuePage

            self._made = IssuePage(
                bridge=self._bridge, theme=self._theme, clock=self._clock,
                ask_path=self._ask_path, open_link=self._open_link,
                read_disputes=self._queries.disputes,
            )  # fmt: skip
            self._connect(self._made)
            self._made.fit(self.size())
            self._scroll.setWidget(self._made)
        return self._made

    def show_issue(self, key: str | None) -> None:
        """Show this issue, or the calm page; what was being written is saved."""
        if key is None:
            if self._made is not None:
                self._made.reply.leave()
                self._made.key = ""
            self._late.stop()
            self._when_read = None
            self._key = self._view = None
            self._show_nothing()
        elif key != self._key:
            self._key = key
            self._view = self._when_read = None
            self._late.start()
            self._reader.ask(key)

    def choose_dispute(self, dispute: str) -> None:
        """Of the disputes of the issue that is shown next, show this one."""
        self.page.case.choose(dispute)

    def refresh(self, changes: Changes) -> None:
        """Something moved: read the issue again if it was this one."""
        if self._key is None:
            if changes.issues:
                self._show_nothing()
        elif self._key in changes.issues or changes.outbox:
            self._reader.ask(self._key)

    @property
    def key(self) -> str:
        """The issue that is shown; empty for none."""
        return self._key or ""

    def templates_changed(self) -> None:
        """Offer the templates anew: they were edited."""
        if self._made is not None:
            self._made.reply.offer_again()

    def focus_reply(self) -> None:
        """Put the keyboard into the reply."""
        self._once_read(self._write)

    def use_template(self, template: str, language: str = "") -> None:
        """Put a template into the reply, and the keyboard with it."""

        def use() -> None:
            self.page.reply.use_template(template, language)
            self._write()

        self._once_read(use)

    def take_template(self, place: int) -> None:
        """Begin with the template at that place, from 1."""

        def take() -> None:
            self.page.reply.picker.take(place - 1)
            self._write()

        self._once_read(take)

    def open_templates(self) -> None:
        """All templates, in a menu."""
        self._once_read(self._open_templates)

    def act(self, name: str) -> None:
        """Do one of the rare acts to the issue, by its name."""

        def do() -> None:
            from app.ui.issue import rare_acts

            rare_acts.do(self.page, name)

        self._once_read(do)

    def _open_templates(self) -> None:
        self.page.reply.picker.open_all()

    def resizeEvent(self, event: QResizeEvent) -> None:  # noqa: N802 - Qt's name
        """The page is as high as its parts need; how much is seen of it is known here."""
        super().resizeEvent(event)
        if self._made is not None:
            self._made.fit(event.size())

    def _write(self) -> None:
        """The keyboard into the reply, and the whole reply into view."""
        self.page.reply.editor.setFocus()
        self._show_reply()

    def _show_reply(self) -> None:
        """Who writes sees the whole reply, also when what is above it grows."""
        focus = self.window().focusWidget()
        page = self._made
        if focus is not None and page is not None and page.reply.isAncestorOf(focus):
            self._scroll.ensureWidgetVisible(page.reply, 0, 0)

    def _once_read(self, act: Callable[[], object]) -> None:
        """Do it to the issue that is asked for, which may still be on its way."""
        if self._view is not None:
            act()
        else:
            self._when_read = act

    def send(self) -> None:
        """Send the reply."""
        if self._made is not None:
            self._made.reply.send()

    def call_back(self, reply: int | None = None) -> bool:
        """Take back this reply, or the newest that is counting down; False where there is none."""
        if reply is None and self._made is not None:
            reply = self._made.outgoing.counting()
        if reply is not None:
            self.page.outgoing.ask("undo_send", reply)
        return reply is not None

    def save(self) -> None:
        """Keep what is written now; for a window that is about to close."""
        if self._made is not None:
            self._made.reply.drafts.flush()

    def unkept(self) -> tuple[str, str]:
        """Why what was written cannot be kept, and the words; both empty where it is."""
        return ("", "") if self._made is None else self._made.reply.drafts.unkept()

    def acknowledge(self) -> None:
        """Say that somebody is on it."""
        self._decide("acknowledge", tr("You are on it"))

    def resolve(self) -> None:
        """Put the issue away as done."""
        self._decide("resolve", tr("Done"))

    def reopen(self) -> None:
        """Take the issue back into the list."""
        self._decide("reopen", tr("Open again"))

    def snooze(self, until: datetime) -> None:
        """Put the issue aside until then."""
        words = tr("Comes back {time}", time=moment(until, self._clock.now()))
        self._decide("snooze", words, until=rfc3339(until))

    def _connect(self, page: IssuePage) -> None:
        header, why = page.header, page.why
        header.acknowledge.connect(self.acknowledge)
        header.resolve.connect(self.resolve)
        header.reopen.connect(self.reopen)
        header.snooze.connect(self.snooze)
        header.deadlines.done.connect(
            lambda promise: self._decide("promise_done", tr("It is done"), promise=promise)
        )
        header.more_asked.connect(self._open_more)
        header.more.assigned.connect(self._assign)
        header.more.merged.connect(self._merge)
        header.more.escalated.connect(
            lambda: self._decide("escalate", tr("The next people are being told"))
        )
        header.more.tag_asked.connect(page.tags.write)
        page.tags.added.connect(lambda tag: self._tag(tag, add=[tag]))
        page.tags.removed.connect(lambda tag: self._tag(tag, remove=[tag]))
        page.timeline.undo_asked.connect(self._take_back)
        page.sorting.chosen.connect(self._override_kind)
        page.sorting.others_asked.connect(why.open_kinds)
        why.teacher_asked.connect(self.other_asked)
        why.toggled.connect(lambda: self.did.emit("why"))
        why.kind_chosen.connect(self._override_kind)
        why.severity_chosen.connect(self._override_severity)
        why.false_alarm.connect(
            lambda: self._decide("verdict", tr("Called a false alarm"), verdict="false_alarm")
        )
        why.missed.connect(
            lambda: self._decide("verdict", tr("It should have rung"), verdict="missed")
        )
        page.order.choice.picked.connect(self._pick_order)
        page.order.earlier.asked.connect(self.went_into)
        page.cause.asked.connect(self.cause_asked)
        page.timeline.split_asked.connect(self._split)
        page.timeline.noted.connect(self._note)
        page.outgoing.asked.connect(self._about_reply)
        page.reply.picker.edit_asked.connect(self.templates_asked)
        page.reply.sent.connect(self._read_if)
        page.reply.not_sent.connect(self.reply_not_sent)
        page.reply.begun.connect(lambda: self.did.emit("template"))

    def _override_kind(self, kind: str) -> None:
        self._decide("override", tr("Kind set to {kind}", kind=kind_word(Kind(kind))), kind=kind)

    def _override_severity(self, severity: str) -> None:
        words = tr("Set to {severity}", severity=severity_word(Severity(severity)).lower())
        self._decide("override", words, severity=severity)

    def _pick_order(self, number: str, atom: str) -> None:
        words = (
            tr("It is about order {number}", number=number)
            if number
            else tr("It is about no order")
        )
        self._decide("link_order", words, number=atom)

    def _note(self, text: str) -> None:
        self._decide("note", "", then=self.page.timeline.note.clear, text=text)

    def _open_more(self, others_only: bool) -> None:
        if self._view is None:
            return
        row, now = self._view.row, self._clock.now()
        used, menu = names_used(self._queries, self._clock), self.page.header.more
        others = others_of(self._queries, row, now)
        menu.offer(row, names=[self._me, *used], others=others, now=now)
        self.page.header.open_more(others=others_only)
        self._bridge.run("settings", then=self._hear_me, failed=lambda _: None)

    def _hear_me(self, answer: Answer) -> None:
        """The owner's own name stands first among those to whom an issue can be given."""
        named = (each for each in answer.get("settings", ()) if each.get("name") == "me")
        me = next((str(each.get("value", "")) for each in named), "")
        if me != self._me:
            self._me = me
            menu = self.page.header.more
            menu.offer_names([me, *menu.names])

    def _assign(self, name: str) -> None:
        self._decide(
            "assign", tr("Given to {name}", name=name) if name else tr("Given to nobody"), to=name
        )

    def _tag(self, tag: str, **args: Any) -> None:
        said = line(tag)
        words = (
            tr("Tagged {tag}", tag=said)
            if "add" in args
            else tr("No longer tagged {tag}", tag=said)
        )
        self._decide("tag", words, **args)

    def _take_back(self, entry: str) -> None:
        """What a rule did is undone where it is told."""
        key = self._key

        def done(_: Answer) -> None:
            if key is not None:
                self._read_if(key)

        def failed(error: Exception) -> None:
            if key == self._key:
                self.page.say_trouble(_sentence(error))

        self._bridge.run("undo", entry=entry, then=done, failed=failed)

    def _merge(self, into: str) -> None:
        self.save()  # what was begun here goes along
        self._decide("merge", tr("Merged"), then=lambda: self.went_into.emit(into), into=into)

    def _split(self, message: int) -> None:
        self._decide("split", tr("This mail is an issue of its own"), messages=[message])

    def _decide(
        self, verb: str, words: str, *, then: Callable[[], object] | None = None,
        **args: Any,
    ) -> None:  # fmt: skip
        """Ask for a verb about the shown issue; say what was done, or beside it why not."""
        key = self._key
        if key is None:
            return
        self.page.say_trouble("")

        def done(answer: Answer) -> None:
            entry = str(answer.get("entry", ""))
            if words:
                self.decided.emit(words, entry)
            self.did.emit("kind" if "kind" in args else verb)
            if entry and verb in _TEACH:
                self._ask_lesson(entry)
            elif teaches := str(answer.get("teaches", "")):
                self.taught.emit(entry, line(teaches))
            if key == self._key:
                if then is not None:
                    then()
                self._reader.ask(key)

        def failed(error: Exception) -> None:
            if key == self._key:
                self.page.say_trouble(_sentence(error))

        self._bridge.run(verb, key=key, then=done, failed=failed, **args)

    def _ask_lesson(self, entry: str) -> None:
        def heard(answer: Answer) -> None:
            if words := lesson_words(answer):
                self.taught.emit(entry, words)

        self._bridge.run("lesson", entry=entry, then=heard, failed=lambda _: None)

    def sort_as(self, place: int) -> None:
        """Answer what an issue is about that the machine is unsure of; `place` counts from 1."""
        kind = self._made.sorting.kind_at(place) if self._made is not None else None
        if kind is not None:
            self._override_kind(kind)

    def _about_reply(self, verb: str, reply: int) -> None:
        key = self._key
        if key is None:
            return

        def done(answer: Answer) -> None:
            if verb in _BRINGS_BACK:
                self.page.reply.restore(key, answer)
            self._read_if(key)

        def failed(error: Exception) -> None:
            if key == self._key:
                self.page.say_trouble(_sentence(error))
                self._reader.ask(key)

        self._bridge.run(verb, reply=reply, then=done, failed=failed)

    def _show(self, asked: str, view: IssueView) -> None:
        if asked != self._key:
            return
        self._key = view.row.key  # an old key answers with the issue that took it over
        self._late.stop()
        fresh, self._view = self._view is None, view
        self.page.show_view(view, self._clock.now())
        self._pages.setCurrentWidget(self._scroll)
        if fresh:
            self._scroll.verticalScrollBar().setValue(0)
        act, self._when_read = self._when_read, None
        if act is not None:
            act()
        if fresh and view.row.unseen:
            self._bridge.run("seen", key=view.row.key, failed=lambda _: None)

    def _fail(self, key: str, error: KnownError) -> None:
        if key != self._key:
            return
        self._late.stop()
        if self._view is None:
            self.failed.show_error(error)
            self._pages.setCurrentWidget(self.failed)
        else:
            self.page.say_trouble(error.sentence)

    def _show_nothing(self) -> None:
        try:
            overview = self._queries.overview(now=self._clock.now())
            self.nothing.show_counts(overview.counts, overview.awaiting)
        except KnownError:
            self.nothing.show_counts({})
        self._pages.setCurrentWidget(self.nothing)

    def _read_again(self) -> None:
        if self._key is not None:
            self._reader.ask(self._key)

    def _read_if(self, key: str) -> None:
        if key == self._key:
            self._reader.ask(key)

    def _tick(self) -> None:
        if self._view is not None and self.isVisible():
            self.page.header.show_row(self._view.row, self._clock.now())


def _padded(inside: QWidget) -> QWidget:
    outside = QWidget()
    column = QVBoxLayout(outside)
    column.setContentsMargins(16, 14, 16, 12)
    column.addWidget(inside)
    return outside


def _sentence(error: Exception) -> str:
    if isinstance(error, KnownError):
        return error.sentence
    return tr("It did not work. What happened is in the log.")
