"""The tour: six things to do once by hand, offered once, out of the way afterwards."""

from __future__ import annotations

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest

from app.ui.main_window import MainWindow
from app.ui.onboarding.tour_steps import END, STEPS, Way
from app.ui.palette.catalogue import Catalogue
from tests.support.ui_fakes import FakeEngine, FakeShop, a_row
from tests.support.ui_frame import StandInPages, button_of, current, press


@pytest.fixture
def shop() -> FakeShop:
    return FakeShop.healthy()


@pytest.fixture
def touring(window: MainWindow, until) -> MainWindow:
    """The window with the tour at its first step."""
    until(lambda: current(window) == 1)
    button_of(window.tour.bar, "Show me around").click()
    assert "Open the worst" in window.tour.bar.said
    return window


def test_it_is_offered_where_there_are_issues_and_refused_once_for_all(window: MainWindow, make):
    """Also in the next window of this profile."""
    assert window.tour.bar.isVisible()
    assert not window.tour.is_on
    button_of(window.tour.bar, "Not now").click()
    assert window.tour.bar.isHidden()
    window.tour.offer()
    assert window.tour.bar.isHidden()
    again = make()
    again.tour.offer()
    assert again.tour.bar.isHidden()


def test_each_step_waits_until_it_was_really_done(
    touring: MainWindow, pages: StandInPages, engine: FakeEngine, until
):
    """The six of them, by the keys and signals of a day's work."""
    bar = touring.tour.bar
    press(touring, "j")
    assert "1 of 6" in bar.said  # that is not the worst
    press(touring, "k")
    QTest.keyClick(touring.bench.inbox.view, Qt.Key.Key_Return)
    assert "2 of 6" in bar.said
    pages.panel.did.emit("why")
    assert "3 of 6" in bar.said
    pages.panel.did.emit("template")
    assert "4 of 6" in bar.said
    pages.panel.did.emit("acknowledge")
    assert "4 of 6" in bar.said
    touring.bench.inbox.view.setFocus()
    touring.bench.deeds.perform(
        "snooze", a_row(1), now=touring.bench._clock.now(),
        until="2026-11-18T08:00:00Z",
    )  # fmt: skip
    assert "5 of 6" in bar.said
    touring.bench.override(severity="low")
    assert "5 of 6" in bar.said  # how bad is not what it is about
    touring.bench.override(kind="late")
    assert "6 of 6" in bar.said
    touring.bench.undo()
    assert END.title in bar.said
    button_of(bar, "Close").click()
    assert bar.isHidden()
    assert not touring.tour.is_on


def test_a_step_can_be_left_out_and_the_tour_ended_at_any_time(touring: MainWindow):
    """The keyboard is then in the list again."""
    bar = touring.tour.bar
    button_of(bar, "Skip this").click()
    assert "2 of 6" in bar.said
    end = button_of(bar, "End the tour")
    end.setFocus()
    end.click()
    assert bar.isHidden()
    assert touring.focusWidget() is touring.bench.inbox.view


def test_the_palette_begins_it_again(touring: MainWindow):
    touring.tour.end()
    catalogue: Catalogue = touring._catalogue
    (command,) = (one for one in catalogue.commands() if one.words == "Show me around")
    command.act()
    assert "1 of 6" in touring.tour.bar.said


def test_a_screen_reader_hears_where_one_is(touring: MainWindow):
    assert touring.tour.bar.accessibleName().startswith("Tour: 1 of 6. Open the worst. It stands")


class TestWithoutIssues:
    """A mailbox in which nothing is open."""

    @pytest.fixture
    def shop(self) -> FakeShop:
        return FakeShop.healthy(rows=[])

    def test_nothing_is_offered_and_the_menu_says_what_it_needs(self, make, bridge, until):
        window = make()
        bridge.start()
        window.begin()
        window.show()
        until(lambda: window._overview is not None)
        assert window.tour.bar.isHidden()
        window._begin_tour()
        assert window.tour.bar.isHidden()
        assert "needs a mail" in window.toast.text


def test_what_was_done_before_its_turn_need_not_be_done_again():
    way = Way()
    assert not way.did("why")
    assert way.did("open")
    assert way.step is not None
    assert way.step.act == "template"


def test_skipping_every_step_comes_to_the_end():
    way = Way()
    for _ in STEPS:
        way.skip()
    assert way.step is None
