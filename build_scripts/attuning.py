"""Attuning: how the hearing (app/triage/hearing.py) is learnt: what each of its arrays should
change when readers would rather have heard something else.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float32]
Places = NDArray[np.int64]
_SHARPNESS = 10.0  # how much nearer than others what belongs together should lie


@dataclass(frozen=True, slots=True)
class Traced:
    """The steps of Hearing.vectors, kept for the way back."""

    sums: Floats
    lengths: Floats
    mean: Floats
    first: Floats
    second: Floats
    third: Floats
    out: Floats
    norms: Floats
    vectors: Floats

    @classmethod
    def of(cls, w: dict[str, Floats], sums: Floats, lengths: Floats, eps: float) -> Traced:
        """The way forth, by these arrays."""
        mean = sums @ w["cnn_W"] + lengths[:, None] * w["cnn_b"]
        mean /= np.sqrt(lengths)[:, None]
        first = np.maximum(mean @ w["d0"], 0)
        second = np.maximum(mean @ w["p1"] + first @ w["d1"], 0)
        third = np.maximum(second @ w["d2"], 0)
        out = np.tanh(second @ w["p3"] + third @ w["d3"])
        norms = np.sqrt(np.maximum((out * out).sum(axis=1, keepdims=True), eps))
        norms = norms.astype(np.float32)
        return cls(sums, lengths, mean, first, second, third, out, norms, out / norms)

    def slopes(self, w: dict[str, Floats], wrong: Floats) -> dict[str, Floats]:
        """The way back, from what is `wrong` with the vectors."""
        along = (wrong * self.vectors).sum(axis=1, keepdims=True)
        to_out = (wrong - along * self.vectors) / self.norms * (1.0 - self.out * self.out)
        to_third = (to_out @ w["d3"].T) * (self.third > 0)
        to_second = (to_out @ w["p3"].T + to_third @ w["d2"].T) * (self.second > 0)
        to_first = (to_second @ w["d1"].T) * (self.first > 0)
        to_mean = to_second @ w["p1"].T + to_first @ w["d0"].T
        to_mean /= np.sqrt(self.lengths)[:, None]
        return {
            "cnn_W": self.sums.T @ to_mean,
            "cnn_b": self.lengths @ to_mean,
            "d0": self.mean.T @ to_first,
            "d1": self.first.T @ to_second,
            "p1": self.mean.T @ to_second,
            "d2": self.second.T @ to_third,
            "p3": self.second.T @ to_out,
            "d3": self.third.T @ to_out,
        }


def apart(
    wrong: Floats, to_sentences: Floats, to_beside: Floats, starts: Places, counts: Places
) -> None:
    """Add what readers say of padded sentences and wholes to the rows that they are of."""
    wrong[starts] += to_beside
    for place, (start, count) in enumerate(zip(starts, counts, strict=True)):
        wrong[start + 1 : start + count] += to_sentences[place, : count - 1]


def tightened(vectors: Floats, kinds: Places) -> Floats:
    """What is wrong with unit vectors as far as those of one kind lie apart (supervised contrast:
    each asks which of the others are like it)."""
    count = len(vectors)
    near = _SHARPNESS * (vectors @ vectors.T)
    np.fill_diagonal(near, -np.inf)
    shares = np.exp(near - near.max(axis=1, keepdims=True))
    shares /= shares.sum(axis=1, keepdims=True)
    same = (kinds[:, None] == kinds[None]) & ~np.eye(count, dtype=bool)
    friends = same.sum(axis=1, keepdims=True)
    wrong = np.where(friends > 0, shares - same / np.maximum(friends, 1), 0.0)
    wrong *= _SHARPNESS / max(int((friends > 0).sum()), 1)
    result: Floats = ((wrong + wrong.T) @ vectors).astype(np.float32)
    return result
