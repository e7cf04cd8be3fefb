"""The rows of the list: large sums and long waits have the room that they need."""

from __future__ import annotations

from datetime import timedelta
from itertools import pairwise

from PySide6.QtCore import QRect
from PySide6.QtGui import QFontMetrics
from PySide6.QtWidgets import QStyleOptionViewItem

from app.domain.money import Money
from app.ui.disputes.disputes_list import DisputesList
from app.ui.theme import Theme
from app.ui.tokens import Size
from tests.support.disputes import TODAY, a_dispute
from tests.support.drawn_texts import texts
from tests.support.ui_disputes import a_row


def test_nothing_in_a_row_is_drawn_over_what_stands_beside_it(theme: Theme):
    """A dispute in dong has twelve figures, and one that is late for a year has long words."""
    dispute = a_dispute(amount=Money(123_456_789_012, "VND"), due_at=TODAY - timedelta(days=400))
    shown = DisputesList(theme)
    shown.show_rows([a_row(1, dispute, TODAY)], TODAY)
    option = QStyleOptionViewItem()
    option.rect = QRect(0, 0, 900, theme.row_height)
    index = shown.model().index(0, 0)
    drawn = texts(lambda painter: shown.itemDelegate().paint(painter, option, index))
    late, amount, _, kind = list(drawn)[:4]
    assert late.startswith("late")
    assert "VND" in amount
    assert kind.startswith("Chargeback")
    bold = QFontMetrics(theme.font(Size.TEXT, bold=True))
    for said, beside in pairwise((late, amount, kind)):
        assert drawn[said] + bold.horizontalAdvance(said) < drawn[beside]
