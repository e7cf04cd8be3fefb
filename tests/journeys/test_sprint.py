"""A sprint by real keys that come without a pause, over a real engine."""

from __future__ import annotations

import time
from pathlib import Path

import pytest

from tests.support.program import Program
from tests.support.window import Desktop, Window, opened

pytestmark = [
    pytest.mark.servers,
    pytest.mark.xdist_group("window"),
    pytest.mark.timeout(900),
]

_TIMES = 15


def test_what_is_taken_back_at_once_is_in_view(sample_shop: Program, desk: Desktop, tmp_path: Path):
    """Done and Undo in one breath, again and again: it is always the same issue that is shown."""
    with opened(sample_shop, desk) as window:
        window.wait_for("Unfold the reasons")
        desk.pop_ups.close_all()
        window.press("f")
        window.wait_for("One issue at a time")
        first = title(window)
        shown = [after_done_and_undo(window) for _ in range(_TIMES)]
        window.picture(tmp_path / "sprint.png")
        window.press("e", "z", "e")
        window.wait(lambda: title(window) not in (first, ""), what="the next one comes")
        window.close()
    assert shown == [first] * _TIMES
    done = [f"Subject: {row['subject']}" for row in sample_shop.inbox("done")]
    assert first in done


def after_done_and_undo(window: Window) -> str:
    """What is shown once the engine has told of both."""
    window.press("e", "z")
    time.sleep(0.5)  # a change is read 50 ms after it was told
    window.wait(lambda: title(window), what="an issue is shown")
    return title(window)


def title(window: Window) -> str:
    """The subject of the issue in view."""
    shown = window.find("Subject: ")
    return shown.name if shown else ""
