"""Order moves: a shop has another address, so its orders have other names.

A name holds the shop's place, because numbers count from 1 in every shop. All that names an order
is written anew with it; an issue keeps its old atoms beside the new ones, for its journal's sake.
"""

from __future__ import annotations

from datetime import datetime

from app.domain.order import Order
from app.storage import codec, forgotten, issues
from app.storage.connection import Connection
from app.storage.database import savepoint


def elsewhere(db: Connection, account_id: int, place: str, *, limit: int = 20) -> tuple[Order, ...]:
    """The newest orders of an account that are named after another place than this."""
    rows = db.execute(
        "SELECT order_ FROM purchase WHERE account_id = ?1 AND deleted_at IS NULL"
        " AND instr(platform_id, '#') AND substr(platform_id, 1, length(?2)) <> ?2"
        " ORDER BY placed_at DESC LIMIT ?3",
        (account_id, f"{place}#", limit),
    )
    return tuple(codec.from_json(order, Order) for (order,) in rows)


def move(
    db: Connection, account_id: int, platform: str, *, was: str, place: str, now: datetime
) -> int:
    """Name the orders of an account after their shop's new place; how many there were.

    Where one was read under both names, the later telling stays.
    """
    old, new = f"{was}#", f"{place}#"
    names = {"account": account_id, "platform": platform, "old": old, "new": new}
    ids = db.execute(_OLD, names).fetchall()
    marks = {forgotten.order_mark(platform, f"{old}{one}"): one for (one,) in ids}
    kept_from = forgotten.among(db, marks)
    again = (forgotten.order_mark(platform, f"{new}{marks[one]}") for one in kept_from)
    forgotten.remember(db, again, now=now)
    with savepoint(db):
        db.execute("PRAGMA defer_foreign_keys = ON")  # an order and its clues move together
        for statement in _MOVES:
            db.execute(statement, names)
    atoms = {"old": f"o:{platform}:{old}", "new": f"o:{platform}:{new}", "account": account_id}
    for atom, issue_id in db.execute(_ATOMS, atoms).fetchall():
        issues.add_atoms(db, issue_id, (atom,))
    for statement in _NAMED_BY_ATOM:
        db.execute(statement, atoms)
    return len(ids)


_OLD = """
SELECT substr(platform_id, length(:old) + 1) FROM purchase
WHERE account_id = :account AND platform = :platform
    AND substr(platform_id, 1, length(:old)) = :old
"""

# The later telling of two stays; then the other gets its name.
_MOVES = (
    """
DELETE FROM purchase AS p WHERE platform = :platform AND account_id = :account
    AND substr(platform_id, 1, length(:new)) = :new AND EXISTS (
        SELECT 1 FROM purchase o WHERE o.platform = :platform AND o.account_id = :account
            AND o.platform_id = :old || substr(p.platform_id, length(:new) + 1)
            AND ifnull(o.updated_at, 0) > ifnull(p.updated_at, 0))
""",
    """
DELETE FROM purchase AS p WHERE platform = :platform AND account_id = :account
    AND substr(platform_id, 1, length(:old)) = :old AND EXISTS (
        SELECT 1 FROM purchase n WHERE n.platform = :platform
            AND n.platform_id = :new || substr(p.platform_id, length(:old) + 1))
""",
    """
UPDATE purchase_clue SET platform_id = :new || substr(platform_id, length(:old) + 1)
WHERE platform = :platform AND substr(platform_id, 1, length(:old)) = :old
    AND EXISTS (SELECT 1 FROM purchase p WHERE p.platform = purchase_clue.platform
        AND p.platform_id = purchase_clue.platform_id AND p.account_id = :account)
""",
    """
UPDATE purchase SET platform_id = :new || substr(platform_id, length(:old) + 1),
    order_ = json_set(order_, '$.platform_id', :new || substr(platform_id, length(:old) + 1))
WHERE platform = :platform AND account_id = :account
    AND substr(platform_id, 1, length(:old)) = :old
""",
    """
DELETE FROM feed_left_out WHERE account_id = :account
    AND substr(record, 1, length(:old)) = :old
""",
)

_ATOMS = """
SELECT :new || substr(atom, length(:old) + 1), issue_id FROM atom
WHERE substr(atom, 1, length(:old)) = :old AND NOT alias
"""

_NAMED_BY_ATOM = (
    """
UPDATE OR REPLACE finding SET atom = :new || substr(atom, length(:old) + 1)
WHERE account_id = :account AND substr(atom, 1, length(:old)) = :old
""",
    """
UPDATE issue SET order_link = json_set(
    order_link, '$.atom', :new || substr(order_link ->> 'atom', length(:old) + 1))
WHERE substr(order_link ->> 'atom', 1, length(:old)) = :old
""",
)
