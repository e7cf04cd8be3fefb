"""Pasted: what was meant where a password or a key was copied, with the dirt that comes along."""

from __future__ import annotations

import unicodedata

_UNSEEN = ("Cc", "Cf")  # line ends, zero width spaces, byte order marks


def bare(typed: str) -> str:
    """A key without any blank, line end or sign that cannot be seen: none has one inside."""
    return "".join(sign for sign in typed if not _is_dirt(sign))


def trimmed(typed: str) -> str:
    """What was typed without the dirt before and behind it."""
    start, end = 0, len(typed)
    while start < end and _is_dirt(typed[start]):
        start += 1
    while end > start and _is_dirt(typed[end - 1]):
        end -= 1
    return typed[start:end]


def passwords(typed: str, *, for_programs: bool) -> tuple[str, ...]:
    """What may have been meant, the likeliest first.

    `for_programs`: the provider made it, and shows it in groups with blanks between them (by
    Google these are no plain blanks). Of a person's own password only the ends are in doubt, where
    a line end is never meant.
    """
    if for_programs:
        return (bare(typed),)
    likely = (typed.strip("\r\n"), trimmed(typed))
    return tuple(dict.fromkeys(filter(None, likely))) or ("",)


def _is_dirt(sign: str) -> bool:
    return sign.isspace() or _is_unseen(sign)


def _is_unseen(sign: str) -> bool:
    return unicodedata.category(sign) in _UNSEEN
