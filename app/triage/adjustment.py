"""Adjustment: what the owner's corrections add to the scores of a mail.

Part of the fifth step of the walk; `learner` finds it. It has weights of the whole mail's meaning,
which hold what all corrections have in common, and weights of its nearness to each corrected mail,
which reach no further than mails of the same sort.
"""

from __future__ import annotations

import io
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any
from zipfile import BadZipFile

import numpy as np
from numpy.typing import NDArray

from app.triage.encoder import WIDTH, Floats
from app.triage.lesson import Codes, Lesson, Mails
from app.triage.model import HEADS, KIND_HEADS, KINDS, Model

FORMAT = 3
SCALE = 4.0  # unit vectors differ by little; this is how sharply the adjustment tells them apart
# Likeness is measured from the middle of the examples: of two strangers among them one pair in a
# hundred is above NEAR, of mails of one sort most are above 0.3. From ALIKE on it is the same sort.
NEAR, ALIKE = 0.22, 0.45
LOCAL = 4.0  # how much nearness to one corrected mail counts beside what they have in common
# How much less the shipped judgement of a mail's kind is believed where a person had to correct it
# of mails just like it: however sure it is there, three corrections move the fourth mail of their
# sort (42 of 42; 39 where it was believed alike), and of others one in a thousand as before.
_DOUBT = 0.4
_SAME_SENDER = 0.15  # what the same sender adds to likeness


@dataclass(frozen=True, slots=True, kw_only=True)
class Places:
    """Where corrected mails lie, as unit vectors from the `middle` of the examples, who wrote them,
    and of which the shipped judgement had been `wrong` about the kind."""

    middle: Floats
    points: Floats
    senders: Codes
    wrong: NDArray[np.bool_]

    @classmethod
    def of(cls, lessons: Sequence[Lesson], model: Model) -> Places:
        """The places of these lessons."""
        middle = model.replay_views.astype(np.float32).mean(axis=0)
        meanings = np.array([one.meaning for one in lessons], dtype=np.float32)
        senders = np.array([one.sender for one in lessons], dtype=np.uint64)
        wrong = np.array([_was_wrong(one) for one in lessons], dtype=bool)
        return cls(middle=middle, points=_seen(meanings, middle), senders=senders, wrong=wrong)

    def likeness(self, meanings: Floats, senders: Codes) -> Floats:
        """How like each mail (a row) is to each lesson (a column); 1 for the same words."""
        same = (senders[:, None] == self.senders[None, :]) & (senders[:, None] != 0)
        result: Floats = _seen(meanings, self.middle) @ self.points.T + _SAME_SENDER * same
        return result

    def nearness(self, meanings: Floats, senders: Codes) -> Floats:
        """The same from 0, for strangers, to 1, for mails of the same sort."""
        beyond = (self.likeness(meanings, senders) - NEAR) / (ALIKE - NEAR)
        result: Floats = np.clip(beyond, 0.0, 1.0)
        return result

    def believed(self, scores: Floats, near: Floats) -> Floats:
        """The shipped scores of mails that are so `near`, as far as they are believed there."""
        doubt = (near * self.wrong).max(axis=1, initial=0.0, keepdims=True)
        result: Floats = scores.copy()
        result[:, KIND_HEADS] *= 1.0 - _DOUBT * doubt
        return result


def _was_wrong(lesson: Lesson) -> bool:
    kind = lesson.said.kind
    return kind is not None and KINDS[int(lesson.scores[KIND_HEADS].argmax())] is not kind


def _seen(meanings: Floats, middle: Floats) -> Floats:
    moved = meanings.reshape(-1, len(middle)) - middle
    result: Floats = moved / (np.linalg.norm(moved, axis=1, keepdims=True) + 1e-9)
    return result


@dataclass(frozen=True, slots=True, kw_only=True)
class Adjustment:
    """What is added to the scores of a mail: weights of its meaning and a bias, for each head, and
    weights of its nearness to each place."""

    weights: Floats
    local: Floats
    places: Places

    def of(self, meaning: Floats, scores: Floats, sender: int = 0) -> Floats:
        """The scores of a mail as the owner's corrections ask."""
        senders = np.array([sender], dtype=np.uint64)
        result: Floats = self.of_all(Mails(meaning[None], scores[None], senders))[0]
        return result

    def of_all(self, mails: Mails) -> Floats:
        """The same for many, a row each."""
        common = SCALE * mails.meanings @ self.weights[:-1] + self.weights[-1]
        near = self.places.nearness(mails.meanings, mails.senders)
        shipped = self.places.believed(mails.scores, near)
        result: Floats = shipped + common + LOCAL * near @ self.local
        return result

    def to_bytes(self) -> bytes:
        """As arrays in a file; nothing in it can be executed."""
        kept = io.BytesIO()
        np.savez(
            kept,
            format=np.int64(FORMAT),
            weights=self.weights.astype(np.float32),
            local=self.local.astype(np.float32),
            middle=self.places.middle.astype(np.float32),
            points=self.places.points.astype(np.float16),
            senders=self.places.senders,
            wrong=self.places.wrong,
        )
        return kept.getvalue()

    @classmethod
    def from_bytes(cls, data: bytes) -> Adjustment:
        """Read it again. Raises ValueError for anything else than an adjustment."""
        arrays = _arrays(data, "weights", "local", "middle", "points", "senders", "wrong")
        weights, local = (arrays[name].astype(np.float32) for name in ("weights", "local"))
        points = arrays["points"].astype(np.float32)
        places = Places(
            middle=arrays["middle"].astype(np.float32),
            points=points,
            senders=arrays["senders"].astype(np.uint64),
            wrong=arrays["wrong"].astype(bool),
        )
        shapes = (weights.shape, points.shape, places.middle.shape, local.shape)
        count = len(points)
        if shapes != ((WIDTH + 1, HEADS), (count, WIDTH), (WIDTH,), (count, HEADS)):
            raise ValueError("its weights have another shape")
        if not len(places.senders) == len(places.wrong) == count or not (
            np.isfinite(weights).all() and np.isfinite(local).all()
        ):
            raise ValueError("its weights cannot be right")
        return cls(weights=weights, local=local, places=places)


def _arrays(data: bytes, *names: str) -> dict[str, NDArray[Any]]:
    """The arrays of a file of ours. Raises ValueError for anything else."""
    try:
        with np.load(io.BytesIO(data), allow_pickle=False) as packed:
            arrays = {name: packed[name] for name in packed.files}
    except (OSError, EOFError, BadZipFile, AttributeError, TypeError) as error:
        raise ValueError(f"it cannot be read: {error}") from error
    if set(arrays) != {"format", *names} or int(arrays["format"]) != FORMAT:
        raise ValueError("it was made by another version")
    return arrays
