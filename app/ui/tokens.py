"""Tokens: every colour and size of the window by name, once in light and once in dark.

The only file that knows a hex value; widgets and the style sheet know the names.
"""

from __future__ import annotations

from dataclasses import dataclass, fields
from enum import IntEnum, StrEnum

from app.domain.assessment import Severity


class Appearance(StrEnum):
    """What the owner chose: as the system has it, or always one of the two."""

    SYSTEM = "system"
    LIGHT = "light"
    DARK = "dark"


class Size(IntEnum):
    """The four sizes of letters, in pixels at 100 %."""

    META = 11
    TEXT = 13
    TITLE = 15
    PAGE = 20


class Gap(IntEnum):
    """The distances of the grid, in pixels."""

    TINY = 4
    SMALL = 8
    MEDIUM = 12
    LARGE = 16
    HUGE = 24


RADIUS_CONTROL = 6
RADIUS_CARD = 10
ROW_HEIGHT = 64


@dataclass(frozen=True, slots=True, kw_only=True)
class Tokens:
    """One palette. A `_soft` colour is the ground on which its colour is read as text."""

    sunken: str  # behind the views and the status line
    surface: str  # behind the list and the issue
    raised: str  # cards, fields, menus
    hover: str
    selected: str
    line: str
    line_strong: str  # the edge of a field: 3:1 against what is around it
    text: str
    text_muted: str
    accent: str
    accent_hover: str
    accent_soft: str
    on_accent: str
    burning: str  # the one loud ground: a critical mark
    on_burning: str
    critical: str
    critical_soft: str
    high: str
    high_mark: str  # bars and edges: an orange too light to be read as text
    high_soft: str
    normal: str
    normal_soft: str
    low: str
    low_soft: str
    good: str
    good_soft: str


LIGHT = Tokens(
    sunken="#eef0f4",
    surface="#f8f9fb",
    raised="#ffffff",
    hover="#eff1f6",
    selected="#e2ebfe",
    line="#e0e4eb",
    line_strong="#7d8595",
    text="#1a202c",
    text_muted="#555e6e",
    accent="#1f57d6",
    accent_hover="#1848b8",
    accent_soft="#e6eefe",
    on_accent="#ffffff",
    burning="#cc2b23",
    on_burning="#ffffff",
    critical="#b8231c",
    critical_soft="#fde9e7",
    high="#b04800",
    high_mark="#d4600a",
    high_soft="#fdecd4",
    normal="#405576",
    normal_soft="#e5eaf3",
    low="#5b6371",
    low_soft="#eef0f3",
    good="#186b3b",
    good_soft="#e2f4e8",
)

DARK = Tokens(
    sunken="#0f1216",
    surface="#14181e",
    raised="#1b2028",
    hover="#1d232c",
    selected="#20304f",
    line="#282f3a",
    line_strong="#6c7686",
    text="#e8ebf0",
    text_muted="#a0a9b8",
    accent="#82a9ff",
    accent_hover="#a3c0ff",
    accent_soft="#1b2a48",
    on_accent="#0b1428",
    burning="#d03a32",
    on_burning="#ffffff",
    critical="#ff8e86",
    critical_soft="#3c1d1e",
    high="#f5b25c",
    high_mark="#f5a540",
    high_soft="#3a2a13",
    normal="#a6b9d9",
    normal_soft="#232d3c",
    low="#a2a9b6",
    low_soft="#242930",
    good="#6fcf97",
    good_soft="#163024",
)

_GROUNDS = ("sunken", "surface", "raised", "hover", "selected")
_NAMED = ("critical", "high", "normal", "low", "good", "accent")

# What is read on what: each pair holds 4.5:1 (WCAG 1.4.3) in both palettes, proven by a test.
TEXT_PAIRS: tuple[tuple[str, str], ...] = (
    *(
        (text, ground)
        for text in ("text", "text_muted", "accent", "critical")
        for ground in _GROUNDS
    ),
    *((name, f"{name}_soft") for name in _NAMED),
    *(("text", f"{name}_soft") for name in _NAMED),
    *((name, ground) for name in ("high", "normal", "low", "good") for ground in _GROUNDS),
    ("on_accent", "accent"),
    ("on_accent", "accent_hover"),
    ("on_burning", "burning"),
)
# Edges and marks that carry meaning: 3:1 (WCAG 1.4.11).
MARK_PAIRS: tuple[tuple[str, str], ...] = (
    *(
        (mark, ground)
        for mark in ("line_strong", "accent", "burning")
        for ground in ("surface", "raised", "sunken")
    ),
    *(("high_mark", ground) for ground in ("surface", "raised", "sunken", "line", "high_soft")),
)

SEVERITY_TOKEN = {
    Severity.CRITICAL: "critical",
    Severity.HIGH: "high",
    Severity.NORMAL: "normal",
    Severity.LOW: "low",
}
SEVERITY_MARK = {**SEVERITY_TOKEN, Severity.HIGH: "high_mark"}


def token_names() -> tuple[str, ...]:
    """Every colour that has a name."""
    return tuple(field.name for field in fields(Tokens))


def contrast(one: str, other: str) -> float:
    """The contrast ratio of two colours given as #rrggbb, 1 to 21 (WCAG 2.2)."""
    lighter, darker = sorted((_luminance(one), _luminance(other)), reverse=True)
    return (lighter + 0.05) / (darker + 0.05)


def _luminance(colour: str) -> float:
    red, green, blue = (_linear(int(colour[at : at + 2], 16) / 255) for at in (1, 3, 5))
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def _linear(channel: float) -> float:
    return channel / 12.92 if channel <= 0.04045 else ((channel + 0.055) / 1.055) ** 2.4
