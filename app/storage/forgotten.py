"""Forgotten: what was deleted at its owner's wish, by marks alone, so that it does not come back.

A mark is a hash: it tells a deleted mail or order when a server brings it again, and nothing about
anybody to whoever reads the file.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable
from dataclasses import replace
from datetime import datetime

from app.domain.clock import rfc3339
from app.domain.order import Order
from app.domain.translation import to_translate
from app.storage import codec
from app.storage.connection import Connection

REASON = to_translate("Deleted at your wish")

FORGOTTEN = """
CREATE TABLE forgotten (mark TEXT PRIMARY KEY, at INTEGER NOT NULL) STRICT, WITHOUT ROWID
"""


def mail_mark(message_id: str, from_key: str, sent_at: datetime | None) -> str:
    """The mark of a mail: the same Message-ID of the same sender and date is the same mail."""
    return _mark("mail", message_id, from_key, "" if sent_at is None else rfc3339(sent_at))


def order_mark(platform: str, platform_id: str) -> str:
    """The mark of an order whose buyer was forgotten."""
    return _mark("order", platform, platform_id)


def remember(db: Connection, marks: Iterable[str], *, now: datetime) -> None:
    """Let nothing with these marks come back."""
    at = codec.micros(now)
    db.executemany("INSERT OR IGNORE INTO forgotten VALUES (?, ?)", ((one, at) for one in marks))


def is_forgotten(db: Connection, mark: str) -> bool:
    """Whether what has this mark was deleted."""
    return db.execute("SELECT 1 FROM forgotten WHERE mark = ?", (mark,)).fetchone() is not None


def among(db: Connection, marks: Iterable[str]) -> frozenset[str]:
    """Those of these marks whose things were deleted."""
    rows = db.execute(
        "SELECT mark FROM json_each(?) JOIN forgotten ON mark = value",
        (codec.to_json(list(marks)),),
    )
    return frozenset(mark for (mark,) in rows)


def as_allowed(db: Connection, order: Order) -> Order:
    """The order as it may be kept: without its buyer, if that one was forgotten."""
    if is_forgotten(db, order_mark(order.platform, order.platform_id)):
        return without_buyer(order)
    return order


def without_buyer(order: Order) -> Order:
    """What an order's books need: its number, its days, its sums and its goods, but nobody's name,
    address, words or parcel."""
    return replace(
        order,
        customer_name="",
        customer_email="",
        note="",
        tags=(),
        value=None,
        tracking_numbers=(),
        fulfilments=(),
    )


def _mark(*parts: str) -> str:
    return hashlib.sha256("\0".join(parts).encode("utf-8", "surrogatepass")).hexdigest()
