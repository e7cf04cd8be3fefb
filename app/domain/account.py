"""Account: a mailbox or a platform that is watched, and how it is."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum

from app.domain import identity
from app.domain.feed import FeedHealth
from app.domain.identity import Identity
from app.domain.message import Address


class AccountType(StrEnum):
    """What can be connected."""

    IMAP = "imap"
    FOLDER = "folder"
    SHOPIFY = "shopify"
    WOOCOMMERCE = "woocommerce"
    STRIPE = "stripe"
    PAYPAL = "paypal"

    @property
    def is_mailbox(self) -> bool:
        """Whether mails come from it and replies leave by it; else it is a platform."""
        return self in {AccountType.IMAP, AccountType.FOLDER}


class HealthState(StrEnum):
    """How an account is: `asking` means that a person must act, `failing` that we keep trying."""

    NEW = "new"
    WORKING = "working"
    OK = "ok"
    FAILING = "failing"
    ASKING = "asking"


class Wanted(StrEnum):
    """What an account that asks needs of its owner: a password or key, other folders, or that they
    look at its server and certificate."""

    SIGN_IN = "sign_in"
    FOLDERS = "folders"
    SERVER = "server"


@dataclass(frozen=True, slots=True, kw_only=True)
class Account:
    """A connected mailbox or platform; `settings` are the words after `--set`, without secrets."""

    id: int
    name: str
    type: AccountType
    settings: Mapping[str, str] = field(default_factory=dict)
    secret_command: str = ""

    @property
    def by_browser(self) -> bool:
        """Whether its owner signs in in the browser (OAuth 2), not with a password."""
        return self.settings.get("auth") == "oauth" and not self.secret_command

    @property
    def address(self) -> str:
        """The shop's own address in this account; empty where it has none."""
        return self.settings.get("address", "") or (
            self.settings.get("user", "") if "@" in self.settings.get("user", "") else ""
        )

    @property
    def identities(self) -> tuple[Identity, ...]:
        """The addresses that a reply can leave from, the account's own first."""
        listed = identity.read(self.settings.get("identities", ""))
        own = Address(email=self.address)
        mine = [one for one in listed if one.address.key == own.key]
        first = [] if mine or not self.address else [Identity(email=self.address)]
        return (*mine, *first, *(one for one in listed if one not in mine))


@dataclass(frozen=True, slots=True, kw_only=True)
class Health:
    """How an account is, in words for its owner; `title` is empty when all is well.

    `by_browser`: its owner signs in there in the browser (OAuth 2), not with a password;
    `by_command`: a program of the owner's tells the password. `feeds` are the streams of a
    platform, each with how its reading goes. `wants` is what helps while it asks.
    """

    account: str
    type: AccountType
    state: HealthState
    address: str = ""
    title: str = ""
    message: str = ""
    hint: str = ""
    last_ok_at: datetime | None = None
    last_try_at: datetime | None = None
    by_browser: bool = False
    by_command: bool = False
    feeds: tuple[FeedHealth, ...] = ()
    wants: Wanted = Wanted.SIGN_IN


def own_addresses(every: Iterable[Account]) -> frozenset[str]:
    """The shop's own addresses in lower case, aliases included; ask with `Address.is_one_of`."""
    return frozenset(one.address.key for account in every for one in account.identities)
