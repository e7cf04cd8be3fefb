"""Deadlines: the promises about each issue, one row per thing promised."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any

from app.domain.deadline import Deadline, Metric
from app.storage import codec
from app.storage.connection import Connection


def put(db: Connection, issue_id: int, deadline: Deadline) -> None:
    """Note a promise, in place of an earlier one about the same thing."""
    db.execute(
        _PUT,
        (
            issue_id,
            deadline.metric.value,
            codec.text(deadline.name),
            codec.micros(deadline.planned_at),
            codec.maybe_micros(deadline.met_at),
            codec.maybe_micros(deadline.breached_at),
            codec.to_json(deadline.explanation),
            codec.maybe_micros(deadline.paused_at),
            codec.maybe_micros(deadline.warn_at),
            codec.to_json(_details(deadline)),
        ),
    )


def drop(db: Connection, issue_id: int, metric: Metric, name: str = "") -> None:
    """Owe it no more: nothing was promised after all."""
    db.execute(
        "DELETE FROM deadline WHERE issue_id = ? AND metric = ? AND name = ?",
        (issue_id, metric.value, name),
    )


def stand(
    db: Connection, issue_id: int, worked_out: Iterable[Deadline], given: Iterable[Deadline]
) -> tuple[Deadline, ...]:
    """Let exactly these stand, and answer them.

    A date that was `given` beats our clock of its name. Reminders that were used up stay used up
    as long as the instant is the same.
    """
    before = {(one.metric, one.name): one for one in of_issue(db, issue_id)}
    after = {(one.metric, one.name): _reminded(one, before) for one in (*worked_out, *given)}
    for metric, name in before.keys() - after.keys():
        drop(db, issue_id, metric, name)
    for key, one in after.items():
        if before.get(key) != one:
            put(db, issue_id, one)
    return tuple(sorted(after.values(), key=lambda one: one.planned_at))


def remind_again(db: Connection, *, now: datetime) -> None:
    """Reminders whose time is still to come are used up no more."""
    rows = db.execute(
        "SELECT DISTINCT issue_id FROM deadline WHERE met_at IS NULL AND planned_at > ?",
        (codec.micros(now),),
    )
    for (issue_id,) in rows.fetchall():
        for one in of_issue(db, issue_id):
            if one.warned is not None and one.planned_at - one.warned > now:
                passed = [ahead for ahead in one.warn_ahead if one.planned_at - ahead <= now]
                put(db, issue_id, replace(one, warned=min(passed, default=None), breached_at=None))


def of_issue(db: Connection, issue_id: int) -> tuple[Deadline, ...]:
    """The promises about an issue, the most urgent first."""
    rows = db.execute(
        "SELECT metric, name, planned_at, explanation, met_at, breached_at, paused_at, details"
        " FROM deadline WHERE issue_id = ? ORDER BY planned_at",
        (issue_id,),
    )
    return tuple(_deadline(row) for row in rows)


def by_issue(db: Connection, issues: Iterable[int]) -> dict[int, list[Deadline]]:
    """Every promise about these issues, by its issue, without how it came about."""
    found: dict[int, list[Deadline]] = {}
    for issue_id, metric, planned_at, met_at, breached_at, paused_at in db.execute(
        "SELECT issue_id, metric, planned_at, met_at, breached_at, paused_at FROM deadline"
        " WHERE issue_id IN (SELECT value FROM json_each(?))",
        (codec.to_json(sorted(issues)),),
    ):
        made = Deadline(
            metric=Metric(metric),
            planned_at=codec.moment(planned_at),
            met_at=codec.maybe_moment(met_at),
            breached_at=codec.maybe_moment(breached_at),
            paused_at=codec.maybe_moment(paused_at),
        )
        found.setdefault(issue_id, []).append(made)
    return found


def overdue(db: Connection, now: datetime) -> list[int]:
    """The issues with a promise whose time has come, not kept and not yet noted as broken."""
    rows = db.execute(
        "SELECT issue_id FROM deadline INDEXED BY deadline_open"
        " WHERE met_at IS NULL AND breached_at IS NULL AND paused_at IS NULL AND planned_at <= ?",
        (codec.micros(now),),
    )
    return _each_once(rows)


def to_remind(db: Connection, now: datetime) -> list[int]:
    """The issues with a reminder that is due."""
    rows = db.execute(
        "SELECT issue_id FROM deadline INDEXED BY deadline_remind WHERE warn_at <= ?",
        (codec.micros(now),),
    )
    return _each_once(rows)


def has_running_clock(db: Connection, issue_id: int) -> bool:
    """Whether time runs towards a date that somebody else set for this issue."""
    row = db.execute(
        "SELECT 1 FROM deadline WHERE issue_id = ? AND met_at IS NULL AND paused_at IS NULL"
        " AND metric IN ('provider_clock', 'legal_clock') LIMIT 1",
        (issue_id,),
    ).fetchone()
    return row is not None


def next_of_provider(db: Connection, issue_id: int) -> datetime | None:
    """The nearest date that a provider set for this issue and that is not kept yet."""
    row = db.execute(
        "SELECT min(planned_at) FROM deadline WHERE issue_id = ? AND met_at IS NULL"
        " AND paused_at IS NULL AND metric = 'provider_clock'",
        (issue_id,),
    ).fetchone()
    return codec.maybe_moment(row[0])


def every_issue(db: Connection) -> list[int]:
    """The issues about which anything is or was owed."""
    rows = db.execute("SELECT DISTINCT issue_id FROM deadline ORDER BY issue_id DESC")
    return [issue_id for (issue_id,) in rows]


def passed_between(db: Connection, start: datetime, end: datetime) -> list[int]:
    """The issues of which something fell due in this time and is not kept, the first due first."""
    rows = db.execute(
        "SELECT issue_id FROM deadline WHERE met_at IS NULL AND paused_at IS NULL"
        " AND planned_at > ? AND planned_at <= ? GROUP BY issue_id ORDER BY min(planned_at)",
        (codec.micros(start), codec.micros(end)),
    )
    return [issue_id for (issue_id,) in rows]


def _each_once(rows: Iterable[tuple[int]]) -> list[int]:
    """Each issue of these once. Where SQLite is to do that, it walks the whole table instead, in
    the order of the issues."""
    return list(dict.fromkeys(issue_id for (issue_id,) in rows))


@dataclass(frozen=True, slots=True, kw_only=True)
class _Details:
    """The part of a deadline that no query asks for; times ahead in seconds."""

    title: str = ""
    started_at: datetime | None = None
    policy: str = ""
    consequence: str = ""
    source: str = ""
    verify: bool = False
    given: bool = False
    warn_ahead: tuple[int, ...] = ()
    warned: int | None = None


def _details(one: Deadline) -> _Details:
    return _Details(
        title=one.title,
        started_at=one.started_at,
        policy=one.policy,
        consequence=one.consequence,
        source=one.source,
        verify=one.verify,
        given=one.given,
        warn_ahead=tuple(int(ahead.total_seconds()) for ahead in one.warn_ahead),
        warned=None if one.warned is None else int(one.warned.total_seconds()),
    )


def _reminded(one: Deadline, before: Mapping[tuple[Metric, str], Deadline]) -> Deadline:
    known = before.get((one.metric, one.name))
    same = known is not None and known.planned_at == one.planned_at
    return replace(one, warned=known.warned) if known is not None and same else one


def _deadline(row: tuple[Any, ...]) -> Deadline:
    metric, name, planned_at, explanation, met_at, breached_at, paused_at, details = row
    more = codec.from_json(details, _Details)
    return Deadline(
        metric=Metric(metric),
        name=name,
        planned_at=codec.moment(planned_at),
        explanation=codec.from_json(explanation, tuple[str, ...]),
        met_at=codec.maybe_moment(met_at),
        breached_at=codec.maybe_moment(breached_at),
        paused_at=codec.maybe_moment(paused_at),
        title=more.title,
        started_at=more.started_at,
        policy=more.policy,
        consequence=more.consequence,
        source=more.source,
        verify=more.verify,
        given=more.given,
        warn_ahead=tuple(timedelta(seconds=ahead) for ahead in more.warn_ahead),
        warned=None if more.warned is None else timedelta(seconds=more.warned),
    )


_PUT = """
INSERT INTO deadline (issue_id, metric, name, planned_at, met_at, breached_at, explanation,
    paused_at, warn_at, details)
VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
ON CONFLICT DO UPDATE SET planned_at = excluded.planned_at, met_at = excluded.met_at,
    breached_at = excluded.breached_at, explanation = excluded.explanation,
    paused_at = excluded.paused_at, warn_at = excluded.warn_at, details = excluded.details
"""

# One row for each thing promised or demanded: a metric, and a name where there are several of it.
PROMISES: tuple[str, ...] = (
    """
CREATE TABLE deadline_named (
    issue_id INTEGER NOT NULL REFERENCES issue(id),
    metric TEXT NOT NULL,
    name TEXT NOT NULL,
    planned_at INTEGER NOT NULL,
    met_at INTEGER,
    breached_at INTEGER,
    explanation TEXT NOT NULL,
    paused_at INTEGER,
    warn_at INTEGER,
    details TEXT NOT NULL,
    PRIMARY KEY (issue_id, metric, name)
) STRICT, WITHOUT ROWID
""",
    """
INSERT INTO deadline_named (issue_id, metric, name, planned_at, met_at, breached_at, explanation,
    details)
SELECT issue_id, metric, '', planned_at, met_at, breached_at, explanation, '{}' FROM deadline
""",
    "DROP TABLE deadline",
    "ALTER TABLE deadline_named RENAME TO deadline",
    """
CREATE INDEX deadline_open ON deadline(planned_at)
WHERE met_at IS NULL AND breached_at IS NULL AND paused_at IS NULL
""",
    "CREATE INDEX deadline_remind ON deadline(warn_at) WHERE warn_at IS NOT NULL",
    "ALTER TABLE issue ADD COLUMN deadline_for TEXT NOT NULL DEFAULT ''",
)
