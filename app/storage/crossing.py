"""Crossing: mails of theirs that met a decision of ours on their way, and so come after it.

A person settles what they can see. A mail may lie on its server while its issue is put away, or
come while the reply waits for its hour, and servers and laptops keep different time. So what was
not here when something was decided counts from right after it, and what was here from before,
whatever the clocks say.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime

from app.domain.journal import EntryType
from app.storage import codec
from app.storage.connection import Connection

CROSSED = """
CREATE TABLE crossed (
    message_id INTEGER PRIMARY KEY REFERENCES message(id) ON DELETE CASCADE,
    counts_at INTEGER NOT NULL
) STRICT
"""

# What settles an issue, or sets out to (a reply is written before it leaves), or says how bad it
# is: said of the mails that were here.
SETTLES = (
    EntryType.ACKNOWLEDGE,
    EntryType.RESOLVE,
    EntryType.REOPEN,
    EntryType.SNOOZE,
    EntryType.REPLY_QUEUED,
    EntryType.OVERRIDE,
    EntryType.VERDICT,
)
_NEXT = 1  # microsecond


def note_arrival(db: Connection, message_id: int) -> None:
    """Let a mail that is stored now count after all that was decided before it was here.

    Not what lay in its mailbox when that was connected: it is brought in late.
    """
    db.execute(_ARRIVED, (message_id,))


def note_decision(db: Connection, issue_id: int, *, at: datetime) -> None:
    """Let the mails that are here when a person decides count from before it."""
    instant = codec.micros(at)
    db.execute(_LATER_THAN, (instant, issue_id, instant))


def note_leaving(db: Connection, issue_id: int, *, written_at: datetime, at: datetime) -> None:
    """Let the mails that came since a reply was written count after it has left."""
    db.execute(_LATER_THAN, (codec.micros(at) + _NEXT, issue_id, codec.micros(written_at)))


def note_put_together(
    db: Connection, issue_id: int, other: int
) -> tuple[tuple[int, int | None, int], ...]:
    """Let the mails of an issue that wait for an answer count after what we said and settled in
    another; each mail, its place until now (None: its arrival) and its new one."""
    rows = db.execute(_UNANSWERED, {"issue": issue_id, "other": other}).fetchall()
    db.executemany(
        "INSERT OR REPLACE INTO crossed VALUES (?, ?)", [(row[0], row[2]) for row in rows]
    )
    return tuple(rows)


def put_back(db: Connection, moved: Iterable[Sequence[int | None]]) -> None:
    """Give mails the place back that `note_put_together` took, where nothing moved them since."""
    for message_id, before, after in moved:
        db.execute(
            "DELETE FROM crossed WHERE message_id = ? AND counts_at = ?", (message_id, after)
        )
        if before is not None:
            db.execute("INSERT OR IGNORE INTO crossed VALUES (?, ?)", (message_id, before))


_DECIDED = ", ".join(f"'{one}'" for one in (*SETTLES, EntryType.REPLY_SENT))
_ARRIVED = f"""
INSERT INTO crossed
SELECT m.id, max(j.at) + {_NEXT} FROM message m JOIN journal j ON j.issue_id = m.issue_id
WHERE m.id = ? AND m.direction = 'in' AND j.at >= m.received_at AND j.type IN ({_DECIDED})
AND m.received_at >= ifnull((SELECT created_at FROM account WHERE id = m.account_id), 0)
GROUP BY m.id
"""  # noqa: S608 - names of ours, no values
_LATER_THAN = """
INSERT INTO crossed
SELECT m.id, ? FROM message m LEFT JOIN crossed c ON c.message_id = m.id
WHERE m.issue_id = ? AND m.direction = 'in' AND ifnull(c.counts_at, m.received_at) > ?
ON CONFLICT DO UPDATE SET counts_at = excluded.counts_at
"""
_ANSWERED = """ifnull((SELECT max(o.received_at) FROM message o
    WHERE o.issue_id = {issue} AND o.direction = 'out' AND o.assessment IS NULL), 0)"""
_PUT_AWAY = """ifnull((SELECT max(j.at) FROM journal j
    WHERE j.issue_id = {issue} AND j.type = 'resolve'), 0)"""
_SETTLED = f"max({_ANSWERED.format(issue=':other')}, {_PUT_AWAY.format(issue=':other')})"
_UNANSWERED = f"""
SELECT m.id, c.counts_at, {_SETTLED} + {_NEXT}
FROM message m LEFT JOIN crossed c ON c.message_id = m.id
WHERE m.issue_id = :issue AND m.direction = 'in'
AND ifnull(c.counts_at, m.received_at) > {_ANSWERED.format(issue=":issue")}
AND ifnull(c.counts_at, m.received_at) <= {_SETTLED}
"""  # noqa: S608 - names of ours, no values
