"""Training: the same mails give the same weights, and no mail is judged by its twin."""

from __future__ import annotations

import sys
from datetime import UTC, datetime
from io import BytesIO
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from app.domain.assessment import Kind, Severity
from app.domain.message import Address
from app.triage.encoder import WIDTH, Encoder
from app.triage.examples import Example, read_examples
from app.triage.hearing import NAMES, hearing_of
from app.triage.model import KINDS
from tests.support.shipped import RULES

ROOT = Path(__file__).parents[3]
sys.path.insert(0, str(ROOT / "build_scripts"))
import fitting  # noqa: E402 - they stand among the build scripts
import schooling  # noqa: E402
import training  # noqa: E402
from attuning import Traced, tightened  # noqa: E402

OF_EACH_KIND = 6  # enough for one step of a reader in each round


def test_the_same_mails_give_the_same_weights():
    """Nothing in the training depends on chance or time: a file of weights can be made again."""
    every = [one for one in read_examples(ROOT / "resources" / "examples") if one.language == "en"]
    few = [one for kind in Kind for one in [e for e in every if e.kind is kind][:OF_EACH_KIND]]
    names = tuple(sorted(pattern.name for pattern in RULES.every_pattern()))
    encoder = Encoder.load()
    described = training.describe(few, RULES, names, encoder)
    once, again = (_weights(described, names, encoder) for _ in range(2))
    assert once == again


def test_mails_of_one_writer_are_never_learnt_from_to_judge_one_another():
    """Twins that differ only in what matters fall into the same round, and each kind into all."""
    kinds = [Kind.LATE, Kind.DAMAGED] * 10
    labels = [
        fitting.Label(kind=kind, second_kind=None, severity=Severity.NORMAL, alert=False)
        for kind in kinds
    ]
    writers = ["twin@example.com" if row in (3, 8) else f"{row}@example.com" for row in range(20)]
    folds = fitting.folds_of(labels, writers)
    assert folds[3] == folds[8]
    assert all(
        {fold for fold, its in zip(folds, kinds, strict=True) if its is kind} == set(range(5))
        for kind in (Kind.LATE, Kind.DAMAGED)
    )


@pytest.mark.parametrize("hunted", [Kind.LATE, Kind.DAMAGED])
def test_of_two_that_contradict_each_other_the_hunted_one_counts_for_less(hunted: Kind):
    """Linear weights and readers alike follow the other."""
    kinds = (Kind.LATE, Kind.DAMAGED)
    mails = [_a_mail(kind, hunted=kind is hunted) for kind in kinds for _ in range(12)]
    names = tuple(sorted(pattern.name for pattern in RULES.every_pattern()))
    encoder = Encoder.load()
    described = training.describe(mails, RULES, names, encoder)
    labels, recipe = [one.label for one in described], fitting.Recipe()
    features, every = [one.features for one in described], np.arange(len(described))
    ready = fitting.made_ready(features, recipe)
    found = fitting.find(ready, every, labels, recipe)
    linear = fitting.scores_of(ready, found, every, every[:1])[0]
    ears, plan = schooling.heard(features), schooling.Lessons(readers=1, at_once=8)
    targets = fitting.targets_of(labels, recipe.second_share)
    counts = fitting.counts_of(labels)
    taught = schooling.school(ears, every, targets, counts, encoder.hearing, seed=1, plan=plan)
    (followed,) = set(kinds) - {hunted}
    for scores in (linear, taught.scores(ears, every[:1])[0]):
        assert scores[KINDS.index(followed)] > scores[KINDS.index(hunted)]


def _a_mail(kind: Kind, *, hunted: bool) -> Example:
    return Example(
        language="en",
        kind=kind,
        second_kind=None,
        severity=Severity.NORMAL,
        alert=False,
        automatic=False,
        phishing=False,
        subject="my order",
        sender=Address(email="somebody@example.com"),
        reply_to=None,
        sent_at=datetime(2026, 10, 14, 12, tzinfo=UTC),
        text="Something is the matter with my order.",
        hunted=hunted,
    )


def test_the_hearing_is_changed_in_the_direction_that_helps():
    """For each of its arrays, the slope that is worked out is the slope that is measured, of what
    readers say and of how near mails of one kind lie to each other."""
    encoder = Encoder.load()
    read = encoder.read(["My parcel never came.", "Wo ist mein Paket?", "zu klein", "sin talla"])
    sums: Any = read.sums.astype(np.float64)
    lengths: Any = read.lengths.astype(np.float64)
    own: dict[str, Any] = {
        name: getattr(encoder.hearing, name).astype(np.float64) for name in NAMES
    }
    wanted: Any = np.random.default_rng(1).standard_normal((4, WIDTH))
    kinds = np.array([0, 0, 1, 1])

    def loss(weights: dict[str, Any]) -> float:
        vectors = Traced.of(weights, sums, lengths, encoder.hearing.eps).vectors
        near = 10 * vectors @ vectors.T
        np.fill_diagonal(near, -np.inf)
        shares = np.exp(near) / np.exp(near).sum(axis=1, keepdims=True)
        friends = shares[[0, 1, 2, 3], [1, 0, 3, 2]]
        return float((wanted * vectors).sum() - np.log(friends).mean())

    traced = Traced.of(own, sums, lengths, encoder.hearing.eps)
    slopes = traced.slopes(own, wanted + tightened(traced.vectors, kinds))
    for name, slope in slopes.items():
        steepest = np.unravel_index(np.abs(slope).argmax(), slope.shape)
        step = np.zeros(slope.shape)
        step[steepest] = 1e-4
        up, down = ({**own, name: own[name] + way * step} for way in (1, -1))
        assert np.isclose((loss(up) - loss(down)) / 2e-4, slope[steepest], rtol=1e-2), name


def test_a_byte_for_each_number_changes_little_of_what_is_heard():
    """What is shipped of the hearing gives the vectors that were learnt."""
    encoder = Encoder.load()
    read = encoder.read(["My parcel never came.", "De lamp rookt en de stekker wordt heet!"])
    exact = encoder.hearing.vectors(read.sums, read.lengths)
    shipped = hearing_of(encoder.hearing.arrays()).vectors(read.sums, read.lengths)
    assert np.einsum("ij,ij->i", exact, shipped).min() > 0.999


def _weights(
    described: list[training.Described], names: tuple[str, ...], encoder: Encoder
) -> bytes:
    recipe, labels = fitting.Recipe(), [one.label for one in described]
    mails = fitting.made_ready([one.features for one in described], recipe)
    learnt = training.learn(described, mails, recipe, encoder.hearing, lambda _: None)
    judged = training.Judged(np.arange(len(described)), learnt.unseen)
    limits = training.thresholds(judged.scores, described)
    packed = training.packed(learnt, judged, mails, labels, limits, names, "examples")
    file = BytesIO()
    np.savez_compressed(file, **packed)
    return file.getvalue()
