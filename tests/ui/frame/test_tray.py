"""The mark beside the clock: how many urgent issues wait, and the way back to the window."""

from __future__ import annotations

from pathlib import Path

import pytest
from PySide6.QtWidgets import QSystemTrayIcon
from pytestqt.qtbot import QtBot

from app.domain.dispute_tally import DisputeTally
from app.domain.money import Money
from app.domain.views import Overview, View
from app.ui.theme import Theme
from app.ui.tray import Tray, badged


def an_overview(counts: dict[str, int], *to_answer: Money) -> Overview:
    return Overview(counts=counts, health=(), proofs=(), disputes=DisputeTally(to_answer=to_answer))


@pytest.mark.qt_log_ignore("No such signal QPlatformNativeInterface", extend=True)
def test_it_tells_what_is_urgent_and_leads_to_every_way_out(
    theme: Theme, qtbot: QtBot, tmp_path: Path
):
    done: list[str] = []
    tray = Tray(
        theme,
        memory=tmp_path / "window.ini",
        open_window=lambda: done.append("open"),
        sync=lambda: done.append("sync"),
        leave=lambda: done.append("leave"),
        stop=lambda: done.append("stop"),
    )
    tray.show_overview(an_overview({View.URGENT: 5, View.OPEN: 14}, Money(39400, "CHF")))
    assert tray.icon.toolTip().splitlines() == [
        "Frontburner: 5 urgent, 14 open",
        "1 dispute to answer, 394.00 CHF",
    ]
    tray.show_overview(an_overview({}))
    assert tray.icon.toolTip() == "Frontburner: nothing open"
    for action in tray.icon.contextMenu().actions():
        action.trigger()
    tray.icon.activated.emit(QSystemTrayIcon.ActivationReason.Trigger)
    tray.icon.activated.emit(QSystemTrayIcon.ActivationReason.Context)
    assert done == ["open", "sync", "leave", "stop", "open"]
    tray.icon.hide()


def test_the_count_is_on_the_mark_and_only_when_something_is_urgent(theme: Theme, qtbot: QtBot):
    plain, loud = (badged(theme, number).pixmap(64).toImage() for number in (0, 5))
    assert plain != loud
    assert theme.color("burning").name() in {
        loud.pixelColor(x, y).name() for x in range(64) for y in range(64)
    }
