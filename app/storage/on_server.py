"""On server: what other programs noted about a mail, where it lies now, and whether it is gone.

The books (`folders.py`) say that nothing is missing; this says what has become of a mail since.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from app.domain.mailbox import Flags, GmailIds
from app.domain.views import Whereabouts
from app.storage import codec, gmail, labels
from app.storage.connection import Connection

_GONE_AFTER = 2  # whole rounds: the one that missed it, and one that looked everywhere since


def note_flags(
    db: Connection, *, account_id: int, folder: str, uid_validity: int, flags: Mapping[int, Flags]
) -> frozenset[str]:
    """Note the flags of these UIDs; the keys of the issues for which that is news."""
    moved: set[str] = set()
    for uid, those in flags.items():
        rows = db.execute(
            "UPDATE location SET flags = ? WHERE uid = ? AND uid_validity = ? AND flags <> ?"
            " AND folder_id = (SELECT id FROM folder WHERE account_id = ? AND name = ?)"
            " RETURNING (SELECT i.key FROM message m JOIN issue i ON i.id = m.issue_id"
            " WHERE m.id = location.message_id)",
            (bits := codec.flag_bits(those), uid, uid_validity, bits, account_id, folder),
        )
        moved.update(key for (key,) in rows.fetchall() if key)
    return frozenset(moved)


def want_flags(db: Connection, message_ids: Iterable[int], flags: Flags) -> None:
    """Note that the owner read or answered these mails here (row ids)."""
    bits = codec.flag_bits(flags)
    db.executemany(
        "INSERT INTO wanted_flag VALUES (?, ?)"
        " ON CONFLICT DO UPDATE SET flags = flags | excluded.flags",
        [(message_id, bits) for message_id in message_ids],
    )


def wanted_flags(
    db: Connection, account_id: int, folder: str, uid_validity: int
) -> dict[int, Flags]:
    """The flags that the server does not know yet, by UID."""
    rows = db.execute(
        "SELECT l.uid, w.flags | l.flags FROM wanted_flag w"
        " CROSS JOIN location l ON l.message_id = w.message_id"
        " CROSS JOIN folder f ON f.id = l.folder_id"
        " WHERE f.account_id = ? AND f.name = ? AND l.uid_validity = ?"
        " AND w.flags | l.flags <> l.flags",
        (account_id, folder, uid_validity),
    )
    return {uid: codec.flags_of(bits) for uid, bits in rows}


def end_round(db: Connection, account_id: int) -> frozenset[str]:
    """All folders of an account were read; the issues of mails that now count as gone for good.

    What the owner's doing should mean on the server was told in that round, or never will be.
    """
    # CROSS JOIN: from the few that are missing; SQLite would begin at all mails of the account.
    db.execute(
        "DELETE FROM wanted_flag"
        " WHERE message_id IN (SELECT m.id FROM wanted_flag w"
        " CROSS JOIN message m ON m.id = w.message_id WHERE m.account_id = ?)",
        (account_id,),
    )
    # Here rather than by a trigger: every mail of a first sync would pay for it.
    db.execute(
        "DELETE FROM missing WHERE EXISTS"
        " (SELECT 1 FROM location l WHERE l.message_id = missing.message_id)"
    )
    db.execute(
        "UPDATE missing SET rounds = rounds + 1 WHERE rounds <= ? AND kept_in IS NULL"
        " AND message_id IN (SELECT m.id FROM missing x"
        " CROSS JOIN message m ON m.id = x.message_id WHERE m.account_id = ?)",
        (_GONE_AFTER, account_id),
    )
    rows = db.execute(
        "SELECT DISTINCT i.key FROM missing x CROSS JOIN message m ON m.id = x.message_id"
        " CROSS JOIN issue i ON i.id = m.issue_id WHERE m.account_id = ? AND x.rounds = ?"
        " AND x.kept_in IS NULL",
        (account_id, _GONE_AFTER),
    )
    return frozenset(key for (key,) in rows)


def unplaced(db: Connection, account_id: int) -> dict[int, GmailIds]:
    """The mails of an account that lie in no folder which is read, by the names of their Gmail.

    None that a folder which is not read was found to hold, or that already count as gone.
    """
    rows = db.execute(
        "SELECT g.message_id, g.mail, g.thread FROM missing x"
        " JOIN gmail g ON g.message_id = x.message_id WHERE g.account_id = ?"
        " AND x.rounds < ? AND x.kept_in IS NULL"
        " AND NOT EXISTS (SELECT 1 FROM location l WHERE l.message_id = x.message_id)",
        (account_id, _GONE_AFTER),
    )
    return {row: gmail.unsigned(mail, thread) for row, mail, thread in rows}


def keep_in(db: Connection, message_ids: Iterable[int], folder: str) -> frozenset[str]:
    """These mails (row ids) lie in a folder that is not read; the keys of their issues."""
    rows = db.execute(
        "UPDATE missing SET kept_in = ? WHERE message_id IN (SELECT value FROM json_each(?))"
        " RETURNING (SELECT i.key FROM message m JOIN issue i ON i.id = m.issue_id"
        " WHERE m.id = missing.message_id)",
        (codec.text(folder), codec.to_json(sorted(message_ids))),
    )
    return frozenset(key for (key,) in rows.fetchall() if key)


def gone_counts(db: Connection) -> dict[str, int]:
    """How many mails of each account are kept that are no longer on its server."""
    rows = db.execute(
        "SELECT a.name, count(*) FROM missing x JOIN message m ON m.id = x.message_id"
        " JOIN account a ON a.id = m.account_id WHERE x.rounds >= ? AND x.kept_in IS NULL"
        " AND NOT EXISTS (SELECT 1 FROM location l WHERE l.message_id = x.message_id)"
        " GROUP BY a.id",
        (_GONE_AFTER,),
    )
    return dict(rows.fetchall())


def whereabouts(db: Connection, message_id: int) -> Whereabouts:
    """Where a stored message lies on the server, with what flags, or that it is gone."""
    rows = db.execute(
        "SELECT f.name, l.flags FROM location l JOIN folder f ON f.id = l.folder_id"
        " WHERE l.message_id = ? ORDER BY f.id, l.uid",
        (message_id,),
    ).fetchall()
    lost = db.execute(
        "SELECT kept_in, rounds >= ? FROM missing WHERE message_id = ?", (_GONE_AFTER, message_id)
    ).fetchone()
    kept_in, is_gone = lost if lost and not rows else (None, False)
    bits = 0
    for _, flags in rows:
        bits |= flags
    return Whereabouts(
        folders=tuple(dict.fromkeys(name for name, _ in rows)) or ((kept_in,) if kept_in else ()),
        flags=codec.flags_of(bits),
        gone=bool(is_gone) and not kept_in,
        labels=labels.of(db, message_id),
    )
