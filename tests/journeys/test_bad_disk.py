"""A disk that is full when Frontburner starts, or has lost pages: what is said, and the way out."""

from __future__ import annotations

import time
from pathlib import Path
from subprocess import CalledProcessError

import pytest

from tests.support.engine import a_letter
from tests.support.program import Program
from tests.support.small_disk import SmallDisk, small_disk

pytestmark = pytest.mark.timeout(300)


def test_a_command_says_that_the_disk_is_full_and_works_when_there_is_room(tmp_path: Path) -> None:
    """The engine can neither start nor leave a word why; whoever asks finds out by himself, soon,
    and nobody has to start anything anew."""
    with small_disk(tmp_path / "disk", megabytes=20) as disk:
        program = with_a_mail(disk.path / "profile", tmp_path / "mails")
        program.stop()
        disk.leave(0)
        began = time.monotonic()
        refused = program.run("inbox")
        assert refused.returncode == 1
        assert refused.stderr.startswith("The disk is full. ")
        assert refused.stderr.count("\n") == 1
        assert time.monotonic() - began < 25
        disk.free()
        assert len(program.inbox()) == 1
        program.stop()


def test_a_damaged_profile_is_exchanged_for_a_copy_by_one_command(tmp_path: Path) -> None:
    """It says so and how; mails that came since the copy come again from where they lie."""
    program = with_a_mail(tmp_path / "profile", tmp_path / "mails")
    program.do("backup", str(tmp_path / "copy.db"))
    later = a_letter("The lid is cracked.", sender="a@a.example", message_id="<2@a.example>")
    (tmp_path / "mails" / "2.eml").write_bytes(later)
    program.do("poll")
    program.lose_the_database()
    refused = program.run("inbox")
    assert refused.returncode == 1
    assert "is damaged" in refused.stderr
    assert "restore FILE" in refused.stderr
    program.do("restore", str(tmp_path / "copy.db"))
    assert len(program.inbox()) == 1
    program.do("poll")
    assert len(program.inbox()) == 2
    program.stop()


def test_on_a_disk_that_is_closed_to_writing_mails_can_be_read(tmp_path: Path) -> None:
    """As a system leaves it after an error of the disk; what needs writing says so in a line."""
    with small_disk(tmp_path / "disk", megabytes=20) as disk:
        program = with_a_mail(disk.path / "profile", tmp_path / "mails")
        program.stop()
        program.wait(lambda: closed(disk), what="nobody has a file open for writing")
        try:
            (row,) = program.inbox()
            assert "broken" in program.json("show", row["key"])[0]["messages"][0]["text"]
            refused = program.run("poll")
            assert refused.returncode == 1
            assert refused.stderr.startswith("The profile cannot be written. ")
            assert refused.stderr.count("\n") == 1
        finally:
            disk.open_for_writing()
        (tmp_path / "mails" / "2.eml").write_bytes(
            a_letter("Late", message_id="<2@a.example>", sender="a@a.eu")
        )
        program.do("poll")
        assert len(program.inbox()) == 2
        program.stop()


def with_a_mail(profile: Path, mails: Path) -> Program:
    """A profile that has read the one mail of a folder, which is its mailbox."""
    mails.mkdir()
    (mails / "1.eml").write_bytes(a_letter())
    program = Program(profile=profile)
    program.do(
        "account", "add", "folder", "Shop",
        "--set", f"path={mails}", "--set", f"outbox={mails.with_name('out')}",
    )  # fmt: skip
    program.do("poll")
    return program


def closed(disk: SmallDisk) -> bool:
    try:
        disk.close_for_writing()
    except CalledProcessError:  # a program that just ends
        return False
    return True
