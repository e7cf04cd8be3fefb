"""A migration is whole or absent, and there is a copy from before it."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable
from contextlib import closing
from datetime import timedelta
from pathlib import Path

import pytest
from sqlite_utils import Database, Migrations

from app.domain.errors import DiskFull, KnownError
from app.storage import issues, migrations, version
from app.storage.connection import Connection
from app.storage.database import backup, open_reader, open_writer
from app.storage.migrations import migrate
from tests.support.storage import NOW, a_database, an_issue

KNOWN = (*version.KNOWN, "second", "third")


def add_column(db: Database) -> None:
    db.execute("ALTER TABLE issue ADD COLUMN mood TEXT NOT NULL DEFAULT 'calm'")


def fail(db: Database) -> None:
    db.execute("DELETE FROM atom")
    db.execute("INSERT INTO nowhere VALUES (1)")


def fill_the_disk(db: Database) -> None:
    (pages,) = db.execute("PRAGMA page_count").fetchone()
    db.execute(f"PRAGMA max_page_count = {pages}")
    db.execute("CREATE TABLE much AS SELECT zeroblob(1000000)")


def steps(
    second: Callable[[Database], None], third: Callable[[Database], None]
) -> Callable[[Connection], None]:
    later = Migrations(version.MIGRATION_SET)
    for name in version.KNOWN:
        later(name=name)(getattr(migrations, name))
    later(name="second")(second)
    later(name="third")(third)
    return lambda db: migrate(db, later)


def nothing(db: Database) -> None:
    """A step that changes nothing."""


def an_older_profile(folder: Path) -> Path:
    """A profile with one issue, from before the second and third migration."""
    with closing(a_database(folder)) as db:
        an_issue(db)
    return folder / "frontburner.db"


def schema(path: Path) -> list[tuple[str]]:
    with closing(sqlite3.connect(f"file:{path}?mode=ro", uri=True)) as db:
        return db.execute("SELECT sql FROM sqlite_master ORDER BY name").fetchall()


def the_copies(folder: Path) -> list[Path]:
    return sorted((folder / "backups").glob("*")) if (folder / "backups").exists() else []


def test_a_new_profile_needs_no_copy(tmp_path: Path) -> None:
    an_older_profile(tmp_path)
    assert the_copies(tmp_path) == []


def test_a_file_is_brought_up_to_date_with_what_it_holds(tmp_path: Path) -> None:
    path = an_older_profile(tmp_path)
    with closing(open_writer(path, now=NOW, known=KNOWN, migrate=steps(add_column, nothing))) as db:
        assert version.applied(db) == KNOWN
        assert db.execute("PRAGMA user_version").fetchone() == (len(KNOWN),)
        assert db.execute("SELECT subject, mood FROM issue").fetchall() == [("Broken mug", "calm")]


def test_the_copy_from_before_is_private_whole_and_opens_like_the_old_file(tmp_path: Path) -> None:
    path = an_older_profile(tmp_path)
    before = schema(path)
    open_writer(path, now=NOW, known=KNOWN, migrate=steps(add_column, nothing)).close()
    (copy,) = the_copies(tmp_path)
    assert copy.name == f"frontburner-{len(version.KNOWN)}-20261121T093000Z.db"
    assert copy.stat().st_mode & 0o077 == 0
    assert schema(copy) == before
    with closing(open_reader(copy)) as db:
        assert issues.open_ids(db) == [1]
        assert db.execute("PRAGMA integrity_check").fetchone() == ("ok",)


def test_the_newest_copies_of_the_last_versions_are_kept_and_nothing_of_anybody_else(
    tmp_path: Path,
) -> None:
    """An update that fails again at each start does not fill the disk."""
    path = an_older_profile(tmp_path)
    (tmp_path / "backups").mkdir()
    for name in ("frontburner-3-20250101T000000Z.db", "frontburner-7-20250301T000000Z.db",
                 "frontburner-8-20250501T000000Z.db", "frontburner-8-20250601T000000Z.db",
                 "mine.db", "frontburner-old.db"):  # fmt: skip
        (tmp_path / "backups" / name).write_text("")
    for now in (NOW, NOW + timedelta(hours=1), NOW + timedelta(hours=2)):
        with pytest.raises(KnownError):
            open_writer(path, now=now, known=KNOWN, migrate=steps(add_column, fail))
    assert [one.name for one in the_copies(tmp_path)] == [
        f"frontburner-{len(version.KNOWN)}-20261121T113000Z.db",
        "frontburner-7-20250301T000000Z.db",
        "frontburner-8-20250601T000000Z.db",
        "frontburner-old.db",
        "mine.db",
    ]


def test_a_failing_step_leaves_the_old_file_as_it_was_the_steps_before_it_included(
    tmp_path: Path,
) -> None:
    """Case 123: an update is whole or absent."""
    path = an_older_profile(tmp_path)
    before = schema(path)
    with pytest.raises(KnownError, match="could not be brought up to date"):
        open_writer(path, now=NOW, known=KNOWN, migrate=steps(add_column, fail))
    assert schema(path) == before
    assert len(the_copies(tmp_path)) == 1
    with closing(a_database(tmp_path)) as db:
        assert version.applied(db) == version.KNOWN
        assert issues.by_key(db, issues.get(db, 1).key) == 1


def test_a_disk_that_fills_during_a_migration_leaves_the_old_file_as_it_was(tmp_path: Path) -> None:
    """Cases 115 and 123: the older program opens it as before."""
    path = an_older_profile(tmp_path)
    before = schema(path)
    with pytest.raises(DiskFull):
        open_writer(path, now=NOW, known=KNOWN, migrate=steps(add_column, fill_the_disk))
    assert schema(path) == before
    a_database(tmp_path).close()


def test_a_copy_can_be_made_while_the_file_is_in_use_and_replaces_an_older_copy(
    db: Connection, tmp_path: Path
) -> None:
    target = tmp_path / "elsewhere" / "copy.db"
    an_issue(db)
    backup(db, target)
    an_issue(db, "second@customer.example")
    backup(db, target)
    with closing(open_reader(target)) as copy:
        assert issues.open_ids(copy) == [1, 2]
    assert [path.name for path in target.parent.glob("*.db")] == ["copy.db"]
