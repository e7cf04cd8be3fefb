"""Contacts: who is told, in which ways, and the one roster; addresses of services are sealed."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from typing import Any, TypeVar

from app.domain.contact import Channel, ChannelKind, Contact, Week
from app.domain.errors import NotFound, Refused
from app.storage import codec
from app.storage.database import Connection

T = TypeVar("T")


def every(db: Connection) -> tuple[Contact, ...]:
    """All contacts, in the order in which they were added."""
    rows = db.execute(
        "SELECT id, name, hours, reviewed_at, acknowledged_at FROM contact ORDER BY id"
    ).fetchall()
    return tuple(_contact(row, _channels(db, row[0])) for row in rows)


def by_name(db: Connection, name: str) -> Contact:
    """The contact of this name. Raises NotFound."""
    wanted = name.strip().casefold()
    for one in every(db):
        if one.name.casefold() == wanted:
            return one
    raise NotFound(f"There is no contact called {name}", "", "See them with: contact list")


def add(db: Connection, name: str, *, hours: Week | None, now: datetime) -> int:
    """A new contact; its id. Raises Refused where the name is taken."""
    if any(one.name.casefold() == name.casefold() for one in every(db)):
        raise Refused(f"There is a contact called {name} already")
    (id_,) = db.execute(
        "INSERT INTO contact (name, hours, reviewed_at) VALUES (?, ?, ?) RETURNING id",
        (codec.text(name), codec.to_json(hours), codec.micros(now)),
    ).fetchone()
    return int(id_)


def set_hours(db: Connection, contact_id: int, hours: Week | None) -> None:
    """When they can be reached."""
    db.execute("UPDATE contact SET hours = ? WHERE id = ?", (codec.to_json(hours), contact_id))


def add_channel(
    db: Connection, contact_id: int, kind: ChannelKind, label: str, secret: bytes | None
) -> int:
    """One more way to tell a contact; its id."""
    (id_,) = db.execute(
        "INSERT INTO contact_channel (contact_id, kind, label, secret, failure)"
        " VALUES (?, ?, ?, ?, '') RETURNING id",
        (contact_id, kind.value, codec.text(label), secret),
    ).fetchone()
    return int(id_)


def secret(db: Connection, channel_id: int) -> bytes | None:
    """The sealed address of a service; None where it stayed on another laptop."""
    row = db.execute("SELECT secret FROM contact_channel WHERE id = ?", (channel_id,)).fetchone()
    return row[0] if row else None


def worked(db: Connection, channel_id: int, at: datetime) -> None:
    """The way took a message."""
    db.execute(
        "UPDATE contact_channel SET worked_at = ?, failed_at = NULL, failure = '' WHERE id = ?",
        (codec.micros(at), channel_id),
    )


def failed(db: Connection, channel_id: int, at: datetime, why: str) -> None:
    """The way did not take a message, or it came back."""
    db.execute(
        "UPDATE contact_channel SET failed_at = ?, failure = ? WHERE id = ?",
        (codec.micros(at), codec.text(why), channel_id),
    )


def acknowledged(db: Connection, names: Iterable[str], at: datetime) -> None:
    """These people have taken an issue."""
    db.executemany(
        "UPDATE contact SET acknowledged_at = ? WHERE name = ?",
        [(codec.micros(at), name) for name in names],
    )


def reviewed(db: Connection, contact_id: int, at: datetime) -> None:
    """Somebody looked: it is still true."""
    db.execute("UPDATE contact SET reviewed_at = ? WHERE id = ?", (codec.micros(at), contact_id))


def remove(db: Connection, contact_id: int) -> None:
    """Forget a contact and what its services needed; what was told stays written down."""
    db.execute("DELETE FROM contact WHERE id = ?", (contact_id,))


def roster(db: Connection, shape: type[T]) -> T | None:
    """Who takes turns, in the form in which it was kept; None where nobody does."""
    row = db.execute("SELECT data FROM roster WHERE id = 1").fetchone()
    return codec.from_json(row[0], shape) if row else None


def keep_roster(db: Connection, value: object | None) -> None:
    """Keep who takes turns; None for nobody."""
    db.execute("DELETE FROM roster")
    if value is not None:
        db.execute("INSERT INTO roster VALUES (1, ?)", (codec.to_json(value),))


def _channels(db: Connection, contact_id: int) -> tuple[Channel, ...]:
    rows = db.execute(
        "SELECT id, kind, label, worked_at, failed_at, failure FROM contact_channel"
        " WHERE contact_id = ? ORDER BY id",
        (contact_id,),
    )
    return tuple(
        Channel(
            id=id_,
            kind=ChannelKind(kind),
            label=label,
            worked_at=codec.maybe_moment(worked_at),
            failed_at=codec.maybe_moment(failed_at),
            failure=failure,
        )
        for id_, kind, label, worked_at, failed_at, failure in rows
    )


def _contact(row: tuple[Any, ...], channels: tuple[Channel, ...]) -> Contact:
    id_, name, hours, reviewed_at, acknowledged_at = row
    return Contact(
        id=id_,
        name=name,
        channels=channels,
        hours=codec.from_json(hours, dict[str, list[list[str]]] | None),  # type: ignore[arg-type]
        reviewed_at=codec.maybe_moment(reviewed_at),
        acknowledged_at=codec.maybe_moment(acknowledged_at),
    )


CONTACTS: tuple[str, ...] = (
    """
CREATE TABLE contact (
    id INTEGER PRIMARY KEY,
    name TEXT NOT NULL UNIQUE,
    hours TEXT NOT NULL,
    reviewed_at INTEGER,
    acknowledged_at INTEGER
) STRICT
""",
    """
CREATE TABLE contact_channel (
    id INTEGER PRIMARY KEY,
    contact_id INTEGER NOT NULL REFERENCES contact(id) ON DELETE CASCADE,
    kind TEXT NOT NULL,
    label TEXT NOT NULL,
    secret BLOB,
    worked_at INTEGER,
    failed_at INTEGER,
    failure TEXT NOT NULL
) STRICT
""",
    "CREATE TABLE roster (id INTEGER PRIMARY KEY, data TEXT NOT NULL) STRICT",
    """
CREATE TABLE climb (
    issue_id INTEGER PRIMARY KEY REFERENCES issue(id) ON DELETE CASCADE,
    since INTEGER NOT NULL,
    next_at INTEGER,
    live INTEGER NOT NULL,
    data TEXT NOT NULL
) STRICT
""",
    "CREATE INDEX climb_live ON climb(live) WHERE live",
    """
CREATE TABLE call (
    id INTEGER PRIMARY KEY,
    issue_id INTEGER REFERENCES issue(id) ON DELETE CASCADE,
    channel_id INTEGER REFERENCES contact_channel(id) ON DELETE SET NULL,
    at INTEGER NOT NULL,
    state TEXT NOT NULL,
    contact TEXT NOT NULL,
    kind TEXT,
    label TEXT NOT NULL,
    detail TEXT NOT NULL,
    step INTEGER NOT NULL,
    loop INTEGER NOT NULL,
    forced INTEGER NOT NULL,
    message_id TEXT NOT NULL
) STRICT
""",
    "CREATE INDEX call_issue ON call(issue_id)",
    "CREATE INDEX call_queued ON call(state) WHERE state = 'queued'",
    "CREATE INDEX call_named ON call(message_id) WHERE message_id <> ''",
)
