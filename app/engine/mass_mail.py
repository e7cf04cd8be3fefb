"""Mass mail: many customers answer one mail, and each of their answers is a matter of its own.

A step of `placing`, before the names in a mail are followed. A letter of the shop to everybody, or
one that was sent by a program elsewhere and is not stored here, stands in all the answers; it joins
nobody to the issue of a stranger.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace
from functools import cache, partial

from app.domain.issue import message_atom
from app.domain.message import Direction, Message
from app.storage import issues, messages
from app.storage.connection import Connection
from app.storage.messages import StoredMessage

_MANY = 5  # so many may be written to about one matter: a customer, theirs, and a supplier


def without(db: Connection, message: Message, *, known: Mapping[str, int]) -> Message:
    """The mail without the names that join it to strangers; `known` leads from names to issues."""
    takes_part = cache(partial(_takes_part, db, message))  # its names are mostly of one issue
    strange = {
        name
        for name in dict.fromkeys((*message.in_reply_to, *message.references))
        if _is_strangers(db, name, known.get(name), takes_part=takes_part)
    }
    if not strange:
        return message
    return replace(
        message,
        in_reply_to=tuple(one for one in message.in_reply_to if one not in strange),
        references=tuple(one for one in message.references if one not in strange),
    )


def _is_strangers(
    db: Connection, name: str, issue_id: int | None, *, takes_part: Callable[[int], bool]
) -> bool:
    if issue_id is None:
        issue_id = issues.by_atom(db, (message_atom(name),))
        if issue_id is None or messages.named(db, (name,)):
            return False
        return not takes_part(issue_id)
    sent = messages.sent_by_us(db, (name,))
    return sent is not None and _went_to_many(sent) and not takes_part(issue_id)


def _went_to_many(sent: StoredMessage) -> bool:
    """Whether it went to nobody by name, or to very many."""
    ours = sent.from_.key if sent.from_ else ""
    told = {one.key for one in (*sent.to, *sent.cc) if one.key != ours}
    return not told or len(told) > _MANY


def _takes_part(db: Connection, message: Message, issue_id: int) -> bool:
    """Whether its sender has a part in an issue already: wrote in it, or was named as a reader."""
    if issues.get(db, issue_id).customer.key == message.customer.key:
        return True
    people = {
        one.key
        for said in messages.of_issue(db, issue_id)
        for one in (said.from_, *said.reply_to, *(() if _is_mass(said) else (*said.to, *said.cc)))
        if one is not None
    }
    return message.customer.key in people


def _is_mass(said: StoredMessage) -> bool:
    return said.direction is Direction.OUT and _went_to_many(said)
