"""With letters of 200 % on a laptop list and issue take turns, and keys do the whole job."""

from __future__ import annotations

import dataclasses

import pytest

from tests.support.program import Program
from tests.support.window import Desktop, Window, opened

pytestmark = [pytest.mark.servers, pytest.mark.xdist_group("window")]


def _shows_list(window: Window) -> bool:
    return window.find("Issues", role="table") is not None


def test_at_200_percent_one_reads_answers_and_comes_back(sample_shop: Program, desk: Desktop):
    large = {**sample_shop.environment, "QT_SCALE_FACTOR": "2"}
    with opened(dataclasses.replace(sample_shop, environment=large), desk) as window:
        window.wait_for("Issues", role="table")
        assert window.find("Reply", role="text") is None, "only the list has room"
        window.press("Return")
        window.wait_for("Subject: ")
        assert not _shows_list(window)
        window.press("r")
        window.wait_for_focus("Reply")
        window.wait_for("Send reply")
        window.write("Thank you")
        window.wait_for_text("Reply", "Thank you")
        window.press("Escape")
        window.wait(lambda: _shows_list(window), what="the list is back")
        window.press("j", "Return")
        window.wait_for("Back to the list")
        window.tab_to("Back to the list")
        window.press("space")
        window.wait(lambda: _shows_list(window), what="the list is back")
