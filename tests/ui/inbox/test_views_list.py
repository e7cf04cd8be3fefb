"""The views: where am I; the largest kinds in view, the others behind one line."""

from __future__ import annotations

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from pytestqt.qtbot import QtBot

from app.domain.assessment import Kind
from app.domain.views import View
from app.ui.inbox.views_list import DISPUTES, SAVED, ViewsList
from app.ui.theme import Theme

_KINDS = [kind for kind in Kind if kind is not Kind.NOT_AN_ISSUE]
COUNTS = {str(kind): number for number, kind in enumerate(_KINDS, 1)} | {View.OPEN: 91}


@pytest.fixture
def views(qtbot: QtBot, theme: Theme) -> ViewsList:
    made = ViewsList(theme)
    qtbot.addWidget(made)
    made.resize(200, 900)
    made.show()
    made.set_counts(COUNTS)
    return made


def _said(views: ViewsList) -> list[str]:
    model = views.model()
    return [
        str(model.index(at, 0).data(Qt.ItemDataRole.DisplayRole)) for at in range(model.rowCount())
    ]


def test_kinds_beyond_eight_are_folded_away_and_the_largest_stay(views: ViewsList):
    said = _said(views)
    assert said[-1] == "5 more kinds …"
    assert [int(each.rsplit(" ", 1)[1]) for each in said[-9:-1]] == [6, 7, 8, 9, 10, 11, 12, 13]


def test_the_views_stand_still_before_what_comes_and_goes_under_its_heading(views: ViewsList):
    views.set_saved({f"{SAVED}Big orders": 3})
    heard = [each.split(",")[0] for each in _said(views)]
    assert heard[:6] == ["Urgent", "Open", "Waiting", "Snoozed", "Done", "Not an issue"]
    assert heard[6:9] == ["Saved views", "Big orders", "Kinds"]


def test_a_heading_without_anything_under_it_is_not_there(views: ViewsList):
    views.set_counts({View.OPEN: 3})
    assert _said(views)[-1].startswith("Not an issue")


def test_a_heading_is_passed_over_by_the_arrows_and_chosen_by_no_click(views: ViewsList):
    chosen: list[str] = []
    views.chosen.connect(chosen.append)
    heading = _said(views).index("Kinds")
    views.go(View.NOISE)
    QTest.keyClick(views, Qt.Key.Key_Down)
    first_kind = str(views.model().index(heading + 1, 0).data(Qt.ItemDataRole.UserRole))
    assert chosen == [View.NOISE, first_kind]
    QTest.keyClick(views, Qt.Key.Key_Up)
    line = views.visualRect(views.model().index(heading, 0))
    QTest.mouseClick(views.viewport(), Qt.MouseButton.LeftButton, pos=line.center())
    assert chosen[2:] == [View.NOISE]
    assert views.current == View.NOISE


def test_an_empty_kind_has_no_line(views: ViewsList):
    views.set_counts({View.OPEN: 1, Kind.LATE: 1})
    assert [each for each in _said(views) if each.startswith(("Late", "Damaged"))] == ["Late, 1"]


def test_a_click_or_enter_unfolds_and_an_arrow_does_not(views: ViewsList):
    chosen: list[str] = []
    views.chosen.connect(chosen.append)
    folded = len(_said(views))
    views.setCurrentIndex(views.model().index(folded - 1, 0))
    assert len(_said(views)) == folded
    QTest.keyClick(views, Qt.Key.Key_Return)
    assert "Fewer kinds" in _said(views)
    assert len(_said(views)) == folded + 5
    line = views.visualRect(views.model().index(_said(views).index("Fewer kinds"), 0))
    QTest.mouseClick(views.viewport(), Qt.MouseButton.LeftButton, pos=line.center())
    assert len(_said(views)) == folded
    assert chosen == []


def test_the_kind_that_is_shown_is_never_folded_away(views: ViewsList):
    views.go(str(_KINDS[0]))
    assert "Damaged, 1" in _said(views)


def test_disputes_and_the_issues_about_them_go_by_two_names(views: ViewsList):
    """The page tells what providers know; the other, among the kinds, what mails are about."""
    views.set_counts({DISPUTES: 3, Kind.DISPUTE: 6, Kind.LATE: 2, View.OPEN: 9})
    said = _said(views)
    assert said.index("Disputes, 3") < said.index("Kinds") < said.index("Chargeback threats, 6")
    assert len([name for name in said if "ispute" in name]) == 1
