"""Plain: the bodies of mails as nearly all are, quickly: one text, or alternatives side by side.

Asked by parse before `fallback`, which reads everything. What is said here is what it would say, to
the letter; whatever is not quite usual (a file, parts within parts, a boundary that is not closed,
a charset that nobody knows) is left to it.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import lru_cache

from app.mail import fallback, headers, parameters
from app.mail.charsets import is_known, text_of
from app.mail.fallback import MAX_TEXT, Body
from app.mail.headers import HeaderBlock

_TEXTS = ("text/plain", "text/html")
_MOST_PARTS = 10
_LONGEST_BOUNDARY = 200
_HEAD_END = re.compile(rb"\n\r?\n")
_LAST = re.compile(rb"--[ \t\r]*(?:\n|\Z)")
_LONGEST_HEAD = 1_000
_AT_HAND = 256  # kinds of texts: a mailbox has few, for each mail program writes its own


@dataclass(frozen=True, slots=True, kw_only=True)
class _Text:
    """How a text is written."""

    html: bool
    encoding: str
    charset: str

    def read(self, data: bytes) -> str:
        """What it says."""
        data = fallback.without_encoding(data, self.encoding)
        return text_of(data[: 4 * MAX_TEXT], self.charset)


def body(raw: bytes, block: HeaderBlock) -> Body | None:
    """The texts of a mail with these headers, or None where it has to be read with more care."""
    content_type = block.text("content-type")
    if content_type[:10].lower() == "multipart/":
        return _side_by_side(raw, block.body_at, content_type)
    way = _way(
        content_type, block.text("content-transfer-encoding"), block.text("content-disposition")
    )
    return None if way is None else _body([(way, raw[block.body_at :])])


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
    texts = [_part(piece) for piece in pieces[1:-1]]
    found = [one for one in texts if one is not None]
    return _body(found) if len(found) == len(texts) else None


def _part(piece: bytes) -> tuple[_Text, bytes] | None:
    """A text and how it is written; the piece begins with the end of its boundary's line."""
    begin = 2 if piece.startswith(b"\r\n") else 1
    end = _HEAD_END.search(piece, begin)
    if end is None or piece[begin - 1 : begin] != b"\n" or end.start() - begin > _LONGEST_HEAD:
        return None
    way = _way_of_part(piece[begin : end.end()])
    return None if way is None else (way, piece[end.end() :].removesuffix(b"\r"))


@lru_cache(maxsize=_AT_HAND)
def _way_of_part(head: bytes) -> _Text | None:
    block = headers.split(head)
    if block.body_at != len(head):
        return None
    return _way(
        block.text("content-type"),
        block.text("content-transfer-encoding"),
        block.text("content-disposition"),
    )


@lru_cache(maxsize=_AT_HAND)
def _way(content_type: str, encoding: str, disposition: str) -> _Text | None:
    kind, words = parameters.parse(content_type) if content_type else ("text/plain", {})
    charset = words.get("charset", "")
    is_file = parameters.parse(disposition)[0] == "attachment"
    if kind not in _TEXTS or is_file or not is_known(charset):
        return None
    return _Text(
        html=kind == "text/html", encoding=fallback.encoding_named(encoding), charset=charset
    )


def _body(texts: list[tuple[_Text, bytes]]) -> Body:
    read = [(way.html, way.read(data)) for way, data in texts]
    return Body(
        plain=tuple([text for html, text in read if not html]),
        html=tuple([text for html, text in read if html]),
    )
