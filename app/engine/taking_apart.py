"""Taking apart: a merge or a split is undone: what was one is two again, and what was two is one.

Asked by the desk's `undo`. A merge wrote down what the issue had that is no more; a machine's merge
that a person takes apart is not made again.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from datetime import datetime
from typing import Any

from app.domain.changes import Changes
from app.domain.errors import NotFound, Refused
from app.domain.journal import Entry, EntryType
from app.domain.message import Address
from app.domain.translation import tr
from app.engine.standing import UNJUDGED, Standing
from app.storage import belongings, codec, crossing, issues, journal, messages
from app.storage.connection import Connection
from app.storage.messages import StoredMessage


def unmerge(
    db: Connection, issue_id: int, entry: Entry, *, standing: Standing, now: datetime
) -> Changes:
    """Make the issue anew that the MERGE `entry` put into this one, with all that it had.

    Raises:
        Refused: nobody wrote down what it had, or nothing of it lies here any more.
    """
    had: Mapping[str, Any] = entry.data.get("had", {})
    mine = set(had.get("messages", ()))
    moved = [one for one in messages.of_issue(db, issue_id) if one.id in mine]
    if not moved or not had.get("atoms"):
        raise Refused(
            tr("This merge cannot be taken apart any more"),
            tr("Its mails lie elsewhere by now, or it was made before this could be undone"),
            tr("Split the mails off by hand"),
        )
    kept = _kept(db, issue_id, entry)
    belongings.release(db, issue_id, had["atoms"])
    new = _anew(db, issue_id, entry, had, moved)
    belongings.give_back(db, source=issue_id, into=new, had=had, kept=kept)
    crossing.put_back(db, entry.data.get("crossed", ()))
    _undo(db, issue_id, entry, now=now)
    fresh, old = issues.get(db, new), issues.get(db, issue_id)
    if entry.data.get("because"):  # a machine did it, and would do it again
        _apart(db, issue_id, now=now, into=fresh.key)
        _apart(db, new, now=now, **{"from": old.key})
    changes = standing.refresh(db, issue_id, now=now) | standing.refresh(db, new, now=now)
    fresh = issues.get(db, new)
    return changes | Changes(issues=frozenset({fresh.key}), added=frozenset({fresh.key}))


def _anew(
    db: Connection,
    issue_id: int,
    entry: Entry,
    had: Mapping[str, Any],
    moved: Sequence[StoredMessage],
) -> int:
    """The issue that was merged into this one, as it began; `moved` are the mails it is about."""
    first, rest = moved[0], issues.get(db, issue_id)
    looks = had.get("looks", {})
    is_whole = bool(looks) and len(moved) == len(had["messages"])
    return issues.create(
        db,
        atoms=had["atoms"],
        subject=str(entry.data.get("subject", "")) or first.subject,
        customer=first.from_ or Address(email=""),
        account_id=first.account_id or rest.account_id,
        judgement=UNJUDGED,
        first_at=codec.moment(looks["first_at"]) if is_whole else first.received_at,
        history=bool(looks.get("history")),
    )


def _kept(db: Connection, issue_id: int, entry: Entry) -> Mapping[str, Any]:
    """What the issue had that the other was merged into, if it is that one still."""
    kept: Mapping[str, Any] = entry.data.get("kept", {})
    is_itself = any(issues.owns(db, issue_id, atom) for atom in kept.get("atoms", ()))
    return kept if is_itself else {}


def unsplit(
    db: Connection, issue_id: int, entry: Entry, *, standing: Standing, now: datetime
) -> Changes:
    """Put what the SPLIT `entry` took out back where it was; both its entries are undone.

    Raises:
        Refused: one of the two is no more, or they are one already.
    """
    source, new = (
        (issue_id, _named(db, entry, "into"))
        if entry.data.get("into")
        else (_named(db, entry, "from"), issue_id)
    )
    if source is None or new is None or source == new:
        raise Refused(tr("These mails lie together already"), tr("There is nothing to undo"))
    gone = issues.get(db, new).key
    partners = [
        one
        for one in (*journal.of_issue(db, source), *journal.of_issue(db, new))
        if one.type is EntryType.SPLIT
        and (_is(db, one, "into", new) or _is(db, one, "from", source))
    ]
    issues.merge(db, source=new, into=source)
    for one in partners:
        _undo(db, source, one, now=now)
    return standing.refresh(db, source, now=now) | Changes.of_issues((gone,))


UNDOES: Mapping[EntryType, Callable[..., Changes]] = {
    EntryType.MERGE: unmerge,
    EntryType.SPLIT: unsplit,
}


def _undo(db: Connection, issue_id: int, entry: Entry, *, now: datetime) -> None:
    journal.append(db, issue_id=issue_id, type=EntryType.UNDO, at=now, data={"entry": entry.id})


def _apart(db: Connection, issue_id: int, *, now: datetime, **names: str) -> None:
    journal.append(db, issue_id=issue_id, type=EntryType.SPLIT, at=now, data=names)


def _is(db: Connection, entry: Entry, way: str, issue_id: int) -> bool:
    return bool(entry.data.get(way)) and _named(db, entry, way) == issue_id


def _named(db: Connection, entry: Entry, way: str) -> int | None:
    try:
        return issues.by_key(db, str(entry.data.get(way, "")))
    except (NotFound, Refused):
        return None
