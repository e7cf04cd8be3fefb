"""Learner: what the owner corrects is learnt at once, and nothing else is forgotten for it.

The shipped weights stay as they are. Beside them stands an adjustment: weights of the whole mail's
meaning that begin at zero and are pulled there, found anew after every correction from all
corrections and a fixed selection of the examples. Those are to be judged as before, so that every
kind keeps its ground (maximum a posteriori with replay). Before a new adjustment counts it is tried
on the owner's own latest corrections, which it has not seen; one that does worse there than what
stood before is not used.
"""

from __future__ import annotations

import io
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from zipfile import BadZipFile

import numpy as np
from numpy.typing import NDArray

from app.domain.assessment import Kind, Severity
from app.triage.encoder import WIDTH, Floats
from app.triage.features import Features
from app.triage.model import (
    ALERT_HEAD,
    HEADS,
    KIND_HEADS,
    KINDS,
    LEVEL_HEADS,
    LEVELS,
    YES_NO,
    Model,
    whole_of,
)
from app.triage.regression import Array, minimise, sigmoid, softmax

FORMAT = 1
_MARK = b"FBL1"
_PULL = 0.02  # towards the shipped weights, for each unit of weight squared
_STEPS = 25
_REPLAY_WEIGHT = 0.3  # an example beside a correction
_HELD_BACK = 0.25
_FEWEST_HELD_BACK = 4
_SCALE = 4.0  # unit vectors differ by little; this is how sharply the adjustment tells them apart


@dataclass(frozen=True, slots=True, kw_only=True)
class Said:
    """What the owner said of a mail, and when; what was not said is None."""

    at: datetime
    kind: Kind | None = None
    severity: Severity | None = None
    alert: bool | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Lesson:
    """One correction: what was said, and the mail as it was described.

    `meaning` is the whole mail's view, `scores` what the shipped weights made of it; both come from
    `LearnedClassifier.lesson`, or from the bytes that an opinion carries. `name` is the journal
    entry that taught it.
    """

    said: Said
    meaning: Floats
    scores: Floats
    name: str = ""

    def to_bytes(self) -> bytes:
        """The mail's part of it, to be kept beside the journal (1 kB); `said` is there."""
        return packed(self.meaning, self.scores)

    @classmethod
    def from_bytes(cls, data: bytes, said: Said, *, name: str = "") -> Lesson:
        """Read it again. Raises ValueError for anything else than a lesson of this version."""
        meanings, scores = unpacked([data])
        return cls(said=said, meaning=meanings[0], scores=scores[0], name=name)


def packed(meaning: Floats, scores: Floats) -> bytes:
    """A mail as the learner keeps it: its meaning, and what the shipped weights made of it."""
    return _MARK + meaning.astype("<f2").tobytes() + scores.astype("<f4").tobytes()


def unpacked(mails: Sequence[bytes]) -> tuple[Floats, Floats]:
    """The meanings and the scores of kept mails, a row each. Raises ValueError for other bytes."""
    size = len(_MARK) + 2 * WIDTH + 4 * HEADS
    if any(len(one) != size or not one.startswith(_MARK) for one in mails):
        raise ValueError("it was made by another version")
    table = np.frombuffer(b"".join(mails), dtype=np.uint8).reshape(len(mails), size)
    halves = len(_MARK) + 2 * WIDTH
    meanings = np.ascontiguousarray(table[:, len(_MARK) : halves]).view("<f2")
    scores = np.ascontiguousarray(table[:, halves:]).view("<f4")
    return meanings.astype(np.float32), scores.astype(np.float32)


@dataclass(frozen=True, slots=True)
class Adjustment:
    """What is added to the scores of a mail: weights of its meaning and a bias, for each head."""

    weights: Floats

    def applied(self, features: Features, scores: Floats) -> Floats:
        """The scores of a mail as the owner's corrections ask."""
        return self.of(whole_of(features), scores)

    def of(self, meaning: Floats, scores: Floats) -> Floats:
        """The same for a mail of which only the meaning was kept."""
        result: Floats = scores + _SCALE * meaning @ self.weights[:-1] + self.weights[-1]
        return result

    def to_bytes(self) -> bytes:
        """As an array in a file; nothing in it can be executed."""
        kept = io.BytesIO()
        np.savez(kept, format=np.int64(FORMAT), weights=self.weights.astype(np.float32))
        return kept.getvalue()

    @classmethod
    def from_bytes(cls, data: bytes) -> Adjustment:
        """Read it again. Raises ValueError for anything else than an adjustment."""
        weights = _arrays(data, "weights")["weights"].astype(np.float32)
        if weights.shape != (WIDTH + 1, HEADS) or not np.isfinite(weights).all():
            raise ValueError("its weights have another shape")
        return cls(weights)


def _arrays(data: bytes, *names: str) -> dict[str, NDArray[Any]]:
    """The arrays of a file of ours. Raises ValueError for anything else."""
    try:
        with np.load(io.BytesIO(data), allow_pickle=False) as packed:
            arrays = {name: packed[name] for name in packed.files}
    except (OSError, EOFError, BadZipFile, AttributeError) as error:
        raise ValueError(f"it cannot be read: {error}") from error
    if set(arrays) != {"format", *names} or int(arrays["format"]) != FORMAT:
        raise ValueError("it was made by another version")
    return arrays


@dataclass(frozen=True, slots=True, kw_only=True)
class Refit:
    """What came of learning: the adjustment to use, whether it is a new one, and why.

    `right_before` and `right_after` count the held-back lessons, `held_back` of them, that the
    adjustment before and the one found without them get right.
    """

    adjustment: Adjustment | None
    accepted: bool
    because: str
    held_back: int = 0
    right_before: int = 0
    right_after: int = 0


def refit(lessons: Sequence[Lesson], model: Model, *, before: Adjustment | None = None) -> Refit:
    """Learn from all corrections, in the order in which they were made.

    `before` is the adjustment in use. While there are too few lessons to hold any back, the new
    one is used untried. No lessons at all lead back to the shipped weights.
    """
    ordered = sorted(lessons, key=lambda lesson: lesson.said.at)
    if not ordered:
        return Refit(adjustment=None, accepted=True, because="there is nothing to learn from")
    count = int(len(ordered) * _HELD_BACK)
    if count < _FEWEST_HELD_BACK:
        said = f"learnt from {len(ordered)} corrections"
        return Refit(adjustment=_fitted(ordered, model), accepted=True, because=said)
    tried, held = _fitted(ordered[:-count], model), ordered[-count:]
    was, now = _right(held, before), _right(held, tried)
    if now < min(was, _right(held, None)):
        return Refit(
            adjustment=before,
            accepted=False,
            because=(
                f"what was learnt last got {now} of your latest {count} corrections right, what"
                f" stood before {was}: it stays as it was"
            ),
            held_back=count,
            right_before=was,
            right_after=now,
        )
    return Refit(
        adjustment=_fitted(ordered, model),
        accepted=True,
        because=f"learnt from {len(ordered)} corrections",
        held_back=count,
        right_before=was,
        right_after=now,
    )


def _right(lessons: Sequence[Lesson], adjustment: Adjustment | None) -> int:
    """How many lessons are judged as the owner did."""
    return sum(_is_right(lesson, adjustment) for lesson in lessons)


def _is_right(lesson: Lesson, adjustment: Adjustment | None) -> bool:
    scores = lesson.scores if adjustment is None else adjustment.of(lesson.meaning, lesson.scores)
    said = lesson.said
    if said.kind is not None and KINDS[int(scores[KIND_HEADS].argmax())] is not said.kind:
        return False
    if said.severity is not None:
        reached = scores[LEVEL_HEADS] > 0
        if int(np.minimum.accumulate(reached).sum()) != said.severity.rank:
            return False
    return said.alert is None or bool(scores[ALERT_HEAD] > 0) is said.alert


@dataclass(frozen=True, slots=True)
class _Mails:
    """Corrections and replayed examples as one table; `said` is 0 where nothing was said."""

    columns: Floats
    scores: Array
    targets: Array
    said: Array


def _fitted(lessons: Sequence[Lesson], model: Model) -> Adjustment:
    mails = _mails(lessons, model)
    size = (WIDTH + 1, HEADS)
    kinds, others = KIND_HEADS, slice(KIND_HEADS.stop, HEADS)

    def objective(flat: Array) -> tuple[float, Array]:
        weights = flat.reshape(size)
        scores = mails.scores + mails.columns @ weights.astype(np.float32)
        shares, chances = softmax(scores[:, kinds]), sigmoid(scores[:, others])
        targets, said = mails.targets, mails.said
        loss = -float((said[:, kinds] * targets[:, kinds] * np.log(shares + 1e-12)).sum())
        wanted = targets[:, others]
        likely = wanted * np.log(chances + 1e-12) + (1 - wanted) * np.log(1 - chances + 1e-12)
        loss -= float((said[:, others] * likely).sum())
        residual = said * (np.concatenate((shares, chances), axis=1) - targets)
        slope = mails.columns.T @ residual.astype(np.float32) + _PULL * weights
        return loss + 0.5 * _PULL * float((weights * weights).sum()), slope.ravel()

    found = minimise(objective, np.zeros(size[0] * size[1]), steps=_STEPS, tolerance=1e-3)
    return Adjustment(found.at.reshape(size).astype(np.float32))


def _mails(lessons: Sequence[Lesson], model: Model) -> _Mails:
    meanings = np.concatenate(
        (
            np.array([lesson.meaning for lesson in lessons], dtype=np.float64),
            model.replay_views.astype(np.float64),
        )
    )
    scores = np.concatenate((np.array([one.scores for one in lessons]), model.replay_scores))
    heard = [_target(lesson) for lesson in lessons]
    replayed = model.replay_scores  # each is to be judged as before, so only corrections move it
    likely = np.concatenate(
        (softmax(replayed[:, KIND_HEADS]), sigmoid(replayed[:, YES_NO])), axis=1
    )
    return _Mails(
        columns=np.concatenate(
            (_SCALE * meanings, np.ones((len(meanings), 1))), axis=1, dtype=np.float32
        ),
        scores=scores.astype(np.float64),
        targets=np.concatenate((np.array([target for target, _ in heard]), likely)),
        said=np.concatenate(
            (np.array([said for _, said in heard]), np.full(replayed.shape, _REPLAY_WEIGHT))
        ),
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
