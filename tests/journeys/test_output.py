"""A command whose lines nobody can take says so, or nothing; it never ends in a traceback."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from tests.support.program import ROOT

_CASE = {
    "id": 1,
    "calendar": {"tz": "UTC", "hours": {"0": [["09:00", "17:00"]]}},
    "start": "2026-11-23T09:00:00Z",
    "minutes": 60,
}
_LINES = (json.dumps(_CASE) + "\n") * 3000

# Commands that need no engine: one that prints at once, one that prints line by line.
COMMANDS = ("help", "due")


def shell(
    tmp_path: Path, command: str, redirected: str, *, unbuffered: bool = False
) -> subprocess.CompletedProcess[str]:
    """What a person at a shell gets of it: exit status and standard error."""
    return subprocess.run(
        [
            "sh",
            "-c",
            f'"$0" -m app --profile "$1" {command} {redirected}',
            sys.executable,
            tmp_path,
        ],
        cwd=ROOT,
        env={**os.environ, "PYTHONUNBUFFERED": "1" if unbuffered else ""},
        input=_LINES,
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="needs a device that is always full")
@pytest.mark.parametrize("unbuffered", [False, True])
@pytest.mark.parametrize("command", COMMANDS)
def test_a_full_disk_is_said_in_one_sentence(tmp_path: Path, command: str, unbuffered: bool):
    done = shell(tmp_path, command, ">/dev/full", unbuffered=unbuffered)
    assert done.returncode == 1
    assert done.stderr == "The answer could not be written: No space left on device.\n"


@pytest.mark.skipif(os.name == "nt", reason="a shell of Unix")
@pytest.mark.parametrize("command", COMMANDS)
@pytest.mark.parametrize("closed", [">&-", ">&- 2>&-"])
def test_a_closed_output_keeps_no_command_from_its_work(tmp_path: Path, command: str, closed: str):
    done = shell(tmp_path, command, closed)
    assert (done.returncode, done.stdout, done.stderr) == (0, "", "")


@pytest.mark.skipif(os.name == "nt", reason="a shell of Unix")
@pytest.mark.parametrize("command", COMMANDS)
def test_whoever_has_read_enough_may_go(tmp_path: Path, command: str):
    done = shell(tmp_path, command, "| true")
    assert (done.returncode, done.stderr) == (0, "")
