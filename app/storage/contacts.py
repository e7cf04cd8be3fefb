"""Contacts: who is told, in which ways, and the one roster; addresses of services are sealed.

What is removed is kept for a week, so that it can be taken back, and is nobody's until then.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import Any, TypeVar

from app.domain.contact import Channel, ChannelKind, Contact, Week
from app.domain.errors import NotFound, Refused
from app.domain.translation import tr
from app.storage import codec
from app.storage.connection import Connection

T = TypeVar("T")

_KEPT_REMOVED = timedelta(days=7)


def every(db: Connection) -> tuple[Contact, ...]:
    """All contacts, in the order in which they were added."""
    rows = db.execute(
        "SELECT id, name, hours, reviewed_at, acknowledged_at FROM contact"
        " WHERE removed_at IS NULL ORDER BY id"
    ).fetchall()
    return tuple(_contact(row, _channels(db, row[0])) for row in rows)


def names(db: Connection) -> tuple[str, ...]:
    """What the contacts are called, in the order in which they were added."""
    rows = db.execute("SELECT name FROM contact WHERE removed_at IS NULL ORDER BY id")
    return tuple(name for (name,) in rows)


def by_name(db: Connection, name: str) -> Contact:
    """The contact of this name. Raises NotFound."""
    wanted = name.strip().casefold()
    for one in every(db):
        if one.name.casefold() == wanted:
            return one
    raise NotFound(
        tr("There is no contact called {name}", name=name), "", tr("See them with: contact list")
    )


def add(db: Connection, name: str, *, hours: Week | None, now: datetime) -> int:
    """A new contact; its id. Raises Refused where the name is taken."""
    _free_name(db, name)
    (id_,) = db.execute(
        "INSERT INTO contact (name, hours, reviewed_at) VALUES (?, ?, ?) RETURNING id",
        (codec.text(name), codec.to_json(hours), codec.micros(now)),
    ).fetchone()
    return int(id_)


def rename(db: Connection, contact_id: int, name: str) -> None:
    """Call a contact otherwise. Raises Refused where the name is taken by another."""
    _free_name(db, name, but=contact_id)
    db.execute("UPDATE contact SET name = ? WHERE id = ?", (codec.text(name), contact_id))


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


def remove(db: Connection, contact_id: int, at: datetime) -> None:
    """Tell a contact no more; what was told stays written down."""
    forget_removed(db, at)
    db.execute("UPDATE contact SET removed_at = ? WHERE id = ?", (codec.micros(at), contact_id))


def restore(db: Connection, name: str) -> None:
    """Have a contact back that was removed last under this name. Raises NotFound, Refused."""
    rows = db.execute(
        "SELECT id, name FROM contact WHERE removed_at IS NOT NULL ORDER BY removed_at DESC"
    ).fetchall()
    wanted = name.strip().casefold()
    found = next((id_ for id_, known in rows if known.casefold() == wanted), None)
    if found is None:
        raise NotFound(
            tr("No contact called {name} was removed lately", name=name), "", tr("Add it again")
        )
    db.execute("UPDATE contact SET removed_at = NULL WHERE id = ?", (found,))


def is_told_by(db: Connection, channel_id: int) -> bool:
    """Whether somebody is still told in this way: neither it nor they were removed."""
    found = db.execute(
        "SELECT 1 FROM contact_channel w JOIN contact c ON c.id = w.contact_id"
        " WHERE w.id = ? AND w.removed_at IS NULL AND c.removed_at IS NULL",
        (channel_id,),
    )
    return found.fetchone() is not None


def remove_way(db: Connection, contact_id: int, channel_id: int, at: datetime) -> None:
    """Tell a contact in this way no more. Raises NotFound."""
    _way(db, contact_id, channel_id, codec.micros(at))


def restore_way(db: Connection, contact_id: int, channel_id: int) -> None:
    """Have a way back that was removed. Raises NotFound."""
    _way(db, contact_id, channel_id, None)


def forget_removed(db: Connection, now: datetime) -> None:
    """Forget for good what was removed a week ago, with what its services needed."""
    before = codec.micros(now - _KEPT_REMOVED)
    db.execute("DELETE FROM contact WHERE removed_at < ?", (before,))
    db.execute("DELETE FROM contact_channel WHERE removed_at < ?", (before,))


def _way(db: Connection, contact_id: int, channel_id: int, removed_at: int | None) -> None:
    moved = db.execute(
        "UPDATE contact_channel SET removed_at = ? WHERE id = ? AND contact_id = ?",
        (removed_at, channel_id, contact_id),
    )
    if not moved.rowcount:
        raise NotFound(
            tr("This contact is not told in that way"), "", tr("See them with: contact list")
        )


def _free_name(db: Connection, name: str, *, but: int = 0) -> None:
    """Raises Refused where another contact has the name; one that was removed gives it up."""
    rows = db.execute("SELECT id, name, removed_at FROM contact").fetchall()
    for id_, known, removed_at in rows:
        if id_ == but or known.casefold() != name.casefold():
            continue
        if removed_at is None:
            raise Refused(
                tr("There is a contact called {known} already", known=known),
                hint=tr("Add what tells the two apart, or change the one that is there"),
            )
        db.execute("DELETE FROM contact WHERE id = ?", (id_,))


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
        " WHERE contact_id = ? AND removed_at IS NULL ORDER BY id",
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

REMOVED: tuple[str, ...] = (
    "ALTER TABLE contact ADD COLUMN removed_at INTEGER",
    "ALTER TABLE contact_channel ADD COLUMN removed_at INTEGER",
)
