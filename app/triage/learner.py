"""Learner: what the owner corrects is learnt at once, and nothing else is forgotten for it.

The shipped weights stay as they are. Beside them stands an adjustment whose weights begin at zero
and are pulled there, found anew after every correction from all corrections and a fixed selection
of the examples. Those are to be judged as before, so that every kind keeps its ground (maximum a
posteriori with replay). Before a new adjustment counts it is tried on the owner's own latest
corrections, which it has not seen; one that does worse there than what stood before, by more than
chance does, is not used. Then all stays as it was for mails of the sort that it got wrong; what was
said of other sorts is learnt.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass, replace
from math import isqrt

import numpy as np

from app.domain.translation import tr, trn
from app.triage.adjustment import ALIKE, LOCAL, SCALE, Adjustment, Places
from app.triage.encoder import WIDTH, Floats
from app.triage.lesson import Lesson, Said
from app.triage.model import (
    ALERT_HEAD,
    HEADS,
    KIND_HEADS,
    KINDS,
    LEVEL_HEADS,
    LEVELS,
    YES_NO,
    Model,
)
from app.triage.regression import Array, minimise, sigmoid, softmax

_PULL = 0.015  # towards the shipped weights, for each unit of weight squared
_STEPS = 25
_REPLAY_WEIGHT = 0.25  # an example beside a correction
_HELD_BACK = 0.25
_FEWEST_HELD_BACK = 4
_MOST_LOCAL = 500  # so many corrections have a nearness of their own, others what is common


@dataclass(frozen=True, slots=True, kw_only=True)
class Refit:
    """What came of learning: the adjustment to use, whether all was learnt, and why.

    `taught` are the lessons that the adjustment was made of, by their names.
    `right_before` and `right_after` count the held-back lessons, `held_back` of them, that the
    adjustment before and the one found without them get right.
    """

    adjustment: Adjustment | None
    accepted: bool
    because: str
    taught: tuple[str, ...] = ()
    held_back: int = 0
    right_before: int = 0
    right_after: int = 0


def refit(
    lessons: Sequence[Lesson],
    model: Model,
    *,
    before: Adjustment | None = None,
    in_use: Collection[str] = (),
) -> Refit:
    """Learn from all corrections, in the order in which they were made.

    `before` is the adjustment in use, and `in_use` are the lessons that it was made of. While there
    are too few lessons to hold any back, the new one is used untried. No lessons at all lead back
    to the shipped weights.
    """
    ordered = sorted(lessons, key=lambda lesson: lesson.said.at)
    if not ordered:
        return Refit(adjustment=None, accepted=True, because=tr("there is nothing to learn from"))
    count = int(len(ordered) * _HELD_BACK)
    if count < _FEWEST_HELD_BACK:
        return _whole(ordered, model)
    tried, held = _fitted(ordered[:-count], model), ordered[-count:]
    was, now = _right(held, before), _right(held, tried)
    if now + _by_chance(count) < min(was, _right(held, None)):
        used = _undisputed(ordered, _lost(held, tried), in_use, model)
        found = Refit(
            adjustment=_fitted(used, model) if used else None,
            accepted=False,
            because=tr(
                "what was learnt last got {now} of your latest {count} corrections right, what"
                " stood before {was}: for mails like those it stays as it was",
                now=now,
                count=count,
                was=was,
            ),
            taught=_names(used),
        )
    else:
        found = _whole(ordered, model)
    return replace(found, held_back=count, right_before=was, right_after=now)


def _whole(lessons: Sequence[Lesson], model: Model) -> Refit:
    return Refit(
        adjustment=_fitted(lessons, model),
        accepted=True,
        because=_said(lessons),
        taught=_names(lessons),
    )


def _lost(held: Sequence[Lesson], tried: Adjustment) -> list[Lesson]:
    """What the shipped weights have right, and an attempt that has not seen it has wrong."""
    return [one for one in held if _is_right(one, None) and not _is_right(one, tried)]


def _undisputed(
    lessons: Sequence[Lesson], lost: Sequence[Lesson], in_use: Collection[str], model: Model
) -> list[Lesson]:
    """What is in use, and what is about another sort of mail than what was lost."""
    meanings = np.array([one.meaning for one in lessons], dtype=np.float32)
    senders = np.array([one.sender for one in lessons], dtype=np.uint64)
    likeness = Places.of(lost, model).likeness(meanings, senders).max(axis=1, initial=-1.0)
    return [
        one
        for one, likest in zip(lessons, likeness, strict=True)
        if one.name in in_use or likest < ALIKE
    ]


def _names(lessons: Sequence[Lesson]) -> tuple[str, ...]:
    return tuple(one.name for one in lessons)


def _by_chance(count: int) -> int:
    """How many fewer of so many may be right without a refit being the worse for it.

    One of twelve is chance: of twelve refits from fifty true corrections two lost one, and were
    right for 83 in 100 other mails instead of 76.
    """
    return isqrt(count) // 3


def _said(lessons: Sequence[Lesson]) -> str:
    return trn("learnt from {n} correction", "learnt from {n} corrections", len(lessons))


def _right(lessons: Sequence[Lesson], adjustment: Adjustment | None) -> int:
    """How many lessons are judged as the owner did."""
    return sum(_is_right(lesson, adjustment) for lesson in lessons)


def _is_right(lesson: Lesson, adjustment: Adjustment | None) -> bool:
    scores = (
        lesson.scores
        if adjustment is None
        else adjustment.of(lesson.meaning, lesson.scores, lesson.sender)
    )
    said = lesson.said
    if said.kind is not None and KINDS[int(scores[KIND_HEADS].argmax())] is not said.kind:
        return False
    if said.severity is not None:
        reached = scores[LEVEL_HEADS] > 0
        if int(np.minimum.accumulate(reached).sum()) != said.severity.rank:
            return False
    return said.alert is None or bool(scores[ALERT_HEAD] > 0) is said.alert


@dataclass(frozen=True, slots=True)
class _Table:
    """Corrections and replayed examples as one table; `said` is 0 where nothing was said."""

    columns: Floats
    scores: Array
    targets: Array
    said: Array


def _fitted(lessons: Sequence[Lesson], model: Model) -> Adjustment:
    places = Places.of(_with_a_place(lessons, model), model)
    table = _table(lessons, model, places)
    size = (table.columns.shape[1], HEADS)
    kinds, others = KIND_HEADS, slice(KIND_HEADS.stop, HEADS)

    def objective(flat: Array) -> tuple[float, Array]:
        weights = flat.reshape(size)
        scores = table.scores + table.columns @ weights.astype(np.float32)
        shares, chances = softmax(scores[:, kinds]), sigmoid(scores[:, others])
        targets, said = table.targets, table.said
        loss = -float((said[:, kinds] * targets[:, kinds] * np.log(shares + 1e-12)).sum())
        wanted = targets[:, others]
        likely = wanted * np.log(chances + 1e-12) + (1 - wanted) * np.log(1 - chances + 1e-12)
        loss -= float((said[:, others] * likely).sum())
        residual = said * (np.concatenate((shares, chances), axis=1) - targets)
        slope = table.columns.T @ residual.astype(np.float32) + _PULL * weights
        return loss + 0.5 * _PULL * float((weights * weights).sum()), slope.ravel()

    found = minimise(objective, np.zeros(size[0] * size[1]), steps=_STEPS, tolerance=1e-3)
    weights = found.reshape(size).astype(np.float32)
    return Adjustment(weights=weights[: WIDTH + 1], local=weights[WIDTH + 1 :], places=places)


def _with_a_place(lessons: Sequence[Lesson], model: Model) -> list[Lesson]:
    """The lessons whose nearness counts: where there are too many, first those of which the shipped
    judgement was wrong, then those that the fewest later ones say again, then the latest.

    So four hundred newsletters do not push out the three mails that nobody would guess.
    """
    if len(lessons) <= _MOST_LOCAL:
        return list(lessons)
    points = Places.of(lessons, model).points

    def said_again(at: int) -> int:
        later = np.flatnonzero(points[at + 1 :] @ points[at] > ALIKE) + at + 1
        return sum(_same(lessons[at].said, lessons[int(one)].said) for one in later)

    order = sorted(
        range(len(lessons)),
        key=lambda at: (_is_right(lessons[at], None), said_again(at), -at),
    )
    return [lessons[at] for at in sorted(order[:_MOST_LOCAL])]


def _same(one: Said, other: Said) -> bool:
    return (one.kind, one.severity, one.alert) == (other.kind, other.severity, other.alert)


def _table(lessons: Sequence[Lesson], model: Model, places: Places) -> _Table:
    taught, replayed = [lesson.meaning for lesson in lessons], model.replay_scores
    meanings = np.concatenate((np.array(taught), model.replay_views)).astype(np.float32)
    senders = np.zeros(len(meanings), dtype=np.uint64)
    senders[: len(lessons)] = [lesson.sender for lesson in lessons]
    near = places.nearness(meanings, senders)
    scores = np.concatenate((np.array([one.scores for one in lessons]), replayed))
    scores = places.believed(scores, near)
    heard = [_target(lesson) for lesson in lessons]
    # An example is to be judged as it was before, so that only corrections move anything.
    likely = np.concatenate(
        (softmax(replayed[:, KIND_HEADS]), sigmoid(replayed[:, YES_NO])), axis=1
    )
    weighs = np.full(replayed.shape, _REPLAY_WEIGHT)
    return _Table(
        columns=np.concatenate(
            (SCALE * meanings, np.ones((len(meanings), 1)), LOCAL * near),
            axis=1,
            dtype=np.float32,
        ),
        scores=scores.astype(np.float64),
        targets=np.concatenate((np.array([target for target, _ in heard]), likely)),
        said=np.concatenate((np.array([said for _, said in heard]), weighs)),
    )


def _target(lesson: Lesson) -> tuple[Array, Array]:
    targets, said = np.zeros(HEADS), np.zeros(HEADS)
    meant = lesson.said
    if meant.kind is not None:
        targets[KINDS.index(meant.kind)] = 1.0
        said[KIND_HEADS] = 1.0
    if meant.severity is not None:
        targets[LEVEL_HEADS] = [meant.severity.rank >= level.rank for level in LEVELS]
        said[LEVEL_HEADS] = 1.0
    if meant.alert is not None:
        targets[ALERT_HEAD], said[ALERT_HEAD] = float(meant.alert), 1.0
    return targets, said
