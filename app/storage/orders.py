"""Orders: what the shops know of purchases, found by number or by customer."""

from __future__ import annotations

from app.domain.order import Order, order_key
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


def by_number(db: Connection, number: str) -> Order | None:
    """The order of this number, however it is written; of several shops' the newest."""
    row = db.execute(
        "SELECT order_ FROM purchase WHERE number_key = ? ORDER BY placed_at DESC LIMIT 1",
        (codec.text(order_key(number)),),
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


def count(db: Connection) -> int:
    """How many orders are known."""
    (number,) = db.execute("SELECT count(*) FROM purchase").fetchone()
    return int(number)
