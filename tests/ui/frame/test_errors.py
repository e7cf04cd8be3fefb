"""The one door: the world's errors are said each time, a bug once."""

from __future__ import annotations

import logging

from app.domain.errors import KnownError
from app.ui.errors import ErrorDoor
from tests.support.ui_fakes import a_failure


def _break() -> None:
    raise ZeroDivisionError("ours")


def test_a_known_error_is_said_each_time(qtbot):
    door = ErrorDoor()
    heard: list[KnownError] = []
    door.known.connect(heard.append)
    door.show(a_failure())
    door.show(a_failure())
    assert all(isinstance(error, KnownError) for error in heard)
    assert len(heard) == 2


def test_a_bug_is_said_once_and_logged_whole_each_time(qtbot, caplog):
    door = ErrorDoor()
    reports: list[str] = []
    door.bug.connect(reports.append)
    with caplog.at_level(logging.ERROR, logger="frontburner.window"):
        for _ in range(3):
            try:
                _break()
            except ZeroDivisionError as error:
                door.show(error)
    assert len(reports) == 1
    assert "_break" in reports[0]
    assert len(caplog.records) == 3
