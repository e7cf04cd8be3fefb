"""The small language in which a formatted mail is drawn: structure, and nothing that acts.

Whatever comes in, what goes out is built here from a short list of tags, balanced, with bounded
nesting and numbers. Colours, sizes and pictures stay behind: so a mail reads well in both palettes,
nothing hidden stays hidden, and nothing in it can name a resource. One pass, linear in the input;
nested tables, which cost Qt 2^n, are unwrapped below depth 3, and 600 cells are enough.
"""

from __future__ import annotations

import html
import re
from dataclasses import dataclass, field

from app.ui.issue.foreign_text import breakable

_INPUT = 256 * 1024
_TAGS = 8_000
_CELLS = 600
_DEPTH = 48
_TABLES = 3

_INLINE = frozenset({"b", "strong", "i", "em", "u", "s", "code", "sub", "sup", "a"})
_BLOCK = frozenset(
    {"p", "div", "blockquote", "pre", "ul", "ol", "li", "h1", "h2", "h3", "h4", "h5", "h6"}
)
_TABLE = frozenset({"table", "tr", "td", "th"})
_KEPT = _INLINE | _BLOCK | _TABLE
_ALIAS = {"del": "s", "strike": "s", "center": "div", "section": "div", "article": "div"}
_ALIAS |= {"header": "div", "footer": "div", "dl": "div", "dt": "p", "dd": "blockquote"}
# What stands between these is not text.
_SILENT = frozenset({"script", "style", "title", "textarea", "noscript", "template", "select"})
_SILENT |= {"iframe", "noembed", "noframes", "xmp", "svg", "math", "object", "applet", "audio"}
_SILENT |= {"video"}
# A tag that ends the one before it, as HTML 13.1.2.4 lets authors leave the end away.
_ENDS = {"p": ("p",), "li": ("li",), "td": ("td", "th"), "th": ("td", "th"), "tr": ("tr",)}
_HOLDS = {"li": ("ul", "ol"), "td": ("tr",), "th": ("tr",), "tr": ("table",)}

_ATTRIBUTE = re.compile(
    r"""(?<![\w-])(href|alt|colspan|align)\s*=\s*("[^"]*"|'[^']*'|[^\s"'>]+)""", re.IGNORECASE
)
_NAME = re.compile(r"[a-zA-Z][a-zA-Z0-9]{0,19}")
_LINK = re.compile(r"\s*(?:https?://|mailto:)", re.IGNORECASE)


@dataclass(frozen=True, slots=True, kw_only=True)
class Markup:
    """A mail in the small language; `cut` where it went on, `pictures` that were left out."""

    html: str
    cut: bool
    pictures: int


@dataclass(slots=True)
class _Page:
    out: list[str] = field(default_factory=list)
    stack: list[str] = field(default_factory=list)
    tables: int = 0
    tags: int = 0
    cells: int = 0
    pictures: int = 0


def small_markup(source: str) -> Markup:
    """Any HTML as bounded, balanced markup with links to http, https and mailto only."""
    text = source[:_INPUT].replace("\0", "")
    lowered = text.lower()
    if len(lowered) != len(text):  # a letter like İ grows: fold only what is ASCII
        lowered = "".join(c.lower() if c.isascii() else c for c in text)
    page, at = _Page(), 0
    while at < len(text) and page.tags < _TAGS:
        at = _step(page, text, lowered, at)
    while page.stack:
        _close(page, page.stack[-1])
    return Markup(
        html="".join(page.out),
        cut=at < len(text) or len(source) > _INPUT,
        pictures=page.pictures,
    )


def _step(page: _Page, text: str, lowered: str, at: int) -> int:
    opening = text.find("<", at)
    if opening < 0:
        _say(page, text[at:])
        return len(text)
    if opening > at:
        _say(page, text[at:opening])
    if text.startswith("<!--", opening):
        end = text.find("-->", opening + 4)
        return len(text) if end < 0 else end + 3
    return _tag(page, text, lowered, opening)


def _tag(page: _Page, text: str, lowered: str, opening: int) -> int:
    closing = text[opening + 1 : opening + 2] == "/"
    name = _NAME.match(lowered, opening + 1 + closing)
    if name is None and text[opening + 1 : opening + 2] not in ("!", "?", "/"):
        page.tags += 1
        _say(page, "<")
        return opening + 1
    end = text.find(">", opening)
    if end < 0:  # a tag that never ends: nothing after it can be told from its attributes
        return len(text)
    page.tags += 1
    if name is None:
        return end + 1
    if closing:
        _close(page, _ALIAS.get(name.group(), name.group()))
        return end + 1
    if name.group() in _SILENT and text[end - 1] != "/":
        return _after(lowered, name.group(), end + 1)
    _open(page, _ALIAS.get(name.group(), name.group()), text[name.end() : min(end, opening + 4096)])
    return end + 1


def _after(lowered: str, name: str, at: int) -> int:
    closing = lowered.find(f"</{name}", at)
    end = lowered.find(">", closing) if closing >= 0 else -1
    return len(lowered) if end < 0 else end + 1


def _say(page: _Page, text: str) -> None:
    if page.stack and page.stack[-1] in ("table", "tr"):  # only cells hold text
        text = text.strip()
        if not text:
            return
    page.out.append(html.escape(breakable(html.unescape(text)), quote=True))


def _open(page: _Page, name: str, attributes: str) -> None:
    if name in ("br", "hr"):
        page.out.append(f"<{name}>")
    elif name == "img":
        _picture(page, attributes)
    elif name in _KEPT:
        _end_open(page, name)
        _begin(page, name, attributes)


def _begin(page: _Page, name: str, attributes: str) -> None:
    if len(page.stack) < _DEPTH and _fits(page, name):
        page.out.append(f"<{name}{_attributes(name, attributes)}>")
        page.stack.append(name)
        page.tables += name == "table"
        page.cells += name in ("td", "th")


def _end_open(page: _Page, name: str) -> None:
    for tag in reversed(page.stack):
        if tag in _ENDS.get(name, ()):
            _close(page, tag)
            return
        if tag in _HOLDS.get(name, _TABLE):
            return


def _fits(page: _Page, name: str) -> bool:
    if name == "table":
        return page.tables < _TABLES
    if name == "a":
        return "a" not in page.stack
    top = page.stack[-1] if page.stack else ""
    if name == "tr":
        return top == "table"
    if name in ("td", "th"):
        return top == "tr" and page.cells < _CELLS
    return top not in ("table", "tr")


def _picture(page: _Page, attributes: str) -> None:
    page.pictures += 1
    alt = " ".join(_values(attributes).get("alt", "").split())[:80]
    if alt:
        page.out.append(html.escape(f"[{alt}]", quote=True))


def _attributes(name: str, attributes: str) -> str:
    if name == "table":
        return ' cellspacing="0" cellpadding="3"'
    values = _values(attributes)
    if name == "a" and _LINK.match(values.get("href", "")):
        return f' href="{html.escape(values["href"].strip()[:2048], quote=True)}"'
    span = values.get("colspan", "")
    if name in ("td", "th") and span.isascii() and span.isdigit():
        return f' colspan="{max(1, min(int(span[:4]), 12))}"'
    return ""


def _values(attributes: str) -> dict[str, str]:
    found = _ATTRIBUTE.findall(attributes)
    return {name.lower(): html.unescape(value.strip("\"'")) for name, value in found}


def _close(page: _Page, name: str) -> None:
    if name not in page.stack or (name not in _TABLE and _walled(page, name)):
        return
    while page.stack:
        top = page.stack.pop()
        page.tables -= top == "table"
        page.out.append(f"</{top}>")
        if top == name:
            return


def _walled(page: _Page, name: str) -> bool:
    """Whether a table cell stands between here and the tag: a stray end must not close it."""
    for tag in reversed(page.stack):
        if tag == name:
            return False
        if tag in _TABLE:
            return True
    return False
