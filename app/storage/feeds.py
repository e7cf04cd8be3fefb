"""Feeds: how far each stream of a platform was read, and how the reading goes.

The place of a stream is written in the transaction of the page that brings it there.
"""

from __future__ import annotations

from datetime import datetime
from typing import Any

from app.domain.feed import FeedHealth, FeedPlace, Stream
from app.storage import codec
from app.storage.database import Connection

FEEDS = (
    """
CREATE TABLE feed (
    account_id INTEGER NOT NULL REFERENCES account(id) ON DELETE CASCADE,
    stream TEXT NOT NULL,
    watermark INTEGER,
    cursor TEXT NOT NULL DEFAULT '',
    backfilled INTEGER NOT NULL DEFAULT 0,
    reconciled_at INTEGER,
    ok_at INTEGER,
    tried_at INTEGER,
    trouble TEXT NOT NULL DEFAULT '',
    failures INTEGER NOT NULL DEFAULT 0,
    PRIMARY KEY (account_id, stream)
) STRICT, WITHOUT ROWID
""",
    "ALTER TABLE purchase ADD COLUMN account_id INTEGER REFERENCES account(id) ON DELETE SET NULL",
    "ALTER TABLE purchase ADD COLUMN updated_at INTEGER",
    "ALTER TABLE purchase ADD COLUMN content_hash TEXT NOT NULL DEFAULT ''",
    "ALTER TABLE purchase ADD COLUMN first_seen_at INTEGER",
    "ALTER TABLE purchase ADD COLUMN last_seen_at INTEGER",
    "ALTER TABLE purchase ADD COLUMN deleted_at INTEGER",
    "ALTER TABLE purchase ADD COLUMN look_at INTEGER",
    "CREATE INDEX purchase_look ON purchase(look_at) WHERE look_at IS NOT NULL",
    "CREATE INDEX purchase_account ON purchase(account_id)",
)


def place(db: Connection, account_id: int, stream: Stream) -> FeedPlace | None:
    """How far a stream was read, or None if it never was."""
    row = db.execute(
        "SELECT watermark, cursor, backfilled, reconciled_at FROM feed"
        " WHERE account_id = ? AND stream = ? AND (watermark IS NOT NULL OR cursor <> ''"
        " OR backfilled OR reconciled_at IS NOT NULL)",
        (account_id, stream.value),
    ).fetchone()
    if row is None:
        return None
    watermark, cursor, backfilled, reconciled_at = row
    return FeedPlace(
        watermark=codec.maybe_moment(watermark),
        cursor=cursor,
        backfilled=bool(backfilled),
        reconciled_at=codec.maybe_moment(reconciled_at),
    )


def set_place(db: Connection, account_id: int, stream: Stream, place: FeedPlace) -> None:
    """Note how far a stream was read. Of an account that was removed: nothing."""
    db.execute(
        "INSERT INTO feed (account_id, stream, watermark, cursor, backfilled, reconciled_at)"
        " SELECT id, ?, ?, ?, ?, ? FROM account WHERE id = ? ON CONFLICT DO UPDATE SET"
        " watermark = excluded.watermark, cursor = excluded.cursor,"
        " backfilled = excluded.backfilled, reconciled_at = excluded.reconciled_at",
        (
            stream.value,
            codec.maybe_micros(place.watermark),
            codec.text(place.cursor),
            place.backfilled,
            codec.maybe_micros(place.reconciled_at),
            account_id,
        ),
    )


def note_run(
    db: Connection, account_id: int, stream: Stream, *, at: datetime, trouble: str = ""
) -> None:
    """Note that a run ended, well or with a sentence of trouble."""
    db.execute(
        "INSERT INTO feed (account_id, stream, tried_at, ok_at, trouble, failures)"
        " SELECT id, ?1, ?2, iif(?3 = '', ?2, NULL), ?3, ?3 <> '' FROM account WHERE id = ?4"
        " ON CONFLICT DO UPDATE SET tried_at = ?2, ok_at = iif(?3 = '', ?2, ok_at), trouble = ?3,"
        " failures = iif(?3 = '', 0, failures + 1)",
        (stream.value, codec.micros(at), codec.text(trouble), account_id),
    )


def health(db: Connection) -> tuple[FeedHealth, ...]:
    """How the reading of every stream goes, account by account."""
    rows = db.execute(
        "SELECT a.name, f.stream, f.ok_at, f.tried_at, f.trouble, f.failures, f.backfilled"
        " FROM feed f JOIN account a ON a.id = f.account_id ORDER BY a.id, f.stream"
    )
    return tuple(_health(row) for row in rows)


def _health(row: tuple[Any, ...]) -> FeedHealth:
    account, stream, ok_at, tried_at, trouble, failures, backfilled = row
    return FeedHealth(
        account=account,
        stream=Stream(stream),
        ok_at=codec.maybe_moment(ok_at),
        tried_at=codec.maybe_moment(tried_at),
        trouble=trouble,
        failures=failures,
        backfilled=bool(backfilled),
    )
