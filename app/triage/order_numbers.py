"""Order numbers in a text: the ones the shop knows, and the ones that are called one.

Part of the entities. A number alone is anything; it is an order number if an order of the shop
bears it, if the words before it say so, or if it has a shape that nothing else has.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator

from app.domain.order import order_key
from app.triage.bare_numbers import bare_numbers, is_left, is_round, lone_number

_WORDS = (
    r"orders?(?:number|nummer|nr|no|id|bevestiging)?|purchase"
    r"|bestell(?:[- ]nr|-?nummern?|ung|ungen|nr|best[aä]tigung|id)|best\.? ?-? ?nr|auftr[aä]g\w*"
    r"|commandes?|cde|cmd|pedidos?|ordin[ei]|bestelling(?:en|snummer)?|bestelnummers?|bestelnr|encomendas?"
    r"|zam[oó]wieni\w*|zam\.?|ref(?:erence|erencia|erenz|erentie)?\.?|r[eé]f[eé]rence|riferimento"
    r"|(?:order )?confirmation(?: de commande)?|conferma d.ordine|confirma[cç][aã]o da encomenda"
    r"|confirmaci[oó]n del pedido|potwierdzeni\w+ zam[oó]wieni\w*"
)
_FILLING = (
    r"(?:[\s:.,(=\"-]|['’]s?|\#|n\.?[°ºo]\.?|n\.|nr\.?|num(?:ber|[eé]ro|er)?\.?|n[uú]mero|nummer"
    r"|numerem|numeru|ref(?:erence)?\.?|id|name|my|mein\w*|is|was|ist|war|est|es|era|[eè]|of|mit"
    r"|der|del|do|with|di|da|placed|o|van|met|het|la|le|el|referencia|reference|r[eé]f[eé]rence)"
)
_NUMBER = r"(?:[A-Z]{1,5}-?)?\d{3,10}(?:-(?:\d{1,6}|[A-Z]{1,2})(?![\w-]))?"
_END = (
    r"(?!\w|/(?!\d{3})|[.,:]\d|-\d"
    r"|\s?(?:%|€|£|\$|eur\b|euro|usd|gbp|cm\b|mm\b|km\b|kg\b|g\b|ml\b|uhr\b))"
)
_CALLED = re.compile(
    rf"(?<!\w)(?:{_WORDS})(?!\w){_FILLING}{{0,6}}?(?:(?<![\w-])|(?<=[º°]))(?P<first>{_NUMBER}){_END}"
    rf"(?P<more>(?:\s?(?:,|;|and|und|et|y|e|en|i|oraz|&|\+|/)\s?\#?{_NUMBER}{_END}){{0,8}})",
    re.IGNORECASE,
)
_HASHED = re.compile(
    r"(?<![\w&#/])#\s?(?P<number>(?:[A-Z]{1,4}-?)?\d{3,9}(?:-[A-Z]{1,2}(?!\w))?)"
    r"(?!\w|[.,]\d)"
)
_SHAPED = re.compile(
    r"(?<![\w-])(?P<number>(?:SO|WC|ORD|PO|WEB|SHOP)-?\d{3,8}|\d{3}-\d{7}-\d{7}"
    r"|\d{2}-\d{5}-\d{5})(?![\w-])"
)
# Digits in brackets after "I ordered".
_BRACKETED = re.compile(
    r"(?:order\w*|bought|bestell\w*|gekauft|command\w*|achet\w*|pedid\w*|compr\w*|ordin\w*"
    r"|acquist\w*|besteld|encomend\w*|zam[oó]wi\w*|placed)"
    r"[^\n.!?()]{0,60}\((?P<number>\d{4,6})\)",
    re.IGNORECASE,
)
# Two letters and digits alone in brackets: "the marble run (TS-8201)". An article's number has a
# tail, or few digits.
_LETTERED = re.compile(r"\((?P<number>[A-Z]{2}-?\d{4,6})\)")
_THREE_DIGITS = re.compile(r"\d{3}")
_ANY = re.compile(r"(?<![\w-])[A-Z]{0,6}-?\d{3,12}(?![\w])")
_NOT_AN_ORDER = re.compile(
    r"(?:case|ticket|claim|fall|vorgang|dossier|caso|sprawa|invoice|model|article|artikel|item|ref"
    r"|room|apt|flat|unit|track|parcel|lot|batch|version)\W{0,3}(?:n[or°º]?\.?\W{0,2})?$",
    re.IGNORECASE,
)
# A reference is an order's, unless its line speaks of a case.
_REFERENCES = ("ref", "réf", "rif")
_CASE = re.compile(
    r"charge-?back|disput|\bcase\b|claim|complaint|litige|reclam|reklam|streitfall|beschwerde|geschil"
    r"|contest|invoice|rechnung|facture|factura|fattura|factuur|fatura|faktur",
    re.IGNORECASE,
)
_MARKED = re.compile(r"[#:°º]|n[or]\.?\s|num|ref|\bid\b", re.IGNORECASE)
_MORE = re.compile(_NUMBER, re.IGNORECASE)


def order_numbers(text: str, *, known: Iterable[str] = ()) -> tuple[str, ...]:
    """The order numbers of a text without #, in order of appearance.

    `known` are the numbers of the orders that the sender may mean; they count wherever they stand.
    """
    if not _THREE_DIGITS.search(text):
        return ()
    known_keys = {order_key(number) for number in known}
    placed: dict[str, int] = {}
    for number, place in _named(text):
        placed.setdefault(number, place)
    if not placed and (lone := lone_number(text)) is not None:
        placed.setdefault(*lone)
    if known_keys:
        for match in _ANY.finditer(text):
            if order_key(match.group()) in known_keys:
                placed.setdefault(match.group(), match.start())
    keys: dict[str, str] = {}
    for number in sorted(placed, key=placed.__getitem__):
        keys.setdefault(order_key(number), number)
    return tuple(keys.values())


def surely_named(text: str) -> Iterator[tuple[str, int]]:
    """The numbers that can only be an order's, by their shape or by the words before them; each
    with the place from which on it stands."""
    yield from _shaped(text)
    for match in _CALLED.finditer(text):
        yield from _called(match, text)


def _named(text: str) -> Iterator[tuple[str, int]]:
    yield from _shaped(text)
    for match in _LETTERED.finditer(text):
        if not _NOT_AN_ORDER.search(text[max(0, match.start() - 16) : match.start()]):
            yield match["number"], match.start()
    yield from bare_numbers(text)
    for match in _BRACKETED.finditer(text):
        if not _is_a_year(match["number"]):
            yield match["number"], match.start("number")
    for match in _CALLED.finditer(text):
        yield from _called(match, text)


def _shaped(text: str) -> Iterator[tuple[str, int]]:
    for match in _SHAPED.finditer(text):
        yield match["number"], match.start()
    for match in _HASHED.finditer(text):
        if not _NOT_AN_ORDER.search(text[max(0, match.start() - 16) : match.start()]):
            yield match["number"], match.start()


def _called(match: re.Match[str], text: str) -> Iterator[tuple[str, int]]:
    is_reference = match[0][:3].lower() in _REFERENCES
    if is_reference and _CASE.search(_line_before(text, match.start())):
        return
    if not match["more"] and _is_a_count(match, text):
        return
    for number in (match["first"], *_MORE.findall(match["more"])):
        if not _is_a_year(number):
            yield number, match.start("first")


def _is_a_count(match: re.Match[str], text: str) -> bool:
    """Whether it says how many were ordered: "order 500 flyers", "an order of 1200 stickers"."""
    number = match["first"]
    if not number.isdigit() or not (len(number) == 3 or is_round(number)):
        return False
    before = text[match.start() : match.start("first")]
    return not _MARKED.search(before) and not is_left(text[match.end() : match.end() + 40])


def _line_before(text: str, start: int) -> str:
    return text[max(0, start - 60) : start].rpartition("\n")[2]


def _is_a_year(number: str) -> bool:
    return number.isdigit() and len(number) == 4 and 2015 <= int(number) <= 2039
