"""Text from outside, made fit to be drawn: what a stranger wrote may not bend the page.

The last door before a widget. The text stays text (every widget shows it as PlainText); here the
characters go that would reorder, hide or freeze what stands around them (Unicode UAX 9, UTS 36).
"""

from __future__ import annotations

import html
import re

from app.domain.subject import without_answer_marks

_BIDI = "\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069\u200e\u200f\u061c"
_HIDDEN = "\u200b\u2060\ufeff\u00ad\u180e"
_CONTROLS = "".join(map(chr, (*range(0x09), 0x0B, 0x0C, *range(0x0E, 0x20), *range(0x7F, 0xA0))))
_UNSEEN = re.compile(f"[{re.escape(_BIDI + _HIDDEN + _CONTROLS)}]")
# More than a few marks on one letter are no language: 4,000 of them freeze the layout.
_MARKS = re.compile(
    r"([\u0300-\u036f\u0483-\u0489\u1ab0-\u1aff\u1dc0-\u1dff\u20d0-\u20ff\ufe20-\ufe2f]{3})[\u0300-\u036f\u0483-\u0489\u1ab0-\u1aff\u1dc0-\u1dff\u20d0-\u20ff\ufe20-\ufe2f]+"
)
_NEWLINES = re.compile(r"\r\n?|[\u2028\u2029\u0085]")
# Qt's time for a word without an end grows with its square: 60,000 letters took two seconds.
_ENDLESS = re.compile(r"(\S{1000})(?=\S)")
_BLANKS = re.compile(r"\n{4,}")


def paragraphs(text: str) -> str:
    """A text of several lines, as it may be drawn."""
    return breakable(_BLANKS.sub("\n\n\n", _tame(_NEWLINES.sub("\n", text))))


def breakable(text: str) -> str:
    """The same text with places where a word of more than a thousand letters may be broken."""
    return _ENDLESS.sub("\\1\u200b", text)


def line(text: str) -> str:
    """A subject, a name or a file name as one line, as it may be drawn."""
    if text.isascii() and text.isprintable():  # most are, and of what goes nothing is either
        return " ".join(text.split())
    return " ".join(_tame(_NEWLINES.sub(" ", text)).split())


def title(subject: str) -> str:
    """A conversation's subject as one line: who answered first, and where, is no part of it."""
    return without_answer_marks(line(subject))


def tooltip(text: str) -> str:
    """A text for a tool tip, where Qt would take angle brackets for HTML."""
    return html.escape(paragraphs(text)).replace("\n", "<br>")


def menu_text(text: str) -> str:
    """A text for a menu or a button, where Qt would take & for a shortcut."""
    return line(text).replace("&", "&&")


def _tame(text: str) -> str:
    return _MARKS.sub(r"\1", _UNSEEN.sub("", text))
