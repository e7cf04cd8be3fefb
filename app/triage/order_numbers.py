"""Order numbers in a text: the ones the shop knows, and the ones that are called one.

Part of the entities. A number alone is anything; it is an order number if an order of the shop
bears it, if the words before it say so, or if it has a shape that nothing else has.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator

from app.domain.order import order_key

_WORDS = (
    r"orders?|purchase|bestell(?:ung|ungen|nummer|nr)|best\.? ?-? ?nr|auftr[aä]g\w*|commandes?|cde"
    r"|cmd|pedidos?|ordin[ei]|bestelling(?:en)?|bestelnummer|bestelnr|encomendas?"
    r"|zam[oó]wieni\w*|zam\.?|ref(?:erence|erencia|erenz|erentie)?\.?|r[eé]f[eé]rence|riferimento"
)
_FILLING = (
    r"(?:[\s:.,(=\"'-]|\#|n[°ºo]\.?|nr\.?|num(?:ber|[eé]ro|er)?\.?|n[uú]mero|nummer|numerem|numeru"
    r"|number|ref(?:erence)?\.?|id|name|my|mein\w*|is|was|ist|war|est|es|era|[eè]|of|mit|der|del|do"
    r"|with|di|da|placed|o|van|met|het|la|le|el|referencia|reference|r[eé]f[eé]rence)"
)
_NUMBER = r"(?:[A-Z]{1,5}-?)?\d{3,9}(?:-\d{1,4})?"
_END = (
    r"(?![\w/]|[.,:]\d|-\d"
    r"|\s?(?:%|€|£|\$|eur\b|euro|usd|gbp|cm\b|mm\b|km\b|kg\b|g\b|ml\b|uhr\b))"
)
_CALLED = re.compile(
    rf"(?<!\w)(?:{_WORDS})(?!\w){_FILLING}{{0,6}}?(?<![\w-])(?P<first>{_NUMBER}){_END}"
    rf"(?P<more>(?:\s?(?:,|;|and|und|et|y|e|en|i|oraz|&|\+|/)\s?\#?{_NUMBER}{_END}){{0,8}})",
    re.IGNORECASE,
)
_HASHED = re.compile(r"(?<![\w&#/])#\s?(?P<number>(?:[A-Z]{1,4}-?)?\d{3,9})(?![\w]|[.,]\d)")
_SHAPED = re.compile(
    r"(?<![\w-])(?P<number>(?:SO|WC|ORD|PO|WEB|SHOP)-?\d{3,8}|\d{3}-\d{7}-\d{7})(?![\w-])"
)
# Four to six digits that are a sentence or a line of their own, or in brackets after "I ordered":
# people who write so little mean their order.
_ALONE = re.compile(r"(?:^|[\n.!?]\s{0,3})(?P<number>\d{4,6})(?=\s*(?:[,.\n]|$))(?![.,]\d)")
_BRACKETED = re.compile(
    r"(?:order\w*|bought|bestell\w*|gekauft|command\w*|achet\w*|pedid\w*|compr\w*|ordin\w*"
    r"|acquist\w*|besteld|encomend\w*|zam[oó]wi\w*|placed)"
    r"[^\n.!?()]{0,60}\((?P<number>\d{4,6})\)",
    re.IGNORECASE,
)
_THREE_DIGITS = re.compile(r"\d{3}")
_ANY = re.compile(r"(?<![\w-])[A-Z]{0,6}-?\d{3,12}(?![\w])")
_NOT_AN_ORDER = re.compile(
    r"(?:case|ticket|claim|fall|vorgang|dossier|caso|sprawa|invoice|model|article|artikel|item|ref"
    r"|room|apt|flat|unit|track|parcel|lot|batch|version)\W{0,3}(?:n[or°º]?\.?\W{0,2})?$",
    re.IGNORECASE,
)
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
    if known_keys:
        for match in _ANY.finditer(text):
            if order_key(match.group()) in known_keys:
                placed.setdefault(match.group(), match.start())
    keys: dict[str, str] = {}
    for number in sorted(placed, key=placed.__getitem__):
        keys.setdefault(order_key(number), number)
    return tuple(keys.values())


def _named(text: str) -> Iterator[tuple[str, int]]:
    for match in _SHAPED.finditer(text):
        yield match["number"], match.start()
    for match in _HASHED.finditer(text):
        if not _NOT_AN_ORDER.search(text[max(0, match.start() - 16) : match.start()]):
            yield match["number"], match.start()
    for form in (_ALONE, _BRACKETED):
        for match in form.finditer(text):
            if not _is_a_year(match["number"]):
                yield match["number"], match.start("number")
    for match in _CALLED.finditer(text):
        for number in (match["first"], *_MORE.findall(match["more"])):
            if not _is_a_year(number):
                yield number, match.start()


def _is_a_year(number: str) -> bool:
    return number.isdigit() and len(number) == 4 and 2015 <= int(number) <= 2039
