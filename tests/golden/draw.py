"""Draw: every page and state of the window, light and dark, as small grey pictures.

    python -m tests.golden.draw DIR [NAME ...]

In a process of its own, so that nothing of this machine is in the pictures: the typeface is the one
that comes with the program, the clock stands, the zone is UTC. QT_SCALE_FACTOR=2 draws the same at
200 %; the pictures are as small as ever, and must look the same.
"""

from __future__ import annotations

import os
import sys
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import replace
from datetime import datetime
from functools import partial
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

# Of the same room at 200 %: a window fits itself to its screen.
os.environ["QT_QPA_PLATFORM"] = "offscreen:configfile=" + str(
    Path(__file__).with_name("screen_200.json")
    if os.environ.get("QT_SCALE_FACTOR", "1") != "1"
    else Path(__file__).parents[1] / "ui" / "screen.json"
)
os.environ["TZ"] = "UTC"

import shiboken6
from PySide6.QtCore import QLocale, QSettings, Qt
from PySide6.QtGui import QFont, QFontDatabase, QImage
from PySide6.QtWidgets import QApplication, QWidget

from app.config.language import translations
from app.config.settings import Settings, described
from app.domain.account import HealthState
from app.domain.alert import Alert, AlertLevel
from app.domain.translation import speak
from app.engine.wire import Event
from app.ui.application import RealPages
from app.ui.bridge import EngineBridge
from app.ui.errors import ErrorDoor
from app.ui.health.dialog import HealthDialog
from app.ui.issue.panel import IssuePanel
from app.ui.main_window import MainWindow
from app.ui.onboarding.tour import MEMORY, OVER
from app.ui.panes import IssuePane
from app.ui.reader import Reader
from app.ui.reports.dialog import ReportsDialog
from app.ui.settings.dialog import GENERAL, RULES, SettingsDialog
from app.ui.settings.dialog import PROMISES as PROMISES_PAGE
from app.ui.shortcuts import KeySheet
from app.ui.theme import Theme
from app.ui.tokens import Appearance
from tests.support.ui_answers import (
    A_RULE,
    ANOTHER_RULE,
    HEALTH,
    PROMISES,
    READINESS,
    REPORT,
    SIMULATED,
    own_rules,
)
from tests.support.ui_disputes import every_kind
from tests.support.ui_fakes import NOW, FakeClock, FakeEngine, FakeQueries, FakeShop, a_row

ROOT = Path(__file__).parents[2]
WIDE, HIGH, SMALL, NARROW = 1360, 860, 272, 720
GERMAN = "german_"
_LONGEST, _BREATH = 20.0, 0.35
ANSWERS: dict[str, dict[str, Any]] = {
    "settings": {"settings": described(Settings()), "complaints": []},
    "promises": PROMISES,
    "owner_rules": own_rules(A_RULE, ANOTHER_RULE),
    "report": REPORT,
    "simulate": SIMULATED,
    "readiness": READINESS,
    "health": HEALTH,
}
Page = Callable[[MainWindow], QWidget]
Ask = Callable[[Callable[[object], object]], object]


class Pages(RealPages):
    """The real pages, reading what is made up in Qt's thread."""

    def issue_panel(self, **parts: object) -> IssuePane:
        """Without a reading connection of its own."""
        return IssuePanel(**parts)  # type: ignore[arg-type]


def main() -> int:
    """Draw those that are named, or all, into the folder that is named."""
    folder, names = Path(sys.argv[1]), sys.argv[2:]
    folder.mkdir(parents=True, exist_ok=True)
    time.tzset()
    app = QApplication(sys.argv[:1])
    for file in sorted((ROOT / "resources" / "fonts").glob("*.ttf")):
        QFontDatabase.addApplicationFont(str(file))
    app.setFont(QFont("DejaVu Sans", 10))
    app.setCursorFlashTime(0)
    theme = Theme(app, ROOT / "resources", appearance=Appearance.LIGHT)
    drawn = {name: state for name, state in states().items() if name in names or not names}
    for name, (shop, events, page) in drawn.items():
        theme.set_appearance(Appearance.LIGHT)
        _speak("de" if name.startswith(GERMAN) else "en")
        with _window(shop, theme) as (window, engine, everybody):
            eye = Eye(app, *everybody)
            for event in events:
                engine.say(event)
            shown = page(window)
            shown.show()
            for appearance in (Appearance.LIGHT, Appearance.DARK):
                theme.set_appearance(appearance)
                eye.picture(shown).save(str(folder / f"{name}_{appearance.value}.png"))
    return 0


def states() -> dict[str, tuple[FakeShop, tuple[Event, ...], Page]]:
    """Each by its name: what the shop is like, what the engine tells, and what is looked at."""
    full = FakeShop.healthy()
    many = [a_row(number, score=99 - number // 110) for number in range(1, 10_001)]
    ill = replace(
        full.health[0],
        state=HealthState.ASKING,
        title="shop@mugshop.example: the password was refused",
        message="The server refused it.",
        hint="Make a new app password, then sign in again.",
    )
    storm = Alert(
        id=8,
        dedupe="storm",
        level=AlertLevel.URGENT,
        issue_keys=tuple(a_row(number).key for number in (2, 5, 7)),
        title="3 customers, parcels that do not arrive: DHL",
        body="3 of them within a day. It looks like one cause.",
        created_at=NOW,
    )
    reading = {"account": "Shop", "folder": "INBOX", "done": 3400, "total": 12_000}
    working = replace(full.health[0], state=HealthState.WORKING, last_ok_at=None)
    return {
        "full": (full, (), _whole),
        "empty": (FakeShop.healthy(rows=[]), (), _whole),
        "one": (FakeShop.healthy(rows=[a_row(1)]), (), _whole),
        "many": (FakeShop.healthy(rows=many), (), _whole),
        "partial": (
            replace(full, health=(working,)),
            (Event(kind="progress", data=reading),),
            _whole,
        ),
        "offline": (full, (Event(kind="lost"),), _whole),
        "error": (replace(full, health=(ill,)), (), _whole),
        "storm": (replace(full, alerts=(storm,)), (), _whole),
        "connect": (FakeShop(rows=[]), (), _whole),
        "keys": (full, (), KeySheet),
        "loading": (SlowShop.healthy(), (), _whole),
        "tour": (full, (), _touring),
        "disputes": (replace(full, cases=every_kind(NOW)), (), _disputes),
        "settings": (full, (), partial(_settings, page=GENERAL)),
        "promises": (full, (), partial(_settings, page=PROMISES_PAGE)),
        "rules": (full, (), partial(_settings, page=RULES)),
        "numbers": (full, (), _numbers),
        "health": (full, (), _health),
        f"{GERMAN}inbox": (full, (), _whole),
        f"{GERMAN}issue": (full, (), _narrow),
    }


class SlowShop(FakeShop):
    """A shop whose list does not come before its window is closed."""

    closed = threading.Event()


class Queries(FakeQueries):
    """Reads it as slowly as it is."""

    def inbox_ids(self, view: str, *, now: datetime) -> Sequence[int]:
        """The issues, for a slow shop when it is too late."""
        if isinstance(self.shop, SlowShop):
            self.shop.closed.wait()
        return super().inbox_ids(view, now=now)


def _speak(language: str) -> None:
    speak(translations(language))
    QLocale.setDefault(QLocale("de_DE" if language == "de" else "en_US"))


def _narrow(window: MainWindow) -> QWidget:
    """An issue in the place of its list, on half a screen."""
    window.resize(NARROW, HIGH)
    QApplication.processEvents()
    window.open_issue(a_row(1).key)
    return window


def _whole(window: MainWindow) -> QWidget:
    return window


def _touring(window: MainWindow) -> QWidget:
    window.tour.begin()
    return window


def _disputes(window: MainWindow) -> QWidget:
    window.bench.go("disputes")
    return window


def _settings(window: MainWindow, *, page: str) -> QWidget:
    window._show_settings()
    dialog = window.findChildren(SettingsDialog)[0]
    dialog.show_page(page)
    return dialog


def _numbers(window: MainWindow) -> QWidget:
    window._show_numbers()
    return window.findChildren(ReportsDialog)[0]


def _health(window: MainWindow) -> QWidget:
    window._show_health()
    return window.findChildren(HealthDialog)[0]


@contextmanager
def _window(shop: FakeShop, theme: Theme) -> Iterator[tuple[MainWindow, FakeEngine, Sequence[Ask]]]:
    """A window, its engine, and how to know that what it asked has been answered."""
    SlowShop.closed.clear()
    engine = FakeEngine(shop)
    engine.answers.update(ANSWERS)
    bridge, reader = EngineBridge(engine), Reader(lambda: Queries(shop))
    everybody: list[Ask] = [lambda then: bridge.run("status", then=then)]
    if not isinstance(shop, SlowShop):
        everybody.append(lambda then: reader.ask("golden", lambda _: None, partial(_tell, then)))
    with TemporaryDirectory() as memory:
        QSettings(f"{memory}/window.ini", QSettings.Format.IniFormat).setValue(MEMORY, OVER)
        window = MainWindow(
            bridge=bridge,
            queries=FakeQueries(shop),
            reader=reader,
            theme=theme,
            clock=FakeClock(),
            errors=ErrorDoor(),
            pages=Pages(Path(memory) / "none.db"),
            memory=Path(memory) / "window.ini",
        )
        bridge.start()
        window.resize(WIDE, HIGH)
        window.begin()
        window.show()
        window.activateWindow()
        try:
            yield window, engine, everybody
        finally:
            SlowShop.closed.set()
            window.close()
            bridge.stop()
            reader.stop()
            QApplication.processEvents()  # what was answered last is heard
            shiboken6.delete(window)  # or every next picture dresses it too


def _tell(then: Callable[[object], object], answer: object) -> None:
    then(answer)


class Eye:
    """Takes a window's picture once everybody has been heard and nothing moves any more.

    By questions and answers and not by the clock, which a busy machine would make untrue.
    """

    def __init__(self, app: QApplication, *others: Ask) -> None:
        """`others`: each is asked something, and calls back when all before it was answered."""
        self._app, self._others = app, others

    def picture(self, shown: QWidget) -> QImage:
        """The widget, grey and small."""
        began, last = time.monotonic(), QImage()
        while time.monotonic() - began < _LONGEST:
            self._hear_all()
            self._look(_BREATH)
            image = shown.grab().toImage()
            if image == last:
                break
            last = image
        last.setDevicePixelRatio(1)
        small = last.scaledToWidth(SMALL, Qt.TransformationMode.SmoothTransformation)
        return small.convertToFormat(QImage.Format.Format_Grayscale8)

    def _hear_all(self) -> None:
        for ask in self._others:
            heard: list[object] = []
            ask(heard.append)
            until = time.monotonic() + _LONGEST
            while not heard and time.monotonic() < until:
                self._look(0.01)

    def _look(self, seconds: float) -> None:
        """Let what waits for a moment come: a list that is rested on, a banner, a skeleton."""
        until = time.monotonic() + seconds
        while time.monotonic() < until:
            self._app.processEvents()
            time.sleep(0.005)


if __name__ == "__main__":
    sys.exit(main())
