"""Doubts: what in a draft does not fit the issue that it answers; a person is asked about it.

On the walk: engine/looking_over reads what the draft names -> here -> the desks. A false doubt is
as bad as none: whatever the customer or we have written in the conversation before is in order,
and where too little is known nobody is asked.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta

from app.domain.day_text import long_weekday
from app.domain.money import Money
from app.domain.objection import Objection, Weight
from app.domain.order import Order, name_words, order_key
from app.domain.translation import tr
from app.replies import attachment_words
from app.replies.cues import gives_money_back, looks_ahead
from app.replies.greetings import greeted
from app.replies.sentences import sentence_around
from app.replies.temper import angry_at

_SHORTEST = 3  # letters that two names must share to be forms of one: Ben, Benjamin
_FORGOTTEN_YEAR = timedelta(days=60)  # a day without a year that is longer ago is next year's
_SLASHED = re.compile(r"(\d{1,2})[/-](\d{1,2})[/-](\d{2,4})")
_LATE, _EARLY = 22, 5  # hours: between these nobody should send in anger


@dataclass(frozen=True, slots=True, kw_only=True)
class NamedOrder:
    """An order number in the draft, and the order that the shop knows by it."""

    number: str
    start: int
    end: int
    order: Order | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class NamedSum:
    """An amount of money in the draft."""

    amount: Money
    start: int
    end: int


@dataclass(frozen=True, slots=True, kw_only=True)
class NamedDate:
    """A day in the draft; `weekday` is the one that stands before it (0 is Monday), if any."""

    day: date
    start: int
    end: int
    weekday: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Stranger:
    """An address, a parcel or a whole name in the draft that belongs to another customer."""

    whose: str
    start: int
    end: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Content:
    """What a draft names, each with its place."""

    orders: tuple[NamedOrder, ...] = ()
    sums: tuple[NamedSum, ...] = ()
    days: tuple[NamedDate, ...] = ()
    strangers: tuple[Stranger, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Known:
    """What is known around a draft.

    `names` are the customer's as people and shops write them, `customer` the one to show. `orders`
    are all of this customer, `order` the one that the issue is about. `numbers`, `sums` and `heard`
    (folded words) are what was written in the conversation, by anybody. `knows_orders`: a shop is
    connected. `today` and `hour` are the owner's.
    """

    today: date
    hour: int
    customer: str = ""
    names: tuple[str, ...] = ()
    local_part: str = ""
    order: Order | None = None
    order_number: str = ""
    orders: tuple[Order, ...] = ()
    numbers: frozenset[str] = frozenset()
    sums: frozenset[Money] = frozenset()
    heard: frozenset[str] = field(default_factory=frozenset)
    knows_orders: bool = False


def doubts(
    body: str, known: Known, content: Content, *, has_files: bool = False
) -> tuple[Objection, ...]:
    """Everything that only looks wrong, in the order of the text; hints come last."""
    asked = [
        *_greeting(body, known),
        *(one for named in content.orders for one in _order(named, known)),
        *(one for named in content.sums for one in _sum(named, body, known)),
        *(one for named in content.days for one in _day(named, body, known.today)),
        *_strangers(body, content.strangers),
        *(() if has_files else _attachment(body)),
    ]
    return (*sorted(asked, key=lambda one: one.start), *_temper(body, known.hour))


def _asks(because: str, named: NamedOrder | NamedSum | NamedDate | Stranger) -> Objection:
    return Objection(weight=Weight.ASKS, because=because, start=named.start, end=named.end)


def _greeting(body: str, known: Known) -> Iterator[Objection]:
    found = greeted(body)
    if found is None or not any(name.isascii() for one in known.names for name in name_words(one)):
        return
    words = name_words(found.name)
    if any(_is_theirs(word, known) for word in words):
        return
    because = tr(
        "You greet “{name}”, and this customer is {customer}.",
        name=found.name,
        customer=known.customer,
    )
    yield Objection(weight=Weight.ASKS, because=because, start=found.start, end=found.end)


def _is_theirs(word: str, known: Known) -> bool:
    """Whether a name in a greeting can be the customer's: any form of it, or one they signed by."""
    if word in known.heard or (len(word) >= _SHORTEST and word in known.local_part):
        return True
    return any(_is_form(word, other) for name in known.names for other in name_words(name))


def _is_form(one: str, other: str) -> bool:
    short, long = sorted((one, other), key=len)
    return one == other or (len(short) >= _SHORTEST and short in long)


def _order(named: NamedOrder, known: Known) -> Iterator[Objection]:
    key = order_key(named.number)
    theirs = {order_key(one.number) for one in known.orders} | known.numbers
    about = order_key(known.order_number)
    if key in theirs or key == about:
        return
    if named.order is not None:
        whose = named.order.customer_name or named.order.customer_email
        yield _asks(
            tr(
                "Order {number} is {whose}'s, not {customer}'s.",
                number=named.number,
                whose=whose,
                customer=known.customer,
            ),
            named,
        )
    elif about:
        if known.knows_orders:
            yield _asks(
                tr(
                    "There is no order {number}; this is about {about}.",
                    number=named.number,
                    about=about,
                ),
                named,
            )
        else:
            yield _asks(
                tr(
                    "You write order {number}; this is about {about}.",
                    number=named.number,
                    about=about,
                ),
                named,
            )


def _sum(named: NamedSum, body: str, known: Known) -> Iterator[Objection]:
    order = known.order
    if order is None or named.amount in known.sums:
        return
    amount = _in_their_dollars(named, body, order)
    begin, end = sentence_around(body, named.start, named.end)
    if _is_slip(amount, order.their_total) and not _is_price_of(amount, order):
        yield _asks(_cost_another(amount, order), named)
    elif gives_money_back(body[begin:end]):
        paid = {one.atom: one.their_total for one in (order, *known.orders)}.values()
        if all(amount.currency != one.currency for one in paid):
            yield _asks(_cost_another(amount, order), named)
        elif amount.minor > sum(one.minor for one in paid if one.currency == amount.currency):
            yield _asks(
                tr(
                    "{amount} is more than was paid: order {number} cost {total}.",
                    amount=amount.said,
                    number=order.number,
                    total=order.their_total.said,
                ),
                named,
            )


def _in_their_dollars(named: NamedSum, body: str, order: Order) -> Money:
    """A bare $ is the dollar that the order was paid in."""
    written = body[named.start : named.end]
    is_bare = "$" in written and not re.search(r"[A-Za-z]\$", written)
    if is_bare and order.their_total.currency.endswith("D"):
        return Money(named.amount.minor, order.their_total.currency)
    return named.amount


def _cost_another(amount: Money, order: Order) -> str:
    return tr(
        "You write {amount}; order {number} cost {total}.",
        amount=amount.said,
        number=order.number,
        total=order.their_total.said,
    )


def _is_slip(amount: Money, total: Money) -> bool:
    """Whether two neighbouring digits of the order's total were written the wrong way round."""
    one, other = str(amount.minor), str(total.minor)
    if amount.currency != total.currency or len(one) != len(other):
        return False
    odd = [at for at in range(len(one)) if one[at] != other[at]]
    return (
        len(odd) == 2
        and odd[1] == odd[0] + 1
        and (one[odd[0]], one[odd[1]]) == (other[odd[1]], other[odd[0]])
    )


def _is_price_of(amount: Money, order: Order) -> bool:
    prices = {one.price for one in order.items} | {one.amount for one in order.refunds}
    return amount in prices


def _day(named: NamedDate, body: str, today: date) -> Iterator[Objection]:
    written = " ".join(body[named.start : named.end].split())
    if _may_be_to_come(named, written, today):
        if named.weekday is not None and named.day.weekday() != named.weekday:
            is_on = long_weekday(named.day)
            yield _asks(
                tr(
                    "{written} is a {is_on}; you write another day of the week.",
                    written=written,
                    is_on=is_on,
                ),
                named,
            )
        return
    begin, _ = sentence_around(body, named.start, named.end)
    if looks_ahead(body[begin : named.start]):
        yield _asks(
            tr("You promise something for {written}, and that day has passed.", written=written),
            named,
        )


def _may_be_to_come(named: NamedDate, written: str, today: date) -> bool:
    """Whether the day lies ahead, or could by another reading of what is written."""
    if named.day >= today:
        return True
    has_year = bool(re.search(r"\d{4}", written))
    if not has_year and today - named.day > _FORGOTTEN_YEAR:
        return True
    if slashed := _SLASHED.fullmatch(written):  # 12/01/2026 is in December for some
        day, month, year = (int(part) for part in slashed.groups())
        if day <= 12:
            return date(year if year > 99 else 2000 + year, day, min(month, 28)) >= today
    return False


def _strangers(body: str, found: Sequence[Stranger]) -> Iterator[Objection]:
    for one in found:
        what = " ".join(body[one.start : one.end].split())
        if what.casefold() == one.whose.casefold():
            yield _asks(tr("{what} is another customer of yours.", what=what), one)
        else:
            yield _asks(
                tr("{what} belongs to another customer, {whose}.", what=what, whose=one.whose), one
            )


def _attachment(body: str) -> Iterator[Objection]:
    place = attachment_words.place(body)
    if place:
        start, end = place
        words = " ".join(body[start:end].split())
        because = tr("You write “{words}”, and nothing is attached.", words=words)
        yield Objection(weight=Weight.ASKS, because=because, start=start, end=end)


def _temper(body: str, hour: int) -> Iterator[Objection]:
    if _EARLY <= hour < _LATE:
        return
    if place := angry_at(body):
        because = tr("It is late, and this reads angry. It could go out tomorrow morning.")
        yield Objection(weight=Weight.HINTS, because=because, start=place[0], end=place[1])
