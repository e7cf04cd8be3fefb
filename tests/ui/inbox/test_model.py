"""The list's model: ids in SQL's order, rows by the page, patches instead of resets."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from hypothesis import given
from hypothesis import strategies as st
from PySide6.QtCore import QPersistentModelIndex, Qt
from pytestqt.qtbot import QtBot

from app.domain.views import InboxRow
from app.ui.inbox.model import KEPT_ROWS, PAGE, RESET_ABOVE, ROW, InboxModel
from tests.support.ui_fakes import a_row


class Shelf:
    """Rows by number; remembers what was fetched."""

    def __init__(self) -> None:
        self.gone: set[int] = set()
        self.changed: dict[int, InboxRow] = {}
        self.fetched: list[tuple[int, ...]] = []

    def fetch(self, numbers: Sequence[int]) -> list[InboxRow]:
        self.fetched.append(tuple(numbers))
        return [self.changed.get(n, a_row(n)) for n in numbers if n not in self.gone]


def _model(shelf: Shelf, ids: Sequence[int]) -> InboxModel:
    model = InboxModel(fetch=shelf.fetch, spoken=lambda row: row.subject)
    model.show(ids)
    return model


def _row(model: InboxModel, position: int) -> InboxRow:
    row = model.row_at(position)
    assert row is not None
    return row


def test_it_keeps_the_rules_of_qts_models(qtmodeltester, qtbot: QtBot):
    model = _model(Shelf(), range(1, 40))
    qtmodeltester.check(model)
    model.arrange([5, 4, 90, 7])
    model.take_out([4])


def test_rows_are_read_by_the_page_when_they_are_looked_at():
    shelf = Shelf()
    model = _model(shelf, range(1, 100_001))
    assert shelf.fetched == []
    assert _row(model, 70_000).id == 70_001
    assert len(shelf.fetched) == 1
    assert len(shelf.fetched[0]) == PAGE
    for position in range(69_998, 69_998 + PAGE):
        model.row_at(position)
    assert len(shelf.fetched) == 1, "a jump reads what stands below, and a little above"


def test_what_is_not_looked_at_is_let_go():
    shelf = Shelf()
    model = _model(shelf, range(1, 100_001))
    for position in range(0, 20_000, PAGE):
        model.row_at(position)
    assert len(model._rows) <= KEPT_ROWS


def test_an_issue_that_is_gone_is_no_row_and_no_error():
    shelf = Shelf()
    shelf.gone = {2}
    model = _model(shelf, [1, 2, 3])
    assert model.data(model.index(1, 0), ROW) is None
    assert model.data(model.index(2, 0), ROW).id == 3


def test_a_screen_reader_gets_words():
    model = _model(Shelf(), [1])
    said = model.data(model.index(0, 0), int(Qt.ItemDataRole.AccessibleTextRole))
    assert said == "Mug 1 arrived smashed"


def test_only_what_moved_is_drawn_anew(qtbot: QtBot):
    shelf = Shelf()
    model = _model(shelf, [1, 2, 3])
    before = _row(model, 1)
    shelf.changed[2] = replace(a_row(2), subject="Now urgent")
    with qtbot.waitSignal(model.dataChanged) as drawn:
        model.refresh([2])
    assert drawn.args[0].row() == drawn.args[1].row() == 1
    assert (before.subject, _row(model, 1).subject) == ("Mug 2 arrived smashed", "Now urgent")


def test_a_change_of_many_rows_is_one_reset_and_of_few_is_none(qtbot: QtBot):
    model, resets = _model(Shelf(), range(1, 200)), []
    model.modelReset.connect(lambda: resets.append(1))
    model.arrange([*range(900, 900 + RESET_ABOVE), *range(1, 200)])
    assert resets == []
    model.arrange(range(1, 200 - RESET_ABOVE))
    assert resets == [1]


def test_what_the_owner_did_lies_over_the_row_until_it_is_read_again():
    model = _model(Shelf(), [1, 2])
    model.lay_over_all([replace(a_row(1), unseen=False)])
    assert _row(model, 0).unseen is False
    model.refresh([1])
    assert _row(model, 0).unseen is True


def test_taking_out_leaves_the_others():
    model = _model(Shelf(), [1, 2, 3])
    model.take_out([2])
    model.take_out([77])
    assert list(model.ids) == [1, 3]


numbers = st.lists(st.integers(1, 40), unique=True, max_size=30)


@given(before=numbers, after=numbers)
def test_any_list_becomes_any_other_and_marks_stay_on_their_issues(before, after):
    model = _model(Shelf(), before)
    marks = {number: QPersistentModelIndex(model.index(at, 0)) for at, number in enumerate(before)}
    model.arrange(after)
    assert list(model.ids) == after
    for number, mark in marks.items():
        assert mark.isValid() == (number in after)
        if mark.isValid():
            assert after[mark.row()] == number
