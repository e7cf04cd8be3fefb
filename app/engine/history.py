"""History: judges what was stored before it was judged, newest first, while nothing else waits.

A mailbox of ten years is stored, threaded and searchable at once. What a large delivery brought of
these weeks is judged then, and filed and let ring as if it came now; what is older follows a few at
a time, so that new mail never queues behind it.
"""

from __future__ import annotations

import logging
import math
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from functools import partial

from app.domain.account import own_addresses
from app.domain.changes import Changes
from app.domain.clock import Clock
from app.domain.errors import KnownError
from app.domain.message import Message
from app.engine import later
from app.engine.assessing import Assessor
from app.engine.pipeline import Pipeline
from app.engine.standing import Standing
from app.engine.turns import Turns
from app.mail import parse
from app.storage import accounts, awaiting, forgetting, messages
from app.storage.connection import Connection
from app.storage.writer import Writer

log = logging.getLogger(__name__)

_AT_ONCE = 1  # old ones; whoever writes now, a person's click too, waits for no more than these
_REST = 3.0  # times as long as the work on old mail took: a quarter of a core at most
_NOTHING_TO_DO = 30.0
_PATIENCE = 20.0  # seconds for which storing goes before judging what is recent
_GLIMPSE = 1.0  # after so many the newest are judged all the same, so that a list is not empty
_PAGE = 20  # of them: what is seen of a list without scrolling
_LOOK = 0.5
_CLOSE_LOOK = 0.05  # where somebody waits


@dataclass(frozen=True, slots=True, kw_only=True)
class _Old:
    """A stored mail that nobody judged yet, read again from its bytes."""

    id: int
    message: Message


class Historian:
    """The thread that judges what was only stored."""

    def __init__(
        self,
        *,
        writer: Writer,
        assessor: Assessor,
        standing: Standing,
        pipeline: Pipeline,
        clock: Clock,
        publish: Callable[[Changes], None],
        busy: Callable[[], bool] = lambda: False,
        warm: Callable[[], None] = lambda: None,
    ) -> None:
        """`busy`: a mailbox is being looked into: old mails wait, recent ones twenty seconds, the
        newest of them one.

        `warm` loads what judging needs, before the writer is asked: it takes a second.
        """
        self._busy = busy
        self._warm = warm
        self._writer = writer
        self._assessor = assessor
        self._standing = standing
        self._pipeline = pipeline
        self._clock = clock
        self._publish = publish
        self._wanted = 0  # how many wait for it
        self._lock = threading.Lock()
        self._failed: set[int] = set()
        self._old_at = 0.0  # when it is the turn of old mail again
        self._busy_since: float | None = None
        self._untidy = True  # the index of words, since something was brought
        self._glimpsed = False  # the newest of what is being brought just now
        self._turns = Turns(self._turn, name="history", rest=_NOTHING_TO_DO, first=1.0)

    def start(self) -> None:
        """Begin."""
        self._turns.start()

    def stop(self) -> None:
        """End after the few that are under way."""
        self._turns.stop()

    def wake(self) -> None:
        """Recent mails were stored and are to be judged."""
        self._turns.wake()

    def is_behind(self) -> bool:
        """Whether recent mails await their judgement."""
        return self._writer.do(awaiting.count) > 0

    def catch_up(self, is_over: Callable[[], bool] = lambda: False) -> None:
        """Return when no recent mail awaits its judgement, or the engine or the caller ends."""
        with self._hurry():
            while not (self._turns.is_over or is_over()) and self.is_behind():
                self._turns.wake()
                self._turns.let_pass(_CLOSE_LOOK)

    @contextmanager
    def _hurry(self) -> Iterator[None]:
        with self._lock:
            self._wanted += 1
        try:
            yield
        finally:
            with self._lock:
                self._wanted -= 1

    def step(self) -> int:
        """Judge a few; how many there were."""
        return self.step_recent() or self.step_old()

    def step_recent(self, most: int = later.AT_ONCE) -> int:
        """Judge and file the newest that await it, so many at most; how many there were.

        A few in a transaction: whoever writes meanwhile, a person's click too, comes between.
        """
        stored = later.read(self._writer.do(partial(_newest, most=most)))
        if stored:
            self._warm()
        for start in range(0, len(stored), later.BETWEEN_CLICKS):
            if self._turns.is_over:
                break
            self._file_some(stored[start : start + later.BETWEEN_CLICKS])
        return len(stored)

    def _file_some(self, stored: tuple[later.Stored, ...]) -> None:
        try:
            self._file(stored)
        except KnownError:
            raise
        except Exception:
            log.exception("bug while recent mail was judged; now each for itself")
            for one in stored:
                self._file_alone(one)

    def step_old(self) -> int:
        """Judge a few old mails; how many there were."""
        limit = _AT_ONCE + len(self._failed)
        ids = self._writer.do(lambda db: messages.unassessed(db, limit=limit))
        ids = [one for one in ids if one not in self._failed]
        if not ids:
            return 0
        raws = self._writer.do(lambda db: [messages.raw(db, one) for one in ids])
        self._warm()
        old = [_Old(id=one, message=parse.read(raw)) for one, raw in zip(ids, raws, strict=True)]
        try:
            self._assessor.read_ahead(one.message for one in old)
            self._publish(self._writer.do(partial(self._judge, old=old)))
        except KnownError:
            raise
        except Exception:
            log.exception("bug while old mail was judged; now each for itself")
            for one in old:
                self._judge_alone(one)
        return len(old)

    def _file(self, stored: tuple[later.Stored, ...], *, judged: bool = True) -> None:
        if stored:
            if judged:
                self._assessor.read_ahead(one.message for one in stored)
            now, judge = self._clock.now(), self._pipeline.judge
            self._publish(self._writer.do(lambda db: judge(db, stored, now=now, judged=judged)))

    def _file_alone(self, one: later.Stored) -> None:
        """A mail that cannot be judged is shown all the same, among what is open."""
        try:
            self._file((one,))
        except KnownError:
            raise
        except Exception:
            log.exception("the mail %s cannot be judged", one.id)
            self._failed.add(one.id)
            self._file((one,), judged=False)

    def _judge_alone(self, one: _Old) -> None:
        try:
            self._publish(self._writer.do(partial(self._judge, old=[one])))
        except KnownError:
            raise
        except Exception:
            log.exception("the mail %s cannot be judged", one.id)
            self._failed.add(
                one.id
            )  # until the next start, so that those behind it have their turn

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

    def _turn(self) -> float:
        """Judge a few of what is due, the recent before the old; seconds to rest after it."""
        began = time.monotonic()
        busy_for = self._busy_for(began)
        is_glimpse = busy_for < _PATIENCE and not self._wanted
        if is_glimpse and not self._may_glimpse(busy_for):
            return _LOOK
        if self.step_recent(_PAGE if is_glimpse else later.AT_ONCE):
            self._glimpsed = True
            # While mails are brought, half of the time is theirs.
            return time.monotonic() - began if busy_for < math.inf else 0.0
        if busy_for < math.inf:
            self._untidy = True
            return _LOOK
        if self._untidy:
            self._untidy = self._writer.do(forgetting.merge_words)
            return (time.monotonic() - began) * _REST
        if began < self._old_at:
            return self._old_at - began
        worked = self.step_old()
        took = time.monotonic() - began
        self._old_at = time.monotonic() + (took * _REST if worked else _NOTHING_TO_DO)
        return self._old_at - time.monotonic()

    def _may_glimpse(self, busy_for: float) -> bool:
        """Whether it is time for the newest few, for once; a mailbox brings its newest first."""
        return not self._glimpsed and busy_for >= _GLIMPSE

    def _busy_for(self, now: float) -> float:
        """For how many seconds mails are being brought already; endless where none are."""
        if not self._busy():
            self._busy_since, self._glimpsed = None, False
            return math.inf
        self._busy_since = now if self._busy_since is None else self._busy_since
        return now - self._busy_since


def _newest(db: Connection, *, most: int) -> list[tuple[awaiting.Awaiting, bytes]]:
    return [(one, messages.raw(db, one.message_id)) for one in awaiting.newest(db, limit=most)]
