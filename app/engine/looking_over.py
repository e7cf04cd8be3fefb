"""Looking over: a draft is held against everything that the profile knows around its issue.

On the walk: editor or `send_reply` -> here -> `replies/guard` (what stops) and `replies/doubts`
(what asks). What a draft names is read by the same parts that read customers' mails.
"""

from __future__ import annotations

import re
from collections import OrderedDict
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, tzinfo

from app.domain.issue import Issue
from app.domain.message import Address, Direction
from app.domain.money import Money
from app.domain.objection import Objection, Weight
from app.domain.order import Order, name_clue, name_words, order_key, parcel_clue
from app.domain.reply import Draft
from app.domain.translation import tr
from app.replies import guard
from app.replies.doubts import Content, Known, NamedDate, NamedOrder, NamedSum, Stranger, doubts
from app.replies.sentences import own_words
from app.storage import issues, orders
from app.storage.connection import Connection
from app.storage.messages import StoredMessage
from app.triage.amounts import amounts, named_amounts
from app.triage.days import named_days
from app.triage.language import language_of
from app.triage.moments import weekday_named
from app.triage.order_numbers import surely_named
from app.triage.words import fold, words_of

_READ = 20_000  # characters of a conversation, the newest first, and of a draft
_TELLS = 600  # characters that tell the language
_KEPT = 4  # conversations whose words are at hand while somebody writes
_MOST = 40  # names and numbers of a draft that are looked up
_ADDRESS = re.compile(r"[^\s@<>,;:()\"']+@[^\s@<>,;:()\"']+\.[A-Za-z]{2,}")
_NUMBER = re.compile(r"(?<![\w-])[A-Z]{0,6}-?\d{3,12}(?!\w)", re.IGNORECASE)
_OTHERWISE = re.compile(r"[\w‐‑–-]+(?:[., \u00a0\u202f]\d{3}(?!\d))?")
_PARCEL = re.compile(r"(?<![\w-])(?=(?:[A-Z]*\d){6})[A-Z\d]{8,30}(?![\w-])")
_WHOLE_NAME = re.compile(r"(?<!\w)([^\W\d_a-z][^\W\d_]+)[ \t]+([^\W\d_a-z][^\W\d_]+)(?!\w)")
_WEEKDAY_BEFORE = re.compile(
    r"([a-z]{3,})(?:-feira)?[,.]?\s*(?:the|den|dem|der|le|el|il|de|dia)?\s*$"
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Around:
    """What a draft is held against: the issue, its mails, and whom of us it is from.

    `heard` is the newest mail that was there when its words were begun; 0: nobody knows.
    """

    issue: Issue
    stored: Sequence[StoredMessage]
    to: tuple[Address, ...]
    own: frozenset[str]
    our_names: tuple[str, ...]
    values: dict[str, str]
    heard: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class _Said:
    """What was written in a conversation: its words, its numbers, its sums."""

    words: frozenset[str]
    numbers: frozenset[str]
    sums: frozenset[Money]
    text: str


class LookingOver:
    """Keeps what was said in the last few conversations, because a draft is looked over at every
    pause in writing."""

    def __init__(self, *, zone: Callable[[], tzinfo]) -> None:
        self._zone = zone
        self._said: OrderedDict[tuple[int, ...], _Said] = OrderedDict()

    def objections(
        self, db: Connection, draft: Draft, around: Around, *, now: datetime
    ) -> tuple[Objection, ...]:
        """Everything that speaks against this draft, what stops it first."""
        body = own_words(draft.body[:_READ])
        known = self._known(db, around, now=now)
        stops = guard.check(
            draft,
            own_addresses=around.own,
            values=around.values,
            heard=_heard_of_them(around, known),
        )
        content = _content(db, body, around, known, text=self._heard(around.stored).text)
        asked = doubts(body, known, content, has_files=bool(draft.files))
        held = (one for one in asked if not any(map(one.overlaps, stops)))
        return (*stops, *_written_since(around), *held)

    def _known(self, db: Connection, around: Around, *, now: datetime) -> Known:
        issue, person = around.issue, next(iter(around.to), around.issue.customer)
        said = self._heard(around.stored)
        order = orders.of_issue(db, issue)
        theirs = (*orders.of_customer(db, person.key), *((order,) if order else ()))
        names = [person.name, issue.customer.name, *(one.customer_name for one in theirs)]
        writers = (one.from_ for one in around.stored)
        names += [one.name for one in writers if one and not one.is_one_of(around.own)]
        local = now.astimezone(self._zone())
        return Known(
            today=local.date(),
            hour=local.hour,
            customer=next(filter(None, names), person.email),
            names=tuple(dict.fromkeys(filter(None, names))),
            local_part=fold(person.email.partition("@")[0]),
            order=order,
            order_number=issue.order_number,
            orders=theirs,
            numbers=said.numbers,
            sums=said.sums,
            heard=said.words,
            knows_orders=order is not None or orders.count(db) > 0,
        )

    def _heard(self, stored: Sequence[StoredMessage]) -> _Said:
        key = tuple(one.id for one in stored)
        if key not in self._said:
            self._said[key] = _said(stored)
            while len(self._said) > _KEPT:
                self._said.popitem(last=False)
        return self._said[key]


def _written_since(around: Around) -> Iterator[Objection]:
    """What came while the words were written may have changed all that they are about."""
    if not around.heard:
        return
    for one in around.stored:
        is_person = one.assessment is not None and one.assessment.gate.counts_as_customer_reply
        if one.direction is Direction.IN and one.id > around.heard and is_person:
            who = one.from_.name or one.from_.email if one.from_ else around.issue.customer.email
            because = tr("{who} has written since you began. Read it before this goes.", who=who)
            yield Objection(weight=Weight.ASKS, because=because)
            return


def _heard_of_them(around: Around, known: Known) -> str:
    """What the customer wrote, letter by letter, and what the articles are called."""
    articles = [item.title for order in known.orders for item in order.items]
    theirs = [one for one in around.stored if one.direction is Direction.IN]
    return "\n".join([*articles, *(one.text for one in reversed(theirs))])[:_READ]


def _said(stored: Sequence[StoredMessage]) -> _Said:
    parts = [f"{one.subject}\n{one.text}" for one in reversed(stored)]
    text = "\n".join(parts)[:_READ]
    return _Said(
        words=frozenset(name_words(text)),
        numbers=frozenset(order_key(one[0]) for one in _NUMBER.finditer(text)),
        sums=frozenset(amounts(text)),
        text=text.casefold(),
    )


def _content(db: Connection, body: str, around: Around, known: Known, *, text: str) -> Content:
    language = language_of(words_of(body[:_TELLS])) or around.issue.judgement.language[:2].lower()
    return Content(
        orders=tuple(_orders(db, body)),
        sums=tuple(NamedSum(amount=a, start=s, end=e) for a, s, e in named_amounts(body)),
        days=tuple(_days(body, known, language=language)),
        strangers=(
            *_other_addresses(db, body, around, text=text),
            *_other_parcels(db, body, known, text=text),
            *_other_names(db, body, around, known),
        ),
    )


def _orders(db: Connection, body: str) -> Iterator[NamedOrder]:
    places = {number: place for number, place in surely_named(body)}
    for number, place in list(places.items())[:_MOST]:
        start, end = _written(body, number, place)
        order = orders.by_number(db, number)
        yield NamedOrder(number=number, start=start, end=end, order=order)


def _written(body: str, number: str, place: int) -> tuple[int, int]:
    """Where the draft has a number: as it is, or otherwise written (10.533 is the order 10533)."""
    start = body.find(number, place)
    if start >= 0:
        return start, start + len(number)
    other = _OTHERWISE.match(body, place)
    return place, other.end() if other else place + len(number)


def _days(body: str, known: Known, *, language: str) -> Iterator[NamedDate]:
    for one in named_days(body, sent=known.today, language=language):
        before = _WEEKDAY_BEFORE.search(fold(body[max(0, one.start - 24) : one.start]))
        weekday = weekday_named(before[1], language=language) if before else None
        end = one.start + len(body[one.start : one.end].rstrip(" .\n"))
        yield NamedDate(day=one.day, start=one.start, end=end, weekday=weekday)


def _other_addresses(db: Connection, body: str, around: Around, *, text: str) -> Iterator[Stranger]:
    """Addresses of other customers; one that the conversation holds is no secret in it."""
    for found in list(_ADDRESS.finditer(body))[:_MOST]:
        address = Address(email=found[0].rstrip("."))
        known = address.is_one_of(around.own) or address.key in text
        if known or any(address.key == one.key for one in (*around.to, around.issue.customer)):
            continue
        bought = orders.of_customer(db, address.key)
        whose = bought[0].customer_name if bought else address.email
        if bought or issues.has_written(db, address.key):
            yield Stranger(whose=whose, start=found.start(), end=found.start() + len(address.email))


def _other_parcels(db: Connection, body: str, known: Known, *, text: str) -> Iterator[Stranger]:
    mine = {number for one in known.orders for number in one.tracking_numbers}
    for found in list(_PARCEL.finditer(body))[:_MOST]:
        if found[0] in mine or found[0].casefold() in text:
            continue
        owners = orders.by_clues(db, [parcel_clue(found[0])], limit=2)
        if owners and not _any_theirs(owners, known):
            yield Stranger(whose=owners[0].customer_name, start=found.start(), end=found.end())


def _other_names(db: Connection, body: str, around: Around, known: Known) -> Iterator[Stranger]:
    """Whole names of other customers; a first name alone says nothing."""
    pairs = {found.span(): name_words(found[0]) for found in _WHOLE_NAME.finditer(body)}
    clues = [name_clue(body[slice(*span)]) for span in pairs]
    owners = {name_words(one.customer_name): one for one in orders.by_clues(db, clues[:_MOST])}
    ours = {name_words(one) for one in (*around.our_names, *known.names)}
    for span, words in pairs.items():
        if words in owners and words not in ours and not set(words) <= known.heard:
            whose = owners[words].customer_name
            yield Stranger(whose=whose, start=span[0], end=span[1])


def _any_theirs(owners: Sequence[Order], known: Known) -> bool:
    return any(one.atom == other.atom for one in owners for other in known.orders)
