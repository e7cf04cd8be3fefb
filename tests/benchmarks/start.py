"""Start: from the start of the process to the first painted inbox, 200,000 messages in the profile.

    python -m tests.benchmarks.start

No engine runs before; the window starts one, as in the morning. The files are in the page cache.
"""

from __future__ import annotations

import statistics
import sys

from tests.benchmarks.figures import Budget, report
from tests.benchmarks.large_profile import YEARS, profile
from tests.benchmarks.real_window import window

_STARTS = 9


def main() -> int:
    """Start the window again and again; the first time is to warm the machine."""
    place = profile(YEARS)
    seconds, cpu = [], []
    for _ in range(1 + _STARTS):
        with window(place) as started:
            seconds.append(started.seconds)
            cpu.append(started.cpu_seconds)
    report(
        "start",
        "process start to first painted inbox, 200,000 messages in the profile",
        "s",
        seconds[1:],
        Budget(statistic="median", at_most=1.0),
        first=round(seconds[0], 3),
        cpu_median=round(statistics.median(cpu), 3),
    )
    return 0


if __name__ == "__main__":
    sys.exit(main())
