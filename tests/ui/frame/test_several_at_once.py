"""Several issues are selected and done in one go, by key and by mouse, with one Undo."""

from __future__ import annotations

from dataclasses import replace

import pytest
from PySide6.QtCore import QPoint, QRect, Qt
from PySide6.QtGui import QAccessible
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QMenu, QToolButton

from app.domain.assessment import Kind, Severity
from app.domain.journal import State
from app.domain.message import Address
from app.domain.views import View
from app.ui.inbox.view import InboxView
from app.ui.main_window import MainWindow
from tests.support.ui_fakes import FakeEngine, FakeShop, a_failure, a_row
from tests.support.ui_frame import current, press


@pytest.fixture
def listed(window: MainWindow, until) -> InboxView:
    """The list, with the keyboard on its first issue."""
    window.bench.inbox.view.setFocus()
    until(lambda: current(window) == 1)
    return window.bench.inbox.view


def _marked(view: InboxView) -> list[int]:
    return view.marks.of(range(2000))


def _spot(view: InboxView, position: int, x: int = -1) -> QPoint:
    rect: QRect = view.visualRect(view.model().index(position, 0))
    return QPoint(rect.left() + x if x >= 0 else rect.center().x(), rect.center().y())


def _click(view: InboxView, position: int, *, modifier=Qt.KeyboardModifier.NoModifier, x=-1):
    QTest.mouseClick(view.viewport(), Qt.MouseButton.LeftButton, modifier, _spot(view, position, x))


def _state(window: MainWindow, position: int) -> State | None:
    row = window.bench.inbox.model.row_at(position)
    return row.state if row else None


def _ids(window: MainWindow) -> list[int]:
    return list(window.bench.inbox.model.ids)


def test_x_selects_and_j_goes_on_and_e_does_all_of_them(
    window: MainWindow, listed: InboxView, engine: FakeEngine, until
):
    for key in ("x", "j", "x"):
        press(window, key)
    bench = window.bench
    assert _marked(listed) == [1, 2]
    assert (bench.inbox.bulk.isVisible(), bench.inbox.bulk.said) == (True, "2 selected")
    press(window, "e")
    assert _ids(window) == list(range(3, 15)), "they left before the engine has answered"
    assert window.toast.text.startswith("Done: 2 issues")
    until(lambda: ("resolve", {"key": [a_row(1).key, a_row(2).key]}) in engine.asked)
    assert not bench.inbox.bulk.isVisible()


def test_it_is_said_who_of_those_put_away_had_something_critical(
    window: MainWindow, listed: InboxView, shop: FakeShop, until
):
    """No question, because Undo is beside it; but nobody has to find out later."""
    shop.rows = [replace(row, severity=Severity.LOW) for row in shop.rows]
    for number, name in ((2, "Ana"), (4, "Ben"), (5, "Cy")):
        customer = Address(email=f"{number}@mail.example", name=name)
        shop.patch(a_row(number).key, severity=Severity.CRITICAL, customer=customer)
    window.bench.inbox.refresh_all()
    row_at = window.bench.inbox.model.row_at
    until(lambda: (row := row_at(4)) is not None and row.severity is Severity.CRITICAL)
    QTest.keyClick(listed, Qt.Key.Key_A, Qt.KeyboardModifier.ControlModifier)
    press(window, "e")
    assert window.toast.text == "Done: 14 issues. Critical among them: Ana, Ben and 1 more"


def test_one_undo_brings_all_of_them_back(
    window: MainWindow, listed: InboxView, engine: FakeEngine, until
):
    for key in ("x", "j", "x", "a"):
        press(window, key)
    until(lambda: "acknowledge" in engine.verbs())
    until(lambda: _state(window, 1) is State.ACKNOWLEDGED)
    press(window, "z")
    until(lambda: engine.verbs()[-1] == "undo")
    assert len(engine.asked[-1][1]["entry"]) == 2
    until(lambda: _state(window, 0) is State.NEW)
    assert _state(window, 1) is State.NEW


def test_shift_selects_a_span_and_ctrl_one_more(window: MainWindow, listed: InboxView):
    _click(listed, 1, modifier=Qt.KeyboardModifier.ControlModifier)
    _click(listed, 3, modifier=Qt.KeyboardModifier.ShiftModifier)
    _click(listed, 6, modifier=Qt.KeyboardModifier.ControlModifier)
    assert _marked(listed) == [2, 3, 4, 7]
    _click(listed, 2, modifier=Qt.KeyboardModifier.ControlModifier)
    assert _marked(listed) == [2, 4, 7]


def test_a_click_on_the_score_selects(window: MainWindow, listed: InboxView):
    """Who has no use for keys finds it under the mouse."""
    _click(listed, 4, x=30)
    assert _marked(listed) == [5]
    assert current(window) == 1, "what is shown beside the list stays"


def test_shift_and_arrows_select_as_they_go(window: MainWindow, listed: InboxView):
    for _ in range(2):
        QTest.keyClick(listed, Qt.Key.Key_Down, Qt.KeyboardModifier.ShiftModifier)
    assert _marked(listed) == [1, 2, 3]
    assert current(window) == 3


def test_escape_lets_go_of_what_is_selected_and_keeps_the_list(
    window: MainWindow, listed: InboxView
):
    QTest.keyClick(listed, Qt.Key.Key_A, Qt.KeyboardModifier.ControlModifier)
    assert len(listed.marks) == 14
    QTest.keyClick(listed, Qt.Key.Key_Escape)
    assert (len(listed.marks), len(_ids(window))) == (0, 14)


def test_what_is_selected_stays_selected_when_the_list_moves(
    window: MainWindow, listed: InboxView, shop: FakeShop, until
):
    press(window, "x")
    window.bench.refresh(shop.put(a_row(99, score=100)) | shop.patch(a_row(2).key, score=1))
    until(lambda: window.bench.inbox.has_news)
    window.bench.inbox.settle()
    assert _ids(window)[0] == 99
    assert _marked(listed) == [1]
    window.bench.refresh(shop.patch(a_row(1).key, state=State.RESOLVED))
    until(lambda: 1 not in _ids(window))
    assert _marked(listed) == []


@pytest.mark.parametrize(
    ("verb", "choice", "asked"),
    [
        ("override", "Late", {"kind": Kind.LATE}),
        ("assign", "Nobody", {"to": ""}),
    ],
)
def test_the_bar_asks_what_is_missing_and_does_it_to_all(
    window: MainWindow, listed: InboxView, engine: FakeEngine, until, verb, choice, asked
):
    for key in ("x", "j", "x"):
        press(window, key)
    QTest.mouseClick(window.bench.inbox.bulk.buttons[verb], Qt.MouseButton.LeftButton)
    menu = next(each for each in window.findChildren(QMenu) if each.isVisible())
    next(each for each in menu.actions() if each.text() == choice).trigger()
    menu.close()
    until(lambda: verb in engine.verbs())
    assert engine.asked[-1] == (verb, {"key": [a_row(1).key, a_row(2).key], **asked})


def test_several_become_one_in_the_one_that_was_chosen(
    window: MainWindow, listed: InboxView, engine: FakeEngine, until
):
    for key in ("x", "j", "x"):
        press(window, key)
    QTest.mouseClick(window.bench.inbox.bulk.buttons["merge"], Qt.MouseButton.LeftButton)
    menu = next(each for each in window.findChildren(QMenu) if each.isVisible())
    title, kept, _other = menu.actions()
    assert title.text() == "Merge into"
    kept.trigger()
    menu.close()
    until(lambda: "merge" in engine.verbs())
    merged = engine.asked[-1][1]
    assert {merged["key"], merged["into"]} == {a_row(1).key, a_row(2).key}


def test_what_the_engine_refuses_comes_back_and_is_said(
    window: MainWindow, listed: InboxView, engine: FakeEngine, until
):
    engine.refuse["resolve"] = a_failure()
    for key in ("x", "j", "x", "e"):
        press(window, key)
    until(lambda: len(_ids(window)) == 14)
    assert "refused" in window.toast.text


def test_every_button_of_the_bar_has_a_name_and_takes_the_keyboard(
    window: MainWindow, listed: InboxView
):
    press(window, "x")
    for button in window.bench.inbox.bulk.findChildren(QToolButton):
        name = QAccessible.queryAccessibleInterface(button).text(QAccessible.Text.Name)
        assert name


def test_500_are_done_in_the_list_before_the_engine_answers(
    window: MainWindow, shop: FakeShop, until
):
    """How long the window itself needs for it is a matter of the benchmarks."""
    shop.rows = [a_row(number) for number in range(1, 1001)]
    window.bench.go(View.OPEN)
    until(lambda: len(_ids(window)) == 1000)
    view = window.bench.inbox.view
    view.marks.all(_ids(window)[:500])
    window.bench.verb("resolve")
    assert len(_ids(window)) == 500
