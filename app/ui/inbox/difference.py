"""Difference: where two orders of issues differ at all, found without looking at each issue.

A change touches a few of perhaps 100,000 issues: what is alike before and behind them is compared
as bytes, so that only the middle is walked through.
"""

from __future__ import annotations

from array import array


def middle(old: array[int], new: array[int]) -> tuple[int, int, int]:
    """Start of what differs, and its end in either: old[start:end], new[start:end_new]."""
    start = _alike_at_start(old, new)
    rest = min(len(old), len(new)) - start
    low, high = 0, rest
    while low < high:
        half = (low + high + 1) // 2
        if old[len(old) - half : len(old) - low] == new[len(new) - half : len(new) - low]:
            low = half
        else:
            high = half - 1
    return start, len(old) - low, len(new) - low


def _alike_at_start(old: array[int], new: array[int]) -> int:
    low, high = 0, min(len(old), len(new))
    while low < high:
        half = (low + high + 1) // 2
        if old[low:half] == new[low:half]:
            low = half
        else:
            high = half - 1
    return low
