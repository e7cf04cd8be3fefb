"""Journal: what people decided, entry by entry, and the fold that makes the present of it."""

from __future__ import annotations

import secrets
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime
from enum import StrEnum
from typing import Any
from uuid import UUID

from app.domain.assessment import Kind, Severity
from app.domain.clock import instant
from app.domain.owner_rule import Deed
from app.domain.translation import tr


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
    picks the order that it is about by its `number`, and by its `atom` where a shop knows it; an
    empty one says that it is about none. A FORGET takes back what the decisions `entries` taught;
    the decisions themselves stand. A PROMISE_DONE says that what a mail of ours promised
    (`promise`, a deadline's name) is done. A REPLY_FOUND says that a mail of ours (`message_id`)
    was taken for an answer, and why; taken back, it is none. A RULE is what the owner's rule of
    that `name` did (`Deed`); wherever a person has decided, before or after, it counts for nothing.
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
    FORGET = "forget"
    REPLY_QUEUED = "reply_queued"
    REPLY_SENT = "reply_sent"
    REPLY_UNDONE = "reply_undone"
    REPLY_FAILED = "reply_failed"
    REPLY_BOUNCED = "reply_bounced"
    REPLY_FOUND = "reply_found"
    RULE = "rule"
    PROMISE_DONE = "promise_done"
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
    of them did, while nothing was sent or settled since. `follow_up`: when the sleep ends and
    nobody has answered our last mail, it is our turn again. `aside`: our last mail went to
    somebody else than who waits for us (to the customer, while a provider waits), so it is still
    our turn. `order_forgotten`: the pick of the order stands, and teaches nothing; `order_atom`
    is empty where no shop knew the picked one.

    `kind_at`: when a person last said what it is about; `judged_at`: how bad it is, or whether it
    was worth a tap.

    `assigned`: a person said whose it is, or that it is nobody's. What rules of the owner did is
    told apart: `by_rule` is the severity that one set and `severity_rule` its name, `template` the
    one to suggest first, `muted` no pop-up, `tags_off` tags that a person took away, `rule_words`
    what each did, as a sentence.
    """

    state: State | None = None
    state_at: datetime | None = None
    assignee: str = ""
    snoozed_until: datetime | None = None
    kind: Kind | None = None
    severity: Severity | None = None
    order: str | None = None
    order_atom: str = ""
    order_forgotten: bool = False
    verdict: str = ""
    notes: tuple[str, ...] = ()
    tags: tuple[str, ...] = ()
    replied_at: datetime | None = None
    replies: int = 0
    undelivered: tuple[str, ...] = ()
    undelivered_at: datetime | None = None
    follow_up: bool = False
    aside: bool = False
    head: str = ""
    kind_at: datetime | None = None
    judged_at: datetime | None = None
    assigned: bool = False
    by_rule: Severity | None = None
    severity_rule: str = ""
    template: str = ""
    muted: bool = False
    tags_off: tuple[str, ...] = ()
    rule_words: tuple[str, ...] = ()


def fold(entries: Iterable[Entry]) -> Decisions:
    """What people decided, as it stands: the same entries in order give the same answer.

    An entry that a later UNDO names counts as never made.
    """
    log = tuple(entries)
    undone = undone_in(log)
    decisions = Decisions()
    for entry in log:
        if entry.id not in undone:
            decisions = _apply(decisions, entry)
    return replace(decisions, head=log[-1].id) if log else decisions


def undone_in(entries: Iterable[Entry]) -> frozenset[str]:
    """The ids of the entries that a later UNDO names: they count as never made."""
    return frozenset(
        str(entry.data.get("entry", "")) for entry in entries if entry.type is EntryType.UNDO
    )


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
    if state is State.WAITING and is_chased(decisions, heard_at=heard_at, now=now):
        state = State.NEW
    return state, until if asleep else None


def is_chased(decisions: Decisions, *, heard_at: datetime | None, now: datetime) -> bool:
    """Whether the time that a person gave the customer for an answer passed without one."""
    until, asked_at = decisions.snoozed_until, decisions.state_at
    if not decisions.follow_up or until is None or until > now:
        return False
    return heard_at is None or asked_at is None or heard_at <= asked_at


def _apply(was: Decisions, entry: Entry) -> Decisions:
    state = _state_given_by(entry)
    if state is not None:
        came_back = None if entry.type in _SETTLES else was.undelivered_at
        chases = entry.type is EntryType.ACKNOWLEDGE and _is_unanswered(was, entry.at)
        was = replace(
            was,
            state=state,
            state_at=entry.at,
            snoozed_until=was.snoozed_until if chases else None,
            undelivered_at=came_back,
            follow_up=chases,
            aside=_is_aside(was, entry),
        )
    apply = _DECIDES.get(entry.type)
    return was if apply is None else apply(was, entry)


def _state_given_by(entry: Entry) -> State | None:
    """The state that an entry decides; a MERGE does where only one of the two was our turn, and
    where that one slept, also `until` when it goes on sleeping."""
    if entry.type is EntryType.MERGE and "state" in entry.data:
        return State(entry.data["state"])
    if entry.type is EntryType.REPLY_SENT and entry.data.get("aside"):
        return State.ACKNOWLEDGED
    if entry.data.get("settled"):
        return None
    return _STATES.get(entry.type)


_STATES = {
    EntryType.ACKNOWLEDGE: State.ACKNOWLEDGED,
    EntryType.RESOLVE: State.RESOLVED,
    EntryType.REOPEN: State.ACKNOWLEDGED,
    EntryType.REPLY_SENT: State.WAITING,
}
_SETTLES = (EntryType.REPLY_SENT, EntryType.RESOLVE)


def _slept(was: Decisions, entry: Entry) -> Decisions:
    return replace(was, snoozed_until=instant(entry.data["until"]), state_at=entry.at)


def _queued(was: Decisions, entry: Entry) -> Decisions:
    """An issue whose answer goes at a later hour sleeps until then, unless a provider waits too."""
    if "scheduled_for" not in entry.data or entry.data.get("aside"):
        return was
    return replace(was, snoozed_until=instant(entry.data["scheduled_for"]), state_at=entry.at)


def _taken_back(was: Decisions, entry: Entry) -> Decisions:
    return _awake(was, entry) if entry.data.get("scheduled") else was


def _override(was: Decisions, entry: Entry) -> Decisions:
    data = entry.data
    kind, severity = data.get("kind"), data.get("severity")
    return replace(
        was,
        kind=Kind(kind) if kind else was.kind,
        severity=Severity(severity) if severity else was.severity,
        kind_at=entry.at if kind else was.kind_at,
        judged_at=entry.at if severity else was.judged_at,
    )


def _merged(was: Decisions, entry: Entry) -> Decisions:
    """What must survive of the half that is not asleep, and of the half that is an issue."""
    until, kind = entry.data.get("until"), entry.data.get("kind")
    if until:
        was = replace(was, snoozed_until=instant(until))
    if kind is None:
        return was
    return replace(was, kind=Kind(kind) if kind else None, kind_at=entry.at if kind else None)


def _is_aside(was: Decisions, entry: Entry) -> bool:
    if entry.type is EntryType.REPLY_SENT:
        return bool(entry.data.get("aside"))
    return was.aside and entry.type in (EntryType.ACKNOWLEDGE, EntryType.REOPEN)


def _is_unanswered(was: Decisions, at: datetime) -> bool:
    return was.follow_up and was.snoozed_until is not None and was.snoozed_until <= at


def _awake(was: Decisions, entry: Entry) -> Decisions:
    """What it slept for does not happen; what was to be asked about again is asked about now."""
    return replace(was, snoozed_until=entry.at if was.follow_up else None)


def _replied(was: Decisions, entry: Entry) -> Decisions:
    """An answer left; with a date by which theirs is expected, the issue sleeps until then."""
    was = replace(was, replied_at=was.replied_at or entry.at, replies=was.replies + 1)
    if "follow_up_at" not in entry.data or was.aside or entry.data.get("settled"):
        return was
    return replace(was, snoozed_until=instant(entry.data["follow_up_at"]), follow_up=True)


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
    return replace(
        was,
        state=State.NEW,
        state_at=entry.at,
        snoozed_until=None,
        undelivered_at=at,
        follow_up=False,
    )


def _tag(was: Decisions, entry: Entry) -> Decisions:
    data = entry.data
    added, removed = data.get("add", ()), data.get("remove", ())
    gone = {tag.casefold() for tag in removed}
    kept = tuple(tag for tag in was.tags if tag.casefold() not in gone)
    off = dict.fromkeys((*(tag for tag in was.tags_off if tag not in added), *removed))
    new = (tag for tag in added if tag not in kept)
    return replace(was, tags=(*kept, *new), tags_off=tuple(off))


def _ruled(was: Decisions, entry: Entry) -> Decisions:
    """What a rule did, as far as no person has decided it."""
    deed, name = Deed.of(entry.data), str(entry.data.get("name", ""))
    known = (*was.tags, *was.tags_off)
    tags = tuple(dict.fromkeys(tag for tag in deed.tags if tag not in known))
    return replace(
        was,
        assignee=deed.assign if deed.assign and not was.assigned else was.assignee,
        by_rule=deed.severity or was.by_rule,
        severity_rule=name if deed.severity else was.severity_rule,
        tags=(*was.tags, *tags),
        template=deed.template or was.template,
        muted=was.muted or deed.mute,
        rule_words=(*was.rule_words, tr("your rule “{name}” {did}", name=name, did=deed.words)),
    )


_DECIDES: dict[EntryType, Callable[[Decisions, Entry], Decisions]] = {
    EntryType.ASSIGN: lambda was, entry: replace(
        was, assignee=str(entry.data.get("to", "")), assigned=True
    ),
    EntryType.ORDER: lambda was, entry: replace(
        was,
        order=str(entry.data.get("number", "")),
        order_atom=str(entry.data.get("atom", "")),
        order_forgotten=False,
    ),
    EntryType.FORGET: lambda was, entry: replace(
        was, order_forgotten=was.order_forgotten or bool(entry.data.get("order"))
    ),
    EntryType.SNOOZE: _slept,
    EntryType.MERGE: _merged,
    EntryType.OVERRIDE: _override,
    EntryType.VERDICT: lambda was, entry: replace(
        was, verdict=str(entry.data.get("verdict", "")), judged_at=entry.at
    ),
    EntryType.NOTE: lambda was, entry: replace(
        was, notes=(*was.notes, str(entry.data.get("text", "")))
    ),
    EntryType.TAG: _tag,
    EntryType.RULE: _ruled,
    EntryType.REPLY_QUEUED: _queued,
    EntryType.REPLY_UNDONE: _taken_back,
    EntryType.REPLY_FAILED: _awake,
    EntryType.REPLY_SENT: _replied,
    EntryType.REPLY_BOUNCED: _bounced,
}


def taken_back(entries: Iterable[Entry]) -> frozenset[str]:
    """The Message-IDs of mails of ours of which a person says that they were no answer here."""
    entries = tuple(entries)
    undone = undone_in(entries)
    return frozenset(
        str(entry.data.get("message_id", ""))
        for entry in entries
        if entry.type is EntryType.REPLY_FOUND and entry.id in undone
    )


def uuid7(now: datetime) -> str:
    """A time-ordered identifier (RFC 9562 5.7): 48 bits of milliseconds, the rest random."""
    milliseconds = int(now.timestamp() * 1000) & (2**48 - 1)
    number = milliseconds << 80 | secrets.randbits(80)
    number = number & ~(0xF << 76) | 0x7 << 76
    number = number & ~(0x3 << 62) | 0x2 << 62
    return str(UUID(int=number))
