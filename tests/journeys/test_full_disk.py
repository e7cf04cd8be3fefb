"""A machine whose disk is full when Frontburner starts: what it says, and that it goes on."""

from __future__ import annotations

import time
from pathlib import Path

import pytest

from tests.support.engine import a_letter
from tests.support.program import Program
from tests.support.small_disk import small_disk

pytestmark = pytest.mark.timeout(300)


def test_a_command_says_that_the_disk_is_full_and_works_when_there_is_room(tmp_path: Path) -> None:
    """The engine can neither start nor leave a word why; whoever asks finds out by himself, soon,
    and nobody has to start anything anew."""
    mails = tmp_path / "mails"
    mails.mkdir()
    (mails / "1.eml").write_bytes(a_letter())
    with small_disk(tmp_path / "disk", megabytes=20) as disk:
        program = Program(profile=disk.path / "profile")
        program.do(
            "account", "add", "folder", "Shop",
            "--set", f"path={mails}", "--set", f"outbox={tmp_path / 'out'}",
        )  # fmt: skip
        program.do("poll")
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
