"""Amounts of money in a text, in the ways in which Europe and America write them.

Part of the entities. A number is money only with a currency beside it. The last mark decides:
before three digits it groups thousands, before one or two it is the decimal mark.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from decimal import Decimal

from app.domain.money import Money

_CURRENCIES = {
    "€": "EUR", "eur": "EUR", "euro": "EUR", "euros": "EUR", "£": "GBP", "gbp": "GBP",
    "pounds": "GBP", "quid": "GBP", "pfund": "GBP", "livres": "GBP", "$": "USD", "us$": "USD",
    "usd": "USD", "dollars": "USD", "us dollars": "USD", "bucks": "USD",
    "ca$": "CAD", "c$": "CAD", "cad": "CAD",
    "a$": "AUD", "au$": "AUD", "aud": "AUD", "nz$": "NZD", "nzd": "NZD", "s$": "SGD", "sgd": "SGD",
    "r$": "BRL", "brl": "BRL",
    "chf": "CHF", "fr.": "CHF", "sfr.": "CHF", "franken": "CHF", "zł": "PLN", "zl": "PLN",
    "pln": "PLN", "złotych": "PLN", "złote": "PLN", "zlotych": "PLN", "sek": "SEK", "dkk": "DKK",
    "nok": "NOK", "czk": "CZK", "kč": "CZK", "huf": "HUF", "jpy": "JPY", "¥": "JPY",
}  # fmt: skip
_SIGN = (
    r"(?:(?:us|ca|c|au|a|nz|s|r)\$|[€£$¥]|sfr\.(?= ?\d)|(?:eur|brl|gbp|usd|cad|aud|nzd|sgd|chf|pln"
    r"|sek|dkk|nok|czk|huf|jpy)(?![a-z]))"
)
_WORD = (
    r"(?:[€£$¥]|(?:euros?|eur|gbp|pounds|quid|pfund|livres|usd|(?:us )?dollars|bucks|brl|cad|aud"
    r"|nzd|sgd|chf|franken|złotych|złote|zlotych|zł|zl|pln|sek|dkk|nok|czk|kč|huf|jpy)(?![a-zß-ž]))"
)
_NUMBER = (
    r"\d{1,3}(?:[.,'’\u00a0\u202f ]\d{3}(?!\d))+(?:[.,]\d{1,2}(?!\d))?"
    r"|\d{1,7}(?:[.,]\d{1,2}(?!\d))?"
)
_AMOUNT = re.compile(
    rf"(?<![\w.,])(?P<sign>{_SIGN})[ \u00a0]?(?P<after>{_NUMBER})"
    r"(?:,-|\.-|(?P<thousand>k(?![a-z])))?"
    rf"|(?<![\w.,\-/])(?P<before>{_NUMBER})(?:,-|\.-)?[ \u00a0]?(?P<word>{_WORD})"
    r"(?P<cents>\d\d(?!\d))?",
    re.IGNORECASE,
)


def amounts(text: str) -> tuple[Money, ...]:
    """The sums that a text names, each once, in order of appearance."""
    return tuple(dict.fromkeys(amount for amount, _, _ in named_amounts(text)))


def named_amounts(text: str) -> Iterator[tuple[Money, int, int]]:
    """Every sum of a text in order, with where it begins and ends."""
    for match in _AMOUNT.finditer(text):
        currency = _CURRENCIES[(match["sign"] or match["word"]).lower()]
        value = number(match["after"] or match["before"])
        if match["thousand"]:  # £1.5k
            value *= 1000
        if match["cents"]:  # 12€50
            value += Decimal(match["cents"]) / 100
        yield Money.of(value, currency), match.start(), match.end()


def number(written: str) -> Decimal:
    """The number that somebody wrote with marks between its digits."""
    marks = [sign for sign in written if not sign.isdigit()]
    if not marks:
        return Decimal(written)
    whole, _, tail = written.rpartition(marks[-1])
    if len(tail) == 3:
        return Decimal(_digits(written))
    return Decimal(f"{_digits(whole) or '0'}.{tail}")


def _digits(text: str) -> str:
    return "".join(sign for sign in text if sign.isdigit())
