"""Queries: what a desk reads, straight from the profile's file and read-only.

One object a thread. Each question is answered from an index in about a millisecond, so a window
may ask in its own thread; only `search` may take longer.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from contextlib import suppress
from datetime import datetime
from pathlib import Path

from app.domain.account import Account
from app.domain.views import InboxRow, IssueView, Overview, ReplyView
from app.storage import accounts, folders, rows
from app.storage import search as index
from app.storage.database import Connection, open_reader


class Queries:
    """The read side of one profile. Raises NotFound where no engine has made the file yet."""

    def __init__(self, database: Path, *, me: Callable[[], str] = str) -> None:
        """`me` tells who is looking, for the view "mine"; nobody, unless it says so."""
        self._database = database
        self._me = me
        self._open: Connection | None = None

    def inbox_ids(self, view: str, *, now: datetime) -> Sequence[int]:
        """The issues of a view in the order in which they matter, as local ids."""
        return rows.inbox_ids(self._db, view=view, now=now, me=self._me())

    def rows(self, ids: Sequence[int]) -> list[InboxRow]:
        """The rows of these issues, in the order of `ids`; those that are gone are left out."""
        return rows.inbox_rows(self._db, ids)

    def issue(self, key: str, *, now: datetime) -> IssueView:
        """One issue whole. Raises NotFound."""
        return rows.issue_view(self._db, key)

    def counts(self, *, now: datetime) -> dict[str, int]:
        """How many issues each view and each kind has."""
        return rows.counts(self._db, now=now, me=self._me())

    def overview(self, *, now: datetime) -> Overview:
        """What frames the list: counts, health, proofs, alerts not seen, replies on their way."""
        return rows.overview(self._db, now=now, me=self._me())

    def search(self, text: str, *, limit: int = 300) -> Sequence[int]:
        """The issues that the words name, best first."""
        return index.search(self._db, text, limit=limit)

    def ids_of(self, keys: Iterable[str]) -> dict[str, int]:
        """The local ids of these issues; keys that are gone are left out."""
        return rows.ids_of(self._db, tuple(keys))

    def reply(self, reply_id: int) -> ReplyView:
        """A reply on its way out. Raises NotFound."""
        return rows.reply(self._db, reply_id)

    def accounts(self) -> tuple[Account, ...]:
        """The connected accounts, without their secrets."""
        return accounts.every(self._db)

    def skipped(self) -> tuple[tuple[str, str, int, str], ...]:
        """Each mail on a server that is not stored: account, folder, UID, reason."""
        return folders.skipped(self._db)

    def close(self) -> None:
        """Let go of the file."""
        if self._open is not None:
            with suppress(Exception):
                self._open.close()
            self._open = None

    @property
    def _db(self) -> Connection:
        if self._open is None:
            self._open = open_reader(self._database)
        return self._open
