"""One new database per test, in a real file."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from app.storage.connection import Connection
from tests.support.storage import a_database, lay_database


@pytest.fixture
def db(tmp_path: Path) -> Iterator[Connection]:
    """A migrated database that this test alone writes to."""
    lay_database(tmp_path / "frontburner.db")
    connection = a_database(tmp_path)
    yield connection
    connection.close()
