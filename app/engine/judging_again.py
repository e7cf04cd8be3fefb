"""Judging again: stored mails judged anew, by what was learnt since they came.

Asked by `learning`. Only which mails are touched is worked out from what is kept of them; each of
those is then read from its bytes and judged whole, as at its arrival, outside the writer's turn.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import partial
from typing import TYPE_CHECKING

from app.domain.account import own_addresses
from app.domain.assessment import Kind, Severity
from app.domain.changes import Changes
from app.domain.clock import Clock
from app.domain.errors import NotFound
from app.domain.lessons import Word
from app.domain.message import Message
from app.engine.assessing import Assessor
from app.engine.placing import known_issues
from app.engine.ringing import Ringing
from app.engine.standing import Standing
from app.mail import parse
from app.storage import accounts, issues, lessons, messages
from app.storage.connection import Connection
from app.storage.lessons import HeardMail
from app.storage.writer import Writer
from app.triage.triage import Judged

if TYPE_CHECKING:
    from app.triage.adjustment import Adjustment
    from app.triage.likeness import Move
    from app.triage.model import Model

_NOTHING = (None, None, None)
_AT_ONCE = 20  # the writer is given back between them: new mail and a person's click go first


@dataclass(frozen=True, slots=True, kw_only=True)
class Touched:
    """The kept mails that are judged otherwise now: `alike` of the open ones as a person said of
    others, where nobody had said it of themselves."""

    changed: frozenset[int]
    alike: frozenset[int]


@dataclass(frozen=True, slots=True)
class _Again:
    """A stored mail, and what is made of it now."""

    id: int
    judged: Judged


class JudgingAgain:
    """Judges stored mails again and writes what moved."""

    def __init__(
        self,
        *,
        writer: Writer,
        assessor: Assessor,
        standing: Standing,
        ringing: Ringing,
        clock: Clock,
        publish: Callable[[Changes], None],
    ) -> None:
        self._writer = writer
        self._assessor = assessor
        self._standing = standing
        self._ringing = ringing
        self._clock = clock
        self._publish = publish

    def heard(self, db: Connection, rows: Sequence[int]) -> dict[int, bytes]:
        """These mails as the learner keeps them, made anew from their bytes where those are."""
        made = self._judged(db, rows)
        return {one.id: one.judged.heard.mail for one in made if one.judged.heard is not None}

    def again(self, db: Connection, rows: Collection[int]) -> frozenset[str]:
        """Judge these mails anew; the keys of the issues that moved, each told to the desks."""
        keys: set[str] = set()
        for some in _chunks(sorted(rows, reverse=True)):
            made = self._judged(db, some)
            changes = self._writer.do(partial(self._write, made=made))
            keys |= changes.issues
            self._publish(changes)
        return frozenset(keys)

    def tell_anew(self, db: Connection, issue_ids: Sequence[int]) -> None:
        """Judge all mails of these issues anew, and stand each, so that every reason is said in
        the language that is spoken now; the desks are told."""
        rows = messages.judged_of(db, issue_ids)
        made = self._judged(db, rows)
        self._publish(self._writer.do(partial(self._write, made=made, stand=issue_ids)))

    def _judged(self, db: Connection, rows: Sequence[int]) -> list[_Again]:
        own = own_addresses(accounts.every(db))
        return [
            _Again(row, self._judge(db, messages.get(db, row).received_at, message, own))
            for row in rows
            if (message := _read(db, row)) is not None
        ]

    def _judge(
        self, db: Connection, received_at: datetime, message: Message, own: frozenset[str]
    ) -> Judged:
        return self._assessor.judge(
            db,
            message,
            received_at=received_at,
            own=own,
            known=known_issues(db, message),
        )

    def _write(
        self, db: Connection, *, made: Sequence[_Again], stand: Sequence[int] = ()
    ) -> Changes:
        now = self._clock.now()
        moved = set(issues.still_there(db, stand))
        there = messages.still_there(db, (one.id for one in made))
        for one in (one for one in made if one.id in there):
            if one.judged.heard is not None:
                lessons.keep(db, one.id, one.judged.heard)
            if messages.assessment(db, one.id) != one.judged.assessment:
                messages.set_assessment(db, one.id, one.judged.assessment)
                moved.add(messages.get(db, one.id).issue_id)
        changes = Changes()
        for issue_id in sorted(moved):
            changes |= self._standing.refresh(db, issue_id, now=now)
        return changes | self._ringing.consider(db, moved, now=now, is_news=False)


def touched(
    mails: Sequence[HeardMail],
    words: Sequence[Word],
    *,
    own: Mapping[int, Word],
    before: Adjustment | None,
    after: Adjustment | None,
    model: Model,
) -> Touched:
    """Which of these mails an adjustment judges otherwise, and which of those as `words` say; `own`
    is what was said of themselves."""
    from app.triage.likeness import moves

    found = moves([one.mail for one in mails], before=before, after=after, model=model)
    alike = (
        mails[one.place].id
        for one in found
        if mails[one.place].is_open
        and any(_follows(one, word, own.get(mails[one.place].id)) for word in words)
    )
    return Touched(changed=frozenset(mails[one.place].id for one in found), alike=frozenset(alike))


def _follows(move: Move, word: Word, own: Word | None) -> bool:
    """Whether a mail has become what was said of another, in whatever was said of it alone."""
    return any(
        said is not None and its is None and said == now != was
        for said, its, was, now in zip(
            _said(word), _said(own) if own else _NOTHING, move.was, move.now, strict=True
        )
    )


def _said(word: Word) -> tuple[Kind | None, Severity | None, bool | None]:
    return word.kind, word.severity, word.alert


def _read(db: Connection, row: int) -> Message | None:
    """The mail from its bytes; None where those are not kept."""
    try:
        return parse.read(messages.raw(db, row))
    except NotFound:
        return None


def _chunks(rows: Sequence[int]) -> Iterator[Sequence[int]]:
    for start in range(0, len(rows), _AT_ONCE):
        yield rows[start : start + _AT_ONCE]
