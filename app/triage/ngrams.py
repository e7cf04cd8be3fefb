"""N-grams: which words and pieces of words a text is made of, as counts in a fixed table.

Part of the fifth step of the walk. Words, pairs of words and runs of three to five letters are
hashed into places of one table, so that no vocabulary has to be kept and no text costs more than
its length. The hash is written out here because it must never change under the shipped weights.
"""

from __future__ import annotations

import zlib
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from app.triage.words import READ_AT_MOST, fold

BITS = 16
PLACES = 1 << BITS
_RUNS = (3, 4, 5)
_STEP = np.uint64(1_000_003)
_MIX = np.uint64(0x9E3779B97F4A7C15)
_SHIFT = np.uint64(64 - BITS)


@dataclass(frozen=True, slots=True)
class Counts:
    """The places of the table that a text touches, and how strongly."""

    places: NDArray[np.int64]
    values: NDArray[np.float32]


def counts_of(text: str) -> Counts:
    """The damped counts (1 + log n) of a text's words, pairs and runs of letters."""
    plain = " ".join(fold(text[:READ_AT_MOST]).split())
    found = [_runs(plain, length) for length in _RUNS]
    found += _words(plain)
    places, counts = np.unique(np.concatenate(found), return_counts=True)
    return Counts(places.astype(np.int64), (1.0 + np.log(counts)).astype(np.float32))


def _runs(plain: str, length: int) -> NDArray[np.uint64]:
    letters = np.frombuffer(f" {plain} ".encode("utf-32-le"), dtype=np.uint32).astype(np.uint64)
    count = len(letters) - length + 1
    if count <= 0:
        return np.zeros(0, dtype=np.uint64)
    total = np.full(count, length, dtype=np.uint64)
    for place in range(length):
        total = total * _STEP + letters[place : place + count]
    return _placed(total)


def _words(plain: str) -> list[NDArray[np.uint64]]:
    cleaned = "".join(sign if sign.isalnum() else " " for sign in plain).split()
    codes = np.array([zlib.crc32(word.encode()) for word in cleaned], dtype=np.uint64)
    pairs = codes[:-1] * _STEP + codes[1:] + np.uint64(7)
    return [_placed(codes + np.uint64(1 << 40)), _placed(pairs + np.uint64(1 << 41))]


def _placed(codes: NDArray[np.uint64]) -> NDArray[np.uint64]:
    """Spread codes over the table; multiplication wraps around on purpose."""
    mixed = (codes ^ (codes >> np.uint64(29))) * _MIX
    result: NDArray[np.uint64] = (mixed ^ (mixed >> np.uint64(31))) * _MIX >> _SHIFT
    return result
