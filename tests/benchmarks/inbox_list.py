"""List: how long a frame takes while somebody scrolls through 100,000 issues, in the real list.

    python -m tests.benchmarks.inbox_list

Drawn without a screen: reading the rows, laying them out and painting them are in it, the graphics
card is not.
"""

from __future__ import annotations

import os
import random
import sys
from collections.abc import Iterable, Iterator
from time import perf_counter

os.environ["QT_QPA_PLATFORM"] = "offscreen"

from PySide6.QtCore import QDeadlineTimer, QEventLoop
from PySide6.QtWidgets import QApplication, QScrollBar

from app.config.paths import resources
from app.domain.clock import SystemClock
from app.engine.queries import Queries
from app.ui.inbox.pane import InboxPane
from app.ui.reader import Reader
from app.ui.theme import Theme
from app.ui.tokens import Appearance
from tests.benchmarks.figures import Budget, percentile, report
from tests.benchmarks.large_profile import LONG_LIST, profile

_SIZE = (468, 860)
_WHEEL, _PAGES, _JUMPS = 1200, 200, 100


def main() -> int:
    """Scroll in every way, and tell the slowest of each way too."""
    place = profile(LONG_LIST)
    app = QApplication.instance() or QApplication(sys.argv[:1])
    assert isinstance(app, QApplication)
    theme = Theme(app, resources(), appearance=Appearance.LIGHT)
    reader = Reader(lambda: Queries(place.database), app)
    queries = Queries(place.database)
    pane = InboxPane(queries=queries, reader=reader, theme=theme, clock=SystemClock())
    pane.resize(*_SIZE)
    pane.show_view("open")
    pane.show()
    _wait(app, pane)
    ways = {
        way: list(_frames(app, pane, places))
        for way, places in _places(pane.view.verticalScrollBar()).items()
    }
    reader.stop()
    queries.close()
    report(
        "list",
        "a frame while scrolling through 100,000 rows: wheel, pages and jumps",
        "ms",
        [frame for frames in ways.values() for frame in frames],
        Budget(statistic="p99", at_most=16),
        rows=pane.model.rowCount(),
        p99_of={way: round(percentile(sorted(frames), 99), 1) for way, frames in ways.items()},
    )
    return 0


def _wait(app: QApplication, pane: InboxPane) -> None:
    deadline = QDeadlineTimer(30_000)
    while pane.state != "list" or not pane.model.rowCount():
        if deadline.hasExpired():
            raise RuntimeError(f"the list did not come: {pane.state} {pane.said}")
        app.processEvents(QEventLoop.ProcessEventsFlag.WaitForMoreEvents, 100)


def _frames(app: QApplication, pane: InboxPane, places: Iterable[int]) -> Iterator[float]:
    """Milliseconds from the new place of the bar to the painted rows, frame by frame."""
    for place in places:
        began = perf_counter()
        pane.view.verticalScrollBar().setValue(place)
        app.processEvents()
        yield (perf_counter() - began) * 1000


def _places(bar: QScrollBar) -> dict[str, list[int]]:
    """Where the bar is put: turn the wheel, turn pages, drag its handle to anywhere."""
    notch, chance = bar.singleStep() * 3, random.Random(1)
    wheel = [notch * turn for turn in range(1, _WHEEL + 1)]
    pages = [wheel[-1] + bar.pageStep() * page for page in range(1, _PAGES + 1)]
    jumps = [chance.randint(0, bar.maximum()) for _ in range(_JUMPS)]
    return {"wheel": wheel, "pages": pages, "jumps": jumps}


if __name__ == "__main__":
    sys.exit(main())
