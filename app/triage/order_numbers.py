"""Order numbers in a text: the ones the shop knows, and the ones that are called one.

Part of the entities. A number alone is anything; it is an order number if an order of the shop
bears it, if the words before it say so, or if it has a shape that nothing else has.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator

from app.domain.order import order_key
from app.triage.bare_numbers import bare_numbers, lone_number, stands_at_a_place
from app.triage.called_numbers import called_numbers
from app.triage.known_numbers import KnownNumbers
from app.triage.order_forms import DOTTED, END, NUMBER, PLAIN, is_a_year, numbers_in, plain
from app.triage.other_numbers import is_of_something_else

# A four-digit number like a year's is one here: a shop that counts from 1001 comes to #2026.
_HASHED = re.compile(rf"(?<![\w&#/])#\s?(?P<number>{DOTTED}|{PLAIN}){END}")
# Written as one word, or as a file's name would be.
_JOINED = re.compile(
    r"(?<![\w-])(?=[bceop])(?:order|bestellung|commande|pedido|ordine|bestelling|encomenda)"
    rf"(?:number|nummer|nr|no|id)?[_-]?(?P<number>\d{{4,10}}){END}",
    re.IGNORECASE,
)
_SHAPED = re.compile(
    r"(?<![\w-])(?P<number>(?:SO|WC|ORD|PO|WEB|SHOP)-?\d{3,8}(?:[-/]\d{1,17})?|\d{3}-\d{7}-\d{7}"
    r"|\d{2}-\d{5}-\d{5})(?![\w-])"
)
# Digits in brackets after "I ordered".
_BRACKETED = re.compile(
    r"(?:order\w*|bought|bestell\w*|gekauft|command\w*|achet\w*|pedid\w*|compr\w*|ordin\w*"
    r"|acquist\w*|besteld|encomend\w*|zam[oó]wi\w*|placed)"
    r"[^\n.!?()]{0,60}\((?P<number>[1-9]\d{3,5})\)",
    re.IGNORECASE,
)
# Two letters and digits alone in brackets: "the marble run (TS-8201)". An article's number has a
# tail, or few digits.
_LETTERED = re.compile(r"\((?P<number>[A-Z]{2}-?\d{4,6})\)")
# Shops give PayPal the order's number as the invoice's, and its notices of a case repeat it.
_PAYPALS_CASE = re.compile(r"(?<![\w-])PP-[A-Z]-[A-Z]{3}-\d{6}")
_INVOICED = re.compile(
    r"^[^\w\n]{0,4}(?:[^\W\d_]{1,6}\.?[º°]? )?(?:d[ae] |de la |della )?"
    r"(?:invoice|rechnungs?|facture|factura|fattura|factuur|fatura|faktury)"
    rf"(?:-?\s?(?:id|n[ro°º]?\.?|number|nummer))?\s?:\s{{0,4}}(?P<number>{PLAIN}){END}",
    re.IGNORECASE | re.MULTILINE,
)
_WORTH_A_LOOK = re.compile(r"\d{3}|[0-9a-f]{8}-[0-9a-f]{4}-")
_ANY = re.compile(rf"(?<![\w-])(?=[\da-z]){NUMBER}(?!\w)", re.IGNORECASE)


def order_numbers(text: str, *, known: Iterable[str] = ()) -> tuple[str, ...]:
    """The order numbers of a text without #, in order of appearance.

    `known` are the numbers of the orders that the sender may mean; they count wherever they stand,
    and a number that is one of them but for its tail, hyphens or prefix is read as that one.
    """
    if not _WORTH_A_LOOK.search(text):
        return ()
    text, books = plain(text), KnownNumbers.of(known)
    placed: dict[str, int] = {}
    for number, place in _named(text):
        placed.setdefault(books.meant_by(number), place)
    if not placed and (lone := lone_number(text)) is not None:
        placed.setdefault(*lone)
    for number, place in _known(text, books):
        placed.setdefault(number, place)
    keys: dict[str, str] = {}
    for number in sorted(placed, key=placed.__getitem__):
        keys.setdefault(order_key(number), number)
    return tuple(keys.values())


def surely_named(text: str) -> Iterator[tuple[str, int]]:
    """The numbers that can only be an order's, by their shape or by the words before them; each
    with the place from which on it stands."""
    text = plain(text)
    yield from _shaped(text)
    yield from called_numbers(text)


def _named(text: str) -> Iterator[tuple[str, int]]:
    yield from _shaped(text)
    for match in _LETTERED.finditer(text):
        if not is_of_something_else(text, match.start()):
            yield match["number"], match.start()
    yield from bare_numbers(text)
    for match in _BRACKETED.finditer(text):
        at_a_place = stands_at_a_place(text[match.start() : match.start("number")])
        if not (at_a_place or is_a_year(match["number"])):
            yield match["number"], match.start("number")
    yield from _invoiced(text)
    yield from called_numbers(text)


def _invoiced(text: str) -> Iterator[tuple[str, int]]:
    if _PAYPALS_CASE.search(text):
        for match in _INVOICED.finditer(text):
            yield match["number"], match.start("number")


def _shaped(text: str) -> Iterator[tuple[str, int]]:
    for match in (*_SHAPED.finditer(text), *_JOINED.finditer(text)):
        yield match["number"], match.start("number")
    for match in _HASHED.finditer(text):
        if not is_of_something_else(text, match.start()):
            for number in numbers_in(match["number"]):
                yield number, match.start("number")


def _known(text: str, books: KnownNumbers) -> Iterator[tuple[str, int]]:
    if not books:
        return
    for match in _ANY.finditer(text):
        for number in (match.group(), *numbers_in(match.group())):
            if books.has(number):
                yield number, match.start()
    for key in books.odd():
        found = re.search(rf"(?<![\w-]){re.escape(key)}(?![\w-])", text, re.IGNORECASE)
        if found is not None:
            yield key, found.start()
