"""Reader: reading from the profile beside the Qt thread, so that no list makes the window wait.

One thread with a reading connection of its own. Of several questions on one topic only the newest
is answered: who types on does not wait for what was typed before.
"""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterable, Sequence
from contextlib import suppress
from datetime import datetime
from functools import partial
from typing import Any, Protocol, TypeVar

import shiboken6
from PySide6.QtCore import QObject, Signal

from app.domain.dispute_views import DisputeMonth, DisputeRow
from app.domain.order import Order
from app.domain.saved_view import SavedView
from app.domain.views import InboxRow, IssueView, Overview

T = TypeVar("T")


class Queries(Protocol):
    """What the window reads (app.engine.queries): one connection, for one thread."""

    def inbox_ids(self, view: str, *, now: datetime) -> Sequence[int]:
        """The issues of a view in order."""

    def rows(self, ids: Sequence[int]) -> list[InboxRow]:
        """The rows of these issues, in that order."""

    def issue(self, key: str) -> IssueView:
        """One issue whole."""

    def overview(self, *, now: datetime) -> Overview:
        """What frames the list."""

    def people(self) -> tuple[str, ...]:
        """Who can be told of an issue."""

    def disputes(self, *, only_open: bool = False) -> tuple[DisputeRow, ...]:
        """All disputes: what waits for us by its deadline, then the rest."""

    def dispute_months(self, *, since: datetime) -> tuple[DisputeMonth, ...]:
        """The disputes of each month beside its orders, the newest first."""

    def order_of(self, key: str) -> Order | None:
        """The order that an issue is about, or None."""

    def search(self, text: str, *, now: datetime, limit: int = 300) -> Sequence[int]:
        """The issues that a search finds, best first; `now` in the zone whose days are meant."""

    def search_values(self, operator: str, begun: str) -> Sequence[str]:
        """The profile's values of a search's operator that begin so."""

    def saved_counts(self, *, now: datetime) -> list[tuple[SavedView, int]]:
        """The saved views in their order, and how many issues each finds."""

    def search_troubles(self, text: str, *, now: datetime) -> tuple[str, ...]:
        """What of a search cannot be understood, one sentence each."""

    def ids_of(self, keys: Iterable[str]) -> dict[str, int]:
        """The ids of these keys, of those that exist."""

    def close(self) -> None:
        """Let go of the connection."""


class _Question:
    def __init__(
        self,
        number: int,
        read: Callable[[Queries], Any],
        then: Callable[[Any], None],
        failed: Callable[[Exception], None] | None,
    ) -> None:
        self.number, self.read, self.then, self.failed = number, read, then, failed


class Reader(QObject):
    """Answers questions in the Qt thread. `failed` carries an error that nobody took."""

    failed = Signal(object)
    _arrived = Signal(str, int, object)

    def __init__(self, open_queries: Callable[[], Queries], parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._open = open_queries
        self._wake = threading.Condition()
        self._waiting: dict[str, _Question] = {}
        self._newest: dict[str, int] = {}
        self._stopping = False
        self._arrived.connect(self._deliver)
        self._thread = threading.Thread(target=self._work, name="reader", daemon=True)
        self._thread.start()

    def ask(
        self,
        topic: str,
        read: Callable[[Queries], T],
        then: Callable[[T], None],
        *,
        failed: Callable[[Exception], None] | None = None,
    ) -> None:
        """Read something; a newer question on the same topic makes this one void."""
        with self._wake:
            number = self._newest.get(topic, 0) + 1
            self._newest[topic] = number
            self._waiting[topic] = _Question(number, read, then, failed)
            self._wake.notify()

    def drop(self, topic: str) -> None:
        """Let nothing arrive any more of what was asked on this topic."""
        with self._wake:
            self._newest[topic] = self._newest.get(topic, 0) + 1
            self._waiting.pop(topic, None)

    def stop(self, *, timeout: float = 1.0) -> None:
        """Read no more, and let nothing arrive: who asked may be gone by then."""
        with self._wake:
            self._stopping = True
            self._wake.notify()
        self._thread.join(timeout)

    def _work(self) -> None:
        queries: Queries | None = None
        while (taken := self._take()) is not None:
            topic, question = taken
            try:
                queries = queries or self._open()
                self._post(topic, question, partial(question.then, question.read(queries)))
            except Exception as error:  # noqa: BLE001 - it is told in the Qt thread
                self._post(topic, question, partial(self._tell, question, error))
        if queries is not None:
            queries.close()

    def _take(self) -> tuple[str, _Question] | None:
        with self._wake:
            while not self._waiting and not self._stopping:
                self._wake.wait()
            if self._stopping:
                return None
            topic = next(iter(self._waiting))
            return topic, self._waiting.pop(topic)

    def _post(self, topic: str, question: _Question, job: Callable[[], None]) -> None:
        with suppress(RuntimeError):  # the window is gone
            self._arrived.emit(topic, question.number, job)

    def _deliver(self, topic: str, number: int, job: Callable[[], None]) -> None:
        wanted = self._newest.get(topic) == number and not self._stopping
        if wanted and shiboken6.isValid(self):
            job()

    def _tell(self, question: _Question, error: Exception) -> None:
        if question.failed is None:
            self.failed.emit(error)
        else:
            question.failed(error)
