"""The scripted owner's hour: issue after issue of the sample shop, read, answered with a template
and sent, by real keys; what it takes is counted."""

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

MOST_KEYS, LEAST_SENT = 6, 12
BEGIN, SEND, NEXT = ("alt+1",), ("ctrl+Return",), ("Escape", "j")


def title(window: Window) -> str:
    shown = window.find("Subject: ")
    return shown.name if shown else ""


def test_an_issue_takes_at_most_six_keystrokes(sample_shop: Program, desk: Desktop, tmp_path: Path):
    """From the top of the list to its end: template, send, next. What a template leaves open is
    refused, and passed over here; everything else leaves, each after so few keys, and none waits
    longer for the window than a person would."""
    sample_shop.do("settings", "undo_seconds=120")
    sent: list[float] = []
    seen: list[str] = []
    with opened(sample_shop, desk) as window:
        window.wait_for("Issues", role="table")
        window.wait_for("Reply", role="text")
        desk.pop_ups.close_all()
        while title(window) not in seen:
            seen.append(title(window))
            began = time.monotonic()
            window.press(*BEGIN)
            window.wait(lambda: len(window.text("Reply")) > 40, what="the template is in")
            window.press(*SEND)
            window.wait(lambda: is_settled(window), what="it is sent, or it says why not")
            if window.find("Sending in"):
                sent.append(time.monotonic() - began)
            window.press(*NEXT)
            moved = time.monotonic() + 15  # at the end of the list there is no next
            while title(window) in ("", seen[-1]) and time.monotonic() < moved:
                time.sleep(0.1)
        window.picture(tmp_path / "pictures" / "after.png")
        window.close()
    assert len(BEGIN + SEND + NEXT) <= MOST_KEYS
    assert len(seen) > LEAST_SENT
    assert len(sent) >= LEAST_SENT
    print(f"{len(sent)} of {len(seen)} sent, {sorted(sent)[len(sent) // 2]:.1f} s each")  # noqa: T201


def is_settled(window: Window) -> bool:
    """Whether what was asked to be sent counts down, or stands there with what is in its way."""
    return bool(window.find("Sending in") or window.text("Reply"))
