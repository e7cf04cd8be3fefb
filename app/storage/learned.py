"""Learned: what corrections taught, as a person reads it: beside an issue, and as a whole list."""

from __future__ import annotations

from collections.abc import Collection, Iterable

from app.domain.joined_text import why_joined
from app.domain.journal import Entry, EntryType, undone_in
from app.domain.lessons import Word
from app.domain.translation import tr
from app.domain.views import LearnedView, LessonView
from app.storage import issues, journal, lessons, ties
from app.storage.connection import Connection
from app.storage.lessons import Told


def learned(db: Connection) -> LearnedView:
    """Every lesson that stands, newest first, and how learning went last."""
    rows = lessons.rows(db)
    told, kept = {one.entry.id: one for one in rows}, lessons.learnt(db)
    taught = set(kept.record.taught) if kept else set()
    views = [_view(word, told, taught=taught) for word in lessons.words(db, said=rows)]
    views += [*_places(db), *_orders(db)]
    views.sort(key=lambda one: one.at, reverse=True)
    if kept is None:
        return LearnedView(lessons=tuple(views))
    record = kept.record
    return LearnedView(lessons=tuple(views), accepted=record.accepted, because=record.because)


def teachers(db: Connection, entries: Collection[str]) -> dict[str, LessonView]:
    """The lesson of each of these journal entries; those taken back since are left out.

    What was said of the same mail later is part of the same lesson.
    """
    if not entries:
        return {}
    rows = lessons.beside(db, entries)
    told, kept = {one.entry.id: one for one in rows}, lessons.learnt(db)
    by_entry = {one: word for word in lessons.words(db, said=rows) for one in word.entries}
    taught = kept.record.taught if kept else ()
    return {one: _view(by_entry[one], told, taught=taught) for one in entries if one in by_entry}


def _places(db: Connection) -> Iterable[LessonView]:
    """What splits and merges taught about the mails of an address."""
    for entry in ties.places_taught(db):
        issue = issues.get(db, journal.issue_of(db, entry.id) or 0)
        if says := place_words(entry):
            yield LessonView(
                entry=entry.id, at=entry.at, issue_key=issue.key, subject=issue.subject, says=says
            )


def place_words(entry: Entry) -> str:
    """What a split or a merge teaches, as a sentence; empty where it teaches nothing."""
    customer, other = (str(entry.data.get(name, "")) for name in ("customer", "with"))
    if entry.type is EntryType.SPLIT:
        because = "; ".join(why_joined(str(one)) for one in entry.data.get("because", ()))
        if not because:
            return ""
        return tr(
            "mails of {customer} are not joined because {because}",
            customer=customer,
            because=because,
        )
    if customer == other:
        return ""
    return tr("mails of {customer} and {other} are of one person", customer=customer, other=other)


def _orders(db: Connection) -> Iterable[LessonView]:
    """Which order a sender or an unknown number means since somebody picked it."""
    for issue_id, number, clues in ties.picks(db):
        issue, entries = issues.get(db, issue_id), journal.of_issue(db, issue_id)
        undone = undone_in(entries)
        made = [one for one in entries if one.type is EntryType.ORDER and one.id not in undone]
        if made:
            yield LessonView(
                entry=made[-1].id,
                at=made[-1].at,
                issue_key=issue.key,
                subject=issue.subject,
                says=order_words(clues, number),
            )


def pick_words(db: Connection, issue_id: int) -> str:
    """What the order that somebody picked for an issue teaches; empty where nothing."""
    mine = ((number, clues) for issue, number, clues in ties.picks(db) if issue == issue_id)
    return next((order_words(clues, number) for number, clues in mine), "")


def order_words(clues: Iterable[str], number: str) -> str:
    """What a picked order teaches, as a sentence."""
    who = ", ".join(clue.partition(":")[2] for clue in clues)
    return tr(
        "mails of {who} are about order {number}, unless they name another", who=who, number=number
    )


def _view(word: Word, told: dict[str, Told], *, taught: Collection[str]) -> LessonView:
    last = word.entries[-1]
    return LessonView(
        entry=last,
        at=word.at,
        issue_key=told[last].issue_key,
        subject=told[last].subject,
        kind=word.kind,
        severity=word.severity,
        alert=word.alert,
        in_use=last in taught,
    )
