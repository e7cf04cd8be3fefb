"""Stories: what happened to the issues of a time, read in four queries whatever their number."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from datetime import datetime

from app.domain.assessment import Kind, Severity
from app.domain.journal import Entry, EntryType, taken_back, undone_in
from app.domain.story import Story, Turn
from app.storage import codec, deadlines, journal
from app.storage.connection import Connection


def between(db: Connection, start: datetime, end: datetime) -> tuple[Story, ...]:
    """The issues that began in this time, oldest first: those that are any, and those of which a
    person says that they are none."""
    rows = db.execute(_BEGUN, _span(start, end)).fetchall()
    wanted = {row[0] for row in rows}
    journals = {id_: journal.of_issue(db, id_) for id_ in wanted}
    unsaid = {id_: _unsaid(every) for id_, every in journals.items()}
    turns = _turns(db, start, end, unsaid=unsaid)
    rang, promised = _alerts(db, wanted), deadlines.by_issue(db, wanted)
    return tuple(
        Story(
            kind=Kind(kind),
            severity=Severity(severity),
            history=bool(history),
            turns=tuple(turns.get(id_, ())),
            entries=_standing(journals.get(id_, ())),
            rang_at=tuple(rang.get(id_, ())),
            deadlines=tuple(promised.get(id_, ())),
        )
        for id_, kind, severity, history in rows
    )


def _span(start: datetime, end: datetime) -> tuple[int, int]:
    return codec.micros(start), codec.micros(end)


def _turns(
    db: Connection, start: datetime, end: datetime, *, unsaid: dict[int, frozenset[str]]
) -> dict[int, list[Turn]]:
    """What people said in each issue, in the order in which it counts."""
    found: dict[int, list[Turn]] = defaultdict(list)
    nothing: frozenset[str] = frozenset()
    for issue_id, direction, at, message_id, counts_at in db.execute(_TURNS, _span(start, end)):
        if message_id not in unsaid.get(issue_id, nothing) or direction == "in":
            found[issue_id].append(_turn(at, counts_at, ours=direction == "out"))
    return {id_: sorted(turns, key=_counts) for id_, turns in found.items()}


def _turn(at: int, counts_at: int | None, *, ours: bool) -> Turn:
    arrived_at = codec.moment(at)
    if counts_at is None:
        return Turn(at=arrived_at, ours=ours)
    return Turn(at=codec.moment(counts_at), ours=ours, since=arrived_at)


def _counts(turn: Turn) -> datetime:
    return turn.at


def _unsaid(entries: Iterable[Entry]) -> frozenset[str]:
    """Our mails that said nothing: those that came back, and those that a person says answer
    nothing here."""
    entries = tuple(entries)
    came_back = (
        str(entry.data.get("message_id", ""))
        for entry in _standing(entries)
        if entry.type is EntryType.REPLY_BOUNCED
    )
    return taken_back(entries).union(came_back)


def _standing(entries: Iterable[Entry]) -> tuple[Entry, ...]:
    """The decisions that were not taken back."""
    entries = tuple(entries)
    undone = undone_in(entries)
    return tuple(one for one in entries if one.id not in undone)


def _alerts(db: Connection, wanted: Iterable[int]) -> dict[int, list[datetime]]:
    """When something rang, by each issue that it is about now: a merged one has several keys."""
    found: dict[int, list[datetime]] = defaultdict(list)
    rows = db.execute(_RANG, (codec.to_json(sorted(wanted)),))
    for issue_id, _, at in rows:
        found[issue_id].append(codec.moment(at))
    return found


_BEGUN = """
SELECT i.id, i.kind, i.severity, i.history OR i.first_at < ifnull(a.created_at, 0)
FROM issue i LEFT JOIN account a ON a.id = i.account_id
WHERE i.first_at >= ? AND i.first_at <= ?
    AND (i.kind <> 'not_an_issue' OR EXISTS (SELECT 1 FROM journal j WHERE j.issue_id = i.id
        AND j.type = 'override' AND j.data ->> '$.kind' = 'not_an_issue'))
ORDER BY i.first_at, i.id
"""

# CROSS JOIN: from these issues; SQLite would begin at everything that ever rang.
_RANG = """
SELECT DISTINCT t.issue_id, a.id, a.created_at FROM json_each(?) j
CROSS JOIN atom t ON t.issue_id = j.value CROSS JOIN alert_issue ai ON ai.key = t.key
CROSS JOIN alert a ON a.id = ai.alert_id
WHERE a.level = 'urgent' AND a.state <> 'withdrawn' ORDER BY a.created_at
"""

# A machine's answer and a newsletter are nobody's turn, nor is what nobody has judged yet.
_IS_TURN = """iif(direction = 'out', assessment IS NULL,
    assessment ->> '$.gate.counts_as_customer_reply' AND NOT assessment ->> '$.gate.noise')"""

# The index has all that is asked for, so that no mail is read; SQLite alone would not choose it.
_TURNS = f"""
SELECT m.issue_id, direction, received_at, m.message_id, c.counts_at
FROM issue i JOIN message m INDEXED BY message_turn ON m.issue_id = i.id
LEFT JOIN crossed c ON c.message_id = m.id
WHERE i.first_at >= ? AND i.first_at <= ? AND i.kind <> 'not_an_issue' AND {_IS_TURN}
ORDER BY m.issue_id, received_at
"""  # noqa: S608 - constants

TURNS_AT_HAND = (
    f"""
CREATE INDEX message_turn ON message(issue_id, received_at, direction, message_id)
WHERE {_IS_TURN}
""",
    "CREATE INDEX issue_begun ON issue(first_at, kind)",
)
