"""UID sets: many numbers in few letters, as servers take them. Used by the gateway.

Servers limit a line (RFC 7162 4 speaks of 8 KB, RFC 2683 3.2.1.5 of 1,000 octets): runs become
ranges and a long set becomes several.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator

LONGEST = 4_000


def uid_sets(uids: Iterable[int]) -> Iterator[str]:
    """The UIDs in ascending order as sets like "1:4,7,9:12", each of at most 4,000 letters."""
    line: list[str] = []
    size = 0
    for run in _runs(sorted(set(uids))):
        if line and size + len(run) + 1 > LONGEST:
            yield ",".join(line)
            line, size = [], 0
        line.append(run)
        size += len(run) + 1
    if line:
        yield ",".join(line)


def _runs(uids: list[int]) -> Iterator[str]:
    first = last = 0
    for uid in uids:
        if last and uid == last + 1:
            last = uid
            continue
        if last:
            yield _run(first, last)
        first = last = uid
    if last:
        yield _run(first, last)


def _run(first: int, last: int) -> str:
    return str(first) if first == last else f"{first}:{last}"
