"""Tracking numbers: the ones that prove themselves by a check digit, and the ones that are named.

Part of the entities. A row of digits alone is a phone number as often as a parcel, so it counts
only when its check digit fits a carrier's rule and, where that rule is weak, when the mail calls it
a tracking number or names a carrier.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import cycle

_CANDIDATE = re.compile(
    r"(?<![A-Za-z0-9])(?:"
    r"1[Zz](?: ?[0-9A-Za-z]){16}"
    r"|[A-Z]{2}[ ]?\d{9}[ ]?[A-Z]{2}"
    r"|\d{4}(?: \d{4}){3,4}(?: \d{1,4})?"
    r"|3S[A-Z0-9]{9,13}|H\d{19}|J[JV][A-Z]{1,4}(?: ?\d){10,20}(?! ?\d)"
    r"|[5-9][A-Z](?: ?\d){11}(?! ?\d)"
    r"|\d{10,22}"
    r")(?![A-Za-z0-9])"
)
_NAMED = re.compile(
    r"(?=[a-zś])(?:track\w*(?: ?(?:&|and) ?trace)?|trace(?:code)?|sendung\w*"
    r"|paket(?:nummer|nr|schein)\w*|suivi|colis|seguimi?ento|env[ií]o|localizador|spedizione"
    r"|tracciatura|lettera di vettura"
    r"|zending\w*|barcode|pakket\w*|rastre\w+|envio|przesy[lł]k\w*|paczk\w*|list(?:u)? przewoz\w+"
    r"|[sś]ledzeni\w*|recogida|paquete|pacco|encomenda(?= [A-Z]{2}\d)|bezorg\w*"
    r"|consignment|waybill|awb|parcel|shipment|dhl|dpd|gls|ups|usps|fedex|hermes|evri|yodel"
    r"|royal mail|correos|seur|mrw|colissimo|chronopost|mondial relay|postnl|inpost|brt|ctt|gel"
    r"|poste|post)"
    r"[^\n\d]{0,28}?(?<![A-Za-z0-9])"
    r"(?P<number>(?=[A-Z0-9]*\d{5})[A-Z0-9]{10,30}|\d{9,22}|J[JV][A-Z]{1,4}(?: ?\d){10,20}"
    r"|\d{4}(?: \d{4}){2,5}(?: \d{1,3})?)(?! ?\d|[A-Za-z])",
    re.IGNORECASE,
)
_CARRIER = re.compile(
    r"track|fedex|parcel|package|shipment|courier|sendung|paket|colis|suivi", re.IGNORECASE
)
_LONG_NUMBER = re.compile(r"\d(?:[ ]?\d){5}")

_PHONE = re.compile(r"tel|phone|call|fon|mobil|service|hotline|whatsapp")

# PostNL, Hermes, DHL Paket, Colissimo: no check digit that is made public, but a shape nothing else
# has.
_OWN_SHAPE = re.compile(r"3S[A-Z]{2,6}\d{7,11}|H\d{19}|JJD\d{14,20}|JVGL\d{14,18}|[5-9][A-Z]\d{11}")

_UPS_SHAPE = re.compile(r"1Z[0-9A-Z]{16}")
_S10_SHAPE = re.compile(r"[A-Z]{2}[0-9]{9}[A-Z]{2}")

_S10_WEIGHTS = (8, 6, 4, 2, 3, 5, 9, 7)
_FEDEX_WEIGHTS = (3, 1, 7)


def tracking_numbers(text: str, *, known: frozenset[str] = frozenset()) -> tuple[str, ...]:
    """The tracking numbers of a text in order of appearance; `known` ones count without proof."""
    if not _LONG_NUMBER.search(text):
        return ()
    found: dict[str, None] = {}
    weak_counts = _CARRIER.search(text) is not None
    for number in _candidates(text):
        if number in known or proves_itself(number) or (weak_counts and weakly_proven(number)):
            found.setdefault(number)
    for match in _NAMED.finditer(text):
        number = match["number"].replace(" ", "").upper()
        if not _looks_like_a_phone_number(text, match.start("number")):
            found.setdefault(number)
    return tuple(found)


def proves_itself(number: str) -> bool:
    """Whether a check digit of UPS, the postal union (S10) or GS1 (USPS, DHL) confirms it."""
    if _UPS_SHAPE.fullmatch(number):
        return _ups(number)
    if _S10_SHAPE.fullmatch(number):
        return _s10(number)
    if _OWN_SHAPE.fullmatch(number):
        return True
    if number.isdecimal() and 20 <= len(number) <= 22 and number.startswith(("9", "00")):
        return _gs1(number)
    return False


def weakly_proven(number: str) -> bool:
    """Whether FedEx's check digit fits: one number in ten does by chance."""
    if not number.isdecimal():
        return False
    if len(number) == 12:
        weighted = zip(number[:11], cycle(_FEDEX_WEIGHTS))
        return sum(int(digit) * weight for digit, weight in weighted) % 11 % 10 == int(number[11])
    return len(number) == 15 and _gs1(number)


def _candidates(text: str) -> Iterator[str]:
    for match in _CANDIDATE.finditer(text):
        yield match.group().replace(" ", "").upper()


def _ups(number: str) -> bool:
    """UPS: letters count as (code - 63) mod 10, every second place double, sum up to a ten."""
    values = [int(sign) if sign.isdecimal() else (ord(sign) - 63) % 10 for sign in number[2:17]]
    total = sum(values[0::2]) + 2 * sum(values[1::2])
    return number[17].isdecimal() and (10 - total % 10) % 10 == int(number[17])


def _s10(number: str) -> bool:
    """UPU S10: eight digits by fixed weights; 11 minus the rest, 10 read as 0 and 11 as 5."""
    digits = number[2:10]
    rest = 11 - sum(int(d) * w for d, w in zip(digits, _S10_WEIGHTS, strict=True)) % 11
    return {10: 0, 11: 5}.get(rest, rest) == int(number[10])


def _gs1(number: str) -> bool:
    """GS1 modulo 10: from the right, the digits before the check digit count 3, 1, 3, 1 ..."""
    total = sum(int(d) * w for d, w in zip(reversed(number[:-1]), cycle((3, 1))))
    return (10 - total % 10) % 10 == int(number[-1])


def _looks_like_a_phone_number(text: str, start: int) -> bool:
    before = text[max(0, start - 14) : start].lower().rstrip()
    return before.endswith("+") or _PHONE.search(before) is not None
