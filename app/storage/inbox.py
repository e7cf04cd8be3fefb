"""Inbox: the list of issues, straight from the indexes, in the order in which it is shown.

A list is the ids of a view in SQL order, then the rows of one page of them. Each id costs one step
in a covering index, each row one look-up; nothing here sorts in Python or parses JSON.
"""

from __future__ import annotations

from array import array
from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Any

from app.domain.assessment import Kind, Priority, Severity
from app.domain.errors import NotFound
from app.domain.journal import State
from app.domain.message import Address
from app.domain.views import InboxRow, View
from app.storage import codec
from app.storage.database import Connection


def inbox_ids(db: Connection, *, view: str, now: datetime, me: str = "") -> array[int]:
    """The issue ids of a view (a `View` or a `Kind` by its text): the highest score first.

    Raises:
        NotFound: there is no such view.
    """
    query = _VIEWS.get(view)
    if query is None:
        raise NotFound(f"There is no view named {view}", "", f"Views are: {', '.join(_VIEWS)}")
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
    found[Kind.NOT_AN_ISSUE] = found[View.NOISE]
    return found


def _count(found: dict[str, int], group: Sequence[Any]) -> None:
    bucket, kind, second_kind, priority, awake, asleep, mine = group
    found[View.SNOOZED] += asleep
    found[bucket] += awake
    if bucket != View.OPEN:
        return
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
    )


# A dictionary look-up instead of the enum's call: a page is made between two frames.
_KINDS = {kind.value: kind for kind in Kind}
_SEVERITIES = {severity.value: severity for severity in Severity}
_PRIORITIES = {priority.value: priority for priority in Priority}
_STATES = {state.value: state for state in State}

_AWAKE = "(snoozed_until IS NULL OR snoozed_until <= :now)"
_OPEN = f"bucket = 'open' AND {_AWAKE}"


def _list(where: str) -> str:
    return f"SELECT id FROM issue WHERE {where} ORDER BY score DESC, last_at DESC, id"  # noqa: S608


_VIEWS: dict[str, str] = {
    View.URGENT: _list(f"{_OPEN} AND priority IN ('P1', 'P2')"),
    View.OPEN: _list(_OPEN),
    View.MINE: _list(f"{_OPEN} AND assignee = :me AND :me <> ''"),
    View.WAITING: _list(f"bucket = 'waiting' AND {_AWAKE}"),
    View.SNOOZED: _list("bucket IN ('open', 'waiting') AND snoozed_until > :now"),
    View.DONE: _list("bucket = 'done'"),
    View.NOISE: _list("bucket = 'noise'"),
    View.ALL: _list("true"),
    **{kind.value: _list(f"{_OPEN} AND (kind = :kind OR second_kind = :kind)") for kind in Kind},
    Kind.NOT_AN_ISSUE: _list("bucket = 'noise'"),
}

_COUNTS = f"""
SELECT bucket, kind, second_kind, priority,
    count(*) FILTER (WHERE {_AWAKE}),
    count(*) FILTER (WHERE snoozed_until > :now),
    count(*) FILTER (WHERE {_AWAKE} AND assignee = :me AND :me <> '')
FROM issue WHERE bucket IN ('open', 'waiting')
GROUP BY bucket, kind, second_kind, priority
"""  # noqa: S608 - constants

_ROWS = """
SELECT i.id, i.key, i.kind, i.second_kind, i.severity, i.priority, i.score, i.subject,
    i.customer_email, i.customer_name, i.preview, i.state, i.last_at, i.message_count, i.unsure,
    i.suspicious, i.order_number, i.order_minor, i.order_currency, i.deadline_at,
    i.snoozed_until, i.waiting_since, i.assignee, i.unseen
FROM json_each(?) j JOIN issue i ON i.id = j.value ORDER BY j.key
"""
