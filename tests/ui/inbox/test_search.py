"""The search field offers how a search may go on, and says what it does not understand."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from pytestqt.qtbot import QtBot

from app.domain.views import View
from app.ui.inbox.pane import InboxPane
from app.ui.inbox.search import SearchField
from app.ui.reader import Reader
from app.ui.theme import Theme
from tests.support.ui_fakes import FakeClock, FakeQueries


@pytest.fixture
def pane(
    qtbot: QtBot, queries: FakeQueries, reader: Reader, theme: Theme, clock: FakeClock, until
) -> Iterator[InboxPane]:
    made = InboxPane(queries=queries, reader=reader, theme=theme, clock=clock)
    qtbot.addWidget(made)
    made.resize(460, 700)
    with qtbot.waitActive(made):
        made.show()
        made.activateWindow()
    made.show_view(View.OPEN)
    until(lambda: made.model.rowCount() == 14)
    yield made
    reader.stop()


@pytest.fixture
def field(pane: InboxPane, until) -> SearchField:
    """The field of the pane, with the keyboard."""
    pane.search.setFocus()
    until(pane.search.hasFocus)
    return pane.search


def _offered(field: SearchField) -> list[str]:
    return [choice.words for choice in field.completions.list.choices]


def test_an_empty_field_shows_what_can_be_asked(field: SearchField):
    field.begin()
    assert field.completions.isVisible()
    assert {"is:", "due:", "kind:", "from:", "amount:"} <= set(_offered(field))


def test_tab_takes_the_first_offer_and_then_its_values_follow(field: SearchField):
    QTest.keyClicks(field, "du")
    QTest.keyClick(field, Qt.Key.Key_Tab)
    assert field.text() == "due:"
    assert "due:<2h" in _offered(field)
    QTest.keyClick(field, Qt.Key.Key_Down)
    QTest.keyClick(field, Qt.Key.Key_Return)
    assert field.text() == "due:<2h "
    assert not field.completions.isVisible()
    assert field.hasFocus()


def test_people_are_offered_by_their_names_and_a_click_takes_one(field: SearchField):
    QTest.keyClicks(field, "from:be")
    offers = field.completions.list
    assert _offered(field) == ['from:"Ben Costa"']
    QTest.mouseClick(
        offers.viewport(),
        Qt.MouseButton.LeftButton,
        pos=offers.visualRect(offers.model().index(0, 0)).center(),
    )
    assert field.text() == 'from:"Ben Costa" '


def test_escape_closes_the_offers_first_and_ends_the_search_then(field: SearchField):
    QTest.keyClicks(field, "ki")
    QTest.keyClick(field, Qt.Key.Key_Escape)
    assert (field.text(), field.completions.isVisible()) == ("ki", False)
    QTest.keyClick(field, Qt.Key.Key_Escape)
    assert field.text() == ""


def test_enter_goes_to_what_was_found_although_something_is_offered(
    pane: InboxPane, field: SearchField, until
):
    QTest.keyClicks(field, "k")
    assert field.completions.isVisible()
    QTest.keyClick(field, Qt.Key.Key_Return)
    until(pane.view.hasFocus)
    assert not field.completions.isVisible()


def test_what_is_not_understood_is_said_in_one_sentence(pane: InboxPane, field: SearchField, until):
    QTest.keyClicks(field, "due:soon")
    until(lambda: pane.state == "page")
    assert pane.said == ("Not understood due: wants a span such as <2h, >3d, today or overdue")


def test_half_an_operator_leaves_the_list_as_it_is(pane: InboxPane, field: SearchField, until):
    QTest.keyClicks(field, "Ben")
    until(lambda: pane.model.rowCount() == 1)
    QTest.keyClicks(field, " kind:")
    QTest.qWait(120)
    assert (pane.state, pane.model.rowCount()) == ("list", 1)


def test_every_offer_is_named_for_who_does_not_see_it(field: SearchField):
    QTest.keyClicks(field, "du")
    model = field.completions.list.model()
    spoken = model.index(0, 0).data(Qt.ItemDataRole.AccessibleTextRole)
    assert spoken == "due:, how long is left"
