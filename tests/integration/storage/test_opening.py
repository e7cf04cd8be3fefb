"""The file of a profile is private, is opened only by who understands it, and read without harm."""

from __future__ import annotations

import os
import sqlite3
import stat
import subprocess
import sys
from contextlib import closing
from pathlib import Path, PureWindowsPath

import pytest

from app.domain.errors import KnownError, NotFound, ProfileTooNew
from app.storage import version
from app.storage.connection import Connection
from app.storage.database import _of_shares, disk_errors, open_reader
from app.storage.migrations import migrations
from tests.support.storage import a_database, an_issue


def make_too_new(path: Path, statement: str) -> dict[str, bytes]:
    """Let a newer version have written the file; answers what lies in the folder."""
    a_database(path.parent).close()
    with closing(sqlite3.connect(path, isolation_level=None)) as db:
        db.execute(statement)
    return content(path.parent)


def content(folder: Path) -> dict[str, bytes]:
    """The database and its copies; SQLite's own -shm and -wal come and go with each reader."""
    return {
        str(path.relative_to(folder)): path.read_bytes()
        for path in folder.rglob("*")
        if path.is_file() and not path.name.endswith(("-shm", "-wal"))
    }


NEWER = [
    f"PRAGMA user_version = {len(version.KNOWN) + 1}",
    "INSERT INTO _sqlite_migrations VALUES (99, 'frontburner', 'from_tomorrow', '2027-01-01')",
]


def test_the_names_that_readers_know_are_those_of_the_migrations() -> None:
    assert tuple(step.name for step in migrations._migrations) == version.KNOWN


@pytest.mark.skipif(os.name == "nt", reason="Windows has no permission bits")
def test_the_file_and_what_sqlite_lays_beside_it_are_private(tmp_path: Path) -> None:
    folder = tmp_path / "profile"
    with closing(a_database(folder)) as db:
        an_issue(db)
        modes = {path.name: stat.S_IMODE(path.stat().st_mode) for path in folder.iterdir()}
    assert stat.S_IMODE(folder.stat().st_mode) == 0o700
    assert {"frontburner.db", "frontburner.db-wal", "frontburner.db-shm"} <= set(modes)
    assert set(modes.values()) == {0o600}


def test_a_new_file_has_seen_all_migrations_and_is_opened_again_as_it_is(tmp_path: Path) -> None:
    a_database(tmp_path).close()
    before = content(tmp_path)
    with closing(a_database(tmp_path)) as db:
        assert db.execute("PRAGMA user_version").fetchone() == (len(version.KNOWN),)
        assert db.execute("PRAGMA journal_mode").fetchone() == ("wal",)
        assert version.applied(db) == version.KNOWN
    assert content(tmp_path) == before


def test_what_is_durable_is_so_on_macos_too(tmp_path: Path) -> None:
    """There a disk that was told to write may still forget it: a reply that left would leave again
    after a power cut."""
    with closing(a_database(tmp_path)) as db:
        assert db.execute("PRAGMA fullfsync").fetchone() == (1,)


def test_a_reader_sees_what_is_committed_and_nothing_else(tmp_path: Path) -> None:
    with closing(a_database(tmp_path)) as db, closing(reader(tmp_path)) as desk:
        db.execute("BEGIN IMMEDIATE")
        an_issue(db)
        assert desk.execute("SELECT count(*) FROM issue").fetchone() == (0,)
        db.execute("COMMIT")
        assert desk.execute("SELECT count(*) FROM issue").fetchone() == (1,)


def test_the_folder_of_a_server_on_windows_is_no_authority_to_sqlite(tmp_path: Path) -> None:
    """Every copy to a network drive was refused: "invalid uri authority: nas"."""
    share = PureWindowsPath(r"\\nas\shop copies\1.db").as_uri()
    assert _of_shares(share) == "file:////nas/shop%20copies/1.db"
    drive = PureWindowsPath(r"C:\shop\1.db").as_uri()
    assert _of_shares(drive) == drive == "file:///C:/shop/1.db"
    a_database(tmp_path).close()
    as_a_share = f"file:///{tmp_path.as_posix()}/frontburner.db?mode=ro"
    with closing(sqlite3.connect(as_a_share, uri=True)) as db:
        assert version.applied(db) == version.KNOWN


def test_a_reader_cannot_write(tmp_path: Path) -> None:
    a_database(tmp_path).close()
    with (
        closing(reader(tmp_path)) as desk,
        pytest.raises(sqlite3.OperationalError, match="readonly"),
    ):
        an_issue(desk)


def test_without_a_database_the_reader_says_so_and_makes_none(tmp_path: Path) -> None:
    with pytest.raises(NotFound, match="has no database"):
        reader(tmp_path)
    assert not list(tmp_path.iterdir())


def test_a_file_that_waits_for_a_migration_is_left_to_the_engine(tmp_path: Path) -> None:
    a_database(tmp_path).close()
    with pytest.raises(KnownError, match="older Frontburner"):
        open_reader(tmp_path / "frontburner.db", known=(*version.KNOWN, "second"))


@pytest.mark.parametrize("statement", NEWER)
def test_a_profile_of_a_newer_version_is_refused_and_not_touched(
    tmp_path: Path, statement: str
) -> None:
    """Case 123: told by its number or by a migration that nobody here knows."""
    before = make_too_new(tmp_path / "frontburner.db", statement)
    with pytest.raises(ProfileTooNew, match="newest Frontburner"):
        a_database(tmp_path)
    with pytest.raises(ProfileTooNew):
        reader(tmp_path)
    assert content(tmp_path) == before


@pytest.mark.parametrize("damage", [b"this is not a database" * 500, b""])
def test_a_damaged_file_is_said_to_be_damaged_and_left_alone(tmp_path: Path, damage: bytes) -> None:
    """Case 116: a page was overwritten, or all of it."""
    path = tmp_path / "frontburner.db"
    a_database(tmp_path).close()
    whole = path.read_bytes()
    path.write_bytes((damage or whole[:4096] + b"\xff" * 4096 + whole[8192:])[: len(whole)])
    before = content(tmp_path)
    with pytest.raises(KnownError, match="damaged"), closing(a_database(tmp_path)) as db:
        use_everything(db)
    assert content(tmp_path) == before


@pytest.mark.skipif(os.name == "nt" or os.geteuid() == 0, reason="root may read everything")
def test_a_file_of_somebody_else_is_a_sentence(tmp_path: Path) -> None:
    a_database(tmp_path).close()
    (tmp_path / "frontburner.db").chmod(0)
    with pytest.raises(KnownError, match="cannot be opened"):
        reader(tmp_path)


def test_the_reading_side_loads_nothing_heavy() -> None:
    """The window lives on these modules; its first picture must not wait for a library."""
    heavy = ["sqlite_utils", "numpy", "sklearn", "imapclient", "keyring", "httpx"]
    script = (
        "import sys, app.storage.rows, app.storage.search;"
        f"print([name for name in {heavy} if name in sys.modules])"
    )
    run = subprocess.run(
        [sys.executable, "-c", script], capture_output=True, text=True, timeout=60, check=True
    )
    assert run.stdout.strip() == "[]"


def reader(folder: Path) -> Connection:
    return open_reader(folder / "frontburner.db")


def use_everything(db: Connection) -> None:
    with disk_errors():
        for (name,) in db.execute("SELECT name FROM sqlite_master WHERE type = 'table'").fetchall():
            db.execute(f"SELECT * FROM {name}").fetchall()
