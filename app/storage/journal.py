"""Journal: what people decided, entry by entry, as it is kept; entries are only ever added.

The fold that makes the present of it is in `domain.journal`; the file itself refuses to change or
delete an entry.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from app.domain.clock import instant
from app.domain.journal import Entry, EntryType, uuid7
from app.storage import codec, crossing, profile
from app.storage.connection import Connection


def append(
    db: Connection,
    *,
    issue_id: int,
    type: EntryType,  # noqa: A002 - the word of the domain
    at: datetime,
    data: Mapping[str, Any] | None = None,
    base: str = "",
) -> Entry:
    """Add a decision about an issue under this laptop's next number and answer the entry.

    Without `base` the issue's last entry is taken as the one that the person saw. What settles the
    issue settles the mails that are here (`storage.crossing`).
    """
    device = profile.device(db)
    (counter,) = db.execute(
        "SELECT ifnull(max(counter), 0) + 1 FROM journal WHERE device = ?", (device,)
    ).fetchone()
    rows = db.execute(
        "SELECT atom FROM atom WHERE issue_id = ? AND NOT alias ORDER BY atom", (issue_id,)
    )
    entry = Entry(
        id=uuid7(at),
        device=device,
        counter=counter,
        at=at,
        type=type,
        atoms=tuple(atom for (atom,) in rows),
        base=base or _head(db, issue_id),
        data=dict(data or {}),
    )
    _insert(db, issue_id, entry)
    if type in crossing.SETTLES:
        crossing.note_decision(db, issue_id, at=at)
    return entry


def of_issue(db: Connection, issue_id: int) -> tuple[Entry, ...]:
    """All decisions about an issue, in the order in which they were made."""
    rows = db.execute(_SELECT + " WHERE issue_id = ? ORDER BY counter, device", (issue_id,))
    return tuple(entry_of(row) for row in rows)


def snoozes_between(db: Connection, start: datetime, end: datetime) -> dict[int, datetime]:
    """The issues whose last snooze ended in this time, and when it did."""
    rows = db.execute(
        "SELECT issue_id, data ->> '$.until', max(counter) FROM journal WHERE type = 'snooze'"
        " GROUP BY issue_id"
    )
    ended = {issue_id: instant(until) for issue_id, until, _ in rows}
    return {issue_id: at for issue_id, at in ended.items() if start < at <= end}


def last(db: Connection, issue_id: int) -> Entry | None:
    """The newest decision about an issue, or None."""
    row = db.execute(
        _SELECT + " WHERE issue_id = ? ORDER BY counter DESC, device DESC LIMIT 1", (issue_id,)
    ).fetchone()
    return entry_of(row) if row else None


def find(db: Connection, entry_id: str) -> Entry | None:
    """The entry with this id, or None."""
    row = db.execute(_SELECT + " WHERE id = ?", (entry_id,)).fetchone()
    return entry_of(row) if row else None


def issue_of(db: Connection, entry_id: str) -> int | None:
    """The issue that an entry is about now, after any merge."""
    row = db.execute("SELECT issue_id FROM journal WHERE id = ?", (entry_id,)).fetchone()
    return row[0] if row else None


def _head(db: Connection, issue_id: int) -> str:
    entry = last(db, issue_id)
    return entry.id if entry else ""


def _insert(db: Connection, issue_id: int, entry: Entry) -> None:
    db.execute(
        "INSERT INTO journal (id, issue_id, device, counter, at, type, atoms, base, data)"
        " VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)",
        (
            entry.id,
            issue_id,
            entry.device,
            entry.counter,
            codec.micros(entry.at),
            entry.type.value,
            codec.to_json(entry.atoms),
            entry.base,
            codec.to_json(entry.data),
        ),
    )


def entry_of(row: tuple[Any, ...]) -> Entry:
    """The entry in these columns, in the order of the table, without its issue."""
    id_, device, counter, at, type_, atoms, base, data = row
    return Entry(
        id=id_,
        device=device,
        counter=counter,
        at=codec.moment(at),
        type=EntryType(type_),
        atoms=codec.from_json(atoms, tuple[str, ...]),
        base=base,
        data=codec.from_json(data, dict[str, Any]),
    )


_SELECT = "SELECT id, device, counter, at, type, atoms, base, data FROM journal"
