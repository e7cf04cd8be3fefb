"""The issue's own phrases: where it stands, how long is left, what the receipt says. Pure."""

from __future__ import annotations

from datetime import datetime

from app.domain.order import Order
from app.domain.views import InboxRow
from app.ui.issue.foreign_text import line
from app.ui.words import Standing, day, money, person, standing


def place_words(row: InboxRow) -> str:
    """Who and about what, on one line: "Ben Costa · ben@… · order 10227 · €64.00"."""
    parts = [line(person(row.customer))]
    if row.customer.name and row.customer.email and (row.suspicious or not row.order_number):
        parts.append(line(row.customer.email))
    if row.order_number:
        parts.append(f"order {line(row.order_number)}")
    if row.order_total is not None:
        parts.append(money(row.order_total))
    if row.assignee:
        parts.append(f"given to {line(row.assignee)}")
    return "  ·  ".join(parts)


def left_words(row: InboxRow, now: datetime) -> Standing:
    """How long is left, so that it reads on its own: "1 h 36 left"."""
    stands = standing(row, now)
    if stands.text.startswith("in "):
        return Standing(f"{stands.text.removeprefix('in ')} left", stands.tone, stands.exact)
    if stands.text.startswith("late "):
        return Standing(f"{stands.text.removeprefix('late ')} late", stands.tone, stands.exact)
    if stands.text.startswith("due "):
        what = "" if row.deadline_for else "answer "
        return Standing(f"{what}{stands.text}", stands.tone, stands.exact)
    return stands


def order_steps(order: Order, now: datetime) -> tuple[tuple[str, str], ...]:
    """What became of an order: (what, when or how), in the order of its life."""
    steps = [("Ordered", day(order.placed_at, now))]
    if order.financial_status:
        steps.append(("Payment", _said(order.financial_status)))
    if order.shipped_at is not None:
        steps.append(("Shipped", day(order.shipped_at, now)))
    elif order.fulfilment_status:
        steps.append(("Shipping", _said(order.fulfilment_status)))
    if order.delivered_at is not None:
        steps.append(("Delivered", day(order.delivered_at, now)))
    return tuple(steps)


def _said(status: str) -> str:
    return line(status).replace("_", " ").lower()
