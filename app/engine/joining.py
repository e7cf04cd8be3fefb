"""Joining: two issues that a mail proves to be one conversation become one.

Asked by `placing`. It happens when a parent arrives after its children (mailboxes are read from
the newest on), or when a program cut References short. What a person took apart stays apart, and
so does what was linked because it goes on long afterwards.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from app.domain.assessment import Assessment, Kind
from app.domain.changes import Changes
from app.domain.clock import rfc3339
from app.domain.errors import NotFound, Refused
from app.domain.issue import Issue, message_atom
from app.domain.journal import Entry, EntryType, State, undone_in
from app.domain.message import Message
from app.domain.translation import to_translate
from app.engine.standing import Standing
from app.storage import belongings, crossing, issues, journal
from app.storage.connection import Connection

BECAUSE = to_translate("a mail names mails of both, so they are one conversation")
PUT_AWAY = (State.RESOLVED, State.CLOSED)
_OUR_TURN = (State.NEW, State.ACKNOWLEDGED)
_KEEPS_APART = (EntryType.SPLIT, EntryType.LINK)


@dataclass(frozen=True, slots=True, kw_only=True)
class Joined:
    """What was joined: `into` leads from each issue that is no more to the one it is part of."""

    into: Mapping[int, int] = field(default_factory=dict)
    changes: Changes = field(default_factory=Changes)


def proven(
    db: Connection, message: Message, *, known: Mapping[str, int], assessment: Assessment | None
) -> tuple[int, ...]:
    """The issues that this mail proves to be one conversation, the oldest first; mostly none.

    `known` leads from the mails that it names to issues. A mail that pretends to be somebody else,
    or that a machine made up, proves nothing.
    """
    names = dict.fromkeys((*message.references, *message.in_reply_to))
    if not names:
        return ()
    if assessment and (assessment.suspicion.is_suspicious or assessment.gate.automatic):
        return ()
    atoms = (message_atom(name) for name in (*names, message.message_id))
    found = {*known.values(), *issues.owners(db, atoms).values()}
    if len(found) < 2:
        return ()
    return tuple(sorted(found, key=lambda one: (issues.get(db, one).first_at, one)))


def join(
    db: Connection,
    found: Sequence[int],
    *,
    standing: Standing,
    reopen: Callable[[], timedelta],
    now: datetime,
) -> Joined:
    """Make one of these issues, each into the oldest that nothing keeps it apart from.

    `reopen`: what begins so long after an issue was put away is not part of it any more.
    """
    into: dict[int, int] = {}
    changes = Changes()
    kept: list[int] = []
    for source in found:
        for one in (source, *kept) if kept else ():
            _weigh(db, one, standing=standing, now=now)
        target = next((one for one in kept if not _kept_apart(db, one, source, reopen())), None)
        if target is None:
            kept.append(source)
            continue
        changes |= _merge(db, source, target, now=now)
        into[source] = target
    return Joined(into=into, changes=changes)


def _weigh(db: Connection, issue_id: int, *, standing: Standing, now: datetime) -> None:
    """Mails of the same batch may lie there that nobody has looked at yet."""
    if not issues.get(db, issue_id).history:
        standing.refresh(db, issue_id, now=now)


def _kept_apart(db: Connection, earlier: int, later: int, reopen: timedelta) -> bool:
    """Whether a person split these two, or a long silence lies between them."""
    if _names(db, earlier, later) or _names(db, later, earlier):
        return True
    over = issues.get(db, earlier)
    over_at = over.decisions.state_at
    if over.state not in PUT_AWAY or over.decisions.state is None or over_at is None:
        return False
    return issues.get(db, later).first_at - over_at > reopen


def _names(db: Connection, one: int, other: int) -> bool:
    entries = journal.of_issue(db, one)
    undone = undone_in(entries)
    return any(
        _is(db, str(entry.data.get(way, "")), other)
        for entry in entries
        if entry.type in _KEEPS_APART and entry.id not in undone
        for way in ("into", "from")
    )


def _is(db: Connection, key: str, issue_id: int) -> bool:
    try:
        return bool(key) and issues.by_key(db, key) == issue_id
    except (NotFound, Refused):
        return False


def put_together(
    db: Connection, source: int, into: int, *, now: datetime, said: Mapping[str, Any]
) -> Entry:
    """Put an issue into another, and write down what both had, so that it can be taken apart.

    `said` is what the entry says beside that.
    """
    gone, kept = issues.get(db, source), issues.get(db, into)
    data: dict[str, Any] = {"from": gone.key, "subject": gone.subject, **said}
    data |= _still_ours(gone, kept) | _still_an_issue(gone, kept)
    data["had"] = belongings.of_issue(db, source)
    data["kept"] = belongings.of_kept(db, into)
    issues.merge(db, source=source, into=into)
    return journal.append(db, issue_id=into, type=EntryType.MERGE, at=now, data=data)


def still_unanswered(db: Connection, one: int, other: int) -> list[tuple[int, int | None, int]]:
    """Before a person puts two issues together: what waits for us in either goes on waiting, though
    we answered in the other. What is one conversation, our last word in it answers."""
    pairs = ((one, other), (other, one))
    waiting = [pair for pair in pairs if issues.get(db, pair[0]).state in _OUR_TURN]
    return [moved for pair in waiting for moved in crossing.note_put_together(db, *pair)]


def _merge(db: Connection, source: int, into: int, *, now: datetime) -> Changes:
    keys = (issues.get(db, source).key, issues.get(db, into).key)
    put_together(db, source, into, now=now, said={"because": BECAUSE})
    return Changes.of_issues(keys)


def _still_an_issue(one: Issue, other: Issue) -> dict[str, str]:
    """The kind that must survive: a person who said of one half that it is no issue said nothing of
    the other. Empty: what the machine makes of it."""
    aside = Kind.NOT_AN_ISSUE
    live = [issue for issue in (one, other) if issue.judgement.kind is not aside]
    if len(live) != 1 or aside not in (one.decisions.kind, other.decisions.kind):
        return {}
    kind = live[0].decisions.kind
    return {"kind": kind.value if kind else ""}


def _still_ours(one: Issue, other: Issue) -> dict[str, str]:
    """The state that must survive: what waits for us must not be put away with the other half, nor
    put to sleep with it; what sleeps alone goes on sleeping."""
    ours = [issue for issue in (one, other) if issue.state in _OUR_TURN]
    awake = [issue for issue in ours if issue.snoozed_until is None]
    if len(awake) == 1:
        return {"state": awake[0].state.value}
    if awake or len(ours) != 1:
        return {}
    until = ours[0].snoozed_until
    return {"state": ours[0].state.value, "until": rfc3339(until) if until else ""}
