"""Fonts of the system: what one of them cannot draw is said, and never left out without a word."""

from __future__ import annotations

from pathlib import Path

import pytest
from fontTools.fontBuilder import FontBuilder
from fontTools.pens.ttGlyphPen import TTGlyphPen

from app.config.paths import resources
from app.replies.typefaces import faces_for

NAME = "王小明"


def a_font(path: Path) -> bytes:
    """A font of three letters, each a square."""
    names = [".notdef", *(f"g{number}" for number, _ in enumerate(NAME))]
    pen = TTGlyphPen(None)
    pen.moveTo((100, 0))
    for corner in ((100, 800), (900, 800), (900, 0)):
        pen.lineTo(corner)
    pen.closePath()
    square = pen.glyph()
    font = FontBuilder(1000, isTTF=True)
    font.setupGlyphOrder(names)
    font.setupCharacterMap({ord(one): f"g{number}" for number, one in enumerate(NAME)})
    font.setupGlyf(dict.fromkeys(names, square))
    font.setupHorizontalMetrics(dict.fromkeys(names, (1000, 100)))
    font.setupHorizontalHeader(ascent=800, descent=-200)
    font.setupNameTable({"familyName": "Test", "styleName": "Regular"})
    font.setupOS2(sTypoAscender=800, usWinAscent=800, usWinDescent=200)
    font.setupPost()
    font.save(path)
    return path.read_bytes()


def missing(folder: Path) -> frozenset[str]:
    return faces_for(NAME, shipped=resources() / "fonts", folders=(folder,)).missing


def test_a_font_of_the_system_draws_what_ours_lacks(tmp_path: Path):
    a_font(tmp_path / "notosanscjk-regular.ttf")
    assert missing(tmp_path) == frozenset()


@pytest.mark.parametrize("table", [b"glyf", b"OS/2", b"hmtx", b"head", b"name"])
def test_a_font_that_cannot_be_written_with_is_passed_by_and_its_letters_are_said(
    tmp_path: Path, table: bytes
):
    """It knows the letters; without this table nothing of them came onto the page."""
    file = tmp_path / "notosanscjk-regular.ttf"
    whole = a_font(file)
    file.write_bytes(whole.replace(table, b"zzzz", 1))
    assert missing(tmp_path) == frozenset(NAME)
