"""Folders: what lies where on the servers, and the books that prove that nothing is missing.

A UID is either stored (it has a location with a message), or skipped or left where it lies (a
location with a reason).
Both are written in the transaction that stores the mail, so a crash can repeat work but never lose
a mail between the cursor and the table.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import datetime
from itertools import chain
from typing import TypedDict

from app.domain.mailbox import (
    NO_FLAGS,
    Flags,
    FolderCursor,
    FolderProof,
    FolderRole,
    FolderSnapshot,
)
from app.storage import codec, forgotten, many
from app.storage.connection import Connection


class Place(TypedDict):
    """A folder of an account, as long as its numbers stand."""

    account_id: int
    folder: str
    uid_validity: int


def cursor(db: Connection, account_id: int, folder: str) -> FolderCursor | None:
    """How far the folder was read, or None if it never was to its end."""
    row = db.execute(
        "SELECT uid_validity, uid_next, ifnull(modseq, 0) FROM folder"
        " WHERE account_id = ? AND name = ? AND uid_next IS NOT NULL",
        (account_id, folder),
    ).fetchone()
    if row is None:
        return None
    return FolderCursor(uid_validity=row[0], uid_next=row[1], modseq=row[2])


def known_uids(db: Connection, account_id: int, folder: str, uid_validity: int) -> frozenset[int]:
    """The UIDs of the folder that are stored, skipped or left."""
    rows = db.execute(
        "SELECT l.uid FROM folder f JOIN location l ON l.folder_id = f.id"
        " WHERE f.account_id = ? AND f.name = ? AND l.uid_validity = ?",
        (account_id, folder, uid_validity),
    )
    return frozenset(chain.from_iterable(rows))


def known_within(
    db: Connection,
    account_id: int,
    folder: str,
    uid_validity: int,
    ranges: Iterable[tuple[int, int]],
) -> frozenset[int]:
    """Those of `known_uids` that lie in these ranges, from the first to the last of each."""
    found: set[int] = set()
    for low, high in ranges:
        rows = db.execute(
            "SELECT l.uid FROM folder f JOIN location l ON l.folder_id = f.id"
            " WHERE f.account_id = ? AND f.name = ? AND l.uid_validity = ?"
            " AND l.uid BETWEEN ? AND ?",
            (account_id, folder, uid_validity, low, high),
        )
        found.update(chain.from_iterable(rows))
    return frozenset(found)


def count(db: Connection, account_id: int, folder: str, uid_validity: int) -> int:
    """How many UIDs of the folder are stored, skipped or left."""
    row = db.execute(
        "SELECT ifnull(h.stored, 0) + (SELECT count(*) FROM location l WHERE l.folder_id = f.id"
        " AND l.uid_validity = ? AND l.reason IS NOT NULL) FROM folder f"
        " LEFT JOIN holding h ON h.folder_id = f.id AND h.uid_validity = ?"
        " WHERE f.account_id = ? AND f.name = ?",
        (uid_validity, uid_validity, account_id, folder),
    ).fetchone()
    return int(row[0]) if row else 0


def newest(
    db: Connection, account_id: int, folder: str, uid_validity: int, most: int
) -> tuple[int, ...]:
    """The highest of `known_uids`, so many of them, falling."""
    rows = db.execute(
        "SELECT l.uid FROM folder f JOIN location l ON l.folder_id = f.id"
        " WHERE f.account_id = ? AND f.name = ? AND l.uid_validity = ?"
        " ORDER BY l.uid DESC LIMIT ?",
        (account_id, folder, uid_validity, most),
    )
    return tuple(chain.from_iterable(rows))


def marks(
    db: Connection, account_id: int, folder: str, uid_validity: int, uids: Collection[int]
) -> dict[int, int]:
    """The marks of these UIDs; 0 where none was kept."""
    rows = db.execute(
        # In this order: a folder of 500,000 mails is asked about ten of them.
        "SELECT l.uid, l.mark FROM folder f CROSS JOIN json_each(?) j"
        " CROSS JOIN location l ON l.folder_id = f.id AND l.uid = j.value"
        " WHERE f.account_id = ? AND f.name = ? AND l.uid_validity = ?",
        (codec.to_json(sorted(uids)), account_id, folder, uid_validity),
    )
    return dict(rows.fetchall())


def names(db: Connection, account_id: int) -> frozenset[str]:
    """The folders of an account that have books."""
    rows = db.execute("SELECT name FROM folder WHERE account_id = ?", (account_id,))
    return frozenset(name for (name,) in rows)


@dataclass(frozen=True, slots=True, kw_only=True)
class Whereabouts:
    """Where a stored mail lies on a server."""

    account_id: int
    folder: str
    uid_validity: int
    uid: int


def places(db: Connection, message_id: int) -> tuple[Whereabouts, ...]:
    """Everywhere a mail (by its row id) was last seen on servers, the newest first."""
    rows = db.execute(
        "SELECT f.account_id, f.name, l.uid_validity, l.uid FROM folder f"
        " JOIN location l ON l.folder_id = f.id AND l.uid_validity = f.uid_validity"
        " WHERE l.message_id = ? ORDER BY l.uid DESC",
        (message_id,),
    )
    return tuple(
        Whereabouts(account_id=account, folder=name, uid_validity=validity, uid=uid)
        for account, name, validity, uid in rows
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class Located:
    """Where a stored message lies in a folder, by its number there."""

    uid: int
    message_id: int
    flags: Flags = NO_FLAGS
    mark: int = 0


def locate(
    db: Connection,
    located: Iterable[Located],
    *,
    account_id: int,
    folder: str,
    uid_validity: int,
) -> None:
    """Note where stored messages lie; a mail that had been skipped counts as stored now."""
    folder_id = _folder_id(db, account_id, folder)
    many.insert(
        db,
        "location (folder_id, uid_validity, uid, message_id, flags, mark)",
        [
            (folder_id, uid_validity, one.uid, one.message_id, codec.flag_bits(one.flags), one.mark)
            for one in located
        ],
        on_conflict=_IS_STORED_NOW,
    )


def skip(
    db: Connection,
    *,
    account_id: int,
    folder: str,
    uid_validity: int,
    uid: int,
    reason: str,
    left: bool = False,
    mark: int = 0,
) -> None:
    """Note why a mail on the server is not stored; one that is stored stays stored.

    `left`: it was looked at and left where it lies, in Junk; else it could not be had.
    """
    db.execute(
        "INSERT INTO location (folder_id, uid_validity, uid, reason, left_there, mark)"
        " VALUES (?, ?, ?, ?, ?, ?) ON CONFLICT DO UPDATE SET reason = excluded.reason,"
        " left_there = excluded.left_there, mark = excluded.mark WHERE message_id IS NULL",
        (_folder_id(db, account_id, folder), uid_validity, uid, codec.text(reason), left, mark),
    )


def try_again(db: Connection, account_id: int) -> int:
    """Forget what was skipped or left, so that the next round looks at it again; how many.

    What its owner deleted stays deleted.
    """
    return db.execute(
        "DELETE FROM location WHERE reason IS NOT NULL AND reason <> ?"
        " AND folder_id IN (SELECT id FROM folder WHERE account_id = ?)",
        (forgotten.REASON, account_id),
    ).rowcount


def close(db: Connection, *, account_id: int, folder: str) -> None:
    """The folder is read no more: its books go, what was stored of it stays."""
    # One by one, so that the triggers see which mails lie nowhere now.
    folder_id = _folder_id(db, account_id, folder)
    db.execute("DELETE FROM location WHERE folder_id = ?", (folder_id,))
    db.execute("DELETE FROM folder WHERE id = ?", (folder_id,))


def forget(
    db: Connection, *, account_id: int, folder: str, uid_validity: int, uids: Iterable[int]
) -> None:
    """These mails are gone from the server; what was stored of them stays."""
    folder_id = _folder_id(db, account_id, folder)
    db.executemany(
        "DELETE FROM location WHERE folder_id = ? AND uid_validity = ? AND uid = ?",
        [(folder_id, uid_validity, uid) for uid in uids],
    )


def announce(db: Connection, *, account_id: int, snapshot: FolderSnapshot) -> None:
    """Note what the server says of a folder before it is read; the cursor stays where it is.

    Under a new UIDVALIDITY the old UIDs name nothing any more (RFC 3501 2.3.1.1): the cursor and
    the old locations go, and the books show the folder as not yet read.
    """
    folder_id = _folder_id(db, account_id, snapshot.name)
    db.execute(
        "UPDATE folder SET on_server = ?, uid_validity = ?, role = ?,"
        " uid_next = iif(uid_validity = ?, uid_next, NULL) WHERE id = ?",
        (
            snapshot.exists,
            snapshot.uid_validity,
            snapshot.role.value,
            snapshot.uid_validity,
            folder_id,
        ),
    )
    _drop_older(db, folder_id, snapshot.uid_validity)


def settle(db: Connection, *, account_id: int, snapshot: FolderSnapshot, now: datetime) -> None:
    """Everything in the snapshot is accounted for: move the cursor, note the server's count."""
    folder_id = _folder_id(db, account_id, snapshot.name)
    db.execute(
        "UPDATE folder SET uid_validity = ?, uid_next = ?, modseq = ?, on_server = ?,"
        " role = ?, checked_at = ? WHERE id = ?",
        (
            snapshot.uid_validity,
            snapshot.uid_next,
            snapshot.modseq,
            snapshot.exists,
            snapshot.role.value,
            codec.micros(now),
            folder_id,
        ),
    )
    _drop_older(db, folder_id, snapshot.uid_validity)


def proofs(db: Connection) -> tuple[FolderProof, ...]:
    """The books of every folder whose count is known: on server = stored + skipped + left."""
    rows = db.execute(
        "SELECT a.name, f.name, f.on_server, ifnull(h.stored, 0), f.checked_at,"
        " f.id, f.uid_validity, f.role FROM folder f JOIN account a ON a.id = f.account_id"
        " LEFT JOIN holding h ON h.folder_id = f.id AND h.uid_validity = f.uid_validity"
        " WHERE f.on_server IS NOT NULL"
        " ORDER BY a.id, CASE f.role WHEN 'inbox' THEN 0 WHEN 'other' THEN 1 ELSE 2 END, f.id"
    ).fetchall()
    return tuple(
        FolderProof(
            account=account,
            folder=folder,
            on_server=on_server,
            stored=stored,
            skipped=_reasons(db, folder_id, uid_validity, left=False),
            left=_reasons(db, folder_id, uid_validity, left=True),
            checked_at=codec.maybe_moment(checked_at),
            role=FolderRole(role),
        )
        for account, folder, on_server, stored, checked_at, folder_id, uid_validity, role in rows
    )


_IS_STORED_NOW = """
ON CONFLICT DO UPDATE SET message_id = excluded.message_id,
    flags = excluded.flags, mark = excluded.mark, reason = NULL, left_there = 0
"""


def _folder_id(db: Connection, account_id: int, name: str) -> int:
    where = (account_id, name)
    row = db.execute("SELECT id FROM folder WHERE account_id = ? AND name = ?", where).fetchone()
    if row is None:
        row = db.execute(
            "INSERT INTO folder (account_id, name) VALUES (?, ?) RETURNING id", where
        ).fetchone()
    return int(row[0])


def _drop_older(db: Connection, folder_id: int, uid_validity: int) -> None:
    gone = (folder_id, uid_validity)
    for other in ("<", ">"):  # each a range of the key; "<>" would look at every mail of the folder
        for table in ("location", "holding"):
            db.execute(
                f"DELETE FROM {table} WHERE folder_id = ? AND uid_validity {other} ?",  # noqa: S608
                gone,
            )


def _reasons(db: Connection, folder_id: int, uid_validity: int, *, left: bool) -> dict[str, int]:
    rows = db.execute(
        "SELECT reason, count(*) FROM location WHERE folder_id = ? AND uid_validity = ?"
        " AND reason IS NOT NULL AND left_there = ? GROUP BY reason",
        (folder_id, uid_validity, left),
    )
    return dict(rows.fetchall())
