"""One issue at a time: the next best by score, with skip, pause, undo and a calm end."""

from __future__ import annotations

import threading
from datetime import timedelta

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest

from app.domain.changes import Changes
from app.domain.incident import Incident
from app.domain.journal import State
from app.domain.views import View
from app.ui.bridge import EngineBridge
from app.ui.main_window import MainWindow
from app.ui.reader import Reader
from tests.support.ui_fakes import FakeClock, FakeEngine, FakeShop, a_reply, a_row, sample_rows
from tests.support.ui_frame import StandInPages, button_of, current, press


@pytest.fixture
def shop() -> FakeShop:
    """Fourteen issues of a Tuesday."""
    return FakeShop.healthy()


@pytest.fixture
def sprint(window: MainWindow, until) -> MainWindow:
    """The window in a sprint over what is open."""
    window.bench.inbox.view.setFocus()
    until(lambda: current(window) == 1)
    press(window, "f")
    assert window.bench.sprint_bar.isVisible()
    until(lambda: _shown(window, 1))
    return window


def _bar(window: MainWindow) -> str:
    return window.bench.sprint_bar.said


def _shown(window: MainWindow, number: int) -> bool:
    return window.bench.shown_key == sample_rows()[number - 1].key


def test_only_the_issue_is_there_and_how_many_are_left(sprint: MainWindow, pages: StandInPages):
    bench = sprint.bench
    assert (bench.sidebar.isVisible(), bench.inbox.isVisible()) == (False, False)
    assert pages.panel.isVisible()
    assert _bar(sprint) == "14 left"


def test_what_is_dealt_with_makes_room_for_the_next_best(
    sprint: MainWindow, engine: FakeEngine, until
):
    press(sprint, "e")
    until(lambda: _shown(sprint, 2))
    assert _bar(sprint) == "13 left"
    until(lambda: "resolve" in engine.verbs())


def test_acknowledging_stays_and_j_skips(sprint: MainWindow, until):
    press(sprint, "a")
    assert _shown(sprint, 1)
    press(sprint, "j")
    until(lambda: _shown(sprint, 2))
    assert _bar(sprint) == "13 left"


def test_something_worse_that_arrives_is_next(sprint: MainWindow, shop: FakeShop, until):
    sprint.bench.refresh(shop.put(a_row(70, score=99)))
    until(lambda: 70 in sprint.bench.inbox.model.ids)
    assert _shown(sprint, 1), "what is in view stays"
    press(sprint, "e")
    until(lambda: sprint.bench.shown_key == a_row(70).key)


def test_a_reply_on_its_way_deals_with_its_issue(
    sprint: MainWindow, shop: FakeShop, clock: FakeClock, until
):
    shop.replies = (a_reply(issue_key=sprint.bench.shown_key, created_at=clock.now()),)
    sprint._read_overview()
    until(lambda: _shown(sprint, 2))
    assert _bar(sprint) == "13 left"


def test_a_reply_that_was_planned_before_does_not(
    sprint: MainWindow, shop: FakeShop, clock: FakeClock, until
):
    before = clock.now() - timedelta(hours=1)
    shop.replies = (a_reply(issue_key=sprint.bench.shown_key, created_at=before),)
    sprint._read_overview()
    QTest.qWait(100)
    assert _shown(sprint, 1)


def test_undo_shows_again_what_was_dealt_with(sprint: MainWindow, until):
    press(sprint, "e")
    until(lambda: _shown(sprint, 2))
    press(sprint, "z")
    until(lambda: _shown(sprint, 1))
    assert _bar(sprint) == "14 left"


def test_undo_without_a_pause_shows_it_again_whatever_is_read_in_between(
    sprint: MainWindow, bridge: EngineBridge, engine: FakeEngine, reader: Reader, until
):
    """What the engine tells of the verb is read while the Undo is still on its way."""
    told, verb, undo = list[Changes](), threading.Event(), threading.Event()
    bridge.changed.connect(told.append)
    engine.hold = verb
    press(sprint, "ez")
    until(lambda: "resolve" in engine.taken_up)
    engine.hold = undo
    verb.set()
    until(lambda: bool(told))
    _all_is_read(reader, until)
    assert _shown(sprint, 1)
    assert sprint.bench.inbox.model.ids[0] == 1, "it never left the list"
    undo.set()
    until(lambda: len(told) == 2)
    _all_is_read(reader, until)
    assert _shown(sprint, 1)
    assert _bar(sprint) == "14 left"


def test_each_key_meets_the_issue_that_the_one_before_brought(
    sprint: MainWindow, engine: FakeEngine, shop: FakeShop, until
):
    """Done, taken back, done again, without a pause: it is the same issue each time."""
    press(sprint, "ezeze")
    until(lambda: engine.verbs().count("undo") == 2)
    asked = {args["key"] for verb, args in engine.asked if verb == "resolve"}
    assert asked == {sample_rows()[0].key}
    until(lambda: _shown(sprint, 2))
    assert _bar(sprint) == "13 left"


def test_undo_at_the_end_goes_on_with_what_was_taken_back(
    window: MainWindow, shop: FakeShop, until
):
    shop.rows = [a_row(1)]
    window.bench.go(View.OPEN)
    until(lambda: window.bench.inbox.model.rowCount() == 1)
    press(window, "fe")
    until(window.bench.summary.isVisible)
    press(window, "z")
    until(lambda: window.bench.shown_key == a_row(1).key)
    assert not window.bench.summary.isVisible()
    assert _bar(window) == "The last one"


def _all_is_read(reader: Reader, until) -> None:
    read = list[bool]()
    reader.ask("whatever came before", lambda _: True, read.append)
    until(lambda: bool(read))


def test_the_end_is_one_calm_sentence(sprint: MainWindow, clock: FakeClock, until):
    for seconds in (60, 100, 200):
        clock.at += timedelta(seconds=seconds)
        number = current(sprint)
        press(sprint, "e")
        until(lambda number=number: current(sprint) == number + 1)
    press(sprint, "j")
    QTest.keyClick(sprint.bench.sprint_bar, Qt.Key.Key_Escape)
    assert sprint.bench.summary.isVisible()
    said = sprint.bench.summary.text
    assert said == "3 done, 11 left It took 6 min, usually 1 min 40 s each. 1 skipped."
    QTest.mouseClick(button_of(sprint.bench.summary, "Back to the list"), Qt.MouseButton.LeftButton)
    bench = sprint.bench
    assert (bench.sidebar.isVisible(), bench.inbox.isVisible()) == (True, True)
    assert bench.inbox.view.hasFocus()


def test_enter_presses_the_button_that_has_the_keyboard(sprint: MainWindow):
    """Outside of dialogs Qt leaves that to Space alone."""
    QTest.keyClick(sprint.bench.sprint_bar, Qt.Key.Key_Escape)
    back = button_of(sprint.bench.summary, "Back to the list")
    assert back.hasFocus()
    QTest.keyClick(back, Qt.Key.Key_Return)
    assert sprint.bench.inbox.view.hasFocus()


def test_a_pause_is_said_and_is_no_time(sprint: MainWindow, clock: FakeClock, until):
    clock.at += timedelta(seconds=30)
    press(sprint, "p")
    assert _bar(sprint) == "14 left · paused"
    clock.at += timedelta(hours=2)
    press(sprint, "p")
    press(sprint, "e")
    until(lambda: _shown(sprint, 2))
    QTest.mouseClick(button_of(sprint.bench.sprint_bar, "End"), Qt.MouseButton.LeftButton)
    assert sprint.bench.summary.text == "1 done, 13 left It took 30 s."


@pytest.mark.parametrize("leap", [timedelta(hours=14), timedelta(seconds=-70)])
def test_a_closed_lid_and_a_clock_that_is_set_take_no_time(
    sprint: MainWindow, clock: FakeClock, until, leap: timedelta
):
    """The night between two issues is none of the owner's work, and no time is less than none."""
    clock.at += timedelta(seconds=40)
    sprint.bench.sprinting._minute.timeout.emit()
    clock.at += leap
    sprint.bench.sprinting._minute.timeout.emit()
    clock.at += timedelta(seconds=20)
    press(sprint, "e")
    until(lambda: _shown(sprint, 2))
    QTest.mouseClick(button_of(sprint.bench.sprint_bar, "End"), Qt.MouseButton.LeftButton)
    assert sprint.bench.summary.text == "1 done, 13 left It took 1 min."


def test_when_nothing_is_left_it_ends_by_itself(window: MainWindow, shop: FakeShop, until):
    shop.rows = [a_row(1)]
    window.bench.go(View.OPEN)
    until(lambda: window.bench.inbox.model.rowCount() == 1)
    press(window, "f")
    assert _bar(window) == "The last one"
    press(window, "e")
    until(window.bench.summary.isVisible)
    assert window.bench.summary.text.startswith("1 done, nothing is left")


def test_nothing_is_marked_that_cannot_be_seen(sprint: MainWindow, engine: FakeEngine, until):
    """Ctrl+A and X mean a list: in a sprint there is none, and Done is about the one in view."""
    marks = sprint.bench.inbox.view.marks
    QTest.keyClick(sprint.bench.sprint_bar, Qt.Key.Key_A, Qt.KeyboardModifier.ControlModifier)
    press(sprint, "x")
    assert len(marks) == 0
    press(sprint, "e")
    until(lambda: "resolve" in engine.verbs())
    assert engine.asked[-1] == ("resolve", {"key": sample_rows()[0].key})


def test_a_search_leads_out_of_it_to_where_it_can_be_seen(sprint: MainWindow, until):
    """The letters go into a field that is there, and no sprint goes on in what it finds."""
    press(sprint, "/")
    assert not sprint.bench.sprinting.is_on
    assert sprint.bench.inbox.search.isVisible()
    assert sprint.bench.inbox.search.hasFocus()


def test_to_the_list_leads_out_of_it(sprint: MainWindow):
    press(sprint, "gl")
    assert sprint.bench.inbox.view.isVisible()
    assert sprint.bench.inbox.view.hasFocus()


def test_where_its_end_is_told_no_key_acts_on_what_is_hidden(
    sprint: MainWindow, engine: FakeEngine, pages: StandInPages
):
    """Done, a mark and a reply there would be about an issue that nobody sees."""
    QTest.keyClick(sprint.bench.sprint_bar, Qt.Key.Key_Escape)
    assert sprint.bench.summary.isVisible()
    told = list(pages.panel.told)
    press(sprint, "xea1t")
    assert (engine.verbs().count("resolve"), len(sprint.bench.inbox.view.marks)) == (0, 0)
    assert "acknowledge" not in engine.verbs()
    assert pages.panel.told == told
    assert sprint.bench.summary.isVisible()


def test_a_view_or_an_alert_leads_out_of_it(sprint: MainWindow, until):
    press(sprint, "gu")
    until(lambda: sprint.bench.inbox.model.rowCount() == 5)
    assert sprint.bench.inbox.isVisible()
    assert not sprint.bench.summary.isVisible()


def test_an_empty_list_says_so(window: MainWindow, shop: FakeShop, until):
    shop.rows = [a_row(1, state=State.RESOLVED)]
    window.bench.go(View.OPEN)
    until(lambda: window.bench.inbox.state == "page")
    press(window, "f")
    assert window.toast.text == "There is nothing in this list"
    assert window.bench.inbox.isVisible()


@pytest.mark.parametrize("way", ["banner", "issue"])
def test_a_cause_that_is_opened_shows_its_list(sprint: MainWindow, pages: StandInPages, way: str):
    """From its banner, and from the line of the issue that one is at."""
    incident = Incident(
        id=7, name="rt4", sort="size", title="RT4", customers=4, grave=False,
        first_at=sample_rows()[0].last_at, last_at=sample_rows()[0].last_at,
    )  # fmt: skip
    if way == "banner":
        sprint._open_incident(incident)
    else:
        pages.panel.cause_asked.emit(incident)
    assert sprint.bench.inbox.shown.view == "incident:7"
    assert sprint.bench.inbox.isVisible()
    assert not sprint.bench.sprint_bar.isVisible()
    assert not sprint.bench.summary.isVisible()
