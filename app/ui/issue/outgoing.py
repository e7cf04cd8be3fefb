"""Replies on their way: counting down with an undo, waiting, or stuck with a way out."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import partial

from PySide6.QtCore import QTimer, Signal, SignalInstance
from PySide6.QtWidgets import QFrame, QSizePolicy, QVBoxLayout, QWidget

from app.domain.clock import Clock
from app.domain.reply import TRIED_LONG, TRIED_LONGEST, OutboxState
from app.domain.translation import tr
from app.domain.views import ReplyView
from app.ui.issue.foreign_text import line
from app.ui.issue.parts import button, clear, label
from app.ui.issue.quotes import first_words
from app.ui.theme import Theme, set_property
from app.ui.widgets.wrapping import Wrapping
from app.ui.words import moment, sentences

_TICK_MS = 250
_SENT_MS = 4000  # how long "Sent" stands where the countdown stood
_LEAST = 28  # letters of a sentence on a line
_SENT = (OutboxState.SENT, OutboxState.FILED)


@dataclass(frozen=True, slots=True, kw_only=True)
class WayWords:
    """How a reply stands: the sentence, what it means, its tone, and the verbs that help."""

    title: str
    detail: str = ""
    tone: str = "normal"
    verbs: tuple[tuple[str, str], ...] = ()


def way_words(reply: ReplyView, now: datetime, *, heard_at: datetime | None = None) -> WayWords:
    """How a reply on its way is told at this instant; `heard_at`: they wrote last."""
    to = ", ".join(line(email) for email in reply.recipients[:2]) or tr("nobody")
    match reply.state:
        case OutboxState.QUEUED if is_planned(reply, now):
            return _planned(reply, now, heard_at=heard_at)
        case OutboxState.QUEUED if reply.not_before > now:
            seconds = math.ceil((reply.not_before - now).total_seconds())
            again = tr("Trying again in {time}", time=_wait(seconds))
            title = again if reply.error else tr("Sending in {time}", time=_wait(seconds))
            undo = (("undo_send", tr("Undo")),)
            tone = "high" if reply.tried_for >= TRIED_LONG else "normal"
            return WayWords(title=title, detail=line(reply.error), tone=tone, verbs=undo)
        case OutboxState.SENT | OutboxState.FILED:
            return WayWords(title=tr("Sent to {names}", names=to), tone="good")
        case OutboxState.BLOCKED:
            return WayWords(
                title=tr("Waits until the account can sign in again"),
                detail=line(reply.error)
                or tr("The server refused the password. It goes by itself."),
                tone="high",
                verbs=(("retry_reply", tr("Try now")), ("discard_reply", tr("Discard"))),
            )
        case OutboxState.UNKNOWN:
            return WayWords(
                title=tr("May have been sent, please check"),
                detail=sentences(line(reply.error), tr("Did {names} get it?", names=to)),
                tone="high",
                verbs=(
                    ("confirm_reply", tr("It did arrive")),
                    ("retry_reply", tr("Send it again")),
                    ("discard_reply", tr("Discard")),
                ),
            )
        case OutboxState.FAILED:
            return WayWords(
                title=_failed(reply),
                detail=tr("Nothing was delivered to {names}.", names=to),
                tone="critical",
                verbs=(("retry_reply", tr("Try again")), ("discard_reply", tr("Discard"))),
            )
        case _:
            return WayWords(title=tr("Sending to {names} …", names=to), detail=line(reply.error))


def _failed(reply: ReplyView) -> str:
    why = line(reply.error) or tr("no reason given")
    if reply.tried_for >= TRIED_LONGEST:
        return tr("Not sent: {why}", why=why)
    return tr("Refused by the server: {why}", why=why)


def is_planned(reply: ReplyView, now: datetime) -> bool:
    """Whether it waits for the hour that a person chose."""
    waits = reply.state is OutboxState.QUEUED and reply.not_before > now
    return waits and reply.scheduled and not reply.error


def _planned(reply: ReplyView, now: datetime, *, heard_at: datetime | None) -> WayWords:
    title = tr("Goes out {time}", time=moment(reply.not_before, now))
    verbs = (("undo_send", tr("Edit")), ("send_now", tr("Send now")))
    if heard_at is not None and heard_at > reply.created_at:
        since = tr("They have written since you planned this. Look before it goes.")
        return WayWords(title=title, detail=since, tone="high", verbs=verbs)
    return WayWords(title=title, verbs=verbs)


class Outgoing(QWidget):
    """A strip above the editor, one line for each reply; `asked` carries the verb and the reply."""

    asked = Signal(str, int)

    def __init__(self, *, theme: Theme, clock: Clock) -> None:
        super().__init__()
        self._clock = clock
        self._rows: list[_ReplyRow] = []
        self._heard_at: datetime | None = None
        self._column = QVBoxLayout(self)
        self._column.setContentsMargins(0, 0, 0, 0)
        self._column.setSpacing(6)
        self._timer = QTimer(self, interval=_TICK_MS)
        self._timer.timeout.connect(self._tick)
        self._forget_soon = QTimer(self, singleShot=True, interval=_SENT_MS)
        self._forget_soon.timeout.connect(self._forget_sent)
        self.hide()

    def show_replies(
        self,
        replies: Sequence[ReplyView],
        *,
        every: Sequence[ReplyView] = (),
        heard_at: datetime | None = None,
    ) -> None:
        """Show how these stand, and for a moment those among `every` that just went out."""
        self._heard_at = heard_at
        were = {shown.reply.id for shown in self._rows}
        sent = [reply for reply in every if reply.state in _SENT and reply.id in were]
        if sent:
            self._forget_soon.start()
        self._draw([*sent, *replies])

    def _forget_sent(self) -> None:
        self._draw([shown.reply for shown in self._rows if shown.reply.state not in _SENT])

    def _draw(self, replies: Sequence[ReplyView]) -> None:
        was_asked = any(not shown.isEnabled() for shown in self._rows)  # and may be gone by now
        if not was_asked and [shown.reply for shown in self._rows] == list(replies):
            self._tick()
            return  # a button that has the keyboard keeps it
        clear(self._column)
        self._rows = [_ReplyRow(reply, asked=self.asked) for reply in replies]
        for shown in self._rows:
            self._column.addWidget(shown)
            shown.show()
        self.setVisible(bool(self._rows))
        self._tick()

    def counting(self) -> int | None:
        """The newest reply that still can be taken back."""
        now = self._clock.now()
        rows = [shown for shown in self._rows if shown.counts(now) and shown.isEnabled()]
        return max((shown.reply.id for shown in rows), default=None)

    def ask(self, verb: str, reply: int) -> None:
        """As if somebody had pressed the button of that verb."""
        for shown in self._rows:
            if shown.reply.id == reply:
                shown.ask(verb)

    def _tick(self) -> None:
        now = self._clock.now()
        for shown in self._rows:
            shown.say(now, heard_at=self._heard_at)
        counting = any(shown.counts(now) for shown in self._rows)
        if counting and not self._timer.isActive():
            self._timer.start()
        elif not counting:
            self._timer.stop()


class _ReplyRow(QFrame):
    """One reply: how it stands, how it begins, what can be done."""

    def __init__(self, reply: ReplyView, *, asked: SignalInstance) -> None:
        super().__init__()
        self.reply = reply
        self._asked = asked
        self._verbs: tuple[tuple[str, str], ...] = ()
        self.setObjectName("banner")
        self._title = label(wrap=True)
        self._detail = label(role="meta", wrap=True)
        self._buttons = Wrapping()
        verbs = QWidget()
        verbs.setLayout(self._buttons)
        line_ = Wrapping(self._words(), verbs)
        line_.setContentsMargins(12, 6, 6, 6)
        self.setLayout(line_)
        self.setToolTip("")

    def _words(self) -> QWidget:
        """Beside the verbs, or above them where that would leave too little for a sentence."""
        words = QWidget()
        words.setMinimumWidth(self.fontMetrics().averageCharWidth() * _LEAST)
        words.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Preferred)
        column = QVBoxLayout(words)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(1)
        column.addWidget(self._title)
        column.addWidget(self._detail)
        return words

    def counts(self, now: datetime) -> bool:
        """Whether the words change with every second."""
        waits = self.reply.state is OutboxState.QUEUED and self.reply.not_before > now
        return waits and not is_planned(self.reply, now)

    def say(self, now: datetime, *, heard_at: datetime | None = None) -> None:
        """Tell how the reply stands."""
        words = way_words(self.reply, now, heard_at=heard_at)
        self._title.setText(words.title)
        detail = words.detail or tr("“{word}”", word=first_words(self.reply.body, 90))
        self._detail.setText(detail)
        self.setAccessibleName(words.title)
        set_property(self, "tone", words.tone)
        if words.verbs != self._verbs:
            self._verbs = words.verbs
            clear(self._buttons)
            for verb, text in words.verbs:
                made = button(text, partial(self.ask, verb))
                self._buttons.addWidget(made)
                made.show()  # now, so that Tab finds it

    def ask(self, verb: str) -> None:
        """Do one of the verbs, once."""
        self.setEnabled(False)
        self._asked.emit(verb, self.reply.id)


def _wait(seconds: int) -> str:
    return tr("{n} s", n=seconds) if seconds < 100 else tr("{n} min", n=round(seconds / 60))
