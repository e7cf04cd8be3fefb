"""OtherNames: whether one address writes for several people, as a marketplace's relay does.

It tells by whole names that have nothing in common: who signs as "Anna", "anna.king" or "A. King"
may be Anna King, and most addresses have one owner with many ways to write a name.
"""

from __future__ import annotations

import re
from collections.abc import Collection

from app.triage.words import fold

_ASIDE = re.compile(r"\([^)]*\)|\s(?:via|über|uber|par|por|przez)\s.*$", re.IGNORECASE)
_WORD = re.compile(r"[^\W\d_]+")
_LONGEST = 200
_WHOLE = 2  # words of a name that is whole


def is_another(name: str, names: Collection[str], *, address: str) -> bool:
    """Whether somebody of this name is none of those who wrote from the address under `names`."""
    mine = _words(name, address)
    theirs = [_words(one, address) for one in names]
    return bool(theirs) and all(_are_two(mine, one) for one in theirs)


def _are_two(mine: Collection[str], theirs: Collection[str]) -> bool:
    if len(mine) < _WHOLE or len(theirs) < _WHOLE:
        return False
    return not any(_may_be_one(one, other) for one in mine for other in theirs)


def _may_be_one(one: str, other: str) -> bool:
    """The same word, or its first letter alone."""
    return one == other or (min(len(one), len(other)) == 1 and one[0] == other[0])


def _words(name: str, address: str) -> frozenset[str]:
    """The words of a name, without those of whom it was passed on by."""
    if "@" in name:
        return frozenset()
    said = _ASIDE.sub("", name[:_LONGEST])
    by = _WORD.findall(fold(address.rpartition("@")[2]))
    return frozenset(_WORD.findall(fold(said))) - frozenset(by)
