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
    "nok": "NOK", "czk": "CZK", "kč": "CZK", "huf": "HUF", "ft": "HUF", "forint": "HUF",
    "jpy": "JPY", "¥": "JPY", "kr": "SEK", "kr.": "SEK", "kronor": "SEK", "kroner": "NOK",
}  # fmt: skip
# Behind the abbreviation of Friday and of francs: what is no day of a month.
_FRANCS = (
    r"fr\.(?=[ \u00a0\u202f]?(?:\d{1,3}['’]\d{3}|\d{1,4}\.[-–—]|\d\d?\.(?:[2-9]\d|1[3-9]|00)(?!\d)"
    r"|(?:3[2-9]|[4-9]\d|\d{3,4})(?:\.\d\d)?(?!\d)))"
)
_SIGN = (
    rf"(?:(?:us|ca|c|au|a|nz|s|r)\$|[€£$¥]|sfr\.(?= ?\d)|{_FRANCS}|kr\.?(?= ?\d)"
    r"|(?:eur|brl|gbp|usd|cad|aud|nzd|sgd|chf|pln|sek|dkk|nok|czk|huf|jpy)(?![a-z]))"
)
# What makes a number before it money; `order_numbers` asks it too. Feet are written small.
CURRENCY = (
    r"(?:[€£$¥]|r\$|(?:euros?|eur|gbp|pounds|quid|pfund|livres|usd|(?:us )?dollars|bucks|brl|cad"
    r"|aud|nzd|sgd|chf|franken|złotych|złote|zlotych|zł|zl|pln|sek|dkk|nok|kronor|kroner|kr|czk|kč"
    r"|huf|(?-i:Ft)|forint|jpy)(?![a-zß-ž]))"
)
_BLANK = r"[ \u00a0\u2009\u202f]"
_NO_CENTS = r"[.,][-–—]{1,2}"
_NUMBER = (
    r"\d{1,3}(?:[.,'’\u00a0\u2009\u202f ]\d{3}(?!\d))+(?:[.,]\d{1,2}(?!\d))?"
    r"|\d{1,7}(?:[.,]\d{1,2}(?!\d))?"
)
_AMOUNT = re.compile(
    rf"(?<![\w.,])(?=[a-z€£$¥])(?P<sign>{_SIGN}){_BLANK}?(?P<after>{_NUMBER})"
    rf"(?:{_NO_CENTS}|(?P<thousand>k(?![a-z])))?"
    rf"|(?<![\w.,\-/])(?=\d)(?P<before>{_NUMBER})(?:{_NO_CENTS})?{_BLANK}?(?P<word>{CURRENCY})"
    r"(?P<cents>\d\d(?!\d))?",
    re.IGNORECASE,
)
_LEAST_FORINTS = 100
# Three countries pay in crowns; most of those who write only "kr" are Swedes.
_CROWNS = ("kr", "kr.", "kroner")
_WHOSE_CROWNS = re.compile(
    r"\b(?:(?P<DKK>dkk|d[aäe]n[ei]?mar[ck]|dinamar[ck]|danish|dani[ai]\b)"
    r"|(?P<NOK>nok\b|norw|norge|norv[eè]g|noruega|noorw))",
    re.IGNORECASE,
)


def amounts(text: str) -> tuple[Money, ...]:
    """The sums that a text names, each once, in order of appearance."""
    return tuple(dict.fromkeys(amount for amount, _, _ in named_amounts(text)))


def named_amounts(text: str) -> Iterator[tuple[Money, int, int]]:
    """Every sum of a text in order, with where it begins and ends."""
    for match in _AMOUNT.finditer(text):
        currency = _currency(match["sign"] or match["word"], text)
        value = number(match["after"] or match["before"])
        if match["word"] == "Ft" and value < _LEAST_FORINTS:  # somebody's feet
            continue
        if match["thousand"]:  # £1.5k
            value *= 1000
        if match["cents"]:  # 12€50
            value += Decimal(match["cents"]) / 100
        yield Money.of(value, currency), match.start(), match.end()


def _currency(written: str, text: str) -> str:
    name = written.lower()
    whose = _WHOSE_CROWNS.search(text) if name in _CROWNS else None
    return (whose and whose.lastgroup) or _CURRENCIES[name]


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
