"""History: judges old mail after it was stored, newest first, while nothing else waits.

A mailbox of ten years is stored, threaded and searchable at once; what its old mails were about is
worked out afterwards, a few at a time, so that new mail never queues behind it.
"""

from __future__ import annotations

import logging
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass
from functools import partial

from app.domain.changes import Changes
from app.domain.clock import Clock
from app.domain.errors import KnownError
from app.domain.message import Message
from app.engine.assessing import Assessor, own_addresses
from app.engine.standing import Standing
from app.mail import parse
from app.storage import accounts, messages
from app.storage.database import Connection
from app.storage.writer import Writer

log = logging.getLogger(__name__)

_AT_ONCE = 4  # new mail that comes now waits for no more than these
_REST = 3.0  # times as long as the work took: a quarter of a core at most
_NOTHING_TO_DO = 30.0


@dataclass(frozen=True, slots=True, kw_only=True)
class _Old:
    """A stored mail that nobody judged yet, read again from its bytes."""

    id: int
    message: Message


class Historian:
    """The thread that judges old mail."""

    def __init__(
        self,
        *,
        writer: Writer,
        assessor: Assessor,
        standing: Standing,
        clock: Clock,
        publish: Callable[[Changes], None],
        busy: Callable[[], bool] = lambda: False,
    ) -> None:
        """`busy`: a mailbox is being looked into, and old mails have to wait."""
        self._busy = busy
        self._writer = writer
        self._assessor = assessor
        self._standing = standing
        self._clock = clock
        self._publish = publish
        self._stop = threading.Event()
        self._thread = threading.Thread(target=self._run, name="history", daemon=True)

    def start(self) -> None:
        """Begin."""
        self._thread.start()

    def stop(self) -> None:
        """End after the few that are under way."""
        self._stop.set()
        self._thread.join(timeout=10)

    def step(self) -> int:
        """Judge a few; how many there were."""
        ids = self._writer.do(lambda db: messages.unassessed(db, limit=_AT_ONCE))
        if not ids:
            return 0
        raws = self._writer.do(lambda db: [messages.raw(db, one) for one in ids])
        old = [_Old(id=one, message=parse.read(raw)) for one, raw in zip(ids, raws, strict=True)]
        self._publish(self._writer.do(partial(self._judge, old=old)))
        return len(old)

    def _judge(self, db: Connection, *, old: list[_Old]) -> Changes:
        own, changes = own_addresses(accounts.every(db)), Changes()
        for one in old:
            stored = messages.get(db, one.id)
            known = messages.issues_of(db, (*stored.references, *stored.in_reply_to))
            assessment = self._assessor.assess(
                db, one.message, received_at=stored.received_at, own=own, known=known
            )
            messages.set_assessment(db, one.id, assessment)
            changes |= self._standing.refresh(db, stored.issue_id, now=self._clock.now())
        return changes

    def _run(self) -> None:
        pause = 1.0
        while not self._stop.wait(pause):
            began = time.monotonic()
            if self._busy():
                pause = _REST
                continue
            try:
                worked = self.step()
            except KnownError as error:
                log.warning("old mail has to wait: %s", error.sentence)
                worked = 0
            except Exception:
                log.exception("bug while old mail was judged")
                worked = 0
            pause = (time.monotonic() - began) * _REST if worked else _NOTHING_TO_DO
