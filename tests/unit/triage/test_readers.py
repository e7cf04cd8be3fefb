"""A reader asked about every sentence at once says what it says when each is really left out."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from app.triage.model import Model
from app.triage.readers import HEARS

ROOT = Path(__file__).parents[3]


@pytest.fixture(scope="module")
def model() -> Model:
    return Model.load(ROOT / "resources" / "model" / "judgement.npz")


def test_leaving_out_many_at_once_is_leaving_out_each(model):
    """For every shipped reader, each of seven sentences, and only those that were asked for."""
    chance = np.random.default_rng(5)
    sentences = chance.standard_normal((7, HEARS)).astype(np.float32)
    for reader in model.readers:
        beside = len(reader.think) - reader.listen.size
        whole = chance.standard_normal(beside).astype(np.float32)
        asked = [0, 2, 3, 6]
        found = reader.scores_without(sentences, whole, asked)
        singly = [reader.scores(np.delete(sentences, one, axis=0), whole) for one in asked]
        assert np.allclose(found, singly, atol=1e-3)
        assert not np.allclose(found[0], found[1], atol=1e-3)
