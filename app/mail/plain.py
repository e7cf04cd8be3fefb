"""Plain: the bodies of mails as nearly all are, quickly: one text, or alternatives side by side.

Asked by parse before `fallback`, which reads everything. What is said here is what it would say, to
the letter; whatever is not quite usual (a file, parts within parts, a boundary that is not closed,
a charset that nobody knows) is left to it.
"""

from __future__ import annotations

import re
from functools import lru_cache

from app.mail import fallback, headers, parameters
from app.mail.charsets import is_known
from app.mail.fallback import Body
from app.mail.headers import HeaderBlock
from app.mail.pieces import piece, side_by_side
from app.mail.written import Written, as_labelled

_TEXTS = ("text/plain", "text/html")
_MOST_PARTS = 10
_LONGEST_BOUNDARY = 200
_HEAD_END = re.compile(rb"\n\r?\n")
_LAST = re.compile(rb"--[ \t\r]*(?:\n|\Z)")
_LONGEST_HEAD = 1_000
_AT_HAND = 256  # kinds of texts: a mailbox has few, for each mail program writes its own


def body(raw: bytes, block: HeaderBlock) -> Body | None:
    """The texts of a mail with these headers, or None where it has to be read with more care."""
    content_type = block.text("content-type")
    if content_type[:10].lower() == "multipart/":
        return _side_by_side(raw, block.body_at, content_type)
    way = _way(
        content_type, block.text("content-transfer-encoding"), block.text("content-disposition")
    )
    if way is None:
        return None
    words = way.read(raw[block.body_at :])
    return Body(pieces=(piece(words, html=way.html),))


def _side_by_side(raw: bytes, start: int, content_type: str) -> Body | None:
    kind, words = parameters.parse(content_type)
    if kind == "multipart/digest" or not fallback.TYPE.fullmatch(kind):
        return None
    boundary = words.get("boundary", "")
    if not boundary.isascii() or not 0 < len(boundary) <= _LONGEST_BOUNDARY:
        return None
    # The line end above the first part may be that of the headers.
    pieces = raw[max(0, start - 1) :].split(b"\n--" + boundary.encode(), _MOST_PARTS + 2)
    if not 3 <= len(pieces) <= _MOST_PARTS + 2 or not _LAST.match(pieces[-1]):
        return None
    texts: list[tuple[bool, str]] = []
    for one in pieces[1:-1]:
        found = _part(one)
        if found is None:
            return None
        texts.append((found[0].html, found[0].read(found[1])))
    if kind == "multipart/alternative":
        return Body(pieces=side_by_side(texts))
    return Body(pieces=tuple(piece(words, html=html) for html, words in texts))


def _part(piece: bytes) -> tuple[Written, bytes] | None:
    """A text and how it is written; the piece begins with the end of its boundary's line."""
    begin = 2 if piece.startswith(b"\r\n") else 1
    end = _HEAD_END.search(piece, begin)
    if end is None or piece[begin - 1 : begin] != b"\n" or end.start() - begin > _LONGEST_HEAD:
        return None
    way = _way_of_part(piece[begin : end.end()])
    return None if way is None else (way, piece[end.end() :].removesuffix(b"\r"))


@lru_cache(maxsize=_AT_HAND)
def _way_of_part(head: bytes) -> Written | None:
    block = headers.split(head)
    if block.body_at != len(head):
        return None
    content_type, disposition = block.text("content-type"), block.text("content-disposition")
    if "name" in content_type.lower() or "name" in disposition.lower():
        return None  # perhaps a file
    return _way(content_type, block.text("content-transfer-encoding"), disposition)


@lru_cache(maxsize=_AT_HAND)
def _way(content_type: str, encoding: str, disposition: str) -> Written | None:
    kind, words = parameters.parse(content_type) if content_type else ("text/plain", {})
    is_file = parameters.parse(disposition)[0] == "attachment"
    if kind not in _TEXTS or is_file or not is_known(words.get("charset", "")):
        return None
    return as_labelled(kind, words, encoding)
