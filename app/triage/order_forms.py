"""Order forms: how shops and marketplaces write an order's number, and customers after them.

Part of the entities, for `order_numbers`. One pattern finds what may be a number (1042, SO-2026-42,
2026/0881, 10466/PL, 10.533), and `numbers_in` reads it: a dot, comma or blank in it is only for the
eye, and a slash or hyphen between numbers of one length lists them.
"""

from __future__ import annotations

import re

from app.triage.amounts import CURRENCY

UUID = r"[0-9a-f]{8}-(?:[0-9a-f]{4}-){3}[0-9a-f]{12}"
DOTTED = r"\d{1,3}\.\d{3}"
SPACED = r"\d{1,3} \d{3}(?! ?\d)|\d{1,2},\d{3}"
_NO_DATE_OR_PHONE = r"(?!20\d\d-\d\d-\d\d(?!\d)|20\d\d/\d\d/\d\d(?!\d)|\d{3}-\d{3}-\d{4}(?!\d))"
_TAIL = r"(?:-(?:\d{1,8}|[A-Z]{1,2})(?!\w)){0,2}(?:/(?:\d{1,8}|(?-i:[A-Z]{1,3}))(?!\w)){0,2}"
PLAIN = rf"{_NO_DATE_OR_PHONE}(?:[A-Z]{{1,5}}-?)?(?:\d{{14,18}}|\d{{3,10}}|\d\d-\d{{4,8}}){_TAIL}"
NUMBER = rf"(?:{UUID}|{SPACED}|{DOTTED}|{PLAIN})"
# What must not follow: more of a number, or what it is a number of.
END = (
    rf"(?!\w|[.,:]\d|[-/]\d| \d{{3,4}} \d{{3,4}}(?!\d)|\s?(?:%|{CURRENCY}|(?:cm|mm|km|kg|g|ml|uhr"
    r"|stück|stk|pcs|pieces|pièces|pezzi|stuks|sztuk|unidades|units|watt|l/h)\b))"
)
_GROUPED = re.compile(r"\d{1,3}[., ]\d{3}")
_LISTED = re.compile(r"\d{3,18}(?:/\d{1,8}){1,2}|\d{3,18}-\d{1,8}")
_TYPOGRAPHY = str.maketrans(
    dict.fromkeys("\u2010\u2011\u2012\u2212\ufe63\uff0d", "-")
    | dict.fromkeys("\u00a0\u2009\u202f", " ")
)
_BETWEEN = re.compile(r"(?<=\w)\u2013(?=\w)")
_AT_MOST_APART = 100


def plain(text: str) -> str:
    """The text with one sort of hyphen and of blank; every letter keeps its place."""
    if text.isascii():
        return text
    return _BETWEEN.sub("-", text.translate(_TYPOGRAPHY))


def numbers_in(written: str) -> tuple[str, ...]:
    """The one number that is written so, or the several that it lists."""
    if _GROUPED.fullmatch(written):
        return ("".join(sign for sign in written if sign.isdigit()),)
    if _LISTED.fullmatch(written):
        parts = tuple(re.split("[/-]", written))
        if _is_a_list(parts, ascending="-" in written):
            return parts
    return (written,)


def is_a_year(number: str) -> bool:
    """Whether it may as well say when."""
    return number.isdigit() and len(number) == 4 and 2015 <= int(number) <= 2039


def _is_a_list(parts: tuple[str, ...], *, ascending: bool) -> bool:
    if len({len(part) for part in parts}) > 1 or is_a_year(parts[0]):
        return False
    return not ascending or 0 < int(parts[-1]) - int(parts[0]) < _AT_MOST_APART
