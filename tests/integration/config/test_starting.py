"""The first command of a new owner: what start.py does on machines that are not as they should be.

The environments here are empty or played; that the real one is made, `check.py` shows each time.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[3]
sys.path.insert(0, str(ROOT / "build_scripts"))

import environment  # noqa: E402
import start  # noqa: E402
from one_at_a_time import one_at_a_time  # noqa: E402

posix = pytest.mark.skipif(os.name == "nt", reason="the scripts here are for a POSIX shell")


@pytest.fixture
def checkout(tmp_path: Path) -> Path:
    """A fresh checkout as far as starting goes, in a folder with a blank and an umlaut."""
    folder = tmp_path / "Über uns" / "front burner"
    shutil.copytree(ROOT / "build_scripts", folder / "build_scripts")
    return folder


def made(checkout: Path, pip: str) -> Path:
    """An environment in which only pip is played: it does what the shell words `pip` say."""
    bin_ = checkout / ".venv" / "bin"
    bin_.mkdir(parents=True)
    script = bin_ / "python"
    script.write_text(f'#!/bin/sh\ncase "$*" in *"--version"*) exit 0;; esac\n{pip}\n')
    script.chmod(0o755)
    return script


def begun(checkout: Path, words: str = "environment.make(dev=False)") -> subprocess.Popen[str]:
    code = f"import sys; sys.path.insert(0, 'build_scripts'); import environment; {words}"
    return subprocess.Popen(
        [sys.executable, "-c", code],
        cwd=checkout,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    )


def told(process: subprocess.Popen[str]) -> str:
    return process.communicate(timeout=60)[0]


@pytest.mark.parametrize("version", ["(3, 9)", "(3, 14)"])
def test_another_python_is_named_with_the_way_to_a_right_one(checkout: Path, version: str) -> None:
    """Too new is as wrong as too old: no wheel is pinned for it, and pip's words say nothing."""
    said = told(begun(checkout, f"environment._refuse_another_python({version})"))
    assert "needs Python 3.11, 3.12 or 3.13; this is 3." in said
    assert "Traceback" not in said


@posix
def test_without_the_internet_it_says_so_in_words(checkout: Path) -> None:
    made(checkout, "echo 'ERROR: No matching distribution'; exit 1")
    said = told(begun(checkout))
    assert "connect it and start again" in said


@posix
def test_where_nobody_may_write_it_says_what_to_do_instead_of_a_traceback(checkout: Path) -> None:
    (checkout / "build").write_text("in the way, as a folder that is read-only would be")
    said = told(begun(checkout))
    assert "Copy the folder to a place where you may write" in said
    assert "Traceback" not in said


@posix
def test_two_starts_at_once_build_one_environment(checkout: Path) -> None:
    """The second waits, says so, and finds everything made."""
    made(checkout, "echo one >> pips; sleep 1.5")
    first, second = begun(checkout), begun(checkout)
    said = told(first) + told(second)
    assert (checkout / "pips").read_text() == "one\n"
    assert "Another start makes .venv just now" in said


@posix
def test_an_installation_that_was_broken_off_is_not_built_upon(checkout: Path) -> None:
    """Half a package has no list of its files; pip would stumble over it at every later start."""
    made(checkout, "exit 1")
    told(begun(checkout))
    remake = "environment.venv.EnvBuilder.create = lambda *_: print('made anew')"
    assert "made anew" in told(begun(checkout, f"{remake}; environment.make(dev=False)"))


@posix
def test_going_back_to_older_packages_installs_them_again(checkout: Path) -> None:
    made(checkout, "echo one >> pips")
    lock = checkout / "build_scripts" / "requirements.lock"
    older, newer = lock.read_text(), f"{lock.read_text()}\n# newer\n"
    for words in (older, newer, older, older):
        lock.write_text(words)
        told(begun(checkout))
    assert (checkout / "pips").read_text() == "one\n" * 3


@posix
@pytest.mark.skipif(sys.platform != "linux", reason="only there a display may be missing")
def test_a_display_that_does_not_answer_is_left_and_nothing_is_installed(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """As after `su`, or in a session whose display has gone: apt-get would not bring it back."""
    monkeypatch.setattr(environment, "python", lambda: Path(sys.executable))
    monkeypatch.setenv("DISPLAY", ":77")
    for name in ("WAYLAND_DISPLAY", "QT_QPA_PLATFORM"):
        monkeypatch.delenv(name, raising=False)
    environment.leave_dead_display()
    assert not environment.has_display()
    assert "The display :77 does not answer" in capsys.readouterr().out


@pytest.mark.parametrize(
    ("rest", "demo", "words"),
    [
        ([], True, ["demo"]),
        (["--headless", "--json"], True, ["demo", "--headless", "--json"]),
        (["--profile", "P"], True, ["--profile", "P", "demo"]),
        (["inbox", "--json"], False, ["inbox", "--json"]),
    ],
)
def test_what_follows_the_scripts_own_words_goes_to_the_program(
    rest: list[str], demo: bool, words: list[str]
) -> None:
    assert start._words(rest, demo=demo) == words


@pytest.mark.parametrize(
    ("words", "is_window"),
    [
        ([], True),
        (["demo"], True),
        (["--profile", "P"], True),
        (["--profile=P", "--in-background"], True),
        (["inbox"], False),
        (["--profile", "P", "account", "list"], False),
        (["demo", "--headless"], False),
    ],
)
def test_a_command_runs_without_a_display_as_it_is(words: list[str], is_window: bool) -> None:
    """No inbox before it and no picture after it."""
    assert start._is_window(words) is is_window


def test_a_lock_is_free_again_when_its_holder_is_done(tmp_path: Path) -> None:
    waited: list[int] = []
    for _ in range(2):
        with one_at_a_time(tmp_path / "lock", waiting=lambda: waited.append(1)):
            pass
    assert waited == []
