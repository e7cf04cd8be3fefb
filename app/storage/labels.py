"""Labels: what a mail was labelled with on its server, by the owner or by the provider.

One mail may have many. They are shown with the mail and found by `label:`; what they mean is the
owner's business.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from app.storage import codec
from app.storage.connection import Connection

LABELS: tuple[str, ...] = (
    """
CREATE TABLE label (
    message_id INTEGER NOT NULL REFERENCES message(id),
    name TEXT NOT NULL,
    PRIMARY KEY (message_id, name)
) STRICT, WITHOUT ROWID
""",
    "CREATE INDEX label_name ON label(name COLLATE NOCASE, message_id)",
)


def note(db: Connection, message_id: int, names: Iterable[str]) -> None:
    """These are the labels of a stored mail (row id) now, and no others."""
    wanted = {codec.text(name) for name in names}
    had = set(of(db, message_id))
    for name in had - wanted:
        db.execute("DELETE FROM label WHERE message_id = ? AND name = ?", (message_id, name))
    db.executemany("INSERT INTO label VALUES (?, ?)", [(message_id, name) for name in wanted - had])


def note_at(
    db: Connection,
    *,
    account_id: int,
    folder: str,
    uid_validity: int,
    labels: Mapping[int, Iterable[str]],
) -> frozenset[str]:
    """The same for mails by their UIDs; the keys of the issues that hold them."""
    moved: set[str] = set()
    for uid, names in labels.items():
        row = db.execute(
            "SELECT m.id, i.key FROM folder f JOIN location l ON l.folder_id = f.id"
            " JOIN message m ON m.id = l.message_id LEFT JOIN issue i ON i.id = m.issue_id"
            " WHERE f.account_id = ? AND f.name = ? AND l.uid_validity = ? AND l.uid = ?",
            (account_id, folder, uid_validity, uid),
        ).fetchone()
        if row is not None:
            note(db, row[0], names)
            moved.add(row[1])
    return frozenset(filter(None, moved))


def of(db: Connection, message_id: int) -> tuple[str, ...]:
    """The labels of a stored mail (row id), in the order of the alphabet."""
    rows = db.execute("SELECT name FROM label WHERE message_id = ? ORDER BY name", (message_id,))
    return tuple(name for (name,) in rows)
