"""Variables: the closed list of names that a template may use, and the values we know for them.

On the walk: desk asks for the values of an issue -> render puts them into a template.
"""

from __future__ import annotations

import difflib
from collections.abc import Iterable
from datetime import datetime, tzinfo

from babel import Locale, UnknownLocaleError
from babel.dates import format_date
from babel.numbers import format_currency

from app.domain.errors import KnownError
from app.domain.message import Address
from app.domain.money import Money
from app.domain.order import LineItem, Order, name_words
from app.domain.translation import to_translate, tr
from app.replies.names import first_name, flat, full_name

# What the shop's data can tell.
GIVEN: dict[str, str] = {
    "customer.first_name": to_translate(
        "the customer's first name, where it is plain which one it is"
    ),
    "customer.name": to_translate("the customer's whole name, or the firm's"),
    "customer.email": to_translate("the customer's address"),
    "order.number": to_translate("the order's number, without #"),
    "order.total": to_translate("what the order cost, with its currency"),
    "order.date": to_translate("the day of the order"),
    "order.items": to_translate("what was ordered, in one line"),
    "tracking.number": to_translate("the parcel's number"),
    "tracking.carrier": to_translate("who carries the parcel"),
    "shop.name": to_translate("the name of the shop"),
    "agent.name": to_translate("the name of the person who replies"),
}
# What only the person who replies can say; a template leaves these open on purpose.
ASKED: dict[str, str] = {
    "reply.answer": to_translate("the answer itself, in a sentence or two"),
    "reply.date": to_translate("the day that you promise or name"),
    "reply.amount": to_translate("the amount that you refund or charge"),
    "reply.item": to_translate("the article it is about"),
    "reply.address": to_translate("the address it goes to"),
    "reply.link": to_translate("a link to a page of the shop"),
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
    zone: tzinfo,
) -> dict[str, str]:
    """What is known, by name; a name that is missing here was not known.

    Amounts and dates are written as the language writes them (English if we do not know it); the
    day of an order is that of the shop, in whose `zone` the customer read it too.
    """
    found = {
        **_of_customer(customer, order),
        **(_of_order(order, language, zone) if order else {}),
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
                tr("There is no variable {name}", name=flat(name)[:60]),
                tr("The nearest is {name}.", name=nearest(name)),
                tr("These exist: {known}.", known=", ".join(sorted(KNOWN))),
            )


def _of_customer(customer: Address, order: Order | None) -> dict[str, str]:
    """The mail's own name first; where it tells none, or one word of that of the order, the order's
    name, if the order is theirs."""
    display = customer.name
    theirs = order is not None and order.customer_key in ("", customer.key)
    if order is not None and theirs and _tells_less(display, order.customer_name):
        display = order.customer_name
    return {
        "customer.first_name": first_name(display, customer.email),
        "customer.name": full_name(display, customer.email),
        "customer.email": flat(customer.email),
    }


def _tells_less(display: str, ordered: str) -> bool:
    """Weber, of whom the order says that she is Anna Weber."""
    words = name_words(display)
    return not full_name(display) or (len(words) == 1 and words[0] in name_words(ordered))


def _of_order(order: Order, language: str, zone: tzinfo) -> dict[str, str]:
    return {
        "order.number": flat(order.number).lstrip("#"),
        "order.total": _money(order.their_total, language),
        "order.date": _date(order.placed_at.astimezone(zone), language),
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
