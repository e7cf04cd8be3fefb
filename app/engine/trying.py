"""Trying: whether an account works, before it is kept and whenever somebody asks.

A mailbox is tried in both directions: who reads only finds out with the first reply that none can
leave. What goes wrong is said for somebody who sits before the form, where nothing goes on by
itself yet.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from app.domain.account import Account, AccountType
from app.domain.errors import Busy, KnownError, Refused, SignInRefused, Unreachable
from app.domain.feed import Permits
from app.domain.translation import tr
from app.engine import platform_accounts
from app.engine.ports import Connections
from app.engine.secret_in_hand import SecretInHand


@dataclass(frozen=True, slots=True, kw_only=True)
class Found:
    """What an account's servers said. `sending`: why no reply can leave, where none can."""

    words: str
    sending: KnownError | None = None
    permits: Permits | None = None

    def as_dict(self) -> dict[str, Any]:
        """As a desk is told: `found` says all of it in words."""
        told: dict[str, Any] = {"found": self.words}
        if self.sending is not None:
            but = tr("But replies cannot leave: {why}", why=self.sending.sentence)
            told = {"found": f"{self.words} {but}", "sending": self.sending.as_dict()}
        if self.permits is not None:
            told["shop"] = self.permits.shop
            told["lacks"] = [
                {"scope": one.scope, "without": one.without} for one in self.permits.lacks
            ]
        return told


def tried(connections: Connections, account: Account) -> Found:
    """Sign in and see what is there. Raises the KnownError that says what is wrong."""
    if not account.type.is_mailbox:
        permits = _permits(connections, account)
        return Found(words=platform_accounts.in_words(permits), permits=permits)
    source = connections.source(account)
    try:
        words = source.check()
    finally:
        source.close()
    return Found(words=words, sending=_sending_trouble(connections, account))


def tried_first(
    connections: Connections, account: Account, hand: SecretInHand, *, must_send: bool
) -> Found:
    """The same for an account that is being connected; whatever happens, nothing of it is kept.

    Raises Refused, which asks, where a mailbox `must_send` and cannot.
    """
    try:
        found = tried(connections.with_secret(hand), account)
    except KnownError as error:
        raise _at_first(error, account) from error
    if must_send and (trouble := found.sending) is not None:
        raise Refused(
            tr("The mailbox can be read, but replies cannot leave"),
            f"{trouble.title}. {trouble.message}".strip(),
            tr(
                "Correct the outgoing server, its port and security (465 goes with tls, 587 with "
                "starttls); or connect all the same, only to read."
            ),
            asks=True,
        )
    return found


def _sending_trouble(connections: Connections, account: Account) -> KnownError | None:
    if account.type is AccountType.FOLDER and "outbox" not in account.settings:
        return None  # only read, on purpose
    try:
        connections.mailer(account).check()
    except KnownError as error:
        return error
    return None


def _permits(connections: Connections, account: Account) -> Permits:
    platform = connections.platform(account)
    try:
        return platform.check()
    finally:
        platform.close()


def _at_first(error: KnownError, account: Account) -> KnownError:
    """Of what is not kept, nothing is tried again, and nothing is paused."""
    if isinstance(error, Busy):
        hint = tr("Nothing was kept. Try again in a few minutes.")
    elif isinstance(error, Unreachable):
        hint = _to_reach(account.type)
    elif isinstance(error, SignInRefused) and not account.type.is_mailbox:
        hint = tr(
            "Nothing was kept. Copy the key once more, or make a new one as the steps say, then "
            "try again."
        )
    else:
        return error
    return type(error)(error.title, error.message, hint)


def _to_reach(kind: AccountType) -> str:
    """What its owner can look at where nobody answers."""
    if kind is AccountType.FOLDER:
        return tr("Nothing was kept. Check the folder and its disk, then try again.")
    if kind.is_mailbox:
        return tr(
            "Nothing was kept. Check the servers, their ports and security (993 goes with tls, 143 "
            "with starttls) and this computer's connection to the internet, then try again."
        )
    return tr(
        "Nothing was kept. Check the address and this computer's connection to the internet, then "
        "try again."
    )
