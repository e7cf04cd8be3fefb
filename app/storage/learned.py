"""Learned: what corrections taught, as a person reads it: beside an issue, and as a whole list."""

from __future__ import annotations

from collections.abc import Collection, Iterable

from app.domain.lessons import Word
from app.domain.views import LearnedView, LessonView
from app.storage import lessons
from app.storage.database import Connection
from app.storage.lessons import Told


def learned(db: Connection) -> LearnedView:
    """Every lesson that stands, newest first, and how learning went last."""
    told = {one.entry.id: one for one in lessons.told(db)}
    kept = lessons.learnt(db)
    taught = kept.record.taught if kept else ()
    views = [_view(word, told, taught=taught) for word in lessons.words(db)]
    if kept is None:
        return LearnedView(lessons=tuple(reversed(views)))
    return LearnedView(
        lessons=tuple(reversed(views)),
        at=kept.record.at,
        accepted=kept.record.accepted,
        because=kept.record.because,
    )


def teachers(db: Connection, entries: Iterable[str]) -> tuple[LessonView, ...]:
    """The lessons of these journal entries, in this order; those taken back since are left out."""
    wanted = tuple(entries)
    if not wanted:
        return ()
    by_entry = {one.entry: one for one in learned(db).lessons}
    return tuple(by_entry[entry] for entry in wanted if entry in by_entry)


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
