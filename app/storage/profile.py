"""Profile: what the file knows of itself, and the name of this laptop in the journal."""

from __future__ import annotations

import secrets
from datetime import datetime

from app.storage.connection import Connection


def get_meta(db: Connection, key: str) -> str | None:
    """What was noted under this name, or None."""
    row = db.execute("SELECT value FROM meta WHERE name = ?", (key,)).fetchone()
    return row[0] if row else None


def set_meta(db: Connection, key: str, value: str) -> None:
    """Note something under this name, in place of what stood there."""
    db.execute(
        "INSERT INTO meta VALUES (?, ?) ON CONFLICT DO UPDATE SET value = excluded.value",
        (key, value),
    )


def size_name(account_id: int) -> str:
    """Under what name it is kept how big a mail an account's outgoing server takes, in bytes."""
    return f"smtp_size.{account_id}"


def device(db: Connection) -> str:
    """The name of this laptop in the journal: 16 random hex digits, made once (writer only)."""
    known = get_meta(db, "device")
    if known is None:
        known = secrets.token_hex(8)
        set_meta(db, "device", known)
    return known


def signing_key(db: Connection) -> bytes:
    """The key that signs the Message-IDs of our own mails: 32 random bytes, made once (writer
    only). It travels with the profile, so that answers are known on the next laptop too."""
    known = get_meta(db, "signing_key")
    if known is None:
        known = secrets.token_hex(32)
        set_meta(db, "signing_key", known)
    return bytes.fromhex(known)


def forgettings(db: Connection) -> int:
    """A number that grows with each customer who is forgotten: a copy that says less still has
    somebody."""
    return int(get_meta(db, "forgettings") or 0)


def count_forgetting(db: Connection, *, now: datetime) -> None:
    """One more was forgotten. In seconds: who goes back to an old copy, and forgets somebody
    else then, must not come by the number that copies made in between have."""
    set_meta(db, "forgettings", str(max(forgettings(db) + 1, int(now.timestamp()))))


def sqlite_facts(db: Connection) -> tuple[str, bool]:
    """The version of SQLite, and whether it can search words (FTS5)."""
    (version,) = db.execute("SELECT sqlite_version()").fetchone()
    options = {option for (option,) in db.execute("PRAGMA compile_options")}
    return version, "ENABLE_FTS5" in options
