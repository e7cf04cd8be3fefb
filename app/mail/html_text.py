"""HTML text: what a person would read of an HTML mail, as plain lines. Used by reading.

Blocks become lines, quoted blocks get a > before each line, and what is hidden from the reader
(style sheets, preheaders) is left out. Nesting is capped before the parser sees it: 200,000 open
tags would hold it for minutes.
"""

from __future__ import annotations

import re

from selectolax.lexbor import LexborHTMLParser, LexborNode

from app.mail.charsets import clean

MAX_HTML = 2_000_000
MAX_NESTING = 200

# Private letters mark the places; the text between two of them has no line end of its own.
_BLOCK, _PARAGRAPH, _BREAK, _CELL = "\ue000", "\ue001", "\ue002", "\ue003"
_OPEN, _CLOSE = "\ue004", "\ue005"
_MARKS = re.compile("[\ue000-\ue005]")
_STEPS = re.compile("([\ue000-\ue002\ue004\ue005])")
_DEPTH = {_OPEN: 1, _CLOSE: -1}
_BLOCKS = (
    "div", "li", "dt", "dd", "pre", "address", "article", "section", "header",
    "footer", "center", "form",
)  # fmt: skip
_PARAGRAPHS = ("p", "h1", "h2", "h3", "h4", "h5", "h6", "ul", "ol", "dl", "hr")
_MARK_OF = {
    **{f"<{slash}{name}": _BLOCK for name in _BLOCKS for slash in ("", "/")},
    **{f"<{slash}{name}": _PARAGRAPH for name in _PARAGRAPHS for slash in ("", "/")},
    "<br": _BREAK,
    "<blockquote": _OPEN,
    "</blockquote": _CLOSE,
    "</td": _CELL,
    "</th": _CELL,
}
_MARKED_TAG = re.compile(
    rf"<(?:/?(?:{'|'.join((*_BLOCKS, *_PARAGRAPHS))}|blockquote)|br|/td|/th)(?=[\s/>])",
    re.IGNORECASE,
)
_TAG = re.compile(r"<(/?)([a-zA-Z][a-zA-Z0-9]{0,15})")

_NEVER_SHOWN = "head, style, script, template, noscript, object, svg, select, textarea"
_MAYBE_HIDDEN = (
    '[style*="display" i], [style*="visibility" i], [style*="font-size" i], [style*="mso-hide" i],'
    ' [style*="max-height" i], [hidden], [style*="color" i], [style*="opacity" i],'
    ' [style*="text-indent" i], font[color], font[size]'
)
_HIDDEN_STYLE = re.compile(
    r"(?:display\s{0,3}:\s{0,3}none|visibility\s{0,3}:\s{0,3}hidden|mso-hide\s{0,3}:\s{0,3}all|"
    r"(?:max-height|(?<!-)opacity)\s{0,3}:\s{0,3}0(?:\.0+)?(?:px|pt|em|%)?\s{0,3}(?:;|!|$))",
    re.IGNORECASE,
)
_NO_SIZE = re.compile(
    r"font-size\s{0,3}:\s{0,3}0(?:\.0+)?(?:px|pt|em|rem|%)?\s{0,3}(?:;|!|$)", re.I
)

# What cannot be told from the ground it stands on; only where no ground of its own is given.
_WHITE = (
    r"(?:white|#fff|#ffffff|#fefefe"
    r"|rgba?\(\s{0,3}255\s{0,3},\s{0,3}255\s{0,3},\s{0,3}255[^)]{0,12}\))"
)
_WHITE_INK = re.compile(
    rf"(?:^|;)\s{{0,3}}color\s{{0,3}}:\s{{0,3}}{_WHITE}\s{{0,3}}(?:;|!|$)", re.IGNORECASE
)
_UNSEEN = re.compile(
    r"(?:^|;)\s{0,3}color\s{0,3}:\s{0,3}transparent\s{0,3}(?:;|!|$)"
    r"|opacity\s{0,3}:\s{0,3}0?(?:\.0+)?\s{0,3}(?:;|!|$)|text-indent\s{0,3}:\s{0,3}-\d{3}",
    re.IGNORECASE,
)
# The ground that a style sheet gives to the page, in what comes before those for other screens.
_PAGE = re.compile(r"(?<![\w.#-])(?:html|body)\s{0,9}(?:,[^{}]{0,100})?\{([^{}]{0,2000})\}", re.I)
_STYLES_READ = 20_000
_TINY = re.compile(r"font-size\s{0,3}:\s{0,3}[01](?:\.\d+)?(?:px|pt)\s{0,3}(?:;|!|$)", re.I)
_GROUND = re.compile(r"background(?:-color|-image)?\s{0,3}:([^;]{1,200})", re.IGNORECASE)
_DARK = re.compile(r"black|#[0-7]|rgb\(\s{0,3}\d{1,2}\s{0,3},", re.IGNORECASE)
_WHITE_ONLY = re.compile(_WHITE, re.IGNORECASE)
_MAYBE_WHITE = re.compile(
    rf"(?<![\w-])color\s{{0,9}}[:=]\s{{0,9}}[\"']?\s{{0,3}}{_WHITE}", re.IGNORECASE
)
_LOOKED_UP = 12

# The containers in which mail programs put what they quote.
QUOTES = (
    "blockquote[type=cite], .gmail_quote, .gmail_quote_container, .gmail_attr, .yahoo_quoted,"
    " .moz-cite-prefix, .moz-forward-container, .protonmail_quote, .zmail_extra, .tutanota_quote,"
    ' #OLK_SRC_BODY_SECTION, [data-marker="__QUOTED_TEXT__"],'
    " #mail-editor-reference-message-container, #isForwardContent, #isReplyContent"
)
# One of these letters is in every container above: to look for them is quicker than to parse.
_QUOTE_HINTS = (
    "blockquote", "gmail_", "yahoo_quoted", "moz-", "protonmail_", "zmail_", "tutanota_", "olk_src",
    "__quoted_text__", "mail-editor-reference", "isforward", "isreply", "divrplyfwd",
    "appendonsend", "stopspelling",
)  # fmt: skip
# From these on everything is quoted.
QUOTE_STARTS = "#divRplyFwdMsg, #appendonsend, #stopSpelling ~ hr"

# Tags that are never nested in one another, however many are left open.
_FLAT = frozenset((
    "p", "li", "td", "th", "tr", "dt", "dd", "option", "br", "hr", "img", "input", "meta", "link",
    "col", "area", "wbr", "source", "param", "embed",
))  # fmt: skip


def html_to_text(html: str, *, quotes: bool = True, white: bool = False) -> str:
    """The readable text of an HTML mail; without `quotes`, what was quoted is left out.

    With `white`, what is written in white counts too. Never raises; linear in the size of the HTML,
    of which the first 2 MB count.
    """
    html = html[:MAX_HTML]
    tree = LexborHTMLParser(_marked(shallow(html)))
    _drop(tree, quotes=quotes, white=white or _on_dark_page(html))
    body = tree.body or tree.root
    return _lines(body.text(deep=True, separator="")) if body is not None else ""


def has_quotes(html: str) -> bool:
    """Whether the HTML holds a container that mail programs quote with."""
    lower = html[:MAX_HTML].lower()
    if not any(hint in lower for hint in _QUOTE_HINTS):
        return False
    tree = LexborHTMLParser(shallow(html[:MAX_HTML]))
    return tree.css_first(f"{QUOTES}, {QUOTE_STARTS}") is not None


def may_be_white(html: str) -> bool:
    """Whether any letters may be white: a cheap look, before anything is parsed for it."""
    return _MAYBE_WHITE.search(html[:MAX_HTML]) is not None


def is_in_white(html: str) -> bool:
    """Whether it says something of its own, and all of it in white: written on a dark screen.

    Beside words that can be seen, words in white are a trick and are none.
    """
    if not may_be_white(html):
        return False
    seen = html_to_text(html, quotes=False)
    return not says_something(seen) and says_something(html_to_text(html, quotes=False, white=True))


def says_something(text: str) -> bool:
    """Whether a line of it is more than a quoted one."""
    return any(line[:1] not in ("", ">") for line in text.split("\n"))


def visible(html: str) -> str:
    """The HTML without what its styles hide from the reader; parsed, so nested as it says."""
    tree = LexborHTMLParser(html)
    _drop_hidden(tree, white=_on_dark_page(html) or is_in_white(html))
    return tree.html or ""


def shallow(html: str, *, nesting: int = MAX_NESTING) -> str:
    """The HTML without those tags that stand deeper than `nesting`; their text stays."""
    if html.count("<") <= nesting:
        return html
    depth, begin, kept = 0, 0, []
    for match in _TAG.finditer(html):
        name = match[2].lower()
        if name in _FLAT or match.start() < begin:
            continue
        depth = max(0, depth - 1) if match[1] else depth + 1
        if depth > nesting or (depth == nesting and match[1]):
            kept.append(html[begin : match.start()])
            begin = _tag_end(html, match.end())
    return "".join((*kept, html[begin:])) if kept else html


def _tag_end(html: str, place: int) -> int:
    end = html.find(">", place)
    return len(html) if end < 0 else end + 1


def _marked(html: str) -> str:
    return _MARKED_TAG.sub(lambda tag: _MARK_OF[tag[0].lower()] + tag[0], _MARKS.sub("", html))


def _drop(tree: LexborHTMLParser, *, quotes: bool, white: bool) -> None:
    for node in _innermost_first(tree, _NEVER_SHOWN):
        node.decompose()
    _drop_hidden(tree, white=white)
    for node in _innermost_first(tree, "pre"):
        _keep_line_ends(node)
    for node in tree.css("tr, table"):
        # A mark written before these would be moved out of the table by the parser.
        node.insert_before(_BLOCK)
        node.insert_after(_BLOCK)
    if quotes:
        return
    for node in _innermost_first(tree, QUOTES):
        node.decompose()
    for node in _innermost_first(tree, QUOTE_STARTS):
        _drop_from(node)


def _drop_hidden(tree: LexborHTMLParser, *, white: bool) -> None:
    """Take out what cannot be seen; with `white`, white letters can."""
    for node in _innermost_first(tree, _MAYBE_HIDDEN):
        if _is_hidden(node, white=white):
            node.decompose()


def _on_dark_page(html: str) -> bool:
    """Whether a style sheet gives the page a ground that is not white."""
    begin = html.find("<style")
    if begin < 0:
        return False
    styles = html[begin : begin + _STYLES_READ].partition("</style")[0].partition("@media")[0]
    page = _PAGE.search(styles)
    ground = _ground(page[1]).strip() if page else ""
    return bool(_DARK.match(ground))


def _innermost_first(tree: LexborHTMLParser, selector: str) -> list[LexborNode]:
    """Each match once, children before their parents: a parent takes its children with it."""
    return list({node.mem_id: node for node in tree.css(selector)}.values())[::-1]


def _is_hidden(node: LexborNode, *, white: bool) -> bool:
    style = str(node.attributes.get("style") or "")
    if "hidden" in node.attributes or _HIDDEN_STYLE.search(style):
        return True
    if _is_unseen(node, style, white=white):
        return len(node.css('[style*="color" i], font[color]')) <= 1  # itself
    # Wrappers without a size are a layout trick when something inside has one.
    small = _NO_SIZE.search(style) or _TINY.search(style) or node.attributes.get("size") == "0"
    return bool(small) and len(node.css('[style*="font-size" i]')) <= 1


def _is_unseen(node: LexborNode, style: str, *, white: bool) -> bool:
    """White on white, or transparent; on a ground of its own, white is how buttons are written."""
    font = node.tag == "font" and _WHITE_ONLY.fullmatch(str(node.attributes.get("color") or ""))
    in_white = not white and (font or _WHITE_INK.search(style))
    if not in_white and not _UNSEEN.search(style):
        return False
    above: LexborNode | None = node
    for _ in range(_LOOKED_UP):
        if above is None:
            break
        inner = str(above.attributes.get("style") or "")
        ground = str(above.attributes.get("bgcolor") or "") or _ground(inner)
        if ground and not _WHITE_ONLY.match(ground.strip()):
            return False
        above = above.parent
    return True


def _ground(style: str) -> str:
    found = _GROUND.search(style)
    return found[1] if found else ""


def _keep_line_ends(node: LexborNode) -> None:
    text = node.text(deep=True)
    if "\n" in text:
        node.replace_with(f"{_BLOCK}{text.replace(chr(10), _BREAK)}{_BLOCK}")


def _drop_from(node: LexborNode) -> None:
    following = node.next
    while following is not None:
        after = following.next
        following.decompose()
        following = after
    node.decompose()


def _lines(text: str) -> str:
    """The text between the marks as lines: blank ones where a paragraph ends, never two."""
    lines: list[str] = []
    depth = 0
    pieces = _STEPS.split(clean(text).replace(_CELL, " ") + _BLOCK)
    for words, mark in zip(pieces[::2], pieces[1::2], strict=False):
        line = " ".join(words.split())
        room = ">" * min(depth, 5)
        if line:
            lines.append(f"{room} {line}" if depth else line)
        if (mark == _PARAGRAPH or (mark == _BREAK and not line)) and lines and lines[-1] != room:
            lines.append(room)
        if mark in _DEPTH:
            depth = max(0, depth + _DEPTH[mark])
    return "\n".join(lines).strip("\n")
