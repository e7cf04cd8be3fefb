"""Scripts: text in the order in which it is drawn, for scripts that run from right to left.

fpdf2 shapes with HarfBuzz, which is not shipped. Hebrew needs only the order (its own UAX 9 code
does that), Arabic also the joined forms, which Unicode has as characters of their own (U+FE70 on).
"""

from __future__ import annotations

import unicodedata
from collections.abc import Iterator
from functools import cache

from fpdf.bidi import BidiParagraph, auto_detect_base_direction
from fpdf.enums import TextDirection

_FORMS = ("isolated", "final", "initial", "medial")
_MARKS = ("Mn", "Cf")


def drawable(text: str) -> str:
    """The text without control characters; line breaks and tabs become one kind each."""
    text = text.replace("\r\n", "\n").replace("\r", "\n").expandtabs(4)
    return "".join(one for one in text if one == "\n" or unicodedata.category(one) not in _UNSEEN)


_UNSEEN = ("Cc", "Cf", "Cs", "Co", "Cn")


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
        if shapes is None:
            yield one
            continue
        before, after = _neighbour(line, at, -1), _neighbour(line, at, 1)
        leans_back = "initial" in forms.get(before, {}) and "final" in shapes
        leans_on = "initial" in shapes and "final" in forms.get(after, {})
        form = _FORMS[leans_back + 2 * leans_on]
        yield shapes.get(form) or shapes.get("isolated") or one


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
