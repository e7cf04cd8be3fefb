"""Later: a mail of a large delivery is stored now and judged when there is time; for the pipeline.

Judging takes fifty times as long as storing. So of more than a few mails that come together the
owner first has all, to search and to read, each in an issue of its own that is shown as past; then
they are filed by what they say, newest first (`Pipeline.judge`), and that issue goes into theirs.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from app.domain.changes import Changes
from app.domain.issue import issue_key, message_atom
from app.domain.mailbox import GmailIds
from app.domain.message import Direction, Message
from app.engine.standing import UNJUDGED, preview_of
from app.mail import parse
from app.storage import awaiting, issues, messages
from app.storage.connection import Connection

AT_ONCE = 50  # recent mails that come together; of more, all are stored before they are judged
BETWEEN_CLICKS = 4  # are judged in one transaction, at 15 to 25 ms each: a click waits meanwhile


@dataclass(frozen=True, slots=True, kw_only=True)
class Stored:
    """A mail that awaits its judgement, read again from its bytes."""

    id: int
    message: Message
    gmail: GmailIds | None = None


def put(
    db: Connection,
    message: Message,
    *,
    account_id: int,
    received_at: datetime,
    gmail: GmailIds | None,
    raw: bytes,
    complete: bool,
    packed: bytes | None,
) -> tuple[int, Changes]:
    """Store a mail that is judged later, in an issue that holds its place; its row."""
    atom = place_of(message)
    place = issues.create(
        db,
        atoms=(atom,),
        subject=message.subject,
        customer=message.customer,
        account_id=account_id,
        judgement=UNJUDGED,
        first_at=received_at,
        history=True,
        message_count=1,
        preview=preview_of(message),
    )
    stored = messages.add(
        db,
        message=message,
        direction=Direction.IN,
        account_id=account_id,
        issue_id=place,
        received_at=received_at,
        assessment=None,
        raw=raw,
        complete=complete,
        packed=packed,
    )
    awaiting.add(db, stored, gmail)
    return stored, Changes.of_issues((issue_key((atom,)),))


def place_of(message: Message) -> str:
    """The atom that holds a mail's place: of its bytes, not of its conversation, so that no other
    mail finds its way there."""
    return message_atom(f"{message.raw_sha256}#awaiting")


def read(rows: Iterable[tuple[awaiting.Awaiting, bytes]]) -> tuple[Stored, ...]:
    """The mails in these bytes."""
    return tuple(
        Stored(id=one.message_id, message=parse.read(raw), gmail=one.gmail) for one, raw in rows
    )


def into_its_own(db: Connection, place: int, issue_id: int) -> Changes:
    """What held a mail's place goes into the issue where it belongs; its key leads there."""
    key = issues.get(db, place).key
    issues.merge(db, source=place, into=issue_id)
    return Changes.of_issues((key,))
