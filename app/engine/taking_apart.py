"""Taking apart: a merge or a split is undone: what was one is two again, and what was two is one.

Asked by the desk's `undo`. A merge wrote down what the issue had that is no more; a machine's merge
that a person takes apart is not made again.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import datetime
from typing import Any

from app.domain.changes import Changes
from app.domain.errors import NotFound, Refused
from app.domain.journal import Entry, EntryType
from app.domain.message import Address
from app.domain.translation import tr
from app.engine.standing import UNJUDGED, Standing
from app.storage import crossing, drafts, issues, journal, merging, messages
from app.storage.database import Connection


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
    merging.release(db, issue_id, had["atoms"])
    first, rest = moved[0], issues.get(db, issue_id)
    new = issues.create(
        db,
        atoms=had["atoms"],
        subject=str(entry.data.get("subject", "")) or first.subject,
        customer=first.from_ or Address(email=""),
        account_id=first.account_id or rest.account_id,
        judgement=UNJUDGED,
        first_at=first.received_at,
    )
    merging.give_back(db, source=issue_id, into=new, had=had)
    crossing.put_back(db, entry.data.get("crossed", ()))
    _undo(db, issue_id, entry, now=now)
    fresh, old = issues.get(db, new), issues.get(db, issue_id)
    _give_draft_back(db, old.key, fresh.key, body=str(had.get("draft", "")), now=now)
    if entry.data.get("because"):  # a machine did it, and would do it again
        _apart(db, issue_id, now=now, into=fresh.key)
        _apart(db, new, now=now, **{"from": old.key})
    changes = standing.refresh(db, issue_id, now=now) | standing.refresh(db, new, now=now)
    fresh = issues.get(db, new)
    return changes | Changes(issues=frozenset({fresh.key}), added=frozenset({fresh.key}))


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


def _give_draft_back(db: Connection, old: str, new: str, *, body: str, now: datetime) -> None:
    """The words that were begun in the issue that is anew, as far as they stand there unchanged."""
    draft = drafts.get(db, old)
    if draft is None or not body or not draft.body.endswith(body):
        return
    rest = draft.body.removesuffix(body).rstrip("\n")
    drafts.save(db, replace(draft, issue_key=new, body=body), now)
    if rest:
        drafts.save(db, replace(draft, body=rest), now)
    else:
        drafts.drop(db, old)


def _apart(db: Connection, issue_id: int, *, now: datetime, **names: str) -> None:
    journal.append(db, issue_id=issue_id, type=EntryType.SPLIT, at=now, data=names)


def _is(db: Connection, entry: Entry, way: str, issue_id: int) -> bool:
    return bool(entry.data.get(way)) and _named(db, entry, way) == issue_id


def _named(db: Connection, entry: Entry, way: str) -> int | None:
    try:
        return issues.by_key(db, str(entry.data.get(way, "")))
    except (NotFound, Refused):
        return None
