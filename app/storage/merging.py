"""Merging: two issues that are one become one, nothing that either had is lost, and back again."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from app.domain.errors import NotFound, Refused
from app.domain.issue import issue_key
from app.domain.translation import tr
from app.storage import codec
from app.storage.database import Connection


def merge(db: Connection, *, source: int, into: int) -> None:
    """Move all that belongs to `source` under `into` and let go of its row.

    Messages, journal, deadlines, replies and draft move. The atoms of `source` become aliases: its
    keys find the merged issue, whose own key stays as it is. Of two promises about the same thing
    the one that is not kept yet stands, and of those the earlier.

    Raises:
        Refused: both are the same issue.
        NotFound: one of them does not exist.
    """
    if source == into:
        raise Refused(
            tr("An issue cannot be merged with itself"), "", tr("Choose two different issues")
        )
    found = db.execute("SELECT count(*) FROM issue WHERE id IN (?, ?)", (source, into)).fetchone()
    if found != (2,):
        raise NotFound(
            tr("One of these issues does not exist any more"), "", tr("Refresh the list")
        )
    for statement in _MOVES:
        db.execute(statement, {"source": source, "into": into})


def belongings(db: Connection, issue_id: int) -> dict[str, Any]:
    """What an issue has, by name, as JSON can hold it: so that a merge can be taken apart again."""
    return {
        "messages": _ids(db, "SELECT id FROM message WHERE issue_id = ?", issue_id),
        "replies": _ids(db, "SELECT id FROM reply WHERE issue_id = ?", issue_id),
        "entries": _ids(db, "SELECT id FROM journal WHERE issue_id = ?", issue_id),
        "atoms": _ids(db, "SELECT atom FROM atom WHERE issue_id = ? AND NOT alias", issue_id),
        "aliases": _ids(db, "SELECT atom FROM atom WHERE issue_id = ? AND alias", issue_id),
        "draft": "".join(_ids(db, "SELECT body FROM draft WHERE issue_id = ?", issue_id)),
    }


def release(db: Connection, issue_id: int, atoms: Sequence[str]) -> None:
    """Make these atoms of an issue aliases, so that another may own them; its key follows.

    Raises:
        Refused: it would have none of its own any more.
    """
    wanted = codec.to_json(list(atoms))
    db.execute(
        "UPDATE atom SET alias = 1 WHERE issue_id = ? AND atom IN (SELECT value FROM json_each(?))",
        (issue_id, wanted),
    )
    own = _ids(db, "SELECT atom FROM atom WHERE issue_id = ? AND NOT alias", issue_id)
    if not own:
        raise Refused(
            tr("These issues have grown together"), tr("There would be nothing left of one")
        )
    key = issue_key(own)
    db.execute("UPDATE issue SET key = ? WHERE id = ? AND key <> ?", (key, issue_id, key))


def give_back(db: Connection, *, source: int, into: int, had: Mapping[str, Any]) -> None:
    """Move what `belongings` named, as far as it still lies under `source`, under `into`."""
    for statement, name in _BACK:
        wanted = codec.to_json(list(had.get(name, ())))
        db.execute(statement, {"source": source, "into": into, "wanted": wanted})


def _ids(db: Connection, query: str, issue_id: int) -> list[Any]:
    return [value for (value,) in db.execute(query, (issue_id,))]


_BACK = (
    (
        """
UPDATE message SET issue_id = :into
WHERE issue_id = :source AND id IN (SELECT value FROM json_each(:wanted))
""",
        "messages",
    ),
    (
        """
UPDATE reply SET issue_id = :into
WHERE issue_id = :source AND id IN (SELECT value FROM json_each(:wanted))
""",
        "replies",
    ),
    (
        """
UPDATE journal SET issue_id = :into
WHERE issue_id = :source AND id IN (SELECT value FROM json_each(:wanted))
""",
        "entries",
    ),
    (
        """
UPDATE atom SET issue_id = :into
WHERE issue_id = :source AND atom IN (SELECT value FROM json_each(:wanted))
""",
        "aliases",
    ),
)
_MOVES = (
    "UPDATE message SET issue_id = :into WHERE issue_id = :source",
    "UPDATE journal SET issue_id = :into WHERE issue_id = :source",
    "UPDATE reply SET issue_id = :into WHERE issue_id = :source",
    "UPDATE atom SET issue_id = :into, alias = 1 WHERE issue_id = :source",
    """
INSERT INTO deadline (issue_id, metric, name, planned_at, met_at, breached_at, explanation,
    paused_at, warn_at, details)
SELECT :into, metric, name, planned_at, met_at, breached_at, explanation,
    paused_at, warn_at, details
FROM deadline WHERE issue_id = :source
ON CONFLICT (issue_id, metric, name) DO UPDATE SET
    planned_at = excluded.planned_at, met_at = excluded.met_at,
    breached_at = excluded.breached_at, explanation = excluded.explanation,
    paused_at = excluded.paused_at, warn_at = excluded.warn_at, details = excluded.details
WHERE (excluded.met_at IS NULL AND deadline.met_at IS NOT NULL)
    OR ((excluded.met_at IS NULL) = (deadline.met_at IS NULL)
        AND excluded.planned_at < deadline.planned_at)
""",
    "DELETE FROM deadline WHERE issue_id = :source",
    "UPDATE call SET issue_id = :into WHERE issue_id = :source",
    "UPDATE OR IGNORE climb SET issue_id = :into WHERE issue_id = :source",
    "DELETE FROM climb WHERE issue_id = :source",
    """
INSERT INTO draft
    (issue_id, subject, to_, cc, template, rendered, body, updated_at, files, sender)
SELECT :into, subject, to_, cc, template, rendered, body, updated_at, files, sender
FROM draft WHERE issue_id = :source
ON CONFLICT (issue_id) DO UPDATE SET body = draft.body || char(10, 10) || excluded.body
""",
    "DELETE FROM draft WHERE issue_id = :source",
    "UPDATE OR IGNORE incident_issue SET issue_id = :into WHERE issue_id = :source",
    """
UPDATE issue SET
    first_at = min(issue.first_at, gone.first_at), last_at = max(issue.last_at, gone.last_at),
    message_count = issue.message_count + gone.message_count,
    unseen = max(issue.unseen, gone.unseen), history = min(issue.history, gone.history)
FROM (SELECT * FROM issue WHERE id = :source) AS gone WHERE issue.id = :into
""",
    "DELETE FROM issue WHERE id = :source",
)
