"""Climbs: how far each issue has come up its ladder, and every call that was made on the way."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Generic, TypeVar

from app.domain.contact import Call, CallState, ChannelKind
from app.storage import codec
from app.storage.connection import Connection

T = TypeVar("T")


@dataclass(frozen=True, slots=True, kw_only=True)
class Kept(Generic[T]):
    """A climb as it is kept: of which issue, about what was heard when, and how far it is."""

    issue_id: int
    since: datetime
    climb: T


def put(db: Connection, kept: Kept[Any], *, next_at: datetime | None, live: bool) -> None:
    """Keep how far an issue has come; `live` while time or a person can still change that."""
    db.execute(
        "INSERT INTO climb VALUES (?, ?, ?, ?, ?) ON CONFLICT DO UPDATE SET"
        " since = excluded.since, next_at = excluded.next_at, live = excluded.live,"
        " data = excluded.data",
        (
            kept.issue_id,
            codec.micros(kept.since),
            codec.maybe_micros(next_at),
            live,
            codec.to_json(kept.climb),
        ),
    )


def of_issue(db: Connection, issue_id: int, shape: type[T]) -> Kept[T] | None:
    """How far an issue has come, or None."""
    row = db.execute("SELECT issue_id, since, data FROM climb WHERE issue_id = ?", (issue_id,))
    found = row.fetchone()
    return _kept(found, shape) if found else None


def every(db: Connection, shape: type[T]) -> tuple[Kept[T], ...]:
    """All climbs, also those that are over: somebody may force them."""
    rows = db.execute("SELECT issue_id, since, data FROM climb ORDER BY issue_id")
    return tuple(_kept(row, shape) for row in rows.fetchall())


def live(db: Connection, shape: type[T]) -> tuple[Kept[T], ...]:
    """The climbs that can still change."""
    rows = db.execute("SELECT issue_id, since, data FROM climb WHERE live ORDER BY issue_id")
    return tuple(_kept(row, shape) for row in rows.fetchall())


def to_begin(db: Connection) -> list[int]:
    """New urgent issues that rang, are nobody's, and have no climb about what was heard last.

    A climb that ended because somebody took the issue, put it to sleep or put it away is none once
    the issue is new and awake again; one that told everybody is.
    """
    return [issue_id for (issue_id,) in db.execute(_TO_BEGIN)]


def call(db: Connection, one: Call) -> int:
    """Write a call down and answer its id."""
    (id_,) = db.execute(
        "INSERT INTO call (issue_id, channel_id, at, state, contact, kind, label, detail, step,"
        " loop, forced, message_id) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?) RETURNING id",
        (
            one.issue_id,
            one.channel_id,
            codec.micros(one.at),
            one.state.value,
            codec.text(one.contact),
            one.kind.value if one.kind else None,
            codec.text(one.label),
            codec.text(one.detail),
            one.step,
            one.loop,
            one.forced,
            one.message_id,
        ),
    ).fetchone()
    return int(id_)


def settle(db: Connection, call_id: int, state: CallState, detail: str = "") -> None:
    """What became of a call."""
    db.execute(
        "UPDATE call SET state = ?, detail = ? WHERE id = ?",
        (state.value, codec.text(detail), call_id),
    )


def forget(db: Connection, call_id: int) -> None:
    """A call that nobody needs any more: it was never made."""
    db.execute("DELETE FROM call WHERE id = ? AND state = 'queued'", (call_id,))


def name_mail(db: Connection, call_id: int, message_id: str) -> None:
    """By which Message-ID the mail of a call goes out."""
    db.execute("UPDATE call SET message_id = ? WHERE id = ?", (message_id, call_id))


def queued(db: Connection) -> tuple[Call, ...]:
    """The calls that wait to be made, oldest first."""
    return _calls(db, " WHERE state = 'queued' ORDER BY id", ())


def calls_of(db: Connection, issue_id: int) -> tuple[Call, ...]:
    """Every call about an issue, oldest first."""
    return _calls(db, " WHERE issue_id = ? ORDER BY id", (issue_id,))


def calls_of_step(db: Connection, issue_id: int, *, step: int, loop: int) -> tuple[Call, ...]:
    """The calls of one step."""
    where = " WHERE issue_id = ? AND step = ? AND loop = ? ORDER BY id"
    return _calls(db, where, (issue_id, step, loop))


def by_mail(db: Connection, message_ids: tuple[str, ...]) -> Call | None:
    """The call whose mail has one of these Message-IDs."""
    if not message_ids:  # most mails answer none
        return None
    given = codec.to_json(message_ids)
    where = " WHERE message_id <> '' AND message_id IN (SELECT value FROM json_each(?))"
    found = _calls(db, where, (given,))
    return found[-1] if found else None


def named(db: Connection, message_ids: Iterable[str]) -> frozenset[str]:
    """Those of these Message-IDs that are of calls."""
    rows = db.execute(
        "SELECT message_id FROM call WHERE message_id <> ''"
        " AND message_id IN (SELECT value FROM json_each(?))",
        (codec.to_json(list(message_ids)),),
    )
    return frozenset(name for (name,) in rows)


def _calls(db: Connection, where: str, values: tuple[Any, ...]) -> tuple[Call, ...]:
    return tuple(_call(row) for row in db.execute(_CALL + where, values))


def _kept(row: tuple[Any, ...], shape: type[T]) -> Kept[T]:
    issue_id, since, data = row
    return Kept(issue_id=issue_id, since=codec.moment(since), climb=codec.from_json(data, shape))


def _call(row: tuple[Any, ...]) -> Call:
    return Call(
        id=row[0],
        issue_id=row[1],
        channel_id=row[2],
        at=codec.moment(row[3]),
        state=CallState(row[4]),
        contact=row[5],
        kind=ChannelKind(row[6]) if row[6] else None,
        label=row[7],
        detail=row[8],
        step=row[9],
        loop=row[10],
        forced=bool(row[11]),
        message_id=row[12],
    )


_CALL = """
SELECT id, issue_id, channel_id, at, state, contact, kind, label, detail, step, loop, forced,
    message_id
FROM call
"""

_TO_BEGIN = """
SELECT i.id FROM issue i LEFT JOIN climb c ON c.issue_id = i.id
WHERE i.state IN ('new', 'acknowledged', 'waiting') AND i.kind <> 'not_an_issue'
    AND i.state = 'new' AND NOT i.history AND NOT i.suspicious
    AND i.snoozed_until IS NULL AND i.waiting_since IS NOT NULL
    AND i.severity IN ('critical', 'high')
    AND (c.issue_id IS NULL OR c.since <> i.waiting_since
        OR json_extract(c.data, '$.ended') IN ('acknowledged', 'over'))
    AND EXISTS (
        SELECT 1 FROM atom t JOIN alert_issue a ON a.key = t.key WHERE t.issue_id = i.id)
ORDER BY i.id
"""
