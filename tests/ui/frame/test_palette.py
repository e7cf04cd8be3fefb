"""Ctrl+K: a few letters name anything that the window can do, and its key is learnt by the way."""

from __future__ import annotations

import subprocess
import sys
import time
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest

from app.domain.saved_view import SavedView
from app.domain.views import View
from app.ui.main_window import MainWindow
from app.ui.palette.likeness import likeness
from app.ui.palette.palette import Palette
from app.ui.shortcuts import KEYS
from tests.support.ui_fakes import FakeEngine, FakeShop, a_row
from tests.support.ui_frame import Make, StandInPages, current

_SETTINGS = [{"name": "quiet_hours", "label": "Quiet hours", "help": "Nothing rings then."}]


@pytest.fixture
def palette(window: MainWindow, engine: FakeEngine, until) -> Palette:
    """Opened by its key, over the list."""
    engine.answers["settings"] = {"settings": _SETTINGS}
    window.bench.inbox.view.setFocus()
    until(lambda: window.bench.shown_key != "")
    _open(window)
    until(lambda: any(one.words.startswith("Setting:") for one in _all(window)))
    until(lambda: any(one.words.startswith("Reply with") for one in _all(window)))
    return window.palette_card


def _open(window: MainWindow) -> None:
    QTest.keyClick(window, Qt.Key.Key_K, Qt.KeyboardModifier.ControlModifier)
    assert window.palette_card.isVisible()


def _all(window: MainWindow):
    return window.palette_card._commands


def _first(palette: Palette) -> tuple[str, str]:
    choice = palette.list.choices[0]
    return choice.words, choice.detail


def _run(palette: Palette, typed: str) -> None:
    palette.field.clear()
    QTest.keyClicks(palette.field, typed)
    QTest.keyClick(palette.field, Qt.Key.Key_Return)


@pytest.mark.parametrize(
    ("typed", "page"),
    [
        ("your data", "Your data"),
        ("export", "Your data"),
        ("holidays", "Working hours"),
        ("escalation", "Who is told"),
        ("settings promises", "Promises"),
    ],
)
def test_a_page_of_the_settings_is_found_by_what_one_looks_for_there(
    palette: Palette, pages: StandInPages, typed: str, page: str
):
    _run(palette, typed)
    assert pages.settings is not None
    assert pages.settings.pages == [page]


def test_every_key_of_the_sheet_is_there_with_its_key_beside_it(palette: Palette):
    shown = {(one.words.removeprefix("Go to "), one.keys) for one in palette._commands}
    left_out = {"palette", "sort 1", "leave"}
    for key in KEYS:
        if key.shown and key.act not in left_out:
            assert (key.words, key.shown) in shown


def test_views_saved_views_settings_templates_and_searches_are_there(
    window: MainWindow, palette: Palette, shop: FakeShop, until
):
    said = {one.words for one in palette._commands}
    assert {"Go to Late", "Go to Mine", "Setting: Quiet hours", "Appearance: Dark"} <= said
    assert "Reply with: Damaged: replacement and apology" in said
    assert "Search: how long is left" in said
    shop.saved = (SavedView(name="Mugs", search="mugs"),)
    window._read_overview()
    until(lambda: window.bench.saved.names == ("Mugs",))
    palette.close_up()
    _open(window)
    assert "Go to Mugs" in {one.words for one in palette._commands}


@pytest.mark.parametrize(
    ("typed", "words"),
    [
        ("snz", "Snooze"),
        ("go wai", "Go to Waiting"),
        ("dark", "Appearance: Dark"),
        ("critical", "How bad: Critical"),
        ("quiet", "Setting: Quiet hours"),
        ("damaged apology", "Reply with: Damaged: replacement and apology"),
        ("shortcuts", "These keys"),
    ],
)
def test_a_few_letters_find_it(palette: Palette, typed: str, words: str):
    QTest.keyClicks(palette.field, typed)
    assert _first(palette)[0] == words


def test_enter_does_it_and_the_keyboard_is_back_where_it_was(
    window: MainWindow, palette: Palette, engine: FakeEngine, until
):
    _run(palette, "acknowl")
    assert not palette.isVisible()
    until(lambda: ("acknowledge", {"key": a_row(1).key}) in engine.asked)
    assert window.bench.inbox.view.hasFocus()


def test_a_kind_a_setting_and_a_template_reach_what_they_name(
    window: MainWindow, palette: Palette, engine: FakeEngine, pages: StandInPages, until
):
    _run(palette, "about late")
    until(lambda: ("override", {"key": a_row(1).key, "kind": "late"}) in engine.asked)
    _open(window)
    until(lambda: any(one.words.startswith("Reply with") for one in _all(window)))
    _run(palette, "damaged apology")
    assert "template damaged/replacement en" in pages.panel.told


@pytest.mark.parametrize(
    ("typed", "act"),
    [
        ("note", "note"),
        ("tag", "tag"),
        ("merge", "merge"),
        ("split", "split"),
        ("false alarm", "ringing"),
        ("escalate", "tell"),
    ],
)
def test_what_stands_in_the_menus_of_the_issue_is_found_by_its_name(
    palette: Palette, pages: StandInPages, typed: str, act: str
):
    """Everything that can be done, and not only what has a key."""
    _run(palette, typed)
    assert pages.panel.told[-1] == f"act {act}"


def test_what_is_impossible_now_says_why_and_does_nothing(
    window: MainWindow, palette: Palette, until
):
    QTest.keyClicks(palette.field, "undo")
    assert _first(palette) == ("Undo", "nothing was done yet")
    QTest.keyClick(palette.field, Qt.Key.Key_Return)
    assert palette.isVisible()
    assert window.toast.text == ""


def test_what_was_done_last_comes_first_and_is_known_the_next_time(
    window: MainWindow, palette: Palette, make: Make, until
):
    _run(palette, "go to waiting")
    until(lambda: window.bench.inbox.shown.view == View.WAITING)
    _open(window)
    assert _first(palette)[0] == "Go to Waiting"
    palette.close_up()
    window.close()
    assert make().palette_card.recent == ["go waiting"]


def test_words_that_name_nothing_are_searched_for(window: MainWindow, palette: Palette, until):
    _run(palette, "smashed")
    until(lambda: window.bench.inbox.shown.search == "smashed")
    until(lambda: window.bench.inbox.model.rowCount() == 1)


def test_a_search_by_its_meaning_teaches_its_operator(window: MainWindow, palette: Palette):
    QTest.keyClicks(palette.field, "how long is left")
    assert _first(palette) == ("Search: how long is left", "due:")
    QTest.keyClick(palette.field, Qt.Key.Key_Return)
    assert window.bench.inbox.search.text() == "due:"
    assert window.bench.inbox.search.hasFocus()


def test_escape_leaves_everything_as_it_was(window: MainWindow, palette: Palette):
    QTest.keyClick(palette.field, Qt.Key.Key_Escape)
    assert not palette.isVisible()
    assert window.bench.inbox.view.hasFocus()
    assert current(window) == 1


def test_a_letter_is_answered_in_less_than_50_ms(palette: Palette):
    for typed in ("s", "se", "sea", "sear", "x y z"):
        began = time.process_time()
        palette.field.setText(typed)
        assert time.process_time() - began < 0.05


@given(st.text(max_size=20), st.text(max_size=40))
def test_likeness_takes_whatever_is_typed(typed: str, words: str):
    assert likeness(typed, words) >= 0
    assert likeness("", words) == 1


def test_the_beginning_of_a_word_counts_more_than_its_middle():
    assert likeness("ope", "Open") > likeness("ope", "Reopen") > 0
    assert likeness("naive", "naïve") > 0
    assert likeness("xq", "Open") == 0


def test_the_palette_brings_nothing_heavy_along():
    """It is measured with the window: no library for likeness is loaded."""
    code = "import sys, app.ui.palette.catalogue; print('rapidfuzz' in sys.modules)"
    root = Path(__file__).parents[3]
    done = subprocess.run(
        [sys.executable, "-c", code], cwd=root, capture_output=True, text=True, check=True
    )
    assert done.stdout.strip() == "False"
