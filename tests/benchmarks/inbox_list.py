"""List: how long a frame takes while somebody scrolls through 100,000 issues, in the real list.

    python -m tests.benchmarks.inbox_list

Drawn without a screen: reading the rows, laying them out and painting them are in it, the graphics
card is not.
"""

from __future__ import annotations

import os
import random
import sys
from collections.abc import Iterator
from time import perf_counter

os.environ["QT_QPA_PLATFORM"] = "offscreen"

from PySide6.QtCore import QDeadlineTimer, QEventLoop
from PySide6.QtWidgets import QApplication

from app.config.paths import resources
from app.domain.clock import SystemClock
from app.engine.queries import Queries
from app.ui.inbox.pane import InboxPane
from app.ui.reader import Reader
from app.ui.theme import Theme
from app.ui.tokens import Appearance
from tests.benchmarks.figures import Budget, report
from tests.benchmarks.large_profile import LONG_LIST, profile

_SIZE = (468, 860)
_WHEEL, _PAGES, _JUMPS = 1200, 200, 100


def main() -> int:
    """Turn the wheel, turn pages, and drag the bar's handle to anywhere."""
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
    frames = list(_frames(app, pane))
    reader.stop()
    queries.close()
    report(
        "list",
        "a frame while scrolling through 100,000 rows: wheel, pages and jumps",
        "ms",
        frames,
        Budget(statistic="p99", at_most=16),
        rows=pane.model.rowCount(),
    )
    return 0


def _wait(app: QApplication, pane: InboxPane) -> None:
    deadline = QDeadlineTimer(30_000)
    while pane.state != "list" or not pane.model.rowCount():
        if deadline.hasExpired():
            raise RuntimeError(f"the list did not come: {pane.state} {pane.said}")
        app.processEvents(QEventLoop.ProcessEventsFlag.WaitForMoreEvents, 100)


def _frames(app: QApplication, pane: InboxPane) -> Iterator[float]:
    """Milliseconds of every frame."""
    bar, chance = pane.view.verticalScrollBar(), random.Random(1)
    wheel = [bar.singleStep() * 3] * _WHEEL
    places = [sum(wheel[:at]) for at in range(1, _WHEEL + 1)]
    places += [places[-1] + bar.pageStep() * page for page in range(1, _PAGES + 1)]
    places += [chance.randint(0, bar.maximum()) for _ in range(_JUMPS)]
    for place in places:
        began = perf_counter()
        bar.setValue(place)
        app.processEvents()
        pane.view.viewport().repaint()
        yield (perf_counter() - began) * 1000


if __name__ == "__main__":
    sys.exit(main())
