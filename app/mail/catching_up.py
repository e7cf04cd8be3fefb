"""Catching up: what a folder holds against what is stored, by what changed alone.

A folder of 500,000 mails in which ten changed is compared by ten numbers: the server names what
vanished, we ask for what lies beyond the newest that we know, and the sum has to be the server's
own count. Where it is not, all numbers are listed and compared one by one. Used by the folder walk.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from app.domain.mailbox import FolderCursor, FolderMemory, FolderSnapshot
from app.mail.fetching import Fetched
from app.mail.selecting import Opened

MOST_VANISHED = 5_000  # with more than that, comparing everything costs no more


@dataclass(frozen=True, slots=True, kw_only=True)
class Compared:
    """The numbers that are known and those that the server lists, as far as they may differ.

    `count` is how many mails the folder holds; `everything`: both name all that there is.
    """

    known: frozenset[int]
    listed: Mapping[int, Fetched]
    count: int
    everything: bool = True


def caught_up(
    memory: FolderMemory,
    opened: Opened,
    cursor: FolderCursor,
    *,
    between: Callable[[int], dict[int, Fetched]],
    others: Callable[[frozenset[int], Mapping[int, Fetched]], frozenset[int]],
) -> Compared | None:
    """What changed since the cursor; None when it does not add up to the server's own count.

    `between` lists what the server holds from a number on, `others` are known numbers under which
    another mail lies now. To be asked only where the server goes on from the cursor.
    """
    folder = opened.folder
    name, validity = folder.name, folder.uid_validity
    gone = memory.known_within(name, validity, opened.vanished)
    if len(gone) > MOST_VANISHED:
        return None
    low = _newest(memory, folder, gone) or cursor.uid_next
    fresh = between(low)
    there = memory.known_within(name, validity, ((low, folder.uid_next - 1),)) - gone
    known = memory.count(name, validity) - len(gone)
    if known + len(fresh.keys() - there) != folder.exists or not there <= fresh.keys():
        return None
    if others(there, fresh):
        return None
    return Compared(known=gone | there, listed=fresh, count=folder.exists, everything=False)


def _newest(memory: FolderMemory, folder: FolderSnapshot, gone: frozenset[int]) -> int:
    """The newest of the mails that we know, if we would know it again; else 0."""
    some = memory.newest(folder.name, folder.uid_validity, len(gone) + 1)
    newest = next((uid for uid in some if uid not in gone), 0)
    marks = memory.marks(folder.name, folder.uid_validity, (newest,))
    return newest if marks.get(newest) else 0
