"""A damaged profile in the window: a copy that its owner chooses takes its place."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from PySide6.QtWidgets import QAbstractButton
from pytestqt.qtbot import QtBot

from app.domain.alert import Alert, AlertLevel
from app.domain.errors import Damaged, Refused
from app.ui.bridge import EngineBridge
from app.ui.main_window import MainWindow
from app.ui.reader import Reader
from tests.support.ui_answers import COPIES
from tests.support.ui_fakes import NOW, FakeEngine, FakeQueries, FakeShop
from tests.support.ui_frame import Make, button_of

COPY = "/home/me/Frontburner copy.db"


class _Broken(FakeQueries):
    def overview(self, **how):
        raise Damaged("The database of this profile is damaged", "It cannot be read", "Put back")


def shown(window: MainWindow) -> list[str]:
    """The buttons of the page."""
    every = window.start_page.findChildren(QAbstractButton)
    return [one.text() for one in every if not one.isHidden()]


Opened = Callable[[type[FakeQueries]], MainWindow]


@pytest.fixture
def opened(make: Make, shop: FakeShop, bridge: EngineBridge) -> Iterator[Opened]:
    """A window over a profile that is read so."""
    readers: list[Reader] = []

    def opened_window(queries: type[FakeQueries]) -> MainWindow:
        readers.append(Reader(lambda: queries(shop)))
        window = make(readers[-1])
        bridge.start()
        window.show()
        window.begin()
        return window

    yield opened_window
    for reader in readers:
        reader.stop()


def renewals(window: MainWindow) -> list[bool]:
    """Fills when a new window is to take its place."""
    anew: list[bool] = []
    window.again.connect(lambda: anew.append(True))
    return anew


def test_the_owner_chooses_a_copy_and_a_new_window_shows_it(
    opened: Opened, engine: FakeEngine, qtbot: QtBot, until
):
    """Every reading connection of the old one still has the damaged file open."""
    window = opened(_Broken)
    qtbot.waitUntil(lambda: shown(window) == ["Choose a copy", "Try again", "Quit"])
    window.putting_back.ask_copy = lambda parent: COPY
    anew = renewals(window)
    button_of(window.start_page, "Choose a copy").click()
    until(lambda: anew == [True])
    assert ("restore", {"copy": Path(COPY)}) in engine.asked


def test_where_there_are_daily_copies_the_newest_is_one_click_away(
    opened: Opened, engine: FakeEngine, qtbot: QtBot, until
):
    """What an earlier copy took the place of is no way out: it may be what is damaged."""
    engine.made = [{**one, "made_at": "2026-11-17T13:02:00Z"} for one in COPIES["copies"][::-1]]
    window = opened(_Broken)
    way = "Go back to the copy of Tuesday 17 Nov 2026"
    qtbot.waitUntil(lambda: any(one.startswith(way) for one in shown(window)))
    assert shown(window)[1:] == ["Choose a copy", "Try again", "Quit"]
    anew = renewals(window)
    button_of(window.start_page, shown(window)[0]).click()
    until(lambda: anew == [True])
    assert ("restore", {"copy": Path("/home/jo/update.db")}) in engine.asked


def test_a_copy_chosen_in_the_settings_takes_the_place_of_a_sound_profile(
    opened: Opened, engine: FakeEngine, until
):
    window = opened(FakeQueries)
    anew = renewals(window)
    settings: Any = window._show_settings()
    settings.put_back_asked.emit(COPY)
    assert window.stack.currentWidget() is window.start_page
    until(lambda: anew == [True])
    assert ("restore", {"copy": Path(COPY)}) in engine.asked


def test_a_copy_that_cannot_be_put_back_leaves_the_window_as_it_was(
    opened: Opened, bridge: EngineBridge, engine: FakeEngine, until
):
    window = opened(FakeQueries)
    heard: list[str] = []
    bridge.failed.connect(lambda error: heard.append(error.title))
    engine.refuse = {"restore": Refused("That copy cannot be put back", "It is damaged")}
    settings: Any = window._show_settings()
    settings.put_back_asked.emit(COPY)
    until(lambda: heard == ["That copy cannot be put back"])
    assert window.stack.currentWidget() is window.bench


def test_a_copy_that_cannot_be_used_is_said_and_another_can_be_chosen(
    opened: Opened, engine: FakeEngine, qtbot: QtBot, until
):
    window = opened(_Broken)
    qtbot.waitUntil(lambda: shown(window) == ["Choose a copy", "Try again", "Quit"])
    chosen = ["", COPY]
    window.putting_back.ask_copy = lambda parent: chosen.pop(0)
    button_of(window.start_page, "Choose a copy").click()
    assert window.start_page.text.startswith("The database of this profile is damaged")
    engine.refuse = {"restore": Refused("That copy cannot be put back", "It is damaged")}
    button_of(window.start_page, "Choose a copy").click()
    until(lambda: window.start_page.text.startswith("That copy cannot be put back"))
    qtbot.waitUntil(lambda: shown(window) == ["Choose a copy", "Try again", "Quit"])


def test_a_damaged_profile_that_can_still_be_shown_leads_to_its_copies(
    opened: Opened, shop: FakeShop, engine: FakeEngine, pages, until
):
    """The daily copy found it: the banner is as loud as can be, and its button is the way out."""
    shop.alerts = (
        Alert(id=9, dedupe="copies/damaged/2026-11-17", issue_keys=(), title="It is damaged",
              body="A part cannot be read.\nGo back.", created_at=NOW, level=AlertLevel.URGENT),
    )  # fmt: skip
    window = opened(FakeQueries)
    until(lambda: window.banners.names == ("now alert 9",))
    button_of(window.banners, "Look at them").click()
    until(lambda: ("alert_seen", {"id": 9}) in engine.asked)
    assert pages.settings.pages == ["Your data"]
    assert "sync_now" not in engine.verbs()
