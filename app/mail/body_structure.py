"""Body structure: the parts of a mail as its server lists them (RFC 3501 7.4.2), without the mail.

Used by `large_mail`. A list in brackets becomes a tree; what a server leaves out is empty, and what
is no structure at all is None, so that the mail is read another way.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

_TOKEN = re.compile(rb'[()]|"((?:[^"\\]|\\.)*)"|[^\s()"]+')
_DEEPEST = 40
_MOST = 1_000

Token = bytes
Item = bytes | None | list["Item"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Leaf:
    """A part that holds no others; `section` is its number on the server, `octets` as it lies."""

    section: str
    content_type: str
    octets: int
    is_file: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Branch:
    """A multipart; its own section is empty where it is the whole mail."""

    section: str
    children: tuple[Leaf | Branch, ...]


Structure = Leaf | Branch


def read(said: bytes) -> Structure | None:
    """The structure in a FETCH answer; None where there is none that can be understood."""
    begin = re.search(rb"BODYSTRUCTURE (?=\()", said, re.IGNORECASE)
    if begin is None:
        return None
    try:
        items = _list(_TOKEN.finditer(said, begin.end()))
        return _structure(items, "", depth=0)
    except (ValueError, IndexError, TypeError, RecursionError):
        return None


def leaves(structure: Structure) -> Iterator[Leaf]:
    """Every part that holds no others, in order."""
    if isinstance(structure, Leaf):
        yield structure
    else:
        for child in structure.children:
            yield from leaves(child)


def branches(structure: Structure) -> Iterator[Branch]:
    """Every multipart, the outermost first."""
    if isinstance(structure, Branch):
        yield structure
        for child in structure.children:
            yield from branches(child)


def _list(tokens: Iterator[re.Match[bytes]]) -> list[Item]:
    """The first list in brackets; without recursion, as deep as it may be."""
    open_lists: list[list[Item]] = []
    for count, token in enumerate(tokens):
        if count > 50 * _MOST:
            break
        word = token[0]
        if word == b"(":
            fresh: list[Item] = []
            if open_lists:
                open_lists[-1].append(fresh)
            open_lists.append(fresh)
        elif word == b")":
            done = open_lists.pop()
            if not open_lists:
                return done
        elif token[1] is not None:
            open_lists[-1].append(re.sub(rb"\\(.)", rb"\1", token[1]))
        else:
            open_lists[-1].append(None if word.upper() == b"NIL" else word)
    raise ValueError("the structure has no end")


def _structure(items: list[Item], section: str, *, depth: int) -> Structure:
    if depth > _DEEPEST:
        raise ValueError("nested too deep")
    if isinstance(items[0], list):
        below = [item for item in items if isinstance(item, list)]
        # The lists before the subtype are parts; those behind it are parameters.
        count = next(at for at, item in enumerate(items) if not isinstance(item, list))
        children = tuple(
            _structure(child, f"{section}.{at}".lstrip("."), depth=depth + 1)
            for at, child in enumerate(below[: min(count, _MOST)], start=1)
        )
        return Branch(section=section, children=children)
    return Leaf(
        section=section or "1",
        content_type=f"{_word(items[0])}/{_word(items[1])}".lower(),
        octets=int(_word(items[6])),
        is_file=any(_says_attachment(item) for item in items[7:]),
    )


def _says_attachment(item: Item) -> bool:
    """Whether this is the disposition of a file: ("attachment" ("filename" ...))."""
    return (
        isinstance(item, list)
        and bool(item)
        and isinstance(item[0], bytes)
        and item[0].lower() == b"attachment"
    )


def _word(item: Item) -> str:
    if not isinstance(item, bytes):
        raise TypeError("a word was expected")
    return item.decode("ascii", "replace")
