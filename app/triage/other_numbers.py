"""Other numbers: the words that say that a number is something else's: an invoice's, a case's.

Part of the entities, for `order_numbers`, which asks them of what stands before a number.
"""

from __future__ import annotations

import re

from app.triage.words import fold

_READ_BEFORE = 44
_NUMBER = (
    r"(?:[ -]?(?:n[ro°º]?s?\.?|n\.[ro°º]\.?|number|nummer|numero|numer|numeru|num|id|ref|reference"
    r"|code|kod|codigo|codice))?"
)
# Whose number it is. A complaint has none: "Reklamation #1042" is about that order.
_THINGS = (
    r"(?:ticket|vorgangs?|rechnungs?|charge-?back|streitfall|dossier|invoice|credit note|gutschrift"
    r"|facture|factura|fattura|factuur|fatura|faktur[ay]|article|artikel|articulo|articolo|artigo"
    r"|artykulu?|gutschein|voucher|serial|customer|kunden?|clients?|clientes?|klant(?:en)?|klienta?"
    r"|account|tracking|geschil|litige|disput[ae]?|contestazione|contestacao|contracargo"
    r"|retrofacturation|terugboeking|riaddebito|obciazeni[ae] zwrotne(?:go)?"
    r"|(?<![a-z])(?:case|claim|fall|caso|sprawa|sprawy|spor|item|art|ref|rif|room|apt|flat|unit|track"
    r"|parcel|lot|batch|charge|version|models?|modell?[oe]?|sku|coupon|gift card))"
)
_ITS_NUMBER = re.compile(rf"{_THINGS}\.?{_NUMBER}[^\w,]{{0,3}}$")


def is_of_something_else(text: str, start: int) -> bool:
    """Whether what stands before a place in a text says that its number is no order's."""
    line = text[max(0, start - _READ_BEFORE) : start].rpartition("\n")[2]
    return _ITS_NUMBER.search(fold(line)) is not None
