"""RepliesTold: replies that still can be taken back, wherever the owner is in the window.

The issue in view counts its own reply down; one of another issue is told once in a toast, and so
is one that was refused there.
"""

from __future__ import annotations

from app.domain.clock import Clock
from app.domain.reply import OutboxState
from app.domain.translation import tr
from app.domain.views import ReplyView
from app.ui import words
from app.ui.bridge import EngineBridge
from app.ui.widgets.toast import Toast
from app.ui.workbench import Workbench


class RepliesTold:
    """Tells them and takes them back."""

    def __init__(
        self, *, bridge: EngineBridge, bench: Workbench, toast: Toast, clock: Clock
    ) -> None:
        self._bridge, self._bench, self._toast, self._clock = bridge, bench, toast, clock
        self._replies: tuple[ReplyView, ...] = ()
        self._told: set[int] = set()

    def show(self, replies: tuple[ReplyView, ...]) -> None:
        """These are on their way: tell of those that the issue in view does not tell."""
        self._replies = replies
        self.tell()

    def tell(self) -> None:
        """Another issue is in view: what it counted down is told beside it from now on."""
        for reply in self._counting():
            if reply.id not in self._told and reply.issue_key != self._bench.shown_key:
                self._told.add(reply.id)
                self._offer(reply)

    def say_not_sent(self, key: str, words: str) -> None:
        """A reply was refused when its issue was not in view any more; it says why there."""
        self._toast.say(words, action=tr("Open it"), act=lambda: self._bench.open_issue(key))

    def call_back(self) -> bool:
        """Take back the newest reply that is counting down; False where there is none."""
        if self._bench.issue.call_back():
            return True
        newest = max(self._counting(), key=lambda reply: reply.id, default=None)
        if newest is not None:
            self._replies = tuple(each for each in self._replies if each is not newest)
            self._take_back(newest)
        return newest is not None

    def _counting(self) -> list[ReplyView]:
        now = self._clock.now()
        return [
            reply
            for reply in self._replies
            if reply.state is OutboxState.QUEUED and reply.not_before > now and not reply.scheduled
        ]

    def _offer(self, reply: ReplyView) -> None:
        to = ", ".join(reply.recipients)
        self._toast.say(
            tr(
                "A reply to {to} goes {time}",
                to=to,
                time=words.moment(reply.not_before, self._clock.now()),
            ),
            action=tr("Undo"),
            act=lambda: self._take_back(reply),
        )

    def _take_back(self, reply: ReplyView) -> None:
        if reply.issue_key == self._bench.shown_key:  # whoever came back sees the words come back
            self._bench.issue.call_back(reply.id)
            return

        def taken_back(_answer: object) -> None:
            self._bench.open_issue(reply.issue_key)
            self._toast.say(tr("The reply was taken back; its words are a draft again"))

        self._bridge.run("undo_send", then=taken_back, reply=reply.id)
