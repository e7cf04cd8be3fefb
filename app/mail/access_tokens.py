"""Access tokens: keeps an account's token fresh, so that signing in never waits for a person.

On the walk: gateway and smtp_connection ask here -> the sealed tokens -> the provider, if it is
time. One renewal at a time for an account; what the provider gave is stored before it is used.
"""

from __future__ import annotations

import threading
from collections.abc import Callable
from contextlib import suppress
from datetime import datetime, timedelta
from typing import Protocol

from app.domain.clock import Clock
from app.domain.errors import KnownError, SignInRefused
from app.domain.translation import tr
from app.mail import oauth
from app.mail.oauth import AGAIN, Declined, Service, Tokens

SPARE = timedelta(minutes=5)  # a token that lasts no longer is renewed before it is shown


class Drawer(Protocol):
    """Where an account's tokens lie, sealed."""

    def read(self) -> str:
        """What lies there. Raises SecretsMissing or SecretsLocked."""

    def replace(self, before: str, after: str) -> bool:
        """Put `after` there for good, if `before` still lies there; whether it did."""


class Renew(Protocol):
    """How a provider is asked for new tokens."""

    def __call__(self, service: Service, tokens: Tokens, *, now: datetime) -> Tokens:
        """New ones for these. Raises Declined or Unreachable."""


class AccessTokens:
    """The tokens of one account (mail.bearer.Bearer). Any thread may ask."""

    def __init__(
        self, service: Service, drawer: Drawer, *, clock: Clock, renew: Renew = oauth.refreshed
    ) -> None:
        self._service = service
        self._renew = renew
        self._drawer = drawer
        self._clock = clock
        self._one_at_a_time = threading.Lock()
        self._forced = ""  # the token that a server's no has brought us
        self._unstored: tuple[str, str] | None = None

    def token(self, *, refused: str = "") -> str:
        """A token that lasts. For a `refused` one a new one is asked for, but once only."""
        with self._one_at_a_time:
            lying = self._settled()
            kept = Tokens.read(lying)
            if not kept.refresh:
                raise SignInRefused(
                    tr("{name} asks you to sign in again", name=self._service.name), "", tr(AGAIN)
                )
            in_vain = refused == kept.access and refused != self._forced
            if kept.expires_at - self._clock.now() >= SPARE and not in_vain:
                return kept.access
            fresh = self._renewed(lying, kept)
            self._forced = fresh if in_vain else ""
            return fresh

    def _settled(self) -> str:
        """What lies in the drawer, after what could not be put there the last time."""
        if self._unstored is not None:
            self._drawer.replace(*self._unstored)
            self._unstored = None
        return self._drawer.read()

    def _renewed(self, lying: str, kept: Tokens) -> str:
        try:
            fresh = self._renew(self._service, kept, now=self._clock.now())
        except Declined as declined:
            if declined.code == "invalid_grant":  # final: not to be asked again
                with suppress(KnownError):
                    self._drawer.replace(lying, kept.taken_back.text)
            raise oauth.refusal(self._service, declined) from None
        # The old refresh token may be worth nothing from now on: first the new one is put away.
        self._unstored = (lying, fresh.text)
        return Tokens.read(self._settled()).access


class CommandTokens:
    """A token from a program of the owner that looks after the sign-in itself."""

    def __init__(self, ask: Callable[[], str]) -> None:
        self._ask = ask

    def token(self, *, refused: str = "") -> str:
        """What the program prints now; it knows what has expired."""
        return self._ask()
