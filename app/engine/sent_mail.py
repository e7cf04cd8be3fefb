"""Sent mail: what lies in the Sent folder, written here, on a phone or on the provider's own page.

A step of the pipeline, for mails of that folder alone: what a person of ours said there is as good
an answer as one from here.
"""

from __future__ import annotations

from datetime import datetime

from app.domain.assessment import Assessment, nobodys_words
from app.domain.mailbox import FolderRole
from app.domain.message import Direction, Message
from app.domain.reply import OutboxState
from app.domain.subject import is_forward
from app.domain.translation import to_translate, tr
from app.engine.sent_reply import record_sent
from app.engine.standing import Standing
from app.storage import issues, messages, outbox
from app.storage.connection import Connection

ELSEWHERE = to_translate("written elsewhere and found in Sent")
_DELIVERED = ("delivered-to", "return-path")  # what the last server adds to a mail that came in


def is_ours(message: Message, role: FolderRole, own: frozenset[str]) -> bool:
    """Whether a mail in this folder was said by us: by its place, or by its sender.

    A stranger's mail that somebody moved into Sent is still a stranger's.
    """
    if role is not FolderRole.SENT:
        return False
    by_us = message.from_ is not None and message.from_.is_one_of(own)
    return by_us or not any(message.header(name) for name in _DELIVERED)


def automatic(message: Message) -> Assessment | None:
    """What is made of an automatic answer of ours: nobody has answered with it (RFC 3834)."""
    submitted = message.header("auto-submitted").lower()
    if not submitted.startswith("auto") and not message.header("x-autoreply"):
        return None
    return nobodys_words(tr("our own automatic answer"))


def passed_on(
    db: Connection, message: Message, issue_id: int, *, own: frozenset[str]
) -> Assessment | None:
    """What is made of a mail of ours that went on to somebody else (a supplier, a carrier): who
    wrote to us still waits. None where it went to anybody of the conversation in this issue."""
    if not is_forward(message.subject):
        return None
    theirs = {
        one.key
        for said in messages.of_issue(db, issue_id)
        if said.direction is Direction.IN
        for one in (said.from_, *said.reply_to, *said.to, *said.cc)
        if one is not None and not one.is_one_of(own)
    }
    told = [one for one in (*message.to, *message.cc) if not one.is_one_of(own)]
    if not theirs or not told or any(one.key in theirs for one in told):
        return None
    return nobodys_words(tr("passed on to {name}", name=told[0].name or told[0].email))


def settle_doubt(
    db: Connection, message: Message, *, standing: Standing, now: datetime
) -> tuple[int, int] | None:
    """A reply of which nobody knew whether it left lies in Sent: it did (message id, issue id)."""
    reply = outbox.by_message_id(db, (message.message_id,))
    if reply is None or reply.state is not OutboxState.UNKNOWN:
        return None
    record_sent(db, reply, words=tr("found among the sent mail"), standing=standing, now=now)
    stored = messages.sent_by_us(db, (message.message_id,))
    assert stored is not None
    return stored.id, issues.by_key(db, reply.issue_key)
