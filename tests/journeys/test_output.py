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


@pytest.mark.skipif(os.name == "nt", reason="a shell of Unix")
@pytest.mark.parametrize("command", ["due", "triage"])
def test_a_closed_input_is_an_empty_one(tmp_path: Path, command: str):
    done = shell(tmp_path, command, "<&-")
    assert (done.returncode, done.stdout, done.stderr) == (0, "", "")


@pytest.mark.parametrize("locale", ["C", "de_DE.UTF-8", "tr_TR.UTF-8"])
def test_a_byte_order_mark_and_a_broken_letter_are_read_in_every_locale(
    tmp_path: Path, locale: str
):
    """As Windows writes files, and as old programs write letters. The answer is in UTF-8."""
    case = json.dumps(_CASE | {"id": "ä"}, ensure_ascii=False).encode()
    broken = case.replace("ä".encode(), b"\xe4")
    done = subprocess.run(
        [sys.executable, "-m", "app", "--profile", tmp_path, "due"],
        cwd=ROOT,
        env={**os.environ, "LC_ALL": locale, "PYTHONUTF8": "0", "PYTHONIOENCODING": ""},
        input=b"\xef\xbb\xbf" + case + b"\r\n" + broken + b"\n",
        capture_output=True,
        timeout=60,
        check=False,
    )
    assert (done.returncode, done.stderr) == (0, b"")
    assert [json.loads(line)["id"] for line in done.stdout.splitlines()] == ["ä", "\ufffd"]


_A_SERVER = ["--set", "host=127.0.0.1", "--set", "user=shop", "--set", "auth=oauth"]


@pytest.mark.skipif(os.name == "nt", reason="Windows hands over whole letters")
@pytest.mark.parametrize(
    ("words", "said"),
    [
        (["note", "i1_aaaaaaaa", b"\xff"], b""),
        (["reply", "i1_aaaaaaaa", "--body", "-"], b"gr\xfc\xdfe"),
        (["account", "add", "imap", "Shop", *_A_SERVER, "--client-secret"], b"s\xe4cret\n"),
    ],
)
def test_what_is_no_text_is_refused_in_one_sentence(
    tmp_path: Path, words: list[str | bytes], said: bytes
):
    """A customer would read signs that nobody wrote."""
    done = subprocess.run(
        [sys.executable, "-m", "app", "--profile", tmp_path, *words],
        cwd=ROOT,
        input=said,
        capture_output=True,
        timeout=60,
        check=False,
    )
    assert (done.returncode, done.stdout) == (1, b"")
    assert b"UTF-8" in done.stderr
    assert done.stderr.count(b"\n") == 1
