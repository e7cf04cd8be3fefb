"""The rows of the list: large sums and long waits have the room that they need."""

from __future__ import annotations

from datetime import timedelta
from itertools import pairwise
from typing import Any

import pytest
from PySide6.QtCore import QRect

from app.domain.money import Money
from app.ui.disputes.disputes_list import DisputesDelegate, DisputesList
from app.ui.theme import Theme
from tests.support.disputes import TODAY, a_dispute
from tests.support.ui_disputes import a_row


def test_nothing_in_a_row_is_drawn_over_what_stands_beside_it(
    theme: Theme, monkeypatch: pytest.MonkeyPatch
):
    """A dispute in dong has twelve figures, and one that is late for a year has long words."""
    drawn: list[tuple[str, QRect, int]] = []

    def note(self: Any, painter: Any, room: QRect, said: str, tone: str, **more: Any) -> None:
        painter.setFont(theme.font(bold=bool(more.get("bold"))) if more else painter.font())
        drawn.append((said, room, painter.fontMetrics().horizontalAdvance(said)))

    monkeypatch.setattr(DisputesDelegate, "_say", note)
    dispute = a_dispute(amount=Money(123_456_789_012, "VND"), due_at=TODAY - timedelta(days=400))
    shown = DisputesList(theme)
    shown.resize(900, 200)
    shown.show_rows([a_row(1, dispute, TODAY)], TODAY)
    shown.grab()
    (late, *_), (amount, *_), (kind, *_) = drawn[:3]
    assert late.startswith("late")
    assert "VND" in amount
    assert kind.startswith("Chargeback")
    for (_, room, wide), (_, beside, _) in pairwise(drawn[:3]):
        assert room.left() + wide < beside.left()
