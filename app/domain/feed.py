"""Feed: a stream of records that a platform is asked for again and again, and how far it was read.

A page and the place that it brings the feed to are written in one transaction, so that a kill at
any point costs a repetition and never a record.
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Protocol

from app.domain.dispute import Dispute, FailedPayment
from app.domain.order import Order


class Stream(StrEnum):
    """What a platform can be asked for."""

    ORDERS = "orders"
    DISPUTES = "disputes"
    WARNINGS = "warnings"
    PAYMENTS = "payments"


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


@dataclass(frozen=True, slots=True, kw_only=True)
class Page:
    """One answer of a platform, ready to be written together with its place.

    `history`: from before the account was connected; it is kept and never rings. `gone` are the
    platform's ids of records that it does not have any more. `complete` ends a run.
    """

    stream: Stream
    place: FeedPlace
    orders: tuple[Order, ...] = ()
    disputes: tuple[Dispute, ...] = ()
    payments: tuple[FailedPayment, ...] = ()
    gone: tuple[str, ...] = ()
    history: bool = False
    complete: bool = False


class FeedMemory(Protocol):
    """What a platform may ask of what is stored for its account."""

    def place(self, stream: Stream) -> FeedPlace | None:
        """How far the stream was read, or None if it never was."""

    def open_disputes(self) -> Collection[str]:
        """The platform's ids of the disputes that are not decided yet, as far as we know."""

    def watched_orders(self) -> Collection[str]:
        """The platform's ids of the orders that an open issue is about."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Lack:
    """A permission that the owner's key does not have, and what does not work without it."""

    scope: str
    without: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Permits:
    """What a platform said of the owner's key: the shop's name, and what is missing."""

    shop: str
    lacks: tuple[Lack, ...] = ()
