"""Feed: a stream of records that a platform is asked for again and again, and how far it was read.

A page and the place that it brings the feed to are written in one transaction, so that a kill at
any point costs a repetition and never a record.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Protocol

from app.domain.dispute import Dispute, FailedPayment
from app.domain.order import Order
from app.domain.translation import trn

_NAMED = 3


class Stream(StrEnum):
    """What a platform can be asked for."""

    ORDERS = "orders"
    DISPUTES = "disputes"
    WARNINGS = "warnings"
    PAYMENTS = "payments"

    @property
    def rhythm(self) -> timedelta:
        """How often it is asked for, while all is well."""
        return timedelta(minutes=1 if self is Stream.ORDERS else 5)


@dataclass(frozen=True, slots=True, kw_only=True)
class FeedPlace:
    """How far a stream was read, in the platform's time, never in the laptop's.

    `watermark`: all changes up to here were seen. `cursor`: where a run that is not over goes on.
    `backfilled`: the first reading of the past is over. `reconciled_at`: when deletions were last
    looked for.
    """

    watermark: datetime | None = None
    cursor: str = ""
    backfilled: bool = False
    reconciled_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class LeftOut:
    """A record that could not be taken in: the platform's id of it, and why.

    It holds up no other, and the owner is told of it until it can be taken in.
    """

    record: str
    reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Lack:
    """A permission that the owner's key does not have, and what does not work without it."""

    scope: str
    without: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Page:
    """One answer of a platform, ready to be written together with its place.

    `history`: from before the account was connected; it is kept and never rings. `gone` are the
    platform's ids of records that it does not find any more, `left_out` those that cannot be read.
    `lacks`: what the key may not read of the stream, `granted` the scopes that it lacks no more.
    `moved`: the shop has another address since, so its orders' names begin with the second of each
    pair in place of the first. `complete` ends a run.
    """

    stream: Stream
    place: FeedPlace
    orders: tuple[Order, ...] = ()
    disputes: tuple[Dispute, ...] = ()
    payments: tuple[FailedPayment, ...] = ()
    gone: tuple[str, ...] = ()
    left_out: tuple[LeftOut, ...] = ()
    lacks: tuple[Lack, ...] = ()
    granted: tuple[str, ...] = ()
    moved: tuple[tuple[str, str], ...] = ()
    history: bool = False
    complete: bool = False


def left_out_text(left_out: Sequence[LeftOut]) -> str:
    """What could not be taken in, in a sentence that names the first of it."""
    named = "; ".join(f"{one.record} ({one.reason})" for one in left_out[:_NAMED])
    return trn(
        "{n} record could not be read: {named}",
        "{n} records could not be read, among them {named}",
        len(left_out),
        named=named,
    )


class FeedMemory(Protocol):
    """What a platform may ask of what is stored for its account."""

    def place(self, stream: Stream) -> FeedPlace | None:
        """How far the stream was read, or None if it never was."""

    def open_disputes(self) -> Collection[str]:
        """The platform's ids of the disputes that are not decided yet, as far as we know."""

    def watched_orders(self) -> Collection[str]:
        """The platform's ids of the orders that an open issue is about."""

    def known_orders(self, ids: Collection[str]) -> Collection[Order]:
        """Those of these orders that are stored."""

    def orders_elsewhere(self, place: str) -> Collection[Order]:
        """The newest that are stored under the name of another place than this."""


@dataclass(frozen=True, slots=True, kw_only=True)
class FeedHealth:
    """How the reading of a stream goes; `trouble` is one sentence, empty while all is well.

    `backfilled`: the past was read once. `failures` are the runs that failed since the last good.
    `left_out` are the records that could not be taken in, and still are not.
    """

    account: str
    stream: Stream
    ok_at: datetime | None = None
    tried_at: datetime | None = None
    trouble: str = ""
    failures: int = 0
    backfilled: bool = False
    left_out: tuple[LeftOut, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Permits:
    """What a platform said of the owner's key: the shop's name, and what is missing."""

    shop: str
    lacks: tuple[Lack, ...] = ()
