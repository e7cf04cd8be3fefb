"""Ties: what a person's hand taught about where mails belong: apart, together, to which order.

Apart and together are read from the journal; which order a sender or an unknown number means is
kept beside the issue whose order was picked, and follows that decision.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from app.domain.journal import Entry, EntryType
from app.storage import codec, journal
from app.storage.connection import Connection


@dataclass(frozen=True, slots=True, kw_only=True)
class Habits:
    """What a person said about the mails of one address.

    `apart`: the reasons by which they were joined and should not have been. `together`: other
    addresses (keys) of the same person.
    """

    apart: frozenset[str] = frozenset()
    together: frozenset[str] = frozenset()


def habits(db: Connection, email_key: str) -> Habits:
    """What is known of this address."""
    if not email_key:
        return Habits()
    apart: set[str] = set()
    together: set[str] = set()
    for entry in _standing(db, email_key):
        pair = {str(entry.data.get("customer", "")), str(entry.data.get("with", ""))}
        if entry.type is EntryType.SPLIT:
            apart.update(map(str, entry.data.get("because", ())))
        elif pair == {email_key}:  # put together again
            apart.clear()
        else:
            together |= pair - {email_key, ""}
    return Habits(apart=frozenset(apart), together=frozenset(together))


def places_taught(db: Connection) -> tuple[Entry, ...]:
    """Every split and merge that teaches something and stands, oldest first."""
    rows = db.execute(_SELECT + " AND json_extract(data, '$.customer') <> ''" + _STANDS)
    return tuple(journal.entry_of(row) for row in rows)


def bind(db: Connection, issue_id: int, clues: Iterable[str], number: str) -> None:
    """These clues mean this order, by the word of a person about that issue."""
    release(db, issue_id)
    db.executemany(
        "INSERT OR REPLACE INTO order_tie VALUES (?, ?, ?)",
        [(codec.text(clue), issue_id, codec.text(number)) for clue in clues],
    )


def release(db: Connection, issue_id: int) -> None:
    """Nobody picks the order of that issue any more."""
    db.execute("DELETE FROM order_tie WHERE issue_id = ?", (issue_id,))


def picks(db: Connection) -> tuple[tuple[int, str, tuple[str, ...]], ...]:
    """Each issue whose picked order teaches: the issue, the order's number, the clues."""
    rows = db.execute(
        "SELECT issue_id, number, json_group_array(clue) FROM order_tie GROUP BY issue_id, number"
    )
    return tuple((row[0], row[1], codec.from_json(row[2], tuple[str, ...])) for row in rows)


def bound(db: Connection, clues: Iterable[str], *, but: int) -> list[tuple[str, str, int]]:
    """The numbers of the orders that these clues mean, each with the clue and the issue where it
    was picked; `but` for that issue."""
    rows = db.execute(
        "SELECT t.number, t.clue, t.issue_id FROM json_each(?) j"
        " JOIN order_tie t ON t.clue = j.value WHERE t.issue_id <> ?",
        (codec.to_json(sorted(clues)), but),
    )
    return rows.fetchall()


def _standing(db: Connection, email_key: str) -> tuple[Entry, ...]:
    found: dict[str, Entry] = {}
    for way in ("$.customer", "$.with"):
        rows = db.execute(
            _SELECT + f" AND json_extract(data, '{way}') = ?" + _STANDS, (email_key,)
        ).fetchall()
        found.update((row[0], journal.entry_of(row)) for row in rows)
    return tuple(sorted(found.values(), key=lambda entry: (entry.at, entry.counter)))


_SELECT = """
SELECT id, device, counter, at, type, atoms, base, data FROM journal
WHERE type IN ('split', 'merge')
"""

_STANDS = """
    AND NOT EXISTS (SELECT 1 FROM journal u WHERE u.type = 'undo'
        AND json_extract(u.data, '$.entry') = journal.id)
    AND NOT EXISTS (SELECT 1 FROM journal f, json_each(f.data, '$.entries') e
        WHERE f.type = 'forget' AND e.value = journal.id AND NOT EXISTS (SELECT 1 FROM journal u
            WHERE u.type = 'undo' AND json_extract(u.data, '$.entry') = f.id))
ORDER BY at, counter
"""
