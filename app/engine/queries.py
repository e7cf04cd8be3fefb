"""Queries: what a desk reads, straight from the profile's file and read-only.

One object a thread. Each question is answered from an index in about a millisecond, so a window
may ask in its own thread; only `search` may take longer.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from contextlib import suppress
from datetime import datetime
from pathlib import Path

from app.config.system import is_closed_to_writing
from app.domain.account import Account
from app.domain.dispute_views import DisputeMonth, DisputeRow
from app.domain.order import Order
from app.domain.saved_view import SavedView
from app.domain.search_query import parse
from app.domain.views import InboxRow, IssueView, Overview
from app.storage import accounts, contacts, rows, saved_views, search_values
from app.storage import search as index
from app.storage.connection import Connection
from app.storage.database import open_reader

_COUNTED = 999


class Queries:
    """The read side of one profile. Raises NotFound where no engine has made the file yet."""

    def __init__(self, database: Path, *, me: Callable[[], str] = str) -> None:
        """`me` tells who is looking, for the view "mine"; nobody, unless it says so."""
        self._database = database
        self._me = me
        self._open: Connection | None = None
        self._is_passing = False  # a disk that was closed to writing may be opened again

    def inbox_ids(self, view: str, *, now: datetime) -> Sequence[int]:
        """The issues of a view in the order in which they matter, as local ids."""
        return rows.inbox_ids(self._db, view=view, now=now, me=self._me())

    def rows(self, ids: Sequence[int]) -> list[InboxRow]:
        """The rows of these issues, in the order of `ids`; those that are gone are left out."""
        return rows.inbox_rows(self._db, ids)

    def issue(self, key: str) -> IssueView:
        """One issue whole. Raises NotFound."""
        return rows.issue_view(self._db, key)

    def counts(self, *, now: datetime) -> dict[str, int]:
        """How many issues each view and each kind has."""
        return rows.counts(self._db, now=now, me=self._me())

    def overview(self, *, now: datetime) -> Overview:
        """What frames the list: counts, health, proofs, alerts not seen, replies on their way."""
        return rows.overview(self._db, now=now, me=self._me())

    def search(self, text: str, *, now: datetime, limit: int = 300) -> Sequence[int]:
        """The issues that a search finds, best first; `now` in the zone whose days are meant."""
        return index.search(self._db, text, now=now, me=self._me(), limit=limit)

    def saved_views(self) -> tuple[SavedView, ...]:
        """The searches that are kept under names, in their order."""
        return saved_views.every(self._db)

    def saved_counts(self, *, now: datetime) -> list[tuple[SavedView, int]]:
        """The saved views in their order, and how many issues each finds, 999 at most."""
        return [
            (view, len(self.search(view.search, now=now, limit=_COUNTED)))
            for view in self.saved_views()
        ]

    def search_troubles(self, text: str, *, now: datetime) -> tuple[str, ...]:
        """What of a search cannot be understood, one sentence each; nothing is read for it."""
        return parse(text, now=now, me=self._me()).troubles

    def search_values(self, operator: str, begun: str) -> Sequence[str]:
        """The profile's values of a search's operator that begin so: people, tags, labels."""
        return search_values.known(self._db, operator, begun)

    def ids_of(self, keys: Iterable[str]) -> dict[str, int]:
        """The local ids of these issues; keys that are gone are left out."""
        return rows.ids_of(self._db, tuple(keys))

    def disputes(self, *, only_open: bool = False) -> tuple[DisputeRow, ...]:
        """All disputes: what waits for us by its deadline, unknown ones first; then the rest."""
        return rows.disputes(self._db, only_open=only_open)

    def dispute_months(self, *, since: datetime) -> tuple[DisputeMonth, ...]:
        """The disputes of each month beside its orders, the newest first; months in UTC."""
        return rows.dispute_months(self._db, since=since)

    def order_of(self, key: str) -> Order | None:
        """The order that an issue is about, or None."""
        return rows.order_of(self._db, key)

    def people(self) -> tuple[str, ...]:
        """Who can be told of an issue, and so given one."""
        return contacts.names(self._db)

    def accounts(self) -> tuple[Account, ...]:
        """The connected accounts, without their secrets."""
        return accounts.every(self._db)

    def close(self) -> None:
        """Let go of the file."""
        if self._open is not None:
            with suppress(Exception):
                self._open.close()
            self._open = None

    @property
    def _db(self) -> Connection:
        if self._is_passing:
            self.close()
        if self._open is None:
            self._is_passing = is_closed_to_writing(self._database.parent)
            self._open = open_reader(self._database)
        return self._open
