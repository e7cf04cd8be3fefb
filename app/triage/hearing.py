"""Hearing: from the sum of what a text's words mean to the meaning of the text.

The last part of the encoder, a few products of arrays. It is there twice: as its package has it,
for likeness and the linear weights, and learnt anew from the example mails together with the
readers, who hear by that one alone.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, fields
from typing import Any

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float32]

_LOUDEST = 127.0  # of what a byte holds


@dataclass(frozen=True, slots=True)
class Hearing:
    """The arrays, by the names that they have in the encoder's package."""

    cnn_W: Floats  # noqa: N815 - the package's name
    cnn_b: Floats
    d0: Floats
    d1: Floats
    p1: Floats
    d2: Floats
    p3: Floats
    d3: Floats
    eps: float

    def vectors(self, sums: Floats, lengths: Floats) -> Floats:
        """Unit vectors from sums of words; the sums of several texts may be added up before."""
        mean = sums @ self.cnn_W + lengths[:, None] * self.cnn_b
        mean /= np.sqrt(lengths)[:, None]
        first = np.maximum(mean @ self.d0, 0)
        second = np.maximum(mean @ self.p1 + first @ self.d1, 0)
        third = np.maximum(second @ self.d2, 0)
        out = np.tanh(second @ self.p3 + third @ self.d3)
        norms = np.sqrt(np.maximum(np.einsum("ij,ij->i", out, out), self.eps))
        result: Floats = (out / norms[:, None]).astype(np.float32)
        return result

    def arrays(self) -> dict[str, NDArray[Any]]:
        """For a file: a byte for each number, and for each column what a byte stands for."""
        packed: dict[str, NDArray[Any]] = {"hearing_eps": np.array(self.eps)}
        for name in NAMES:
            array = getattr(self, name)
            scale = np.maximum(np.abs(array).max(axis=0), 1e-9) / _LOUDEST
            packed[f"hearing_{name}"] = np.round(array / scale).astype(np.int8)
            packed[f"hearing_{name}_scale"] = np.asarray(scale, dtype=np.float32)
        return packed


NAMES = tuple(field.name for field in fields(Hearing) if field.name != "eps")


def hearing_in(weights: Mapping[str, NDArray[Any]]) -> Hearing:
    """The hearing as it is among the weights of the encoder's package."""
    arrays = {name: np.asarray(weights[name], dtype=np.float32) for name in NAMES}
    return Hearing(**arrays, eps=float(weights["eps"]))


def hearing_of(arrays: Mapping[str, NDArray[Any]]) -> Hearing:
    """The hearing in a file of weights."""
    found = {
        name: (arrays[f"hearing_{name}"] * arrays[f"hearing_{name}_scale"]).astype(np.float32)
        for name in NAMES
    }
    return Hearing(**found, eps=float(arrays["hearing_eps"]))
