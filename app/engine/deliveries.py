"""Deliveries: the batches of one round between the source and the books, written in their order.

Fetching, reading and writing go on side by side, a few batches apart at most.
"""

from __future__ import annotations

import threading
from collections import deque
from collections.abc import Callable, Sequence
from concurrent.futures import Future
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import datetime
from functools import reduce
from operator import or_

from app.domain.account import Account
from app.domain.changes import Changes
from app.domain.clock import Clock
from app.domain.mailbox import Batch
from app.engine.pipeline import Pipeline
from app.engine.portions import Portion, portions
from app.engine.reader import Reader
from app.engine.reading import Reading
from app.storage.writer import Writer

_UNDER_WAY = 2  # batches, beside the one that is fetched, that are not written yet: each of 2 MB


@dataclass(frozen=True, slots=True, kw_only=True)
class _Delivery:
    """A batch on its way into the books: `filed` is done when the books hold it."""

    batch: Batch
    readings: Future[tuple[Reading, ...]]
    filed: Future[Changes] = field(default_factory=Future)


class Deliveries:
    """Of one round of one account; whoever brings batches awaits the oldest where it is ahead."""

    def __init__(
        self,
        account: Account,
        *,
        writer: Writer,
        pipeline: Pipeline,
        reader: Reader,
        clock: Clock,
        written: Callable[[Batch, Changes], None],
        only_stores: bool = False,
    ) -> None:
        """`written` is told of each batch that the books hold, in their order, by who brings them.

        `only_stores`: nothing is judged, since a mistake of ours ended the round before.
        """
        self._account = account
        self._writer = writer
        self._pipeline = pipeline
        self._reader = reader
        self._clock = clock
        self._written = written
        self._only_stores = only_stores
        self._stores_first = False  # since a batch brought too much to be judged
        self._under_way = deque[_Delivery]()
        self._being_read = deque[_Delivery]()
        self._turn = threading.Lock()

    def bring(self, batch: Batch) -> None:
        """Let it be read and written. The cursor, and what the source may ask for, is awaited."""
        delivery = _Delivery(
            batch=batch, readings=self._reader.begin(batch.mails, now=self._clock.now())
        )
        self._under_way.append(delivery)
        with self._turn:
            self._being_read.append(delivery)
        delivery.readings.add_done_callback(self._hand_on)
        if batch.complete or not batch.mails:  # what comes next may ask for it
            self.settle()
        while len(self._under_way) >= _UNDER_WAY:
            self._await_oldest()

    def settle(self) -> None:
        """Wait until all that was brought is written; raises the first of what went wrong."""
        try:
            while self._under_way:
                self._await_oldest()
        finally:
            if self._under_way:
                with suppress(Exception):
                    self.settle()

    def _await_oldest(self) -> None:
        delivery = self._under_way.popleft()
        self._written(delivery.batch, delivery.filed.result())

    def _hand_on(self, _read: object) -> None:
        """Give the writer what was read, the oldest first; from whichever thread read the last."""
        with self._turn:
            while self._being_read and self._being_read[0].readings.done():
                self._file(self._being_read.popleft())

    def _file(self, delivery: _Delivery) -> None:
        try:
            readings, now = delivery.readings.result(), self._clock.now()
            cutoff = self._pipeline.cutoff(now)
            *before, last = portions(
                delivery.batch,
                readings,
                cutoff=cutoff,
                stores_first=self._stores_first,
                only_stores=self._only_stores,
            )
            self._stores_first |= last.stores_first
            # One after the other: the last moves the cursor, if all before it are in the books.
            changes = [self._submitted(one, now=now).result() for one in before]
            written = self._submitted(last, now=now)
        except BaseException as error:  # noqa: BLE001 - it is raised where the books are awaited
            delivery.filed.set_exception(error)
        else:
            written.add_done_callback(lambda done: _pass_on(done, delivery.filed, changes))

    def _submitted(self, portion: Portion, *, now: datetime) -> Future[Changes]:
        account, ingest = self._account, self._pipeline.ingest
        batch, readings, first = portion.batch, portion.readings, portion.stores_first
        if not first:
            self._pipeline.read_ahead(batch.folder, readings, now=now)
        return self._writer.submit(
            lambda db: ingest(db, account, batch, readings, now=now, stores_first=first)
        )


def _pass_on(done: Future[Changes], to: Future[Changes], before: Sequence[Changes]) -> None:
    """What became of the last part becomes of the whole."""
    if (error := done.exception()) is not None:
        to.set_exception(error)
    else:
        to.set_result(reduce(or_, before, done.result()))
