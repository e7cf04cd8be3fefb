"""What every test of the window stands on: no screen, one theme, and threads that end."""

from __future__ import annotations

import gc
import os
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

# A screen of 1920 x 1080: the window fits itself to the one it stands on, and one of 800 is narrow.
if os.environ.get("QT_QPA_PLATFORM", "offscreen") == "offscreen":
    screen = Path(__file__).with_name("screen.json")
    os.environ["QT_QPA_PLATFORM"] = f"offscreen:configfile={screen}"

from PySide6.QtCore import SignalInstance
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from app.ui.bridge import EngineBridge
from app.ui.reader import Reader
from app.ui.theme import Theme
from app.ui.tokens import Appearance
from tests.support.ui_fakes import FakeClock, FakeEngine, FakeQueries, FakeShop

RESOURCES = Path(__file__).parents[2] / "resources"


class PatientBot(QtBot):
    """Waits as long as a busy machine needs; what holds is waited for no longer than it takes."""

    def waitUntil(self, callback: Callable[[], bool | None], *, timeout: int = 60_000) -> None:  # noqa: N802
        super().waitUntil(callback, timeout=timeout)

    def waitSignal(self, signal: SignalInstance, *, timeout: int = 60_000, **more: Any) -> Any:  # noqa: N802
        return super().waitSignal(signal, timeout=timeout, **more)


@pytest.fixture(autouse=True)
def garbage_in_qts_thread() -> Iterator[None]:
    """As in the program (`ui/collector`): a verb's thread that frees a widget ends the process."""
    gc.disable()
    yield
    gc.collect(1)
    gc.enable()


@pytest.fixture
def qtbot(qapp: QApplication, request: pytest.FixtureRequest) -> QtBot:
    """The hand at the window, with patience."""
    return PatientBot(request)


@pytest.fixture(scope="session")
def the_theme(qapp: QApplication) -> Theme:
    """One for the whole run, as in the program: an application's style is set up once."""
    return Theme(qapp, RESOURCES, appearance=Appearance.LIGHT)


@pytest.fixture
def theme(the_theme: Theme) -> Theme:
    """The light palette, whatever this machine's desktop has or the last test chose."""
    the_theme.set_appearance(Appearance.LIGHT)
    return the_theme


@pytest.fixture
def clock() -> FakeClock:
    """A Tuesday, two minutes past one, UTC."""
    return FakeClock()


@pytest.fixture
def shop() -> FakeShop:
    """A made-up shop that is well."""
    return FakeShop.healthy()


@pytest.fixture
def engine(shop: FakeShop) -> FakeEngine:
    """An engine that only remembers."""
    return FakeEngine(shop)


@pytest.fixture
def queries(shop: FakeShop) -> FakeQueries:
    """Reads the made-up shop in Qt's thread."""
    return FakeQueries(shop)


@pytest.fixture
def bridge(qtbot: QtBot, engine: FakeEngine) -> Iterator[EngineBridge]:
    """The real bridge in front of the fake engine; a test starts it."""
    made = EngineBridge(engine)
    yield made
    made.stop()


@pytest.fixture
def reader(qtbot: QtBot, shop: FakeShop) -> Iterator[Reader]:
    """The real reader of the made-up shop."""
    made = Reader(lambda: FakeQueries(shop))
    yield made
    made.stop()


Wait = Callable[[Callable[[], bool]], None]


@pytest.fixture
def until(qtbot: QtBot) -> Wait:
    """Let the window live until something is so."""

    def wait(is_so: Callable[[], bool]) -> None:
        qtbot.waitUntil(is_so)

    return wait


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """The platform without a screen says what it cannot do; that is no mistake of the window."""
    here = Path(__file__).parent
    for item in items:
        if here in item.path.parents:
            item.add_marker(pytest.mark.qt_log_ignore("This plugin does not support", extend=True))
