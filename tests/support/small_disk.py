"""Small disk: a file system of a test's own, so small that it fills, or closed to writing."""

from __future__ import annotations

import os
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

import pytest

_FILLER = "filler"


class SmallDisk:
    """Mounted at `path`; a page is 4,096 bytes."""

    def __init__(self, path: Path) -> None:
        self.path = path

    def leave(self, pages: int) -> None:
        """Fill it so that so many pages are free, if there were as many."""
        self.free()
        room = os.statvfs(self.path)
        length = max(0, room.f_bavail - pages) * room.f_bsize
        with suppress(OSError), (self.path / _FILLER).open("wb", buffering=0) as file:
            os.posix_fallocate(file.fileno(), 0, length)

    def free(self) -> None:
        """Take the filling away."""
        (self.path / _FILLER).unlink(missing_ok=True)

    def grow(self, *, megabytes: int) -> None:
        """A larger disk, with what was on it."""
        self._remount(f"size={megabytes}m")

    def close_for_writing(self) -> None:
        """Read only, also for root."""
        self._remount("ro")

    def open_for_writing(self) -> None:
        """As it was."""
        self._remount("rw")

    def _remount(self, how: str) -> None:
        subprocess.run(["mount", "-o", f"remount,{how}", self.path], check=True)


@contextmanager
def small_disk(folder: Path, *, megabytes: int = 2) -> Iterator[SmallDisk]:
    """A disk in this folder; the test is skipped where nobody may mount one."""
    if not hasattr(os, "geteuid") or os.geteuid() != 0:
        pytest.skip("a small file system can be mounted by root only")
    folder.mkdir()
    mount = ["mount", "-t", "tmpfs", "-o", f"size={megabytes}m", "tmpfs", str(folder)]
    if subprocess.run(mount, check=False).returncode:
        pytest.skip("this machine lets nobody mount")
    try:
        yield SmallDisk(folder)
    finally:
        subprocess.run(["umount", "--lazy", folder], check=False)
