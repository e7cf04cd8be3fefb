"""The mark beside the clock: how many urgent issues wait, and the way back to the window."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime
from functools import partial
from pathlib import Path
from typing import Any

import pytest
from PySide6.QtCore import QTimer
from PySide6.QtWidgets import QSystemTrayIcon
from pytestqt.qtbot import QtBot

from app.domain.dispute_tally import DisputeTally
from app.domain.money import Money
from app.domain.reply import OutboxState
from app.domain.views import Overview, ReplyView, View
from app.ui.theme import Theme
from app.ui.tray import Tray, badged

NOW = datetime(2026, 11, 23, 9, tzinfo=UTC)


def an_overview(counts: dict[str, int], *to_answer: Money) -> Overview:
    return Overview(counts=counts, health=(), proofs=(), disputes=DisputeTally(to_answer=to_answer))


def a_reply(**how: Any) -> ReplyView:
    given = {
        "id": 1, "issue_key": "i1_a", "state": OutboxState.QUEUED, "body": "", "recipients": (),
        "created_at": NOW, "not_before": NOW, "message_id": "<1@x>",
    }  # fmt: skip
    return ReplyView(**{**given, **how})


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


@pytest.mark.qt_log_ignore("No such signal QPlatformNativeInterface", extend=True)
@pytest.mark.parametrize("insists", [True, False])
def test_to_stop_the_watch_is_asked_about_where_a_reply_would_stay_behind(
    theme: Theme, qtbot: QtBot, tmp_path: Path, insists: bool
):
    """One that counts down leaves all the same; one for tomorrow once stayed without a word."""
    done: list[str] = []
    asked: list[int] = []

    def ask(waiting: int) -> bool:
        asked.append(waiting)
        return insists

    nothing = partial(done.append, "other")
    tray = Tray(
        theme, memory=tmp_path / "window.ini", open_window=nothing, sync=nothing, leave=nothing,
        stop=lambda: done.append("stop"), insists=ask,
    )  # fmt: skip
    *_, stop = tray.icon.contextMenu().actions()
    counting, planned, stuck = (
        a_reply(),
        a_reply(scheduled=True),
        a_reply(tried_since=NOW),
    )
    tray.show_overview(replace(an_overview({}), replies=(counting,)))
    stop.trigger()
    assert (done, asked) == (["stop"], [])
    tray.show_overview(replace(an_overview({}), replies=(counting, planned, stuck)))
    stop.trigger()
    assert asked == [2]
    assert done == (["stop", "stop"] if insists else ["stop"])
    tray.icon.hide()


def test_the_count_is_on_the_mark_and_only_when_something_is_urgent(theme: Theme, qtbot: QtBot):
    plain, loud = (badged(theme, number).pixmap(64).toImage() for number in (0, 5))
    assert plain != loud
    assert theme.color("burning").name() in {
        loud.pixelColor(x, y).name() for x in range(64) for y in range(64)
    }


@pytest.mark.qt_log_ignore("No such signal QPlatformNativeInterface", extend=True)
def test_an_engine_that_does_not_come_back_is_told_beside_the_clock(
    theme: Theme, qtbot: QtBot, tmp_path: Path
):
    """The window with its banner may be out of sight for weeks, and the mark once looked well."""
    nothing = partial(print, end="")
    tray = Tray(
        theme, memory=tmp_path / "window.ini", open_window=nothing, sync=nothing, leave=nothing,
        stop=nothing,
    )  # fmt: skip
    tray.show_overview(an_overview({View.URGENT: 5, View.OPEN: 14}))
    well = tray.icon.icon().pixmap(64).toImage()
    tray.show_watch(False)
    assert tray.icon.toolTip().splitlines() == [
        "The engine stopped and is being started again.",
        "Frontburner: 5 urgent, 14 open",
    ]
    assert tray.icon.icon().pixmap(64).toImage() != well
    (patience,) = tray.findChildren(QTimer)
    assert patience.isActive()
    tray.show_watch(True)
    assert not patience.isActive()
    assert tray.icon.toolTip() == "Frontburner: 5 urgent, 14 open"
    assert tray.icon.icon().pixmap(64).toImage() == well
    tray.icon.hide()
