"""Tidings: what could have rung in a time: every mail that came in, with how it was judged."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from app.domain.assessment import Priority, Severity
from app.storage import codec, messages
from app.storage.connection import Connection


@dataclass(frozen=True, slots=True, kw_only=True)
class Tiding:
    """A mail beside its issue: `severity` and `priority` are the issue's, as they stand now;
    `judged` is how bad the mail was found by itself."""

    key: str
    issue_id: int
    at: datetime
    wants_alert: bool
    severity: Severity
    judged: Severity
    priority: Priority
    factors: frozenset[str]


def between(db: Connection, start: datetime, end: datetime) -> tuple[Tiding, ...]:
    """What came in then, oldest first; without old mail, pretenders and what is of an incident.

    Of what is no issue only that of which a person says so: it was judged to be one when it came.
    """
    ids = messages.first_id(start), messages.first_id(end + timedelta(seconds=1))
    rows = db.execute(_TIDINGS, (codec.micros(start), codec.micros(end), *ids))
    return tuple(
        Tiding(
            key=key,
            issue_id=issue_id,
            at=codec.moment(at),
            wants_alert=bool(alert),
            severity=Severity(severity),
            judged=Severity(judged or severity),
            priority=Priority(priority),
            factors=frozenset(codec.from_json(factors or "{}", dict[str, str])),
        )
        for key, issue_id, at, alert, severity, judged, priority, factors in rows
    )


# The id of a message grows with its arrival, so that no older mail is read.
_TIDINGS = """
SELECT i.key, i.id, m.received_at, m.assessment ->> '$.alert', i.severity,
    m.assessment ->> '$.severity', i.priority,
    m.assessment -> '$.factors'
FROM message m CROSS JOIN issue i ON i.id = m.issue_id
WHERE m.id >= ?3 AND m.id < ?4 AND m.received_at BETWEEN ?1 AND ?2 AND m.direction = 'in'
  AND m.assessment IS NOT NULL AND NOT ifnull(m.assessment ->> '$.gate.report', 0)
  AND NOT i.history AND NOT i.suspicious
  AND (i.kind <> 'not_an_issue' OR EXISTS (SELECT 1 FROM journal j WHERE j.issue_id = i.id
    AND j.type = 'override' AND j.data ->> '$.kind' = 'not_an_issue'))
  AND i.id NOT IN (SELECT issue_id FROM incident_issue)
ORDER BY m.received_at, m.id
"""
