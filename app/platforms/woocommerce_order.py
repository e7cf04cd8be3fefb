"""WooCommerce order: what the shop's REST API says of an order, as the domain's words.

Measured on WooCommerce 11.0.1: instants are naive and in UTC, amounts are text, a refund's total is
negative, and what a plug-in knows of a parcel lies in the meta data.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from decimal import Decimal
from html import unescape
from typing import Any

from app.domain.money import Money
from app.domain.order import Fulfilment, LineItem, Order, ParcelState, Refund
from app.domain.translation import tr
from app.platforms.reading import (
    Broken,
    maybe_money,
    moment,
    money,
    number,
    rows,
    table,
    text,
    whole,
)

PLATFORM = "woocommerce"
GONE = "trash"
_PAYMENT = {
    "pending": "pending",
    "on-hold": "pending",
    "failed": "failed",
    "cancelled": "cancelled",
    "refunded": "refunded",
}
_FETCHED = ("local_pickup", "pickup_location")
_SHIPPING = {"completed": "fulfilled", "processing": "unfulfilled"}

Row = Mapping[str, Any]


def order_id(place: str, told: object) -> str:
    """What we call an order: ids count up from 1 in every shop, so its place stands first."""
    return f"{place}#{whole(told)}"


def read_order(
    row: Row,
    *,
    place: str,
    root: str,
    refunds: Iterable[Row] = (),
    parcels: Sequence[Row] = (),
) -> Order:
    """The order that a row tells; `refunds` and `parcels` are asked for beside it.

    `place` names the shop, `root` is the address of its WordPress. Raises Broken.
    """
    currency = row.get("currency")
    placed_at = moment(row.get("date_created_gmt"))
    if not whole(row.get("id")) or placed_at is None:
        raise Broken(tr("it has no number or no date"))
    status = text(row.get("status"))
    billing = table(row.get("billing"))
    total = money(row.get("total"), currency)
    returned = sum((abs(money(one.get("total"), currency).minor) for one in _refunds(row)), 0)
    sent = (*_fulfilments(parcels, row), *_by_plugin(row))
    completed_at = moment(row.get("date_completed_gmt"))
    return Order(
        platform=PLATFORM,
        platform_id=order_id(place, row.get("id")),
        number=text(row.get("number")) or text(row.get("id")),
        customer_name=_name(billing) or _name(table(row.get("shipping"))),
        customer_email=text(billing.get("email")),
        placed_at=placed_at,
        total=total,
        items=_items(row, refunds, currency),
        tracking_numbers=tuple(dict.fromkeys(n for one in sent for n in one.tracking_numbers)),
        carrier=next((one.carrier for one in sent if one.carrier), ""),
        financial_status=_payment(status, total, returned, paid=moment(row.get("date_paid_gmt"))),
        fulfilment_status=_SHIPPING.get(status, status),
        shipped_at=min(
            (one.sent_at for one in sent if one.sent_at),
            default=completed_at if _is_posted(row) else None,
        ),
        updated_at=moment(row.get("date_modified_gmt")) or placed_at,
        cancelled_at=moment(row.get("date_modified_gmt")) if status == "cancelled" else None,
        refunded=Money(returned, total.currency) if returned else None,
        fulfilments=sent,
        refunds=_read_refunds(refunds, row, currency),
        payment_references=_references(row),
        country=text(table(row.get("shipping")).get("country")) or text(billing.get("country")),
        note=text(row.get("customer_note")),
        url=f"{root}/wp-admin/post.php?post={whole(row.get('id'))}&action=edit",
    )


def _is_posted(row: Row) -> bool:
    """Whether its things are sent: a download has no way of shipping, and some are fetched."""
    ways = [text(one.get("method_id")) for one in rows(row.get("shipping_lines"))]
    return any(not way.startswith(_FETCHED) for way in ways)


def _refunds(row: Row) -> list[Row]:
    return rows(row.get("refunds"))


def _name(address: Row) -> str:
    parts = (text(address.get("first_name")), text(address.get("last_name")))
    return " ".join(filter(None, parts)) or text(address.get("company"))


def _payment(status: str, total: Money, returned: int, *, paid: datetime | None) -> str:
    if returned and returned < total.minor:
        return "partially_refunded"
    if returned and status != "cancelled":
        return "refunded"
    return _PAYMENT.get(status, "paid" if paid else "pending")


def _items(row: Row, refunds: Iterable[Row], currency: object) -> tuple[LineItem, ...]:
    removed: dict[str, Decimal] = {}
    for line in (line for one in refunds for line in rows(one.get("line_items"))):
        line_id = _meta(line, "_refunded_item_id")
        removed[line_id] = removed.get(line_id, Decimal(0)) + abs(number(line.get("quantity")))
    return tuple(
        _item(line, removed.get(text(line.get("id")), Decimal(0)), currency)
        for line in rows(row.get("line_items"))
    )


def _item(line: Row, removed: Decimal, currency: object) -> LineItem:
    """A line of whole pieces; half a kilo is one piece, the amount in its name."""
    title = unescape(text(line.get("name")))  # WordPress keeps a title as it stands in a web page
    count = number(line.get("quantity"))
    is_counted = count == int(count)
    if not is_counted:
        title = f"{count.normalize():f} × {title}"
        removed, count = Decimal(removed >= abs(count)), Decimal(1)
    total = money(line.get("total") or "0", currency)  # `price` is a float of the server
    price = round(total.minor / max(1, abs(int(count))))
    return LineItem(
        title=title,
        quantity=int(count),
        price=Money(price, total.currency),
        sku=text(line.get("sku")),
        removed=int(removed),
    )


def _read_refunds(refunds: Iterable[Row], row: Row, currency: object) -> tuple[Refund, ...]:
    wanted = {text(one.get("id")) for one in _refunds(row)}
    found = (one for one in refunds if text(one.get("id")) in wanted)
    made = []
    for one in found:
        amount, at = maybe_money(one.get("amount"), currency), moment(one.get("date_created_gmt"))
        if amount is not None and at is not None:
            amount = Money(abs(amount.minor), amount.currency)
            reason = text(one.get("reason"))
            made.append(Refund(id=text(one.get("id")), amount=amount, at=at, reason=reason))
    return tuple(sorted(made, key=lambda one: (one.at, one.id)))


def _fulfilments(parcels: Sequence[Row], row: Row) -> tuple[Fulfilment, ...]:
    return tuple(
        Fulfilment(
            id=text(one.get("id")),
            state=ParcelState.SENT if _is_fulfilled(one) else ParcelState.PREPARING,
            word=text(one.get("status")),
            carrier=_called(_meta(one, "_shipment_provider")),
            tracking_numbers=_numbers(_meta(one, "_tracking_number")),
            sent_at=moment(_meta(one, "_date_fulfilled")) if _is_fulfilled(one) else None,
        )
        for one in parcels
        if not one.get("date_deleted")
    )


def _is_fulfilled(one: Row) -> bool:
    """True when it is written, "1" when it is read."""
    return one.get("is_fulfilled") in (True, 1, "1", "true", "yes")


def _by_plugin(row: Row) -> tuple[Fulfilment, ...]:
    """What the shipment tracking plug-in wrote, in the meta data of the order."""
    found = [
        one.get("value")
        for one in rows(row.get("meta_data"))
        if one.get("key") == "_wc_shipment_tracking_items"
    ]
    return tuple(
        Fulfilment(
            id=text(each.get("tracking_id")) or f"plugin-{count}",
            state=ParcelState.SENT,
            carrier=text(each.get("custom_tracking_provider"))
            or _called(text(each.get("tracking_provider"))),
            tracking_numbers=_numbers(text(each.get("tracking_number"))),
            sent_at=moment(whole(each.get("date_shipped"))),
        )
        for value in found
        for count, each in enumerate(rows(value))
    )


def _called(slug: str) -> str:
    """A carrier as people and clocks call it: royal-mail is Royal Mail's name in an address."""
    return slug.replace("-", " ").replace("_", " ")


def _numbers(told: str) -> tuple[str, ...]:
    """Of a parcel in two boxes both numbers are written into the one field."""
    return tuple(filter(None, (one.strip() for one in re.split(r"[,;|\n]", told))))


def _meta(row: Row, key: str) -> str:
    return next(
        (text(one.get("value")) for one in rows(row.get("meta_data")) if one.get("key") == key), ""
    )


def _references(row: Row) -> tuple[str, ...]:
    """The provider's names of the payment; the Stripe plug-in keeps the intent in the meta data."""
    told = (text(row.get("transaction_id")), _meta(row, "_stripe_intent_id"))
    return tuple(dict.fromkeys(one for one in told if one))
