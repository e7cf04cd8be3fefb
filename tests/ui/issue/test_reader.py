"""The issue that is shown is read in a thread with a connection of its own, which it lets go."""

from __future__ import annotations

from pathlib import Path

import pytest
from pytestqt.qtbot import QtBot

from app.engine.queries import Queries
from app.ui.issue.reader import IssueReader
from tests.support.storage import a_database


def handles(path: Path) -> int:
    """How many descriptors of this process lead to the file."""
    every = Path("/proc/self/fd").iterdir()
    return sum(one.exists() and one.samefile(path) for one in every)


@pytest.mark.skipif(not Path("/proc/self/fd").exists(), reason="Linux alone shows what is open")
def test_a_window_that_ends_has_nothing_of_the_profile_open(tmp_path: Path, qtbot: QtBot) -> None:
    """On Windows the sample shop's profile could not be taken away when its window was closed."""
    a_database(tmp_path).close()
    file = tmp_path / "frontburner.db"
    reader = IssueReader(Queries(file), another=lambda: Queries(file))
    with qtbot.waitSignal(reader.failed, timeout=20_000):
        reader.ask("i1_none")
    assert handles(file) == 1
    reader.stop()
    assert handles(file) == 0
