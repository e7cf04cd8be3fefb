"""Training: the same mails give the same weights, and no mail is judged by its twin."""

from __future__ import annotations

import sys
from io import BytesIO
from pathlib import Path

import numpy as np

from app.domain.assessment import Kind, Severity
from app.triage.examples import read_examples
from tests.support.shipped import RULES

ROOT = Path(__file__).parents[3]
sys.path.insert(0, str(ROOT / "build_scripts"))
import fitting  # noqa: E402 - they stand among the build scripts
import training  # noqa: E402

OF_EACH_KIND = 6  # enough for one step of a reader in each round


def test_the_same_mails_give_the_same_weights():
    """Nothing in the training depends on chance or time: a file of weights can be made again."""
    every = [one for one in read_examples(ROOT / "resources" / "examples") if one.language == "en"]
    few = [one for kind in Kind for one in [e for e in every if e.kind is kind][:OF_EACH_KIND]]
    names = tuple(sorted(pattern.name for pattern in RULES.every_pattern()))
    described = training.describe(few, RULES, names)
    assert _weights(described, names) == _weights(described, names)


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


def _weights(described: list[training.Described], names: tuple[str, ...]) -> bytes:
    recipe, labels = fitting.Recipe(), [one.label for one in described]
    mails = fitting.made_ready([one.features for one in described], recipe)
    learnt = training.learn(described, mails, recipe, lambda _: None)
    limits = training.thresholds(learnt.unseen, described)
    file = BytesIO()
    np.savez_compressed(file, **training.packed(learnt, mails, labels, limits, names, "examples"))
    return file.getvalue()
