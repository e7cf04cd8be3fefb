"""Linking: which order an issue is about, as a sum of what speaks for each, with the next likely.

After the issue of a mail is found, and again whenever something is said in it. What was said in all
its mails counts together. Something must name the buyer or the order: an article and a sum alone
are another customer's as easily. An order that somebody else's address bought is linked by its bare
number only where nothing of the sender's own fits, and the reason says so.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from types import MappingProxyType

from app.domain.assessment import Entities
from app.domain.money import Money
from app.domain.order import Order, OrderLink, name_clue, name_words, order_key, parcel_clue
from app.domain.translation import tr
from app.triage.clues import comparable_words, title_words
from app.triage.lines import tidied
from app.triage.words import READ_AT_MOST

LINKED_FROM = 5
EMPTY: Mapping[str, str] = MappingProxyType({})
_PICKED = 7
_NUMBER, _STRANGERS_NUMBER, _PARCEL, _ADDRESS, _NAME, _INITIAL = 8, 5, 8, 6, 4, 2
_ARTICLE, _PRODUCT, _PRODUCT_WORD, _TOTAL, _PRICE, _LONG_AGO = 3, 3, 2, 3, 2, -2
_OLD = timedelta(days=400)
_FRESH = timedelta(days=60)
_COMMON_PREFIX = 6

# "Nadine Jaubert" or "N. Jaubert" on a line of its own near the end of what was written.
_SIGNED = re.compile(r"[^\W\d_][\w'’-]*\.?(?: [^\W\d_][\w'’-]*\.?){1,3}")
_LAST_LINES = 5


@dataclass(frozen=True, slots=True, kw_only=True)
class Told:
    """What the mails of an issue say about its order; `emails` are keys, `names` as written."""

    emails: frozenset[str] = frozenset()
    names: tuple[str, ...] = ()
    numbers: frozenset[str] = frozenset()
    parcels: frozenset[str] = frozenset()
    amounts: frozenset[Money] = frozenset()
    articles: frozenset[str] = frozenset()
    words: frozenset[str] = frozenset()
    first_at: datetime | None = None
    by_machine: bool = False

    @property
    def clues(self) -> frozenset[str]:
        """By what orders are looked up that neither number nor address names."""
        named = {name_clue(name) for name in self.names}
        return frozenset(filter(None, named | {parcel_clue(number) for number in self.parcels}))

    def __or__(self, other: Told) -> Told:
        moments = [at for at in (self.first_at, other.first_at) if at is not None]
        return Told(
            emails=self.emails | other.emails,
            names=tuple(dict.fromkeys((*self.names, *other.names))),
            numbers=self.numbers | other.numbers,
            parcels=self.parcels | other.parcels,
            amounts=self.amounts | other.amounts,
            articles=self.articles | other.articles,
            words=self.words | other.words,
            first_at=min(moments, default=None),
            by_machine=self.by_machine or other.by_machine,
        )


def told_by(
    *,
    email: str,
    name: str,
    subject: str,
    new_text: str,
    entities: Entities,
    at: datetime,
    by_machine: bool = False,
) -> Told:
    """What one mail says; `email` is its sender's key, unless a machine wrote `by_machine`."""
    text = tidied(new_text[:READ_AT_MOST])
    return Told(
        emails=frozenset({email} if email and not by_machine else ()),
        names=() if by_machine else _people(name, *_signatures(text)),
        numbers=frozenset(map(order_key, entities.order_numbers)),
        parcels=frozenset("".join(one.split()).upper() for one in entities.tracking_numbers),
        amounts=frozenset(entities.amounts),
        articles=frozenset(one.upper() for one in entities.skus),
        words=comparable_words(f"{subject}\n{text}"),
        first_at=at,
        by_machine=by_machine,
    )


def link(
    told: Told, candidates: Iterable[Order], *, picked: Mapping[str, str] = EMPTY
) -> OrderLink | None:
    """The likeliest of these orders, with its reasons and the runner-up; None where none fits.

    `picked` leads from orders (keys of their numbers) that a person linked with the same sender, or
    the same unknown number, to the sentence that says so.
    """
    every = tuple(dict.fromkeys(candidates))
    named = any(order_key(order.number) in told.numbers for order in every)
    bound = EMPTY if named else picked
    weighed = [(_weigh(order, told, bound), order) for order in every]
    likely = [(found, order) for found, order in weighed if found.points >= LINKED_FROM]
    if not likely:
        return None
    likely.sort(key=lambda pair: (-pair[0].points, *_newest_first(pair[1], told)))
    (best, order), *others = likely
    following = others[0] if others else None
    return OrderLink(
        number=order.number,
        atom=order.atom,
        because=best.because,
        points=best.points,
        runner_up=following[1].number if following else "",
        runner_up_atom=following[1].atom if following else "",
        runner_up_because=following[0].because if following else (),
    )


def points_to(told: Told, own: Iterable[Order]) -> str:
    """The one order among a customer's `own` whose contents the mail names better than those of any
    other: an article, a product, a sum. Empty where the words fit none, or several alike."""
    weighed = sorted(
        ((sum(points for points, _ in _contents(order, told)), order.number) for order in own),
        reverse=True,
    )
    best, following = (*weighed, (0, ""), (0, ""))[:2]
    return best[1] if best[0] >= _PRODUCT and best[0] > following[0] else ""


@dataclass(frozen=True, slots=True)
class _Weighed:
    points: int
    because: tuple[str, ...]


def _weigh(order: Order, told: Told, picked: Mapping[str, str]) -> _Weighed:
    pieces = [*_identity(order, told)]
    if (because := picked.get(order_key(order.number))) is not None:
        pieces.insert(0, (_PICKED, because))
    if not pieces:
        return _Weighed(0, ())
    pieces += _contents(order, told)
    if told.first_at is not None and told.first_at - order.placed_at > _OLD:
        pieces.append((_LONG_AGO, tr("but it was placed more than a year before")))
    return _Weighed(sum(points for points, _ in pieces), tuple(said for _, said in pieces))


def _identity(order: Order, told: Told) -> Iterable[tuple[int, str]]:
    """What names this order or its buyer."""
    email = order.customer_key
    own = bool(email) and email in told.emails
    name = _name_of(order, told)
    if order_key(order.number) in told.numbers:
        known = own or not email or name is not None or told.by_machine
        if known:
            yield _NUMBER, tr("its number is in the mail")
        else:
            said = tr("its number is in the mail, though another address bought it")
            yield _STRANGERS_NUMBER, said
    parcel = next((one for one in order.tracking_numbers if _bare(one) in told.parcels), None)
    if parcel:
        yield _PARCEL, tr("its parcel {parcel} is in the mail", parcel=parcel)
    if own:
        yield _ADDRESS, tr("the address that wrote bought it")
    elif name is not None:
        yield name


def _name_of(order: Order, told: Told) -> tuple[int, str] | None:
    buyer = name_words(order.customer_name)
    if len(buyer) < 2:
        return None
    for name in told.names:
        words = name_words(name)
        if set(words) == set(buyer):
            return _NAME, tr("{customer_name} bought it", customer_name=order.customer_name)
        if (
            words[-1] == buyer[-1]
            and words[0][:1] == buyer[0][:1]
            and 1 in map(len, (words[0], buyer[0]))
        ):
            return _INITIAL, tr(
                "{customer_name} bought it, and {name} wrote",
                customer_name=order.customer_name,
                name=name,
            )
    return None


def _contents(order: Order, told: Told) -> Iterable[tuple[int, str]]:
    """What fits besides: an article, a product's words, a sum."""
    article = next((i.sku for i in order.items if i.sku.upper() in told.articles and i.sku), None)
    if article:
        yield _ARTICLE, tr("{article} is in it", article=article)
    else:
        title, share, count = _best_title(order, told)
        if count:
            points = _PRODUCT if count > 1 or share >= 1 else _PRODUCT_WORD
            yield points, tr("“{title}” is in it", title=title)
    total = next((one for one in (order.their_total, order.total) if one in told.amounts), None)
    if total is not None:
        yield _TOTAL, tr("{total} was its total", total=total.said)
    elif price := next((i.price for i in order.items if i.price in told.amounts), None):
        yield _PRICE, tr("{price} is the price of an article in it", price=price.said)


def _best_title(order: Order, told: Told) -> tuple[str, float, int]:
    best = ("", 0.0, 0)
    for item in order.items:
        words = title_words(item.title)
        met = sum(any(_same(word, said) for said in told.words) for word in words)
        if met and (met / len(words), met) > best[1:]:
            best = (item.title, met / len(words), met)
    return best


def _same(one: str, other: str) -> bool:
    """The same word, its plural, or a compound of it (Regal, Wandregal)."""
    if one == other:
        return True
    short, long = sorted((one, other), key=len)
    return long.endswith(short) or (len(short) >= _COMMON_PREFIX and long.startswith(short))


def _newest_first(order: Order, told: Told) -> tuple[bool, float, str]:
    """Of equals the one that is still open, then the one placed last before the mail."""
    now = told.first_at or order.placed_at
    done = order.delivered_at is not None and now - order.delivered_at > _FRESH
    return (done or order.placed_at > now, -order.placed_at.timestamp(), order.number)


def _people(*names: str) -> tuple[str, ...]:
    return tuple(one for one in names if len(name_words(one)) > 1)


def _signatures(text: str) -> Sequence[str]:
    lines = [line.strip(" ,-–—") for line in text.split("\n") if line.strip()]
    return [one for one in lines[-_LAST_LINES:] if len(one) < 60 and _SIGNED.fullmatch(one)]


def _bare(number: str) -> str:
    return "".join(number.split()).upper()
