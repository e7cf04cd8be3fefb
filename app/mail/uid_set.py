"""UID sets: many numbers in few letters, as servers take them. Used by the gateway.

Servers limit a line (RFC 7162 4 speaks of 8 KB, RFC 2683 3.2.1.5 of 1,000 octets): runs become
ranges and a long set becomes several.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Collection, Iterable, Iterator
from itertools import accumulate, chain

LONGEST = 4_000

Ranges = tuple[tuple[int, int], ...]


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


def uid_ranges(text: str) -> Ranges:
    """What a server means by "1:4,9": pairs of first and last. It is not spelled out: a server may
    say 1:4294967295."""
    pairs = (part.partition(":") for part in text.split(",") if part[:1].isdigit())
    ends = ((int(first), int(last or first)) for first, _, last in pairs)
    return tuple((min(pair), max(pair)) for pair in ends)


def within(uids: Collection[int], ranges: Ranges) -> frozenset[int]:
    """Those of the UIDs that lie in any of the ranges."""
    if not ranges:
        return frozenset()
    if sum(high - low + 1 for low, high in ranges) <= len(uids):  # few are named, as nearly always
        named = chain.from_iterable(range(low, high + 1) for low, high in ranges)
        return frozenset(named).intersection(uids)
    merged = sorted(ranges)
    lows = [low for low, _ in merged]
    highs = list(accumulate((high for _, high in merged), max))
    places = ((uid, bisect_right(lows, uid) - 1) for uid in uids)
    return frozenset(uid for uid, place in places if place >= 0 and uid <= highs[place])


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
