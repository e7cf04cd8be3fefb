"""A search is kept as a view in the side bar; renamed, moved and removed, each with Undo."""

from __future__ import annotations

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QLineEdit, QMenu

from app.domain.saved_view import SavedView
from app.ui.inbox.views_list import ViewsList
from app.ui.main_window import MainWindow
from tests.support.ui_fakes import FakeEngine, FakeShop, a_row
from tests.support.ui_frame import button_of


@pytest.fixture
def two(window: MainWindow, shop: FakeShop, until) -> ViewsList:
    """The side bar with two saved views, and the keyboard in it."""
    shop.saved = (
        SavedView(name="Mugs", search="smashed", place=0),
        SavedView(name="Ben", search="ben", place=1),
    )
    window._read_overview()
    views = window.bench.sidebar.views
    until(lambda: "Ben" in _names(views))
    views.setFocus()
    return views


def _names(views: ViewsList) -> list[str]:
    model = views.model()
    lines = (model.index(row, 0).data() for row in range(model.rowCount()))
    return [str(line).split(",")[0] for line in lines]


def _saved(views: ViewsList) -> list[str]:
    return [name for name in _names(views) if name in ("Mugs", "Ben", "Benny", "Mine only")]


def _field(window: MainWindow) -> QLineEdit:
    menu = next(each for each in window.findChildren(QMenu) if each.isVisible())
    (field,) = menu.findChildren(QLineEdit)
    return field


def _go(window: MainWindow, views: ViewsList, name: str) -> None:
    views.go(f"saved:{name}")
    views.setFocus()


def test_what_was_searched_is_kept_under_a_name(
    window: MainWindow, shop: FakeShop, engine: FakeEngine, until
):
    bench = window.bench
    QTest.keyClicks(bench.inbox.search, "smashed")
    until(lambda: bench.inbox.model.rowCount() == 1)
    QTest.mouseClick(button_of(bench.inbox, "Keep"), Qt.MouseButton.LeftButton)
    field = _field(window)
    QTest.keyClicks(field, "Mine only")
    QTest.keyClick(field, Qt.Key.Key_Return)
    until(lambda: "Mine only" in _names(bench.sidebar.views))
    assert window.toast.text == "Kept as Mine only"
    assert ("view_keep", {"name": "Mine only", "search": "smashed"}) in engine.asked


def test_a_saved_view_shows_what_it_finds_with_its_first_issue_selected(
    window: MainWindow, two: ViewsList, until
):
    _go(window, two, "Mugs")
    until(lambda: window.bench.inbox.model.rowCount() == 1)
    until(lambda: window.bench.inbox.view.current_row() is not None)
    assert window.bench.inbox.shown.title == "Mugs"
    assert two.count("saved:Mugs") == 1


def test_it_follows_what_moves(window: MainWindow, two: ViewsList, shop: FakeShop, until):
    _go(window, two, "Mugs")
    until(lambda: window.bench.inbox.model.rowCount() == 1)
    window._changed(shop.put(a_row(60, subject="smashed again", score=1)))
    until(lambda: two.count("saved:Mugs") == 2)


def test_keys_rename_move_and_remove_it_and_undo_brings_it_back(
    window: MainWindow, two: ViewsList, engine: FakeEngine, until
):
    _go(window, two, "Ben")
    QTest.keyClick(two, Qt.Key.Key_Up, Qt.KeyboardModifier.AltModifier)
    until(lambda: _saved(two) == ["Ben", "Mugs"])
    QTest.keyClick(two, Qt.Key.Key_F2)
    field = _field(window)
    assert field.text() == "Ben"
    QTest.keyClicks(field, "Benny")
    QTest.keyClick(field, Qt.Key.Key_Return)
    until(lambda: _saved(two) == ["Benny", "Mugs"])
    assert two.current == "saved:Benny"
    two.setFocus()
    QTest.keyClick(two, Qt.Key.Key_Delete)
    until(lambda: _saved(two) == ["Mugs"])
    assert two.current == "open"
    QTest.mouseClick(button_of(window.toast, "Undo"), Qt.MouseButton.LeftButton)
    until(lambda: _saved(two) == ["Benny", "Mugs"])


def test_a_right_click_offers_the_same(window: MainWindow, two: ViewsList, until):
    index = two.model().index(_names(two).index("Mugs"), 0)
    at = two.visualRect(index).center()
    two.menu_asked.emit("Mugs", two.viewport().mapToGlobal(at))
    menu = next(each for each in window.findChildren(QMenu) if each.isVisible())
    said = [action.text().split("\t")[0] for action in menu.actions()]
    assert said == ["Rename", "Move down", "Remove"]
    menu.close()


def test_an_empty_one_says_what_it_would_find(window: MainWindow, two, shop, until):
    shop.rows = []
    _go(window, two, "Mugs")
    until(lambda: window.bench.inbox.state == "page")
    assert window.bench.inbox.said == "Nothing in Mugs. It finds smashed"
