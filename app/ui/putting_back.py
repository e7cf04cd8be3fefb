"""PuttingBack: the page of a profile that cannot be read; where it is damaged, a copy helps."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path

from PySide6.QtCore import QObject, Signal
from PySide6.QtWidgets import QFileDialog, QWidget

from app.domain.clock import Clock
from app.domain.errors import Damaged, KnownError
from app.domain.translation import tr
from app.ui.bridge import EngineBridge
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
        self.ask_copy = ask_copy or _copy

    def say(self, error: Exception, *, ways: Ways) -> None:
        """Say what is the trouble; a copy helps where the database is damaged."""
        known = error if isinstance(error, KnownError) else None
        copy: Ways = ((tr("Choose a copy"), self.begin),) if isinstance(error, Damaged) else ()
        self._page.say(
            PageText(
                icon="alert",
                tone="high",
                title=known.title if known else tr("The profile cannot be read"),
                text=f"{known.message}\n{known.hint}".strip() if known else tr("It is in the log."),
                actions=(*copy, *ways),
            )
        )

    def begin(self) -> None:
        """Ask which; nothing where none was chosen."""
        if not (file := self.ask_copy(self._page)):
            return
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

    def _failed(self, error: KnownError) -> None:
        once_more = () if isinstance(error, Damaged) else ((tr("Choose a copy"), self.begin),)
        self.say(error, ways=once_more)


def _copy(parent: QWidget) -> str:
    file, _ = QFileDialog.getOpenFileName(
        parent, tr("Which copy should be put back?"), str(Path.home()), "*.db"
    )
    return file
