"""Whatever happens between two requests, in the end the profile holds what the shop holds.

Random changes, faults and kills; then two quiet runs. Each content of an order is written once.
"""

from __future__ import annotations

import random
from collections import Counter
from collections.abc import Callable
from contextlib import suppress
from datetime import timedelta
from typing import Any

import pytest

from app.domain.errors import KnownError
from tests.support.feed_desk import FeedDesk
from tests.support.platform_server import Fault, PlatformServer
from tests.support.shopify_server import ShopifyServer
from tests.support.woocommerce_server import WooCommerceServer

_PAGE = b"<!DOCTYPE html><html>maintenance</html>"
_FAULTS = (
    Fault(status=429, headers={"Retry-After": "0"}),
    Fault(status=500, raw=_PAGE, content_type="text/html"),
    Fault(status=503, after=True),
    Fault(status=200, raw=_PAGE, content_type="text/html"),
    Fault(status=200, raw=b'[{"id": 1', cut=None),
    Fault(status=200, raw=b'{"data": {"orders"', cut=9),
    Fault(status=502, raw=b"", cut=0),
)
_ROUNDS, _CHANGES = 12, 150


class _World:
    """A shop in which something changes between any two requests; each change is its own."""

    def __init__(self, seed: int, server: PlatformServer, desk: FeedDesk) -> None:
        self.chance = random.Random(seed)
        self.server = server
        self.desk = desk
        self.count = 0

    def run(self, change: Callable[[int], None]) -> None:
        """Rounds of trouble, then quiet."""
        self.server.between = lambda: self._between(change)
        for _ in range(_ROUNDS):
            self.desk.later(seconds=self.chance.randint(1, 90))
            if self.chance.random() < 0.4:
                self.server.faults.append(self.chance.choice(_FAULTS))
            kill = self.chance.choice((-1, -1, 0, 1))
            before = self.chance.random() < 0.5
            with suppress(KnownError):
                self.desk.read(
                    kill_after=-1 if before else kill, kill_before=kill if before else -1
                )
        self.server.between = lambda: None
        self.server.faults.clear()
        self.desk.later(minutes=5)
        self.desk.read()
        self.desk.read()

    def _between(self, change: Callable[[int], None]) -> None:
        if self.count > _CHANGES:  # a shop that changes faster than it is read has no end
            return
        for _ in range(self.chance.choice((0, 0, 1, 3))):
            self.count += 1
            change(self.count)


def _each_once(desk: FeedDesk) -> None:
    """No content of an order was ever news twice: nothing older came over something newer."""
    told = Counter(desk.events())
    assert [one for one, times in told.items() if times > 1] == []


@pytest.mark.parametrize("seed", range(3))
def test_woocommerce_ends_as_the_shop_does(woo: WooCommerceServer, woo_desk: FeedDesk, seed: int):
    """250 orders in few seconds, so that pages are full and instants tied."""
    world = _World(seed, woo, woo_desk)
    woo.has_fulfilments = seed == 0
    for number in range(250):
        woo.order(at=woo_desk.now - timedelta(days=2, seconds=number // 90))

    def change(count: int) -> None:
        woo.clock = woo_desk.now
        if world.chance.random() < 0.3:
            woo.order(customer_note=f"change {count}")
        else:
            number = world.chance.choice(list(woo.orders))
            woo.touch(number, customer_note=f"change {count}")

    world.run(change)
    stored = {one.number: one.note for one in woo_desk.living().values()}
    assert stored == {str(one["id"]): one["customer_note"] for one in woo.orders.values()}
    _each_once(woo_desk)


@pytest.mark.parametrize("seed", range(3))
def test_shopify_ends_as_the_shop_does(shopify: ShopifyServer, shopify_desk: FeedDesk, seed: int):
    """With a search index that lags by up to a minute, and a bucket that runs dry."""
    world = _World(seed, shopify, shopify_desk)
    for number in range(120):
        shopify.order(at=shopify_desk.now - timedelta(days=2, seconds=number // 40))

    def change(count: int) -> None:
        shopify.lag = timedelta(seconds=world.chance.randint(0, 60))
        shopify.bucket = world.chance.choice((2000.0, 20.0))
        told: dict[str, Any] = {"note": f"change {count}"}
        if world.chance.random() < 0.3:
            shopify.order(**told)
        else:
            shopify.touch(str(world.chance.choice(list(shopify.orders))), **told)

    world.run(change)
    stored = {one.platform_id: one.note for one in shopify_desk.living().values()}
    told = {one["legacyResourceId"]: one["note"] or "" for one in shopify.orders.values()}
    assert stored == told
    _each_once(shopify_desk)
