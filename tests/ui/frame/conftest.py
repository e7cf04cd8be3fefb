"""The window over stand-in pages: a believable Tuesday, in front."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from pytestqt.qtbot import QtBot

from app.domain.views import View
from app.ui.bridge import EngineBridge
from app.ui.errors import ErrorDoor
from app.ui.main_window import MainWindow
from app.ui.reader import Reader
from app.ui.theme import Theme
from tests.support.ui_fakes import (
    FakeClock,
    FakeQueries,
)
from tests.support.ui_frame import Make, StandInPages


@pytest.fixture
def pages(qtbot: QtBot) -> StandInPages:
    return StandInPages()


@pytest.fixture
def make(
    qtbot: QtBot, bridge: EngineBridge, reader: Reader, queries: FakeQueries, theme: Theme,
    clock: FakeClock, pages: StandInPages, tmp_path: Path,
) -> Iterator[Make]:  # fmt: skip
    def build(reads: Reader = reader) -> MainWindow:
        window = MainWindow(
            bridge=bridge, queries=queries, reader=reads, theme=theme, clock=clock,
            errors=ErrorDoor(), pages=pages, memory=tmp_path / "window.ini",
        )  # fmt: skip
        qtbot.addWidget(window)
        return window

    yield build
    bridge.stop()
    reader.stop()


@pytest.fixture
def window(make: Make, bridge: EngineBridge, qtbot: QtBot, until) -> MainWindow:
    """The window with a believable Tuesday in it, in front."""
    made = make()
    bridge.start()
    made.begin()
    with qtbot.waitActive(made):
        made.show()
        made.activateWindow()
    until(lambda: made.bench.inbox.model.rowCount() == 14)
    until(lambda: bool(made.bench.sidebar.views.count(View.URGENT)))
    return made
