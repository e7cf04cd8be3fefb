"""Sprinting: the sprint in the window: one issue with nothing beside it, the next best by score.

An issue is dealt with when it leaves the view that the sprint began in, or when a reply to it is on
its way. What arrives meanwhile takes its place by its score.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from datetime import datetime, timedelta

from PySide6.QtCore import QObject, QTimer, Signal
from PySide6.QtWidgets import QPushButton, QWidget

from app.domain.clock import Clock
from app.domain.sprint import Sprint
from app.domain.views import ReplyView
from app.ui.inbox.pane import InboxPane
from app.ui.inbox.sprint_bar import SprintBar, summary_page
from app.ui.widgets.page import Page

_MINUTE_MS = 15_000
_ASLEEP = timedelta(minutes=5)  # without a tick: the lid was closed


class Sprinting(QObject):
    """`alone` shows the issue with nothing beside it, or everything again; `summary` is the page of
    its end."""

    ended = Signal()

    def __init__(
        self, *, inbox: InboxPane, bar: SprintBar, bench: QWidget, summary: Page, clock: Clock,
        alone: Callable[[bool], None], shown_key: Callable[[], str], parent: QObject,
    ) -> None:  # fmt: skip
        super().__init__(parent)
        self._inbox, self._bar, self._bench, self._page = inbox, bar, bench, summary
        self._clock, self._alone, self._shown_key = clock, alone, shown_key
        self._sprint: Sprint | None = None
        self._told: Sprint | None = None  # the one whose end is in view
        self._shown_at = self._seen_at = clock.now()
        self._wanted = -1  # what was done to it was taken back: it is shown as soon as it is back
        self._minute = QTimer(self, interval=_MINUTE_MS)
        self._minute.timeout.connect(self._tell)
        bar.skipped.connect(self.skip)
        bar.paused.connect(self.pause)
        bar.ended.connect(self.end)
        for moved in (inbox.model.rowsRemoved, inbox.model.rowsInserted, inbox.model.modelReset):
            moved.connect(lambda *_: self._look_soon())

    @property
    def is_on(self) -> bool:
        """Whether one issue at a time is shown, or the summary of it."""
        return self._sprint is not None or self.is_over

    @property
    def is_over(self) -> bool:
        """Whether it is told how the sprint went, in the place of the issue."""
        return not self._page.isHidden()

    def begin(self) -> bool:
        """Begin with the best of the list that is shown; False where it is empty."""
        self._inbox.settle()
        if not self._inbox.model.ids or self.is_on:
            return False
        self._sprint = Sprint()
        self._alone(True)
        self._run()
        self._next()
        return True

    def _run(self) -> None:
        self._seen_at = self._clock.now()
        self._bar.show()
        self._minute.start()

    def _now(self) -> datetime:
        """The present instant; what the clock leapt since it was last looked at was not spent."""
        now = self._clock.now()
        leap, self._seen_at = now - self._seen_at, now
        if self._sprint is not None and not timedelta() <= leap <= _ASLEEP:
            self._sprint = self._sprint.jumped(leap)
        return now

    def skip(self) -> None:
        """Leave this one for another time."""
        now = self._now()
        if self._sprint is not None:
            self._sprint = self._sprint.skip(now)
            self._next()

    def pause(self) -> None:
        """Let the time stand still, or run again."""
        now = self._now()
        if self._sprint is not None:
            self._sprint = self._sprint.pause(now)
            self._tell()

    def end(self) -> None:
        """Tell how it went; and from there, back to the list."""
        now = self._now()
        sprint, self._sprint = self._sprint, None
        if sprint is None:
            self.close()
            return
        self._told = sprint
        self._minute.stop()
        self._bar.hide()
        summary = sprint.summary(now)
        left = len(self._inbox.model.ids)
        self._page.say(summary_page(summary, left=left, back=self.close))
        self._bench.hide()
        self._page.show()
        for back in self._page.findChildren(QPushButton):
            back.setFocus()

    def took_back(self, numbers: Iterable[int]) -> None:
        """What was done was taken back: this one is in view again, before the next key comes; of
        a sprint that has ended it is what goes on."""
        if self._told is not None:
            self._go_on(self._told)
        for number in numbers:
            if self._sprint is not None:
                self._sprint, self._wanted = self._sprint.back(number), number
                self.look()

    def _go_on(self, told: Sprint) -> None:
        self._sprint, self._told = told, None
        self._page.hide()
        self._bench.show()
        self._run()

    def replies_left(self, replies: Iterable[ReplyView]) -> None:
        """A reply that is on its way deals with its issue."""
        if self._sprint is None or self._sprint.current is None:
            return
        key, since = self._shown_key(), self._shown_at
        if any(one.issue_key == key and one.created_at >= since for one in replies):
            self._done()

    def look(self) -> None:
        """Whether the one in view has left the list, or one came back that should be."""
        if self._sprint is not None and self._wanted in self._inbox.model.ids:
            self._show(self._wanted)
            return
        if self._sprint is None or self._sprint.current in self._inbox.model.ids:
            return
        self._done()

    def _done(self) -> None:
        now = self._now()
        if self._sprint is not None:
            self._sprint = self._sprint.done(now)
            self._next()

    def _look_soon(self) -> None:
        if self._sprint is not None:
            QTimer.singleShot(0, self, self.look)

    def _next(self) -> None:
        if self._sprint is None:
            return
        self._inbox.settle()
        left = self._sprint.left(self._inbox.model.ids)
        if not left:
            self.end()
            return
        self._show(left[0])

    def _show(self, number: int) -> None:
        if self._sprint is None:
            return
        self._wanted, self._shown_at = -1, self._now()
        self._sprint = self._sprint.show(number, self._shown_at)
        self._inbox.view.select(self._inbox.model.position_of(number))
        self._bar.setFocus()  # so that single letters are verbs, whatever was written before
        self._tell()

    def _tell(self) -> None:
        now = self._now()
        if self._sprint is not None:
            self._bar.show_state(
                left=len(self._sprint.left(self._inbox.model.ids)),
                elapsed=self._sprint.elapsed(now),
                is_paused=self._sprint.is_paused,
            )

    def close(self) -> None:
        """Back to list and issue, without a word."""
        self._sprint = self._told = None
        self._minute.stop()
        self._bar.hide()
        self._page.hide()
        self._bench.show()
        self._alone(False)
        self._inbox.view.setFocus()
        self.ended.emit()
