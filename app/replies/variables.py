"""Variables: the closed list of names that a template may use, and the values we know for them.

On the walk: desk asks for the values of an issue -> render puts them into a template.
"""

from __future__ import annotations

import difflib
from collections.abc import Iterable
from datetime import datetime

from babel import Locale, UnknownLocaleError
from babel.dates import format_date
from babel.numbers import format_currency

from app.domain.errors import KnownError
from app.domain.message import Address
from app.domain.money import Money
from app.domain.order import LineItem, Order
from app.replies.names import first_name, flat, full_name

# What the shop's data can tell.
GIVEN: dict[str, str] = {
    "customer.first_name": "the customer's first name, where it is plain which one it is",
    "customer.name": "the customer's whole name, or the firm's",
    "customer.email": "the customer's address",
    "order.number": "the order's number, without #",
    "order.total": "what the order cost, with its currency",
    "order.date": "the day of the order",
    "order.items": "what was ordered, in one line",
    "tracking.number": "the parcel's number",
    "tracking.carrier": "who carries the parcel",
    "shop.name": "the name of the shop",
    "agent.name": "the name of the person who replies",
}
# What only the person who replies can say; a template leaves these open on purpose.
ASKED: dict[str, str] = {
    "reply.answer": "the answer itself, in a sentence or two",
    "reply.date": "the day that you promise or name",
    "reply.amount": "the amount that you refund or charge",
    "reply.item": "the article it is about",
    "reply.address": "the address it goes to",
    "reply.link": "a link to a page of the shop",
}
KNOWN: frozenset[str] = frozenset(GIVEN) | frozenset(ASKED)

_ITEMS_SHOWN = 5
# English dates with the day first, so that 3 November is never read as 11 March.
_DATE_LOCALES = {"en": "en_GB"}


def values(
    *,
    customer: Address,
    order: Order | None = None,
    shop_name: str = "",
    agent_name: str = "",
    language: str = "en",
) -> dict[str, str]:
    """What is known, by name; a name that is missing here was not known.

    Amounts and dates are written as the language writes them (English if we do not know it).
    """
    found = {
        **_of_customer(customer, order),
        **(_of_order(order, language) if order else {}),
        "shop.name": flat(shop_name),
        "agent.name": flat(agent_name),
    }
    return {name: value for name, value in found.items() if value}


def nearest(name: str) -> str:
    """The known name that looks most like this one."""
    return (difflib.get_close_matches(name.lower(), sorted(KNOWN), n=1, cutoff=0) or [""])[0]


def refuse_unknown(names: Iterable[str]) -> None:
    """Raise a KnownError for the first name that no template can use."""
    for name in names:
        if name not in KNOWN:
            raise KnownError(
                f"There is no variable {flat(name)[:60]}",
                f"The nearest is {nearest(name)}.",
                f"These exist: {', '.join(sorted(KNOWN))}.",
            )


def _of_customer(customer: Address, order: Order | None) -> dict[str, str]:
    """The mail's own name first; where it tells none, that of the order, if it is theirs."""
    display = customer.name
    theirs = order is not None and order.customer_email.strip().lower() in ("", customer.key)
    if order is not None and theirs and not full_name(display):
        display = order.customer_name
    return {
        "customer.first_name": first_name(display, customer.email),
        "customer.name": full_name(display),
        "customer.email": flat(customer.email),
    }


def _of_order(order: Order, language: str) -> dict[str, str]:
    return {
        "order.number": flat(order.number).lstrip("#"),
        "order.total": _money(order.total, language),
        "order.date": _date(order.placed_at, language),
        "order.items": _items(order.items),
        "tracking.number": flat(", ".join(order.tracking_numbers)),
        "tracking.carrier": flat(order.carrier),
    }


def _money(amount: Money, language: str) -> str:
    return format_currency(amount.value, amount.currency, locale=_locale(language))


def _date(at: datetime, language: str) -> str:
    return format_date(at.date(), "long", locale=_locale(_DATE_LOCALES.get(language, language)))


def _items(items: tuple[LineItem, ...]) -> str:
    shown = [f"{item.quantity} × {flat(item.title)}" for item in items[:_ITEMS_SHOWN]]
    more = len(items) - len(shown)
    return ", ".join([*shown, f"+ {more}"] if more else shown)


def _locale(language: str) -> Locale:
    try:
        return Locale.parse(language.replace("-", "_") or "en")
    except (UnknownLocaleError, ValueError):
        return Locale("en")
