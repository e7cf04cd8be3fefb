"""Likeness: which of the owner's corrections a mail is like, and what they made of it.

Part of the fifth step of the walk, beside the learner.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from app.domain.assessment import Kind, Severity, Taught
from app.triage.adjustment import ALIKE, Adjustment, Places
from app.triage.encoder import Floats
from app.triage.lesson import Lesson, Said, unpacked
from app.triage.model import ALERT_HEAD, KIND_HEADS, KINDS, LEVEL_HEADS, LEVELS, Model
from app.triage.opinion import Opinion
from app.triage.regression import sigmoid, softmax

SORT = 0.3  # from here on a corrected mail is named as one of the same sort
_RAISED = 0.1
_MOST_NAMED = 20


class Teachings:
    """An adjustment with the lessons that it was made of."""

    def __init__(self, adjustment: Adjustment, lessons: Sequence[Lesson], *, model: Model) -> None:
        self.adjustment = adjustment
        self._lessons = tuple(lessons)
        self._model = model
        self._places = Places.of(lessons, model)

    def opinion(self, meaning: Floats, scores: Floats, sender: int) -> tuple[Opinion, Taught]:
        """What is made of a mail with the corrections, and which of them decided."""
        before = self._model.opinion(scores)
        after = self._model.opinion(self.adjustment.of(meaning, scores, sender))
        senders = np.array([sender], dtype=np.uint64)
        likeness = self._places.likeness(meaning.reshape(1, -1), senders)[0]
        return after, self._taught(likeness, before, after)

    def _taught(self, likeness: Floats, before: Opinion, after: Opinion) -> Taught:
        kind = max(after.kinds, key=lambda one: after.kinds[one])
        was = max(before.kinds, key=lambda one: before.kinds[one])
        raised = after.kinds[kind] - before.kinds[kind] >= _RAISED
        return Taught(
            kind=self._named(
                likeness,
                lambda said: None if said.kind is None else said.kind is kind,
                changed=was is not kind,
                counts=was is not kind or raised,
            ),
            severity=self._named(
                likeness,
                lambda said: None if said.severity is None else said.severity is after.severity,
                changed=before.severity is not after.severity,
            ),
            alert=self._named(
                likeness,
                lambda said: None if said.alert is None else said.alert is after.must_ring,
                changed=before.must_ring is not after.must_ring,
            ),
        )

    def _named(
        self,
        likeness: Floats,
        agrees: Callable[[Said], bool | None],
        *,
        changed: bool,
        counts: bool | None = None,
    ) -> tuple[str, ...]:
        """The lessons that say what was made of it, the likest first.

        Without a change those that are just like it, if none of these says otherwise; after one,
        those of its sort, or the likest of all.
        """
        order = [int(place) for place in np.argsort(-likeness)]
        told = [(place, agrees(self._lessons[place].said)) for place in order]
        agreeing = [place for place, same in told if same]
        if changed or counts:
            near = [place for place in agreeing if likeness[place] >= SORT]
            return self._names(near or (agreeing[:1] if changed else []))
        if counts is False:
            return ()
        close = [(place, same) for place, same in told if likeness[place] >= ALIKE]
        if any(same is False for _, same in close):
            return ()
        return self._names([place for place, same in close if same])

    def _names(self, places: Sequence[int]) -> tuple[str, ...]:
        return tuple(self._lessons[place].name for place in places[:_MOST_NAMED])


class Outline(NamedTuple):
    """What is made of a mail, in short."""

    kind: Kind
    severity: Severity
    alert: bool


class Move(NamedTuple):
    """A mail, by its place among those that were asked about, and what it was and is judged as."""

    place: int
    was: Outline
    now: Outline


def moves(
    mails: Sequence[bytes],
    *,
    before: Adjustment | None,
    after: Adjustment | None,
    model: Model,
) -> list[Move]:
    """Those of these kept mails of which another adjustment makes something else."""
    if not mails:
        return []
    table = unpacked(mails)
    was, now = (
        _outlines(one.of_all(table) if one is not None else table.scores, model)
        for one in (before, after)
    )
    places = np.flatnonzero((was != now).any(axis=1))
    return [Move(int(place), _outline(was[place]), _outline(now[place])) for place in places]


def _outlines(scores: Floats, model: Model) -> NDArray[np.int64]:
    """What matters of the scores of many mails, a row each: two that are equal are judged alike."""
    limits = model.thresholds
    shares = softmax(scores[:, KIND_HEADS] * model.sharpness)
    order = np.argsort(-shares, axis=1, kind="stable")[:, :2]
    best = np.take_along_axis(shares, order, axis=1)
    none = KINDS.index(Kind.NOT_AN_ISSUE)
    idle = shares[:, none]
    problem = np.where(order[:, 0] == none, order[:, 1], order[:, 0])
    levels = np.minimum.accumulate(sigmoid(scores[:, LEVEL_HEADS]), axis=1)
    enough = levels >= np.array([limits.levels[level] for level in LEVELS])
    columns = (
        np.where(idle >= limits.idle, none, problem),  # put aside only if it is likely enough
        (enough * np.arange(1, len(LEVELS) + 1)).max(axis=1),
        sigmoid(scores[:, ALERT_HEAD]) >= limits.alert,
        np.where(best[:, 1] >= limits.second, order[:, 1], -1),
        best[:, 0] >= limits.sure,
        order[:, 0],
        idle >= limits.idle_too,
    )
    result: NDArray[np.int64] = np.stack([column.astype(np.int64) for column in columns], axis=1)
    return result


def _outline(row: NDArray[np.int64]) -> Outline:
    severity = (Severity.LOW, *LEVELS)[int(row[1])]
    return Outline(KINDS[int(row[0])], severity, bool(row[2]))
