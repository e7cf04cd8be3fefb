"""The views: where am I; the largest kinds in view, the others behind one line."""

from __future__ import annotations

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from pytestqt.qtbot import QtBot

from app.domain.assessment import Kind
from app.domain.views import View
from app.ui.inbox.views_list import DISPUTES, ViewsList
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
    assert said[10] == "5 more kinds …"
    assert [int(each.rsplit(" ", 1)[1]) for each in said[2:10]] == [6, 7, 8, 9, 10, 11, 12, 13]


def test_an_empty_kind_has_no_line(views: ViewsList):
    views.set_counts({View.OPEN: 1, Kind.LATE: 1})
    assert [each for each in _said(views) if each.startswith(("Late", "Damaged"))] == ["Late, 1"]


def test_a_click_or_enter_unfolds_and_an_arrow_does_not(views: ViewsList):
    chosen: list[str] = []
    views.chosen.connect(chosen.append)
    views.setCurrentIndex(views.model().index(10, 0))
    assert len(_said(views)) == 15
    QTest.keyClick(views, Qt.Key.Key_Return)
    assert "Fewer kinds" in _said(views)
    assert len(_said(views)) == 20
    line = views.visualRect(views.model().index(_said(views).index("Fewer kinds"), 0))
    QTest.mouseClick(views.viewport(), Qt.MouseButton.LeftButton, pos=line.center())
    assert len(_said(views)) == 15
    assert chosen == []


def test_the_kind_that_is_shown_is_never_folded_away(views: ViewsList):
    views.go(str(_KINDS[0]))
    assert f"{_said(views)[2]}" == "Damaged, 1"


def test_disputes_and_the_issues_about_them_stand_together_under_two_names(theme, qtbot):
    """The page tells what providers know, the other line what mails are about."""
    views = ViewsList(theme)
    qtbot.addWidget(views)
    views.set_counts({DISPUTES: 3, Kind.DISPUTE: 6, Kind.LATE: 2, View.OPEN: 9})
    model = views.model()
    names = [model.index(row, 0).data() for row in range(model.rowCount())]
    at = names.index("Disputes, 3")
    assert names[at + 1] == "Issues about disputes, 6"
    assert len([name for name in names if "ispute" in name]) == 2
