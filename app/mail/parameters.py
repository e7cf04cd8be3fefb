"""Parameters: the words behind a Content-Type or a Content-Disposition. Used by the part walker."""

from __future__ import annotations

import re
from collections.abc import Mapping
from functools import lru_cache
from urllib.parse import unquote_to_bytes

from app.mail.charsets import decode
from app.mail.headers import words

_MOST = 50
# name*0*=: the section's number and the star that says it is percent-encoded (RFC 2231).
_SECTION = re.compile(r"([^*]{1,60})(?:\*(\d{1,3}))?(\*)?")
# Direction marks turn "gpj.exe" round; a name on a screen needs none.
_UNSEEN = re.compile(r"[\x00-\x1f\x7f-\x9f\u200b-\u200f\u202a-\u202e\u2060-\u2069\ufeff]")
_RESERVED = re.compile(r"(?i)(con|prn|aux|nul|com\d|lpt\d)(\..*)?")
_LONGEST = 120
_USUAL_LENGTH = 200
# A value with one parameter or none, none of them in sections.
_USUAL = re.compile(
    r"[ \t]*([^\s;\"=]+)[ \t]*"
    r"(?:;[ \t]*([^\s*=;\"]{1,60})=(?:\"([^\"\\]*)\"|([^\s;\"]*))[ \t]*)?;?[ \t]*"
)


def parse(text: str) -> tuple[str, Mapping[str, str]]:
    """The value before the first semicolon in lower case, and its parameters by lower-case name."""
    if not text:
        return "", {}
    return _parse(text) if len(text) < _USUAL_LENGTH else _parsed(text)


@lru_cache(maxsize=256)
def _parse(text: str) -> tuple[str, Mapping[str, str]]:
    """The same, remembered: in a mailbox there are few of them."""
    usual = _USUAL.fullmatch(text)
    if usual is None:
        return _parsed(text)
    value, name, quoted, bare = usual.groups()
    return value.lower(), {name.lower(): words(quoted or bare or "")} if name else {}


def _parsed(text: str) -> tuple[str, Mapping[str, str]]:
    pieces = _pieces(text[:20_000])
    sections: dict[str, list[tuple[int, bool, str]]] = {}
    for piece in pieces[1:]:
        key, equals, value = piece.partition("=")
        match = _SECTION.fullmatch(key.strip().lower())
        if equals and match:
            section = (int(match[2] or 0), bool(match[3]), _unquoted(value))
            sections.setdefault(match[1], []).append(section)
    return pieces[0].strip().lower(), {name: _joined(found) for name, found in sections.items()}


def _pieces(text: str) -> list[str]:
    """The text cut at its semicolons, but not at those in quotes."""
    if '"' not in text:
        return text.split(";")[:_MOST]
    pieces, begin, quoted, skip = [], 0, False, False
    for place, letter in enumerate(text):
        if skip:
            skip = False
        elif letter == "\\" and quoted:
            skip = True
        elif letter == '"':
            quoted = not quoted
        elif letter == ";" and not quoted:
            pieces.append(text[begin:place])
            begin = place + 1
    return [*pieces, text[begin:]][:_MOST]


def _unquoted(value: str) -> str:
    value = value.strip()
    if len(value) > 1 and value[0] == value[-1] == '"':
        return re.sub(r"\\(.)", r"\1", value[1:-1])
    return value.strip('"')


def _joined(sections: list[tuple[int, bool, str]]) -> str:
    if len(sections) == 1 and not sections[0][1]:
        return words(sections[0][2])
    data, charset = b"", ""
    for number, encoded, value in sorted(sections):
        if encoded and number == 0 and value.count("'") > 1:
            charset, _, value = value.split("'", 2)
        data += unquote_to_bytes(value) if encoded else value.encode("utf-8", errors="replace")
    return words(decode(data, charset))


def safe_filename(name: str, *, fallback: str) -> str:
    """A name fit for a screen and a disk: no path, nothing invisible, no more than 120 letters."""
    name = _UNSEEN.sub("", name).replace("\\", "/").rpartition("/")[2]
    name = re.sub(r'[:*?"<>|]', "_", name).strip(" .")
    if not name:
        return fallback
    if _RESERVED.fullmatch(name):
        name = f"_{name}"
    if len(name) > _LONGEST:
        stem, dot, ending = name.rpartition(".")
        keep = f"{dot}{ending}" if dot and len(ending) <= 10 else ""
        name = (stem or name)[: _LONGEST - len(keep)].rstrip() + keep
    return name
