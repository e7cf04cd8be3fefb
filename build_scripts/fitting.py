"""Fitting: the shipped weights found from described mails; `train.py` and the benchmarks call it.

All heads are linear in the same features, so each is a logistic regression of its own: the kinds
one of many classes, the severities and the alert of yes or no. With more features than mails it is
quicker to search among the mails' likenesses to each other (the kernel) and to turn what was found
into weights at the end; the result is the same.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from app.domain.assessment import Kind, Severity
from app.triage.features import FACTS, URGENT_FACTS, Features
from app.triage.model import ALERT_HEAD, HEADS, KIND_HEADS, KINDS, LEVELS
from app.triage.ngrams import PLACES
from app.triage.regression import minimise, sigmoid, softmax

Array = NDArray[np.float64]
Floats = NDArray[np.float32]
Places = NDArray[np.int64]
FOLDS = 5
STEPS = 80
_AT_ONCE = 4096
_COMMON = 120  # in so many mails a place is quicker counted in a matrix
_JITTER = 1e-6
_BOUNDED = slice(len(KINDS), HEADS)


@dataclass(frozen=True, slots=True, kw_only=True)
class Label:
    """What is meant by a mail, and how much it counts among the others."""

    kind: Kind
    second_kind: Kind | None
    severity: Severity
    alert: bool
    counts: float = 1.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Recipe:
    """How strongly to believe the examples: found by cross-validation, see the benchmark.

    `pull` keeps the weights of the kinds small, `level_pull` those of severity and alert.
    `second_share`: how much of a mail with two kinds belongs to the second. `evenness`: 0 counts
    every mail alike, 1 every kind alike. `rarest`: in how many mails a word must stand to count.
    """

    pull: float = 5e-4
    level_pull: float = 1e-3
    second_share: float = 0.2
    rarest: int = 2
    evenness: float = 0.5


@dataclass(frozen=True, slots=True)
class Weights:
    """What was found: for the dense features, for the places of the table, and the bias."""

    dense: Array
    table: Array
    bias: Array


@dataclass(frozen=True, slots=True)
class Mails:
    """Described mails made ready: dense features, words, and how alike any two of them are.

    The urgent facts stand apart, because their weights are bounded.
    """

    dense: Array
    urgent: Array
    words: Sequence[tuple[Places, NDArray[np.float32]]]
    rarity: NDArray[np.float32]
    likeness: Array


def made_ready(features: Sequence[Features], recipe: Recipe) -> Mails:
    """All mails as one table, with the likeness of each two."""
    rarity = _rarity(features, recipe.rarest)
    dense = np.array([one.dense for one in features], dtype=np.float64)
    first = dense.shape[1] - len(FACTS)
    urgent = dense[:, first : first + len(URGENT_FACTS)].copy()
    dense[:, first : first + len(URGENT_FACTS)] = 0.0
    words = [_weighed(one, rarity) for one in features]
    likeness = dense @ dense.T + _likeness_of_words(words)
    return Mails(dense, urgent, words, rarity, likeness)


def _rarity(features: Sequence[Features], rarest: int) -> NDArray[np.float32]:
    """How much a place of the table says: the rarer the more; nothing where it is a chance."""
    seen = np.zeros(PLACES)
    for one in features:
        seen[one.counts.places] += 1
    rarity = np.log((1 + len(features)) / (1 + seen)) + 1.0
    result: NDArray[np.float32] = np.where(seen >= rarest, rarity, 0.0).astype(np.float32)
    return result


def _weighed(one: Features, rarity: NDArray[np.float32]) -> tuple[Places, NDArray[np.float32]]:
    weighed = one.counts.values * rarity[one.counts.places]
    kept = weighed > 0
    length = float(np.sqrt(weighed @ weighed)) or 1.0
    return one.counts.places[kept], (weighed[kept] / length).astype(np.float32)


def _likeness_of_words(words: Sequence[tuple[Places, NDArray[np.float32]]]) -> Array:
    """How alike each two mails are by their words: common places as matrices, rare ones singly."""
    rows = np.repeat(np.arange(len(words)), [len(places) for places, _ in words])
    places = np.concatenate([places for places, _ in words])
    values = np.concatenate([values for _, values in words])
    likeness = np.zeros((len(words), len(words)), dtype=np.float32)
    often = np.bincount(places, minlength=PLACES)
    column = np.full(PLACES, -1)
    common = np.flatnonzero(often > _COMMON)
    for start in range(0, len(common), _AT_ONCE):
        column[:] = -1
        chosen = common[start : start + _AT_ONCE]
        column[chosen] = np.arange(len(chosen))
        inside = column[places] >= 0
        block = np.zeros((len(words), len(chosen)), dtype=np.float32)
        block[rows[inside], column[places[inside]]] = values[inside]
        likeness += block @ block.T
    rare = often[places] <= _COMMON
    order = np.argsort(places[rare], kind="stable")
    mails, weights = rows[rare][order], values[rare][order]
    ends = np.cumsum(np.bincount(places[rare]))
    for start, end in zip((0, *ends[:-1]), ends, strict=True):
        if end > start:
            alike = mails[start:end]
            likeness[np.ix_(alike, alike)] += np.outer(weights[start:end], weights[start:end])
    return likeness.astype(np.float64)


def _blocks(words: Sequence[tuple[Places, NDArray[np.float32]]]) -> list[NDArray[np.float32]]:
    """The words as full matrices of some places at a time."""
    blocks = []
    for start in range(0, PLACES, _AT_ONCE):
        block = np.zeros((len(words), _AT_ONCE), dtype=np.float32)
        for row, (places, values) in enumerate(words):
            inside = slice(*np.searchsorted(places, (start, start + _AT_ONCE)))
            block[row, places[inside] - start] = values[inside]
        blocks.append(block)
    return blocks


def targets_of(labels: Sequence[Label], second_share: float) -> Array:
    """What each head should say of each mail."""
    targets = np.zeros((len(labels), HEADS))
    for row, label in enumerate(labels):
        share = second_share if label.second_kind else 0.0
        targets[row, KINDS.index(label.kind)] += 1.0 - share
        if label.second_kind:
            targets[row, KINDS.index(label.second_kind)] += share
        for place, level in enumerate(LEVELS):
            targets[row, len(KINDS) + place] = label.severity.rank >= level.rank
        targets[row, ALERT_HEAD] = label.alert
    return targets


def counts_of(labels: Sequence[Label]) -> Array:
    """How much each mail counts; one on average."""
    counts = np.array([label.counts for label in labels])
    result: Array = counts / counts.mean()
    return result


@dataclass(frozen=True, slots=True)
class Found:
    """The answer in terms of likeness to the mails it was found from."""

    shares: Array
    urgent: Array
    bias: Array


def find(mails: Mails, which: Places, labels: Sequence[Label], recipe: Recipe) -> Found:
    """Explain the labels of some mails; `labels` are those of all."""
    targets = targets_of([labels[row] for row in which], recipe.second_share)
    counts = counts_of([labels[row] for row in which])
    likeness = mails.likeness[np.ix_(which, which)]
    size = len(which)
    likeness[np.diag_indices(size)] += _JITTER * float(np.trace(likeness)) / size
    root = np.linalg.cholesky(likeness)
    urgent, ones = mails.urgent[which], np.ones((size, 1))
    columns = np.concatenate((root, urgent, ones), axis=1).astype(np.float32)
    weights = np.zeros((columns.shape[1], HEADS))
    weights[:, KIND_HEADS] = _kinds(columns, targets[:, KIND_HEADS], counts, recipe)
    weights[:, _BOUNDED] = _yes_no(columns, targets[:, _BOUNDED], counts, recipe)
    shares = np.linalg.solve(root.T, weights[:size])
    return Found(shares, weights[size:-1], weights[-1])


def _kinds(columns: Floats, targets: Array, counts: Array, recipe: Recipe) -> Array:
    often = (counts[:, None] * targets).mean(axis=0) * len(KINDS)
    importance = counts * (targets / np.maximum(often, 0.05) ** recipe.evenness).sum(axis=1)
    importance /= importance.sum()
    shape = (columns.shape[1], len(KINDS))

    def objective(flat: Array) -> tuple[float, Array]:
        weights = flat.reshape(shape)
        shares = softmax(columns @ weights.astype(np.float32))
        loss = -float((importance[:, None] * targets * np.log(shares + 1e-12)).sum())
        wrong = importance[:, None] * (shares - targets)
        slope = (columns.T @ wrong.astype(np.float32)).astype(np.float64)
        slope[-1 - len(URGENT_FACTS) : -1] = 0.0  # a nearer deadline makes no other kind of it
        return _pulled(loss, slope, weights, recipe.pull * 50 / len(columns))

    found = minimise(objective, np.zeros(shape[0] * shape[1]), steps=STEPS, tolerance=1e-6)
    return found.reshape(shape)


def _yes_no(columns: Floats, targets: Array, counts: Array, recipe: Recipe) -> Array:
    shape = (columns.shape[1], targets.shape[1])
    bound = np.full(shape, -np.inf)
    bound[-1 - len(URGENT_FACTS) : -1] = 0.0

    def objective(flat: Array) -> tuple[float, Array]:
        weights = flat.reshape(shape)
        said = sigmoid(columns @ weights.astype(np.float32))
        likelihood = targets * np.log(said + 1e-12) + (1 - targets) * np.log(1 - said + 1e-12)
        wrong = counts[:, None] * (said - targets)
        slope = (columns.T @ wrong.astype(np.float32)).astype(np.float64)
        slope /= len(columns)
        loss = -float((counts[:, None] * likelihood).sum()) / len(columns)
        return _pulled(loss, slope, weights, recipe.level_pull * 50 / len(columns))

    found = minimise(
        objective,
        np.zeros(shape[0] * shape[1]),
        steps=STEPS,
        at_least=bound.ravel(),
        tolerance=1e-6,
    )
    return found.reshape(shape)


def _pulled(loss: float, slope: Array, weights: Array, pull: float) -> tuple[float, Array]:
    free = weights.copy()
    free[-1] = 0.0  # the bias is not pulled
    return loss + 0.5 * pull * float((free * free).sum()), (slope + pull * free).ravel()


def scores_of(mails: Mails, found: Found, learnt_from: Places, asked: Places) -> Array:
    """The scores of some mails by what was found from others."""
    result: Array = (
        mails.likeness[np.ix_(asked, learnt_from)] @ found.shares
        + mails.urgent[asked] @ found.urgent
        + found.bias
    )
    return result


def weights_of(mails: Mails, found: Found) -> Weights:
    """What was found from all mails, as weights of features."""
    dense = mails.dense.T @ found.shares
    first = dense.shape[0] - len(FACTS)
    dense[first : first + len(URGENT_FACTS)] = found.urgent
    table = np.concatenate([block.T @ found.shares for block in _blocks(mails.words)])
    return Weights(dense, table, found.bias)


def folds_of(labels: Sequence[Label], writers: Sequence[str], count: int = FOLDS) -> Places:
    """A fold for each mail, every kind spread evenly over them, all mails of a writer in one.

    Many examples are twins by one writer that differ in what matters; one must not be learnt from
    to judge the other.
    """
    turn = dict.fromkeys(Kind, 0)
    first: dict[str, int] = {}
    folds = np.zeros(len(labels), dtype=np.int64)
    for row, (label, writer) in enumerate(zip(labels, writers, strict=True)):
        if writer not in first:
            first[writer] = turn[label.kind] % count
            turn[label.kind] += 1
        folds[row] = first[writer]
    return folds
