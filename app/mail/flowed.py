"""Flowed text: lines short enough for any mailbox that a reader may join again (RFC 3676).

On the walk: "Send reply" -> compose -> here -> MIME. `delsp` is "no": a soft break is a line that
ends in a space, and that space belongs to the text.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator

WIDTH = 72  # RFC 3676 4.2 asks for at most 78; quoted again twice, 72 still fits
_SIGNATURE = "-- "
_QUOTE = re.compile(r"^(>+) ?(.*)$", re.DOTALL)
_WORD = re.compile(r"[^ ]+ *| +")
_LINE_BREAK = re.compile("\r\n|[\r\n\x0b\x0c\x85\u2028\u2029]")


def tidy(text: str) -> str:
    """The text with \\n as its only line break and no control character but the tab."""
    lines = _LINE_BREAK.sub("\n", text)
    return "".join(c for c in lines if c in "\n\t" or unicodedata.category(c) not in ("Cc", "Cs"))


def flow(text: str, *, quoted: bool = False) -> str:
    """The text as the body of a flowed part, with \\n between its lines.

    With `quoted`, leading ">" are quote marks that each broken line repeats; without, they are
    what somebody typed and are kept as text.
    """
    return "\n".join(piece for line in tidy(text).split("\n") for piece in _flow(line, quoted))


def _flow(line: str, quoted: bool) -> Iterator[str]:
    marks, content = "", line
    if quoted and (match := _QUOTE.match(line)):
        marks, content = match.groups()
    if content != _SIGNATURE:
        content = content.rstrip(" ")  # a space at the end would join it to the next line
    for piece in _pieces(content, WIDTH - len(marks) - 1):
        yield marks + _stuffed(piece, after_marks=bool(marks))


def _pieces(content: str, width: int) -> Iterator[str]:
    """Cut after spaces, each piece but the last ending in one; a long word stays whole."""
    piece = ""
    for word in _WORD.findall(content):
        if piece and len(piece) + len(word.rstrip(" ")) > width and piece != _SIGNATURE:
            yield piece
            piece = ""
        piece += word
    yield piece


def _stuffed(piece: str, *, after_marks: bool) -> str:
    """Space-stuffing (RFC 3676 4.4), so that no line begins as a quote or as an mbox separator."""
    needs = piece.startswith((" ", ">", "From "))
    return " " + piece if needs or (after_marks and piece) else piece
