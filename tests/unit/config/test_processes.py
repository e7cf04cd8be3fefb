"""How this program starts itself once more, and what differs by platform about it."""

from __future__ import annotations

import os
import stat
import subprocess
import sys
import time
from pathlib import Path

import pytest

from app.config import processes
from app.config.autostart import run_line


def test_our_own_command_starts_this_program() -> None:
    assert processes.own_command("engine", "--stay") == [
        sys.executable,
        "-m",
        "app",
        "engine",
        "--stay",
    ]


def test_a_child_runs_on_its_own_and_its_end_is_known(tmp_path: Path) -> None:
    """It has its own session, its stderr is kept, and it is no zombie afterwards."""
    log = tmp_path / "child.log"
    code = "import os, sys; print(os.getsid(0) == os.getpid(), file=sys.stderr); sys.exit(3)"
    child = processes.spawn_detached([sys.executable, "-c", code], stderr=log)
    deadline = time.monotonic() + 120
    while child.exit_status is None and time.monotonic() < deadline:
        time.sleep(0.01)
    assert child.exit_status == 3
    assert log.read_text() == "True\n"
    assert stat.S_IMODE(log.stat().st_mode) == 0o600
    with pytest.raises(ProcessLookupError):
        os.kill(child.pid, 0)


def test_a_bundle_gives_other_programs_the_libraries_of_the_user() -> None:
    environ = {"LD_LIBRARY_PATH": "/bundle", "LD_LIBRARY_PATH_ORIG": "/users", "HOME": "/home/x"}
    assert processes.foreign_environment(environ, frozen=False) == environ
    assert processes.foreign_environment(environ, frozen=True) == {
        "LD_LIBRARY_PATH": "/users",
        "HOME": "/home/x",
    }
    assert processes.foreign_environment({"LD_LIBRARY_PATH": "/bundle"}, frozen=True) == {}


def test_of_a_program_that_windows_has_twice_each_leads_to_the_one_that_is_meant(
    tmp_path: Path,
) -> None:
    """The window runs without a console, its engine and its helpers are heard through one."""
    for name in ("python.exe", "pythonw.exe", "alone.exe"):
        (tmp_path / name).touch()
    for begun in ("python.exe", "pythonw.exe"):
        found = processes.of_two(tmp_path / begun, with_console=True)
        assert found == tmp_path / "python.exe"
        found = processes.of_two(tmp_path / begun, with_console=False)
        assert found == tmp_path / "pythonw.exe"
    assert processes.of_two(tmp_path / "alone.exe", with_console=False) == tmp_path / "alone.exe"
    other = Path("/usr/bin/python3")
    assert processes.of_two(other, with_console=False) == other


def test_what_windows_starts_at_sign_in_finds_the_program_from_any_folder(tmp_path: Path) -> None:
    """Its Run key knows no working folder: with `-m app` alone nothing would ever start."""
    command = processes.command_at_sign_in("help", "rules", platform="win32")
    done = subprocess.run(
        command, cwd=tmp_path, capture_output=True, text=True, timeout=60, check=False
    )
    assert (done.returncode, done.stderr) == (0, "")
    assert done.stdout
    assert processes.command_at_sign_in("x", platform="darwin") == processes.own_command("x")


def test_a_line_too_long_for_the_run_key_is_refused() -> None:
    """Windows starts nothing and says nothing about a longer one: nobody would watch the mail."""
    assert run_line(["C:/a b/pythonw.exe", "--profile", "C:/x"]) == (
        '"C:/a b/pythonw.exe" --profile C:/x'
    )
    with pytest.raises(OSError, match="long"):
        run_line(["C:/python.exe", "x" * 260])


@pytest.mark.parametrize(
    ("command", "program"),
    [
        (r"C:\Tools\pass.exe show shop", "pass.exe"),
        (r'"C:\Program Files\KeePassXC\keepassxc-cli.exe" show a', "keepassxc-cli.exe"),
        (r"C:\Users\O'Brien\pass.exe show", "pass.exe"),
        ("pass", "pass"),
    ],
)
def test_the_program_of_a_windows_command_line_is_named(command: str, program: str) -> None:
    """An apostrophe in a folder's name is no quote there."""
    assert processes.named_by(command) == program


@pytest.mark.parametrize("command", ["", "  ", '""', '"C:\\never closed'])
def test_a_windows_command_line_without_a_program_is_none(command: str) -> None:
    with pytest.raises(ValueError):  # noqa: PT011 - as of the POSIX one, which says nothing either
        processes.named_by(command)
