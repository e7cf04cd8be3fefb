"""The whole program as its user starts it: commands in processes of their own, on one profile."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from tests.support.processes import PATIENCE

ROOT = Path(__file__).parents[2]


@dataclass(frozen=True, kw_only=True)
class Program:
    """Frontburner on one profile. Without a message bus: no keyring, no pop-ups, unless given."""

    profile: Path
    environment: Mapping[str, str] = field(default_factory=dict)
    command: tuple[str, ...] = (sys.executable, "-m", "app")

    def run(
        self, *words: str, said: str = "", timeout: float = 400
    ) -> subprocess.CompletedProcess[str]:
        """One command to its end; `said` is typed at it."""
        return subprocess.run(
            [*self.command, "--profile", str(self.profile), *words],
            cwd=ROOT,
            env=self._surroundings(),
            input=said,
            capture_output=True,
            text=True,
            timeout=timeout,
            check=False,
        )

    def do(self, *words: str, said: str = "", timeout: float = 400) -> str:
        """A command that has to succeed; its output."""
        done = self.run(*words, said=said, timeout=timeout)
        assert done.returncode == 0, f"{words}: {done.returncode}\n{done.stdout}\n{done.stderr}"
        return done.stdout

    def json(self, *words: str, timeout: float = 400) -> list[dict[str, Any]]:
        """The objects that a command prints; nothing else may stand on its output."""
        said = self.do(*words, "--json", timeout=timeout)
        return [json.loads(line) for line in said.splitlines()]

    def inbox(self, view: str = "all") -> list[dict[str, Any]]:
        """The rows of a view."""
        return self.json("inbox", "--view", view)

    def start_engine(self, *words: str) -> subprocess.Popen[bytes]:
        """An engine as a child of the test, after that of the last command."""
        if self.engine_pid() is not None:
            self.stop()
        return subprocess.Popen(
            [*self.command, "--profile", str(self.profile), "engine", *words],
            cwd=ROOT,
            env=self._surroundings(),
        )

    def kill_engine(self) -> bool:
        """SIGKILL the engine, as a crash would; False where none runs."""
        pid = self.engine_pid()
        if pid is None:
            return False
        try:
            os.kill(pid, signal.SIGKILL)
        except ProcessLookupError:
            return False
        return True

    def lose_the_database(self) -> None:
        """The engine dies, and the disk gives nothing back but zeroes."""
        self.kill_engine()
        self.wait(lambda: self.engine_pid() is None, what="the engine is dead")
        database = self.profile / "frontburner.db"
        database.write_bytes(b"\0" * database.stat().st_size)
        for part in ("-wal", "-shm"):
            database.with_name(database.name + part).unlink(missing_ok=True)

    def engine_pid(self) -> int | None:
        """The process that holds the profile's lock, if it lives."""
        try:
            pid = int((self.profile / "engine.lock").read_text())
            return pid if b"engine" in Path(f"/proc/{pid}/cmdline").read_bytes() else None
        except (OSError, ValueError):
            return None

    def engine_peak(self) -> float:
        """The most memory that the engine ever had, in MB, with what it shares (proc(5), VmHWM)."""
        status = Path(f"/proc/{self.engine_pid()}/status").read_text()
        (peak,) = (line.split()[1] for line in status.splitlines() if line.startswith("VmHWM:"))
        return int(peak) / 1024

    def stop(self) -> None:
        """Stop the engine, and wait until it is gone."""
        self.run("engine", "--stop")
        self.wait(lambda: self.engine_pid() is None, what="the engine ends")

    def wait(self, true: Callable[[], object], *, what: str, seconds: float = PATIENCE) -> None:
        """Wait until something holds."""
        end = time.monotonic() + seconds
        while not true():
            if time.monotonic() > end:
                log = self.profile / "engine.log"
                tail = log.read_text()[-2000:] if log.exists() else ""
                raise AssertionError(f"not within {seconds:.0f} s: {what}\n{tail}")
            time.sleep(0.1)

    def _surroundings(self) -> dict[str, str]:
        kept = {
            name: value
            for name, value in os.environ.items()
            if name not in ("DBUS_SESSION_BUS_ADDRESS", "DISPLAY", "FRONTBURNER_PROFILE")
        }
        quiet = {"DBUS_SESSION_BUS_ADDRESS": "disabled:"}
        return {**kept, **quiet, "PYTHONPATH": str(ROOT), **self.environment}
