"""Gmail: its names for mails and conversations, beside the messages they stand for.

The numbers have 64 bits; SQLite's have a sign, so they are kept as the signed number of those bits.
"""

from __future__ import annotations

from collections.abc import Collection

from app.domain.mailbox import GmailIds
from app.storage import codec
from app.storage.connection import Connection

_HALF, _WHOLE = 1 << 63, 1 << 64


def note(db: Connection, account_id: int, ids: GmailIds, message_id: int) -> None:
    """Remember what Gmail calls a stored message; under another label it says the same."""
    db.execute(
        "INSERT INTO gmail VALUES (?, ?, ?, ?)"
        " ON CONFLICT DO UPDATE SET thread = excluded.thread, message_id = excluded.message_id",
        (account_id, *signed(ids), message_id),
    )


def find(db: Connection, account_id: int, ids: GmailIds) -> int | None:
    """The stored message that Gmail means, or None."""
    row = db.execute(
        "SELECT message_id FROM gmail WHERE account_id = ? AND mail = ?",
        (account_id, _signed(ids.mail)),
    ).fetchone()
    return row[0] if row else None


def issue_of_thread(
    db: Connection, account_id: int, ids: GmailIds, people: Collection[str]
) -> int | None:
    """The issue of the newest mail of this conversation whose customer is one of these people."""
    row = db.execute(
        "SELECT i.id FROM gmail g JOIN message m ON m.id = g.message_id"
        " JOIN issue i ON i.id = m.issue_id"
        " WHERE g.account_id = ? AND g.thread = ? AND i.customer_key IN"
        " (SELECT value FROM json_each(?)) AND m.id NOT IN (SELECT message_id FROM awaiting)"
        " ORDER BY m.id DESC LIMIT 1",
        (account_id, _signed(ids.thread), codec.to_json(sorted(people))),
    ).fetchone()
    return row[0] if row else None


def signed(ids: GmailIds) -> tuple[int, int]:
    """The names of a mail and of its conversation as a table can hold them."""
    return _signed(ids.mail), _signed(ids.thread)


def unsigned(mail: int, thread: int) -> GmailIds:
    """The names that `signed` wrote."""
    return GmailIds(mail=mail % _WHOLE, thread=thread % _WHOLE)


def _signed(number: int) -> int:
    number %= _WHOLE
    return number - _WHOLE if number >= _HALF else number
