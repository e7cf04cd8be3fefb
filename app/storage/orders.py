"""Orders: what the shops know of purchases, found by number or by customer."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable
from dataclasses import replace
from datetime import datetime
from enum import StrEnum

from app.domain.issue import Issue
from app.domain.order import Order, OrderLink, order_clues, order_key
from app.storage import codec, forgotten
from app.storage.connection import Connection


class Novelty(StrEnum):
    """What a platform's word about an order was to us."""

    NEW = "new"
    CHANGED = "changed"
    SAME = "same"
    OLDER = "older"


def upsert(
    db: Connection,
    order: Order,
    *,
    account_id: int | None = None,
    at: datetime | None = None,
    look_at: datetime | None = None,
) -> Novelty:
    """Keep an order as its platform tells it at `at`; what is older than the known is not taken.
    It was cancelled when that was first told: a shop that only knows its last change says then.

    `look_at`: when it deserves a look although nothing was said of it.
    """
    order = forgotten.as_allowed(db, order)
    named = (order.platform, order.platform_id)
    known = db.execute(
        "SELECT content_hash, updated_at, order_ ->> 'cancelled_at' FROM purchase"
        " WHERE platform = ? AND platform_id = ?",
        named,
    ).fetchone()
    if known and known[2] and order.cancelled_at:
        order = replace(order, cancelled_at=min(order.cancelled_at, _instant(known[2])))
    digest = _digest(order)
    updated_at = codec.maybe_micros(order.updated_at)
    if known and known[1] is not None and updated_at is not None and updated_at < known[1]:
        return Novelty.OLDER
    db.execute(
        _UPSERT,
        (
            *named,
            codec.text(order_key(order.number)),
            codec.text(order.customer_key),
            codec.micros(order.placed_at),
            codec.to_json(order),
            account_id,
            updated_at,
            digest,
            codec.maybe_micros(at),
            codec.maybe_micros(at),
            codec.maybe_micros(order.deleted_at),
            codec.maybe_micros(look_at),
        ),
    )
    if known and known[0] == digest:
        return Novelty.SAME
    _note_clues(db, order)
    return Novelty.CHANGED if known else Novelty.NEW


def _instant(written: str) -> datetime:
    return datetime.fromisoformat(written.replace("Z", "+00:00"))


def _digest(order: Order) -> str:
    """The content of an order, so that a touch that changed nothing is no news."""
    content = codec.to_json(replace(order, updated_at=None))
    return hashlib.sha256(content.encode()).hexdigest()[:32]


def mark_gone(
    db: Connection, account_id: int, platform_ids: Iterable[str], *, at: datetime
) -> tuple[Order, ...]:
    """Note that the platform does not have these orders any more; those that it had until now."""
    gone = []
    for order in known(db, account_id, platform_ids):
        if order.deleted_at is None:
            gone.append(replace(order, deleted_at=at))
            upsert(db, gone[-1], account_id=account_id, at=at)
    return tuple(gone)


def known(db: Connection, account_id: int, platform_ids: Iterable[str]) -> tuple[Order, ...]:
    """Those of an account's orders that a platform calls so."""
    rows = db.execute(
        "SELECT order_ FROM purchase WHERE account_id = ?"
        " AND platform_id IN (SELECT value FROM json_each(?))",
        (account_id, codec.to_json(sorted(platform_ids))),
    ).fetchall()
    return tuple(codec.from_json(order, Order) for (order,) in rows)


def watched(db: Connection, account_id: int) -> tuple[str, ...]:
    """The platform's ids of the orders that an open issue is about, by number or by atom."""
    named = db.execute(
        "SELECT DISTINCT order_number FROM issue WHERE order_number <> ''"
        " AND state IN ('new', 'acknowledged', 'waiting')"
    ).fetchall()
    keys = codec.to_json(sorted({codec.text(order_key(number)) for (number,) in named}))
    rows = db.execute(
        "SELECT platform_id FROM purchase WHERE account_id = ?1 AND deleted_at IS NULL"
        " AND number_key IN (SELECT value FROM json_each(?2))"
        " UNION SELECT p.platform_id FROM atom a JOIN issue i ON i.id = a.issue_id"
        " JOIN purchase p ON a.atom = 'o:' || p.platform || ':' || p.platform_id"
        " WHERE a.atom >= 'o:' AND a.atom < 'o;' AND p.account_id = ?1 AND p.deleted_at IS NULL"
        " AND i.state IN ('new', 'acknowledged', 'waiting')",
        (account_id, keys),
    )
    return tuple(one for (one,) in rows)


def due_for_a_look(
    db: Connection, now: datetime, *, limit: int = 200
) -> tuple[tuple[int | None, Order], ...]:
    """The orders whose `look_at` has come, with their account, the longest ago first."""
    rows = db.execute(
        "SELECT account_id, order_ FROM purchase WHERE look_at <= ? ORDER BY look_at LIMIT ?",
        (codec.micros(now), limit),
    ).fetchall()
    return tuple((account_id, codec.from_json(order, Order)) for account_id, order in rows)


def set_look(db: Connection, order: Order, at: datetime | None) -> None:
    """When an order deserves the next look of its own, or None."""
    db.execute(
        "UPDATE purchase SET look_at = ? WHERE platform = ? AND platform_id = ?",
        (codec.maybe_micros(at), order.platform, order.platform_id),
    )


def by_atom(db: Connection, atoms: Iterable[str]) -> Order | None:
    """The order that one of these atoms names."""
    for atom in atoms:
        sort, _, rest = atom.partition(":")
        platform, _, platform_id = rest.partition(":")
        if sort == "o":
            row = db.execute(
                "SELECT order_ FROM purchase WHERE platform = ? AND platform_id = ?",
                (platform, platform_id),
            ).fetchone()
            if row:
                return codec.from_json(row[0], Order)
    return None


def counts(db: Connection) -> dict[int, int]:
    """How many orders of each account are known and not gone."""
    rows = db.execute(
        "SELECT account_id, count(*) FROM purchase"
        " WHERE account_id IS NOT NULL AND deleted_at IS NULL GROUP BY account_id"
    )
    return dict(rows.fetchall())


def by_number(db: Connection, number: str, *, customer: str = "") -> Order | None:
    """The order of this number, however it is written; of several shops' the one that the
    `customer` (an address' key) bought, else the newest."""
    found = of_number(db, number)
    return next((one for one in found if one.is_of(customer)), next(iter(found), None))


def of_number(db: Connection, number: str) -> tuple[Order, ...]:
    """Every order of this number, newest first: two shops may both count from 1001."""
    rows = db.execute(
        "SELECT order_ FROM purchase WHERE number_key = ? ORDER BY placed_at DESC",
        (codec.text(order_key(number)),),
    )
    return tuple(codec.from_json(order, Order) for (order,) in rows)


def of_issue(db: Connection, issue: Issue) -> Order | None:
    """The order that an issue is about."""
    link = issue.order_link or OrderLink(number=issue.order_number)
    return linked(db, link, customer=issue.customer.key)


def linked(db: Connection, link: OrderLink, *, customer: str) -> Order | None:
    """The very order that was linked. Where only its number is known, or no shop has the linked one
    any more, that of its number which the `customer` bought; for want of an atom, also another's.
    """
    if not link.number:
        return None
    if not link.atom:
        return by_number(db, link.number, customer=customer)
    found = by_atom(db, (link.atom,))
    if found is not None:
        return found
    return next((one for one in of_number(db, link.number) if one.is_of(customer)), None)


def of_shops_own_id(db: Connection, platform: str, id: str) -> tuple[Order, ...]:  # noqa: A002
    """The orders that a program which many shops run calls so: each shop's place, # and the id.

    Their places are read off the orders, each with one look into the index.
    """
    found, place = [], ""
    while row := db.execute(
        "SELECT platform_id FROM purchase WHERE platform = ? AND platform_id > ?"
        " ORDER BY platform_id LIMIT 1",
        (platform, place),
    ).fetchone():
        shop, mark, _ = str(row[0]).rpartition("#")
        if mark and (order := get(db, platform, f"{shop}#{id}")) is not None:
            found.append(order)
        place = f"{shop}$" if mark else str(row[0])  # $ follows #
    return tuple(found)


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
    rows = db.execute(_BY_CLUES, (codec.to_json(wanted), limit))
    return tuple(codec.from_json(order, Order) for (order,) in rows)


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


# A common last name has thousands of orders: those that are wanted are found first, then read.
_BY_CLUES = """
SELECT order_ FROM purchase WHERE rowid IN (
    SELECT DISTINCT p.rowid FROM json_each(?) j CROSS JOIN purchase_clue c ON c.clue = j.value
    CROSS JOIN purchase p ON p.platform = c.platform AND p.platform_id = c.platform_id
    ORDER BY p.placed_at DESC LIMIT ?)
ORDER BY placed_at DESC
"""

_UPSERT = """
INSERT INTO purchase (platform, platform_id, number_key, customer_key, placed_at, order_,
    account_id, updated_at, content_hash, first_seen_at, last_seen_at, deleted_at, look_at)
VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
ON CONFLICT DO UPDATE SET number_key = excluded.number_key, customer_key = excluded.customer_key,
    placed_at = excluded.placed_at, order_ = excluded.order_,
    account_id = ifnull(excluded.account_id, account_id), updated_at = excluded.updated_at,
    content_hash = excluded.content_hash, last_seen_at = excluded.last_seen_at,
    deleted_at = excluded.deleted_at, look_at = excluded.look_at
"""
