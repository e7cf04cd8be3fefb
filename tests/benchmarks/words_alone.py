"""Words alone: the peer of the judgement, weights of words and letters without an encoder.

TF-IDF with logistic regression, learnt from the same examples in the same way as the shipped
weights, but for everything that makes them more than a bag of words.
"""

from __future__ import annotations

import sys
from collections.abc import Callable
from pathlib import Path

import numpy as np

from app.mail.reading import new_part
from app.triage.encoder import Parts
from app.triage.examples import read_examples
from app.triage.features import FACTS, Features, Written
from app.triage.model import KIND_HEADS, KINDS
from app.triage.ngrams import counts_of
from app.triage.regression import softmax

ROOT = Path(__file__).parents[2]
sys.path.insert(0, str(ROOT / "build_scripts"))
import fitting  # noqa: E402 - it stands among the build scripts

Shares = dict[str, float]


def learnt() -> Callable[[str], Shares]:
    """Learn from the example mails; the answer says the kinds' shares of a text."""
    examples = read_examples(ROOT / "resources" / "examples")
    features = [_features(f"{e.subject}\n{new_part(e.text)}") for e in examples]
    labels = [
        fitting.Label(kind=e.kind, second_kind=e.second_kind, severity=e.severity, alert=e.alert)
        for e in examples
    ]
    recipe = fitting.Recipe()
    mails = fitting.made_ready(features, recipe)
    found = fitting.find(mails, np.arange(len(labels)), labels, recipe)
    weights = fitting.weights_of(mails, found)

    def shares(text: str) -> Shares:
        counts = counts_of(text)
        weighed = counts.values * mails.rarity[counts.places]
        length = float(np.sqrt(weighed @ weighed)) or 1.0
        scores = weighed @ weights.table[counts.places] / length + weights.bias
        found = softmax(scores[KIND_HEADS])
        return {kind.value: float(share) for kind, share in zip(KINDS, found, strict=True)}

    return shares


def _features(text: str) -> Features:
    nothing = np.zeros(len(FACTS), dtype=np.float32)
    unheard = Parts(np.zeros((0, 0), dtype=np.float32), np.zeros(0, dtype=np.float32))
    return Features(nothing, unheard, counts_of(text), Written("", text))
