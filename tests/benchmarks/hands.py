"""Hands: the real window worked by its keys in its own process, each answer timed until painted.

    python -m tests.benchmarks.hands PROFILE

It says `ready` when the list is there; asked by a line on stdin, it works until the next line and
answers with one JSON object: milliseconds by what was done. A key goes in as Qt's own event; the
answer is the first painting after the list or the field shows what the key asked for. `work` is
the processor time of Qt's thread until then, which other work on the machine makes no longer.
"""

from __future__ import annotations

import json
import os
import sys
import threading
import time
import traceback
from collections import defaultdict
from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import cast

os.environ.setdefault(
    "QT_QPA_PLATFORM",
    "offscreen:configfile=" + str(Path(__file__).parents[1] / "ui" / "screen.json"),
)

from PySide6.QtCore import QEvent, QObject, Qt, QTimer
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QMenu, QWidget

from app.config.paths import Profile
from app.domain.clock import SystemClock
from app.domain.views import InboxRow
from app.ui import application
from app.ui.issue.issue_page import IssuePage
from app.ui.issue.panel import IssuePanel
from app.ui.main_window import MainWindow

_SIZE = (1360, 860)
_LONGEST, _PAUSE_MS, _BEAT_MS = 5.0, 200, 10


class _Painted(QObject):
    """Notes when a widget was painted last."""

    def __init__(self, widget: QWidget) -> None:
        super().__init__(widget)
        self.at = 0.0
        widget.installEventFilter(self)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:  # noqa: N802 - Qt's name
        if event.type() is QEvent.Type.Paint:
            self.at = time.perf_counter()
        return False


class Hands:
    """Works the window."""

    def __init__(self, window: MainWindow, app: QApplication) -> None:
        self._window, self._app, self._bench = window, app, window.bench
        self.times: dict[str, list[float]] = defaultdict(list)
        window.activateWindow()
        self._list = _Painted(self._bench.inbox.view.viewport())
        self._issue = _Painted(self._page.header)
        self._editor = _Painted(self._page.reply.editor.viewport())
        self._field = _Painted(self._bench.inbox.search)
        self._until(lambda: self._app.activeWindow() is window, what="the window in front")
        self.work: dict[str, list[float]] = defaultdict(list)
        self.gaps: list[float] = []
        self._worked = 0.0
        self._beat = time.perf_counter()
        self._pulse = QTimer(interval=_BEAT_MS)
        self._pulse.timeout.connect(self._tick)
        self._pulse.start()

    @property
    def _page(self) -> IssuePage:
        return cast(IssuePanel, self._bench.issue).page

    def round(self) -> None:
        """What somebody does with one issue, and everything back as it was."""
        view = self._bench.inbox.view
        view.setFocus()
        self._walk()
        self._deed("acknowledge", "a", lambda: True)
        self._leaves("done", "e")
        self._returns()
        self._snooze()
        self._returns()
        self._views()
        self._write()
        self._search()

    def _walk(self) -> None:
        view, before = self._bench.inbox.view, self._bench.shown_key
        row = view.currentIndex().row()
        key = "j" if row < 40 else "g"
        if key == "g":
            view.select(0)
            self._settle()
            before, row, key = self._bench.shown_key, 0, "j"
        self._time("next, in the list", key, self._list, lambda: view.currentIndex().row() != row)
        self._wait("next, the issue is there", self._issue, lambda: self._changed(before))

    def _changed(self, before: str) -> bool:
        return self._bench.shown_key not in ("", before) and self._page.key == self._bench.shown_key

    def _deed(self, what: str, key: str, is_so: Callable[[], bool]) -> None:
        self._time(what, key, self._list, is_so)
        self._settle()

    def _leaves(self, what: str, key: str) -> None:
        row = self._selected(what)
        self._deed(what, key, lambda: row.id not in self._bench.inbox.model.ids)

    def _returns(self) -> None:
        count = self._bench.inbox.model.rowCount()
        self._time("undo", "u", self._list, lambda: self._bench.inbox.model.rowCount() > count)
        self._settle()

    def _snooze(self) -> None:
        row = self._selected("snooze")
        began = time.perf_counter()
        QTest.keyClicks(self._bench.inbox.view, "s")
        menu = self._until(self._app.activePopupWidget)
        self._app.processEvents()
        self.times["snooze, the menu"].append((time.perf_counter() - began) * 1000)
        if not isinstance(menu, QMenu):
            raise RuntimeError(f"snooze: {menu} instead of the menu")
        began, self._worked = time.perf_counter(), time.thread_time()
        QTest.keyClick(menu, Qt.Key.Key_Return)
        if not self._until(lambda: row.id not in self._bench.inbox.model.ids):
            raise RuntimeError(f"snooze: {row.key} is still in the list, {self._where()}")
        self._note("snooze", self._list, began)
        self._settle()

    def _selected(self, what: str) -> InboxRow:
        """The row that a key is about to move: without one the key would do something else."""
        row = self._bench.inbox.view.current_row()
        if row is None:
            raise RuntimeError(f"{what}: no row is selected, {self._where()}")
        return row

    def _where(self) -> str:
        inbox, said = self._bench.inbox, self._window.toast.text
        rows, beside = inbox.model.rowCount(), self._bench.shown_key
        return f"{rows} rows of {inbox.shown}, {beside!r} beside, {said!r} said last"

    def _views(self) -> None:
        shown = self._bench.inbox
        for name, keys in (("urgent", "gu"), ("open", "go")):
            is_there = partial(lambda name: shown.shown.view == name, name)
            self._time("another view", keys, self._list, is_there)
            self._settle()

    def _write(self) -> None:
        editor = self._page.reply.editor
        editor.setFocus()
        before = len(editor.toPlainText())
        for nth, letter in enumerate("Hello", 1):
            is_written = partial(lambda most: len(editor.toPlainText()) >= most, before + nth)
            self._time("a letter of a reply", letter, self._editor, is_written, at=editor)
        editor.selectAll()
        QTest.keyClick(editor, Qt.Key.Key_Backspace)
        self._settle()

    def _search(self) -> None:
        field = self._bench.inbox.search
        field.setFocus()
        for letter in "broken":
            is_typed = partial(lambda text: field.text() == text, field.text() + letter)
            self._time("a letter of a search", letter, self._field, is_typed, at=field)
        began, self._worked = time.perf_counter(), time.thread_time()
        self._until(lambda: not self._bench.inbox.shown.is_view, what="the search has found")
        self._note("the search has found", self._list, began)
        self._settle()
        QTest.keyClick(field, Qt.Key.Key_Escape)
        self._settle()

    def _time(
        self, what: str, keys: str, painted: _Painted, is_so: Callable[[], bool],
        *, at: QWidget | None = None,
    ) -> None:  # fmt: skip
        began, self._worked = time.perf_counter(), time.thread_time()
        QTest.keyClicks(at or self._bench.inbox.view, keys)
        if self._until(is_so, what=what):
            self._note(what, painted, began)

    def _wait(self, what: str, painted: _Painted, is_so: Callable[[], bool]) -> None:
        began, self._worked = time.perf_counter(), time.thread_time()
        if self._until(is_so, what=what):
            self._note(what, painted, began)

    def _note(self, what: str, painted: _Painted, began: float) -> None:
        """The painting that shows it; one that came with the key's own event counts."""
        asked = time.perf_counter()
        self._until(lambda: painted.at >= began or time.perf_counter() - asked > 0.5)
        self.times[what].append((max(painted.at, asked) - began) * 1000)
        self.work[what].append((time.thread_time() - self._worked) * 1000)

    def _until(self, is_so: Callable[[], object], *, what: str = "a painting") -> object:
        end = time.perf_counter() + _LONGEST
        while not (found := is_so()):
            if time.perf_counter() > end:
                self.times[f"without an answer: {what}"].append(_LONGEST * 1000)
                return None
            self._app.processEvents()
            time.sleep(0.0005)  # Qt's own waiting would not end with a painting
        return found

    def _settle(self) -> None:
        """A breath between two things, as hands have; what is to be seen meanwhile has come."""
        page, bench = self._page, self._bench
        self._until(lambda: page.key == bench.shown_key, what="the issue that is shown")
        end = time.perf_counter() + _PAUSE_MS / 1000
        while time.perf_counter() < end:
            self._app.processEvents()
            time.sleep(0.001)

    def _tick(self) -> None:
        now = time.perf_counter()
        self.gaps.append(max(0.0, (now - self._beat) * 1000 - _BEAT_MS))
        self._beat = now


class _Orders(threading.Thread):
    """Reads stdin; `number` is how many lines have come, `over` that no more will."""

    def __init__(self) -> None:
        super().__init__(daemon=True)
        self.number, self.over = 0, False

    def run(self) -> None:
        for _ in sys.stdin:
            self.number += 1
        self.over = True


def main() -> int:
    """The window, worked on demand until stdin ends."""
    app = QApplication(sys.argv[:1])
    orders = _Orders()
    orders.start()
    made: list[Hands] = []
    timer = QTimer(interval=50, singleShot=True)

    def look() -> None:
        window = _window(app)
        if window is not None and not made and window.bench.inbox.model.rowCount():
            window.resize(*_SIZE)
            window.tour.end()
            made.append(Hands(window, app))
            _say("ready")
        if made and orders.number % 2:
            _work(made[0], orders)
        if orders.over:
            os._exit(0)  # the profile is thrown away
        timer.start()

    timer.timeout.connect(look)
    timer.start()
    return application.run(Profile(Path(sys.argv[1])), clock=SystemClock())


def _window(app: QApplication) -> MainWindow | None:
    found = (one for one in app.topLevelWidgets() if isinstance(one, MainWindow))
    return next((one for one in found if one.isVisible()), None)


def _work(hands: Hands, orders: _Orders) -> None:
    number = orders.number
    hands.times.clear()
    hands.work.clear()
    hands.gaps.clear()
    try:
        while orders.number == number and not orders.over:
            hands.round()
    except Exception:  # noqa: BLE001 - in a slot it would be logged, and whoever asked would wait on
        traceback.print_exc()
        os._exit(1)
    _say(json.dumps({"times": hands.times, "work": hands.work, "gaps": hands.gaps}))


def _say(line: str) -> None:
    sys.stdout.write(f"{line}\n")
    sys.stdout.flush()


if __name__ == "__main__":
    sys.exit(main())
