"""What the disk or the file refuses is said as a fact about the world; a bug stays a bug."""

from __future__ import annotations

import errno
import sqlite3
from contextlib import closing
from pathlib import Path

import pytest

from app.domain.errors import DiskFull, KnownError
from app.storage.connection import Connection
from app.storage.database import disk_errors, open_reader, open_writer
from tests.support.storage import NOW, a_database, an_issue


def test_a_file_that_another_program_holds_is_said_to_be_in_use(
    db: Connection, tmp_path: Path
) -> None:
    db.execute("BEGIN IMMEDIATE")
    with (
        closing(sqlite3.connect(tmp_path / "frontburner.db", timeout=0.01)) as other,
        pytest.raises(KnownError, match="in use"),
        disk_errors(),
    ):
        other.execute("BEGIN IMMEDIATE")
    db.execute("ROLLBACK")


def test_a_folder_in_the_place_of_the_file_is_a_sentence(tmp_path: Path) -> None:
    (tmp_path / "frontburner.db").mkdir()
    with pytest.raises(KnownError):
        open_reader(tmp_path / "frontburner.db")
    with pytest.raises(KnownError):
        a_database(tmp_path)


def test_a_profile_below_a_file_is_a_sentence(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    with pytest.raises(KnownError, match="cannot be written"):
        open_writer(tmp_path / "file" / "profile" / "frontburner.db", now=NOW)


@pytest.mark.parametrize("number", [errno.ENOSPC, errno.EDQUOT])
def test_a_full_disk_or_quota_is_a_full_disk(number: int) -> None:
    with pytest.raises(DiskFull), disk_errors():
        raise OSError(number, "no room")


@pytest.mark.parametrize(
    ("code", "sentence"),
    [
        (sqlite3.SQLITE_IOERR_READ, "does not answer"),
        (sqlite3.SQLITE_CANTOPEN, "cannot be opened"),
        (sqlite3.SQLITE_READONLY_DBMOVED, "cannot be opened"),
        (sqlite3.SQLITE_CORRUPT_VTAB, "damaged"),
    ],
)
def test_each_family_of_result_codes_has_its_sentence(code: int, sentence: str) -> None:
    """The low byte of SQLite's result code is the family of the error."""
    failing = sqlite3.OperationalError("as SQLite says it")
    failing.sqlite_errorcode = code
    with pytest.raises(KnownError, match=sentence), disk_errors():
        raise failing


def test_a_bug_passes_through_as_it_is(db: Connection) -> None:
    with pytest.raises(sqlite3.OperationalError, match="syntax error"), disk_errors():
        db.execute("SELEKT 1")
    an_issue(db)
    with pytest.raises(sqlite3.IntegrityError), disk_errors():
        db.execute("INSERT INTO deadline VALUES (99, 'x', '', 0, NULL, NULL, '[]', NULL, NULL, '')")
