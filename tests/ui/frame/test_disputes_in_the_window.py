"""The page of disputes within the window: reached by key, list and menu, left by Esc."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtTest import QTest

from app.ui.inbox.views_list import DISPUTES
from app.ui.main_window import MainWindow
from tests.support.ui_disputes import every_kind
from tests.support.ui_fakes import NOW, FakeShop, a_row
from tests.support.ui_frame import StandInPages, press


def test_g_c_shows_the_page_where_list_and_issue_were_and_esc_brings_them_back(
    window: MainWindow, shop: FakeShop, until
):
    shop.cases = every_kind(NOW)
    press(window, "gc")
    bench = window.bench
    assert bench.disputes is not None
    page = bench.disputes
    until(lambda: page.list.model().rowCount() == 5)
    assert bench.inbox.isHidden()
    assert page.width() > window.width() // 2
    press(window, "j")
    assert page.list.currentIndex().row() == 1
    bench.leave()
    assert page.isHidden()
    assert not bench.inbox.isHidden()
    assert bench.inbox.width() > 200


def test_a_dispute_opens_its_issue(window: MainWindow, shop: FakeShop, pages: StandInPages, until):
    from dataclasses import replace

    shop.cases = tuple(replace(one, issue_key=a_row(5).key) for one in every_kind(NOW))
    press(window, "gc")
    page = window.bench.disputes
    assert page is not None
    until(lambda: page.list.current is not None)
    page.open_issue.setFocus()
    page.open_issue.click()
    until(lambda: pages.panel.keys[-1:] == [a_row(5).key])
    assert "dispute dp_dateless" in pages.panel.told, "of several in one issue this one is shown"
    assert page.isHidden()
    assert window.bench.inbox.view.hasFocus()


def test_the_keys_of_issues_do_nothing_on_the_page(window: MainWindow, pages: StandInPages):
    press(window, "gc")
    window.bench.verb("resolve")
    assert not window.toast.text.startswith("Done")
    press(window, "x")
    window.bench.mark_all()
    assert len(window.bench.inbox.view.marks) == 0
    told = list(pages.panel.told)
    QTest.keyClick(window, Qt.Key.Key_Return, Qt.KeyboardModifier.ControlModifier)
    assert pages.panel.told == told, "a reply that nobody sees is not sent"


def test_a_search_and_a_bundle_of_issues_stand_where_the_page_stood(window: MainWindow, until):
    """What is asked for comes into view, and the letters go into a field that is there."""
    inbox = window.bench.inbox
    press(window, "gc/")
    assert inbox.search.isVisible()
    assert inbox.search.hasFocus()
    inbox.view.setFocus()
    press(window, "gc")
    assert inbox.isHidden()
    window._show_found([a_row(2).key, a_row(7).key], "Two of one customer")
    assert not inbox.isHidden()
    until(lambda: list(inbox.model.ids) == [2, 7])


def test_the_views_name_the_page_when_there_is_a_dispute(window: MainWindow, shop: FakeShop, until):
    model = window.bench.sidebar.views.model()
    names = [str(model.index(at, 0).data()) for at in range(model.rowCount())]
    assert not any(name.startswith("Disputes") for name in names)
    counts = {**window.bench._queries.overview(now=NOW).counts, DISPUTES: 2}
    window.bench.sidebar.views.set_counts(counts)
    names = [str(model.index(at, 0).data()) for at in range(model.rowCount())]
    assert "Disputes, 2" in names


def test_a_reading_that_moved_something_reads_the_page_again(
    window: MainWindow, shop: FakeShop, until
):
    press(window, "gc")
    page = window.bench.disputes
    assert page is not None
    until(lambda: "No disputes." in page.empty.text)
    shop.cases = every_kind(NOW)
    page.refresh()
    until(lambda: page.list.model().rowCount() == 5)
