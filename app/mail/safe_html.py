"""Safe HTML: what of an HTML mail may be shown. Made in the engine, before the window sees it.

An allow-list: text, tables, plain formatting and pictures that came inside the mail. Nothing that
could ask a server for anything, no forms, no scripts, no styles; nesting and size are capped.
"""

from __future__ import annotations

import base64
import html
from collections.abc import Callable
from dataclasses import dataclass

import nh3

from app.mail import parse
from app.mail.fallback import Part
from app.mail.flowed import TYPED
from app.mail.html_text import shallow, visible
from app.mail.pieces import Piece

MAX_HTML = 256 * 1024
MAX_PICTURES = 1024 * 1024
TABLE_DEPTH = 6
NESTING = 100
_CUT = "<p>… (the rest of this mail is not shown)</p>"

_TAGS = {
    "a", "abbr", "b", "blockquote", "br", "center", "code", "dd", "del", "div", "dl", "dt", "em",
    "h1", "h2", "h3", "h4", "h5", "h6", "hr", "i", "img", "ins", "li", "ol", "p", "pre", "q", "s",
    "small", "span", "strike", "strong", "sub", "sup", "table", "tbody", "td", "tfoot", "th",
    "thead", "tr", "tt", "u", "ul",
}  # fmt: skip
_WITH_CONTENT = {
    "script", "style", "title", "head", "template", "noscript", "object", "iframe", "svg", "math",
    "select", "textarea", "applet", "embed", "audio", "video", "button",
}  # fmt: skip
_ATTRIBUTES: dict[str, set[str]] = {
    "a": {"href"},
    "img": {"src", "alt", "width", "height"},
    "td": {"align", "valign", "colspan", "rowspan"},
    "th": {"align", "valign", "colspan", "rowspan"},
    "p": {"align"},
    "div": {"align"},
    "ol": {"start"},
}
_PICTURES = frozenset(("image/png", "image/jpeg", "image/gif", "image/webp", "image/bmp"))
_NUMBERS = frozenset(("width", "height", "colspan", "rowspan", "start"))


def safe_html(raw: bytes) -> str:
    """The body of a mail as HTML that is safe to show, or its text with nothing but line ends.

    Never raises. Links keep their target, for a person to see and to click; nothing is fetched.
    """
    body = parse.body(raw)
    if not body.html.strip():
        text = "\n\n".join(piece.plain.strip("\n") for piece in body.pieces).replace(TYPED, ">")
        return f"<pre>{html.escape(text[:MAX_HTML])}</pre>"
    source = "\n".join(map(_as_html, body.pieces))
    return _within(source, lambda: _Pictures(raw, body.files))


def _as_html(piece: Piece) -> str:
    """A piece of the mail; one in plain letters alone stands in its place among the others."""
    if piece.html or not piece.plain.strip():
        return piece.html
    return f"<pre>{html.escape(piece.plain.strip().replace(TYPED, '>'))}</pre>"


def _within(source: str, pictures: Callable[[], _Pictures]) -> str:
    """The cleaned HTML, cut where the window could not lay it out; the pictures do not count."""
    shown = source[:MAX_HTML]
    cleaned, size = _cleaned(shown, pictures())
    if size > MAX_HTML:  # marks such as & grow when they are written safely
        shown = shown[: MAX_HTML * len(shown) // size]
        cleaned, size = _cleaned(shown, pictures())
    return cleaned if len(shown) == len(source) else cleaned + _CUT


def _cleaned(source: str, pictures: _Pictures) -> tuple[str, int]:
    """Only what is on the allow-list, and its length without the pictures."""
    cleaned = nh3.clean(
        _flat_tables(visible(shallow(source, nesting=NESTING))),
        tags=_TAGS,
        clean_content_tags=_WITH_CONTENT,
        attributes=_ATTRIBUTES,
        attribute_filter=pictures.allowed,
        url_schemes={"http", "https", "mailto", "cid"},
        strip_comments=True,
        link_rel="noopener noreferrer",
    )
    return cleaned, len(cleaned) - pictures.letters


def _flat_tables(source: str) -> str:
    """Tables within tables beyond the sixth are opened up into plain blocks."""
    kept: list[str] = []
    depth = begin = 0
    lower = source.lower()
    place = lower.find("table")
    while place >= 0:
        opens, closes = lower[place - 1 : place] == "<", lower[place - 2 : place] == "</"
        depth += opens
        if (opens or closes) and depth > TABLE_DEPTH:
            kept.extend((source[begin:place], "div"))
            begin = place + len("table")
        depth = max(0, depth - closes)
        place = lower.find("table", place + 5)
    return "".join((*kept, source[begin:]))


@dataclass(slots=True)
class _Pictures:
    """The pictures inside the mail, handed out as data: until a megabyte is used up."""

    raw: bytes
    files: tuple[Part, ...]
    bytes_used: int = 0
    letters: int = 0

    def allowed(self, tag: str, attribute: str, value: str) -> str | None:
        """The value that an attribute may have, or None to drop it."""
        if attribute == "src":
            return self._picture(value)
        if attribute == "href":
            return (
                value if value.strip().lower().startswith(("http:", "https:", "mailto:")) else None
            )
        if attribute in _NUMBERS:
            number = value.strip().removesuffix("px")
            return number if number.isascii() and number.isdigit() and len(number) < 5 else None
        return value[:500]

    def _picture(self, value: str) -> str | None:
        if not value.lower().startswith("cid:"):
            return None
        wanted = value[4:].strip()
        for one in self.files:
            if one.content_id == wanted and one.content_type in _PICTURES:
                return self._inlined(one)
        return None

    def _inlined(self, picture: Part) -> str | None:
        content = picture.content(self.raw)
        if not content or self.bytes_used + len(content) > MAX_PICTURES:
            return None
        self.bytes_used += len(content)
        data = f"data:{picture.content_type};base64,{base64.b64encode(content).decode('ascii')}"
        self.letters += len(data)
        return data
