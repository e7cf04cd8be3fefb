"""Buttons: what the buttons of a pop-up do to its issues."""

from __future__ import annotations

from collections.abc import Iterable
from contextlib import suppress
from datetime import timedelta

from app.alerts.notifier import Action
from app.domain.clock import Clock, rfc3339
from app.domain.errors import KnownError
from app.domain.journal import State
from app.engine.desk import Desk
from app.storage import issues
from app.storage.writer import Writer

_SNOOZE = timedelta(hours=1)  # as the button says
_FITS = {
    Action.ACKNOWLEDGE: (State.NEW,),
    Action.SNOOZE: (State.NEW, State.ACKNOWLEDGED),
}


class Buttons:
    """Does what was pressed."""

    def __init__(self, *, desk: Desk, writer: Writer, clock: Clock) -> None:
        self._desk = desk
        self._writer = writer
        self._clock = clock

    def press(self, action: Action, keys: Iterable[str]) -> None:
        """Acknowledge or snooze these issues.

        A pop-up may have stood there while its issue was answered or put away: its button does not
        bring back what is done.
        """
        for key in keys:
            with suppress(KnownError):  # it may be forgotten by now
                if self._state(key) in _FITS[action]:
                    self._do(action, key)

    def _state(self, key: str) -> State:
        return self._writer.do(lambda db: issues.get(db, issues.by_key(db, key))).state

    def _do(self, action: Action, key: str) -> None:
        if action is Action.SNOOZE:
            self._desk.snooze(key, rfc3339(self._clock.now() + _SNOOZE))
        else:
            self._desk.acknowledge(key)
