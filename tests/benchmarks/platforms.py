"""Platforms: 10,000 orders read for the first time, an empty look, and what it holds in memory.

    python -m tests.benchmarks.platforms

The shops are played in a process of their own, over TLS; `own` is the processor time of this side.
"""

from __future__ import annotations

import multiprocessing
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from multiprocessing.connection import Connection
from pathlib import Path

from app.domain.account import AccountType
from tests.benchmarks.figures import Budget, report
from tests.support.certificates import Authority
from tests.support.engine import NOON
from tests.support.feed_desk import QUICK, FeedDesk
from tests.support.platform_server import PlatformServer
from tests.support.shopify_server import TOKEN, ShopifyServer
from tests.support.woocommerce_server import SECRET, WooCommerceServer

ORDERS, LOOKS = 10_000, 20
_PATIENT = replace(QUICK, run=600.0, read=60.0)


def main() -> int:
    """Both shops, one after the other."""
    _measure("WooCommerce", AccountType.WOOCOMMERCE, SECRET, _woocommerce)
    _measure("Shopify", AccountType.SHOPIFY, TOKEN, _shopify)
    return 0


def _measure(
    title: str, kind: AccountType, secret: str, play: Callable[[Connection, str], None]
) -> None:
    with tempfile.TemporaryDirectory() as folder, _played(play, folder) as settings:
        desk = FeedDesk(Path(folder), kind, settings, secret, manners=_PATIENT)
        desk.keeps = False
        before, began, own = _memory(), time.perf_counter(), time.process_time()
        source = desk.source()
        while (place := desk.place()) is None or not place.backfilled:
            desk.read(source)
        took, own = time.perf_counter() - began, time.process_time() - own
        assert desk.count() == ORDERS
        what = f"{title}: {ORDERS:,} orders read for the first time, processor time of this side"
        budget = Budget(statistic="median", at_most=10)
        report("platforms", what, "s", [own], budget, whole_seconds=round(took, 1))
        what = f"{title}: memory that it took beside, PSS"
        report(
            "platforms", what, "MB", [_memory() - before], Budget(statistic="median", at_most=30)
        )
        looks = [_look(desk, source) for _ in range(LOOKS)]
        what = f"{title}: a look at {ORDERS:,} orders of which none has changed"
        report("platforms", what, "ms", looks, Budget(statistic="p95", at_most=500))
        source.close()
        desk.close()


def _look(desk: FeedDesk, source: object) -> float:
    desk.later(minutes=1)
    began = time.perf_counter()
    desk.read(source)  # type: ignore[arg-type]
    return (time.perf_counter() - began) * 1000


@contextmanager
def _played(play: Callable[[Connection, str], None], folder: str) -> Iterator[dict[str, str]]:
    here, there = multiprocessing.Pipe()
    process = multiprocessing.get_context("spawn").Process(target=play, args=(there, folder))
    process.start()
    settings: dict[str, str] = here.recv()
    try:
        yield settings
    finally:
        here.send("enough")
        process.join(20)


def _woocommerce(door: Connection, folder: str) -> None:
    authority = Authority(Path(folder) / "ca")
    with WooCommerceServer(authority.leaf()) as shop:
        for number in range(ORDERS):
            shop.order(at=_day(number))
        _serve(shop, door, {**shop.settings, "ca_file": str(authority.ca_file)})


def _shopify(door: Connection, folder: str) -> None:
    authority = Authority(Path(folder) / "ca")
    with ShopifyServer(authority.leaf()) as shop:
        shop.wall = lambda: NOON
        for number in range(ORDERS):
            shop.order(at=_day(number))
        _serve(shop, door, {**shop.settings, "ca_file": str(authority.ca_file)})


def _day(number: int) -> datetime:
    """Orders of fifty days, the last an hour ago."""
    return NOON.astimezone(UTC) - timedelta(hours=1, seconds=(ORDERS - number) * 400)


def _serve(shop: PlatformServer, door: Connection, settings: dict[str, str]) -> None:
    shop.wall = lambda: NOON
    door.send(settings)
    door.recv()


def _memory() -> float:
    """What this process holds, in MB."""
    told = Path("/proc/self/smaps_rollup").read_text(encoding="ascii")
    pss = next(line for line in told.splitlines() if line.startswith("Pss:"))
    return int(pss.split()[1]) / 1024


if __name__ == "__main__":
    sys.exit(main())
