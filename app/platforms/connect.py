"""Connect: which platform an account is, and the source that asks it."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from threading import Event
from typing import Protocol

from app.domain.account import Account, AccountType
from app.domain.clock import Clock
from app.domain.errors import Refused
from app.domain.feed import FeedMemory, Page, Permits, Stream
from app.domain.translation import tr
from app.platforms.entered import refuse_wrong_key
from app.platforms.http import Manners
from app.platforms.paypal import PayPalSource
from app.platforms.shopify import Shopify
from app.platforms.stripe import StripeSource
from app.platforms.woocommerce import WooCommerce


class Source(Protocol):
    """What each platform's module offers (engine.ports.PlatformSource)."""

    @property
    def streams(self) -> tuple[Stream, ...]:
        """What it can be asked for."""

    @property
    def skew(self) -> timedelta:
        """By how much its clock is ahead of ours."""

    def read(
        self, stream: Stream, memory: FeedMemory, deliver: Callable[[Page], None], stop: Event
    ) -> None:
        """Bring what is new of a stream."""

    def check(self) -> Permits:
        """Sign in and ask what the key may do."""

    def close(self) -> None:
        """Let go of the connection."""


class Make(Protocol):
    """How a source is made; `secret` is the key that is not in the settings."""

    def __call__(
        self, account: Account, secret: str, *, clock: Clock, manners: Manners | None = None
    ) -> Source:
        """The source. Raises KnownError where the settings cannot be right."""


_MAKES: dict[AccountType, Make] = {
    AccountType.SHOPIFY: Shopify,
    AccountType.WOOCOMMERCE: WooCommerce,
    AccountType.STRIPE: StripeSource,
    AccountType.PAYPAL: PayPalSource,
}


def connect(
    account: Account, secret: str, *, clock: Clock, manners: Manners | None = None
) -> Source:
    """The source of a platform account. Raises KnownError where its settings cannot be right."""
    make = _MAKES.get(account.type)
    if make is None:
        raise Refused(
            tr(
                "{value} is no shop and no payment provider that can be asked",
                value=account.type.value,
            )
        )
    refuse_wrong_key(account.type, account.settings, secret)
    return make(account, secret, clock=clock, manners=manners)
