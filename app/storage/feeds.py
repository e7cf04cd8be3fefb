"""Feeds: how far each stream of a platform was read, how the reading goes, and what was left out.

The place of a stream is written in the transaction of the page that brings it there.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable
from datetime import datetime
from typing import Any

from app.domain.feed import FeedHealth, FeedPlace, LeftOut, Stream
from app.storage import codec
from app.storage.connection import Connection

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

LEFT_OUT = """
CREATE TABLE feed_left_out (
    account_id INTEGER NOT NULL REFERENCES account(id) ON DELETE CASCADE,
    stream TEXT NOT NULL,
    record TEXT NOT NULL,
    reason TEXT NOT NULL,
    met_at INTEGER NOT NULL,
    PRIMARY KEY (account_id, stream, record)
) STRICT, WITHOUT ROWID
"""


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


def leave_out(
    db: Connection, account_id: int, stream: Stream, records: Iterable[LeftOut], *, at: datetime
) -> tuple[LeftOut, ...]:
    """Note what could not be taken in; those that are new in the list."""
    return tuple(one for one in records if _leave_out(db, account_id, stream, one, at))


def _leave_out(db: Connection, account_id: int, stream: Stream, one: LeftOut, at: datetime) -> bool:
    key = (account_id, stream.value, codec.text(one.record))
    news = (codec.text(one.reason), codec.micros(at))
    known = db.execute(
        "UPDATE feed_left_out SET reason = ?, met_at = ?"
        " WHERE account_id = ? AND stream = ? AND record = ?",
        (*news, *key),
    )
    if known.rowcount:
        return False
    return bool(
        db.execute(
            "INSERT INTO feed_left_out (account_id, stream, record, reason, met_at)"
            " SELECT id, ?, ?, ?, ? FROM account WHERE id = ?",
            (*key[1:], *news, account_id),
        ).rowcount
    )


def taken_in(
    db: Connection, account_id: int, stream: Stream, records: Collection[str]
) -> tuple[str, ...]:
    """These records were taken in, or are no more; those that had been left out before."""
    left = {one.record for one in left_out(db, account_id, stream)}
    mended = tuple(one for one in records if one in left)
    db.executemany(
        "DELETE FROM feed_left_out WHERE account_id = ? AND stream = ? AND record = ?",
        [(account_id, stream.value, one) for one in mended],
    )
    return mended


def left_out(db: Connection, account_id: int, stream: Stream) -> tuple[LeftOut, ...]:
    """What of a stream could not be taken in, and still is not."""
    return _left_out(db).get((account_id, stream.value), ())


def forget_left_out(db: Connection, *, before: datetime) -> None:
    """Drop what no run has met since then: the platform tells of it no more."""
    db.execute("DELETE FROM feed_left_out WHERE met_at < ?", (codec.micros(before),))


def _left_out(db: Connection) -> dict[tuple[int, str], tuple[LeftOut, ...]]:
    found: dict[tuple[int, str], tuple[LeftOut, ...]] = {}
    for account_id, stream, *one in db.execute(
        "SELECT account_id, stream, record, reason FROM feed_left_out ORDER BY met_at, record"
    ):
        key = (account_id, stream)
        found[key] = (*found.get(key, ()), LeftOut(*one))
    return found


def health(db: Connection) -> tuple[FeedHealth, ...]:
    """How the reading of every stream goes, account by account."""
    left = _left_out(db)
    rows = db.execute(
        "SELECT a.id, a.name, f.stream, f.ok_at, f.tried_at, f.trouble, f.failures, f.backfilled"
        " FROM feed f JOIN account a ON a.id = f.account_id ORDER BY a.id, f.stream"
    )
    return tuple(_health(row[1:], left.get((row[0], row[2]), ())) for row in rows)


def _health(row: tuple[Any, ...], left_out: tuple[LeftOut, ...]) -> FeedHealth:
    account, stream, ok_at, tried_at, trouble, failures, backfilled = row
    return FeedHealth(
        account=account,
        stream=Stream(stream),
        ok_at=codec.maybe_moment(ok_at),
        tried_at=codec.maybe_moment(tried_at),
        trouble=trouble,
        failures=failures,
        backfilled=bool(backfilled),
        left_out=left_out,
    )
