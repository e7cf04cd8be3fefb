"""What a receipt says of an order's life: payment, parcels, returns, refunds, and who bought. Pure.

A state that this version does not know is said in the platform's own words, and marked.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from app.domain.journal import State
from app.domain.money import Money
from app.domain.order import CustomerValue, Fulfilment, Order, ParcelState, Refund, Return
from app.domain.views import InboxRow
from app.ui.issue.foreign_text import line
from app.ui.words import counted, day, kind_word, money

PARCEL_WORDS = {
    ParcelState.PREPARING: "being packed",
    ParcelState.SENT: "sent",
    ParcelState.IN_TRANSIT: "on its way",
    ParcelState.OUT_FOR_DELIVERY: "comes today",
    ParcelState.ATTEMPTED: "nobody was there",
    ParcelState.DELAYED: "delayed",
    ParcelState.NOT_DELIVERED: "could not be delivered",
    ParcelState.RETURNED: "comes back",
    ParcelState.DELIVERED: "delivered",
    ParcelState.CANCELLED: "cancelled",
}
_TROUBLE = (
    ParcelState.ATTEMPTED, ParcelState.DELAYED, ParcelState.NOT_DELIVERED, ParcelState.RETURNED,
)  # fmt: skip
PLATFORM_WORDS = {"shopify": "Shopify", "woocommerce": "WooCommerce"}
_PUT_AWAY = (State.RESOLVED, State.CLOSED)


@dataclass(frozen=True, slots=True, kw_only=True)
class Step:
    """One thing that became of an order: what, when or how, a small line, and its tone."""

    what: str
    how: str = ""
    below: str = ""
    tone: str = ""


def warnings(order: Order, now: datetime) -> tuple[str, ...]:
    """What must be known before anything else is read; empty for most orders."""
    said = []
    if order.is_test:
        said.append("A test order: no money moved")
    if order.deleted_at is not None:
        said.append("The shop no longer has this order")
    if order.cancelled_at is not None:
        said.append(f"Cancelled {day(order.cancelled_at, now)}")
    return tuple(said)


def money_steps(order: Order, now: datetime) -> tuple[Step, ...]:
    """How it was paid, what went back, and what is left."""
    steps = []
    if order.financial_status:
        steps.append(Step(what="Payment", how=_said(order.financial_status)))
    steps += [_refund(one, now) for one in order.refunds]
    back = order.refunded
    if back is not None and back.minor > 0:
        if not order.refunds:
            steps.append(Step(what="Refunded", how=_minus(back)))
        if back.currency == order.total.currency and back.minor < order.total.minor:
            kept = Money(order.total.minor - back.minor, back.currency)
            steps.append(Step(what="Left of it", how=money(kept)))
    return tuple(steps)


def parcel_steps(order: Order, now: datetime) -> tuple[Step, ...]:
    """Where each parcel is; of an order whose shop tells no parcels, what it tells."""
    if order.fulfilments:
        return tuple(_parcel(one, now) for one in order.fulfilments)
    steps = []
    if order.shipped_at is not None:
        steps.append(Step(what="Shipped", how=day(order.shipped_at, now)))
    elif order.fulfilment_status:
        steps.append(Step(what="Shipping", how=_said(order.fulfilment_status)))
    if order.delivered_at is not None:
        steps.append(Step(what="Delivered", how=day(order.delivered_at, now)))
    return tuple(steps)


def return_steps(order: Order, now: datetime) -> tuple[Step, ...]:
    """What the customer sends back."""
    return tuple(_return(one, now) for one in order.returns)


def customer_steps(value: CustomerValue | None, now: datetime) -> tuple[Step, ...]:
    """What a customer is worth, as the shop says, or as our orders of theirs add up."""
    if value is None:
        return ()
    steps = []
    if value.orders:
        since = f"since {day(value.since, now)}" if value.since else ""
        steps.append(Step(what="Customer", how=counted(value.orders, "order"), below=since))
    if value.spent is not None:
        steps.append(Step(what="Spent in all", how=money(value.spent)))
    if value.tier:
        steps.append(Step(what="Standing", how=_said(value.tier)))
    if value.tags:
        steps.append(Step(what=", ".join(line(tag) for tag in value.tags[:4])))
    return tuple(steps)


def now_words(order: Order, now: datetime) -> str:
    """Where an order stands, in a few words: for the strip that stands for the receipt."""
    if order.cancelled_at is not None:
        return f"cancelled {day(order.cancelled_at, now)}"
    steps = (*parcel_steps(order, now), *return_steps(order, now))
    troubled = next((step for step in steps if step.tone), None)
    last = troubled or (steps[-1] if steps else None)
    if last is None:
        return f"ordered {day(order.placed_at, now)}"
    return f"{last.what.lower()} {last.how}".strip() if not troubled else _trouble(last)


def all_tracking(order: Order) -> tuple[str, ...]:
    """Every tracking number once, of the order and of its parcels."""
    numbers = (
        *order.tracking_numbers,
        *(n for one in order.fulfilments for n in one.tracking_numbers),
    )
    return tuple(dict.fromkeys(line(number) for number in numbers if line(number)))


def link_words(order: Order) -> str:
    """What the button says that opens the order in its platform."""
    return f"Open in {PLATFORM_WORDS.get(order.platform, 'the shop')}"


def earlier_words(row: InboxRow, now: datetime) -> str:
    """An earlier issue on one line: when, what about, and whether it is over."""
    over = "done" if row.state in _PUT_AWAY else "open"
    return f"{day(row.last_at, now)}  ·  {kind_word(row.kind)}  ·  {over}"


def _parcel(one: Fulfilment, now: datetime) -> Step:
    word = PARCEL_WORDS.get(one.state) or f"“{_said(one.word) or 'unknown'}”"
    carrier = line(one.carrier)
    told = [
        f"sent {day(one.sent_at, now)}" if one.sent_at and not one.delivered_at else "",
        f"last seen {day(one.moved_at, now)}" if one.moved_at and not one.delivered_at else "",
        f"expected {day(one.expected_at, now)}" if one.expected_at and not one.delivered_at else "",
    ]
    late = (
        one.expected_at is not None
        and one.delivered_at is None
        and one.expected_at < now
        and one.state is not ParcelState.CANCELLED
    )
    tone = "high" if late or one.state in _TROUBLE or one.state is ParcelState.UNKNOWN else ""
    when = day(one.delivered_at, now) if one.delivered_at else ""
    what = f"{carrier}: {word}" if carrier else f"Parcel: {word}"
    return Step(what=what, how=when, below=", ".join(part for part in told if part), tone=tone)


def _trouble(step: Step) -> str:
    return step.what.partition(": ")[2] or step.what.lower()


def _return(one: Return, now: datetime) -> Step:
    when = day(one.requested_at, now) if one.requested_at else ""
    why = line(one.note) or _said(one.reason)
    return Step(what=f"Return {_said(one.word)}".strip(), how=when, below=why)


def _refund(one: Refund, now: datetime) -> Step:
    below = ", ".join(part for part in (day(one.at, now), line(one.reason)) if part)
    return Step(what="Refunded", how=_minus(one.amount), below=below)


def _minus(amount: Money) -> str:
    return money(Money(-abs(amount.minor), amount.currency))


def _said(status: str) -> str:
    return line(status).replace("_", " ").lower()
