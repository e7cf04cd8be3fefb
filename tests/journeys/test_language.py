"""Frontburner speaks its owner's language: the desktop's, or the one that is chosen."""

from __future__ import annotations

import dataclasses

import pytest

from tests.support.program import Program
from tests.support.window import Desktop, opened

pytestmark = [pytest.mark.servers, pytest.mark.xdist_group("window")]


def test_another_language_is_chosen_and_the_window_comes_again_in_it(
    sample_shop: Program, desk: Desktop
):
    """By keyboard, in the settings; what the engine says from then on is in it as well."""
    with opened(sample_shop, desk) as window:
        window.wait_for("Issues", role="table")
        window.press("ctrl+comma")
        window.wait_for_words("Language of Frontburner")
        window.tab_to("As the desktop has it")  # Qt calls a choice by its value
        window.press("d")
        window.wait_for("Fälle", role="table")
        window.wait_for_words("Dringend")
    (refused,) = [sample_shop.run("settings", "undo_seconds=500").stderr]
    assert "ganze Zahl" in refused


def test_on_a_german_desktop_it_is_german_from_the_start(sample_shop: Program, desk: Desktop):
    """Without anything chosen; the engine's sentences too."""
    spoken = {**sample_shop.environment, "LC_ALL": "", "LANG": "de_DE.UTF-8"}
    german = dataclasses.replace(sample_shop, environment=spoken)
    with opened(german, desk) as window:
        window.wait_for("Fälle", role="table")
