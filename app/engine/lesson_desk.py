"""Lesson desk: the verbs about what corrections taught: what came of one, take one back, anew."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import closing
from pathlib import Path
from typing import Any

from app.domain.changes import Changes
from app.domain.clock import Clock, rfc3339
from app.domain.errors import NotFound
from app.domain.journal import Entry, EntryType
from app.domain.translation import tr
from app.domain.views import LessonView
from app.engine.learning import Effect, Learning
from app.engine.standing import Standing
from app.storage import journal, lessons
from app.storage.connection import Connection
from app.storage.database import open_reader
from app.storage.learned import learned
from app.storage.writer import Writer

_PATIENCE = 20.0  # seconds: the weights may have to be loaded first


class LessonDesk:
    """What a person asks about lessons, and does to them."""

    def __init__(
        self,
        *,
        database: Path,
        writer: Writer,
        standing: Standing,
        learning: Learning,
        clock: Clock,
    ) -> None:
        self._database = database
        self._writer = writer
        self._standing = standing
        self._learning = learning
        self._clock = clock

    def verbs(self) -> dict[str, Callable[..., dict[str, Any]]]:
        """The verbs by the names that desks use."""
        return {
            "learned": self.learned,
            "lesson": self.lesson,
            "forget_lesson": self.forget,
            "learn_again": self.learn_again,
        }

    def learned(self) -> dict[str, Any]:
        """Every lesson that stands, newest first, and whether the latest attempt is in use."""
        with closing(open_reader(self._database)) as db:  # the writer has others to serve
            found = learned(db)
        return {
            "lessons": [_lesson(one) for one in found.lessons],
            "accepted": found.accepted,
            "because": found.because,
        }

    def lesson(self, entry: str) -> dict[str, Any]:
        """What the decision `entry` taught, as soon as it is learnt."""
        return _as_dict(self._learning.effect(entry, patience=_PATIENCE))

    def forget(self, entry: str) -> dict[str, Any]:
        """Take back what a correction taught; what it decided about its issue stands.

        Raises:
            NotFound: nothing that was learnt goes by this name.
        """
        now = self._clock.now()

        def write(db: Connection) -> Entry:
            issue_id, told = journal.issue_of(db, entry), journal.find(db, entry)
            if issue_id is None or told is None or not _is_lesson(db, entry):
                raise NotFound(
                    tr("Nothing that was learnt has this name"),
                    entry or tr("The name is empty"),
                    tr("See the names with: learned"),
                )
            word = next((one for one in lessons.words(db) if entry in one.entries), None)
            data: dict[str, Any] = {"entries": list(word.entries) if word else [entry]}
            if told.type is EntryType.ORDER:
                data["order"] = True
            made = journal.append(db, issue_id=issue_id, type=EntryType.FORGET, at=now, data=data)
            self._standing.refresh(db, issue_id, now=now)
            return made

        made = self._writer.do(write)
        self._learning.wake()
        return {"changes": Changes().as_dict(), "entry": made.id}

    def learn_again(self) -> dict[str, Any]:
        """Make all that was learnt anew, from the journal and the stored mails."""
        self._learning.again()
        self._learning.settle(patience=_PATIENCE)
        return {"lessons": self._writer.do(lambda db: len(lessons.words(db)))}


def _is_lesson(db: Connection, entry: str) -> bool:
    words = (name for word in lessons.words(db) for name in word.entries)
    return entry in words or any(one.entry == entry for one in learned(db).lessons)


def _lesson(one: LessonView) -> dict[str, Any]:
    return {
        "entry": one.entry,
        "at": rfc3339(one.at),
        "issue": one.issue_key,
        "subject": one.subject,
        "kind": one.kind.value if one.kind else None,
        "severity": one.severity.value if one.severity else None,
        "alert": one.alert,
        "says": one.says or None,
        "in_use": one.in_use,
    }


def _as_dict(effect: Effect | None) -> dict[str, Any]:
    if effect is None:
        return {"known": False}
    return {
        "known": True,
        "learnt": effect.learnt,
        "because": effect.because,
        "similar": effect.similar,
        "issues": list(effect.keys),
    }
