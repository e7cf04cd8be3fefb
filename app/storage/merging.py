"""Merging: two issues that are one become one, and nothing that either had is lost.

How they become two again is told by `belongings`.
"""

from __future__ import annotations

from app.domain.errors import NotFound, Refused
from app.domain.translation import tr
from app.storage.connection import Connection


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
ON CONFLICT (issue_id) DO UPDATE SET
    body = CASE WHEN draft.body = '' OR excluded.body = '' THEN draft.body || excluded.body
        ELSE draft.body || char(10, 10) || excluded.body END,
    files = (SELECT json_group_array(value) FROM (
        SELECT value FROM json_each(draft.files) UNION ALL
        SELECT value FROM json_each(excluded.files)
        WHERE value NOT IN (SELECT value FROM json_each(draft.files))))
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
