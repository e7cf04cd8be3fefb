"""The middle pane: what is next, in all its states, and still under the owner's eyes."""

from __future__ import annotations

import threading
import time
from collections.abc import Iterator
from dataclasses import replace

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtTest import QTest
from pytestqt.qtbot import QtBot

from app.domain.assessment import Kind, Severity
from app.domain.changes import Changes
from app.domain.errors import KnownError
from app.domain.journal import State
from app.domain.views import View
from app.ui.inbox.deeds import Deed
from app.ui.inbox.pane import InboxPane
from app.ui.reader import Reader
from app.ui.theme import Theme
from tests.support.ui_fakes import (
    NOW,
    FakeClock,
    FakeQueries,
    FakeShop,
    a_failure,
    a_row,
)


@pytest.fixture
def shop() -> FakeShop:
    """Ten open issues, the first the most urgent."""
    return FakeShop.healthy([a_row(number) for number in range(1, 11)])


@pytest.fixture
def pane(
    qtbot: QtBot, queries: FakeQueries, reader: Reader, theme: Theme, clock: FakeClock
) -> Iterator[InboxPane]:
    made = InboxPane(queries=queries, reader=reader, theme=theme, clock=clock)
    made.is_watched = lambda: True
    qtbot.addWidget(made)
    made.resize(460, 700)
    made.show()
    yield made
    reader.stop()


@pytest.fixture
def shown(pane: InboxPane, until) -> InboxPane:
    """The pane with its ten issues."""
    pane.show_view(View.OPEN)
    until(lambda: pane.model.rowCount() == 10)
    pane.view.step(0)
    return pane


def _ids(pane: InboxPane) -> list[int]:
    return list(pane.model.ids)


def test_a_view_is_shown_from_its_top_with_its_first_issue_selected(shown: InboxPane, until):
    assert shown.state == "list"
    until(lambda: shown.view.current_row() is not None)
    assert shown.view.current_row() == a_row(1)


def test_a_skeleton_comes_after_200_ms_and_not_before(
    qtbot: QtBot, shop: FakeShop, theme: Theme, clock: FakeClock, queries: FakeQueries, until
):
    gate = threading.Event()

    class Slow(FakeQueries):
        def inbox_ids(self, view, *, now):
            gate.wait(60)
            return super().inbox_ids(view, now=now)

    reader = Reader(lambda: Slow(shop))
    pane = InboxPane(queries=queries, reader=reader, theme=theme, clock=clock)
    qtbot.addWidget(pane)
    pane.show()
    began = time.monotonic()
    pane.show_view(View.OPEN)
    assert pane.state == "list"
    until(lambda: pane.state == "skeleton")
    assert time.monotonic() - began > 0.19
    gate.set()
    until(lambda: pane.state == "list" and pane.model.rowCount() == 10)
    reader.stop()


def test_an_empty_view_says_what_else_there_is(pane: InboxPane, shop: FakeShop, until):
    shop.rows = [a_row(1, state=State.WAITING), a_row(2, state=State.WAITING)]
    pane.set_counts({View.ALL: 2, View.WAITING: 2, View.OPEN: 0})
    pane.show_view(View.URGENT)
    until(lambda: pane.state == "page")
    assert pane.said == "Nothing urgent. 2 wait for customers."


def test_the_first_reading_is_told_as_what_it_is(pane: InboxPane, shop: FakeShop, until):
    """Nothing is there yet because it is on its way, not because nobody wrote."""
    shop.rows = []
    pane.set_counts({}, reading=True)
    pane.show_view(View.OPEN)
    until(lambda: pane.state == "page")
    assert pane.said.startswith("Reading your mail")


@pytest.mark.parametrize("view", [View.URGENT, View.OPEN, Kind.DAMAGED])
def test_mail_that_nobody_has_judged_yet_is_not_called_answered(
    pane: InboxPane, shop: FakeShop, until, view: str
):
    """The mails of a first reading are there before they are judged: nothing is calm yet."""
    shop.rows = []
    pane.set_counts({View.ALL: 160, View.OPEN: 0}, awaiting=160)
    pane.show_view(view)
    until(lambda: pane.state == "page")
    assert pane.said == "Sorting your mail … 160 mails are still to be judged."


def test_an_empty_list_is_not_called_calm_while_a_mailbox_cannot_be_read(
    pane: InboxPane, shop: FakeShop, until
):
    shop.rows = []
    pane.set_counts({}, trouble="Gmail refused the password")
    pane.show_view(View.OPEN)
    until(lambda: pane.state == "page")
    assert pane.said == "Nothing to show Gmail refused the password"


def test_what_cannot_be_read_says_so_with_a_way_out(
    qtbot: QtBot, shop: FakeShop, theme: Theme, clock: FakeClock, queries: FakeQueries, until
):
    broken = [True]

    class Broken(FakeQueries):
        def inbox_ids(self, view, *, now):
            if broken[0]:
                raise a_failure()
            return super().inbox_ids(view, now=now)

    reader = Reader(lambda: Broken(shop))
    pane = InboxPane(queries=queries, reader=reader, theme=theme, clock=clock)
    qtbot.addWidget(pane)
    pane.show()
    pane.show_view(View.OPEN)
    until(lambda: pane.state == "page")
    assert pane.said.startswith("Gmail refused the password")
    broken[0] = False
    pane.show_view(View.OPEN)
    until(lambda: pane.state == "list" and pane.model.rowCount() == 10)
    reader.stop()


def test_what_is_new_waits_under_a_pill_and_nothing_jumps(shown: InboxPane, shop: FakeShop, until):
    shown.view.select(3)
    changes = shop.put(a_row(50, score=99)) | shop.put(a_row(51, score=98))
    shown.refresh(changes)
    until(lambda: shown.waiting == "2 new")
    assert _ids(shown) == list(range(1, 11))
    shown.settle()
    assert _ids(shown) == [50, 51, *range(1, 11)]
    assert shown.waiting == ""


def test_a_list_that_nobody_came_to_yet_fills_without_a_pill(
    pane: InboxPane, shop: FakeShop, until
):
    """So a first reading, or a start after a night, shows what there is, the worst on top."""
    pane.show_view(View.OPEN)
    until(lambda: pane.model.rowCount() == 10)
    pane.refresh(shop.put(a_row(50, score=99)))
    until(lambda: _ids(pane)[0] == 50)
    assert pane.waiting == ""


def test_what_is_new_below_what_can_be_seen_needs_no_pill(shown: InboxPane, shop: FakeShop, until):
    """It moves nothing under anybody's eyes; so a list fills while mail is read at first."""
    shown.view.select(3)
    shown.resize(460, 400)
    shown.refresh(shop.put(a_row(50, score=1)))
    until(lambda: _ids(shown)[-1] == 50)
    assert shown.waiting == ""
    shown.refresh(shop.put(a_row(51, score=99)))
    until(lambda: shown.waiting == "1 new")


def test_the_selection_stays_on_its_issue(shown: InboxPane, shop: FakeShop, until):
    shown.view.select(3)
    shown.refresh(shop.put(a_row(50, score=99)))
    until(lambda: shown.waiting == "1 new")
    shown.settle()
    row = shown.view.current_row()
    assert row is not None
    assert (row.id, shown.view.currentIndex().row()) == (4, 4)


def test_nobody_looks_so_what_is_new_comes_in_at_once(shown: InboxPane, shop: FakeShop, until):
    shown.is_watched = lambda: False
    shown.refresh(shop.put(a_row(50, score=99)))
    until(lambda: _ids(shown)[0] == 50)
    assert shown.waiting == ""


def test_the_first_issue_of_an_empty_list_comes_in_at_once(pane: InboxPane, shop: FakeShop, until):
    shop.rows = []
    pane.show_view(View.OPEN)
    until(lambda: pane.state == "page")
    pane.refresh(shop.put(a_row(1)))
    until(lambda: pane.state == "list" and _ids(pane) == [1])


def test_an_issue_that_changed_is_drawn_anew_where_it_stands(
    shown: InboxPane, shop: FakeShop, until
):
    shown.refresh(shop.patch(a_row(5).key, score=99, severity=Severity.CRITICAL))
    until(lambda: shown.waiting == "1 moved up")
    row = shown.model.row_at(4)
    assert row is not None
    assert (row.id, row.severity) == (5, Severity.CRITICAL)


def test_an_issue_that_left_goes_at_once(shown: InboxPane, shop: FakeShop, until):
    shown.refresh(shop.patch(a_row(5).key, state=State.RESOLVED))
    until(lambda: 5 not in _ids(shown))
    assert shown.waiting == ""


def test_done_takes_the_issue_out_before_the_engine_answers(shown: InboxPane, until):
    shown.view.select(3)
    row = shown.view.current_row()
    assert row is not None
    shown.expect(Deed("resolve", row))
    assert 4 not in _ids(shown)
    now_on = shown.view.current_row()
    assert now_on is not None
    assert now_on.id == 5


def test_what_is_taken_back_stands_where_it_stood_and_needs_no_pill(
    shown: InboxPane, shop: FakeShop, until
):
    deed = Deed("resolve", a_row(4))
    shown.expect(deed)
    shown.refresh(shop.patch(a_row(4).key, state=State.RESOLVED))
    shown.expect_back(deed)
    shown.refresh(shop.patch(a_row(4).key, state=State.NEW))
    until(lambda: _ids(shown) == list(range(1, 11)))
    assert shown.waiting == ""


def test_what_is_taken_back_is_there_before_the_engine_has_said_so(shown: InboxPane):
    """Several at their places, and the selection where it was."""
    deed = Deed("resolve", a_row(2), others=(a_row(4), a_row(5)))
    shown.expect(deed)
    assert _ids(shown) == [1, 3, *range(6, 11)]
    shown.view.select(2)
    shown.expect_back(deed)
    assert _ids(shown) == list(range(1, 11))
    row = shown.view.current_row()
    assert row is not None
    assert row.id == 6


def test_news_of_a_verb_that_was_taken_back_meanwhile_needs_no_pill(
    qtbot: QtBot, shown: InboxPane, shop: FakeShop, until
):
    deed = Deed("resolve", a_row(4))
    shown.expect(deed)
    shown.expect_back(deed)
    shown.refresh(shop.patch(a_row(4).key, state=State.RESOLVED))
    qtbot.wait(60)
    shown.refresh(shop.patch(a_row(4).key, state=State.NEW))
    until(lambda: _ids(shown) == list(range(1, 11)))
    assert shown.waiting == ""


def test_nor_does_news_of_something_else_that_is_read_before_the_engine_tells_of_it(
    shown: InboxPane, shop: FakeShop, until
):
    deed = Deed("resolve", a_row(4))
    shown.expect(deed)
    shown.expect_back(deed)
    shown.refresh(shop.patch(a_row(4).key, state=State.RESOLVED))
    until(lambda: 4 not in _ids(shown))
    shop.patch(a_row(4).key, state=State.NEW)  # and not told yet
    shown.refresh(shop.patch(a_row(10).key, score=1))
    until(lambda: _ids(shown) == list(range(1, 11)))
    assert shown.waiting == ""


def test_what_is_done_is_not_back_though_the_engine_has_more_to_do_before(
    shown: InboxPane, shop: FakeShop, until
):
    shown.expect(Deed("resolve", a_row(4), waits=True))
    shown.refresh(shop.patch(a_row(9).key, state=State.RESOLVED))
    until(lambda: 9 not in _ids(shown))
    assert _ids(shown) == [1, 2, 3, 5, 6, 7, 8, 10]


def test_what_is_taken_back_does_not_leave_while_the_engine_is_still_doing_it(
    shown: InboxPane, shop: FakeShop, until
):
    """Of a verb and its Undo, both under way, the list shows neither."""
    deed = Deed("resolve", a_row(4), waits=True)
    shown.view.select(3)
    shown.expect(deed)
    shown.expect_back(deed)
    shown.view.select(3)
    shown.refresh(shop.patch(a_row(4).key, state=State.RESOLVED))
    shown.refresh(shop.patch(a_row(9).key, state=State.RESOLVED))
    until(lambda: 9 not in _ids(shown))
    assert _ids(shown) == [1, 2, 3, 4, 5, 6, 7, 8, 10]
    assert shown.view.current_row() == a_row(4), "as it was before the verb"
    assert shown.waiting == ""


def test_what_the_engine_has_answered_is_as_the_engine_has_it(
    shown: InboxPane, shop: FakeShop, until
):
    deed = Deed("resolve", a_row(4), waits=True)
    shown.expect(deed)
    shown.refresh(shop.patch(a_row(9).key, state=State.RESOLVED))
    until(lambda: 9 not in _ids(shown))
    deed.waits = False
    shown.refresh(shop.patch(a_row(4).key, preview="The customer wrote again."))
    until(lambda: 4 in _ids(shown))


def test_a_storm_of_changes_is_one_reset_and_keeps_the_selection(
    shown: InboxPane, shop: FakeShop, until
):
    shown.is_watched = lambda: False
    shown.view.select(2)
    changes = Changes()
    for number in range(200, 400):
        changes |= shop.put(a_row(number, score=90))
    shown.refresh(changes)
    until(lambda: shown.model.rowCount() == 210)
    row = shown.view.current_row()
    assert row is not None
    assert row.id == 3


def test_search_finds_as_one_types_and_escape_gives_the_list_back(
    qtbot: QtBot, shown: InboxPane, until
):
    QTest.keyClicks(shown.search, "mug 7 ")
    until(lambda: _ids(shown) == [7])
    assert not shown.view.currentIndex().isValid(), "what is found is not opened while one types"
    QTest.keyClick(shown.search, Qt.Key.Key_Escape)
    until(lambda: shown.model.rowCount() == 10)
    assert shown.shown.view == View.OPEN


def test_enter_goes_to_the_first_find(shown: InboxPane, until):
    """And it stays there when the same search is answered once more."""
    shown.search.setFocus()
    QTest.keyClicks(shown.search, "mug 7 ")
    QTest.keyClick(shown.search, Qt.Key.Key_Return)
    until(lambda: _ids(shown) == [7] and shown.view.currentIndex().row() == 0)
    QTest.qWait(200)
    assert shown.view.currentIndex().row() == 0


def test_a_search_that_finds_nothing_offers_the_way_back(qtbot: QtBot, shown: InboxPane, until):
    QTest.keyClicks(shown.search, "zebra")
    until(lambda: shown.state == "page")
    assert shown.said.startswith("Nothing found for “zebra”")


def test_a_bundle_is_shown_in_its_own_order(shown: InboxPane, until):
    shown.show_keys([a_row(7).key, a_row(2).key, "i1_gone"], "2 write the same")
    until(lambda: _ids(shown) == [7, 2])


def test_how_much_history_is_read_stands_beside_the_count(shown: InboxPane):
    shown.show_progress("reading 3,400 of 12,000 mails", 3400 / 12000)
    assert shown.detail == "10  ·  reading 3,400 of 12,000 mails".replace("  ", " ")
    shown.show_progress("", 0.0)
    assert shown.detail == "10"


def test_a_verb_under_the_mouse_is_done_by_one_click(qtbot: QtBot, shown: InboxPane):
    view = shown.view
    rect = view.visualRect(shown.model.index(2, 0))
    at = QPoint(rect.right() - 20, rect.center().y())
    with qtbot.waitSignal(shown.verb) as clicked:
        QTest.mouseMove(view.viewport(), at)
        QTest.mouseClick(view.viewport(), Qt.MouseButton.LeftButton, pos=at)
    assert clicked.args[0] == "resolve"
    assert clicked.args[1].id == 3


def test_a_click_elsewhere_selects_the_row(qtbot: QtBot, shown: InboxPane):
    rect = shown.view.visualRect(shown.model.index(2, 0))
    QTest.mouseClick(shown.view.viewport(), Qt.MouseButton.LeftButton, pos=rect.center())
    row = shown.view.current_row()
    assert row is not None
    assert row.id == 3


def test_running_through_the_list_reads_only_where_it_rests(qtbot: QtBot, shown: InboxPane, until):
    qtbot.wait(60)
    rested: list[int] = []
    shown.rested.connect(lambda row: rested.append(row.id))
    for _ in range(6):
        shown.view.step(1)
    until(lambda: bool(rested))
    assert rested == [7]


def test_every_row_is_64_pixels_high(shown: InboxPane):
    assert {shown.view.rowHeight(at) for at in range(10)} == {64}


def test_rows_that_cannot_be_read_are_told_and_do_not_break_the_list(
    qtbot: QtBot, shown: InboxPane, queries: FakeQueries
):
    def refuse(_ids):
        raise a_failure()

    queries.rows = refuse  # type: ignore[method-assign]
    with qtbot.waitSignal(shown.failed) as told:
        shown.model.refresh([1, 2, 3])
        assert shown.model.row_at(0) is None
    assert isinstance(told.args[0], KnownError)


def test_a_row_is_drawn_without_a_word_from_qt_in_every_state(shown: InboxPane, shop: FakeShop):
    rows = [
        replace(a_row(1), subject="", preview="", customer=a_row(1).customer),
        a_row(2, subject="<b>bold</b>\u202egnp.exe\n\n\x00" * 30, preview="x" * 5000),
        a_row(3, state=State.RESOLVED),
        a_row(4, snoozed_until=NOW),
        a_row(5, suspicious=True, unsure=True, message_count=12),
    ]
    shop.rows = rows
    shown.model.refresh(range(1, 6))
    assert not shown.grab().isNull()


def test_the_keyboard_coming_back_leaves_the_issue_that_is_shown_beside_the_list(
    shown: InboxPane, qtbot: QtBot
):
    """A pop-up opened an issue that this list does not hold: Tab into the list replaces nothing."""
    shown.view.setFocus()
    shown.view.select(3)
    shown.view.forget()
    rested: list[object] = []
    shown.rested.connect(rested.append)
    shown.search.setFocus()
    shown.view.setFocus()
    qtbot.wait(80)
    assert shown.view.current_row() is None
    assert rested == []
    QTest.keyClick(shown.view, Qt.Key.Key_Down)
    assert shown.view.current_row() == a_row(4)
