"""Orders: what the shops know of purchases, found by number or by customer."""

from __future__ import annotations

from collections.abc import Iterable

from app.domain.order import Order, order_clues, order_key
from app.storage import codec
from app.storage.database import Connection


def upsert(db: Connection, order: Order) -> None:
    """Keep an order as its platform tells it now."""
    db.execute(
        "INSERT INTO purchase (platform, platform_id, number_key, customer_key, placed_at, order_)"
        " VALUES (?, ?, ?, ?, ?, ?) ON CONFLICT DO UPDATE SET number_key = excluded.number_key,"
        " customer_key = excluded.customer_key, placed_at = excluded.placed_at,"
        " order_ = excluded.order_",
        (
            order.platform,
            order.platform_id,
            codec.text(order_key(order.number)),
            codec.text(order.customer_email.strip().lower()),
            codec.micros(order.placed_at),
            codec.to_json(order),
        ),
    )
    _note_clues(db, order)


def by_number(db: Connection, number: str) -> Order | None:
    """The order of this number, however it is written; of several shops' the newest."""
    row = db.execute(
        "SELECT order_ FROM purchase WHERE number_key = ? ORDER BY placed_at DESC LIMIT 1",
        (codec.text(order_key(number)),),
    ).fetchone()
    return codec.from_json(row[0], Order) if row else None


def get(db: Connection, platform: str, platform_id: str) -> Order | None:
    """The order that a platform calls so, or None."""
    row = db.execute(
        "SELECT order_ FROM purchase WHERE platform = ? AND platform_id = ?",
        (platform, platform_id),
    ).fetchone()
    return codec.from_json(row[0], Order) if row else None


def of_customer(db: Connection, email_key: str) -> tuple[Order, ...]:
    """What a customer bought, newest first."""
    if not email_key:
        return ()
    rows = db.execute(
        "SELECT order_ FROM purchase WHERE customer_key = ? ORDER BY placed_at DESC",
        (codec.text(email_key),),
    )
    return tuple(codec.from_json(order, Order) for (order,) in rows)


def by_clues(db: Connection, clues: Iterable[str], *, limit: int = 50) -> tuple[Order, ...]:
    """The orders that have one of these clues (`domain.order.order_clues`), newest first."""
    wanted = [codec.text(clue) for clue in clues if clue]
    if not wanted:
        return ()
    rows = db.execute(
        "SELECT DISTINCT p.platform, p.platform_id, p.order_ FROM json_each(?) j"
        " JOIN purchase_clue c ON c.clue = j.value"
        " JOIN purchase p ON p.platform = c.platform AND p.platform_id = c.platform_id"
        " ORDER BY p.placed_at DESC LIMIT ?",
        (codec.to_json(wanted), limit),
    )
    return tuple(codec.from_json(order, Order) for _, _, order in rows)


def note_all_clues(db: Connection) -> None:
    """Write down the clues of every order, for orders that were kept before there were any."""
    for (order,) in db.execute("SELECT order_ FROM purchase").fetchall():
        _note_clues(db, codec.from_json(order, Order))


def _note_clues(db: Connection, order: Order) -> None:
    named = (order.platform, order.platform_id)
    db.execute("DELETE FROM purchase_clue WHERE platform = ? AND platform_id = ?", named)
    for clue in order_clues(order):
        db.execute("INSERT INTO purchase_clue VALUES (?, ?, ?)", (codec.text(clue), *named))


def count(db: Connection) -> int:
    """How many orders are known."""
    (number,) = db.execute("SELECT count(*) FROM purchase").fetchone()
    return int(number)
