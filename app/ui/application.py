"""Application: composes the window; the only file of the window that knows every page.

profile -> theme, client, bridge, reader -> MainWindow -> first paint -> the engine is asked
"""

from __future__ import annotations

import logging
import signal
import sys
from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

from PySide6.QtCore import (
    QEventLoop,
    QLibraryInfo,
    QLocale,
    QSettings,
    QTimer,
    QTranslator,
    qVersion,
)
from PySide6.QtWidgets import QApplication, QWidget

from app.config.desktop import has_screen
from app.config.language import speak_as_set
from app.config.paths import Profile, resources
from app.config.settings import read_settings
from app.domain.account import Health
from app.domain.clock import Clock
from app.domain.errors import KnownError
from app.domain.translation import tr, trn
from app.engine.client import EngineClient
from app.engine.queries import Queries
from app.ui.bridge import EngineBridge
from app.ui.collector import Collector
from app.ui.errors import ErrorDoor
from app.ui.issue.panel import IssuePanel
from app.ui.main_window import MainWindow
from app.ui.only_window import OnlyWindow
from app.ui.panes import IssuePane
from app.ui.reader import Queries as Reads
from app.ui.reader import Reader
from app.ui.theme import Theme
from app.ui.tokens import Appearance
from app.ui.told_to_end import ToldToEnd
from app.ui.tray import Tray

_LOG_BYTES = 1_000_000
_LOOK_MS, _PATIENCE_MS = 250, 8000
_QTS_WORDS = "Qt's own words"
AGAIN = 100  # what the event loop ends with where a new window is to come


class RealPages:
    """The pages as they are in the program; those that open later are loaded when they do, so that
    the list does not wait for them."""

    def __init__(self, database: Path) -> None:
        self._database = database

    def issue_panel(
        self, *, bridge: EngineBridge, queries: Reads, theme: Theme, clock: Clock
    ) -> IssuePane:
        """The right-hand pane, with a reading connection of its own for its thread."""
        return IssuePanel(
            bridge=bridge,
            queries=queries,
            theme=theme,
            clock=clock,
            another_reader=lambda: Queries(self._database),
        )

    def connect_page(self, *, bridge: EngineBridge, theme: Theme) -> QWidget:
        """The page for connecting a mailbox."""
        from app.ui.onboarding.connect_page import ConnectPage

        return ConnectPage(bridge=bridge, theme=theme)

    def settings_dialog(
        self,
        *,
        bridge: EngineBridge,
        theme: Theme,
        accounts: Callable[[], Sequence[Health]],
        parent: QWidget,
    ) -> QWidget:
        """The settings."""
        from app.ui.settings.dialog import SettingsDialog

        return SettingsDialog(bridge=bridge, theme=theme, accounts=accounts, parent=parent)

    def templates_dialog(
        self,
        *,
        bridge: EngineBridge,
        theme: Theme,
        key: str,
        template: str,
        language: str,
        parent: QWidget,
    ) -> QWidget:
        """The editor of the reply templates."""
        from app.ui.templates.dialog import TemplatesDialog

        return TemplatesDialog(
            bridge=bridge, theme=theme, key=key, template=template, language=language, parent=parent
        )

    def reports_dialog(
        self, *, bridge: EngineBridge, theme: Theme, clock: Clock, parent: QWidget
    ) -> QWidget:
        """The numbers."""
        from app.ui.reports.dialog import ReportsDialog

        return ReportsDialog(bridge=bridge, theme=theme, clock=clock, parent=parent)

    def health_dialog(
        self, *, bridge: EngineBridge, theme: Theme, clock: Clock, parent: QWidget
    ) -> QWidget:
        """How it stands."""
        from app.ui.health.dialog import HealthDialog

        return HealthDialog(bridge=bridge, theme=theme, clock=clock, parent=parent)


def run(profile: Profile, *, open_key: str = "", in_background: bool = False, clock: Clock) -> int:
    """Show the window until it is closed; the exit status. Where one is open already, that one
    comes up, and this ends.

    `open_key` is the issue to begin with; `in_background` begins in the tray; without
    one the engine alone is started. Raises KnownError where there is no screen.
    """
    _need_a_screen()
    app = _application()
    if in_background and not _tray_comes():
        return _only_watch(profile)
    only = OnlyWindow(profile.folder, app)
    if not only.begin(key=open_key, comes_up=not in_background):
        return 0
    _log_to(profile.folder / "window.log")
    errors = ErrorDoor(app)
    errors.install()
    theme = Theme(app, resources(), appearance=_remembered(_memory(profile)), dressed=False)
    collector = Collector(app)
    shown = _Shown(profile=profile, app=app, theme=theme, errors=errors, clock=clock, only=only)
    status = shown.run(open_key=open_key, in_background=in_background)
    while status == AGAIN:
        status = shown.run()
    collector.stop()
    return status


@dataclass(frozen=True, slots=True, kw_only=True)
class _Shown:
    """One window after the other: a new one where the owner chose another language."""

    profile: Profile
    app: QApplication
    theme: Theme
    errors: ErrorDoor
    clock: Clock
    only: OnlyWindow

    def run(self, *, open_key: str = "", in_background: bool = False) -> int:
        """Show a window until it is left; AGAIN where it is to be opened anew."""
        profile, app = self.profile, self.app
        _speak(app, speak_as_set(profile.settings))
        client = EngineClient(profile, stay=True)
        bridge = EngineBridge(client, app)

        def read() -> Queries:
            return Queries(profile.database, me=lambda: read_settings(profile.settings)[0].me)

        reader, queries = Reader(read, app), read()
        window = MainWindow(
            bridge=bridge, queries=queries, reader=reader, theme=self.theme, clock=self.clock,
            errors=self.errors, pages=RealPages(profile.database), memory=_memory(profile),
        )  # fmt: skip
        self.theme.dress()
        ending = _Ending()
        tray = _tray(app, window, ending, self.theme, memory=_memory(profile))
        self.only.asked.connect(window.open_issue)
        window.left.connect(self.only.end)
        window.left.connect(app.quit)
        window.again.connect(lambda: app.exit(AGAIN))
        window.begin(open_key)
        if not in_background:
            window.show()
        QTimer.singleShot(0, bridge.start)
        told = ToldToEnd(window.quit, app)
        status = app.exec()
        told.stop()
        _put_out_of_sight(window, tray)
        bridge.stop()  # it would start the engine again
        reader.stop()
        if ending.wanted:
            _end_watch(client)
        client.close()
        queries.close()
        window.deleteLater()
        del tray
        return status


@dataclass(slots=True)
class _Ending:
    """Whether the watch ends with the window."""

    wanted: bool = False


def _end_watch(client: EngineClient) -> None:
    """The last thing that is asked, after the draft was kept; a reply that counts down leaves."""
    with suppress(KnownError):
        if client.is_running():
            client.call("stop", finish=True)


def _speak(app: QApplication, language: str) -> None:
    """Dates and amounts as the language has them, unless the desktop's own locale is of it; and
    Qt's own words ("Copy", "Cancel")."""
    desktop = QLocale.system()
    named = QLocale(language)
    QLocale.setDefault(desktop if desktop.language() == named.language() else named)
    for old in app.findChildren(QTranslator, _QTS_WORDS):
        app.removeTranslator(old)
        old.deleteLater()
    words = QTranslator(app)
    words.setObjectName(_QTS_WORDS)
    if words.load(
        f"qtbase_{language}", QLibraryInfo.path(QLibraryInfo.LibraryPath.TranslationsPath)
    ):
        app.installTranslator(words)


def _put_out_of_sight(window: MainWindow, tray: Tray | None) -> None:
    """What is still asked of the engine may take seconds; nobody has to watch that."""
    window.hide()
    if tray is not None:
        tray.icon.hide()
    QApplication.processEvents()


def _tray_comes() -> bool:
    """Whether there is a tray: at sign-in the desktop's panel may come up after us."""
    waiting, looking = QEventLoop(), QTimer(interval=_LOOK_MS)
    looking.timeout.connect(lambda: waiting.quit() if Tray.is_there() else None)
    QTimer.singleShot(_PATIENCE_MS, waiting.quit)
    looking.start()
    if not Tray.is_there():
        waiting.exec()
    return Tray.is_there()


def _only_watch(profile: Profile) -> int:
    """Nothing to sit in: the engine watches, and a click on its pop-ups opens the window."""
    client = EngineClient(profile, stay=True)
    client.call("status")
    client.close()
    return 0


def check() -> int:
    """Whether the window's libraries load and draw on this machine; says what it found."""
    app = _application()
    theme = Theme(app, resources(), appearance=Appearance.LIGHT)
    drawings = sorted(path.stem for path in (resources() / "icons").glob("*.svg"))
    blank = [name for name in drawings if theme.pixmap(name, "text", 16).isNull()]
    sys.stdout.write(f"Qt {qVersion()} draws, {len(drawings) - len(blank)} drawings\n")
    return 1 if blank or not drawings else 0


def _application() -> QApplication:
    app = QApplication.instance()
    if not isinstance(app, QApplication):
        app = QApplication(sys.argv[:1])
    app.setApplicationName("Frontburner")
    app.setApplicationDisplayName("Frontburner")
    app.setDesktopFileName("frontburner")
    signal.signal(signal.SIGINT, signal.SIG_DFL)
    return app


def _tray(
    app: QApplication, window: MainWindow, ending: _Ending, theme: Theme, *, memory: Path
) -> Tray | None:
    """The mark beside the clock; with it, closing the window leaves the program there."""
    if not Tray.is_there():
        return None

    def stop_watching() -> None:
        ending.wanted = True
        window.quit()

    def ask_first(waiting: int) -> None:
        window.open_issue("")
        said = trn(
            "{n} reply has not left yet, and leaves only while Frontburner watches",
            "{n} replies have not left yet, and leave only while Frontburner watches",
            waiting,
        )
        window.toast.say(said, action=tr("Stop all the same"), act=stop_watching)

    tray = Tray(
        theme,
        memory=memory,
        open_window=lambda: window.open_issue(""),
        sync=window.sync_now,
        leave=window.quit,
        stop=stop_watching,
        ask_first=ask_first,
        parent=app,
    )
    window.counted.connect(tray.show_overview)
    window.watched.connect(tray.show_watch)
    window.hidden.connect(tray.say_it_stays)
    window.hide_on_close(hides=True)
    app.setQuitOnLastWindowClosed(False)
    return tray


def _memory(profile: Profile) -> Path:
    """Where the window keeps how it lay."""
    return profile.folder / "window.ini"


def _remembered(memory: Path) -> Appearance:
    """What the owner chose last time, so that the first paint is right."""
    kept = QSettings(str(memory), QSettings.Format.IniFormat).value("appearance")
    return Appearance(kept) if kept in set(Appearance) else Appearance.SYSTEM


def _need_a_screen() -> None:
    if not has_screen():
        raise KnownError(
            tr("There is no screen to show the window on"),
            tr("Frontburner was started without a desktop"),
            tr("Start it from a desktop, or use its commands: python -m app --help"),
        )


def _log_to(path: Path) -> None:
    """Note the window's own mistakes in the profile; the file is begun anew when it is large."""
    with suppress(OSError):  # another program may have it open
        if path.exists() and path.stat().st_size > _LOG_BYTES:
            path.unlink()
    handler = logging.FileHandler(path, encoding="utf-8", delay=True)
    handler.setFormatter(logging.Formatter("%(asctime)s %(levelname)s %(message)s"))
    logging.getLogger("frontburner.window").addHandler(handler)
