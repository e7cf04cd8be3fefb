"""The template language: {{ name | fallback }} and nothing more. No calls, no loops, one pass.

On the walk: templates checks the marks of a file, render fills them, guard finds those left over.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

TEXT_MAX = 64 * 1024  # bytes of UTF-8, of a template as of a reply

_MARK = re.compile(
    r"\{\{[ \t]*(?P<name>[A-Za-z_][A-Za-z0-9_.]*)[ \t]*(?:\|(?P<fallback>[^{}\n]*))?\}\}"
)
_BRACES = re.compile(r"\{\{|\}\}")


@dataclass(frozen=True, slots=True, kw_only=True)
class Mark:
    """One mark: `fallback` is None where there is none; an empty one means "then nothing"."""

    name: str
    fallback: str | None
    start: int
    end: int


def marks(text: str) -> Iterator[Mark]:
    """Every mark of the text, in order."""
    for match in _MARK.finditer(text):
        fallback = match["fallback"]
        yield Mark(
            name=match["name"],
            fallback=None if fallback is None else fallback.strip(),
            start=match.start(),
            end=match.end(),
        )


def stray_brace(text: str) -> int | None:
    """Where the first pair of braces stands that belongs to no mark, if there is one."""
    blank = _MARK.sub(lambda match: " " * len(match[0]), text)
    found = _BRACES.search(blank)
    return found.start() if found else None


def line_of(text: str, position: int) -> int:
    """The number of the line at that place, from 1."""
    return text.count("\n", 0, position) + 1
