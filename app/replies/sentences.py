"""Sentences: which part of a draft is one thought, and which of its lines are somebody else's.

Asked by whatever judges a word by what stands beside it. A dot behind a day ends nothing ("am 24.
November"), but behind a year it does.
"""

from __future__ import annotations

import re

_END = re.compile(r"(?<!\b\d)(?<!\b\d\d)(?<!\.)[.!?…]+(?=\s|$)|\n[ \t]*\n|\n(?=[ \t]*[-*•>])")
_QUOTED = re.compile(r"(?m)^[ \t]*>.*$")


def sentence_around(text: str, start: int, end: int) -> tuple[int, int]:
    """Where the sentence begins and ends in which this place stands."""
    begin = max((one.end() for one in _END.finditer(text, 0, start)), default=0)
    stop = _END.search(text, end)
    return begin, stop.start() if stop else len(text)


def every_sentence(text: str) -> list[tuple[int, int]]:
    """Each sentence of the text, as places."""
    begins = [0, *(one.end() for one in _END.finditer(text))]
    ends = [*(one.start() for one in _END.finditer(text)), len(text)]
    return [(a, b) for a, b in zip(begins, ends, strict=True) if text[a:b].strip()]


def own_words(text: str) -> str:
    """The text with quoted lines blanked out; every letter keeps its place."""
    return _QUOTED.sub(lambda line: " " * len(line[0]), text)
