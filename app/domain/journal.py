"""Journal: what people decided, entry by entry, and the fold that makes the present of it."""

from __future__ import annotations

import secrets
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime
from enum import StrEnum
from typing import Any
from uuid import UUID

from app.domain.assessment import Kind, Severity
from app.domain.clock import instant


class State(StrEnum):
    """Where an issue is in its life; whether it sleeps is `snoozed_until`, beside it."""

    NEW = "new"
    ACKNOWLEDGED = "acknowledged"
    WAITING = "waiting"
    RESOLVED = "resolved"
    CLOSED = "closed"


OPEN_STATES = (State.NEW, State.ACKNOWLEDGED, State.WAITING)


class EntryType(StrEnum):
    """What a person can decide about an issue, and what their replies became.

    A MERGE with `because` in its data was made by a proof in the mails, not by a person. A LINK
    names the issue that a conversation goes on in (`into`), or the one it came `from`. An ORDER
    picks the order that it is about by its `number`; an empty one says that it is about none.
    """

    ACKNOWLEDGE = "acknowledge"
    ASSIGN = "assign"
    SNOOZE = "snooze"
    RESOLVE = "resolve"
    REOPEN = "reopen"
    OVERRIDE = "override"
    VERDICT = "verdict"
    NOTE = "note"
    TAG = "tag"
    MERGE = "merge"
    SPLIT = "split"
    LINK = "link"
    ORDER = "order"
    REPLY_QUEUED = "reply_queued"
    REPLY_SENT = "reply_sent"
    REPLY_UNDONE = "reply_undone"
    REPLY_FAILED = "reply_failed"
    REPLY_BOUNCED = "reply_bounced"
    UNDO = "undo"


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """One decision. Entries are only ever added.

    `device` and `counter` name it on its laptop without holes; `atoms` say which issue it is
    about on any laptop; `base` is the entry that the person saw as current.
    """

    id: str
    device: str
    counter: int
    at: datetime
    type: EntryType
    atoms: tuple[str, ...]
    base: str = ""
    data: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class Decisions:
    """What people have decided about an issue so far; None where nobody has decided.

    `undelivered` are the Message-IDs of our mails that came back; `undelivered_at` is when the last
    of them did, while nothing was sent or settled since.
    """

    state: State | None = None
    state_at: datetime | None = None
    assignee: str = ""
    snoozed_until: datetime | None = None
    kind: Kind | None = None
    severity: Severity | None = None
    order: str | None = None
    verdict: str = ""
    notes: tuple[str, ...] = ()
    tags: tuple[str, ...] = ()
    replied_at: datetime | None = None
    replies: int = 0
    undelivered: tuple[str, ...] = ()
    undelivered_at: datetime | None = None
    head: str = ""


def fold(entries: Iterable[Entry]) -> Decisions:
    """What people decided, as it stands: the same entries in order give the same answer.

    An entry that a later UNDO names counts as never made.
    """
    log = tuple(entries)
    undone = {str(entry.data.get("entry", "")) for entry in log if entry.type is EntryType.UNDO}
    decisions = Decisions()
    for entry in log:
        if entry.id not in undone:
            decisions = _apply(decisions, entry)
        decisions = replace(decisions, head=entry.id)
    return decisions


def standing(
    decisions: Decisions, *, heard_at: datetime | None, history: bool, now: datetime
) -> tuple[State, datetime | None]:
    """The state of an issue and until when it sleeps, at `now`.

    `heard_at` is the customer's last message: one that came after the issue was put away brings it
    back, awake. `history` is an issue from before the account was connected: closed until somebody
    decides or the customer writes again.
    """
    decided_at = decisions.state_at
    came_back = heard_at is not None and decided_at is not None and heard_at > decided_at
    state = decisions.state or (State.CLOSED if history else State.NEW)
    if came_back and state in (State.RESOLVED, State.CLOSED, State.WAITING):
        state = State.NEW
    until = decisions.snoozed_until
    asleep = until is not None and until > now and not came_back
    return state, until if asleep else None


def _apply(was: Decisions, entry: Entry) -> Decisions:
    state = _state_given_by(entry)
    if state is not None:
        came_back = None if entry.type in _SETTLES else was.undelivered_at
        was = replace(
            was, state=state, state_at=entry.at, snoozed_until=None, undelivered_at=came_back
        )
    data = entry.data
    match entry.type:
        case EntryType.ASSIGN | EntryType.ORDER | EntryType.VERDICT:
            return _said(was, entry)
        case EntryType.SNOOZE:
            return replace(was, snoozed_until=instant(data["until"]), state_at=entry.at)
        case EntryType.OVERRIDE:
            return _override(was, data)
        case EntryType.NOTE:
            return replace(was, notes=(*was.notes, str(data.get("text", ""))))
        case EntryType.TAG:
            return _tag(was, data)
        case EntryType.REPLY_SENT:
            return replace(was, replied_at=was.replied_at or entry.at, replies=was.replies + 1)
        case EntryType.REPLY_BOUNCED:
            return _bounced(was, entry)
        case _:
            return was


def _said(was: Decisions, entry: Entry) -> Decisions:
    """Decisions that are one word: who, which order, was ringing right."""
    data = entry.data
    if entry.type is EntryType.ASSIGN:
        return replace(was, assignee=str(data.get("to", "")))
    if entry.type is EntryType.ORDER:
        return replace(was, order=str(data.get("number", "")))
    return replace(was, verdict=str(data.get("verdict", "")))


def _state_given_by(entry: Entry) -> State | None:
    """The state that an entry decides; a MERGE does where only one of the two was our turn."""
    if entry.type is EntryType.MERGE and "state" in entry.data:
        return State(entry.data["state"])
    return _STATES.get(entry.type)


_STATES = {
    EntryType.ACKNOWLEDGE: State.ACKNOWLEDGED,
    EntryType.RESOLVE: State.RESOLVED,
    EntryType.REOPEN: State.ACKNOWLEDGED,
    EntryType.REPLY_SENT: State.WAITING,
}
_SETTLES = (EntryType.REPLY_SENT, EntryType.RESOLVE)


def _override(was: Decisions, data: Mapping[str, Any]) -> Decisions:
    kind, severity = data.get("kind"), data.get("severity")
    return replace(
        was,
        kind=Kind(kind) if kind else was.kind,
        severity=Severity(severity) if severity else was.severity,
    )


def _bounced(was: Decisions, entry: Entry) -> Decisions:
    """Our mail came back: it said nothing to anybody, and the issue is where it was before.

    Not where something was said to them since; then only that one mail does not count.
    """
    message_id = str(entry.data.get("message_id", ""))
    if message_id not in was.undelivered:
        was = replace(was, undelivered=(*was.undelivered, message_id))
    if entry.data.get("answered_since"):
        return was
    at = instant(entry.data["reported_at"]) if "reported_at" in entry.data else entry.at
    return replace(was, state=State.NEW, state_at=entry.at, snoozed_until=None, undelivered_at=at)


def _tag(was: Decisions, data: Mapping[str, Any]) -> Decisions:
    added, removed = data.get("add", ()), data.get("remove", ())
    kept = tuple(tag for tag in was.tags if tag not in removed)
    return replace(was, tags=(*kept, *(tag for tag in added if tag not in kept)))


def uuid7(now: datetime) -> str:
    """A time-ordered identifier (RFC 9562 5.7): 48 bits of milliseconds, the rest random."""
    milliseconds = int(now.timestamp() * 1000) & (2**48 - 1)
    number = milliseconds << 80 | secrets.randbits(80)
    number = number & ~(0xF << 76) | 0x7 << 76
    number = number & ~(0x3 << 62) | 0x2 << 62
    return str(UUID(int=number))
