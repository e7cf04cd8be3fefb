"""Delivery: many conversations written at once, each table by few statements; for `shelving`.

A mailbox of ten years is nearly all this. One by one, a mail costs a dozen statements.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from app.domain.issue import Judgement, issue_key
from app.domain.message import Direction, Message
from app.storage import issues, judgements, many, messages
from app.storage.connection import Connection


@dataclass(frozen=True, slots=True, kw_only=True)
class Piece:
    """A mail of a conversation: its bytes as `pack` makes them, and why it lies there."""

    message: Message
    received_at: datetime
    packed: bytes
    complete: bool = True
    because: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Conversation:
    """All of an issue that begins and is put away with these mails, the first of them first.

    `preview` is what a list shows of it. `awaits`: its only mail is judged later.
    """

    atom: str
    pieces: tuple[Piece, ...]
    preview: str
    awaits: bool = False


def store(
    db: Connection,
    conversations: Sequence[Conversation],
    *,
    account_id: int,
    judgement: Judgement,
) -> list[int]:
    """Write them, none of which may be known; the ids of their mails, one after the other."""
    begun = _begin(db, conversations, account_id=account_id, judgement=judgement)
    pieces = [piece for one in conversations for piece in one.pieces]
    # Ids grow with the arrival, also among the mails of one second.
    order = sorted(range(len(pieces)), key=lambda place: pieces[place].received_at)
    free = messages.free_ids(db, [pieces[place].received_at for place in order])
    ids = [row for _, row in sorted(zip(order, free, strict=True))]
    # In the order of their ids: so each table grows at its end.
    rising = sorted(zip(ids, pieces, begun, strict=True), key=lambda row: row[0])
    rows = [(id_, *_message(piece, issue, account_id)) for id_, piece, issue in rising]
    many.insert(db, f"message (id, {messages.COLUMNS})", rows)
    many.insert(db, "unindexed", [(id_,) for id_, _, _ in rising])
    many.insert(db, "raw", [(id_, piece.packed) for id_, piece, _ in rising])
    awaits = (one.awaits for one in conversations for _ in one.pieces)
    waiting = [(row, None, None) for row, later in zip(ids, awaits, strict=True) if later]
    many.insert(db, "awaiting", waiting)
    return ids


def _begin(
    db: Connection, conversations: Sequence[Conversation], *, account_id: int, judgement: Judgement
) -> list[int]:
    """Begin the issues; the issue of each mail."""
    (first,) = db.execute("SELECT ifnull(max(id), 0) + 1 FROM issue").fetchone()
    row = judgements.row_of(judgement)
    keys = [issue_key((one.atom,)) for one in conversations]
    numbered = list(enumerate(zip(conversations, keys, strict=True), first))
    many.insert(
        db,
        f"issue (id, {issues.COLUMNS})",
        [(id_, *_issue(one, key, account_id, row)) for id_, (one, key) in numbered],
    )
    atoms = sorted((one.atom, key, id_) for id_, (one, key) in numbered)
    many.insert(db, "atom (atom, key, issue_id)", atoms)
    return [id_ for id_, (one, _) in numbered for _ in one.pieces]


def _issue(
    one: Conversation, key: str, account_id: int, judgement: Sequence[Any]
) -> tuple[Any, ...]:
    beginning = one.pieces[0]
    return issues.row_of(
        key,
        subject=beginning.message.subject,
        customer=beginning.message.customer,
        account_id=account_id,
        judgement=judgement,
        first_at=beginning.received_at,
        last_at=one.pieces[-1].received_at,
        history=True,
        message_count=len(one.pieces),
        preview=one.preview,
    )


def _message(piece: Piece, issue_id: int, account_id: int) -> tuple[Any, ...]:
    return messages.row_of(
        piece.message,
        direction=Direction.IN,
        account_id=account_id,
        issue_id=issue_id,
        received_at=piece.received_at,
        assessment=None,
        joined_because=piece.because,
        complete=piece.complete,
    )
