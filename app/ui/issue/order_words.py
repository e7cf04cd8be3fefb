"""What a receipt says of an order's life: payment, parcels, returns, refunds, and who bought. Pure.

A state that this version does not know is said in the platform's own words, and marked.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from app.domain.journal import State
from app.domain.money import Money
from app.domain.order import CustomerValue, Fulfilment, Order, ParcelState, Refund, Return
from app.domain.translation import to_translate, tr, trn
from app.domain.views import InboxRow
from app.ui.issue.foreign_text import line
from app.ui.words import day, kind_word, money

PARCEL_WORDS = {
    ParcelState.PREPARING: to_translate("being packed"),
    ParcelState.SENT: to_translate("sent"),
    ParcelState.IN_TRANSIT: to_translate("on its way"),
    ParcelState.OUT_FOR_DELIVERY: to_translate("comes today"),
    ParcelState.ATTEMPTED: to_translate("nobody was there"),
    ParcelState.DELAYED: to_translate("delayed"),
    ParcelState.NOT_DELIVERED: to_translate("could not be delivered"),
    ParcelState.RETURNED: to_translate("comes back"),
    ParcelState.DELIVERED: to_translate("delivered"),
    ParcelState.CANCELLED: to_translate("cancelled"),
}
_NOT_SENT, _SENT = to_translate("not sent yet"), to_translate("sent")
# What Shopify, WooCommerce and their plug-ins say of a whole order.
SHIPPING_WORDS = {
    "unfulfilled": _NOT_SENT,
    "open": _NOT_SENT,
    "pending fulfillment": _NOT_SENT,
    "scheduled": to_translate("to be sent later"),
    "on hold": to_translate("on hold"),
    "on-hold": to_translate("on hold"),
    "in progress": to_translate("being packed"),
    "partial": to_translate("partly sent"),
    "partially fulfilled": to_translate("partly sent"),
    "fulfilled": _SENT,
    "shipped": _SENT,
    "delivered": to_translate("delivered"),
    "returned": to_translate("came back"),
    "restocked": to_translate("came back"),
}
_TROUBLE = (
    ParcelState.ATTEMPTED, ParcelState.DELAYED, ParcelState.NOT_DELIVERED, ParcelState.RETURNED,
)  # fmt: skip
PLATFORM_WORDS = {"shopify": "Shopify", "woocommerce": "WooCommerce"}
_PUT_AWAY = (State.RESOLVED, State.CLOSED)


@dataclass(frozen=True, slots=True, kw_only=True)
class Step:
    """One thing that became of an order: what, when or how, a small line, and its tone; `within`
    is what it says in the middle of a line."""

    what: str
    how: str = ""
    below: str = ""
    tone: str = ""
    within: str = ""


def warnings(order: Order, now: datetime) -> tuple[str, ...]:
    """What must be known before anything else is read; empty for most orders."""
    said = []
    if order.is_test:
        said.append(tr("A test order: no money moved"))
    if order.deleted_at is not None:
        said.append(tr("The shop no longer has this order"))
    if order.cancelled_at is not None:
        said.append(tr("Cancelled {day}", day=day(order.cancelled_at, now)))
    return tuple(said)


def money_steps(order: Order, now: datetime) -> tuple[Step, ...]:
    """How it was paid, what went back, and what is left."""
    steps = []
    if order.financial_status:
        steps.append(Step(what=tr("Payment"), how=_said(order.financial_status)))
    steps += [_refund(one, now) for one in order.refunds]
    back = order.refunded
    if back is not None and back.minor > 0:
        if not order.refunds:
            steps.append(Step(what=tr("Refunded"), how=_minus(back)))
        if back.currency == order.total.currency and back.minor < order.total.minor:
            kept = Money(order.total.minor - back.minor, back.currency)
            steps.append(Step(what=tr("Left of it"), how=money(kept)))
    return tuple(steps)


def parcel_steps(order: Order, now: datetime) -> tuple[Step, ...]:
    """Where each parcel is; of an order whose shop tells no parcels, what it tells."""
    if order.fulfilments:
        return tuple(_parcel(one, now) for one in order.fulfilments)
    steps = []
    if order.shipped_at is not None:
        steps.append(Step(what=tr("Shipped"), within=tr("shipped"), how=day(order.shipped_at, now)))
    elif order.fulfilment_status:
        steps.append(_shipping(order.fulfilment_status))
    if order.delivered_at is not None:
        steps.append(
            Step(what=tr("Delivered"), within=tr("delivered"), how=day(order.delivered_at, now))
        )
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
        since = tr("since {day}", day=day(value.since, now)) if value.since else ""
        steps.append(
            Step(what=tr("Customer"), how=trn("{n} order", "{n} orders", value.orders), below=since)
        )
    if value.spent is not None:
        steps.append(Step(what=tr("Spent in all"), how=money(value.spent)))
    if value.tier:
        steps.append(Step(what=tr("Standing"), how=_said(value.tier)))
    if value.tags:
        steps.append(Step(what=", ".join(line(tag) for tag in value.tags[:4])))
    return tuple(steps)


def now_words(order: Order, now: datetime) -> str:
    """Where an order stands, in a few words: for the strip that stands for the receipt."""
    if order.cancelled_at is not None:
        return tr("cancelled {day}", day=day(order.cancelled_at, now))
    steps = (*parcel_steps(order, now), *return_steps(order, now))
    troubled = next((step for step in steps if step.tone), None)
    last = troubled or (steps[-1] if steps else None)
    if last is None:
        return tr("ordered {day}", day=day(order.placed_at, now))
    return last.within if troubled else f"{last.within} {last.how}".strip()


def all_tracking(order: Order) -> tuple[str, ...]:
    """Every tracking number once, of the order and of its parcels."""
    numbers = (
        *order.tracking_numbers,
        *(n for one in order.fulfilments for n in one.tracking_numbers),
    )
    return tuple(dict.fromkeys(line(number) for number in numbers if line(number)))


def link_words(order: Order) -> str:
    """What the button says that opens the order in its platform."""
    platform = PLATFORM_WORDS.get(order.platform)
    return tr("Open in {platform}", platform=platform) if platform else tr("Open in the shop")


def earlier_words(row: InboxRow, now: datetime) -> str:
    """An earlier issue on one line: when, what about, and whether it is over."""
    over = tr("done") if row.state in _PUT_AWAY else tr("open")
    return f"{day(row.last_at, now)}  ·  {kind_word(row.kind)}  ·  {over}"


def _shipping(status: str) -> Step:
    """What a platform calls "unfulfilled" is, among shopkeepers, not sent yet."""
    known = SHIPPING_WORDS.get(_plain(status))
    if known is not None:
        return Step(what=tr("Shipping"), how=tr(known))
    return Step(what=tr("Shipping"), within=tr("shipping"), how=_said(status))


def _parcel(one: Fulfilment, now: datetime) -> Step:
    word = tr(PARCEL_WORDS.get(one.state, "")) or tr(
        "“{word}”", word=_said(one.word) or tr("unknown")
    )
    carrier = line(one.carrier)
    moved: list[tuple[str, datetime | None]] = [
        (to_translate("sent {time}"), one.sent_at),
        (to_translate("last seen {time}"), one.moved_at),
        (to_translate("expected {time}"), one.expected_at),
    ]
    told = [tr(said, time=day(at, now)) for said, at in moved if at and not one.delivered_at]
    late = (
        one.expected_at is not None
        and one.delivered_at is None
        and one.expected_at < now
        and one.state is not ParcelState.CANCELLED
    )
    tone = "high" if late or one.state in _TROUBLE or one.state is ParcelState.UNKNOWN else ""
    when = day(one.delivered_at, now) if one.delivered_at else ""
    what = f"{carrier}: {word}" if carrier else tr("Parcel: {state}", state=word)
    below = ", ".join(told)
    return Step(what=what, how=when, below=below, tone=tone, within=word)


def _return(one: Return, now: datetime) -> Step:
    when = day(one.requested_at, now) if one.requested_at else ""
    why, state = line(one.note) or _said(one.reason), _said(one.word)
    what, within = tr("Return {state}", state=state), tr("return {state}", state=state)
    return Step(what=what.strip(), how=when, below=why, within=within.strip())


def _refund(one: Refund, now: datetime) -> Step:
    below = ", ".join(part for part in (day(one.at, now), line(one.reason)) if part)
    return Step(what=tr("Refunded"), how=_minus(one.amount), below=below)


def _minus(amount: Money) -> str:
    return money(Money(-abs(amount.minor), amount.currency))


def _said(status: str) -> str:
    """A platform's word: in the owner's language where it is one of the usual ones."""
    said = _plain(status)
    return tr(said) if said in _USUAL else said


def _plain(status: str) -> str:
    return line(status).replace("_", " ").lower()


_USUAL = frozenset(
    {
        to_translate("paid"),
        to_translate("pending"),
        to_translate("authorized"),
        to_translate("partially paid"),
        to_translate("partially refunded"),
        to_translate("refunded"),
        to_translate("disputed"),
        to_translate("voided"),
        to_translate("expired"),
        to_translate("fulfilled"),
        to_translate("unfulfilled"),
        to_translate("partial"),
        to_translate("partially fulfilled"),
        to_translate("in progress"),
        to_translate("on hold"),
        to_translate("on-hold"),
        to_translate("scheduled"),
        to_translate("open"),
        to_translate("processing"),
        to_translate("completed"),
        to_translate("failed"),
        to_translate("cancelled"),
        to_translate("requested"),
        to_translate("closed"),
        to_translate("declined"),
        to_translate("canceled"),
        to_translate("size too small"),
        to_translate("size too large"),
        to_translate("unwanted"),
        to_translate("defective"),
        to_translate("wrong item"),
        to_translate("not as described"),
        to_translate("color"),
        to_translate("style"),
        to_translate("other"),
        to_translate("restocked"),
        to_translate("shipped"),
        to_translate("delivered"),
        to_translate("in transit"),
    }
)
