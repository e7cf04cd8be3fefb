"""Whether a window can be shown."""

from __future__ import annotations

import pytest

from app.config.desktop import has_screen


@pytest.mark.parametrize("name", ["DISPLAY", "WAYLAND_DISPLAY", "QT_QPA_PLATFORM"])
def test_any_of_the_three_variables_is_a_screen(name):
    """X11, Wayland, or whatever Qt was told to draw on."""
    assert has_screen({name: "x"}, platform="linux")


def test_without_them_there_is_none():
    """A machine without a desktop."""
    assert not has_screen({"HOME": "/root", "DISPLAY": ""}, platform="linux")


@pytest.mark.parametrize("platform", ["win32", "darwin"])
def test_elsewhere_there_always_is_one(platform):
    assert has_screen({}, platform=platform)
