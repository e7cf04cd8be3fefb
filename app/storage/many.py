"""Many: rows written by few statements; for what a delivery brings by the hundred.

Python's `executemany` gives its lock away for every row and waits for it behind whoever calculates.
While mails are fetched and read beside the writer, that waiting took longer than the writing.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from functools import cache
from itertools import chain
from typing import Any

from app.storage.database import Connection

# Rows of a statement: few statements for any number, and few different ones to prepare.
_ROWS = (128, 64, 32, 16, 8, 4, 2, 1)


def insert(db: Connection, into: str, rows: Iterable[Sequence[Any]], *, where: str = "") -> None:
    """Add rows to a table, named with its columns; `where` says what becomes of those it has."""
    left = list(rows)
    for count in _ROWS:
        while len(left) >= count:
            some, left = left[:count], left[count:]
            values = list(chain.from_iterable(some))
            db.execute(_statement(into, len(some[0]), count, where), values)


@cache
def _statement(into: str, columns: int, rows: int, where: str) -> str:
    row = f"({', '.join('?' * columns)})"
    return f"INSERT INTO {into} VALUES {', '.join([row] * rows)} {where}"  # noqa: S608 - names of ours
