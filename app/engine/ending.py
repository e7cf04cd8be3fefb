"""Ending: an engine that is to end lets the replies leave that are counting down.

Who clicked Send and then ended everything has sent it; it would else lie there until the next start
and go out days later. What is planned for later, or cannot be sent, is not waited for.
"""

from __future__ import annotations

from datetime import datetime, timedelta

from app.domain.clock import Clock
from app.domain.reply import OutboxState
from app.storage import outbox
from app.storage.connection import Connection
from app.storage.writer import Writer

_LONGEST = timedelta(minutes=5)  # twice the longest time to take back, and a slow server
_LEAVING = (OutboxState.SENDING, OutboxState.DATA_SENT, OutboxState.SENT)


class Ending:
    """Whether it is time."""

    def __init__(self, *, writer: Writer, clock: Clock) -> None:
        self._writer = writer
        self._clock = clock
        self._asked_at: datetime | None = None

    def ask(self) -> None:
        """End as soon as nothing counts down."""
        self._asked_at = self._clock.now()

    def take_back(self) -> None:
        """A window came that wants the engine."""
        self._asked_at = None

    def has_come(self) -> bool:
        """Whether it was asked for, and nothing is on its way out any more."""
        if self._asked_at is None:
            return False
        waited = self._clock.now() - self._asked_at
        return not timedelta() <= waited < _LONGEST or not self._writer.do(_is_leaving)


def _is_leaving(db: Connection) -> bool:
    return bool(outbox.in_state(db, *_LEAVING)) or any(
        not reply.scheduled and reply.tried_since is None
        for reply in outbox.in_state(db, OutboxState.QUEUED)
    )
