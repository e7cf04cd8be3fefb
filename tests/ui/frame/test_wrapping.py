"""A row that goes on in the next line: nothing is cut, and what expands takes what is left."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from PySide6.QtWidgets import QLineEdit, QPushButton, QWidget
from pytestqt.qtbot import QtBot

from app.ui.issue.parts import clear
from app.ui.widgets.wrapping import Wrapping

Make = Callable[..., tuple[QWidget, Wrapping]]


@pytest.fixture
def in_a_row(qtbot: QtBot, theme) -> Make:
    """A widget of this width in which these stand."""

    def make(width: int, *items: QWidget) -> tuple[QWidget, Wrapping]:
        holder, row = QWidget(), Wrapping(*items)
        holder.setLayout(row)
        qtbot.addWidget(holder)
        holder.resize(width, row.heightForWidth(width))
        holder.show()
        return holder, row

    return make


def _fixed(width: int) -> QPushButton:
    made = QPushButton("x")
    made.setFixedSize(width, 30)
    return made


def test_with_room_all_stand_on_one_line(in_a_row: Make):
    items = [_fixed(100) for _ in range(3)]
    holder, _ = in_a_row(400, *items)
    assert [item.x() for item in items] == [0, 108, 216]
    assert holder.height() == 30


def test_what_does_not_fit_stands_on_the_next_line(in_a_row: Make):
    items = [_fixed(100) for _ in range(3)]
    holder, _ = in_a_row(220, *items)
    assert [(item.x(), item.y()) for item in items] == [(0, 0), (108, 0), (0, 38)]
    assert (holder.height(), holder.minimumSizeHint().width()) == (68, 100)


def test_a_field_takes_what_its_line_leaves_and_all_of_one_of_its_own(in_a_row: Make):
    field = QLineEdit()
    field.setMinimumWidth(150)
    holder, _ = in_a_row(400, _fixed(100), field)
    assert (field.x(), field.width()) == (108, 292)
    holder.resize(200, 200)
    assert (field.x(), field.width()) == (0, 200)


def test_what_is_hidden_takes_no_room_and_what_is_cleared_is_gone(in_a_row: Make):
    gone = _fixed(100)
    _, row = in_a_row(400, gone, _fixed(100))
    gone.hide()
    assert row.sizeHint().width() == 100
    clear(row)
    assert (row.count(), row.heightForWidth(400)) == (0, 0)
