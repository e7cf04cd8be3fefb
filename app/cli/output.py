"""Output: the lines that a command prints, and what becomes of it when nobody can take them."""

from __future__ import annotations

import errno
import os
import sys
from collections.abc import Callable
from io import TextIOWrapper

from app.config.system import reads_no_more

# What files say that we opened ourselves has become a KnownError by then.
_TAKES_NOTHING = (errno.ENOSPC, errno.EDQUOT, errno.EFBIG, errno.EIO, errno.EBADF)


def prepare() -> None:
    """Read and write UTF-8 wherever this runs: mails hold letters that a plain terminal has not.

    An output that was closed before we began takes everything and keeps nothing, such an input is
    empty. A byte order mark is none of what is read; what is no UTF-8 in it is kept for whoever
    reads it to judge.
    """
    sys.stdin = sys.stdin or open(os.devnull)  # noqa: SIM115, PTH123 - open to the end
    sys.stdout = sys.stdout or open(os.devnull, "w", encoding="utf-8")  # noqa: SIM115, PTH123
    sys.stderr = sys.stderr or open(os.devnull, "w", encoding="utf-8")  # noqa: SIM115, PTH123
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, TextIOWrapper):  # a program without a terminal may have none
            stream.reconfigure(encoding="utf-8", errors="backslashreplace")
    if isinstance(sys.stdin, TextIOWrapper):
        sys.stdin.reconfigure(encoding="utf-8-sig", errors="surrogateescape")


def written(do: Callable[[], int]) -> int:
    """The exit status of a command, once all that it said is written: 1 where that failed, but 0
    where whoever read our lines has read enough."""
    try:
        status = do()
        sys.stdout.flush()
    except OSError as error:
        is_enough = reads_no_more(error)
        if error.filename is not None or not (is_enough or error.errno in _TAKES_NOTHING):
            raise
        # What waits to be written is let go of, or the interpreter would try once more at its end.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        if is_enough:
            return 0
        sys.stderr.write(f"The answer could not be written: {error.strerror}.\n")
        return 1
    return status
