"""Heap: how GNU's allocator keeps the memory of this process; beside the walks.

It keeps what was freed, a part for each thread, and returns little of it by itself. Where Linux or
that allocator is not, nothing here does anything.
"""

from __future__ import annotations

import sys
from collections.abc import Iterator
from contextlib import contextmanager, suppress

_KEPT_FREE, _MAPPED_FROM, _HEAPS = -1, -3, -8  # as malloc.h numbers them
_SMALL, _LARGE = 1 << 17, 1 << 23  # bytes
_FREE = 1 << 24  # bytes at the end; a judgement takes and gives back five megabytes many times


def share_one_heap() -> None:
    """Let all threads take memory from one heap; to be called before there are others."""
    _ask("mallopt", _HEAPS, 1)


@contextmanager
def unpacking() -> Iterator[None]:
    """While large things are unpacked: what is needed only on the way goes back to the system.

    Whatever is not small then lies by itself. Afterwards it comes from the heap again, and the end
    of that is kept: what is new to this process costs a fault for every page.
    """
    _ask("mallopt", _MAPPED_FROM, _SMALL)
    try:
        yield
    finally:
        _ask("mallopt", _MAPPED_FROM, _LARGE)
        _ask("mallopt", _KEPT_FREE, _FREE)
        _ask("malloc_trim", 0)


def _ask(verb: str, *numbers: int) -> None:
    if sys.platform == "linux":
        import ctypes  # nobody else needs it

        with suppress(AttributeError):  # another C library
            getattr(ctypes.CDLL(None), verb)(*numbers)
