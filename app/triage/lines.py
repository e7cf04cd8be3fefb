"""Lines: a text without the line breaks that only a mail program's margin made.

Before the entities: "order\n1042" is the same order, but a number on a line of its own stays one.
"""

from __future__ import annotations

import re

_NARROWEST_MARGIN = 40
_BLANKS = re.compile(r"[^\S\n]+")
_AT_LINE_END = re.compile(r" +(?=\n|$)")


def unwrapped(text: str) -> str:
    """The text with a blank for each break that a margin made; every letter keeps its place.

    A break is the margin's where the next word would not have fitted: the margin of a paragraph is
    its longest line, and a paragraph of short lines (an address, a list) has none.
    """
    lines = text.replace("\t", " ").replace("\r", " ").split("\n")
    margins = _margins(lines)
    joined = list(lines[:1])
    for before, margin, line in zip(lines, margins, lines[1:], strict=False):
        joined.append(" " if _is_soft(before, line, margin) else "\n")
        joined.append(line)
    return "".join(joined)


def tidied(text: str) -> str:
    """The text unwrapped, with single blanks and none at the ends of lines."""
    return _AT_LINE_END.sub("", _BLANKS.sub(" ", unwrapped(_AT_LINE_END.sub("", text)))).strip()


def _margins(lines: list[str]) -> list[int]:
    """For each line the length of the longest of its paragraph."""
    margins = [len(line.strip()) for line in lines]
    for order in (range(1, len(lines)), range(len(lines) - 2, -1, -1)):
        step = 1 if order.step == 1 else -1
        for index in order:
            if lines[index].strip() and lines[index - step].strip():
                margins[index] = max(margins[index], margins[index - step])
    return margins


def _is_soft(line: str, following: str, margin: int) -> bool:
    words = following.split(None, 1)
    if not words or not line.strip() or margin < _NARROWEST_MARGIN or following[:1] in ">-*•":
        return False
    return len(line.strip()) + 1 + len(words[0]) > margin
