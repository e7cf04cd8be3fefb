"""Folding: what counts as the same when somebody searches: capitals, accents, letters that have no
accent but a plain fellow (ß, ø, ł), and where words stand without blanks between them. Pure."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Iterator
from functools import lru_cache
from itertools import product

# What a keyboard without the letter has in its place.
_FELLOWS = {"ß": "ss", "æ": "ae", "œ": "oe", "ø": "o", "ł": "l", "đ": "d"}
_PLAIN = str.maketrans(_FELLOWS)
_LETTERS = {fellow: letter for letter, fellow in _FELLOWS.items()}
_FELLOW = re.compile("|".join(_LETTERS))
_MOST_SPELLINGS = 16

# Chinese, Japanese, Korean, Thai, Lao, Burmese, Khmer: words follow each other without a blank.
_WITHOUT_BLANKS = re.compile(
    "[\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff\u3040-\u30ff\u31f0-\u31ff\u3400-\u4dbf\u4e00-\u9fff"
    "\uac00-\ud7af\uf900-\ufaff\uff66-\uff9d\U00020000-\U0003ffff]"
)


@lru_cache(maxsize=4096)
def folded(text: str) -> str:
    """The text without capitals and accents, in plain letters: what is equal here is equal."""
    parts = unicodedata.normalize("NFKD", text.casefold())
    bare = "".join(one for one in parts if not unicodedata.combining(one))
    return bare.translate(_PLAIN)


def spellings(word: str) -> tuple[str, ...]:
    """The ways in which a text may write a word, as it was typed first: ø or o, ß or ss.

    Accents and capitals are the index's own business. Of a word with many such letters only those
    that write a letter the same way throughout.
    """
    plain = word.casefold().translate(_PLAIN)
    places = [(found.start(), found.group()) for found in _FELLOW.finditer(plain)]
    if 2 ** len(places) <= _MOST_SPELLINGS:
        ways: Iterable[str] = _each_place(plain, places)
    else:
        fellows = {fellow for _, fellow in places}
        ways = (plain, *(plain.replace(one, _LETTERS[one]) for one in sorted(fellows)))
    return tuple(dict.fromkeys((word, *ways)))


def is_without_blanks(word: str) -> bool:
    """Whether it is of a language that writes its words one after the other."""
    return _WITHOUT_BLANKS.search(word) is not None


def _each_place(plain: str, places: list[tuple[int, str]]) -> Iterator[str]:
    for chosen in product((False, True), repeat=len(places)):
        text, last = "", 0
        for (start, fellow), is_letter in zip(places, chosen, strict=True):
            text += plain[last:start] + (_LETTERS[fellow] if is_letter else fellow)
            last = start + len(fellow)
        yield text + plain[last:]
