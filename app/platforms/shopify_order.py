"""Shopify order: what the Admin API says of an order, as the domain's words."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any

from app.domain.money import Money
from app.domain.order import (
    CustomerValue,
    Fulfilment,
    LineItem,
    Order,
    ParcelState,
    Refund,
    Return,
)
from app.domain.translation import tr
from app.platforms.reading import Broken, maybe_money, moment, money, rows, table, text, whole

PLATFORM = "shopify"
_STATES = {
    "ATTEMPTED_DELIVERY": ParcelState.ATTEMPTED,
    "CANCELED": ParcelState.CANCELLED,
    "CARRIER_PICKED_UP": ParcelState.IN_TRANSIT,
    "CONFIRMED": ParcelState.SENT,
    "DELAYED": ParcelState.DELAYED,
    "DELIVERED": ParcelState.DELIVERED,
    "FAILURE": ParcelState.NOT_DELIVERED,
    "FULFILLED": ParcelState.SENT,
    "IN_TRANSIT": ParcelState.IN_TRANSIT,
    "LABEL_PRINTED": ParcelState.PREPARING,
    "LABEL_PURCHASED": ParcelState.PREPARING,
    "LABEL_VOIDED": ParcelState.CANCELLED,
    "MARKED_AS_FULFILLED": ParcelState.SENT,
    "NOT_DELIVERED": ParcelState.NOT_DELIVERED,
    "OUT_FOR_DELIVERY": ParcelState.OUT_FOR_DELIVERY,
    "PICKED_UP": ParcelState.DELIVERED,
    "READY_FOR_PICKUP": ParcelState.OUT_FOR_DELIVERY,
    "SUBMITTED": ParcelState.PREPARING,
    "": ParcelState.SENT,
}
# In what a gateway answered, the names of a payment that a dispute may bear.
_PAYMENT_KEYS = (
    "transaction_id",
    "charge_id",
    "charge",
    "payment_intent_id",
    "payment_intent",
    "id",
)
_PAYMENT_NAME = re.compile(r"(?:(?:pi|ch|py)_[A-Za-z0-9]{8,64}|[A-Z0-9]{17})")
_LONGEST_RECEIPT = 100_000

Row = Mapping[str, Any]


def read_order(row: Row, *, admin: str) -> Order:
    """The order that a row tells; `admin` is the address of the shop's admin. Raises Broken."""
    number, placed_at = text(row.get("legacyResourceId")), moment(row.get("createdAt"))
    if not number or placed_at is None:
        raise Broken(tr("it has no number or no date"))
    customer = table(row.get("customer"))
    parcels = tuple(_parcel(one) for one in rows(row.get("fulfillments")))
    refunded = _shop_money(row, "totalRefundedSet") if row.get("totalRefundedSet") else None
    address = table(row.get("shippingAddress")) or table(row.get("billingAddress"))
    email = text(row.get("email")) or text(
        table(customer.get("defaultEmailAddress")).get("emailAddress")
    )
    return Order(
        platform=PLATFORM,
        platform_id=number,
        number=text(row.get("name")).lstrip("#") or number,
        customer_name=text(customer.get("displayName")) or text(address.get("name")),
        customer_email=email,
        placed_at=placed_at,
        total=_shop_money(row, "totalPriceSet"),
        charged=_charged(row),
        items=tuple(_line(one) for one in nodes(row.get("lineItems"))),
        tracking_numbers=tuple(dict.fromkeys(n for one in parcels for n in one.tracking_numbers)),
        carrier=next((one.carrier for one in parcels if one.carrier), ""),
        financial_status=text(row.get("displayFinancialStatus")).lower(),
        fulfilment_status=text(row.get("displayFulfillmentStatus")).lower(),
        shipped_at=min((one.sent_at for one in parcels if one.sent_at), default=None),
        delivered_at=_delivered_at(parcels),
        updated_at=moment(row.get("updatedAt")) or placed_at,
        cancelled_at=moment(row.get("cancelledAt")),
        refunded=refunded if refunded and refunded.minor else None,
        fulfilments=parcels,
        returns=tuple(_return(one) for one in nodes(row.get("returns"))),
        refunds=tuple(_refunds(row)),
        value=_value(customer),
        payment_references=_references(rows(row.get("transactions"))),
        country=text(address.get("countryCodeV2")),
        note=text(row.get("note")),
        tags=_words(row.get("tags")),
        url=f"{admin}/orders/{number}",
        is_test=row.get("test") is True,
    )


def nodes(connection: object) -> list[Row]:
    """The records of a connection."""
    return rows(table(connection).get("nodes"))


def _shop_money(row: Row, name: str) -> Money:
    told = table(table(row.get(name)).get("shopMoney"))
    return money(told.get("amount"), told.get("currencyCode"))


def _charged(row: Row) -> Money | None:
    """What the buyer paid, where they see prices in another currency than the shop's."""
    told = table(table(row.get("totalPriceSet")).get("presentmentMoney"))
    paid = maybe_money(told.get("amount"), told.get("currencyCode"))
    own = _shop_money(row, "totalPriceSet").currency
    return paid if paid is not None and paid.currency != own else None


def _words(value: object) -> tuple[str, ...]:
    return tuple(text(one) for one in value) if isinstance(value, list) else ()


def _line(row: Row) -> LineItem:
    quantity = whole(row.get("quantity"))
    return LineItem(
        title=text(row.get("name")),
        quantity=quantity,
        price=_shop_money(row, "originalUnitPriceSet"),
        sku=text(row.get("sku")),
        removed=max(0, quantity - whole(row.get("currentQuantity"), quantity)),
    )


def _parcel(row: Row) -> Fulfilment:
    word = text(row.get("displayStatus"))
    tracking = rows(row.get("trackingInfo"))
    events = (moment(one.get("happenedAt")) for one in nodes(row.get("events")))
    delivered_at = moment(row.get("deliveredAt"))
    state = _STATES.get(word, ParcelState.UNKNOWN)
    waits = state in (ParcelState.PREPARING, ParcelState.CANCELLED)  # a label alone, or taken back
    return Fulfilment(
        id=text(row.get("legacyResourceId")),
        state=ParcelState.DELIVERED if delivered_at else state,
        word=word,
        carrier=next((text(one.get("company")) for one in tracking if one.get("company")), ""),
        tracking_numbers=tuple(filter(None, (text(one.get("number")) for one in tracking))),
        sent_at=None if waits else moment(row.get("createdAt")),
        moved_at=max((at for at in (*events, moment(row.get("inTransitAt"))) if at), default=None),
        expected_at=moment(row.get("estimatedDeliveryAt")),
        delivered_at=delivered_at,
    )


def _delivered_at(parcels: tuple[Fulfilment, ...]) -> datetime | None:
    """When the last parcel arrived; None while one is on its way."""
    days = [one.delivered_at for one in parcels if one.state is not ParcelState.CANCELLED]
    arrived = [day for day in days if day is not None]
    return max(arrived) if arrived and len(arrived) == len(days) else None


def _return(row: Row) -> Return:
    lines = nodes(row.get("returnLineItems"))
    reasons = (text(table(one.get("returnReasonDefinition")).get("name")) for one in lines)
    notes = (text(one.get(key)) for one in lines for key in ("customerNote", "returnReasonNote"))
    return Return(
        id=text(row.get("id")).rpartition("/")[2],
        word=text(row.get("status")).lower(),
        reason=", ".join(dict.fromkeys(filter(None, reasons))),
        note="\n".join(dict.fromkeys(filter(None, notes))),
        requested_at=moment(row.get("createdAt")),
    )


def _refunds(row: Row) -> Iterable[Refund]:
    for one in rows(row.get("refunds")):
        at = moment(one.get("createdAt")) or moment(one.get("processedAt"))
        amount = _shop_money(one, "totalRefundedSet")
        if at is not None and amount.minor:  # a line taken off without money is no refund
            number = text(one.get("legacyResourceId"))
            yield Refund(id=number, amount=amount, at=at, reason=text(one.get("note")))


def _value(customer: Row) -> CustomerValue | None:
    if not customer:
        return None
    spent = table(customer.get("amountSpent"))
    return CustomerValue(
        orders=whole(customer.get("numberOfOrders")),
        spent=money(spent.get("amount"), spent.get("currencyCode")) if spent else None,
        since=moment(customer.get("createdAt")),
        tier=text(table(customer.get("statistics")).get("rfmGroup")).lower(),
        tags=_words(customer.get("tags")),
    )


def _references(transactions: Iterable[Row]) -> tuple[str, ...]:
    """The names under which a payment provider may dispute the payment."""
    found: list[str] = []
    for one in transactions:
        found.append(text(one.get("paymentId")))
        receipt = _receipt(one.get("receiptJson"))
        told = (text(receipt.get(key)) for key in _PAYMENT_KEYS)
        found += (name for name in told if _PAYMENT_NAME.fullmatch(name))
    return tuple(dict.fromkeys(filter(None, found)))


def _receipt(value: object) -> Row:
    """What the gateway answered: JSON, or a text that holds JSON."""
    if isinstance(value, str) and len(value) <= _LONGEST_RECEIPT:
        try:
            value = json.loads(value)
        except (ValueError, RecursionError):
            return {}
    return table(value)
