"""Word rows: what each piece of a word means, 512 bytes for each of 128,010, kept where they lie.

A shop's customers use a few thousand of them, so they are read from a file as they come up and the
rest takes no memory. The package keeps them pressed, all in one; they are unpacked once, into a
file beside the user's other caches. Where that cannot be, all of them are held in memory. Part of
the encoder.
"""

from __future__ import annotations

import weakref
from functools import partial
from pathlib import Path
from typing import BinaryIO, Protocol

import numpy as np
from numpy.lib.npyio import NpzFile
from numpy.typing import NDArray

from app.triage.kept_file import keep, kept_file

Bytes = NDArray[np.uint8]

CHUNKS = 17  # the package's arrays; piece p is row p // 17 of array p % 17
_WIDTH = 512
_KEPT = 8192


class WordRows(Protocol):
    """Rows by the numbers of their pieces."""

    def __call__(self, pieces: NDArray[np.int64]) -> Bytes:
        """One row for each of the pieces, in their order."""


def rows_in_memory(packed: NpzFile) -> WordRows:
    """All rows, 65 MB."""
    count = packed["q1"].shape[0]
    table = np.empty((CHUNKS * count, _WIDTH), dtype=np.uint8)
    for number in range(CHUNKS):
        table[number::CHUNKS] = packed[f"q{number + 1}"]
    return lambda pieces: table[pieces]


def rows_on_disk(packed: NpzFile, source: Path, folder: Path) -> WordRows:
    """Rows read from a file in `folder` as they are asked for; the last few thousand are kept.

    The file is made if it is not there. Raises OSError where it can be neither made nor read.
    """
    path = kept_file(folder, "words.rows", source=source)
    count = packed["q1"].shape[0]
    if not path.is_file() or path.stat().st_size != CHUNKS * count * _WIDTH:
        keep(path, partial(_unpack, packed))
    return _OnDisk(path, count, source)


def _unpack(packed: NpzFile, file: BinaryIO) -> None:
    for number in range(CHUNKS):
        file.write(np.ascontiguousarray(packed[f"q{number + 1}"]).data)


class _OnDisk:
    """Not for two threads at once."""

    def __init__(self, path: Path, count: int, source: Path) -> None:
        self._source = source
        self._all: WordRows | None = None
        self._file = path.open("rb", buffering=0)
        weakref.finalize(self, self._file.close)
        self._count = count
        self._kept = np.empty((_KEPT, _WIDTH), dtype=np.uint8)
        self._place = np.full(CHUNKS * count, -1, dtype=np.int32)
        self._used = 0

    def __call__(self, pieces: NDArray[np.int64]) -> Bytes:
        if self._all is None:
            try:
                return self._some(pieces)
            except OSError:  # the disk fails, or somebody emptied the file
                with np.load(self._source, allow_pickle=False) as packed:
                    self._all = rows_in_memory(packed)
        return self._all(pieces)

    def _some(self, pieces: NDArray[np.int64]) -> Bytes:
        missing = np.unique(pieces[self._place[pieces] < 0])
        if self._used + len(missing) > _KEPT:
            self._place.fill(-1)
            self._used = 0
            missing = np.unique(pieces)
        for piece in missing.tolist():
            self._bring(piece)
        return self._kept[self._place[pieces]]

    def _bring(self, piece: int) -> None:
        self._file.seek((piece % CHUNKS * self._count + piece // CHUNKS) * _WIDTH)
        if self._file.readinto(self._kept[self._used].data) != _WIDTH:
            raise OSError("the file with the words' meanings was cut short")
        self._place[piece] = self._used
        self._used += 1
