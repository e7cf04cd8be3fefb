"""A record at which our own code falls over holds up no other, and nothing that comes after it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime
from typing import Any

import pytest

from app.domain.alert import Alert
from app.domain.dispute import Dispute
from app.domain.errors import OUR_MISTAKE, DiskFull, Unreachable
from app.domain.feed import FeedPlace, LeftOut, Page, Stream
from app.domain.money import Money
from app.engine.one_by_one import OneByOne
from app.platforms.reading import Broken, understood
from app.storage import alerts, orders
from app.storage.connection import Connection
from tests.support.disputes import a_dispute
from tests.support.engine import NOON
from tests.support.feed_desk import FeedDesk
from tests.support.mistakes import as_for_an_owner
from tests.support.storage import an_order

_UNSTORABLE = Money(10**30, "EUR")  # no reader lets it through; the file cannot hold it
_NO_INSTANT = NOON.replace(tzinfo=None)  # nor this: nobody knows when it was
_DONE = FeedPlace(watermark=NOON, backfilled=True)


def _orders(*placed: datetime) -> Page:
    made = [
        an_order(f"#{number}", platform_id=str(number), placed_at=at)
        for number, at in enumerate(placed, 1)
    ]
    return Page(stream=Stream.ORDERS, place=_DONE, orders=tuple(made), complete=True)


def test_the_orders_around_one_that_cannot_be_stored_are_kept_and_the_stream_goes_on(
    woo_desk: FeedDesk,
):
    """It is on the list of what was left out until it can be stored."""
    with as_for_an_owner():
        woo_desk.take(_orders(NOON, _NO_INSTANT, NOON))
    assert set(woo_desk.orders()) == {"1", "3"}
    assert woo_desk.place() == _DONE
    assert woo_desk.left_out() == {"2": OUR_MISTAKE}
    woo_desk.take(_orders(NOON, NOON))
    assert set(woo_desk.orders()) == {"1", "2", "3"}
    assert woo_desk.left_out() == {}


def test_of_a_record_that_falls_over_nothing_is_kept(woo_desk: FeedDesk):
    """What had been written of it before is undone; what its neighbours wrote is not."""
    page = _orders(NOON, NOON)

    def take(db: Connection) -> None:
        each = OneByOne(db, woo_desk.account, page)
        for order in page.orders:
            with each.record(order.platform_id):
                orders.upsert(db, order, account_id=woo_desk.account.id, at=NOON)
                _ = 1 / (2 - int(order.platform_id))

    with as_for_an_owner():
        woo_desk.engine.writer.do(take)
    assert set(woo_desk.orders()) == {"1"}


def test_a_dispute_that_cannot_be_stored_is_an_alert_of_its_own(woo_desk: FeedDesk):
    """The other disputes of the page are there, and it is forgotten when it is told no more."""
    bad, good = a_dispute("dp_1", amount=_UNSTORABLE), a_dispute("dp_2")
    page = Page(stream=Stream.DISPUTES, place=_DONE, disputes=(bad, good), complete=True)
    with as_for_an_owner():
        woo_desk.take(page)
        woo_desk.later(minutes=5)
        woo_desk.take(page)
    (told,) = [one for one in woo_desk.engine.writer.do(alerts.queued) if "dp_1:" in one.body]
    assert told.title == "shop: a dispute cannot be read"
    assert woo_desk.left_out(Stream.DISPUTES) == {"dp_1": OUR_MISTAKE}
    woo_desk.later(days=31)
    woo_desk.take(replace(page, disputes=(good,)))
    assert woo_desk.left_out(Stream.DISPUTES) == {}


def test_a_key_that_finds_none_of_many_disputes_is_one_notice(woo_desk: FeedDesk):
    """As one of another account does; the notice goes when all of them are found again."""
    of = woo_desk.account.type.value
    known = [a_dispute(f"dp_{number:02}", platform=of) for number in range(40)]
    woo_desk.take(_disputes(*known))
    missing = replace(_disputes(), gone=tuple(one.platform_id for one in known))
    woo_desk.later(minutes=5)
    woo_desk.take(missing)
    woo_desk.take(missing)
    (told,) = _left_out_notices(woo_desk)
    assert told.title == "shop: 40 disputes cannot be read"
    assert told.body.startswith("dp_00 and 39 more: it is not found with this key")
    assert len(woo_desk.left_out(Stream.DISPUTES)) == 40
    woo_desk.take(_disputes(*known[:39]))
    assert _left_out_notices(woo_desk), "one is still not found"
    woo_desk.take(_disputes(*known))
    assert not _left_out_notices(woo_desk)


def _disputes(*told: Dispute) -> Page:
    return Page(stream=Stream.DISPUTES, place=_DONE, disputes=told, complete=True)


def _left_out_notices(desk: FeedDesk) -> list[Alert]:
    return [
        one for one in desk.engine.writer.do(alerts.queued) if one.dedupe.startswith("left-out/")
    ]


def _made(row: Mapping[str, Any]) -> int:
    return int(60 / row["number"]) if row["number"] is not None else _refuse()


def _refuse() -> int:
    raise Broken("it has no number")


def _name(row: Mapping[str, Any]) -> str:
    return str(row["id"])


def test_a_row_that_cannot_be_read_is_left_out_whether_it_or_we_are_wrong():
    rows: list[Mapping[str, Any]] = [
        {"id": "a", "number": 2},
        {"id": "b", "number": None},
        {"id": "c\x07", "number": 0},
        {"id": "", "number": "x"},
        {"id": "d", "number": 3},
    ]
    left_out: list[LeftOut] = []
    with as_for_an_owner():
        made = list(understood(rows, _made, name=_name, left_out=left_out))
    assert made == [30, 20]
    assert left_out == [
        LeftOut("b", "it has no number"),
        LeftOut("c", OUR_MISTAKE),
        LeftOut("without a name", OUR_MISTAKE),
    ]


@pytest.mark.parametrize("error", [Unreachable("The way broke"), DiskFull("Full"), MemoryError()])
def test_what_is_not_the_rows_fault_ends_the_run(error: Exception):
    def fails(row: Mapping[str, Any]) -> int:
        raise error

    rows: list[Mapping[str, Any]] = [{"id": "a"}]
    with pytest.raises(type(error)):
        list(understood(rows, fails, name=_name, left_out=[]))
