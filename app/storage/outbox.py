"""Outbox: replies on their way out, with bytes and a Message-ID that never change once queued."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from app.domain.errors import NotFound
from app.domain.reply import NOT_SETTLED, OutboxState, Reply
from app.domain.translation import to_translate, tr
from app.storage import codec, issues
from app.storage.connection import Connection

_COPIED = to_translate(
    "It came with a copy of the profile and may have been sent since the copy was made."
)


def queue(db: Connection, reply: Reply) -> int:
    """Put a reply into the outbox and answer its id; a repeated request answers the first one's.

    Raises:
        NotFound: its issue does not exist.
    """
    if reply.request and (known := by_request(db, reply.request)) is not None:
        return known.id
    reply_id = db.execute(
        _INSERT,
        (
            issues.by_key(db, reply.issue_key),
            reply.account_id,
            reply.message_id,
            reply.request or None,
            reply.state.value,
            codec.micros(reply.created_at),
            codec.micros(reply.not_before),
            codec.maybe_micros(reply.sent_at),
            reply.attempt,
            codec.text(reply.sender),
            codec.to_json(reply.recipients),
            codec.text(reply.error),
            codec.text(reply.smtp_reply),
            reply.template,
            codec.text(reply.rendered),
            codec.text(reply.body),
            reply.mime,
            codec.to_json(reply.files),
            reply.scheduled,
            reply.follow_up_days,
        ),
    ).lastrowid
    assert reply_id is not None
    return reply_id


def get(db: Connection, id: int) -> Reply:  # noqa: A002 - the row's id, as everywhere in this room
    """One reply.

    Raises:
        NotFound: there is none with this id.
    """
    row = db.execute(_SELECT + " WHERE r.id = ?", (id,)).fetchone()
    if row is None:
        raise NotFound(tr("This reply does not exist"), "", tr("Refresh the window"))
    return _reply(row)


def by_request(db: Connection, request: str) -> Reply | None:
    """The reply that this click queued, or None."""
    row = db.execute(_SELECT + " WHERE r.request = ?", (request,)).fetchone()
    return _reply(row) if row else None


def by_message_id(db: Connection, message_ids: Sequence[str]) -> Reply | None:
    """The reply with the first of these Message-IDs that is one of ours, or None."""
    for message_id in message_ids:
        row = db.execute(_SELECT + " WHERE r.message_id = ?", (codec.text(message_id),)).fetchone()
        if row is not None:
            return _reply(row)
    return None


def due(db: Connection, now: datetime, *, blocked: bool = False) -> tuple[Reply, ...]:
    """The replies whose undo window is over, oldest first; with `blocked` also those held back."""
    rows = db.execute(
        _SELECT + " WHERE r.state IN ('queued', iif(?, 'blocked', 'queued')) AND r.not_before <= ?"
        " ORDER BY r.not_before, r.id",
        (blocked, codec.micros(now)),
    )
    return tuple(_reply(row) for row in rows)


def set_state(
    db: Connection,
    id: int,  # noqa: A002
    state: OutboxState,
    *,
    error: str = "",
    smtp_reply: str = "",
    not_before: datetime | None = None,
    attempt: int | None = None,
    sent_at: datetime | None = None,
    tried_since: datetime | None = None,
) -> None:
    """Note how far a reply came. `error` always says how it stands now; the rest, where given.

    Once UNKNOWN it stays in doubt, whatever comes next, until a server says no for good. The first
    `tried_since` stands until somebody asks for the reply again (`ask_again`).
    """
    db.execute(
        "UPDATE reply SET state = ?, error = ?, smtp_reply = iif(? = '', smtp_reply, ?),"
        " not_before = ifnull(?, not_before), attempt = ifnull(?, attempt),"
        " sent_at = ifnull(?, sent_at), tried_since = ifnull(tried_since, ?),"
        " in_doubt = CASE ? WHEN 'unknown' THEN 1 WHEN 'failed' THEN 0 ELSE in_doubt END"
        " WHERE id = ?",
        (
            state.value,
            codec.text(error),
            codec.text(smtp_reply),
            codec.text(smtp_reply),
            codec.maybe_micros(not_before),
            attempt,
            codec.maybe_micros(sent_at),
            codec.maybe_micros(tried_since),
            state.value,
            id,
        ),
    )


def ask_again(db: Connection, id: int, now: datetime) -> None:  # noqa: A002
    """Somebody wants it to go, or made it possible: it is due, and its time of trying begins.

    One that was never tried goes at the hour that a person chose, where that is still to come.
    """
    present = get(db, id)
    is_early = present.scheduled and not present.attempt and present.not_before > now
    set_state(db, id, OutboxState.QUEUED, not_before=present.not_before if is_early else now)
    db.execute("UPDATE reply SET tried_since = NULL WHERE id = ?", (id,))


def doubt_all(db: Connection) -> None:
    """In a copy of a profile: what was on its way may have left since from the profile itself, so a
    person says of each reply whether it is still to go. Also for files of older versions."""
    columns = {name for (name,) in db.execute("SELECT name FROM pragma_table_info('reply')")}
    if not columns:
        return
    doubted = ", in_doubt = 1" if "in_doubt" in columns else ""
    db.execute(
        f"UPDATE reply SET state = 'unknown', error = ?{doubted}"  # noqa: S608 - names of ours
        " WHERE state IN ('queued', 'sending', 'data_sent', 'blocked')",
        (tr(_COPIED),),
    )


def set_mime(db: Connection, id: int, mime: bytes) -> None:  # noqa: A002
    """Replace the bytes of a reply that nobody has tried to send yet."""
    db.execute("UPDATE reply SET mime = ? WHERE id = ? AND attempt = 0", (mime, id))


def in_state(db: Connection, *states: OutboxState) -> tuple[Reply, ...]:
    """The replies in any of these states, oldest first."""
    wanted = codec.to_json([state.value for state in states])
    rows = db.execute(_SELECT + _IN_STATES, (wanted,))
    return tuple(_reply(row) for row in rows)


def with_words(db: Connection, key: str, body: str, files: Sequence[str] = ()) -> Reply | None:
    """The reply to an issue that says just this, and is on its way or may have arrived.

    Asked at every pause in writing: the bytes of a mail are read of the one with these words only.
    """
    rows = db.execute(_WORDS, (issues.by_key(db, key), _UNSETTLED))
    alike = [reply_id for reply_id, said in rows if said.strip() == body.strip()]
    same = (reply for reply in (get(db, one) for one in alike) if reply.files == tuple(files))
    return next(same, None)


def pending(db: Connection) -> int:
    """How many replies the engine still has to do something for by itself."""
    (number,) = db.execute(
        "SELECT count(*) FROM reply WHERE state IN ('queued', 'sending', 'data_sent', 'sent')"
    ).fetchone()
    return int(number)


def sent_to(db: Connection, email: str, since: datetime) -> int:
    """How many replies to this address were queued since then and not taken back."""
    (number,) = db.execute(
        "SELECT count(*) FROM reply r WHERE created_at >= ? AND state <> 'undone' AND EXISTS"
        " (SELECT 1 FROM json_each(r.recipients) WHERE lower(value) = lower(?))",
        (codec.micros(since), email),
    ).fetchone()
    return int(number)


def next_due(db: Connection) -> datetime | None:
    """When the next queued reply may go, or None."""
    (at,) = db.execute("SELECT min(not_before) FROM reply WHERE state = 'queued'").fetchone()
    return codec.maybe_moment(at)


def _reply(row: tuple[Any, ...]) -> Reply:
    return Reply(
        id=row[0],
        issue_key=row[1],
        account_id=row[2],
        message_id=row[3],
        request=row[4] or "",
        state=OutboxState(row[5]),
        created_at=codec.moment(row[6]),
        not_before=codec.moment(row[7]),
        sent_at=codec.maybe_moment(row[8]),
        attempt=row[9],
        sender=row[10],
        recipients=codec.from_json(row[11], tuple[str, ...]),
        error=row[12],
        smtp_reply=row[13],
        template=row[14],
        rendered=row[15],
        body=row[16],
        mime=row[17],
        files=codec.from_json(row[18], tuple[str, ...]),
        scheduled=bool(row[19]),
        follow_up_days=row[20],
        in_doubt=bool(row[21]),
        tried_since=codec.maybe_moment(row[22]),
    )


# What lies in the outbox and in the editor alike, from before a reply took its draft along, is one.
IN_DOUBT = (
    "ALTER TABLE reply ADD COLUMN in_doubt INTEGER NOT NULL DEFAULT 0",
    "ALTER TABLE reply ADD COLUMN tried_since INTEGER",
    "UPDATE reply SET in_doubt = 1 WHERE state = 'unknown'",
    """
DELETE FROM draft WHERE EXISTS (
    SELECT 1 FROM reply r
    WHERE r.issue_id = draft.issue_id AND r.files = draft.files
        AND trim(r.body, char(9, 10, 13, 32)) = trim(draft.body, char(9, 10, 13, 32))
        AND r.state IN ('queued', 'sending', 'data_sent', 'blocked', 'unknown')
)
""",
)


_SELECT = """
SELECT r.id, i.key, r.account_id, r.message_id, r.request, r.state, r.created_at, r.not_before,
    r.sent_at, r.attempt, r.sender, r.recipients, r.error, r.smtp_reply, r.template, r.rendered,
    r.body, r.mime, r.files, r.scheduled, r.follow_up_days, r.in_doubt, r.tried_since
FROM reply r JOIN issue i ON i.id = r.issue_id
"""

_INSERT = """
INSERT INTO reply (issue_id, account_id, message_id, request, state, created_at, not_before,
    sent_at, attempt, sender, recipients, error, smtp_reply, template, rendered, body, mime, files,
    scheduled, follow_up_days)
VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
"""

_IN_STATES = "WHERE r.state IN (SELECT value FROM json_each(?)) ORDER BY r.id"

_WORDS = """
SELECT id, body FROM reply WHERE issue_id = ? AND state IN (SELECT value FROM json_each(?))
ORDER BY id
"""
_UNSETTLED = codec.to_json([state.value for state in NOT_SETTLED])
