"""Awaiting: mails of a large delivery that are stored, and found, before they are judged.

Each lies in an issue of its own that only holds its place, until `engine/later` files it as if it
came now. The row is written with the mail and goes with its judgement, each in one transaction, so
that a kill at any point neither loses a judgement nor makes it twice.
"""

from __future__ import annotations

from dataclasses import dataclass

from app.domain.mailbox import GmailIds
from app.storage import gmail
from app.storage.connection import Connection

# `gmail_mail` and `gmail_thread`: Gmail's names, by which it may belong to a conversation.
AWAITING = """
CREATE TABLE awaiting (
    message_id INTEGER PRIMARY KEY REFERENCES message(id),
    gmail_mail INTEGER,
    gmail_thread INTEGER
) STRICT
"""


@dataclass(frozen=True, slots=True, kw_only=True)
class Awaiting:
    """A stored mail (its row id) that is still to be judged, and what Gmail calls it."""

    message_id: int
    gmail: GmailIds | None = None


def add(db: Connection, message_id: int, ids: GmailIds | None) -> None:
    """Note that this mail is still to be judged."""
    names = (None, None) if ids is None else gmail.signed(ids)
    db.execute("INSERT INTO awaiting VALUES (?, ?, ?)", (message_id, *names))


def newest(db: Connection, *, limit: int) -> tuple[Awaiting, ...]:
    """The newest of them, the newest first: ids grow with the arrival."""
    rows = db.execute("SELECT * FROM awaiting ORDER BY message_id DESC LIMIT ?", (limit,))
    return tuple(
        Awaiting(
            message_id=message_id,
            gmail=None if mail is None else gmail.unsigned(mail, thread),
        )
        for message_id, mail, thread in rows
    )


def over(db: Connection, message_id: int) -> None:
    """This mail is judged."""
    db.execute("DELETE FROM awaiting WHERE message_id = ?", (message_id,))


def count(db: Connection) -> int:
    """How many there are."""
    (number,) = db.execute("SELECT count(*) FROM awaiting").fetchone()
    return int(number)


def only_holds_its_place(db: Connection, issue_id: int) -> bool:
    """Whether an issue has this one mail and nothing that a person did."""
    (untouched,) = db.execute(
        "SELECT (SELECT count(*) FROM message WHERE issue_id = :id) = 1"
        " AND NOT EXISTS (SELECT 1 FROM journal WHERE issue_id = :id)"
        " AND NOT EXISTS (SELECT 1 FROM reply WHERE issue_id = :id)"
        " AND NOT EXISTS (SELECT 1 FROM draft WHERE issue_id = :id)",
        {"id": issue_id},
    ).fetchone()
    return bool(untouched)
