"""What a window reads on a disk that is closed to writing, and when it is opened again."""

from __future__ import annotations

from pathlib import Path

from app.engine.queries import Queries
from tests.support.engine import NOON, a_letter, an_engine
from tests.support.small_disk import small_disk


def test_what_is_read_on_a_closed_disk_is_read_anew_when_it_is_opened(tmp_path: Path) -> None:
    """The same window, which never asked whether the disk was closed: it sees what came since."""
    with small_disk(tmp_path / "disk", megabytes=16) as disk:
        folder = disk.path / "profile"
        with an_engine(folder) as engine:
            engine.receive(a_letter())
        disk.close_for_writing()
        queries = Queries(folder / "frontburner.db")
        try:
            assert len(queries.inbox_ids("all", now=NOON)) == 1
        finally:
            disk.open_for_writing()
        with an_engine(folder) as engine:
            later = a_letter("The lid is cracked.", sender="a@a.eu", message_id="<2@a.eu>")
            engine.receive(later)
            assert len(queries.inbox_ids("all", now=NOON)) == 2
        queries.close()
