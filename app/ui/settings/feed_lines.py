"""Feed lines: how each stream of a platform is read, one line each, in words."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta

from app.domain.clock import local_zone
from app.domain.feed import FeedHealth, Stream

STREAMS = {
    Stream.ORDERS: "Orders",
    Stream.DISPUTES: "Disputes",
    Stream.WARNINGS: "Fraud warnings",
    Stream.PAYMENTS: "Payments",
}


def feed_lines(feeds: Sequence[FeedHealth]) -> list[str]:
    """When each stream was last read well, how often it is, and what is in the way."""
    return [_line(one) for one in feeds]


def _line(one: FeedHealth) -> str:
    every = _every(one.stream.rhythm)
    read = f"last read {_when(one.ok_at)}" if one.ok_at else "not read yet"
    past = "" if one.backfilled or one.trouble else "; the last 60 days are being read"
    trouble = f". {one.trouble}" if one.trouble else ""
    return f"{STREAMS[one.stream]}: {read}, asked {every}{past}{trouble}"


def _every(rhythm: timedelta) -> str:
    minutes = int(rhythm.total_seconds() // 60)
    return "each minute" if minutes == 1 else f"every {minutes} minutes"


def _when(at: datetime) -> str:
    return at.astimezone(local_zone()).strftime("%d %b, %H:%M:%S")
