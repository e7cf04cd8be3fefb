"""Likeness: how well a few letters name something. Pure, and quick enough for each letter typed.

Every word of what is typed has to be found: at the beginning of a word, inside of one, or with its
letters in order, which forgives what was left out ("snz" is Snooze).
"""

from __future__ import annotations

import re
import unicodedata
from functools import lru_cache

_BEGINS, _WITHIN, _IN_ORDER = 30, 12, 4
_WORD = re.compile(r"\w+")


def likeness(typed: str, words: str, also: str = "") -> int:
    """How well the typed letters name these words, 0 not at all; `also` are other names for it,
    which count a little less."""
    wanted = _plain(typed).split()
    if not wanted:
        return 1
    best = [max(_one(part, _plain(words)), _one(part, _plain(also)) - 2) for part in wanted]
    if min(best) <= 0:
        return 0
    return sum(best) + (10 if _plain(words).startswith(" ".join(wanted)) else 0)


def _one(part: str, text: str) -> int:
    for found in _WORD.finditer(text):
        if found[0].startswith(part):
            whole = 6 if found[0] == part else 0
            return _BEGINS + whole - min(9, found.start() // 4)
    if len(part) > 1 and part in text:
        return _WITHIN
    starts = (word.start() for word in _WORD.finditer(text) if _in_order(part, word[0]))
    start = next(starts, -1) if len(part) > 1 else -1
    return _IN_ORDER - min(3, start // 4) if start >= 0 else 0


def _in_order(part: str, word: str) -> bool:
    letters = iter(word)
    return word[:1] == part[:1] and all(letter in letters for letter in part)


@lru_cache(maxsize=1024)
def _plain(text: str) -> str:
    """Without capitals and accents."""
    apart = unicodedata.normalize("NFKD", text.casefold())
    return "".join(letter for letter in apart if not unicodedata.combining(letter))
