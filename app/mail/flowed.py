"""Flowed text: lines short enough for any mailbox that a reader may join again (RFC 3676).

On the walk: "Send reply" -> compose -> here -> MIME. `delsp` is "no": a soft break is a line that
ends in a space, and that space belongs to the text. And back again, where `written` reads a mail.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator

TYPED = (
    "\ue006"  # stands for ">" at the start of a line, where somebody wrote it and quotes nothing
)
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


def unflow(text: str, *, delsp: bool = False) -> str:
    """The text with its broken lines joined and its stuffing taken out (RFC 3676 4.1 and 4.4).

    With `delsp` the blank at a soft break is not of the text. A blank line stays one: RFC 3676 has
    it swallowed by the line above, which is a slip of the sender's.
    """
    if " \n" not in text and "\n " not in text and text[:1] != " ":
        return text
    lines: list[list[str]] = []
    open_at = -1  # how deep the line is quoted that the next one may go on with
    for line in text.replace(TYPED, "").split("\n"):
        content = line.lstrip(">")
        depth = len(line) - len(content)
        content = content.removeprefix(" ")
        soft = content[-1:] == " " and content != _SIGNATURE
        words = content[:-1] if soft and delsp else content
        deeper = depth > 0 and content[:1] == ">"  # quoted once more, as programs before 2004 do
        if depth == open_at and not deeper and content not in ("", _SIGNATURE):
            lines[-1].append(words)
        else:
            lines.append([_marked(words, depth)])
        open_at = depth if soft else -1
    return "\n".join(map(_whole, lines))


def _marked(words: str, depth: int) -> str:
    """The first words of a line, and how deep they are quoted."""
    if depth:
        return f"{'>' * depth} {words}" if words else ">" * depth
    return TYPED + words[1:] if words[:1] == ">" else words


def _whole(pieces: list[str]) -> str:
    line = "".join(pieces)
    return line if line == _SIGNATURE else line.rstrip(" ")
