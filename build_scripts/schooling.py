"""Schooling: how readers (app/triage/readers.py) and what they hear by (app/triage/hearing.py) are
learnt from described mails.

First each reader by itself, hearing as the encoder's package does; then all of them and the hearing
together, end to end. Plain gradient descent with momentum and decoupled weight decay (AdamW), the
gradients written out (`attuning` has those of the hearing); parts of what a reader hears are
silenced at random, so that it does not learn mails by heart. The seed decides everything that is
random.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

import numpy as np
from attuning import Traced, apart, tightened
from numpy.typing import NDArray

from app.triage.encoder import WIDTH
from app.triage.features import Features
from app.triage.hearing import NAMES, Hearing, hearing_of
from app.triage.model import HEADS, KIND_HEADS
from app.triage.readers import HEARS, SHARPER, Reader, heard_of
from app.triage.views import MOST_HEARD

Floats = NDArray[np.float32]
Places = NDArray[np.int64]
Weights = dict[str, Floats]
_SILENT = np.float32(-1e9)
_WARMING = 60  # steps in which the rate grows to its height


@dataclass(frozen=True, slots=True, kw_only=True)
class Lessons:
    """How readers are taught; found by trying.

    `rounds` alone, then `rounds_together` with the hearing; `together` is how much it counts that
    mails of one kind lie close to each other.
    """

    readers: int = 5
    hears: int = 96
    ways: int = 4
    thinks: int = 64
    rounds: int = 12
    at_once: int = 64
    rate: float = 2e-3
    decay: float = 0.02
    silenced: float = 0.3
    sentences_silenced: float = 0.1
    yes_no_weight: float = 1.0
    evenness: float = 0.5
    rounds_together: int = 4
    at_once_together: int = 32
    rate_together: float = 5e-4
    rate_of_hearing: float = 3e-4
    together: float = 0.1
    steepest: float = 1.0


@dataclass(frozen=True, slots=True)
class Heard:
    """Mails as they are heard: sums of words for the whole and each sentence, one below another;
    where each mail begins among them; what readers know beside."""

    sums: NDArray[np.float16]
    lengths: Floats
    begins: Places
    beside: Floats

    def rows(self, mails: Places) -> Places:
        """The rows of some mails, mail by mail."""
        return np.concatenate(
            [np.arange(self.begins[mail], self.begins[mail + 1]) for mail in mails]
        )


def heard(features: Sequence[Features]) -> Heard:
    """All mails as a few arrays."""
    counts = [len(one.heard.lengths) for one in features]
    return Heard(
        np.concatenate([one.heard.sums.astype(np.float16) for one in features]),
        np.concatenate([one.heard.lengths for one in features]).astype(np.float32),
        np.concatenate(([0], np.cumsum(counts))),
        np.array([one.beside for one in features]),
    )


@dataclass(frozen=True, slots=True)
class Schooled:
    """Readers and what they hear by."""

    hearing: Hearing
    readers: tuple[Reader, ...]

    def scores(self, mails: Heard, asked: Places) -> NDArray[np.float64]:
        """What the readers together make of some mails."""
        result = np.zeros((len(asked), HEADS))
        for place, mail in enumerate(asked):
            rows = slice(mails.begins[mail], mails.begins[mail + 1])
            vectors = self.hearing.vectors(mails.sums[rows].astype(np.float32), mails.lengths[rows])
            beside = np.concatenate((SHARPER * vectors[0], mails.beside[mail]))
            sentences = heard_of(vectors[1:])
            said = [reader.scores(sentences, beside) for reader in self.readers]
            result[place] = np.mean(said, axis=0)
        return result


@dataclass(frozen=True, slots=True)
class _Said:
    """Some mails as a reader is given them, padded, with what is meant by each."""

    sentences: Floats
    silence: Floats
    beside: Floats
    targets: Floats
    importance: Floats
    counts: Floats


def school(
    mails: Heard,
    which: Places,
    targets: NDArray[np.float64],
    counts: NDArray[np.float64],
    hearing: Hearing,
    *,
    seed: int,
    plan: Lessons,
) -> Schooled:
    """Teach the mails of `which`, from the `hearing` of the encoder's package on; `targets` and
    `counts` (how much each mail counts) are those of all mails."""
    chance = np.random.default_rng(seed)
    wanted: Floats = targets.astype(np.float32)
    importance = importance_of(wanted, which, plan.evenness)
    share = (counts / counts[which].mean()).astype(np.float32)[:, None]
    vectors = _by_heart(mails, hearing)
    width = WIDTH + mails.beside.shape[1]
    readers = [_newborn(chance, width, plan) for _ in range(plan.readers)]

    def said(rows: Places, heard_as: Floats, starts: Places) -> _Said:
        return _told(mails, rows, heard_as, starts, wanted[rows], importance[rows], share[rows])

    for weights in readers:
        _alone(weights, which, lambda rows: said(rows, vectors, mails.begins[rows]), chance, plan)
    kinds = wanted[:, KIND_HEADS].argmax(axis=1)
    tuned = _together(readers, _Room(mails, which, kinds, hearing, said), chance, plan)
    return Schooled(tuned, tuple(Reader(**weights) for weights in readers))


@dataclass(frozen=True, slots=True)
class _Room:
    """What all readers of a school share: the mails, which of them are learnt from, the hearing
    that they begin with, and how vectors are told to a reader."""

    mails: Heard
    which: Places
    kinds: Places
    hearing: Hearing
    said: Callable[[Places, Floats, Places], _Said]


def _by_heart(mails: Heard, hearing: Hearing) -> Floats:
    blocks = [
        hearing.vectors(
            mails.sums[at : at + 2048].astype(np.float32), mails.lengths[at : at + 2048]
        )
        for at in range(0, len(mails.lengths), 2048)
    ]
    return np.concatenate(blocks)


def _told(
    mails: Heard,
    rows: Places,
    vectors: Floats,
    starts: Places,
    wanted: Floats,
    importance: Floats,
    counts: Floats,
) -> _Said:
    """`starts` says where among the vectors each mail begins: with its whole."""
    sentences = np.zeros((len(rows), MOST_HEARD, HEARS), dtype=np.float32)
    silence = np.full((len(rows), MOST_HEARD), _SILENT)
    for place, (mail, start) in enumerate(zip(rows, starts, strict=True)):
        count = int(mails.begins[mail + 1] - mails.begins[mail]) - 1
        sentences[place, :count] = heard_of(vectors[start + 1 : start + 1 + count])
        silence[place, :count] = 0.0
    beside = np.concatenate((SHARPER * vectors[starts], mails.beside[rows]), axis=1)
    return _Said(sentences, silence, beside, wanted, importance, counts)


def _alone(
    weights: Weights,
    which: Places,
    said: Callable[[Places], _Said],
    chance: np.random.Generator,
    plan: Lessons,
) -> None:
    """One reader, the hearing as it is."""
    learning = _Learning.of(weights)
    for rows, progress in _batches(which, plan.rounds, plan.at_once, chance):
        slopes, _, _ = _slopes(weights, said(rows), chance, plan)
        learning.move(slopes, plan.rate * _cosine(progress), plan.decay)


def _together(
    readers: list[Weights], room: _Room, chance: np.random.Generator, plan: Lessons
) -> Hearing:
    """All readers and the hearing, end to end; the readers are changed in place."""
    own = _Learning.of({name: getattr(room.hearing, name).copy() for name in NAMES})
    learning = [_Learning.of(weights) for weights in readers]
    size = plan.at_once_together
    for rows, progress in _batches(room.which, plan.rounds_together, size, chance):
        rate = min(1.0, (own.steps + 1) / _WARMING) * _cosine(progress)
        slopes = _end_to_end(own.weights, learning, room, rows, rate, chance, plan)
        own.move(_gentle(slopes, plan.steepest), plan.rate_of_hearing * rate, 0.0)
    learnt = Hearing(**own.weights, eps=room.hearing.eps)
    return hearing_of(learnt.arrays())  # as exact as it is shipped


def _end_to_end(
    own: Weights,
    readers: list[_Learning],
    room: _Room,
    rows: Places,
    rate: float,
    chance: np.random.Generator,
    plan: Lessons,
) -> Weights:
    """One step of every reader, and what the hearing should change."""
    mails, places = room.mails, room.mails.rows(rows)
    counts = mails.begins[rows + 1] - mails.begins[rows]
    starts = np.cumsum(counts) - counts
    sums = mails.sums[places].astype(np.float32)
    traced = Traced.of(own, sums, mails.lengths[places], room.hearing.eps)
    told = room.said(rows, traced.vectors, starts)
    wrong = np.zeros_like(traced.vectors)
    for reader in readers:
        slopes, to_sentences, to_whole = _slopes(reader.weights, told, chance, plan)
        apart(wrong, to_sentences, to_whole, starts, counts)
        reader.move(slopes, plan.rate_together * rate, plan.decay)
    wrong *= np.float32(SHARPER / len(readers))
    wrong[starts] += plan.together * tightened(traced.vectors[starts], room.kinds[rows])
    return traced.slopes(own, wrong)


def _batches(
    which: Places, rounds: int, size: int, chance: np.random.Generator
) -> Iterator[tuple[Places, float]]:
    """Mails in a new order each round, and how much of all rounds is then done."""
    count = len(which) // size
    for done in range(rounds):
        order = chance.permutation(which)
        for step in range(count):
            progress = (done * count + step + 1) / (rounds * count)
            yield order[step * size : (step + 1) * size], progress


def _cosine(progress: float) -> float:
    return 0.5 * (1.0 + float(np.cos(np.pi * progress)))


def _gentle(slopes: Weights, steepest: float) -> Weights:
    """The slopes, none of all together steeper than this."""
    steep = float(np.sqrt(sum(float((one * one).sum()) for one in slopes.values())))
    share = np.float32(min(1.0, steepest / max(steep, 1e-9)))
    return {name: share * one for name, one in slopes.items()}


@dataclass(slots=True)
class _Learning:
    """Weights on the move, with what is remembered of their slopes (AdamW)."""

    weights: Weights
    moments: dict[str, tuple[Floats, Floats]]
    steps: int = 0

    @classmethod
    def of(cls, weights: Weights) -> _Learning:
        return cls(weights, {n: (np.zeros_like(w), np.zeros_like(w)) for n, w in weights.items()})

    def move(self, slopes: Weights, rate: float, decay: float) -> None:
        """One step down; the weights are changed in place."""
        self.steps += 1
        for name, slope in slopes.items():
            mean, square = self.moments[name]
            mean += 0.1 * (slope - mean)
            square += 0.001 * (slope * slope - square)
            size = np.sqrt(square / (1.0 - 0.999**self.steps)) + 1e-8
            move = mean / (1.0 - 0.9**self.steps) / size
            if self.weights[name].ndim > 1:
                move += decay * self.weights[name]
            self.weights[name] -= np.float32(rate) * move


def _newborn(chance: np.random.Generator, beside: int, plan: Lessons) -> Weights:
    def drawn(rows: int, columns: int, size: float = 1.0) -> Floats:
        drawn = chance.standard_normal((rows, columns)) * size / np.sqrt(rows)
        result: Floats = drawn.astype(np.float32)
        return result

    before = plan.ways * plan.hears + beside
    return {
        "hear": drawn(HEARS, plan.hears),
        "hear_bias": np.zeros(plan.hears, dtype=np.float32),
        "listen": drawn(plan.hears, plan.ways, 0.5),
        "think": drawn(before, plan.thinks),
        "think_bias": np.zeros(plan.thinks, dtype=np.float32),
        "say": drawn(plan.thinks, HEADS, 0.5),
        "say_at_once": drawn(before, HEADS, 0.1),
        "say_bias": np.zeros(HEADS, dtype=np.float32),
    }


def importance_of(targets: Floats, which: NDArray[np.int64], evenness: float) -> Floats:
    """Mails of rare kinds count for more, so that each kind is learnt."""
    often = targets[which, KIND_HEADS].mean(axis=0) * KIND_HEADS.stop
    importance = (targets[:, KIND_HEADS] / np.maximum(often, 0.05) ** evenness).sum(axis=1)
    result: Floats = (importance / importance[which].mean())[:, None]
    return result


def _kept(chance: np.random.Generator, shape: tuple[int, ...], silenced: float) -> Floats:
    """Ones where something may be heard, a little louder for what may not."""
    kept = (chance.random(shape, dtype=np.float32) > silenced).astype(np.float32)
    kept /= np.float32(1 - silenced)
    return kept


def _slopes(
    w: Weights, told: _Said, chance: np.random.Generator, plan: Lessons
) -> tuple[Weights, Floats, Floats]:
    """One pass forth and back, and what should change in the sentences and the whole; the names of
    the steps are those of Reader.scores."""
    count, ways = len(told.sentences), w["listen"].shape[1]
    kept_in = _kept(chance, (count, 1, HEARS), plan.silenced / 2)
    said_in = told.sentences * kept_in
    silence = told.silence.copy()
    gone = chance.random(silence.shape) < plan.sentences_silenced
    gone[gone.all(axis=1) | (silence[:, 1] < 0)] = False  # something must be left to hear
    silence += np.where(gone, _SILENT, np.float32(0))
    flat_in = said_in.reshape(-1, HEARS)
    flat = np.maximum(flat_in @ w["hear"] + w["hear_bias"], 0)
    sentences = flat.reshape(count, MOST_HEARD, -1)
    wants = sentences @ w["listen"] + silence[:, :, None]
    wants = np.exp(wants - wants.max(axis=1, keepdims=True))
    attention = wants / wants.sum(axis=1, keepdims=True)
    listened = attention.transpose(0, 2, 1) @ sentences
    before = np.concatenate((listened.reshape(count, -1), told.beside), axis=1)
    kept_before = _kept(chance, before.shape, plan.silenced)
    before = before * kept_before
    thought = np.maximum(before @ w["think"] + w["think_bias"], 0)
    kept_thought = _kept(chance, thought.shape, plan.silenced)
    spoken = thought * kept_thought
    scores = spoken @ w["say"] + before @ w["say_at_once"] + w["say_bias"]

    wrong = _wrong(scores, told.targets, told.importance, plan.yes_no_weight)
    wrong *= told.counts / count
    to_thought = (wrong @ w["say"].T) * kept_thought * (thought > 0)
    to_before = (to_thought @ w["think"].T + wrong @ w["say_at_once"].T) * kept_before
    to_listened = to_before[:, : ways * sentences.shape[2]].reshape(listened.shape)
    to_attention = sentences @ to_listened.transpose(0, 2, 1)
    to_wants = attention * (to_attention - (attention * to_attention).sum(axis=1, keepdims=True))
    to_sentences = attention @ to_listened + to_wants @ w["listen"].T
    to_flat = to_sentences.reshape(flat.shape) * (flat > 0)
    to_said = (to_flat @ w["hear"].T).reshape(said_in.shape) * kept_in
    width = ways * sentences.shape[2]
    slopes = {
        "hear": flat_in.T @ to_flat,
        "hear_bias": to_flat.sum(axis=0),
        "listen": flat.T @ to_wants.reshape(-1, ways),
        "think": before.T @ to_thought,
        "think_bias": to_thought.sum(axis=0),
        "say": spoken.T @ wrong,
        "say_at_once": before.T @ wrong,
        "say_bias": wrong.sum(axis=0),
    }
    return slopes, to_said[:, :, :WIDTH], to_before[:, width : width + WIDTH]


def _wrong(scores: Floats, targets: Floats, importance: Floats, yes_no_weight: float) -> Floats:
    """By how much each head said too much."""
    kinds = scores[:, KIND_HEADS]
    shares = np.exp(kinds - kinds.max(axis=1, keepdims=True))
    shares /= shares.sum(axis=1, keepdims=True)
    wrong = np.empty_like(scores)
    wrong[:, KIND_HEADS] = (shares - targets[:, KIND_HEADS]) * importance
    others = slice(KIND_HEADS.stop, HEADS)
    chances = 1.0 / (1.0 + np.exp(-np.clip(scores[:, others], -30, 30)))
    wrong[:, others] = yes_no_weight * (chances - targets[:, others])
    return wrong
