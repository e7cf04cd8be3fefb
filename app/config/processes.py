"""Processes: how this program starts itself once more, and how it asks programs that are not ours.

Beside `system` a place that differs by platform. POSIX is measured; the Windows branches follow the
documentation of their calls.
"""

from __future__ import annotations

import contextlib
import os
import shlex
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path, PureWindowsPath
from typing import BinaryIO

from app.config.system import home, is_frozen, open_private
from app.domain.translation import tr

if sys.platform == "win32":
    # Else a program of the console opens a window of its own, before a window that has none.
    _NO_CONSOLE = subprocess.CREATE_NO_WINDOW
    _OWN_GROUP = subprocess.CREATE_NEW_PROCESS_GROUP
else:
    import resource

    _NO_CONSOLE = _OWN_GROUP = 0

_PIPE = 1024 * 1024  # where a pipe's room can be chosen: on Linux
_FROM_ANYWHERE = (
    "import sys; sys.path[0] = {home!r}; from app.__main__ import main; sys.exit(main())"
)


# --- This program once more -----------------------------------------------------------------


def own_command(*arguments: str) -> list[str]:
    """The command line that starts this same Frontburner with other arguments, from `home()`."""
    program = str(of_two(Path(sys.executable), with_console=True))
    return [program, *arguments] if is_frozen() else [program, "-m", "app", *arguments]


def command_at_sign_in(*arguments: str, platform: str = sys.platform) -> list[str]:
    """The same for the desktop to start. Windows lets nobody say in which folder, and would show a
    console's window beside ours."""
    if platform != "win32":
        return own_command(*arguments)
    program = str(of_two(Path(sys.executable), with_console=False))
    code = _FROM_ANYWHERE.format(home=home().as_posix())
    return [program, *arguments] if is_frozen() else [program, "-c", code, *arguments]


def of_two(program: Path, *, with_console: bool) -> Path:
    """Of a program that Windows has twice, with a console (python.exe, frontburner.exe) and without
    (pythonw.exe, frontburnerw.exe), the one that is meant; elsewhere the program itself."""
    stem = program.stem.removesuffix("w") + ("" if with_console else "w")
    other = program.with_name(f"{stem}.exe")
    return other if program.suffix.lower() == ".exe" and other.is_file() else program


class Child:
    """A second process that outlives us; a thread waits for it, so that no zombie stays."""

    def __init__(self, process: subprocess.Popen[bytes]) -> None:
        self._process = process
        threading.Thread(target=process.wait, name=f"wait-{process.pid}", daemon=True).start()

    @property
    def pid(self) -> int:
        """Its process id."""
        return self._process.pid

    @property
    def exit_status(self) -> int | None:
        """The status it ended with, or None while it runs."""
        return self._process.poll()


def spawn_detached(argv: Sequence[str], *, stderr: Path | None = None) -> Child:
    """Start a process that lives on when we end, in its own session, without a terminal.

    Its working folder is `home()`, so paths in `argv` must be absolute. What it says on stderr is
    appended to the private file `stderr`, or lost, as on a disk that nobody can write to.
    """
    with contextlib.ExitStack() as files:
        heard: BinaryIO | int = subprocess.DEVNULL
        with contextlib.suppress(OSError):
            heard = files.enter_context(open_private(stderr)) if stderr else heard
        process = subprocess.Popen(  # noqa: S603 - our own command line, no shell
            list(argv),
            cwd=home(),
            env=_own_environment(),
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            stderr=heard,
            start_new_session=True,  # POSIX alone heeds it
            creationflags=_NO_CONSOLE | _OWN_GROUP,
        )
    return Child(process)


def spawn_helper(argv: Sequence[str]) -> subprocess.Popen[bytes]:
    """Start a process that works for us: asked on its stdin, heard on its stdout.

    In its own session, so that Ctrl-C in a terminal reaches us alone; it is to end when stdin does.
    """
    return subprocess.Popen(  # noqa: S603 - our own command line, no shell
        list(argv),
        cwd=home(),
        env=_own_environment(),
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        pipesize=_PIPE,
        start_new_session=True,
        creationflags=_NO_CONSOLE | _OWN_GROUP,
    )


def _own_environment() -> dict[str, str]:
    return {**os.environ, "PYINSTALLER_RESET_ENVIRONMENT": "1"}  # PyInstaller >= 6.9


def give_up_all_but(*, memory: int, seconds: int) -> None:
    """Let this process hold at most `memory` bytes and compute `seconds`, start and write nothing,
    and open no file and no connection from now on.

    On Windows, which has no such limits for a process about itself, nothing changes: there whoever
    started it has to end it in time. macOS does not keep to the limit of memory.
    """
    _give_up(memory, seconds)


# --- Programs that are not ours -------------------------------------------------------------


def foreign_environment(
    environ: Mapping[str, str] | None = None, *, frozen: bool | None = None
) -> dict[str, str]:
    """The environment for programs that are not ours.

    A bundle puts its own libraries first; the loader's variables as the user had them are kept by
    PyInstaller under <NAME>_ORIG and are put back here.
    """
    own = dict(os.environ if environ is None else environ)
    if not (is_frozen() if frozen is None else frozen):
        return own
    for name in ("LD_LIBRARY_PATH", "LIBPATH", "DYLD_LIBRARY_PATH"):
        before = own.pop(f"{name}_ORIG", None)
        own.pop(name, None)
        if before is not None:
            own[name] = before
    return own


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """What a program that was asked printed; `failure` is one sentence without any of it."""

    program: str
    output: bytes = b""
    failure: str = ""


def ask_program(command: str, *, seconds: float, most: int) -> Answer:
    """Run a command line of the owner without a shell and read what it prints, up to `most` bytes.

    After `seconds` it is ended, with whatever it started. Neither its arguments nor its output
    get into `failure`.
    """
    deadline = time.monotonic() + seconds
    program = ""
    try:
        program, argv = _command(command)
        process = _foreign_process(argv)
    except ValueError:
        return Answer(program=program, failure=tr("It is empty, or a quote in it is not closed."))
    except OSError as error:
        return Answer(
            program=program,
            failure=tr("It cannot be started ({strerror}).", strerror=error.strerror),
        )
    output = _read_until(process, deadline, most)
    status = _ended(process, deadline) if output is not None else None
    if output is None or status is None:
        _kill(process)  # before it is waited for: until then nobody else can have its number
        return Answer(
            program=program,
            failure=tr("It did not finish within {seconds} s.", seconds=f"{seconds:g}"),
        )
    if status:
        return Answer(program=program, failure=tr("It ended with status {status}.", status=status))
    return Answer(program=program, output=output)


def _foreign_process(argv: str | list[str]) -> subprocess.Popen[bytes]:
    return subprocess.Popen(  # noqa: S603 - the owner's own command, no shell
        argv,
        env=foreign_environment(),
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        start_new_session=True,
        creationflags=_NO_CONSOLE,
    )


def _read_until(process: subprocess.Popen[bytes], deadline: float, most: int) -> bytes | None:
    """What the process prints until it closes its output or has said enough; None if too late."""
    heard: list[bytes] = []

    def read() -> None:
        assert process.stdout is not None
        with process.stdout as output:
            heard.append(output.read(most))

    reader = threading.Thread(target=read, name="secret-command", daemon=True)
    reader.start()
    reader.join(max(0.0, deadline - time.monotonic()))
    return heard[0] if heard else None


def _ended(process: subprocess.Popen[bytes], deadline: float) -> int | None:
    try:
        return process.wait(max(0.0, deadline - time.monotonic()))
    except subprocess.TimeoutExpired:
        return None


def named_by(command: str) -> str:
    """The program that a command line of Windows names, by the name of its file: what stands in
    quotes at its beginning, else what stands before the first blank. An apostrophe quotes nothing.

    Raises ValueError where there is none, or a quote is not closed.
    """
    line = command.strip()
    quoted, closing, _ = line[1:].partition('"')
    first = quoted if line.startswith('"') and closing else line.partition(" ")[0]
    if not first or first.startswith('"'):
        raise ValueError
    return PureWindowsPath(first).name


# --- The two platforms ----------------------------------------------------------------------

if sys.platform == "win32":

    def _command(command: str) -> tuple[str, str | list[str]]:
        """The name of the program, and the line as Windows itself takes it apart."""
        return named_by(command), command

    def _kill(process: subprocess.Popen[bytes]) -> None:
        """End the process and what it started."""
        tool = Path(os.environ.get("SYSTEMROOT", r"C:\Windows")) / "System32" / "taskkill.exe"
        with contextlib.suppress(OSError, subprocess.TimeoutExpired):
            subprocess.run(  # noqa: S603 - a system tool by its full path, no shell
                [str(tool), "/F", "/T", "/PID", str(process.pid)],
                capture_output=True,
                timeout=10,
                creationflags=_NO_CONSOLE,
                check=False,
            )
        process.kill()
        process.wait()

    def _give_up(memory: int, seconds: int) -> None:
        """There is nothing to give up."""

else:

    def _command(command: str) -> tuple[str, str | list[str]]:
        """The name of the program, and the words as a POSIX shell would part them."""
        words = shlex.split(command)
        if not words:
            raise ValueError
        return Path(words[0]).name, words

    def _kill(process: subprocess.Popen[bytes]) -> None:
        """End the process and what it started in its session."""
        with contextlib.suppress(ProcessLookupError, PermissionError):
            os.killpg(process.pid, signal.SIGKILL)
        process.wait()

    def _give_up(memory: int, seconds: int) -> None:
        limits = {
            resource.RLIMIT_AS: memory,
            resource.RLIMIT_CPU: seconds,
            resource.RLIMIT_FSIZE: 0,
            resource.RLIMIT_CORE: 0,
            resource.RLIMIT_NPROC: 0,
            resource.RLIMIT_NOFILE: 3,  # what is open stays open: stdin, stdout, stderr
        }
        for what, most in limits.items():
            with contextlib.suppress(OSError, ValueError):  # a system that does not know this one
                resource.setrlimit(what, (most, most))
