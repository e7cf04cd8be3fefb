"""A copy put back in the place of the database, by us or by hand, is that copy and no mixture."""

from __future__ import annotations

import shutil
import subprocess
import sys
from collections.abc import Callable
from contextlib import closing
from datetime import timedelta
from pathlib import Path

import pytest

from app.domain.errors import DiskFull, KnownError, NotFound, Refused
from app.storage import messages
from app.storage.connection import Connection
from app.storage.database import backup, open_reader
from app.storage.restoring import restore
from app.storage.writer import Writer
from tests.support.program import ROOT
from tests.support.small_disk import small_disk
from tests.support.storage import NOW, a_database, a_message, an_issue, said


def a_mail(number: int) -> Callable[[Connection], int]:
    text = " ".join(f"word{number}x{one}" for one in range(60))
    return lambda db: said(db, an_issue(db, f"{number}@x"), a_message(f"{number}@x", text=text))


def a_killed_profile(folder: Path) -> tuple[Path, Path]:
    """A profile whose engine was killed, so that its log of changes lies beside it; and a copy of
    it from long before, when it had 20 mails."""
    work = folder / "work"
    work.mkdir()
    db = a_database(work)
    write(db, range(20))
    copy = folder / "copy.db"
    with closing(open_reader(work / "frontburner.db")) as reader:
        backup(reader, copy)
    write(db, range(20, 300))
    db.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    write(db, range(300, 320))
    profile = folder / "profile"
    profile.mkdir(mode=0o700)
    for name in ("frontburner.db", "frontburner.db-wal"):
        shutil.copyfile(work / name, profile / name)
    db.close()
    return profile / "frontburner.db", copy


def write(db: Connection, numbers: range) -> None:
    for number in numbers:
        db.execute("BEGIN IMMEDIATE")
        a_mail(number)(db)
        messages.index(db)
        db.execute("COMMIT")


def opened(path: Path) -> tuple[int, str]:
    """How many mails the profile has, and whether it is whole."""
    writer = Writer(path, now=NOW)
    writer.start()
    try:
        (whole,) = writer.do(lambda db: db.execute("PRAGMA integrity_check").fetchone())
        return writer.do(messages.count), whole
    finally:
        writer.stop()


def test_a_copy_is_a_file_by_itself(tmp_path: Path) -> None:
    """Whoever carries it away has all of it: nothing lies in a log beside it."""
    _, copy = a_killed_profile(tmp_path)
    assert sorted(one.name for one in tmp_path.iterdir() if one.is_file()) == ["copy.db"]
    assert copy.read_bytes()[18:20] == b"\x01\x01"


def test_a_copy_that_somebody_put_in_its_place_is_not_mixed_with_the_log_of_the_one_before(
    tmp_path: Path,
) -> None:
    """SQLite would have written the changes of the other file into it."""
    path, copy = a_killed_profile(tmp_path)
    shutil.copyfile(copy, path)
    assert opened(path) == (20, "ok")
    assert list((path.parent / "backups").glob("*.log"))


def test_a_restored_copy_is_the_profile_and_the_one_before_is_kept_whole(tmp_path: Path) -> None:
    path, copy = a_killed_profile(tmp_path)
    kept = restore(path, copy, now=NOW)
    assert kept is not None
    assert opened(path) == (20, "ok")
    assert opened(kept / "frontburner.db") == (320, "ok")
    assert sorted(one.name for one in path.parent.iterdir()) == ["backups", "frontburner.db"]


@pytest.mark.parametrize(
    ("killed_at", "name", "has"),
    [("os.rename", "restored.db", 320), ("os.remove", "frontburner.db-wal", 20)],
)
def test_whoever_is_killed_while_it_is_put_back_has_the_one_or_the_other_whole(
    tmp_path: Path, killed_at: str, name: str, has: int
) -> None:
    """The one before lost its newest mails, which lay in its log alone."""
    path, copy = a_killed_profile(tmp_path)
    script = (
        "import os, sys; from pathlib import Path; from datetime import datetime, UTC;"
        "from app.storage.restoring import restore;"
        "path, copy, killed_at, file = sys.argv[1:];"
        "sys.addaudithook(lambda event, about: event == killed_at"
        " and str(about[0]) == file and os._exit(9));"
        "restore(Path(path), Path(copy), now=datetime(2026, 11, 23, tzinfo=UTC))"
    )
    file = path.with_name(name)
    command = [sys.executable, "-c", script, str(path), str(copy), killed_at, str(file)]
    assert subprocess.run(command, cwd=ROOT, check=False).returncode == 9
    assert opened(path) == (has, "ok")


def test_what_was_put_aside_can_be_put_back_again(tmp_path: Path) -> None:
    """Also the log that lies beside it, where the newest mails are."""
    path, copy = a_killed_profile(tmp_path)
    kept = restore(path, copy, now=NOW)
    assert kept is not None
    restore(path, kept / "frontburner.db", now=NOW.replace(hour=11))
    assert opened(path) == (320, "ok")


def test_who_puts_back_twice_in_a_second_has_both_that_were_there(tmp_path: Path) -> None:
    """As a script may; the profile of before all that was lost."""
    path, copy = a_killed_profile(tmp_path)
    first, second = (restore(path, copy, now=NOW) for _ in range(2))
    assert first is not None
    assert second is not None
    assert opened(first / path.name) == (320, "ok")
    assert opened(second / path.name) == (20, "ok")


def test_on_a_new_laptop_nothing_was_there_that_could_be_kept(tmp_path: Path) -> None:
    """It named a folder with nothing in it."""
    _, copy = a_killed_profile(tmp_path)
    path = tmp_path / "new" / "frontburner.db"
    assert restore(path, copy, now=NOW) is None
    assert opened(path) == (20, "ok")


def test_of_what_was_replaced_the_last_three_stay_and_nothing_of_anybody_else(
    tmp_path: Path,
) -> None:
    path, copy = a_killed_profile(tmp_path)
    backups = path.parent / "backups"
    for name in ("replaced-by-me", "replaced-20260101T000000Z.zip"):
        (backups / name).mkdir(parents=True)
    kept = [restore(path, copy, now=NOW + timedelta(hours=hour)) for hour in range(5)]
    assert sorted(one.name for one in backups.iterdir()) == sorted(
        [*(one.name for one in kept[2:] if one), "replaced-by-me", "replaced-20260101T000000Z.zip"]
    )
    assert opened(path) == (20, "ok")


def test_what_was_just_put_back_stays_although_it_is_old(tmp_path: Path) -> None:
    path, copy = a_killed_profile(tmp_path)
    first, *_ = [restore(path, copy, now=NOW + timedelta(hours=hour)) for hour in range(3)]
    assert first is not None
    restore(path, first / path.name, now=NOW + timedelta(hours=9))
    assert opened(path) == (320, "ok")
    assert first.is_dir()


@pytest.mark.parametrize("content", [b"", b"no database" * 1000, None])
def test_what_is_no_sound_copy_is_refused_and_changes_nothing(
    tmp_path: Path, content: bytes | None
) -> None:
    path, copy = a_killed_profile(tmp_path)
    if content is None:
        data = bytearray(copy.read_bytes())
        for place in range(4_096 * 9, len(data) - 4_096, 40_960):
            data[place : place + 4_096] = bytes(4_096)
        content = bytes(data)
    copy.write_bytes(content)
    before = path.read_bytes()
    with pytest.raises(Refused, match="cannot be put back"):
        restore(path, copy, now=NOW)
    assert path.read_bytes() == before
    assert opened(path) == (320, "ok")


def test_a_sound_copy_that_cannot_be_read_where_it_lies_is_not_called_damaged(
    tmp_path: Path,
) -> None:
    """A profile's folder on a disk that is closed to writing: its log has to be read too."""
    path, _ = a_killed_profile(tmp_path)
    with small_disk(tmp_path / "disk", megabytes=32) as disk:
        for file in path.parent.iterdir():
            shutil.copyfile(file, disk.path / file.name)
        disk.close_for_writing()
        with pytest.raises(Refused, match="cannot be read where it lies"):
            restore(path, disk.path / path.name, now=NOW)
        disk.open_for_writing()
        restore(path, disk.path / path.name, now=NOW)
    assert opened(path) == (320, "ok")


def test_where_what_was_there_cannot_be_kept_nothing_half_is_listed_as_a_copy(
    tmp_path: Path,
) -> None:
    """The backups lie on another disk, which is full: it has to be copied, and fits in part."""
    path, copy = a_killed_profile(tmp_path)
    with small_disk(path.parent / "backups", megabytes=4) as disk:
        disk.leave(20)
        before = list(disk.path.iterdir())
        with pytest.raises(DiskFull):
            restore(path, copy, now=NOW)
        assert list(disk.path.iterdir()) == before
    assert opened(path) == (320, "ok")


def test_a_file_that_is_not_there_and_the_profile_itself_are_refused(tmp_path: Path) -> None:
    path, _ = a_killed_profile(tmp_path)
    with pytest.raises(NotFound):
        restore(path, tmp_path / "none.db", now=NOW)
    with pytest.raises(KnownError, match="the profile itself"):
        restore(path, path, now=NOW)


def _held(draft: Path, target: Path) -> None:
    """As Windows answers while a window reads the file."""
    error = PermissionError(13, "Permission denied")
    error.winerror = 32  # type: ignore[attr-defined,unused-ignore]
    raise error


def test_on_windows_a_copy_takes_the_place_of_a_profile_that_a_window_shows(
    tmp_path: Path,
) -> None:
    """No file that is open can be replaced there: what is in it is, and the window reads that."""
    path, copy = a_killed_profile(tmp_path)
    before = opened(path)
    with closing(open_reader(path)) as window:
        assert window.execute("SELECT count(*) FROM message").fetchone() == (320,)
        kept = restore(path, copy, now=NOW, move=_held)
        assert window.execute("SELECT count(*) FROM message").fetchone() == (20,)
    assert opened(path) == opened(copy) == (20, "ok")
    assert kept is not None
    assert opened(kept / path.name) == before
    assert not path.with_name("restored.db").exists()


def test_on_windows_nothing_is_written_over_what_is_no_database_any_more(tmp_path: Path) -> None:
    path, copy = a_killed_profile(tmp_path)
    path.with_name(path.name + "-wal").unlink()  # else its first page is there once more
    damaged = b"no database" + path.read_bytes()[11:]
    path.write_bytes(damaged)
    with pytest.raises(Refused, match="Close every window of Frontburner"):
        restore(path, copy, now=NOW, move=_held)
    assert path.read_bytes() == damaged
    assert list((path.parent / "backups").iterdir()) == []
