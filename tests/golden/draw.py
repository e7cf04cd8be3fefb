"""Draw: every page and state of the window, light and dark, as small grey pictures.

    python -m tests.golden.draw DIR [NAME ...]

In a process of its own, so that nothing of this machine is in the pictures: the typeface is the one
that comes with the program, the clock stands, the zone is UTC. QT_SCALE_FACTOR=2 draws the same at
200 %; the pictures are as small as ever, and must look the same.
"""

from __future__ import annotations

import os
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from tempfile import TemporaryDirectory

os.environ["QT_QPA_PLATFORM"] = (
    f"offscreen:configfile={Path(__file__).parents[1] / 'ui' / 'screen.json'}"
)
os.environ["TZ"] = "UTC"

from PySide6.QtCore import QLocale, Qt
from PySide6.QtGui import QFont, QFontDatabase, QImage
from PySide6.QtWidgets import QApplication, QWidget

from app.domain.account import HealthState
from app.domain.alert import Alert, AlertLevel
from app.engine.wire import Event
from app.ui.application import RealPages
from app.ui.bridge import EngineBridge
from app.ui.errors import ErrorDoor
from app.ui.issue.panel import IssuePanel
from app.ui.main_window import MainWindow
from app.ui.panes import IssuePane
from app.ui.reader import Reader
from app.ui.shortcuts import KeySheet
from app.ui.theme import Theme
from app.ui.tokens import Appearance
from tests.support.ui_fakes import NOW, FakeClock, FakeEngine, FakeQueries, FakeShop, a_row

ROOT = Path(__file__).parents[2]
WIDE, HIGH, SMALL = 1360, 860, 272
_STILL, _LONGEST, _STEP = 1.0, 6.0, 0.25
Page = Callable[[MainWindow], QWidget]


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
    QLocale.setDefault(QLocale(QLocale.Language.English, QLocale.Country.UnitedStates))
    for file in sorted((ROOT / "resources" / "fonts").glob("*.ttf")):
        QFontDatabase.addApplicationFont(str(file))
    app.setFont(QFont("DejaVu Sans", 10))
    app.setCursorFlashTime(0)
    theme = Theme(app, ROOT / "resources", appearance=Appearance.LIGHT)
    drawn = {name: state for name, state in states().items() if name in names or not names}
    for name, (shop, events, page) in drawn.items():
        for appearance in (Appearance.LIGHT, Appearance.DARK):
            theme.set_appearance(appearance)
            with _window(shop, theme) as (window, engine):
                for event in events:
                    engine.say(event)
                _picture(app, page(window)).save(str(folder / f"{name}_{appearance.value}.png"))
    return 0


def states() -> dict[str, tuple[FakeShop, tuple[Event, ...], Page]]:
    """Each by its name: what the shop is like, what the engine tells, and what is looked at."""
    full = FakeShop.healthy()
    many = [a_row(number, score=99 - number // 4) for number in range(1, 301)]
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
    }


def _whole(window: MainWindow) -> QWidget:
    return window


@contextmanager
def _window(shop: FakeShop, theme: Theme) -> Iterator[tuple[MainWindow, FakeEngine]]:
    engine = FakeEngine(shop)
    bridge, reader = EngineBridge(engine), Reader(lambda: FakeQueries(shop))
    with TemporaryDirectory() as memory:
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
            yield window, engine
        finally:
            window.close()
            bridge.stop()
            reader.stop()


def _picture(app: QApplication, shown: QWidget) -> QImage:
    """The widget once it stands still, grey and small."""
    shown.show()
    began = since = time.monotonic()
    last = QImage()
    while time.monotonic() - since < _STILL and time.monotonic() - began < _LONGEST:
        until = time.monotonic() + _STEP
        while time.monotonic() < until:
            app.processEvents()
            time.sleep(0.01)
        image = shown.grab().toImage()
        if image != last:
            last, since = image, time.monotonic()
    shown.close()
    last.setDevicePixelRatio(1)
    small = last.scaledToWidth(SMALL, Qt.TransformationMode.SmoothTransformation)
    return small.convertToFormat(QImage.Format.Format_Grayscale8)


if __name__ == "__main__":
    sys.exit(main())
