"""Reading: from the bodies of a mail to what a person reads, and what of that is new.

Third step of an e-mail's walk: what an issue is judged by is the new part only, while the quoted
order number stays within reach in the whole text.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

from app.mail.flowed import TYPED
from app.mail.html_text import has_quotes, html_to_text, may_be_white, says_something
from app.mail.pieces import Piece
from app.mail.quoting import fresh

__all__ = ["Said", "html_to_text", "new_part", "said"]


class Said(NamedTuple):
    """What is to be read, and what of it is new; `in_white`: in letters that nobody could see."""

    text: str
    new_text: str
    in_white: bool = False


def said(pieces: Sequence[Piece], *, most: int) -> Said:
    """What the pieces of a mail say, one after the other; of the new part `most` letters count."""
    if len(pieces) == 1:  # as nearly all mails are
        text = pieces[0].plain.strip("\n")
        if text and not text.isspace() and TYPED not in text:
            return Said(text, fresh(text[:most]))
    texts: list[str] = []
    own: list[str] = []
    length, in_white = 0, False
    for piece in pieces:
        if length > most:
            break
        text = new = piece.plain.strip("\n")
        if piece.html and not text.strip():
            text, new, white = _of_html(piece.html)
            in_white = in_white or white
        if text.strip():
            texts.append(text)
            own.append(new)
            length += len(text)
    whole = "\n\n".join(texts)
    new_text = fresh("\n\n".join(filter(str.strip, own))[:most]) or fresh(whole[:most])
    if TYPED in whole:
        whole, new_text = whole.replace(TYPED, ">"), new_text.replace(TYPED, ">")
    return Said(whole, new_text, in_white)


def new_part(text: str) -> str:
    """The text without quoted mail and signature (en, de, fr, es, it, nl, pt, pl and more)."""
    return fresh(text)


def _of_html(html: str) -> tuple[str, str, bool]:
    """The text, the same without what the program quoted, and whether all of that is in white."""
    text = html_to_text(html)
    own = html_to_text(html, quotes=False) if has_quotes(html) else text
    if says_something(own) or not may_be_white(html):
        return text, own, False
    white = html_to_text(html, quotes=False, white=True)
    if not says_something(white):
        return text, own, False
    return html_to_text(html, white=True), white, True
