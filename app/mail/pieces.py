"""Pieces: the texts of a mail in their order, and which of them say the same in two versions.

Only within multipart/alternative is one text there in place of another (RFC 2046 5.1.4). Anywhere
else each is said beside the others: a footer that a program adds in plain letters is not what the
HTML above it says.
"""

from __future__ import annotations

from collections.abc import Sequence
from itertools import groupby
from typing import NamedTuple

Way = tuple[tuple[int, int], ...]


class Text(NamedTuple):
    """A text as it stands in the mail.

    `way` leads to it from the outside: which multipart/alternative it lies in, and which of its
    versions it belongs to.
    """

    words: str
    html: bool
    way: Way = ()


class Piece(NamedTuple):
    """What is said in one place: in plain letters, as HTML, or in both."""

    plain: str = ""
    html: str = ""


def piece(words: str, *, html: bool) -> Piece:
    """What one text says by itself."""
    return Piece(html=words) if html else Piece(words)


def side_by_side(texts: Sequence[tuple[bool, str]]) -> tuple[Piece, ...]:
    """What the texts of one multipart/alternative say; each is told by whether it is HTML."""
    if len(texts) == 2 and not texts[0][0] and texts[1][0] and not texts[0][1].isspace():
        plain, html = texts[0][1].strip("\n"), texts[1][1]
        return (Piece(plain, html) if plain else Piece(html=html),)
    return in_order([Text(words, html, ((0, at),)) for at, (html, words) in enumerate(texts)])


def in_order(texts: Sequence[Text], depth: int = 0) -> tuple[Piece, ...]:
    """What these texts say, one after the other, each version of it once."""
    found: list[Piece] = []
    for inside, some in groupby(
        texts, lambda one: one.way[depth : depth + 1] and one.way[depth][0]
    ):
        if inside == ():
            found += [piece(one.words, html=one.html) for one in some]
        else:
            found += _versions(list(some), depth)
    return tuple(found)


def _versions(texts: list[Text], depth: int) -> tuple[Piece, ...]:
    """One piece, where a version is in plain letters alone and says something; else all others."""
    rich = {one.way[depth] for one in texts if one.html}
    plain = [one.words for one in texts if one.way[depth] not in rich]
    others = [one for one in texts if one.way[depth] in rich]
    words = "\n\n".join(one.strip("\n") for one in plain if one.strip())
    if words or not others:
        return (Piece(words, "\n".join(one.words for one in others if one.html)),)
    return in_order(others, depth + 1)
