"""Entities: the orders, parcels, sums, articles and days that a message names.

The third step of the walk. Numbers are looked for in the whole mail, because a reply quotes the
order it is about; sums and days only in what was newly said.
"""

from __future__ import annotations

import re

from app.domain.assessment import Entities, MessageContext
from app.domain.message import Message
from app.domain.order import order_key
from app.triage.amounts import amounts
from app.triage.days import NamedDay
from app.triage.lines import tidied
from app.triage.order_numbers import order_numbers
from app.triage.tracking import proves_itself, tracking_numbers
from app.triage.words import READ_AT_MOST

_SKU = re.compile(r"(?<![\w@/.-])[A-Z][A-Z0-9]{1,5}(?:-[A-Z0-9]{1,6}){1,4}(?![\w@-]|/\d)")
_NEVER_A_SKU = re.compile(
    r"(?:SO|WC|ORD|PO|PP|INV|RET|RMA|PS|DU|CB|CVE|ISO|UTF|RFC|DIN|EN|CMR|RE|COVID|UTC|GMT)-"
)
# A batch is made of an article and is none: "Charge L2511-07".
_BATCH_BEFORE = re.compile(
    r"(?:charge|chargen|los|lot|batch|lotto|lote|partij|partia|partii)[ -]?"
    r"(?:n[ro°º]?|number|nummer|numero|num[eé]ro|numer|code)?\W{0,3}$",
    re.IGNORECASE,
)


def entities_of(
    message: Message, context: MessageContext, *, days: tuple[NamedDay, ...]
) -> Entities:
    """What the message names; `days` are those found in its new text."""
    subject = message.subject[:READ_AT_MOST]
    whole = f"{subject}\n\n{tidied(message.text[:READ_AT_MOST])}"
    new = f"{subject}\n\n{tidied(message.new_text[:READ_AT_MOST])}"
    parcels = frozenset(n for order in context.orders for n in order.tracking_numbers)
    tracking = tracking_numbers(whole, known=parcels)
    numbers = order_numbers(whole, known=(order.number for order in context.orders))
    return Entities(
        order_numbers=tuple(number for number in numbers if number not in tracking),
        tracking_numbers=tracking,
        amounts=amounts(new),
        skus=_skus(whole, context, taken=frozenset(map(order_key, numbers))),
        dates=tuple(dict.fromkeys(named.day.isoformat() for named in days)),
    )


def _skus(text: str, context: MessageContext, *, taken: frozenset[str]) -> tuple[str, ...]:
    known = {item.sku for order in context.orders for item in order.items if item.sku}
    found: dict[str, None] = {}
    for match in _SKU.finditer(text):
        sku = match.group()
        is_batch = _BATCH_BEFORE.search(text[max(0, match.start() - 24) : match.start()])
        if sku in known or (not is_batch and _looks_like_a_sku(sku, taken)):
            found.setdefault(sku)
    for sku in sorted(known):
        if sku in text:
            found.setdefault(sku)
    return tuple(found)


def _looks_like_a_sku(text: str, taken: frozenset[str]) -> bool:
    return (
        (any(sign.isdigit() for sign in text) or text.count("-") >= 2)
        and text not in taken
        and not _NEVER_A_SKU.match(text)
        and not proves_itself(text)
    )
