"""File watch: whether anybody opened a file of a folder, as the system's inotify tells it."""

from __future__ import annotations

import ctypes
import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

_OPENED = 0x20  # IN_OPEN
_NO_WAIT = 0o4000  # IN_NONBLOCK


@contextmanager
def opened_in(folder: Path) -> Iterator[list[str]]:
    """Names of files in the folder that were opened, there when the block is left."""
    if sys.platform != "linux":
        pytest.skip("only Linux tells who opened a file")
    system = ctypes.CDLL(None, use_errno=True)
    watch = system.inotify_init1(_NO_WAIT)
    assert watch >= 0
    assert system.inotify_add_watch(watch, os.fsencode(folder), _OPENED) >= 0
    names: list[str] = []
    try:
        yield names
    finally:
        names += _names(watch)
        os.close(watch)


def _names(watch: int) -> list[str]:
    try:
        told = os.read(watch, 65_536)
    except BlockingIOError:
        return []
    names, at = [], 0
    while at < len(told):
        length = int.from_bytes(told[at + 12 : at + 16], sys.byteorder)
        names.append(os.fsdecode(told[at + 16 : at + 16 + length].rstrip(b"\0")))
        at += 16 + length
    return names
