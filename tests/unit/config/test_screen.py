"""Whether a window can be shown."""

from __future__ import annotations

import sys

import pytest

from app.config.desktop import has_screen

pytestmark = pytest.mark.skipif(not sys.platform.startswith("linux"), reason="Linux asks for it")


@pytest.mark.parametrize("name", ["DISPLAY", "WAYLAND_DISPLAY", "QT_QPA_PLATFORM"])
def test_any_of_the_three_variables_is_a_screen(name):
    """X11, Wayland, or whatever Qt was told to draw on."""
    assert has_screen({name: "x"})


def test_without_them_there_is_none():
    """A machine without a desktop."""
    assert not has_screen({"HOME": "/root", "DISPLAY": ""})
