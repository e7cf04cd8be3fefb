"""Order: what a shop knows of a purchase."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from app.domain.money import Money


@dataclass(frozen=True, slots=True, kw_only=True)
class LineItem:
    """One line of an order."""

    title: str
    quantity: int
    price: Money
    sku: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Order:
    """A purchase as its platform tells it; `number` is the name that customers write, without #."""

    platform: str
    platform_id: str
    number: str
    customer_name: str
    customer_email: str
    placed_at: datetime
    total: Money
    items: tuple[LineItem, ...] = ()
    tracking_numbers: tuple[str, ...] = ()
    carrier: str = ""
    financial_status: str = ""
    fulfilment_status: str = ""
    shipped_at: datetime | None = None
    delivered_at: datetime | None = None

    @property
    def atom(self) -> str:
        """The part of an issue's identity that comes from this order."""
        return f"o:{self.platform}:{self.platform_id}"


def order_key(number: str) -> str:
    """An order number as customers and shops both might write it, made comparable."""
    return number.strip().lstrip("#").strip().upper()
