"""Incidents: many customers with one cause, the issues of each, and whether somebody put it away.

Written by the engine in the transaction of the mail that showed it; read by every desk.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from app.domain.errors import NotFound
from app.domain.incident import Incident
from app.domain.translation import tr
from app.storage import codec
from app.storage.connection import Connection

_DAY = 24 * 3600 * 1_000_000


def keep(db: Connection, incident: Incident, *, issues: Iterable[int], alerted: int) -> int:
    """Write an incident down as it stands now, and which issues it has; its id.

    One that was put away comes back when it rings again.
    """
    (id_,) = db.execute(
        "INSERT INTO incident (name, sort, title, grave, customers, first_at, last_at, alerted)"
        " VALUES (?, ?, ?, ?, ?, ?, ?, ?) ON CONFLICT (name) DO UPDATE SET"
        " grave = max(grave, excluded.grave), customers = excluded.customers,"
        " first_at = min(first_at, excluded.first_at), last_at = max(last_at, excluded.last_at),"
        " alerted = max(alerted, excluded.alerted),"
        " put_away_at = iif(excluded.alerted > alerted, NULL, put_away_at) RETURNING id",
        (
            incident.name,
            incident.sort,
            codec.text(incident.title),
            incident.grave,
            incident.customers,
            codec.micros(incident.first_at),
            codec.micros(incident.last_at),
            alerted,
        ),
    ).fetchone()
    db.executemany(
        "INSERT INTO incident_issue SELECT id, ? FROM issue WHERE id = ?"
        " ON CONFLICT (issue_id) DO UPDATE SET incident_id = excluded.incident_id",
        [(id_, issue) for issue in issues],
    )
    return int(id_)


def alerted(db: Connection, name: str) -> int:
    """How often the incident of this name has rung; 0 for one that is not kept."""
    row = db.execute("SELECT alerted FROM incident WHERE name = ?", (name,)).fetchone()
    return int(row[0]) if row else 0


def get(db: Connection, id: int) -> Incident:  # noqa: A002 - the row's id
    """One incident. Raises NotFound."""
    for found in _read(db, "WHERE n.id = ?", (id,)):
        return found
    raise NotFound(
        tr("There is no such incident"), "", tr("`incidents` lists those that there are")
    )


def of_issue(db: Connection, issue_id: int) -> Incident | None:
    """The incident that an issue belongs to, put away or not."""
    where = "WHERE n.id = (SELECT incident_id FROM incident_issue WHERE issue_id = ?)"
    return next(iter(_read(db, where, (issue_id,))), None)


def called(db: Connection, issue_ids: Iterable[int], *, since: datetime) -> tuple[str, str] | None:
    """Name and title of the incident that the first of these issues belongs to, of those that went
    on `since` then; in one query, because a storm asks with every mail about all of its issues."""
    row = db.execute(
        "SELECT n.name, n.title FROM incident_issue m JOIN incident n ON n.id = m.incident_id"
        " WHERE m.issue_id IN (SELECT value FROM json_each(?)) AND n.last_at >= ?"
        " ORDER BY m.issue_id LIMIT 1",
        (codec.to_json(sorted(issue_ids)), codec.micros(since)),
    ).fetchone()
    return (row[0], row[1]) if row else None


def covers(db: Connection, issue_id: int, *, at: datetime, sort: str = "") -> bool:
    """Whether an issue is of an incident (of this sort, if one is named) that went on then or
    later: of one that ended before, no card says anything any more. One look-up, for who asks
    about every issue."""
    row = db.execute(
        "SELECT 1 FROM incident_issue m JOIN incident n ON n.id = m.incident_id"
        " WHERE m.issue_id = ? AND n.last_at >= ? AND ? IN ('', n.sort)",
        (issue_id, codec.micros(at), sort),
    ).fetchone()
    return row is not None


def others_told(db: Connection, issue_id: int, factor: str) -> bool:
    """Whether a mail of another issue of the same incident was judged to tell of this."""
    row = db.execute(_OTHERS_TOLD, (issue_id, f'$.factors."{factor}"')).fetchone()
    return row is not None


def present(db: Connection) -> tuple[Incident, ...]:
    """The incidents that nobody put away and of which an issue is open, the newest first."""
    return tuple(one for one in _read(db, "WHERE n.put_away_at IS NULL", ()) if one.open)


def issue_keys(db: Connection, id: int) -> tuple[str, ...]:  # noqa: A002
    """The keys of its issues, the latest first."""
    rows = db.execute(
        "SELECT i.key FROM incident_issue m JOIN issue i ON i.id = m.issue_id"
        " WHERE m.incident_id = ? ORDER BY i.last_at DESC",
        (id,),
    )
    return tuple(key for (key,) in rows)


def put_away(db: Connection, id: int, *, at: datetime | None) -> None:  # noqa: A002
    """Somebody has seen it (`at`), or takes that back (None)."""
    db.execute("UPDATE incident SET put_away_at = ? WHERE id = ?", (codec.maybe_micros(at), id))


def _read(db: Connection, where: str, values: tuple[Any, ...]) -> Iterable[Incident]:
    query = _SELECT.format(where=where)
    for row in db.execute(query, values):
        yield Incident(
            id=row[0],
            name=row[1],
            sort=row[2],
            title=row[3],
            grave=bool(row[4]),
            customers=row[5],
            first_at=codec.moment(row[6]),
            last_at=codec.moment(row[7]),
            issues=row[8],
            open=row[9] or 0,
            lately=row[10] or 0,
        )


_SELECT = f"""
SELECT n.id, n.name, n.sort, n.title, n.grave, n.customers, n.first_at, n.last_at,
    count(i.id), sum(i.state IN ('new', 'acknowledged', 'waiting')),
    sum(i.first_at >= n.last_at - {_DAY})
FROM incident n LEFT JOIN incident_issue m ON m.incident_id = n.id
LEFT JOIN issue i ON i.id = m.issue_id
{{where}} GROUP BY n.id ORDER BY n.last_at DESC
"""  # noqa: S608 - constants

_OTHERS_TOLD = """
SELECT 1 FROM incident_issue mine JOIN incident_issue other USING (incident_id)
JOIN message m ON m.issue_id = other.issue_id
WHERE mine.issue_id = ? AND other.issue_id <> mine.issue_id AND m.direction = 'in'
AND m.assessment -> ? IS NOT NULL LIMIT 1
"""
