"""Inbox: the list of issues, straight from the indexes, in the order in which it is shown.

A list is the ids of a view in SQL order, then the rows of one page of them. Each id costs one step
in a covering index, each row one look-up; nothing here sorts in Python or parses JSON.
"""

from __future__ import annotations

import re
from array import array
from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Any

from app.domain.assessment import Kind, Priority, Severity
from app.domain.errors import NotFound
from app.domain.journal import State
from app.domain.message import Address
from app.domain.translation import tr
from app.domain.views import InboxRow, View
from app.storage import codec
from app.storage.connection import Connection


def inbox_ids(db: Connection, *, view: str, now: datetime, me: str = "") -> array[int]:
    """The issue ids of a view: the highest score first.

    A view is a `View` or a `Kind` by its text, or "incident:" and the number of one.

    Raises:
        NotFound: there is no such view.
    """
    query = _VIEWS.get(view)
    if query is None and (match := _ONE_INCIDENT.fullmatch(view)):
        rows = db.execute(_OF_INCIDENT, (int(match.group(1)),))
        return array("q", [id_ for (id_,) in rows])
    if query is None:
        raise NotFound(
            tr("There is no view named {view}", view=view),
            "",
            tr("Views are: {views}", views=", ".join(_VIEWS)),
        )
    rows = db.execute(query, {"now": codec.micros(now), "me": me, "kind": view})
    return array("q", [id_ for (id_,) in rows])


def inbox_rows(db: Connection, ids: Iterable[int]) -> list[InboxRow]:
    """The rows of these issues in the same order; an issue that is gone is left out."""
    rows = db.execute(_ROWS, (codec.to_json(list(ids)),))
    return [_row(row) for row in rows]


def ids_of(db: Connection, keys: Iterable[str]) -> dict[str, int]:
    """The ids of the issues with these keys, under any key that they ever had."""
    rows = db.execute(
        "SELECT j.value, a.issue_id FROM json_each(?) j JOIN atom a ON a.key = j.value",
        (codec.to_json(list(keys)),),
    )
    return dict(rows.fetchall())


def counts(db: Connection, *, now: datetime, me: str = "") -> dict[str, int]:
    """How many issues each view and each kind holds, by its text."""
    found = dict.fromkeys((*(view.value for view in View), *(kind.value for kind in Kind)), 0)
    for group in db.execute(_COUNTS, {"now": codec.micros(now), "me": me}):
        _count(found, group)
    for bucket, issues in db.execute("SELECT bucket, issues FROM tally"):
        found[View.ALL] += issues
        if bucket in (View.DONE, View.NOISE):
            found[bucket] = issues
    (found[View.INCIDENTS],) = db.execute(_INCIDENT_COUNT, {"now": codec.micros(now)}).fetchone()
    found[Kind.NOT_AN_ISSUE] = found[View.NOISE]
    return found


def due_until(db: Connection, until: datetime, *, now: datetime) -> int:
    """How many open issues are due by an instant, or are overdue."""
    (found,) = db.execute(_DUE, {"until": codec.micros(until), "now": codec.micros(now)}).fetchone()
    return int(found)


def _count(found: dict[str, int], group: Sequence[Any]) -> None:
    state, kind, second_kind, priority, awake, asleep, mine = group
    found[View.SNOOZED] += asleep
    if state == State.WAITING:
        found[View.WAITING] += awake
        return
    found[View.OPEN] += awake
    found[View.MINE] += mine
    if priority in (Priority.P1, Priority.P2):
        found[View.URGENT] += awake
    for name in {kind, second_kind} - {None}:
        found[name] += awake


def _row(row: tuple[Any, ...]) -> InboxRow:
    return InboxRow(
        id=row[0],
        key=row[1],
        kind=_KINDS[row[2]],
        second_kind=_KINDS[row[3]] if row[3] else None,
        severity=_SEVERITIES[row[4]],
        priority=_PRIORITIES[row[5]],
        score=row[6],
        subject=row[7],
        customer=Address(email=row[8], name=row[9]),
        preview=row[10],
        state=_STATES[row[11]],
        last_at=codec.moment(row[12]),
        message_count=row[13],
        unsure=bool(row[14]),
        suspicious=bool(row[15]),
        order_number=row[16],
        order_total=codec.money(row[17], row[18]),
        deadline_at=codec.maybe_moment(row[19]),
        snoozed_until=codec.maybe_moment(row[20]),
        waiting_since=codec.maybe_moment(row[21]),
        assignee=row[22],
        unseen=bool(row[23]),
        deadline_for=row[24],
    )


# A dictionary look-up instead of the enum's call: a page is made between two frames.
_KINDS = {kind.value: kind for kind in Kind}
_SEVERITIES = {severity.value: severity for severity in Severity}
_PRIORITIES = {priority.value: priority for priority in Priority}
_STATES = {state.value: state for state in State}

# A partial index serves a query that says its condition word for word. INDEXED BY holds the planner
# to it: a list that would be sorted or read row by row is an error, not a slow window.
_LIVE = "state IN ('new', 'acknowledged', 'waiting') AND kind <> 'not_an_issue'"
_DONE = "state IN ('resolved', 'closed') AND kind <> 'not_an_issue' AND NOT history"
_NOISE = "kind = 'not_an_issue' AND NOT (history AND state IN ('resolved', 'closed'))"
_AWAKE = "(snoozed_until IS NULL OR snoozed_until <= :now)"
_MINE = "assignee = :me COLLATE NOCASE AND :me <> ''"  # a name is written by hand
_OPEN = f"{_LIVE} AND state <> 'waiting' AND {_AWAKE}"


def _list(index: str, where: str) -> str:
    table = f"issue INDEXED BY {index}"
    return f"SELECT id FROM {table} WHERE {where} ORDER BY score DESC, last_at DESC"  # noqa: S608


def _live(where: str) -> str:
    return _list("issue_live", where)


_ONE_INCIDENT = re.compile(r"incident:(\d{1,9})")
_IN_INCIDENTS = """SELECT m.issue_id FROM incident_issue m
    JOIN incident n ON n.id = m.incident_id WHERE n.put_away_at IS NULL"""
_OF_INCIDENT = """
SELECT i.id FROM incident_issue m JOIN issue i ON i.id = m.issue_id WHERE m.incident_id = ?
ORDER BY i.state IN ('resolved', 'closed'), i.score DESC, i.last_at DESC
"""

_VIEWS: dict[str, str] = {
    View.URGENT: _live(f"{_OPEN} AND priority IN ('P1', 'P2')"),
    View.OPEN: _live(_OPEN),
    View.MINE: _live(f"{_OPEN} AND {_MINE}"),
    View.WAITING: _live(f"{_LIVE} AND state = 'waiting' AND {_AWAKE}"),
    View.SNOOZED: _live(f"{_LIVE} AND snoozed_until > :now"),
    View.INCIDENTS: _live(f"{_OPEN} AND id IN ({_IN_INCIDENTS})"),
    View.DONE: _list("issue_done", _DONE),
    View.NOISE: _list("issue_noise", _NOISE),
    View.ALL: _list("issue_all", "true"),
    **{kind.value: _live(f"{_OPEN} AND (kind = :kind OR second_kind = :kind)") for kind in Kind},
    Kind.NOT_AN_ISSUE: _list("issue_noise", _NOISE),
}

_COUNTS = f"""
SELECT state, kind, second_kind, priority,
    count(*) FILTER (WHERE {_AWAKE}),
    count(*) FILTER (WHERE snoozed_until > :now),
    count(*) FILTER (WHERE {_AWAKE} AND {_MINE})
FROM issue INDEXED BY issue_live_count WHERE {_LIVE}
GROUP BY state, kind, second_kind, priority
"""  # noqa: S608 - constants

_DUE = f"SELECT count(*) FROM issue WHERE {_OPEN} AND deadline_at <= :until"  # noqa: S608

_INCIDENT_COUNT = f"""
SELECT count(*) FROM issue WHERE id IN ({_IN_INCIDENTS}) AND {_OPEN}
"""  # noqa: S608 - constants

_ROWS = """
SELECT i.id, i.key, i.kind, i.second_kind, i.severity, i.priority, i.score, i.subject,
    i.customer_email, i.customer_name, i.preview, i.state, i.last_at, i.message_count, i.unsure,
    i.suspicious, i.order_number, i.order_minor, i.order_currency, i.deadline_at,
    i.snoozed_until, i.waiting_since, i.assignee, i.unseen, i.deadline_for
FROM json_each(?) j JOIN issue i ON i.id = j.value ORDER BY j.key
"""
