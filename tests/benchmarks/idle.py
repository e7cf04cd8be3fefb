"""Idle: how much of a core window and engine use together while nothing happens.

    python -m tests.benchmarks.idle

The processes' own time, as the kernel counts it: it does not depend on what else runs.
"""

from __future__ import annotations

import os
import sys
import time
from pathlib import Path

from tests.benchmarks import real_window
from tests.benchmarks.figures import Budget, report
from tests.benchmarks.large_profile import YEARS, profile

_SETTLED, _WATCHED, _TIMES = 20.0, 30.0, 2


def main() -> int:
    """One start; then nothing, watched twice."""
    place = profile(YEARS)
    with real_window.window(place) as started:
        pids = (started.pid, real_window.engine_pid(place))
        time.sleep(_SETTLED)
        shares = [_share(pids) for _ in range(_TIMES)]
    what = "of one core while nothing happens, window and engine, 200,000 messages"
    report("idle", what, "%", shares, Budget(statistic="median", at_most=0.5))
    return 0


def _share(pids: tuple[int, ...]) -> float:
    """How much of a core these processes used for a while, in percent."""
    began, before = time.monotonic(), sum(map(_seconds, pids))
    time.sleep(_WATCHED)
    return 100 * (sum(map(_seconds, pids)) - before) / (time.monotonic() - began)


def _seconds(pid: int) -> float:
    """The processor time that a process has used, its own and the system's (proc(5), stat)."""
    fields = Path(f"/proc/{pid}/stat").read_text(encoding="ascii").rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


if __name__ == "__main__":
    sys.exit(main())
