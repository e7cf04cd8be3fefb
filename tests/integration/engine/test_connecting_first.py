"""Connecting for the first time: what was pasted, what cannot send, what is there already.

The verbs over a real profile; the servers are played.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest
from keyring.errors import NoKeyringError

from app.config.secrets import SecretBox
from app.domain.account import Account
from app.domain.errors import (
    Busy,
    DiskFull,
    KnownError,
    Refused,
    SecretsMissing,
    SignInRefused,
    Unreachable,
)
from app.engine.connecting import Connecting
from app.engine.poller import Poller
from app.engine.secret_in_hand import SecretInHand
from app.mail.gateway import argument
from app.storage import accounts
from app.storage.writer import Writer
from app.ui.onboarding import connecting as onboarding
from tests.support.engine import NOON, FakeConnections, FakeMailer, FixedClock
from tests.support.storage import lay_database

GMAIL = {"address": "shop@gmail.com"}
OWN = {"address": "hello@shop.example", "host": "mail.shop.example"}
STRIPE_KEY = "rk_live_51Hx"


class _Keyring:
    def __init__(self) -> None:
        self.kept = ""

    def get_password(self, service: str, username: str) -> str | None:
        return self.kept or None

    def set_password(self, service: str, username: str, password: str) -> None:
        self.kept = password


@dataclass
class Server:
    """Lets in whoever knows the password; remembers what it was shown."""

    password: str = "secret"
    trouble: KnownError | None = None
    shown: list[str] = field(default_factory=list)

    def check(self) -> str:
        if self.trouble is not None:
            raise self.trouble
        if argument(self.shown[-1]) != self.password:
            raise SignInRefused("no")
        return "Signed in."

    def close(self) -> None: ...


class Connections(FakeConnections):
    """A server for every account, who is shown what is kept for it."""

    def __init__(self, server: Server, secret_of: Callable[[Account], str]) -> None:
        super().__init__(post=FakeMailer())
        self.server = server
        self._secret_of = secret_of

    def source(self, account: Account) -> Any:
        self.server.shown.append(self._secret_of(account))
        return self.server

    def with_secret(self, hand: SecretInHand) -> Connections:
        made = Connections(self.server, lambda _: hand.read())
        made.post = self.post
        return made

    def platform(self, account: Account) -> Any:
        return self.source(account)


class _NobodyPolls(Poller):
    def __init__(self) -> None: ...
    def add(self, account: Account) -> None: ...
    def ask(self, name: str = "") -> dict[str, Any]:
        return {}


class House:
    """What stands between the verbs and the servers."""

    def __init__(self, folder: Path) -> None:
        self.writer = Writer(lay_database(folder / "frontburner.db"), now=NOON)
        self.writer.start()
        keyring = _Keyring()
        self.server = Server()
        self.connections = Connections(self.server, self._secret_of)
        self.connecting = Connecting(
            writer=self.writer,
            secrets=SecretBox("device", keyring=lambda: keyring),
            connections=self.connections,
            poller=_NobodyPolls(),
            clock=FixedClock(),
            publish=lambda _: None,
            wake_outbox=lambda: None,
            find_servers=lambda _: {},
        )

    def _secret_of(self, account: Account) -> str:
        return self.connecting.secret_of(account)

    def add(self, secret: str, name: str = "Shop", **settings: str) -> dict[str, Any]:
        return self.connecting.add(name, "imap", settings or OWN, secret=secret)

    def names(self) -> list[str]:
        return [one.name for one in self.writer.do(accounts.every)]

    def kept(self) -> str:
        return self.connecting.secret_of(self.connecting.account("Shop"))


@pytest.fixture
def house(tmp_path: Path) -> Iterator[House]:
    made = House(tmp_path)
    yield made
    made.writer.stop()


@pytest.mark.parametrize(
    "pasted", ["abcd efgh ijkl mnop", "abcd\xa0efgh\xa0ijkl\xa0mnop", " abcdefghijklmnop\u200b\n"]
)
def test_an_app_password_is_taken_as_google_shows_it(house: House, pasted: str) -> None:
    """In groups of four, with blanks between them that are no plain ones."""
    house.server.password = "abcdefghijklmnop"
    house.add(pasted, **GMAIL)
    assert house.server.shown == ["abcdefghijklmnop"]


def test_dirt_around_a_pasted_password_is_left_away_where_it_is_refused(house: House) -> None:
    house.add("secret \n")
    assert house.server.shown == ["secret ", "secret"]
    assert (house.names(), house.kept()) == (["Shop"], "secret")


@pytest.mark.parametrize("end", ["\n", "\r\n"])
def test_a_line_end_that_was_copied_along_is_none_of_a_password(house: House, end: str) -> None:
    """A field of one line keeps it and shows it to nobody; no mail server can be told one."""
    house.add(f"secret{end}")
    assert house.kept() == "secret"


def test_a_password_that_ends_with_a_blank_is_one(house: House) -> None:
    house.server.password = "secret "
    house.add("secret ")
    assert house.kept() == "secret "


def test_a_wrong_password_is_shown_once_and_nothing_is_kept(house: House) -> None:
    """Each refusal brings the mailbox nearer to being locked."""
    with pytest.raises(SignInRefused):
        house.add("wrong")
    assert house.server.shown == ["wrong"]
    assert house.names() == []


def test_a_new_password_is_taken_as_it_was_copied_too(house: House) -> None:
    house.add("secret")
    house.server.password = "new"
    house.connecting.sign_in("Shop", "new\u200b")
    assert house.kept() == "new"
    with pytest.raises(SignInRefused):
        house.connecting.sign_in("Shop", " wrong ")
    assert house.kept() == "new"


def test_a_platforms_key_has_no_blank_inside(house: House) -> None:
    """A line that was broken where the key was mailed or noted."""
    house.server.password = STRIPE_KEY
    house.server.trouble = Busy("so far")
    with pytest.raises(Busy):
        house.connecting.add("Stripe", "stripe", {}, secret=" rk_live_\n51Hx\u200b ")
    assert house.server.shown == [STRIPE_KEY]


def test_that_no_reply_can_leave_is_told_when_a_mailbox_is_connected(house: House) -> None:
    """Not weeks later, with the first reply that waits."""
    house.connections.post.trouble = Unreachable("smtp.shop.example does not answer", "Nothing.")
    answer = house.add("secret")
    assert "But replies cannot leave: smtp.shop.example does not answer." in answer["found"]
    assert answer["sending"]["title"] == "smtp.shop.example does not answer"
    assert "cannot leave" in house.connecting.test("Shop")["found"]


def test_the_window_is_asked_before_a_mailbox_that_cannot_send_is_kept(house: House) -> None:
    """The servers stand in its form just then, and can be corrected."""
    house.connections.post.trouble = Unreachable("smtp.shop.example does not answer", "Nothing.")
    with pytest.raises(Refused, match="replies cannot leave") as caught:
        house.connecting.add("Shop", "imap", OWN, secret="secret", must_send=True)
    assert caught.value.asks
    assert "connect all the same" in caught.value.hint
    assert house.names() == []


def test_what_is_not_kept_is_not_said_to_be_tried_again(house: House) -> None:
    house.server.trouble = Unreachable("It hung up", "", "It is tried again by itself.")
    with pytest.raises(Unreachable) as caught:
        house.add("secret")
    assert caught.value.hint.startswith("Nothing was kept.")


@pytest.mark.parametrize(
    ("kind", "settings", "said"),
    [
        ("imap", OWN, "Check the servers"),
        ("folder", {"path": "/srv/mails"}, "Check the folder and its disk"),
        ("stripe", {}, "Check the address"),
    ],
)
def test_what_to_look_at_is_what_there_is_of_such_an_account(
    house: House, kind: str, settings: dict[str, str], said: str
) -> None:
    """A folder on a disk that has gone has no servers, ports and security."""
    house.server.trouble = Unreachable("It is gone", "", "It is tried again by itself.")
    with pytest.raises(Unreachable) as caught:
        house.connecting.add("Shop", kind, settings, secret="secret")
    assert said in caught.value.hint


def test_a_server_that_is_busy_needs_patience_and_no_other_settings(house: House) -> None:
    house.server.trouble = Busy("The server is busy", "", "It is tried again by itself.")
    with pytest.raises(Busy) as caught:
        house.add("secret")
    assert caught.value.hint == "Nothing was kept. Try again in a few minutes."


def test_a_folder_that_is_connected_twice_has_no_password_to_renew(house: House) -> None:
    house.connecting.add("Mails", "folder", {"path": "/srv/mails"}, check=False)
    with pytest.raises(Refused, match="connected already, as Mails") as caught:
        house.connecting.add("More", "folder", {"path": "/srv/mails/"}, check=False)
    assert caught.value.hint == ""


def test_a_full_disk_is_no_fault_of_the_servers(house: House) -> None:
    house.server.trouble = DiskFull("The disk is full", "", "Make room on the disk")
    with pytest.raises(DiskFull) as caught:
        house.add("secret")
    assert caught.value.hint == "Make room on the disk"


@pytest.mark.parametrize(
    "again",
    [
        OWN,
        {"address": "Hello@Shop.example", "host": "MAIL.shop.example"},
        {"address": "sales@shop.example", "user": "hello@shop.example", "host": OWN["host"]},
    ],
)
def test_one_mailbox_is_connected_once_whatever_it_is_called(
    house: House, again: dict[str, str]
) -> None:
    """Every mail would be read, counted and rung twice."""
    house.add("secret")
    with pytest.raises(Refused, match="connected already, as Shop"):
        house.add("secret", "Another name", **again)
    assert house.names() == ["Shop"]


def test_no_account_becomes_what_another_is_already(house: House) -> None:
    """By `account set`: every mail would be read, counted and rung twice just so."""
    house.add("secret")
    house.add("secret", "Sales", **{**OWN, "address": "sales@shop.example"})
    with pytest.raises(Refused, match="connected already, as Shop"):
        house.connecting.set("Sales", {"user": "Hello@shop.example"})
    assert house.connecting.account("Sales").settings["user"] == "sales@shop.example"
    house.connecting.set("Sales", {"smtp_port": "465"})


def test_a_slip_in_the_providers_name_is_asked_about_and_nobody_is_dialled(house: House) -> None:
    """The password went to whoever holds that name, and answers there as a mail server."""
    for ask in (house.connecting.fits, house.connecting.add):
        with pytest.raises(Refused, match=r"Did you mean shop@gmail\.com"):
            ask("Shop", "imap", {"address": "shop@gmial.com"})
    assert house.server.shown == []
    house.add("secret", address="shop@gmial.com", host="mail.gmial.com")


def test_without_a_keyring_nobody_types_a_password_in_vain(house: House) -> None:
    def none() -> Any:
        raise NoKeyringError

    house.connecting._secrets = SecretBox("device", keyring=none)
    with pytest.raises(SecretsMissing, match="There is no keyring"):
        house.connecting.fits("Shop", "imap", OWN)


def test_two_mailboxes_of_one_server_are_two(house: House) -> None:
    house.add("secret")
    house.add("secret", "Sales", **{**OWN, "address": "sales@shop.example"})
    assert house.names() == ["Shop", "Sales"]


@pytest.mark.parametrize(
    ("address", "user"),
    [("shop@gmail.com", "shop@gmail.com"), ("hallo@gmx.de", "hallo@gmx.de"), ("ja@o2.pl", "ja")],
)
def test_the_window_signs_in_by_the_address_at_every_known_provider(
    house: House, address: str, user: str
) -> None:
    """From the engine's own answer to the page's own settings: it once signed in as "address"."""
    known = onboarding.provider(house.connecting.preset(address))
    assert known is not None
    house.add("secret", **onboarding.settings(address, known.values))
    assert house.connecting.account("Shop").settings["user"] == user


def test_nothing_of_an_account_is_kept_while_it_is_tried(house: House) -> None:
    """The engine may be killed in that moment."""
    kept: list[list[str]] = []
    sign_in = house.server.check

    def look() -> str:
        kept.append(house.names())
        return sign_in()

    house.server.check = look  # type: ignore[method-assign]
    house.add("secret")
    assert kept == [[]]
    assert house.names() == ["Shop"]
