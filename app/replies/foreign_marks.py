"""Foreign marks: the placeholders of other programs, in the words of ours.

Asked by the import of templates. A placeholder that we can fill becomes {{ name | fallback }}; any
other becomes words in square brackets, which the guard takes for a hole that a person must fill.
The names are those that the programs document: Zendesk and Freshdesk ({{ticket.requester.name}}),
Gorgias ({{ticket.customer.integrations.shopify.orders[0].name}}) and Help Scout
({%customer.firstName,fallback=there%}).
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field

from app.replies.placeholder_words import ASIDES
from app.replies.variables import KNOWN

_NAMES = {
    "customer.first_name": "first_name firstname customer_first_name customer.firstname"
    " ticket.requester.first_name ticket.requester.firstname ticket.customer.firstname"
    " requester.first_name requester.firstname contact.first_name contact.firstname"
    " customer.first_name",
    "customer.name": "name full_name customer customer_name customer.fullname customer.full_name"
    " ticket.requester.name ticket.customer.name ticket.customer.full_name requester.name"
    " contact.name customer.name client_name",
    "customer.email": "email customer_email ticket.requester.email ticket.customer.email"
    " ticket.sender.email requester.email contact.email customer.email",
    "agent.name": "agent agent_name agent.first_name agent.name user.name user.firstname"
    " user.fullname user.first_name current_user.name current_user.firstname"
    " current_user.first_name current_user.full_name ticket.agent.name ticket.assignee.name"
    " ticket.assignee.first_name ticket.assignee_user.name ticket.assignee_user.firstname"
    " ticket.agent.firstname my_name your_name",
    "shop.name": "shop shop_name store store_name store.name company company_name company.name"
    " mailbox.name helpdesk_name ticket.account ticket.brand.name brand.name shop.name",
    "order.number": "order order_number order_id order.name order.id order.number"
    " order.order_number",
    "order.total": "order_total total order.total order.total_price order.current_total_price",
    "order.date": "order_date order.date order.created_at order.order_date",
    "order.items": "items products order_items order.items order.line_items",
    "tracking.number": "tracking tracking_number tracking.number order.tracking_number"
    " order.fulfillments.tracking_number order.fulfillments.tracking_numbers",
    "tracking.carrier": "carrier tracking_company tracking.carrier order.carrier"
    " order.fulfillments.tracking_company",
    "reply.link": "tracking_url tracking_link order.fulfillments.tracking_url order.tracking_url",
}
_OURS = {foreign: name for name, every in _NAMES.items() for foreign in every.split()}
_MARK = re.compile(
    r"\{\{\{?[ \t]*(?P<double>[^{}\n]{1,200}?)[ \t]*\}\}\}?"
    r"|\{%[ \t]*(?P<percent>[^{}\n%]{1,200}?)[ \t]*%\}"
    r"|(?<!\w)%(?P<bare>[A-Za-z]+_[A-Za-z_]+)%(?!\w)"
)
# Where the name of an order begins in the data that Gorgias shows of a shop.
_ORDERS = re.compile(
    r"^(?:ticket\.)?customer\.integrations\.\w+\.(?:orders|last_order|charges)(?:\[-?\d+\])?\."
)
_INDEX = re.compile(r"\[-?\d+\]")
_FALLBACK = re.compile(
    r"(?:,\s*fallback\s*=\s*(?P<comma>.*)"
    r"|\|\s*(?:default|fallback)\s*[:(=]\s*[\"'“]?(?P<filter>[^\"'”)|]*)[\"'”]?\)?.*"
    r"|\|\s*(?P<plain>[^|:]*))$"
)
# What other programs do with a value, and what is no text to stand in its place.
_FILTERS = frozenset(
    (
        "upcase",
        "downcase",
        "capitalize",
        "escape",
        "strip",
        "strip_html",
        "first",
        "last",
        "size",
        "round",
        "date",
        "datetime_format",
        "truncate",
        "newline_to_br",
        "titlecase",
        "nl2br",
    )
)
_ODD = re.compile(r"[^\w .,'’/-]+")
_DIGITS = re.compile(r"\d+")  # a field's number says nothing, and [Order 10227] is no hole
_LONGEST_HOLE = 40


@dataclass(frozen=True, slots=True, kw_only=True)
class Translated:
    """A text with our marks; `mapped` are theirs by ours, `holes` those that nothing fills."""

    text: str
    mapped: dict[str, str] = field(default_factory=dict)
    holes: tuple[str, ...] = ()


def translated(text: str) -> Translated:
    """The text with every placeholder as ours, or as a hole in square brackets."""
    mapped: dict[str, str] = {}
    holes: dict[str, None] = {}

    def ours(match: re.Match[str]) -> str:
        written = match["double"] or match["percent"] or match["bare"]
        name, fallback = _parts(written)
        known = _known(name)
        if known is None:
            hole = _hole(name)
            holes[hole] = None
            return f"[{hole}]"
        mapped[match[0]] = known
        return f"{{{{ {known} }}}}" if fallback is None else f"{{{{ {known} | {fallback} }}}}"

    return Translated(text=_MARK.sub(ours, text), mapped=mapped, holes=tuple(holes))


def _parts(written: str) -> tuple[str, str | None]:
    """The name in a placeholder and what stands where it is empty."""
    fallback = _FALLBACK.search(written)
    if fallback is None:
        return written.strip(), None
    words = next((one for one in fallback.groups() if one is not None), "")
    if words.partition("(")[0].strip() in _FILTERS:
        return written[: fallback.start()].strip(), None
    return written[: fallback.start()].strip(), re.sub(r"[{}\n]", "", words).strip()


def _known(name: str) -> str | None:
    bare = name.strip().lower()
    if bare in KNOWN:
        return bare
    order = _ORDERS.sub("order.", bare)
    return _OURS.get(_INDEX.sub("", order))


def _hole(name: str) -> str:
    """The words for a place that a person must fill: the name of theirs, made readable."""
    words = _DIGITS.sub(" ", _INDEX.sub("", name)).replace("_", " ").replace(".", " ")
    clean = " ".join(_ODD.sub(" ", words).split())[:_LONGEST_HOLE].strip()
    is_told = len(clean) > 2 and clean[0].isalpha() and clean.lower() not in ASIDES
    return clean if is_told else "to fill in"
