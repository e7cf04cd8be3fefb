"""Memory: what window and engine hold together ten seconds after the start, 200,000 messages.

    python -m tests.benchmarks.memory

PSS: what several processes share is counted once, in parts.
"""

from __future__ import annotations

import sys
import time

from tests.benchmarks import real_window
from tests.benchmarks.figures import Budget, report
from tests.benchmarks.large_profile import YEARS, profile

_SETTLED = 10.0


def main() -> int:
    """One start, one look."""
    place = profile(YEARS)
    with real_window.window(place) as started:
        time.sleep(_SETTLED)
        of_window = real_window.memory(started.pid)
        of_engine = real_window.memory(real_window.engine_pid(place))
    what = "memory of the window, 200,000 messages, PSS"
    report("memory", what, "MB", [of_window], Budget(statistic="median", at_most=90))
    what = "memory of window and engine, 200,000 messages, PSS"
    together = [of_window + of_engine]
    report("memory", what, "MB", together, Budget(statistic="median", at_most=300))
    return 0


if __name__ == "__main__":
    sys.exit(main())
