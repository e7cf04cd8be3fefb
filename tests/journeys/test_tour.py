"""The tour on the sample shop, by real keys: each step is done, and everything is as it was."""

from __future__ import annotations

import time
from pathlib import Path

import pytest

from tests.support.program import Program
from tests.support.window import Desktop, Window, opened

pytestmark = [
    pytest.mark.servers,
    pytest.mark.xdist_group("window"),
    pytest.mark.timeout(300),
]


def step(window: Window, number: int) -> None:
    window.wait_for(f"Tour: {number} of 6")


def test_a_newcomer_is_shown_around_by_doing(sample_shop: Program, desk: Desktop, tmp_path: Path):
    """Offered at the first start, begun with a key, six things done; nothing remains of them but
    a draft, and the tour is not offered again."""
    before = {row["key"]: (row["kind"], row["state"]) for row in sample_shop.inbox()}
    with opened(sample_shop, desk) as window:
        window.wait_for("Tour: New here?")
        desk.pop_ups.close_all()
        window.wait_for("Unfold the reasons")
        window.tab_to("Show me around", back=True)
        window.press("space")
        step(window, 1)
        window.press("Return")
        step(window, 2)
        window.tab_to("Unfold the reasons")
        window.press("space")
        step(window, 3)
        window.picture(tmp_path / "pictures" / "third.png")
        window.press("alt+1")
        step(window, 4)
        window.press("Escape", "s")
        time.sleep(0.5)  # a menu is a window of its own, which cannot be read
        window.press("Return")
        step(window, 5)
        window.tab_to("Change what it is about")
        window.press("space")
        time.sleep(0.5)
        window.press("Down", "Return")
        step(window, 6)
        window.press("Escape", "u")
        window.wait_for("Tour: That was all of it")
        window.press("u")
        window.wait_for_words("Taken back. Snoozed")
        window.tab_to("Close the tour", back=True)
        window.press("space")
        window.wait(lambda: not window.find("Tour: "), what="the tour is out of the way")
        window.close()
    after = {row["key"]: (row["kind"], row["state"]) for row in sample_shop.inbox()}
    assert after == before
    with opened(sample_shop, desk) as window:
        window.wait_for("Unfold the reasons")
        assert window.find("Tour: ") is None
        window.press("ctrl+k")
        window.write("show me around")
        window.press("Return")
        step(window, 1)
        window.close()
