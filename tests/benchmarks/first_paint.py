"""First paint: the real window in a process of its own that says when its list was first painted.

    python -m tests.benchmarks.first_paint PROFILE

It starts as `python -m app --profile PROFILE` does. The instant is of the system's monotonic clock,
which the process that started this one reads as well; behind it stands the processor time that was
used up to then, which other work on the machine makes no longer.
"""

from __future__ import annotations

import sys
import time
from typing import TYPE_CHECKING

from app.__main__ import main

if TYPE_CHECKING:
    from PySide6.QtGui import QPaintEvent


def watch() -> None:
    """Have the list tell its first painting that shows an issue."""
    from app.ui.inbox.view import InboxView

    told: list[bool] = []

    def paint(view: InboxView, event: QPaintEvent) -> None:
        super(InboxView, view).paintEvent(event)
        if not told and view.model().rowCount():
            told.append(True)
            sys.stdout.write(f"{time.monotonic_ns()} {time.process_time_ns()}\n")
            sys.stdout.flush()

    InboxView.paintEvent = paint  # type: ignore[assignment,method-assign]


if __name__ == "__main__":
    watch()
    sys.exit(main(["--profile", sys.argv[1]]))
