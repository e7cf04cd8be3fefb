"""PuttingBack: the page of a profile that cannot be read; where it is damaged, a copy helps."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from functools import partial
from pathlib import Path
from typing import Any

from PySide6.QtCore import QObject, Signal
from PySide6.QtWidgets import QFileDialog, QStackedWidget, QWidget

from app.domain.clock import Clock
from app.domain.daily_copy import CopyKind
from app.domain.errors import Damaged, KnownError
from app.domain.translation import tr
from app.ui.bridge import EngineBridge
from app.ui.settings.copies_card import when
from app.ui.widgets.page import Page, PageText

AskCopy = Callable[[QWidget], str]
Ways = Sequence[tuple[str, Callable[[], object]]]


class PuttingBack(QObject):
    """Asks for the copy and has it put in place; `done` when the profile is that copy."""

    done = Signal()

    def __init__(
        self, *, bridge: EngineBridge, page: Page, clock: Clock, ask_copy: AskCopy | None = None
    ) -> None:
        super().__init__(page)
        self._bridge, self._page, self._clock = bridge, page, clock
        self._begins_in = Path.home()
        self._from: QWidget | None = None  # what was shown before, of a profile that is sound
        self._at_work = False
        self._ways: Ways = ()  # beside a copy: those of whoever said the trouble
        self.ask_copy = ask_copy or self._choose

    def say(self, error: Exception, *, ways: Ways) -> None:
        """Say what is the trouble; a copy helps where the database is damaged."""
        self._ways = ways
        if not isinstance(error, Damaged):
            self._say(error, ways=ways)
            return
        self._say(error, ways=self._with_choice())
        self._bridge.copies(then=lambda found: self._offer(found, error))

    def _with_choice(self) -> Ways:
        return ((tr("Choose a copy"), self.begin), *self._ways)

    def put_back(self, file: str) -> None:
        """Put this copy in the place of the profile, and show the page meanwhile."""
        self._at_work, self._from = True, self._show(self._page)
        self._page.say(
            PageText(
                icon="engine",
                title=tr("The copy is put back"),
                text=tr("What stood there before is kept in the profile's backups folder."),
            )
        )
        self._bridge.restore(
            Path(file), now=self._clock.now(), then=lambda _: self.done.emit(), failed=self._failed
        )

    def _show(self, page: QWidget) -> QWidget | None:
        """Show this page; the one in whose place it comes."""
        stack = self._page.parentWidget()
        if not isinstance(stack, QStackedWidget) or stack.currentWidget() is page:
            return None
        before = stack.currentWidget()
        stack.setCurrentWidget(page)
        return before

    def _offer(self, found: Sequence[Mapping[str, Any]], error: Exception) -> None:
        """The copies that were made by themselves are at hand: the newest stands first."""
        made = [one for one in found if one["kind"] != CopyKind.REPLACED]
        if not made or self._at_work:
            return
        newest = made[0]
        self._begins_in = Path(str(newest["file"])).parent
        words = tr("Go back to the copy of {when}", when=when(newest))
        way = (words, partial(self.put_back, str(newest["file"])))
        since = tr(
            "There is a copy. What was decided since it was made is not in it; mail comes again"
            " from the server."
        )
        self._say(error, ways=(way, *self._with_choice()), beside=since)

    def _say(self, error: Exception, *, ways: Ways, beside: str = "") -> None:
        known = error if isinstance(error, KnownError) else None
        said = (known.message, beside or known.hint) if known else (tr("It is in the log."),)
        self._page.say(
            PageText(
                icon="alert",
                tone="high",
                title=known.title if known else tr("The profile cannot be read"),
                text="\n".join(filter(None, said)),
                actions=tuple(ways),
            )
        )

    def begin(self) -> None:
        """Ask which; nothing where none was chosen."""
        if file := self.ask_copy(self._page):
            self.put_back(file)

    def _failed(self, error: KnownError) -> None:
        self._at_work = False
        if self._from is not None:  # the profile is as it was, and there to be shown
            self._show(self._from)
            self._bridge.failed.emit(error)
            return
        if isinstance(error, Damaged):
            self.say(error, ways=self._ways)
        else:
            self._say(error, ways=self._with_choice())

    def _choose(self, parent: QWidget) -> str:
        file, _ = QFileDialog.getOpenFileName(
            parent, tr("Which copy should be put back?"), str(self._begins_in), "*.db"
        )
        return file
