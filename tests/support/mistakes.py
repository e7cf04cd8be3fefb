"""Mistakes of ours that no owner may suffer from are to be seen in every test.

Where the program only writes them to its log and goes on, the log raises them here.
"""

from __future__ import annotations

import logging
from collections.abc import Iterator
from contextlib import contextmanager

from app.mail import parse

_LOG = logging.getLogger(parse.__name__)


class _Raising(logging.Handler):
    def emit(self, record: logging.LogRecord) -> None:
        if record.exc_info and record.exc_info[1]:
            raise record.exc_info[1]


_RAISING = _Raising()


def show_them() -> None:
    """Where reading a mail falls over, the test does as well."""
    _LOG.addHandler(_RAISING)


@contextmanager
def as_for_an_owner() -> Iterator[None]:
    """Meanwhile the program goes on after them, as it does elsewhere."""
    _LOG.removeHandler(_RAISING)
    try:
        yield
    finally:
        show_them()
