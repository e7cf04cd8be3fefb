"""Glance: how all folders stand, in one breath, without opening them. First step of a round.

One STATUS for each folder, all sent at once (RFC 3501 5.5 and 6.3.10). A folder whose numbers are
those of the last look, down to the last change that the server counted (RFC 7162), need not be
opened. The open folder is left first (RFC 3691): of that one, a server tells what it last told.
Used by the gateway.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence

from app.domain.mailbox import FolderSnapshot
from app.mail.fetching import Lines
from app.mail.selecting import HIGHEST, encoded, quoted

_AT_ONCE = 20  # commands under way; a server does not read on while it waits to be listened to
_ITEMS = b"MESSAGES UIDNEXT UIDVALIDITY HIGHESTMODSEQ"
_TOLD = re.compile(
    rb"\* STATUS (?:\"((?:[^\"\\]|\\.)*)\"|\{\d{1,4}\+?\}\r?\n([^\r\n]*?)|([^\s\"{}()]+))"
    rb" \(((?:[A-Z]{1,20} \d{1,19} ?)+)\)\s*\Z",
    re.IGNORECASE,
)


def glance(lines: Lines, folders: Sequence[str]) -> dict[str, FolderSnapshot]:
    """The folders as the server counts them; missing are those of which it does not say enough.

    None of them may be open. Raises imaplib's abort when the server is gone.
    """
    names = {_comparable(encoded(name)): name for name in folders}
    said: list[bytes] = []
    for first in range(0, len(folders), _AT_ONCE):
        some = folders[first : first + _AT_ONCE]
        said += lines.several([b"STATUS %s (%s)" % (quoted(name), _ITEMS) for name in some])
    told = filter(None, map(_TOLD.match, said))
    found = (_snapshot(names.get(_name_in(one), ""), one[4]) for one in told)
    return {one.name: one for one in found if one is not None}


def _name_in(told: re.Match[bytes]) -> bytes:
    in_quotes, literal, atom = told.group(1, 2, 3)
    name = re.sub(rb"\\(.)", rb"\1", in_quotes) if in_quotes is not None else literal or atom
    return _comparable(name)


def _comparable(name: bytes) -> bytes:
    return name.upper() if name.upper() == b"INBOX" else name


def _snapshot(name: str, words: bytes) -> FolderSnapshot | None:
    pairs = words.upper().split()
    said: dict[bytes, int] = dict(zip(pairs[::2], map(int, pairs[1::2]), strict=True))
    if not name or _missing(said) or not 0 < said[b"HIGHESTMODSEQ"] <= HIGHEST:
        return None
    return FolderSnapshot(
        name=name,
        uid_validity=said[b"UIDVALIDITY"],
        uid_next=said[b"UIDNEXT"],
        exists=said[b"MESSAGES"],
        modseq=said[b"HIGHESTMODSEQ"],
    )


def _missing(said: Iterable[bytes]) -> bool:
    return not set(_ITEMS.split()).issubset(said)
