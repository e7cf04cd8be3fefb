"""Processes that a test starts, waits for, and ends by their own number."""

from __future__ import annotations

import os
import shutil
import signal
import subprocess
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress

import pytest

PATIENCE = 120.0  # seconds: what holds is waited for no longer than it takes, so this costs nothing


def need(*programs: str) -> None:
    """Skip the test, saying what is missing, unless every program is on this machine."""
    for program in programs:
        if shutil.which(program) is None:
            pytest.skip(f"{program} is not on this machine")


def wait_until(
    true: Callable[[], object], *, seconds: float = PATIENCE, what: str = "it", step: float = 0.02
) -> None:
    """Wait until the condition holds; fails the test with `what` did not happen."""
    deadline = time.monotonic() + seconds
    while not true():
        if time.monotonic() > deadline:
            pytest.fail(f"waited {seconds:.0f} s, and {what} did not happen")
        time.sleep(step)


@contextmanager
def running(
    argv: Sequence[str],
    *,
    env: Mapping[str, str] | None = None,
    stdin: bytes | None = None,
    stdout: int = subprocess.DEVNULL,
    pass_fds: tuple[int, ...] = (),
) -> Iterator[subprocess.Popen[bytes]]:
    """A process in a session of its own, ended with everything it started."""
    process = subprocess.Popen(
        list(argv),
        env={**os.environ, **(env or {})},
        stdin=subprocess.PIPE if stdin is not None else subprocess.DEVNULL,
        stdout=stdout,
        stderr=subprocess.DEVNULL,
        start_new_session=True,
        pass_fds=pass_fds,
    )
    try:
        if stdin is not None and process.stdin is not None:
            process.stdin.write(stdin)
            process.stdin.close()
        yield process
    finally:
        end(process)


def end(process: subprocess.Popen[bytes]) -> None:
    """End the process and its session, politely first."""
    for politeness in (signal.SIGTERM, signal.SIGKILL):
        with suppress(ProcessLookupError, PermissionError):
            os.killpg(process.pid, politeness)
        with suppress(subprocess.TimeoutExpired):
            process.wait(10)
            break
    for pipe in (process.stdout, process.stdin):
        if pipe is not None:
            pipe.close()
