"""The window fits the screen that it stands on, and its panes give way sensibly."""

from __future__ import annotations

import pytest
from PySide6.QtCore import QRect, QSize
from PySide6.QtWidgets import QWidget

from app.ui import placing
from app.ui.theme import Theme


class OnSmallScreen(QWidget):
    """A window on a screen of a given size, as far as placing asks."""

    def __init__(self, width: int, height: int) -> None:
        super().__init__()
        self._room = QRect(0, 0, width, height)

    def screen(self) -> OnSmallScreen:  # type: ignore[override]
        return self

    def availableGeometry(self) -> QRect:  # noqa: N802 - Qt's name
        return self._room


@pytest.mark.parametrize("size", [(1366, 728), (1024, 600), (1024, 640)])
def test_it_opens_within_a_small_screen_and_may_be_made_to_fit_it(
    qtbot, theme: Theme, size: tuple[int, int]
):
    window = OnSmallScreen(*size)
    qtbot.addWidget(window)
    placing.fit(window, theme)
    assert window.width() <= size[0]
    assert window.height() <= size[1] - 40
    assert window.minimumWidth() <= 1024
    assert window.minimumHeight() <= 560


def test_it_opens_in_its_own_size_where_there_is_room(qtbot, theme: Theme):
    window = OnSmallScreen(1920, 1080)
    qtbot.addWidget(window)
    placing.fit(window, theme)
    assert window.size() == QSize(1360, 860)


def test_a_place_remembered_from_a_larger_screen_is_brought_back_onto_this_one(qtbot):
    window = OnSmallScreen(1366, 728)
    qtbot.addWidget(window)
    window.setGeometry(1200, 600, 1360, 860)
    placing.keep_on_screen(window)
    assert window.screen().availableGeometry().contains(window.frameGeometry())


@pytest.mark.parametrize("width", [916, 930, 1024, 1360, 1920])
def test_the_issue_has_the_most_room_and_nobody_less_than_he_needs(theme: Theme, width: int):
    shared = placing.panes(width, theme)
    assert sum(shared) == width
    assert all(
        each >= least for each, least in zip(shared, placing.least_panes(theme), strict=True)
    )
    assert max(shared) == shared[2]
