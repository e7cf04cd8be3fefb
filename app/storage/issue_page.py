"""Issue page: one issue whole: why it stands there, who said what, what was promised and done."""

from __future__ import annotations

from typing import Any

from app.domain.errors import NotFound
from app.domain.message import Address
from app.domain.reply import OutboxState
from app.domain.views import IssueView, MessageView, ReplyView
from app.storage import codec, deadlines, drafts, incidents, issues, journal, messages, orders
from app.storage.database import Connection
from app.storage.inbox import inbox_rows
from app.storage.messages import StoredMessage


def issue_view(db: Connection, key: str) -> IssueView:
    """One issue whole.

    Raises:
        NotFound: no issue has this key.
        Refused: the key is only a prefix, too short or of several issues.
    """
    issue_id = issues.by_key(db, key)
    (row,) = inbox_rows(db, (issue_id,))
    issue = issues.get(db, issue_id)
    return IssueView(
        row=row,
        reasons=issue.judgement.reasons,
        messages=tuple(_message(message) for message in messages.of_issue(db, issue_id)),
        journal=journal.of_issue(db, issue_id),
        deadlines=deadlines.of_issue(db, issue_id),
        confidence=issue.judgement.confidence,
        language=issue.judgement.language,
        suspicious_because=issue.judgement.suspicious_because,
        order=orders.by_number(db, issue.order_number) if issue.order_number else None,
        draft=drafts.get(db, issue.key),
        replies=replies(db, issue_id=issue_id),
        notes=issue.decisions.notes,
        tags=issue.decisions.tags,
        incident=incidents.of_issue(db, issue_id),
    )


def replies(db: Connection, *, issue_id: int | None = None) -> tuple[ReplyView, ...]:
    """The replies to an issue; without one, those on their way or stuck, oldest first."""
    if issue_id is None:
        rows = db.execute(_REPLIES + _UNSETTLED)
    else:
        rows = db.execute(_REPLIES + " WHERE r.issue_id = ? ORDER BY r.id", (issue_id,))
    return tuple(_reply(row) for row in rows)


def reply(db: Connection, id: int) -> ReplyView:  # noqa: A002 - the row's id
    """One reply.

    Raises:
        NotFound: there is none with this id.
    """
    row = db.execute(_REPLIES + " WHERE r.id = ?", (id,)).fetchone()
    if row is None:
        raise NotFound("This reply does not exist", "", "Refresh the window")
    return _reply(row)


def _message(stored: StoredMessage) -> MessageView:
    return MessageView(
        id=stored.id,
        message_id=stored.message_id,
        direction=stored.direction,
        from_=stored.from_ or Address(email=""),
        to=stored.to,
        cc=stored.cc,
        at=stored.sent_at or stored.received_at,
        subject=stored.subject,
        text=stored.text,
        new_text=stored.new_text,
        has_html=stored.has_html,
        automatic=stored.assessment is not None and stored.assessment.gate.automatic,
        attachments=stored.attachments,
        warnings=stored.warnings,
        joined_because=stored.joined_because,
    )


def _reply(row: tuple[Any, ...]) -> ReplyView:
    id_, key, state, body, recipients, created_at, not_before, message_id, sent_at, error = row
    return ReplyView(
        id=id_,
        issue_key=key,
        state=OutboxState(state),
        body=body,
        recipients=codec.from_json(recipients, tuple[str, ...]),
        created_at=codec.moment(created_at),
        not_before=codec.moment(not_before),
        message_id=message_id,
        sent_at=codec.maybe_moment(sent_at),
        error=error,
    )


_REPLIES = """
SELECT r.id, i.key, r.state, r.body, r.recipients, r.created_at, r.not_before, r.message_id,
    r.sent_at, r.error
FROM reply r JOIN issue i ON i.id = r.issue_id
"""

_UNSETTLED = """
WHERE r.state IN ('queued', 'sending', 'data_sent', 'sent', 'unknown', 'failed', 'blocked')
ORDER BY r.id
"""
