"""Model: the shipped weights, and what they make of a mail's features.

Part of the fifth step of the walk. The weights are arrays in one file, made by
`build_scripts/train.py` from the example mails; nothing in the file can be executed. Linear weights
of everything seen, a few small readers of sentences and the transformer (a file of its own) answer
the same three questions together: which kind, how bad, must it ring.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from zipfile import BadZipFile

import numpy as np
from numpy.typing import NDArray

from app.domain.assessment import Kind, Severity
from app.triage.encoder import WIDTH, Floats
from app.triage.features import FACTS, Features
from app.triage.hearing import Hearing, hearing_of
from app.triage.ngrams import PLACES
from app.triage.opinion import Opinion, Thresholds
from app.triage.readers import SHARPER, Reader, heard_of, readers_of
from app.triage.regression import sigmoid, softmax
from app.triage.views import VIEWS_WIDTH

KINDS = tuple(Kind)
LEVELS = (Severity.NORMAL, Severity.HIGH, Severity.CRITICAL)  # each: at least so bad
KIND_HEADS = slice(0, len(KINDS))
LEVEL_HEADS = slice(len(KINDS), len(KINDS) + len(LEVELS))
ALERT_HEAD = len(KINDS) + len(LEVELS)
HEADS = ALERT_HEAD + 1
YES_NO = slice(len(KINDS), HEADS)
FORMAT = 4
# What numpy, zipfile and json raise for a file that is cut short, replaced or of another sort.
NO_WEIGHTS = (OSError, EOFError, LookupError, ValueError, TypeError, AttributeError, BadZipFile)


class ModelMissing(Exception):
    """The file with the weights is not there, or not as it should be."""


@dataclass(frozen=True, slots=True)
class Listened:
    """What the readers are given: the sentences, and the whole with what is beside it."""

    sentences: Floats
    beside: Floats


@dataclass(frozen=True, slots=True, kw_only=True)
class Model:
    """Weights of the dense features and of the counts, for all heads at once, and the readers."""

    rule_names: tuple[str, ...]
    dense: Floats
    bias: Floats
    table: NDArray[np.int8]
    table_scale: Floats
    rarity: Floats
    second_look: Floats
    hearing: Hearing
    readers: tuple[Reader, ...]
    readers_share: float
    readers_share_of_one_line: float
    transformers_share: float
    transformers_share_of_one_line: float
    sharpness: float
    sharpness_of_one_line: float
    thresholds: Thresholds
    learnt_from: str
    replay_views: NDArray[np.float16]
    replay_scores: Floats

    @classmethod
    def load(cls, path: Path) -> Model:
        """Read a file of weights. Raises ModelMissing."""
        try:
            with path.open("rb") as file, np.load(file, allow_pickle=False) as packed:
                arrays = {name: packed[name] for name in packed.files}
            return cls._of(arrays)
        except NO_WEIGHTS as error:
            raise ModelMissing(f"{path.name} cannot be used: {error}") from error

    @classmethod
    def _of(cls, arrays: Mapping[str, NDArray[Any]]) -> Model:
        facts = json.loads(str(arrays["facts"]))
        rules = tuple(facts["rules"])
        if facts["format"] != FORMAT or facts["names"] != list(FACTS):
            raise ValueError("it was made for another version")
        dense = arrays["dense"].astype(np.float32)
        if dense.shape != (dense_width(rules), HEADS) or arrays["table"].shape != (PLACES, HEADS):
            raise ValueError("its weights have another shape")
        levels = dict(zip(LEVELS, facts["thresholds"].pop("levels"), strict=True))
        return cls(
            rule_names=rules,
            dense=dense,
            bias=arrays["bias"].astype(np.float32),
            table=arrays["table"].astype(np.int8),
            table_scale=arrays["table_scale"].astype(np.float32),
            rarity=arrays["rarity"].astype(np.float32),
            second_look=arrays["second_look"].astype(np.float32),
            hearing=hearing_of(arrays),
            readers=readers_of(arrays),
            readers_share=float(facts["readers_share"]),
            readers_share_of_one_line=float(facts["readers_share_of_one_line"]),
            transformers_share=float(facts["transformers_share"]),
            transformers_share_of_one_line=float(facts["transformers_share_of_one_line"]),
            sharpness=float(facts["sharpness"]),
            sharpness_of_one_line=float(facts["sharpness_of_one_line"]),
            thresholds=Thresholds(levels=levels, **facts["thresholds"]),
            learnt_from=str(facts["learnt_from"]),
            replay_views=arrays["replay_views"].astype(np.float16),
            replay_scores=arrays["replay_scores"].astype(np.float32),
        )

    def scores(self, features: Features, listened: Listened, at_once: Floats) -> Floats:
        """One number a head, before they become probabilities; `at_once`: what the transformer
        says."""
        given = (listened.sentences, listened.beside)
        read = sum(reader.scores(*given) for reader in self.readers) / len(self.readers)
        one_line = features.is_one_line
        share = self.readers_share_of_one_line if one_line else self.readers_share
        result: Floats = (share * read + (1.0 - share) * self._linear(features)).astype(np.float32)
        result[YES_NO] = second_sight(result, features.facts) @ self.second_look
        share = self.transformers_share_of_one_line if one_line else self.transformers_share
        result = share * at_once + (1.0 - share) * result
        if one_line:
            result[KIND_HEADS] *= self.sharpness_of_one_line
        return result

    def listen(self, features: Features) -> Listened:
        """Hear a mail as the readers do; a tenth of what a judgement costs."""
        vectors = self.hearing.vectors(features.heard.sums, features.heard.lengths)
        beside = np.concatenate((SHARPER * vectors[0], features.beside))
        return Listened(heard_of(vectors[1:]), beside)

    def _linear(self, features: Features) -> Floats:
        counts = features.counts
        weighed = counts.values * self.rarity[counts.places]
        length = float(np.sqrt(weighed @ weighed)) or 1.0
        from_counts = (weighed @ self.table[counts.places].astype(np.float32)) / length
        result: Floats = features.dense @ self.dense + from_counts * self.table_scale + self.bias
        return result

    def opinion(self, scores: Floats) -> Opinion:
        """The scores as probabilities; worse is never likelier than less bad."""
        shares = softmax(scores[KIND_HEADS] * self.sharpness)
        levels = np.minimum.accumulate(sigmoid(scores[LEVEL_HEADS]))
        return Opinion(
            kinds={kind: float(share) for kind, share in zip(KINDS, shares, strict=True)},
            levels={level: float(one) for level, one in zip(LEVELS, levels, strict=True)},
            alert=float(sigmoid(scores[ALERT_HEAD : ALERT_HEAD + 1])[0]),
            thresholds=self.thresholds,
        )


def second_sight(scores: NDArray[np.floating], facts: Floats) -> Floats:
    """What the second look at severity and alert goes by: first scores, facts, kinds, a one."""
    shares = softmax(scores[KIND_HEADS])
    result: Floats = np.concatenate((scores[YES_NO], facts, shares, [1.0])).astype(np.float32)
    return result


def dense_width(rule_names: Sequence[str]) -> int:
    """How many dense features there are for so many rules."""
    return VIEWS_WIDTH + 2 * len(rule_names) + len(FACTS)


def whole_of(features: Features) -> Floats:
    """The view of the whole mail, by which likeness to corrected mails is judged."""
    return features.dense[:WIDTH]
