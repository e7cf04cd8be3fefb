"""Deadlines: the promises about each issue, one row per thing promised."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from app.domain.deadline import Deadline, Metric
from app.storage import codec
from app.storage.database import Connection


def put(db: Connection, issue_id: int, deadline: Deadline) -> None:
    """Note a promise, in place of an earlier one about the same thing."""
    db.execute(
        "INSERT INTO deadline (issue_id, metric, planned_at, met_at, breached_at, explanation)"
        " VALUES (?, ?, ?, ?, ?, ?) ON CONFLICT DO UPDATE SET planned_at = excluded.planned_at,"
        " met_at = excluded.met_at, breached_at = excluded.breached_at,"
        " explanation = excluded.explanation",
        (
            issue_id,
            deadline.metric.value,
            codec.micros(deadline.planned_at),
            codec.maybe_micros(deadline.met_at),
            codec.maybe_micros(deadline.breached_at),
            codec.to_json(deadline.explanation),
        ),
    )


def drop(db: Connection, issue_id: int, metric: Metric) -> None:
    """Owe it no more: nothing was promised after all."""
    db.execute("DELETE FROM deadline WHERE issue_id = ? AND metric = ?", (issue_id, metric.value))


def of_issue(db: Connection, issue_id: int) -> tuple[Deadline, ...]:
    """The promises about an issue, the most urgent first."""
    rows = db.execute(
        "SELECT metric, planned_at, explanation, met_at, breached_at FROM deadline"
        " WHERE issue_id = ? ORDER BY planned_at",
        (issue_id,),
    )
    return tuple(_deadline(row) for row in rows)


def by_issue(db: Connection) -> dict[int, list[Deadline]]:
    """Every promise, by its issue, without how it came about."""
    found: dict[int, list[Deadline]] = {}
    for issue_id, metric, planned_at, met_at, breached_at in db.execute(
        "SELECT issue_id, metric, planned_at, met_at, breached_at FROM deadline"
    ):
        row = (metric, planned_at, "[]", met_at, breached_at)
        found.setdefault(issue_id, []).append(_deadline(row))
    return found


def overdue(db: Connection, now: datetime) -> list[int]:
    """The issues with a promise whose time has come, not kept and not yet noted as broken."""
    rows = db.execute(
        "SELECT DISTINCT issue_id FROM deadline"
        " WHERE met_at IS NULL AND breached_at IS NULL AND planned_at <= ?",
        (codec.micros(now),),
    )
    return [issue_id for (issue_id,) in rows]


def passed_between(db: Connection, start: datetime, end: datetime) -> int:
    """How many promises fell due in this time and are not kept."""
    (count,) = db.execute(
        "SELECT count(*) FROM deadline WHERE met_at IS NULL AND planned_at > ? AND planned_at <= ?",
        (codec.micros(start), codec.micros(end)),
    ).fetchone()
    return int(count)


def next_due(db: Connection) -> datetime | None:
    """When the next promise falls due, or None."""
    (at,) = db.execute(
        "SELECT min(planned_at) FROM deadline WHERE met_at IS NULL AND breached_at IS NULL"
    ).fetchone()
    return codec.maybe_moment(at)


def _deadline(row: tuple[Any, ...]) -> Deadline:
    metric, planned_at, explanation, met_at, breached_at = row
    return Deadline(
        metric=Metric(metric),
        planned_at=codec.moment(planned_at),
        explanation=codec.from_json(explanation, tuple[str, ...]),
        met_at=codec.maybe_moment(met_at),
        breached_at=codec.maybe_moment(breached_at),
    )
