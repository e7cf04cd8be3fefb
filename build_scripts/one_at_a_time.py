"""One at a time: two starts at once must not build one environment into each other.

Standard library only: it runs before anything is installed.
"""

from __future__ import annotations

import os
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

_LOOK = 0.5  # seconds between two looks whether the other one is done


@contextmanager
def one_at_a_time(lock: Path, *, waiting: Callable[[], object]) -> Iterator[None]:
    """Hold the lock file's lock; `waiting` is called once where another process holds it.

    The system lets go of it when the process ends, however it ends. Raises OSError where the file
    cannot be written.
    """
    lock.parent.mkdir(parents=True, exist_ok=True)
    with lock.open("a+b") as file:
        if not _taken(file.fileno()):
            waiting()
            while not _taken(file.fileno()):
                time.sleep(_LOOK)
        yield


def _taken(number: int) -> bool:
    """Whether the lock is ours now; where a file system has no locks, nobody is kept waiting."""
    try:
        if sys.platform == "win32":
            import msvcrt

            os.lseek(number, 0, os.SEEK_SET)
            msvcrt.locking(number, msvcrt.LK_NBLCK, 1)
        else:
            import fcntl

            fcntl.flock(number, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except (BlockingIOError, PermissionError):
        return False
    except OSError:
        return True
    return True
