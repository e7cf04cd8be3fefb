"""Sent reply: what is written down when a reply has left: journal, conversation, promise, at once.

Told by `outbox`, which sent it, by `sent_mail`, which found it in Sent, and by a person, who knows.
"""

from __future__ import annotations

import difflib
from collections.abc import Iterable
from datetime import datetime, timedelta

from app.domain.changes import Changes
from app.domain.clock import local_zone, rfc3339
from app.domain.issue import Issue
from app.domain.journal import Entry, EntryType, State
from app.domain.mailbox import MailFlag
from app.domain.message import Direction
from app.domain.reply import OutboxState, Reply
from app.domain.zone import days_on
from app.engine import drafting
from app.engine.addressing import is_aside
from app.engine.calming import answered
from app.engine.standing import Standing
from app.mail import parse
from app.storage import crossing, issues, journal, messages, on_server, outbox
from app.storage.connection import Connection
from app.storage.messages import StoredMessage

_LATE = timedelta(minutes=10)  # a planned reply: the machine slept, or was off


def record_sent(
    db: Connection, reply: Reply, *, words: str, standing: Standing, now: datetime
) -> Changes:
    """Write down that a reply has left: journal, conversation, promise, all at once."""
    outbox.set_state(db, reply.id, OutboxState.SENT, smtp_reply=words, sent_at=now, not_before=now)
    issue_id = issues.by_key(db, reply.issue_key)
    issue = issues.get(db, issue_id)
    written_at = _written_at(journal.of_issue(db, issue_id), reply)
    data = {**_learnt(reply), **_promised(reply, now=now)}
    said = messages.of_issue(db, issue_id)
    if is_aside(db, issue, said, reply.recipients):
        data["aside"] = True
    elif issue.state is State.RESOLVED and _is_decided_since(issue, written_at):
        data["settled"] = True
    journal.append(db, issue_id=issue_id, type=EntryType.REPLY_SENT, at=now, data=data)
    # A provider may have filed its copy, and we may have read it, before its answer came.
    copy = messages.sent_by_us(db, (reply.message_id,))
    if copy is None:
        messages.add(
            db,
            message=parse.read(reply.mime),
            direction=Direction.OUT,
            account_id=reply.account_id,
            issue_id=issue_id,
            received_at=now,
            assessment=None,
            raw=reply.mime,
        )
    _note_answered(db, said, written_at=written_at)
    left_at = max(now, copy.received_at) if copy else now
    crossing.note_leaving(db, issue_id, written_at=written_at, at=left_at)
    drafting.take(db, reply)
    changes = standing.refresh(db, issue_id, now=now)
    return changes | answered(db, (issue_id,), now=now)


def _promised(reply: Reply, *, now: datetime) -> dict[str, str]:
    """When it should have gone, if it is late, and when the issue comes back unanswered."""
    data = {}
    if reply.scheduled and not reply.attempt and now - reply.not_before > _LATE:
        data["planned_at"] = rfc3339(reply.not_before)
    if reply.follow_up_days:
        data["follow_up_at"] = rfc3339(days_on(now, reply.follow_up_days, zone=local_zone()))
    return data


def _written_at(entries: Iterable[Entry], reply: Reply) -> datetime:
    """When its writer let it go: it answers nothing that came later."""
    written = (
        entry.at
        for entry in entries
        if entry.type is EntryType.REPLY_QUEUED and entry.data.get("reply") == reply.id
    )
    return next(written, reply.created_at)


def _is_decided_since(issue: Issue, written_at: datetime) -> bool:
    decided_at = issue.decisions.state_at
    return decided_at is not None and decided_at > written_at


def _note_answered(db: Connection, said: Iterable[StoredMessage], *, written_at: datetime) -> None:
    """The mail that was answered, and that the rest was read, for servers that shall know."""
    theirs = [
        one.id for one in said if one.direction is Direction.IN and one.counts_at <= written_at
    ]
    on_server.want_flags(db, theirs, frozenset((MailFlag.SEEN,)))
    on_server.want_flags(db, theirs[-1:], frozenset((MailFlag.ANSWERED,)))


def _learnt(reply: Reply) -> dict[str, str | int | float]:
    """What sending teaches: which template, and how much of it people change (0 to 1)."""
    data: dict[str, str | int | float] = {"reply": reply.id, "message_id": reply.message_id}
    if reply.template and reply.rendered:
        same = difflib.SequenceMatcher(a=reply.rendered, b=reply.body, autojunk=False).ratio()
        data |= {"template": reply.template, "changed": round(1 - same, 3)}
    return data
