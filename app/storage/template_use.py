"""Template use: which templates the replies that left began with, as the journal tells it."""

from __future__ import annotations

from datetime import datetime

from app.domain.assessment import Kind
from app.domain.template_use import TemplateUse
from app.storage import codec
from app.storage.connection import Connection


def since(db: Connection, at: datetime, *, newest: int | None = None) -> tuple[TemplateUse, ...]:
    """The replies that went out since then and began with a template, oldest first; all of them, or
    the `newest` so many, for who is waited for."""
    rows = db.execute(
        "SELECT json_extract(j.data, '$.template'), i.kind, i.language,"
        " json_extract(j.data, '$.changed'), j.at"
        " FROM journal j JOIN issue i ON i.id = j.issue_id"
        " WHERE j.type = 'reply_sent' AND j.at >= ?"
        " AND json_extract(j.data, '$.template') IS NOT NULL ORDER BY j.at DESC LIMIT ?",
        (codec.micros(at), -1 if newest is None else newest),
    ).fetchall()
    return tuple(
        TemplateUse(
            template=template,
            kind=Kind(kind),
            language=language[:2].lower(),
            changed=float(changed or 0),
            at=codec.moment(moment),
        )
        for template, kind, language, changed, moment in reversed(rows)
    )


# What was sent, in the order of time, without the rest of the journal.
SENT = "CREATE INDEX journal_sent ON journal(at) WHERE type = 'reply_sent'"
