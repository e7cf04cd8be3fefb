"""The keys are named as they are on the keyboard before which somebody sits."""

from __future__ import annotations

from app.config.desktop import command_key
from app.ui.shortcuts import on_this_keyboard


def test_on_a_mac_the_command_key_is_named() -> None:
    """Qt has it do there what Ctrl does elsewhere: who read "Ctrl+Enter" pressed Control, and
    nothing was sent."""
    mac = command_key(platform="darwin")
    assert on_this_keyboard("Send reply   Ctrl+Enter", key=mac) == "Send reply   ⌘+Enter"
    assert on_this_keyboard("J  or  ↓", key=mac) == "J  or  ↓"
    for other in ("linux", "win32"):
        assert on_this_keyboard("Ctrl K", key=command_key(platform=other)) == "Ctrl K"
