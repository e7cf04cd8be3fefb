"""Schooling: how a reader (app/triage/readers.py) is learnt from described mails.

Plain gradient descent with momentum and decoupled weight decay (AdamW), the gradients written out;
parts of what a reader hears are silenced at random, so that it does not learn mails by heart. The
seed decides everything that is random.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from app.triage.features import Features
from app.triage.model import HEADS, KIND_HEADS
from app.triage.readers import HEARS, Reader
from app.triage.views import MOST_HEARD

Floats = NDArray[np.float32]
Weights = dict[str, Floats]
_SILENT = np.float32(-1e9)


@dataclass(frozen=True, slots=True, kw_only=True)
class Lessons:
    """How a reader is taught; found by trying."""

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


@dataclass(frozen=True, slots=True)
class Heard:
    """Mails as readers hear them: padded sentences, where there are none, and what is beside."""

    sentences: Floats
    silence: Floats
    beside: Floats


def heard(features: Sequence[Features]) -> Heard:
    """All mails as three arrays."""
    sentences = np.zeros((len(features), MOST_HEARD, HEARS), dtype=np.float32)
    silence = np.full((len(features), MOST_HEARD), _SILENT)
    for row, one in enumerate(features):
        sentences[row, : len(one.sentences)] = one.sentences
        silence[row, : len(one.sentences)] = 0.0
    return Heard(sentences, silence, np.array([one.beside for one in features]))


def school(
    mails: Heard, which: NDArray[np.int64], targets: NDArray[np.float64], seed: int, plan: Lessons
) -> Reader:
    """Teach one reader the mails of `which`; `targets` are those of all mails."""
    chance = np.random.default_rng(seed)
    weights = _newborn(chance, mails.beside.shape[1], plan)
    moments = {name: (np.zeros_like(w), np.zeros_like(w)) for name, w in weights.items()}
    wanted: Floats = targets.astype(np.float32)
    importance = _importance(wanted, which, plan.evenness)
    batches = len(which) // plan.at_once
    total, step = plan.rounds * batches, 0
    for _ in range(plan.rounds):
        order = chance.permutation(which)
        for start in range(0, batches * plan.at_once, plan.at_once):
            rows, step = order[start : start + plan.at_once], step + 1
            slopes = _slopes(weights, mails, rows, wanted, importance, chance, plan)
            rate = plan.rate * 0.5 * (1.0 + float(np.cos(np.pi * step / total)))
            _move(weights, slopes, moments, step, rate, plan.decay)
    return Reader(**weights)


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


def _importance(targets: Floats, which: NDArray[np.int64], evenness: float) -> Floats:
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
    w: Weights,
    mails: Heard,
    rows: NDArray[np.int64],
    targets: Floats,
    importance: Floats,
    chance: np.random.Generator,
    plan: Lessons,
) -> Weights:
    """One pass forth and back; the names of the steps are those of Reader.scores."""
    count, ways = len(rows), w["listen"].shape[1]
    said_in = mails.sentences[rows] * _kept(chance, (count, 1, HEARS), plan.silenced / 2)
    silence = mails.silence[rows].copy()
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
    before = np.concatenate((listened.reshape(count, -1), mails.beside[rows]), axis=1)
    kept_before = _kept(chance, before.shape, plan.silenced)
    before = before * kept_before
    thought = np.maximum(before @ w["think"] + w["think_bias"], 0)
    kept_thought = _kept(chance, thought.shape, plan.silenced)
    spoken = thought * kept_thought
    scores = spoken @ w["say"] + before @ w["say_at_once"] + w["say_bias"]

    wrong = _wrong(scores, targets[rows], importance[rows], plan.yes_no_weight) / count
    to_thought = (wrong @ w["say"].T) * kept_thought * (thought > 0)
    to_before = (to_thought @ w["think"].T + wrong @ w["say_at_once"].T) * kept_before
    to_listened = to_before[:, : ways * sentences.shape[2]].reshape(listened.shape)
    to_attention = sentences @ to_listened.transpose(0, 2, 1)
    to_wants = attention * (to_attention - (attention * to_attention).sum(axis=1, keepdims=True))
    to_sentences = attention @ to_listened + to_wants @ w["listen"].T
    to_flat = to_sentences.reshape(flat.shape) * (flat > 0)
    return {
        "hear": flat_in.T @ to_flat,
        "hear_bias": to_flat.sum(axis=0),
        "listen": flat.T @ to_wants.reshape(-1, ways),
        "think": before.T @ to_thought,
        "think_bias": to_thought.sum(axis=0),
        "say": spoken.T @ wrong,
        "say_at_once": before.T @ wrong,
        "say_bias": wrong.sum(axis=0),
    }


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


def _move(
    weights: Weights,
    slopes: Weights,
    moments: dict[str, tuple[Floats, Floats]],
    step: int,
    rate: float,
    decay: float,
) -> None:
    for name, slope in slopes.items():
        mean, square = moments[name]
        mean += 0.1 * (slope - mean)
        square += 0.001 * (slope * slope - square)
        size = np.sqrt(square / (1.0 - 0.999**step)) + 1e-8
        move = mean / (1.0 - 0.9**step) / size
        if weights[name].ndim > 1:
            move += decay * weights[name]
        weights[name] -= np.float32(rate) * move


def heard_scores(reader: Reader, mails: Heard, rows: NDArray[np.int64]) -> NDArray[np.float64]:
    """The scores of some mails by a reader."""
    result = np.zeros((len(rows), HEADS))
    for place, row in enumerate(rows):
        count = int((mails.silence[row] == 0).sum())
        result[place] = reader.scores(mails.sentences[row, :count], mails.beside[row])
    return result
