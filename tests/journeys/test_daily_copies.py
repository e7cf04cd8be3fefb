"""The profile's own copies from the command line: made now, listed, gone back to."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest

from tests.support.engine import a_letter
from tests.support.program import ROOT, Program

pytestmark = pytest.mark.timeout(300)


def test_a_copy_is_made_listed_and_gone_back_to_with_what_was_decided(tmp_path: Path) -> None:
    """`backup` and `restore` without a file; a profile whose pages are gone has its decisions."""
    mails = tmp_path / "mails"
    mails.mkdir()
    (mails / "1.eml").write_bytes(a_letter())
    program = Program(profile=tmp_path / "profile")
    program.do(
        "account", "add", "folder", "Shop",
        "--set", f"path={mails}", "--set", f"outbox={tmp_path / 'out'}",
    )  # fmt: skip
    program.do("poll")
    (row,) = program.inbox()
    program.do("resolve", row["key"])
    assert program.run("restore").stdout == "There is no copy yet. `backup` makes one.\n"
    (made,) = program.json("backup")
    program.lose_the_database()
    assert "is damaged" in program.run("inbox").stderr
    (listed,) = program.json("restore")
    assert listed["file"] == made["file"]
    assert listed["kind"] == "daily"
    assert listed["bytes"] == Path(made["file"]).stat().st_size
    program.do("restore", listed["file"])
    (row,) = program.inbox()
    assert row["state"] == "resolved"
    assert sorted(one["kind"] for one in program.json("restore")) == ["daily", "replaced"]
    checks = {one["check"]: one for one in program.json("doctor")}
    assert checks["copies"]["state"] == "ok"
    assert listed["made_at"] in checks["copies"]["found"]
    program.stop()


def test_an_engine_that_just_starts_in_vain_keeps_no_copy_from_being_put_back(
    tmp_path: Path,
) -> None:
    """The window tries to start one every few seconds; it was asked to end, and another one that
    was started for that said that the profile is damaged."""
    program = Program(profile=tmp_path / "profile")
    (made,) = program.json("backup")
    program.lose_the_database()
    script = (
        "import sys, time; from pathlib import Path; from app.config.system import lock_file;"
        "lock = lock_file(Path(sys.argv[1])); print('held', flush=True); time.sleep(3)"
    )
    command = [sys.executable, "-c", script, str(program.profile / "engine.lock")]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True, cwd=ROOT) as starting:
        assert starting.stdout is not None
        assert starting.stdout.readline() == "held\n"
        program.do("restore", made["file"])
    assert program.inbox() == []
    program.stop()


def test_a_folder_for_the_copies_is_chosen_like_any_setting(tmp_path: Path) -> None:
    program = Program(profile=tmp_path / "profile")
    usb = tmp_path / "usb"
    usb.mkdir()
    refused = program.run("settings", "copies_folder=/no/such/folder")
    assert refused.returncode == 1
    assert "is not a folder" in refused.stderr
    program.do("settings", f"copies_folder={usb}")
    made = json.loads(program.do("backup", "--json"))
    assert Path(made["file"]).parent == usb
    program.do("settings", "copies_folder=")
    assert [one["file"] for one in program.json("restore")] == [made["file"]]
    program.do("settings", f"copies_folder={usb}")
    usb.rename(tmp_path / "away")
    refused = program.run("backup")
    assert refused.returncode == 1
    assert refused.stderr.startswith("The folder for the copies is not there.")
    assert not usb.exists()
    program.stop()
