"""Feed lines: how each stream of a platform is read, one line each, in words."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta

from app.domain import day_text
from app.domain.clock import local_zone
from app.domain.feed import FeedHealth, Stream, left_out_text
from app.domain.translation import to_translate, tr

STREAMS = {
    Stream.ORDERS: to_translate("Orders"),
    Stream.DISPUTES: to_translate("Disputes"),
    Stream.WARNINGS: to_translate("Fraud warnings"),
    Stream.PAYMENTS: to_translate("Payments"),
}


def feed_lines(feeds: Sequence[FeedHealth]) -> list[str]:
    """When each stream was last read well, how often it is, and what is in the way."""
    return [_line(one) for one in feeds]


def _line(one: FeedHealth) -> str:
    read = tr("last read {when}", when=_when(one.ok_at)) if one.ok_at else tr("not read yet")
    past = "" if one.backfilled or one.trouble else tr("; the last 60 days are being read")
    trouble = f". {one.trouble}" if one.trouble else ""
    left = f". {left_out_text(one.left_out)}" if one.left_out else ""
    return f"{tr(STREAMS[one.stream])}: {read}, {_every(one.stream.rhythm)}{past}{trouble}{left}"


def _every(rhythm: timedelta) -> str:
    minutes = int(rhythm.total_seconds() // 60)
    if minutes == 1:
        return tr("asked each minute")
    return tr("asked every {minutes} minutes", minutes=minutes)


def _when(at: datetime) -> str:
    local = at.astimezone(local_zone())
    return tr("{day}, {time}", day=day_text.said_day(local.date()), time=f"{local:%H:%M:%S}")
