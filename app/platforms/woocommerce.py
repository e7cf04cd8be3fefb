"""WooCommerce: orders, refunds and parcels of a shop on WordPress, by its REST API (wc/v3).

Read by keyset on the instant of the last change, never by page numbers: those lose an order that
moves while they are walked. `modified_after` is strictly later, in whole seconds, and right in all
zones only as naive UTC together with `dates_are_gmt` (measured on 11.0.1).
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta
from threading import Event

from app.domain.account import Account
from app.domain.clock import Clock
from app.domain.feed import FeedMemory, Lack, Page, Permits, Stream
from app.domain.translation import to_translate
from app.platforms.http import Manners
from app.platforms.woocommerce_asking import Asking
from app.platforms.woocommerce_reading import Reading


class WooCommerce:
    """One shop, asked with a key that may read."""

    def __init__(
        self, account: Account, secret: str, *, clock: Clock, manners: Manners | None = None
    ) -> None:
        self._asking = Asking(account, secret, clock=clock, manners=manners)
        self._settled: dict[int, datetime] = {}

    @property
    def streams(self) -> tuple[Stream, ...]:
        """Orders; disputes are its payment provider's."""
        return (Stream.ORDERS,)

    @property
    def skew(self) -> timedelta:
        """By how much the shop's clock is ahead of ours."""
        return self._asking.http.skew

    def close(self) -> None:
        """Let go of the connection."""
        self._asking.http.close()

    def check(self) -> Permits:
        """Ask for one order. Raises KnownError, SignInRefused where the key is not taken."""
        shop = self._asking.shop(anew=True)
        self._asking.rows("/orders", [("per_page", "1"), ("_fields", "id")])
        lacks = () if shop.has_fulfilments else (_NO_FULFILMENTS,)
        return Permits(shop=self._asking.http.host, lacks=lacks)

    def read(
        self, stream: Stream, memory: FeedMemory, deliver: Callable[[Page], None], stop: Event
    ) -> None:
        """Bring the orders that changed, oldest change first; then look at those under watch."""
        if stream is not Stream.ORDERS:
            return
        with self._asking.http.run(stop):
            Reading(self._asking, memory, deliver, settled=self._settled).run()


_NO_FULFILMENTS = Lack(
    scope=to_translate("the fulfilments feature of WooCommerce"),
    without=to_translate(
        "parcels are known only where the shipment tracking plug-in writes them down"
    ),
)
