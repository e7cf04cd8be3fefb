"""The tokens: what is read is readable, and there is one place for colours."""

from __future__ import annotations

import re
from pathlib import Path
from string import Template

import pytest

from app.domain.assessment import Severity
from app.ui import tokens
from app.ui.theme import Theme
from app.ui.tokens import DARK, LIGHT, MARK_PAIRS, TEXT_PAIRS, Appearance, Size, contrast

ROOT = Path(__file__).parents[3]
PALETTES = [pytest.param(LIGHT, id="light"), pytest.param(DARK, id="dark")]


@pytest.mark.parametrize("palette", PALETTES)
@pytest.mark.parametrize(("ink", "ground"), TEXT_PAIRS)
def test_text_holds_four_and_a_half_to_one(palette, ink, ground):
    assert contrast(getattr(palette, ink), getattr(palette, ground)) >= 4.5


@pytest.mark.parametrize("palette", PALETTES)
@pytest.mark.parametrize(("mark", "ground"), MARK_PAIRS)
def test_marks_hold_three_to_one(palette, mark, ground):
    assert contrast(getattr(palette, mark), getattr(palette, ground)) >= 3.0


def test_contrast_is_that_of_wcag():
    assert contrast("#000000", "#ffffff") == pytest.approx(21.0)
    assert contrast("#777777", "#ffffff") == pytest.approx(4.48, abs=0.01)


def test_every_severity_has_a_colour_of_its_own():
    named = {tokens.SEVERITY_TOKEN[severity] for severity in Severity}
    assert len(named) == len({getattr(LIGHT, name) for name in named}) == 4


def test_no_file_of_the_window_but_the_tokens_knows_a_hex_colour():
    hexes = re.compile(r"#[0-9a-fA-F]{6}\b|#[0-9a-fA-F]{3}\b(?=[\"';])")
    files = [*(ROOT / "app/ui").rglob("*.py"), *(ROOT / "resources/qss").glob("*.qss")]
    guilty = [
        str(path.relative_to(ROOT))
        for path in files
        if path.name != "tokens.py" and hexes.search(path.read_text(encoding="utf-8"))
    ]
    assert guilty == []


def test_the_style_sheet_uses_only_names_that_exist(theme: Theme):
    sheet = (ROOT / "resources/qss/window.qss").read_text(encoding="utf-8")
    asked = set(Template(sheet).get_identifiers())
    known = {*tokens.token_names(), "radius", "radius_card", "arrow", "px_line", "px_slim"}
    known |= {f"px_{size.name.lower()}" for size in Size}
    known |= {f"gap_{gap.name.lower()}" for gap in tokens.Gap}
    assert asked <= known


def test_changing_the_appearance_changes_the_palette_and_says_so(theme: Theme, qtbot):
    light = theme.color("surface").name()
    with qtbot.waitSignal(theme.changed):
        theme.set_appearance(Appearance.DARK)
    assert theme.is_dark
    assert (light, theme.color("surface").name()) == (LIGHT.surface, DARK.surface)


def test_figures_are_of_equal_width(theme: Theme):
    from PySide6.QtGui import QFontMetrics

    metrics = QFontMetrics(theme.font(Size.TEXT))
    assert len({metrics.horizontalAdvance(figure) for figure in "0123456789"}) == 1


def test_every_drawing_can_be_drawn_in_any_colour(theme: Theme):
    for path in (ROOT / "resources/icons").glob("*.svg"):
        image = theme.pixmap(path.stem, "critical", 20).toImage()
        assert any(
            image.pixelColor(x, y).alpha()
            for x in range(image.width())
            for y in range(image.height())
        ), path.name
