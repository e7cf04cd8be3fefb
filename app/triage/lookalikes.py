"""Look-alikes: names that eyes take for a provider's: paypa1, arnazon, xn--pypal-4ve, РayPal.

Part of authenticity. A name is brought to the letters that it seems to be made of, and compared
with what providers call themselves.
"""

from __future__ import annotations

import re
import unicodedata
from functools import lru_cache

from app.triage.words import fold

_SHORTEST_IMITATED = 5

# What eyes take for one another: shown signs on the left, the letter they imitate on the right.
_FIGURES = str.maketrans({"0": "o", "1": "l", "3": "e", "5": "s", "|": "l"})
_LETTERS = str.maketrans(
    dict(zip("аеорсухіјѕԁԛԝӏкмтвнгп", "aeopcyxijsdqwlkmtbhrn", strict=True))
    | dict(zip("αεορντικυχωβ", "aeopvtikuxwb", strict=True))
    | {"ɡ": "g", "ı": "i", "ɑ": "a", "ʟ": "l", "ո": "n", "օ": "o", "ս": "u"}
)
_BETWEEN = re.compile(r"[.\-_]")


def seems(text: str) -> str:
    """The text in the plain Latin letters that it seems to be written in."""
    bare = fold(unicodedata.normalize("NFKC", text)).translate(_LETTERS)
    return bare.translate(_FIGURES)


def is_disguised(text: str) -> bool:
    """Whether a Latin-looking word holds letters of another alphabet."""
    return any(_is_mixed(word) for word in re.findall(r"\w+", text[:500]))


def shown(domain: str) -> str:
    """A domain as programs show it: punycode decoded; unchanged where it cannot be."""
    if "xn--" not in domain:
        return domain
    return ".".join(_decoded(label) for label in domain.split(".")[:20])


@lru_cache(maxsize=8192)
def imitates(claim: str, domain: str) -> bool:
    """Whether a part of the domain seems to be the claimed name, or is one letter away from it."""
    claim = claim.replace(" ", "")
    if len(claim) < _SHORTEST_IMITATED - 1:
        return False
    plain = seems(shown(domain))
    for part in {*_BETWEEN.split(plain), *_BETWEEN.split(plain.replace("rn", "m"))}:
        if part == claim or (len(claim) >= _SHORTEST_IMITATED and _one_letter_apart(part, claim)):
            return True
    return False


def _decoded(label: str) -> str:
    if not label.startswith("xn--"):
        return label
    try:
        return label[4:].encode("ascii").decode("punycode")
    except (UnicodeError, ValueError):
        return label


def _is_mixed(word: str) -> bool:
    latin = any("a" <= sign.lower() <= "z" for sign in word)
    return latin and any(sign.lower().translate(_LETTERS) != sign.lower() for sign in word)


def _one_letter_apart(one: str, other: str) -> bool:
    if abs(len(one) - len(other)) > 1 or not one or one[0] != other[0]:
        return False
    pairs = zip(one, other, strict=False)
    same_start = next((i for i, (a, b) in enumerate(pairs) if a != b), None)
    if same_start is None:
        return len(one) != len(other)
    rest, other_rest = one[same_start:], other[same_start:]
    swapped = rest[:2] == other_rest[:2][::-1] and rest[2:] == other_rest[2:]
    return swapped or rest[1:] == other_rest[1:] or rest[1:] == other_rest or rest == other_rest[1:]
