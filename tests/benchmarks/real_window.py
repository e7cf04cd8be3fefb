"""Real window: started as its owner does, but without a screen, and ended with its engine."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path

from app.config.paths import Profile
from app.config.system import lock_holder
from app.domain.errors import KnownError
from app.engine.client import EngineClient
from tests.benchmarks.large_profile import ROOT

_STARTS_WITHIN = 120.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Started:
    """A window that has painted: its process, the seconds from its start to that, and of those
    the seconds in which a processor worked for it."""

    pid: int
    seconds: float
    cpu_seconds: float


@contextmanager
def window(profile: Profile) -> Iterator[Started]:
    """A window and the engine that it starts; both are gone afterwards."""
    began = time.monotonic_ns()
    process = subprocess.Popen(
        [sys.executable, "-m", "tests.benchmarks.first_paint", str(profile.folder)],
        cwd=ROOT,
        env=surroundings(),
        stdout=subprocess.PIPE,
        text=True,
    )
    try:
        assert process.stdout is not None
        said = process.stdout.readline()
        if not said:
            raise RuntimeError(f"the window ended with {process.wait()} before it painted")
        painted, used = map(int, said.split())
        yield Started(pid=process.pid, seconds=(painted - began) / 1e9, cpu_seconds=used / 1e9)
    finally:
        process.send_signal(signal.SIGKILL)
        process.communicate()
        stop_engine(profile)


def stop_engine(profile: Profile) -> None:
    """Stop the engine of a profile, and wait until it is gone."""
    client = EngineClient(profile)
    for _ in range(600):
        if client.is_running():  # asking would start one that is to be stopped again
            with suppress(KnownError):
                client.call("stop")
        elif not _engine_lives(profile):
            break
        time.sleep(0.1)
    client.close()


def engine_pid(profile: Profile) -> int:
    """The process that holds the profile's lock; a busy machine may need a while to start it."""
    end = time.monotonic() + _STARTS_WITHIN
    while not _engine_lives(profile) and time.monotonic() < end:
        time.sleep(0.1)
    pid = lock_holder(profile.lock)
    assert pid is not None
    return pid


def memory(pid: int) -> float:
    """The process's share of the machine's memory (PSS) in MB, 2^20 bytes."""
    with open(f"/proc/{pid}/smaps_rollup", encoding="ascii") as lines:  # noqa: PTH123 - /proc
        found = next(line for line in lines if line.startswith("Pss:"))
    return int(found.split()[1]) / 1024


def family(pid: int) -> list[int]:
    """The process and those that it started and that still live: an engine's reader, for one."""
    found = [pid]
    for task in Path(f"/proc/{pid}/task").glob("*/children"):
        with suppress(OSError):
            for child in task.read_text().split():
                found += family(int(child))
    return found


def cpu_seconds(pid: int) -> float:
    """For how long a processor has worked for this process, and for those that it has outlived."""
    with open(f"/proc/{pid}/stat", encoding="ascii") as line:  # noqa: PTH123 - /proc
        fields = line.read().rpartition(")")[2].split()
    ticks: int = os.sysconf("SC_CLK_TCK")
    return sum(map(int, fields[11:15])) / ticks  # proc(5): utime, stime, cutime, cstime


def _engine_lives(profile: Profile) -> bool:
    pid = lock_holder(profile.lock)
    if pid is None:
        return False
    try:
        with open(f"/proc/{pid}/cmdline", "rb") as words:  # noqa: PTH123 - /proc
            return b"engine" in words.read()
    except OSError:
        return False


def surroundings() -> dict[str, str]:
    """What a window needs to be shown without a screen, and without a bus."""
    kept = {name: value for name, value in os.environ.items() if name != "PYTHONDONTWRITEBYTECODE"}
    screen = ROOT / "tests" / "ui" / "screen.json"  # without it the window would be narrow
    return {
        **kept,
        "QT_QPA_PLATFORM": f"offscreen:configfile={screen}",
        "DBUS_SESSION_BUS_ADDRESS": "disabled:",
    }
