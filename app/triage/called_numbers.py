"""Called numbers: the ones that stand behind a word for an order, alone or in a list.

Part of the entities, for `order_numbers`. "Order 500 flyers" and "an order of 1500" count, "the
blanket (ref. AB-1200)" names an article, and what ends in a currency is a price.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from app.triage.bare_numbers import is_left, is_round
from app.triage.order_forms import END, NUMBER, is_a_year, numbers_in
from app.triage.order_words import (
    ABOUT_ORDERS,
    AND,
    FILLING,
    INITIALS,
    MANY,
    MARK,
    SIGNS_OFF,
    THE_OTHER,
    WORDS,
)

_START = r"(?:(?<![\w-])|(?<=[º°]))"
_LIST_SIGN = (
    rf"\s?(?:[,;&+/](?:\s?{AND}(?!\w))?|{AND}(?!\w))\s?(?:{THE_OTHER}:?\s)?(?:(?:{MARK})\s?)?"
)
# A number before a name in capitals, in a list, is the postcode of a town.
_NO_TOWN = rf"(?!\s(?!{SIGNS_OFF})(?-i:[A-ZÀ-Ž][a-zà-ž]))"
_CALLED = re.compile(
    rf"(?<!\w)(?=[{INITIALS}])(?:{WORDS})(?!\w){FILLING}{{0,6}}?{_START}(?P<first>{NUMBER}){END}"
    rf"(?P<more>(?:{_LIST_SIGN}{_START}{NUMBER}{END}{_NO_TOWN}){{0,8}})",
    re.IGNORECASE,
)
_MORE = re.compile(_START + NUMBER, re.IGNORECASE)
# A reference is an order's, unless its line speaks of a case, or it names an article.
_REFERENCES = ("ref", "réf", "rif")
_CASE = re.compile(
    r"charge-?back|disput|\bcase\b|claim|complaint|litige|reclam|reklam|streitfall|beschwerde"
    r"|geschil|contest|emittente|issuer|invoice|rechnung|facture|factura|fattura|factuur|fatura"
    r"|faktur",
    re.IGNORECASE,
)
# A noun before "ref", if it is none of those that an order's reference stands behind.
_THING_BEFORE = re.compile(
    r"(?<!your )(?<!our )(?<!my )(?<!with )(?<!under )(?<!unter )(?<!votre )(?<!sous )(?<!ihre )"
    r"(?<!mijn )(?<!vostra )(?<!quote )(?<!quoting )(?<=[^\W\d_]{4} )$",
    re.IGNORECASE,
)
# The last word for an order, with no number of its own behind it.
_ORDER_BEFORE = re.compile(rf"{ABOUT_ORDERS}(?:(?!\d{{3}})[^\n]){{0,60}}$", re.IGNORECASE)
_MANY = re.compile(MANY, re.IGNORECASE)
_ARTICLE_SHAPE = re.compile(r"[A-Z]{2,5}-\d{3,4}-[A-Z]{1,2}", re.IGNORECASE)
_MARKED = re.compile(r"[#:°º]|n[or]s?\.?\s|num|r[eé]f|\bid\b", re.IGNORECASE)
_NAMED_A_NUMBER = re.compile(r"[#°º]|\bn[or]\.?\s|numb|nummer|n[uú]m[eé]|\bid\b", re.IGNORECASE)
_SO_MANY = re.compile(r"\b(?:of|[uü]ber|von|de|di|da|van|for|f[uü]r|na|para|per)\s$", re.IGNORECASE)
_TO_ORDER = re.compile(
    r"\b(?:to|i|we|you|and|may|might|must|can|could|would|will|please|['’](?:d|ll)) $",
    re.IGNORECASE,
)
_OF_THEM = re.compile(
    r"\s(?:of|von|de|di|van|z) (?:the|them|these|those|your|den|ces|vos|estos|questi|tych)\b"
)
_LONG = 5
_LINE = 60


def called_numbers(text: str) -> Iterator[tuple[str, int]]:
    """The numbers that are called an order's, each with its place."""
    for match in _CALLED.finditer(text):
        if not (_is_anothers(match, text) or (not match["more"] and _is_a_count(match, text))):
            yield from _numbers(match, text)


def _numbers(match: re.Match[str], text: str) -> Iterator[tuple[str, int]]:
    is_marked = _NAMED_A_NUMBER.search(text[match.start() : match.start("first")])
    others = _MORE.finditer(text, *match.span("more"))
    for start, end in (match.span("first"), *(one.span() for one in others)):
        for number in numbers_in(text[start:end]):
            if is_marked or not is_a_year(number):
                yield number, start


def _is_anothers(match: re.Match[str], text: str) -> bool:
    """Whether it is a case's reference, or an article's: "the blanket (ref. AB-1200)"."""
    if match[0][:3].lower() not in _REFERENCES:
        return False
    before = text[max(0, match.start() - _LINE) : match.start()].rpartition("\n")[2]
    if _CASE.search(before) or _ARTICLE_SHAPE.fullmatch(match["first"]):
        return True
    of_a_thing = before.endswith("(") or _THING_BEFORE.search(before)
    return bool(of_a_thing) and not _ORDER_BEFORE.search(before)


def _is_a_count(match: re.Match[str], text: str) -> bool:
    """Whether it says how many were ordered, or what: "order 500 flyers", "order AB-120-R"."""
    written, after = match["first"], text[match.end() : match.end() + 40]
    said = text[match.start() : match.start("first")]
    number = numbers_in(written)[0]
    if _NAMED_A_NUMBER.search(said):
        return False
    is_grouped = number.isdigit() and any(mark in written for mark in " .,")
    if is_grouped and _MANY.match(said):
        return True
    if _MARKED.search(said):
        return False
    if number.isdigit() and (len(number) == 3 or is_round(number)):
        return not is_left(after) or _is_so_many(match, text)
    if is_grouped and (" " in written or len(number) < _LONG):
        return not is_left(after)
    return _ARTICLE_SHAPE.fullmatch(written) is not None


def _is_so_many(match: re.Match[str], text: str) -> bool:
    """Whether the words around three digits or a round number say that it counts: "to order 250",
    "an order of 1500", "order 300 of these"."""
    first = match.start("first")
    return (
        _OF_THEM.match(text[match.end() : match.end() + 12]) is not None
        or _SO_MANY.search(text[max(0, first - 12) : first]) is not None
        or _TO_ORDER.search(text[max(0, match.start() - 8) : match.start()]) is not None
    )
