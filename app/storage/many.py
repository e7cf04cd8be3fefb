"""Many: rows written by few statements; for what a delivery brings by the hundred.

Python's `executemany` gives its lock away for every row and waits for it behind whoever calculates.
While mails are fetched and read beside the writer, that waiting took longer than the writing.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from functools import cache
from itertools import chain
from typing import Any

from app.storage.connection import Connection

# Rows of a statement: few statements for any number, and few different ones to prepare; each holds
# memory for every value that it can take.
_ROWS = (32, 16, 8, 4, 2, 1)


def insert(
    db: Connection, into: str, rows: Iterable[Sequence[Any]], *, on_conflict: str = ""
) -> None:
    """Add rows to a table, named with its columns; `on_conflict`: what becomes of its own."""
    left = list(rows)
    for count in _ROWS:
        while len(left) >= count:
            some, left = left[:count], left[count:]
            values = list(chain.from_iterable(some))
            db.execute(_statement(into, len(some[0]), count, on_conflict), values)


@cache
def _statement(into: str, columns: int, rows: int, on_conflict: str) -> str:
    row = f"({', '.join('?' * columns)})"
    return f"INSERT INTO {into} VALUES {', '.join([row] * rows)} {on_conflict}"  # noqa: S608
