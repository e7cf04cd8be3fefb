"""Scripts: text in the order in which it is drawn, for scripts that run from right to left.

fpdf2 shapes with HarfBuzz, which is not shipped. Hebrew needs only the order (its own UAX 9 code
does that), Arabic also the joined forms, which Unicode has as characters of their own (U+FE70 on).
"""

from __future__ import annotations

import unicodedata
from collections.abc import Iterator
from functools import cache, lru_cache

from fpdf.bidi import BidiParagraph, auto_detect_base_direction
from fpdf.enums import TextDirection

_FORMS = ("isolated", "final", "initial", "medial")
_MARKS = ("Mn", "Cf")


def drawable(text: str) -> str:
    """The text without control characters; line breaks, tabs and spaces become one kind each."""
    text = text.replace("\r\n", "\n").translate(_BREAKS).expandtabs(4)
    return "".join(filter(None, map(_seen, text)))


_BREAKS = {ord(one): "\n" for one in "\r\v\f\x85\u2028\u2029"}
_UNSEEN = ("Cc", "Cf", "Cs", "Co")
_PICTURES = range(0x1F000, 0x1FB00)  # emoji, those too that are younger than this Python
_LETTERS = "🇦🇿"  # of the flags


@lru_cache(maxsize=10_000)
def _seen(one: str) -> str:
    """What of a letter can be seen: itself, a space for any, nothing."""
    if one == "\n":
        return one
    category = unicodedata.category(one)
    if category == "Zs":
        return " "
    if category == "Cn":
        return one if ord(one) in _PICTURES else ""
    return "" if category in _UNSEEN or "\ufe00" <= one <= "\ufe0f" else one


def in_words(one: str) -> str | None:
    """What an emoji shows, for paper whose fonts lack it: "[birthday cake]"; None for letters,
    which cannot be told in words."""
    if _LETTERS[0] <= one <= _LETTERS[1]:
        return chr(ord("A") + ord(one) - ord(_LETTERS[0]))
    if "\U0001f3fb" <= one <= "\U0001f3ff":  # only the tone of the one before
        return ""
    if ord(one) not in _PICTURES and unicodedata.category(one) != "So":
        return None
    return f"[{unicodedata.name(one, 'symbol').lower()}]"


def runs_from_right(line: str) -> bool:
    """Whether the line begins at the right: its first letter decides (UAX 9, P2 and P3)."""
    return has_from_right(line) and auto_detect_base_direction(line) is TextDirection.RTL


def has_from_right(line: str) -> bool:
    """Whether something in the line runs from right to left."""
    return any(unicodedata.bidirectional(one) in ("R", "AL") for one in line)


def as_drawn(line: str) -> str:
    """One line with its letters joined and in the order in which they stand on paper."""
    if line.isascii() or not has_from_right(line):
        return line
    return str(BidiParagraph(text=joined(line)).get_reordered_string())


def joined(line: str) -> str:
    """Arabic letters in the forms that their neighbours give them."""
    if not any("\u0600" <= one <= "\u06ff" for one in line):
        return line
    return "".join(_joined(line))


def _joined(line: str) -> Iterator[str]:
    forms = _forms()
    for at, one in enumerate(line):
        shapes = forms.get(one)
        if one in _ALEFS and line[at - 1 : at] == _LAM:
            continue  # it stands in the lam before it
        if one == _LAM and line[at + 1 : at + 2] in _ALEFS:
            leans_back = "initial" in forms.get(_neighbour(line, at, -1), {})
            yield chr(ord(_ALEFS[line[at + 1]]) + leans_back)
            continue
        if shapes is None:
            yield one
            continue
        before, after = _neighbour(line, at, -1), _neighbour(line, at, 1)
        leans_back = "initial" in forms.get(before, {}) and "final" in shapes
        leans_on = "initial" in shapes and "final" in forms.get(after, {})
        form = _FORMS[leans_back + 2 * leans_on]
        yield shapes.get(form) or shapes.get("isolated") or one


_LAM = "\u0644"
# What lam and an alef are written as together, always; the letter after each is its final form.
_ALEFS = {"\u0622": "\ufef5", "\u0623": "\ufef7", "\u0625": "\ufef9", "\u0627": "\ufefb"}


def _neighbour(line: str, at: int, step: int) -> str:
    """The next letter on one side, over the marks that stand above and below letters."""
    at += step
    while 0 <= at < len(line):
        if unicodedata.category(line[at]) not in _MARKS:
            return line[at]
        at += step
    return ""


@cache
def _forms() -> dict[str, dict[str, str]]:
    """The shapes of each Arabic letter, as Unicode's compatibility decompositions tell them."""
    found: dict[str, dict[str, str]] = {}
    for code in (*range(0xFB50, 0xFDD0), *range(0xFE70, 0xFEFD)):
        name, _, letters = unicodedata.decomposition(chr(code)).partition(" ")
        if name.strip("<>") in _FORMS and letters and " " not in letters:
            found.setdefault(chr(int(letters, 16)), {})[name.strip("<>")] = chr(code)
    return found
