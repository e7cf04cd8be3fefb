"""Typefaces: which fonts show a text: ours, then what the system has for other scripts.

DejaVu Sans is shipped (Latin, Greek, Cyrillic, Arabic, Hebrew, Armenian, Georgian and more). For
the rest the system is asked; a letter that no font has is drawn as a box, and said to be so.
"""

from __future__ import annotations

import logging
import os
import unicodedata
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path

from fontTools.ttLib import TTFont, TTLibError
from fpdf import FPDF
from fpdf.fonts import TTFFont

from app.domain.translation import tr
from app.replies.scripts import in_words

log = logging.getLogger(__name__)
BOX = "\u25a1"
_MOST_FILES = 20_000
_ENDINGS = (".ttf", ".ttc", ".otf", ".otc")
# Names without their endings, the widest first: Linux, Windows, macOS.
_EAST = (
    "notosanscjk-regular", "notosanscjksc-regular", "notosanssc-regular", "notosansjp-regular",
    "sourcehansans-regular", "wqy-zenhei", "wqy-microhei", "droidsansfallbackfull", "msyh",
    "simsun", "yugothm", "msgothic", "malgun", "arial unicode", "hiragino sans gb",
    "applesdgothicneo", "stheiti medium", "nanumgothic", "unifont",
)  # fmt: skip
_EASTERN = ("CJK", "HIRAGANA", "KATAKANA", "HANGUL", "BOPOMOFO", "IDEOGRAPHIC", "FULLWIDTH")
_TABLES = ("head", "hhea", "hmtx", "maxp", "OS/2", "post", "name")
_SHAPES = ("glyf", "CFF ", "CFF2")
_ANY = ("nirmala", "leelawui", "ebrima", "gadugi", "arial unicode", "freesans", "unifont")


@dataclass(frozen=True, slots=True)
class Faces:
    """The fonts for one text: ours first; `missing` are the letters that nobody has, `worded` the
    emoji that nobody has, with what they show."""

    regular: Path
    bold: Path
    further: tuple[Path, ...]
    missing: frozenset[str]
    worded: Mapping[str, str] = field(default_factory=dict)

    @property
    def sentence(self) -> str:
        """What the owner should know about letters that could not be drawn; empty if all could."""
        if not self.missing:
            return ""
        scripts = sorted({_script(one).capitalize() for one in self.missing})
        return tr(
            "{missing} different letters ({scripts}) are shown as boxes: no font of this "
            "computer has them. Install one (Noto Sans has most) and try again.",
            missing=len(self.missing),
            scripts=", ".join(scripts[:4]),
        )


def faces_for(text: str, *, shipped: Path, folders: Sequence[Path]) -> Faces:
    """The fonts that show this text. `shipped` holds ours, `folders` are the system's."""
    regular, bold = shipped / "DejaVuSans.ttf", shipped / "DejaVuSans-Bold.ttf"
    wanted = {one for one in text if not one.isspace()}
    missing = wanted - {chr(code) for code in _letters(regular) or ()}
    further: list[Path] = []
    for path in _candidates(missing, folders):
        if not missing:
            break
        letters = _letters(path)
        found = {one for one in missing if letters and ord(one) in letters}
        if letters and found and _draws(path, min(found)):
            further.append(path)
            missing -= found
    worded = {one: said for one in missing if (said := in_words(one)) is not None}
    return Faces(regular, bold, tuple(further), frozenset(missing - worded.keys()), worded)


def _candidates(missing: Iterable[str], folders: Sequence[Path]) -> Iterator[Path]:
    scripts = sorted({_script(one) for one in missing})
    if not scripts:
        return
    there = _installed(tuple(folders))
    names: list[str] = []
    for script in scripts:
        names += _EAST if script in _EASTERN else (f"notosans{script.lower()}-regular",)
    for name in dict.fromkeys((*names, *_ANY)):
        if name in there:
            yield there[name]


def _script(letter: str) -> str:
    """The script of a letter: the first word of its name, because Python knows no other way."""
    word = unicodedata.name(letter, "UNKNOWN").split(" ")[0].split("-")[0]
    return word if word.isalpha() else "SYMBOLS"


@cache
def _installed(folders: tuple[Path, ...]) -> dict[str, Path]:
    found: dict[str, Path] = {}
    seen = 0
    for folder in folders:
        for place, _, files in os.walk(folder):
            for name in files:
                file = Path(place, name)
                if file.suffix.lower() in _ENDINGS:
                    found.setdefault(file.stem.lower(), file)
                seen += 1
            if seen > _MOST_FILES:
                return found
    return found


@cache
def _draws(path: Path, letter: str) -> bool:
    """Whether the PDF's own library can write with a font: some of a system's own it cannot, and
    then it leaves the letters out without a word."""
    tried = FPDF()
    try:
        with TTFont(path, fontNumber=0, lazy=True) as font:
            tables = [font[name] for name in _TABLES]
            has_shapes = bool(tables) and any(name in font for name in _SHAPES)
        tried.add_font("tried", "", path)
        tried.add_page()
        tried.set_font("tried", size=12)
        tried.cell(text=letter)
        tried.output()
    except Exception as error:  # noqa: BLE001 - a strange font breaks its reader in any way
        log.warning("the font %s cannot be written with: %s", path, error)
        return False
    finally:
        for added in tried.fonts.values():
            if isinstance(added, TTFFont):
                added.ttfont.close()
    return has_shapes


@cache
def _letters(path: Path) -> frozenset[int] | None:
    """The characters of a font; None for a file that cannot be read as one."""
    try:
        with TTFont(path, fontNumber=0, lazy=True) as font:
            return frozenset(font.getBestCmap() or ())
    except (TTLibError, OSError, ValueError, KeyError, AssertionError) as error:
        log.warning("the font %s cannot be read: %s", path, error)
        return None
