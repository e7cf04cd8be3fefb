"""Order: what a shop knows of a purchase, its parcels, its returns and who bought."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from app.domain.address import key_of
from app.domain.money import Money

# How a platform calls the payment of an order for which money was taken.
CHARGED = ("paid", "partially_paid", "partially_refunded", "refunded", "disputed")


class ParcelState(StrEnum):
    """Where a parcel is; UNKNOWN is a word of the platform that this version does not know."""

    PREPARING = "preparing"
    SENT = "sent"
    IN_TRANSIT = "in_transit"
    OUT_FOR_DELIVERY = "out_for_delivery"
    ATTEMPTED = "attempted"
    DELAYED = "delayed"
    NOT_DELIVERED = "not_delivered"
    RETURNED = "returned"
    DELIVERED = "delivered"
    CANCELLED = "cancelled"
    UNKNOWN = "unknown"

    @property
    def has_left(self) -> bool:
        """Whether the shop gave it away; a label alone, or a word that nobody knows, says no."""
        return self not in (ParcelState.PREPARING, ParcelState.CANCELLED, ParcelState.UNKNOWN)


@dataclass(frozen=True, slots=True, kw_only=True)
class LineItem:
    """One line of an order; `removed` of the quantity were taken off or refunded since."""

    title: str
    quantity: int
    price: Money
    sku: str = ""
    removed: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Fulfilment:
    """One parcel of an order; `word` is the platform's own for its state."""

    id: str
    state: ParcelState
    word: str = ""
    carrier: str = ""
    tracking_numbers: tuple[str, ...] = ()
    sent_at: datetime | None = None
    moved_at: datetime | None = None
    expected_at: datetime | None = None
    delivered_at: datetime | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Return:
    """What a customer sends or wants to send back; `word` is the platform's own for its state."""

    id: str
    word: str
    reason: str = ""
    note: str = ""
    requested_at: datetime | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Refund:
    """Money that went back, as a positive amount."""

    id: str
    amount: Money
    at: datetime
    reason: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class CustomerValue:
    """What a shop says of a customer; `tier` is its own word for how good a customer that is."""

    orders: int = 0
    spent: Money | None = None
    since: datetime | None = None
    tier: str = ""
    tags: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Order:
    """A purchase as its platform tells it; `number` is the name that customers write, without #.

    Its sums are in the shop's currency; `charged` is what the buyer paid, where that was another.
    `payment_references` are the provider's names for the payment, by which a dispute finds its
    order. `url` is the order's page in the platform, for the owner to open. `deleted_at`: the
    platform does not have it any more.
    """

    platform: str
    platform_id: str
    number: str
    customer_name: str
    customer_email: str
    placed_at: datetime
    total: Money
    charged: Money | None = None
    items: tuple[LineItem, ...] = ()
    tracking_numbers: tuple[str, ...] = ()
    carrier: str = ""
    financial_status: str = ""
    fulfilment_status: str = ""
    shipped_at: datetime | None = None
    delivered_at: datetime | None = None
    updated_at: datetime | None = None
    cancelled_at: datetime | None = None
    deleted_at: datetime | None = None
    refunded: Money | None = None
    fulfilments: tuple[Fulfilment, ...] = ()
    returns: tuple[Return, ...] = ()
    refunds: tuple[Refund, ...] = ()
    value: CustomerValue | None = None
    payment_references: tuple[str, ...] = ()
    country: str = ""
    note: str = ""
    tags: tuple[str, ...] = ()
    url: str = ""
    is_test: bool = False

    @property
    def atom(self) -> str:
        """The part of an issue's identity that comes from this order."""
        return f"o:{self.platform}:{self.platform_id}"

    @property
    def customer_key(self) -> str:
        """The buyer's address as a key for comparing; empty where the shop names none."""
        return key_of(self.customer_email)

    @property
    def their_total(self) -> Money:
        """What it cost, as its buyer knows it."""
        return self.charged or self.total

    def has_cost(self, amount: Money) -> bool:
        """Whether that is its sum, in the shop's money or in the buyer's."""
        return amount in (self.total, self.charged)

    def is_of(self, email_key: str) -> bool:
        """Whether the person with this address bought it."""
        return bool(email_key) and self.customer_key == email_key


def worth_of(orders: Sequence[Order]) -> CustomerValue | None:
    """What a customer's orders add up to, newest first, without tests and what was cancelled.

    Only the currency of the newest order is added; None where there is no order.
    """
    real = [one for one in orders if not one.is_test and one.cancelled_at is None]
    if not real:
        return None
    currency = real[0].total.currency
    spent = sum(one.total.minor for one in real if one.total.currency == currency)
    back = sum(
        one.refunded.minor for one in real if one.refunded and one.refunded.currency == currency
    )
    return CustomerValue(
        orders=len(real),
        spent=Money(spent - back, currency),
        since=min(one.placed_at for one in real),
    )


def order_key(number: str) -> str:
    """An order number as customers and shops both might write it, made comparable."""
    return number.strip().lstrip("#").strip().upper()


@dataclass(frozen=True, slots=True, kw_only=True)
class OrderLink:
    """Which order an issue is about, and why; `by_person`: somebody picked it, and it stays.

    `number` is empty where a person said that it is about none of them. `runner_up` is the next
    likely order, with what speaks for it. Where no shop is connected the number stands unproven.
    Two shops may both count from 1001, so `atom` says which order it is, and `runner_up_atom` the
    same of the next; they are empty where no shop knows it, or an older Frontburner wrote it.
    `by_provider`: the disputed payment is this order's.
    """

    number: str
    atom: str = ""
    because: tuple[str, ...] = ()
    points: int = 0
    runner_up: str = ""
    runner_up_atom: str = ""
    runner_up_because: tuple[str, ...] = ()
    by_person: bool = False
    by_provider: bool = False


def order_clues(order: Order) -> frozenset[str]:
    """By what an order can be found beside its number and its customer's address."""
    parcels = {parcel_clue(number) for number in order.tracking_numbers}
    payments = {payment_clue(name) for name in order.payment_references}
    return frozenset(filter(None, parcels | payments | {name_clue(order.customer_name)}))


def payment_clue(reference: str) -> str:
    """A provider's name of a payment as something to look an order up by; empty without one."""
    return f"payment:{reference.strip()}" if reference.strip() else ""


def parcel_clue(number: str) -> str:
    """A tracking number as something to look an order up by; empty where there is none."""
    bare = "".join(number.split()).upper()
    return f"parcel:{bare}" if bare else ""


def name_clue(name: str) -> str:
    """The last word of a person's name, without accents, as something to look an order up by."""
    words = name_words(name)
    return f"name:{words[-1]}" if len(words) > 1 else ""


def name_words(name: str) -> tuple[str, ...]:
    """The words of a name in small letters and without accents, for comparing."""
    bare = unicodedata.normalize("NFKD", name).casefold().translate(_UNDECOMPOSED)
    kept = "".join(sign for sign in bare if not unicodedata.combining(sign))
    return tuple(word for word in re.split(r"[^\w]+", kept) if word)


_UNDECOMPOSED = str.maketrans({"ł": "l", "ø": "o", "đ": "d", "æ": "ae", "œ": "oe", "ı": "i"})
