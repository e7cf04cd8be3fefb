"""Mistakes of ours that no owner may suffer from are to be seen in every test.

Where the program only writes them to its log and goes on, the log raises them here.
"""

from __future__ import annotations

import logging
from collections.abc import Iterator
from contextlib import contextmanager

from app.engine import one_by_one
from app.mail import parse
from app.platforms import reading

_LOGS = [logging.getLogger(each.__name__) for each in (parse, reading, one_by_one)]


class _Raising(logging.Handler):
    def emit(self, record: logging.LogRecord) -> None:
        if record.exc_info and record.exc_info[1]:
            raise record.exc_info[1]


_RAISING = _Raising()


def show_them() -> None:
    """Where reading a mail or a platform's record falls over, the test does as well."""
    for log in _LOGS:
        log.addHandler(_RAISING)


@contextmanager
def as_for_an_owner() -> Iterator[None]:
    """Meanwhile the program goes on after them, as it does elsewhere."""
    for log in _LOGS:
        log.removeHandler(_RAISING)
    try:
        yield
    finally:
        show_them()
