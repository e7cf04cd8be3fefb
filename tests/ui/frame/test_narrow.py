"""In a window too narrow for three panes, list and issue take turns, with a way back."""

from __future__ import annotations

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest

from app.domain.views import View
from app.ui.main_window import MainWindow
from tests.support.ui_fakes import FakeEngine, sample_rows
from tests.support.ui_frame import StandInPages, StandInPanel, button_of, current, press


@pytest.fixture
def narrow(window: MainWindow, until) -> MainWindow:
    """The window on half a screen, with the keyboard in the list."""
    window.bench.inbox.view.setFocus()
    window.resize(700, 500)
    until(lambda: window.bench.panes.is_narrow)
    until(lambda: window.bench.shown_key == sample_rows()[0].key)
    return window


def _seen(window: MainWindow) -> tuple[bool, bool]:
    """Whether the list and the issue are there to be seen."""
    issue = window.bench.issue
    assert isinstance(issue, StandInPanel)
    return window.bench.inbox.isVisible(), issue.isVisible()


def _escape(window: MainWindow) -> None:
    QTest.keyClick(window.focusWidget() or window, Qt.Key.Key_Escape)


def test_the_list_has_the_room_and_no_issue_is_read_that_nobody_sees(
    narrow: MainWindow, pages: StandInPages, until
):
    assert _seen(narrow) == (True, False)
    before = list(pages.panel.keys)
    press(narrow, "j")
    until(lambda: narrow.bench.shown_key == sample_rows()[1].key)
    assert pages.panel.keys == before


def test_enter_shows_the_issue_and_escape_the_list_again(narrow: MainWindow, pages: StandInPages):
    QTest.keyClick(narrow.bench.inbox.view, Qt.Key.Key_Return)
    assert _seen(narrow) == (False, True)
    assert pages.panel.key == sample_rows()[0].key
    _escape(narrow)
    assert _seen(narrow) == (True, False)
    assert narrow.bench.inbox.view.hasFocus()
    assert current(narrow) == 1


def test_a_click_shows_the_issue_and_the_way_back_is_a_button(narrow: MainWindow, qtbot):
    view = narrow.bench.inbox.view
    at = view.visualRect(view.model().index(1, 0)).center()
    qtbot.mouseClick(view.viewport(), Qt.MouseButton.LeftButton, pos=at)
    assert _seen(narrow) == (False, True)
    button_of(narrow.bench.back_bar, "Back to the list").click()
    assert _seen(narrow) == (True, False)


def test_what_is_done_leads_to_the_next_issue(
    narrow: MainWindow, pages: StandInPages, engine: FakeEngine, until
):
    QTest.keyClick(narrow.bench.inbox.view, Qt.Key.Key_Return)
    press(narrow, "e")
    until(lambda: pages.panel.key == sample_rows()[1].key)
    assert _seen(narrow) == (False, True)
    until(lambda: "resolve" in engine.verbs())


def test_j_and_the_arrows_step_through_the_list(narrow: MainWindow, pages: StandInPages, until):
    QTest.keyClick(narrow.bench.inbox.view, Qt.Key.Key_Return)
    press(narrow, "j")
    until(lambda: pages.panel.key == sample_rows()[1].key)
    narrow.bench.back_bar.stepped.emit(-1)
    until(lambda: pages.panel.key == sample_rows()[0].key)


def test_a_reply_begins_from_the_list(narrow: MainWindow, pages: StandInPages):
    press(narrow, "r")
    assert _seen(narrow) == (False, True)
    assert pages.panel.hasFocus()


@pytest.mark.parametrize("keys", ["gu", "/", "gl"])
def test_whatever_is_in_the_list_brings_it_back(narrow: MainWindow, keys: str):
    QTest.keyClick(narrow.bench.inbox.view, Qt.Key.Key_Return)
    for key in keys:
        press(narrow, key)
    assert _seen(narrow) == (True, False)


def test_an_issue_that_is_asked_for_is_shown(narrow: MainWindow, pages: StandInPages):
    narrow.open_issue(sample_rows()[3].key)
    assert _seen(narrow) == (False, True)
    assert pages.panel.key == sample_rows()[3].key


def test_with_room_again_both_stand_beside_each_other(
    narrow: MainWindow, pages: StandInPages, until
):
    press(narrow, "j")
    narrow.resize(1200, 700)
    until(lambda: _seen(narrow) == (True, True))
    until(lambda: pages.panel.key == sample_rows()[1].key)


def test_who_writes_keeps_the_issue_when_the_window_becomes_narrow(
    window: MainWindow, pages: StandInPages, until
):
    pages.panel.setFocus()
    window.resize(700, 500)
    until(lambda: _seen(window) == (False, True))
    assert pages.panel.hasFocus()


def test_one_issue_at_a_time_and_back(narrow: MainWindow, pages: StandInPages):
    press(narrow, "f")
    assert _seen(narrow) == (False, True)
    assert not narrow.bench.back_bar.isVisible()
    _escape(narrow)
    narrow.bench.leave_sprint()
    assert _seen(narrow) == (True, False)


def test_the_page_of_disputes_takes_the_place_of_either(narrow: MainWindow):
    QTest.keyClick(narrow.bench.inbox.view, Qt.Key.Key_Return)
    narrow.bench.go("disputes")
    assert narrow.bench.shows_disputes
    assert _seen(narrow) == (False, False)
    narrow.bench.go(View.OPEN)
    assert _seen(narrow) == (True, False)
