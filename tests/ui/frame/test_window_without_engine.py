"""What the window says and keeps while its engine cannot start, or cannot store anything."""

from __future__ import annotations

from PySide6.QtGui import QGuiApplication

from app.domain.errors import DiskFull
from app.engine.client import Event
from app.ui.main_window import MainWindow
from tests.support.ui_fakes import (
    FakeEngine,
)
from tests.support.ui_frame import (
    StandInPages,
    button_of,
    said_in,
)


def test_an_engine_that_cannot_start_says_why_until_it_is_back(
    window: MainWindow, engine: FakeEngine, until, qtbot
):
    """Not only that it is being started: what keeps it, and what to do."""
    full = DiskFull("The disk is full", "Nothing more can be stored", "Make room on the disk")
    engine.say(Event(kind="lost", data=full.as_dict()))
    until(lambda: "Nothing is watched: The disk is full" in said_in(window.banners))
    qtbot.wait(1_000)  # so long is waited before the window says that its engine is away
    assert "Nothing is watched: The disk is full" in said_in(window.banners)
    assert any("Make room on the disk" in said for said in said_in(window.banners))
    engine.say(Event(kind="back"))
    until(lambda: window.banners.names == ())


def test_a_disk_that_becomes_full_is_said_until_something_can_be_stored(
    window: MainWindow, engine: FakeEngine, until
):
    """The mailboxes look as well as they last did, since nothing else can be written down."""
    full = DiskFull("The disk is full", "Nothing more can be stored", "Make room on the disk")
    engine.say(Event(kind="unwritable", data=full.as_dict()))
    until(lambda: "New mail is not stored: The disk is full" in said_in(window.banners))
    engine.say(Event(kind="unwritable"))
    until(lambda: window.banners.names == ())


def test_a_window_does_not_close_over_words_that_a_full_disk_did_not_take(
    window: MainWindow, pages: StandInPages, until
):
    """They can be copied first, and whoever closes all the same, closes."""
    left: list[bool] = []
    window.left.connect(lambda: left.append(True))
    pages.panel.not_kept = ("The disk is full. Make room.", "Dear Ben, a new one leaves today.")
    window.close()
    assert window.isVisible()
    assert "The reply that you began is not kept: it would be lost." in said_in(window.banners)
    button_of(window.banners, "Copy its words").click()
    assert QGuiApplication.clipboard().text() == "Dear Ben, a new one leaves today."
    button_of(window.banners, "Close all the same").click()
    assert left == [True]
    assert not window.isVisible()
