"""Signing in in the browser: the verbs, a provider, Dovecot, and a profile with sealed tokens."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Iterator
from concurrent.futures import Future
from pathlib import Path
from typing import Any

import pytest
from keyring.errors import NoKeyringError

from app.bootstrap import AccountConnections
from app.config.secrets import SecretBox
from app.domain.account import Account
from app.domain.errors import KnownError, Refused, SecretsMissing, SignInRefused
from app.engine.connecting import Connecting
from app.engine.poller import Poller
from app.engine.signing_in import SigningIn
from app.mail.oauth import Tokens
from app.storage import accounts
from app.storage.writer import Writer
from tests.support.dovecot import DovecotServer, Mailbox, is_installed
from tests.support.engine import NOON, FixedClock
from tests.support.oauth_server import CLIENT_SECRET, OAuthServer
from tests.support.storage import lay_database

pytestmark = pytest.mark.servers


class _Keyring:
    def __init__(self) -> None:
        self.kept: dict[tuple[str, str], str] = {}

    def get_password(self, service: str, username: str) -> str | None:
        return self.kept.get((service, username))

    def set_password(self, service: str, username: str, password: str) -> None:
        self.kept[service, username] = password


def _no_worker(account: Account) -> Any:
    raise AssertionError("nothing is polled here")


class _NoPoller(Poller):
    """Takes accounts and asks nobody."""

    def __init__(self) -> None:
        super().__init__(_no_worker)
        self.added: list[str] = []

    def add(self, account: Account) -> None:
        self.added.append(account.name)


class House:
    """What stands between the verbs and the servers."""

    def __init__(self, folder: Path) -> None:
        self.database = lay_database(folder / "frontburner.db")
        self.writer = Writer(self.database, now=NOON)
        self.writer.start()
        self.clock = FixedClock()
        keyring = _Keyring()
        self.secrets = SecretBox("device", keyring=lambda: keyring)
        self.connections = AccountConnections(
            writer=self.writer, secrets=self.secrets, clock=self.clock
        )
        self.poller = _NoPoller()
        self.connecting = Connecting(
            writer=self.writer,
            secrets=self.secrets,
            connections=self.connections,
            poller=self.poller,
            clock=self.clock,
            publish=lambda _changes: None,
            wake_outbox=lambda: None,
        )
        self.signing_in = SigningIn(connecting=self.connecting, clock=self.clock)

    def finishing(self, begun: dict[str, Any]) -> Future[dict[str, Any]]:
        """`finish` in a thread, as a desk's."""
        return _later(lambda: self.signing_in.finish(begun["sign_in"]))

    def tokens(self, name: str = "Shop") -> Tokens:
        account = self.writer.do(lambda db: accounts.find(db, name))
        assert account is not None
        return Tokens.read(self.connecting.secret_of(account))


def _later(do: Callable[[], dict[str, Any]]) -> Future[dict[str, Any]]:
    answer: Future[dict[str, Any]] = Future()

    def run() -> None:
        try:
            answer.set_result(do())
        except KnownError as error:
            answer.set_exception(error)

    threading.Thread(target=run, daemon=True).start()
    return answer


@pytest.fixture(scope="module")
def provider() -> Iterator[OAuthServer]:
    with OAuthServer(client_secret=CLIENT_SECRET) as running:
        yield running


@pytest.fixture(scope="module")
def dovecot(provider: OAuthServer) -> Iterator[DovecotServer]:
    if not is_installed():
        pytest.skip("Dovecot is not on this machine")
    with DovecotServer(introspection=provider.introspection) as server:
        yield server


@pytest.fixture
def mailbox(dovecot: DovecotServer) -> Mailbox:
    return dovecot.user()


@pytest.fixture
def house(tmp_path: Path) -> Iterator[House]:
    made = House(tmp_path)
    yield made
    made.writer.stop()


@pytest.fixture(autouse=True)
def _calm(provider: OAuthServer) -> None:
    """Each test finds the provider as it was."""
    provider.asked.clear()
    provider.rotates, provider.down, provider.lasts = True, False, 3600
    provider.user, provider.device_answers = "", []


def connect(house: House, provider: OAuthServer, mailbox: Mailbox) -> dict[str, Any]:
    settings = {**mailbox.settings(), **provider.settings}
    begun = house.signing_in.start("Shop", settings, secret=CLIENT_SECRET)
    answer = house.finishing(begun)
    provider.consent(begun["url"])
    return answer.result(60)


def test_a_new_account_is_connected_once_its_owner_has_said_yes(house, provider, mailbox):
    answer = connect(house, provider, mailbox)
    assert f"as {mailbox.user}. INBOX holds 0 mails" in answer["found"]
    assert house.poller.added == ["Shop"]
    assert "Signed in" in house.connecting.test("Shop")["found"]


def test_nothing_secret_lies_in_the_profile_in_the_clear(house, provider, mailbox):
    connect(house, provider, mailbox)
    house.clock.forward(hours=2)
    house.connecting.test("Shop")
    given = provider.secrets_given()
    assert len(given) >= 6
    for path in house.database.parent.glob("frontburner.db*"):
        content = path.read_bytes()
        assert not [secret for secret in given if secret.encode() in content], path


def test_a_code_works_as_well(house, provider, mailbox):
    provider.user = mailbox.user
    provider.device_answers = ["authorization_pending"]
    settings = {**mailbox.settings(), **provider.settings}
    begun = house.signing_in.start("Shop", settings, secret=CLIENT_SECRET, device=True)
    assert begun["code"] == "WDJB-MJHT"
    assert "INBOX" in house.signing_in.finish(begun["sign_in"])["found"]


def test_a_token_is_renewed_when_its_hour_is_nearly_over_and_the_new_one_is_kept(
    house, provider, mailbox
):
    connect(house, provider, mailbox)
    first = house.tokens()
    house.connecting.test("Shop")
    assert provider.asked["refresh_token"] == 0
    house.clock.forward(minutes=55, seconds=1)
    house.connecting.test("Shop")
    second = house.tokens()
    assert provider.asked["refresh_token"] == 1
    assert second.refresh != first.refresh
    assert second.refresh in provider.refreshing


def test_a_token_that_was_called_back_early_is_renewed_once(house, provider, mailbox):
    connect(house, provider, mailbox)
    provider.expire()
    assert "Signed in" in house.connecting.test("Shop")["found"]
    assert provider.asked["refresh_token"] == 1


def test_reader_sender_and_filer_share_one_renewal(house, provider, mailbox):
    """Eight at once, with a provider that lets each refresh token be used once."""
    connect(house, provider, mailbox)
    house.clock.forward(hours=2)
    answers = [_later(lambda: house.connecting.test("Shop")) for _ in range(8)]
    assert all("Signed in" in answer.result(60)["found"] for answer in answers)
    assert provider.asked["refresh_token"] == 1


def test_a_permission_that_was_taken_back_asks_a_person_and_the_provider_once(
    house, provider, mailbox
):
    """Then signing in again heals it, with the client secret that is kept (threat 105)."""
    connect(house, provider, mailbox)
    provider.revoke()
    house.clock.forward(hours=2)
    for _ in range(3):
        with pytest.raises(SignInRefused, match="sign in again") as caught:
            house.connecting.test("Shop")
        assert not caught.value.retry
    assert provider.asked["refresh_token"] == 1
    begun = house.signing_in.start("Shop")
    answer = house.finishing(begun)
    provider.consent(begun["url"])
    assert "Signed in" in answer.result(60)["found"]
    assert "Signed in" in house.connecting.test("Shop")["found"]
    assert house.tokens().client_secret == CLIENT_SECRET


def test_who_signs_in_as_somebody_else_keeps_what_worked(house, provider, mailbox):
    """The mailbox refuses the other's token, with its reason; the old tokens stand."""
    connect(house, provider, mailbox)
    before = house.tokens()
    begun = house.signing_in.start("Shop")
    answer = house.finishing(begun)
    url = begun["url"].replace(f"login_hint={mailbox.user}", "login_hint=somebody-else")
    provider.consent(url)
    with pytest.raises(SignInRefused, match="account that owns this mailbox"):
        answer.result(60)
    kept = house.tokens()
    assert (kept.refresh, kept.access) == (before.refresh, before.access)


def test_an_account_that_was_not_let_in_is_not_kept(house, provider, mailbox):
    settings = {**mailbox.settings(), **provider.settings}
    begun = house.signing_in.start("Shop", settings, secret="wrong")
    answer = house.finishing(begun)
    provider.consent(begun["url"])
    with pytest.raises(SignInRefused, match="does not accept this client"):
        answer.result(60)
    assert house.writer.do(accounts.every) == ()


def test_beginning_again_ends_the_first_sign_in_and_each_is_waited_for_once(
    house, provider, mailbox
):
    settings = {**mailbox.settings(), **provider.settings}
    first = house.signing_in.start("Shop", settings, secret=CLIENT_SECRET)
    waiting = house.finishing(first)
    second = house.signing_in.start("Shop", settings, secret=CLIENT_SECRET)
    with pytest.raises(Refused, match="called off"):
        waiting.result(60)
    with pytest.raises(Refused, match="over"):
        house.signing_in.finish(first["sign_in"])
    house.signing_in.cancel(second["sign_in"])
    house.signing_in.cancel(second["sign_in"])
    with pytest.raises(Refused, match="over"):
        house.signing_in.finish(second["sign_in"])


def test_what_cannot_be_is_said_before_anything_is_begun(house, provider, mailbox):
    google = {"address": "shop@gmail.com", "client_id": "c"}
    with pytest.raises(Refused, match="client secret"):
        house.signing_in.start("Shop", google)
    with pytest.raises(Refused, match="no sign-in by code"):
        house.signing_in.start("Shop", google, secret="s", device=True)
    with pytest.raises(Refused, match="client id"):
        house.signing_in.start("Shop", {"address": "shop@outlook.com"})
    with pytest.raises(Refused, match="in the browser"):
        house.connecting.add("Shop", "imap", {**google, "auth": "oauth"}, secret="hunter2")
    connect(house, provider, mailbox)
    with pytest.raises(Refused, match="already"):
        house.signing_in.start("Shop", google, secret="s")
    with pytest.raises(Refused, match="in the browser"):
        house.connecting.sign_in("Shop", "hunter2")


def test_a_program_of_the_owner_may_bring_the_token(house, provider, mailbox, tmp_path):
    """Without a keyring and without a client id of ours."""
    file = tmp_path / "token"
    file.write_text("the-owners-own-token\n")
    provider.active["the-owners-own-token"] = mailbox.user
    settings = {**mailbox.settings(), "auth": "oauth"}
    answer = house.connecting.add("Shop", "imap", settings, secret_command=f"cat {file}")
    assert "Signed in" in answer["found"]


def _by_password(house: House, mailbox: Mailbox) -> None:
    house.connecting.add("Shop", "imap", mailbox.settings(), secret=mailbox.password)


def test_what_was_called_off_at_first_is_not_said_to_be_mended_in_the_settings(
    house: House, provider: OAuthServer, mailbox: Mailbox
):
    """There is no account there yet."""
    settings = {**mailbox.settings(), **provider.settings}
    begun = house.signing_in.start("Shop", settings, secret=CLIENT_SECRET)
    waiting = house.finishing(begun)
    while not house.signing_in._awaited:
        time.sleep(0.01)
    house.signing_in.cancel(begun["sign_in"])
    with pytest.raises(Refused) as caught:
        waiting.result(60)
    assert caught.value.hint == "Nothing was connected. Begin the sign-in once more."


def test_without_a_keyring_nobody_is_sent_to_the_browser(house: House, provider: OAuthServer):
    """It took a quarter of an hour there to learn that nothing could be kept."""

    def none() -> Any:
        raise NoKeyringError

    house.connecting._secrets = SecretBox("device", keyring=none)
    with pytest.raises(SecretsMissing, match="There is no keyring"):
        house.signing_in.start(
            "Shop", {"address": "a@b.example", "host": "h.example", **provider.settings},
            secret=CLIENT_SECRET,
        )  # fmt: skip
    assert not provider.asked


def _kept(house: House) -> tuple[str, bytes | None]:
    account = house.connecting.account("Shop")
    return account.secret_command, house.writer.do(lambda db: accounts.secret(db, account.id))


def test_a_command_takes_the_place_of_a_password_and_a_password_of_a_command(
    house: House, mailbox: Mailbox
):
    """Whichever came last is what signs in; the other is forgotten."""
    _by_password(house, mailbox)
    command = f"printf %s {mailbox.password!r}"
    house.connecting.sign_in("Shop", secret_command=command)
    assert _kept(house) == (command, None)
    assert house.connecting.test("Shop")["found"]
    house.connecting.sign_in("Shop", mailbox.password)
    kept, sealed = _kept(house)
    assert kept == ""
    assert sealed is not None
    assert not house.writer.do(accounts.health)[0].by_command


def test_a_command_that_tells_a_wrong_password_changes_nothing(house: House, mailbox: Mailbox):
    _by_password(house, mailbox)
    before = _kept(house)
    with pytest.raises(SignInRefused):
        house.connecting.sign_in("Shop", secret_command="printf wrong")
    with pytest.raises(KnownError, match="gave no password"):
        house.connecting.sign_in("Shop", secret_command="false")
    assert _kept(house) == before


def test_trying_a_command_tells_how_long_its_password_is_and_nothing_of_it(house: House):
    tried = house.connecting.try_secret_command("printf hunter2")
    assert tried["length"] == 7
    assert "hunter2" not in str(tried)
    with pytest.raises(KnownError, match="gave no password"):
        house.connecting.try_secret_command("a-program-that-is-not-there")
