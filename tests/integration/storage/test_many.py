"""Many: whatever their number, rows come as they were given, by few statements."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator

import pytest

from app.storage import many


@pytest.fixture
def db() -> Iterator[sqlite3.Connection]:
    connection = sqlite3.connect(":memory:", isolation_level=None)
    connection.execute("CREATE TABLE thing (id INTEGER PRIMARY KEY, name TEXT)")
    yield connection
    connection.close()


@pytest.mark.parametrize("count", [0, 1, 2, 3, 31, 32, 33, 63, 300])
def test_every_row_comes_in_its_order(db, count):
    rows = [(number, f"thing {number}") for number in range(count)]
    many.insert(db, "thing (id, name)", iter(rows))
    assert db.execute("SELECT id, name FROM thing ORDER BY rowid").fetchall() == rows


def test_a_batch_takes_few_statements_and_few_different_ones(db):
    """Python's lock is given away once for each; the prepared ones are kept for the next batch."""
    said: list[str] = []
    for count in range(150, 250):
        db.execute("DELETE FROM thing")
        db.set_trace_callback(said.append)
        many.insert(db, "thing (id, name)", [(number, "") for number in range(count)])
        db.set_trace_callback(None)
        assert len(said) <= 12
        said.clear()


def test_rows_that_are_there_become_what_is_said(db):
    many.insert(db, "thing (id, name)", [(1, "old"), (2, "old")])
    then = "ON CONFLICT DO UPDATE SET name = excluded.name"
    many.insert(db, "thing (id, name)", [(2, "new"), (3, "new"), (2, "newest")], on_conflict=then)
    assert dict(db.execute("SELECT id, name FROM thing")) == {1: "old", 2: "newest", 3: "new"}
