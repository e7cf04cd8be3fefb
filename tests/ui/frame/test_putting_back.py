"""A damaged profile in the window: a copy that its owner chooses takes its place."""

from __future__ import annotations

from pathlib import Path

from PySide6.QtWidgets import QAbstractButton
from pytestqt.qtbot import QtBot

from app.domain.errors import Damaged, Refused
from app.ui.bridge import EngineBridge
from app.ui.main_window import MainWindow
from app.ui.reader import Reader
from tests.support.ui_fakes import FakeEngine, FakeQueries, FakeShop
from tests.support.ui_frame import Make, button_of

COPY = "/home/me/Frontburner copy.db"


class _Broken(FakeQueries):
    def overview(self, **how):
        raise Damaged("The database of this profile is damaged", "It cannot be read", "Put back")


def shown(window: MainWindow) -> list[str]:
    """The buttons of the page."""
    every = window.start_page.findChildren(QAbstractButton)
    return [one.text() for one in every if not one.isHidden()]


def a_window(
    make: Make, shop: FakeShop, bridge: EngineBridge, qtbot: QtBot
) -> tuple[MainWindow, Reader]:
    reads = Reader(lambda: _Broken(shop))
    window = make(reads)
    bridge.start()
    window.show()
    window.begin()
    qtbot.waitUntil(lambda: shown(window) == ["Choose a copy", "Try again", "Quit"])
    return window, reads


def test_the_owner_chooses_a_copy_and_a_new_window_shows_it(
    make: Make,
    shop: FakeShop,
    bridge: EngineBridge,
    engine: FakeEngine,
    qtbot: QtBot,
    until,
):
    """Every reading connection of the old one still has the damaged file open."""
    window, reads = a_window(make, shop, bridge, qtbot)
    window.putting_back.ask_copy = lambda parent: COPY
    anew: list[bool] = []
    window.again.connect(lambda: anew.append(True))
    button_of(window.start_page, "Choose a copy").click()
    until(lambda: anew == [True])
    assert ("restore", {"copy": Path(COPY)}) in engine.asked
    reads.stop()


def test_a_copy_that_cannot_be_used_is_said_and_another_can_be_chosen(
    make: Make,
    shop: FakeShop,
    bridge: EngineBridge,
    engine: FakeEngine,
    qtbot: QtBot,
    until,
):
    window, reads = a_window(make, shop, bridge, qtbot)
    chosen = ["", COPY]
    window.putting_back.ask_copy = lambda parent: chosen.pop(0)
    button_of(window.start_page, "Choose a copy").click()
    assert window.start_page.text.startswith("The database of this profile is damaged")
    engine.refuse = {"restore": Refused("That copy cannot be put back", "It is damaged")}
    button_of(window.start_page, "Choose a copy").click()
    until(lambda: window.start_page.text.startswith("That copy cannot be put back"))
    qtbot.waitUntil(lambda: shown(window) == ["Choose a copy"])
    reads.stop()
