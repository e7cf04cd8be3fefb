"""Tour: a newcomer does the six things of an owner's day once, on the mails that are there.

It watches what is done anyway and goes on when the step was really done. It is offered until
somebody takes it or says no; the palette and the menu begin it again.
"""

from __future__ import annotations

from PySide6.QtCore import QObject, QSettings

from app.domain.translation import tr
from app.ui.inbox.deeds import Deed
from app.ui.onboarding.tour_bar import TourBar
from app.ui.onboarding.tour_steps import END, OFFER, STEPS, Way
from app.ui.theme import Theme
from app.ui.workbench import Workbench

MEMORY, OVER = "tour", "over"


class Tour(QObject):
    """Leads through the steps; `bar` is what is seen of it."""

    def __init__(self, *, bench: Workbench, theme: Theme, memory: QSettings) -> None:
        super().__init__(bench)
        self._bench, self._memory = bench, memory
        self._way: Way | None = None
        self.bar = TourBar(theme)
        self.bar.begun.connect(self.begin)
        self.bar.skipped.connect(self._skip)
        self.bar.ended.connect(self.end)
        bench.inbox.entered.connect(self._look_at_list)
        bench.inbox.view.clicked.connect(self._look_at_list)
        bench.issue.did.connect(self.did)
        bench.deeds.begun.connect(self._done)
        bench.deeds.taken_back.connect(lambda _: self.did("undo"))

    @property
    def is_on(self) -> bool:
        """Whether somebody is on the way."""
        return self._way is not None

    def offer(self) -> None:
        """There are issues to do it with: ask once, unless it was taken or refused before."""
        if self._memory.value(MEMORY) != OVER and not self.is_on:
            self.bar.offer(OFFER)

    def begin(self) -> None:
        """From the first step, in the list."""
        self._memory.setValue(MEMORY, OVER)
        self._way = Way()
        self._bench.inbox.view.setFocus()
        self._say()

    def end(self) -> None:
        """Out of the way; the keyboard goes back to the list if it stood here."""
        self._memory.setValue(MEMORY, OVER)
        self._way = None
        had_keyboard = self.bar.isAncestorOf(self._bench.window().focusWidget() or self._bench)
        self.bar.hide()
        if had_keyboard:
            self._bench.inbox.view.setFocus()

    def did(self, act: str) -> None:
        """Somebody really did this."""
        if self._way is not None and self._way.did(act):
            self._say()

    def _done(self, deed: Deed) -> None:
        self.did("kind" if "kind" in deed.args else deed.verb)

    def _look_at_list(self) -> None:
        if self._bench.inbox.view.currentIndex().row() == 0:
            self.did("open")

    def _skip(self) -> None:
        if self._way is not None:
            self._way.skip()
            self._say()

    def _say(self) -> None:
        way = self._way
        if way is None:
            return
        if way.step is None:
            self.bar.say(END, count="", is_last=True)
        else:
            self.bar.say(way.step, count=tr("{number} of {all}", number=way.number, all=len(STEPS)))
