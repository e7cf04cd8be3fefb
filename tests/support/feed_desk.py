"""A platform's source read into a real profile, as the engine does it, without its threads.

`read` may be killed after any written page, or before one is written; then another desk over the
same file goes on. `events` is what really changed in the stored orders, in order.
"""

from __future__ import annotations

import threading
from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime
from pathlib import Path

from app.domain.account import Account, AccountType
from app.domain.changes import Changes
from app.domain.feed import FeedPlace, Page, Stream
from app.domain.order import Order
from app.engine.intake import Intake
from app.engine.platform_poller import StoredFeeds
from app.platforms.connect import Source, connect
from app.platforms.http import Manners
from app.storage import accounts, codec, feeds, orders
from app.storage.connection import Connection
from app.storage.database import open_reader
from tests.support.engine import Engine

QUICK = Manners(connect=5, read=5, run=60, tries=3, first=0.001, longest=0.01)
_NOTE = "INSERT INTO test_event (platform_id, hash) VALUES (NEW.platform_id, NEW.content_hash);"
_LOG = (
    "CREATE TABLE test_event (id INTEGER PRIMARY KEY, platform_id TEXT, hash TEXT)",
    f"CREATE TRIGGER test_new AFTER INSERT ON purchase BEGIN {_NOTE} END",
    (
        "CREATE TRIGGER test_changed AFTER UPDATE ON purchase"
        f" WHEN OLD.content_hash <> NEW.content_hash BEGIN {_NOTE} END"
    ),
)


class Killed(BaseException):
    """The machine went off."""


class FeedDesk:
    """One platform account of one profile."""

    def __init__(
        self,
        folder: Path,
        kind: AccountType,
        settings: Mapping[str, str],
        secret: str,
        *,
        manners: Manners = QUICK,
    ) -> None:
        self.engine = Engine(folder)
        self.manners = manners
        self.secret = secret
        self.account: Account = self.engine.writer.do(
            lambda db: accounts.add(
                db, name="shop", type=kind, settings=settings, secret=None, now=self.now
            )
        )
        self.intake = Intake(
            standing=self.engine.standing,
            ringing=self.engine.ringing,
            disputing=self.engine.disputing,
        )
        self.engine.writer.do(_log_events)
        self.changes: list[Changes] = []
        self.pages: list[Page] = []
        self.keeps = True  # what was delivered, for a test to look at

    @property
    def now(self) -> datetime:
        """The profile's clock."""
        return self.engine.clock.now()

    def source(self) -> Source:
        """A new source, as a starting engine makes one."""
        return connect(self.account, self.secret, clock=self.engine.clock, manners=self.manners)

    def read(
        self,
        source: Source | None = None,
        *,
        stream: Stream = Stream.ORDERS,
        kill_after: int = -1,
        kill_before: int = -1,
        stop: threading.Event | None = None,
    ) -> None:
        """One run; killed after (or before) the page of that number is written."""
        mine = source or self.source()
        count = 0

        def deliver(page: Page) -> None:
            nonlocal count
            if count == kill_before:
                raise Killed
            self.take(page)
            if count == kill_after:
                raise Killed
            count += 1

        reader = open_reader(self.engine.database)
        try:
            memory = StoredFeeds(reader, account_id=self.account.id)
            mine.read(stream, memory, deliver, stop or threading.Event())
        except Killed:
            pass
        finally:
            reader.close()
            if source is None:
                mine.close()

    def take(self, page: Page) -> None:
        """Write a page."""
        now = self.now
        moved = self.engine.writer.do(lambda db: self.intake.take(db, self.account, page, now=now))
        if self.keeps:
            self.pages.append(page)
            self.changes.append(moved)

    def count(self) -> int:
        """How many orders are stored."""
        return self.engine.writer.do(orders.counts).get(self.account.id, 0)

    def place(self, stream: Stream = Stream.ORDERS) -> FeedPlace | None:
        return self.engine.writer.do(lambda db: feeds.place(db, self.account.id, stream))

    def left_out(self, stream: Stream = Stream.ORDERS) -> dict[str, str]:
        """The records of a stream that could not be taken in, and why."""
        told = self.engine.writer.do(feeds.health)
        return {
            one.record: one.reason
            for each in told
            if each.stream is stream
            for one in each.left_out
        }

    def orders(self) -> dict[str, Order]:
        """What is stored, by the platform's id."""
        found = self.engine.writer.do(
            lambda db: db.execute(
                "SELECT platform_id, order_ FROM purchase WHERE account_id = ?", (self.account.id,)
            ).fetchall()
        )
        return {name: codec.from_json(order, Order) for name, order in found}

    def living(self) -> dict[str, Order]:
        """What is stored and not gone, without the instant of its last touch."""
        return {
            name: replace(one, updated_at=None)
            for name, one in self.orders().items()
            if one.deleted_at is None
        }

    def events(self) -> list[tuple[str, str]]:
        """Each change of an order's content, in order."""
        return self.engine.writer.do(
            lambda db: db.execute("SELECT platform_id, hash FROM test_event ORDER BY id").fetchall()
        )

    def later(self, **span: float) -> None:
        """Let time pass."""
        self.engine.clock.forward(**span)

    def close(self) -> None:
        self.engine.close()


def _log_events(db: Connection) -> None:
    for statement in _LOG:
        db.execute(statement)
