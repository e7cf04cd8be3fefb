"""Packet letters: the mails of a packet made shorter and fewer, each telling what is left out.

A clerk reads how it began and how it ended; so what has to go goes from the middle.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace

from app.domain.evidence import Letter

_LENGTHS = (12_000, 3_000, 1_000)
_PAGE = 3_500  # characters that no page has more of
_BEGIN = 3  # one of three that stay is of the beginning
_TRIES = (0.95, 0.8, 0.6)  # of the letters that should fit; they are not equally long

Letters = tuple[Letter, ...]


def lengths(letters: Letters, most_pages: int) -> Iterator[int]:
    """How long a letter may be at most: the usual, then less where that is too much for so many
    pages (0: for any). What cannot fit by its mere number of characters is not even tried."""
    for most in _LENGTHS:
        size = sum(min(len(one.text), most) for one in letters)
        if not most_pages or size <= most_pages * _PAGE or most == _LENGTHS[-1]:
            yield most


def shortened(letters: Sequence[Letter], most: int) -> Letters:
    """The letters with so many characters of each at most."""
    return tuple(_short(one, most) for one in letters)


def fewer(letters: Letters, part: float) -> Iterator[Letters]:
    """Less and less of them, about `part` at first."""
    for share in _TRIES:
        yield without_middle(letters, max(int(len(letters) * part * share), 2))


def without_middle(letters: Letters, keep: int) -> Letters:
    """So many of them, the first and the last; the one after the gap says how wide it is."""
    if keep >= len(letters):
        return letters
    begin = max(keep // _BEGIN, 1)
    first, (after, *others) = letters[:begin], letters[begin - keep :]
    return (*first, replace(after, before=len(letters) - keep), *others)


def _short(letter: Letter, most: int) -> Letter:
    over = len(letter.text) - most
    if over <= 0:
        return letter
    return replace(letter, text=letter.text[:most], cut=letter.cut + over)
