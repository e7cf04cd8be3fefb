"""Signing in at a provider over loopback: by browser, by code, and who else knocks."""

from __future__ import annotations

import socket
import threading
from collections.abc import Iterator
from concurrent.futures import Future
from dataclasses import replace
from urllib.parse import parse_qs, urlsplit

import pytest

from app.domain.clock import SystemClock
from app.domain.errors import KnownError, Refused, SignInRefused, Unreachable
from app.mail import oauth, oauth_sign_in
from app.mail.oauth import Service, Tokens
from app.mail.oauth_sign_in import BrowserSignIn, DeviceSignIn
from tests.support.oauth_server import CLIENT_SECRET, OAuthServer

pytestmark = pytest.mark.servers

CLOCK = SystemClock()


@pytest.fixture
def provider() -> Iterator[OAuthServer]:
    with OAuthServer(client_secret=CLIENT_SECRET, user="ada") as running:
        yield running


def service_of(provider: OAuthServer, **more: str) -> Service:
    return Service.of({"host": "mail.own.example", "user": "ada", **provider.settings, **more})


def browser(provider: OAuthServer, *, patience: float = 60, **more: str) -> BrowserSignIn:
    service = service_of(provider, **more)
    return BrowserSignIn(service, client_secret=CLIENT_SECRET, clock=CLOCK, patience=patience)


def waiting(sign_in: BrowserSignIn | DeviceSignIn) -> Future[Tokens]:
    """The sign-in waits in a thread, as it does in the engine."""
    tokens: Future[Tokens] = Future()

    def wait() -> None:
        try:
            tokens.set_result(sign_in.wait())
        except KnownError as error:
            tokens.set_exception(error)

    threading.Thread(target=wait, daemon=True).start()
    return tokens


def asked(sign_in: BrowserSignIn) -> dict[str, str]:
    return {name: values[0] for name, values in parse_qs(urlsplit(sign_in.url).query).items()}


def test_a_yes_in_the_browser_brings_tokens(provider):
    """PKCE, state and redirect are checked by a strict provider."""
    sign_in = browser(provider)
    tokens = waiting(sign_in)
    page = provider.consent(sign_in.url)
    assert "You can close this page" in page
    got = tokens.result(60)
    assert provider.user_of(got.access) == "ada"
    assert got.client_secret == CLIENT_SECRET
    assert asked(sign_in)["login_hint"] == "ada"
    assert got.access not in page


def test_it_listens_on_this_machine_alone_and_only_until_the_answer(provider):
    """A code that is brought again finds nobody (threat 104)."""
    sign_in = browser(provider)
    redirect = urlsplit(asked(sign_in)["redirect_uri"])
    assert redirect.hostname == "127.0.0.1"
    assert redirect.port is not None
    with pytest.raises(OSError, match="refused"):
        socket.create_connection(("127.0.0.2", redirect.port), timeout=2)
    tokens = waiting(sign_in)
    provider.consent(sign_in.url)
    tokens.result(60)
    with pytest.raises(OSError, match="refused"):
        socket.create_connection(("127.0.0.1", redirect.port), timeout=2)
    assert provider.asked["authorization_code"] == 1


@pytest.mark.parametrize(
    "path",
    [
        "/?code=stolen&state=wrong",
        "/?code=stolen",
        "/?state={state}",
        "/?code=a&state={state}&state={state}",
        "/favicon.ico",
        "/?" + "a=1&" * 100,
    ],
)
def test_whoever_knocks_without_the_state_is_turned_away_and_ends_nothing(provider, path):
    """Wrong state, a foreign process on the port, a browser that looks for an icon (threat 104)."""
    sign_in = browser(provider)
    words = asked(sign_in)
    page = provider.consent(words["redirect_uri"] + path.format(state=words["state"]))
    assert "not the answer" in page
    tokens = waiting(sign_in)
    provider.consent(sign_in.url)
    assert provider.user_of(tokens.result(60).access) == "ada"


def test_a_connection_that_says_nothing_holds_nobody_up(provider):
    """Browsers open spare ones."""
    sign_in = browser(provider)
    port = urlsplit(asked(sign_in)["redirect_uri"]).port
    with socket.create_connection(("127.0.0.1", port or 0), timeout=2) as silent:
        silent.sendall(b"GET /")
        tokens = waiting(sign_in)
        provider.consent(sign_in.url)
        assert tokens.result(60).refresh


def test_a_no_in_the_browser_is_said(provider):
    provider.says_no = True
    sign_in = browser(provider)
    tokens = waiting(sign_in)
    provider.consent(sign_in.url)
    with pytest.raises(SignInRefused, match="not allowed"):
        tokens.result(60)


def test_nobody_who_comes_in_time_is_said_and_the_port_is_closed(provider):
    sign_in = browser(provider, patience=0.2)
    with pytest.raises(SignInRefused, match="Nobody signed in"):
        sign_in.wait()
    port = urlsplit(asked(sign_in)["redirect_uri"]).port or 0
    with pytest.raises(OSError, match="refused"):
        socket.create_connection(("127.0.0.1", port), timeout=2)


def test_five_minutes_is_how_long_it_waits():
    assert oauth_sign_in.PATIENCE == 300


def test_it_can_be_called_off(provider):
    sign_in = browser(provider)
    tokens = waiting(sign_in)
    sign_in.cancel()
    with pytest.raises(Refused, match="called off"):
        tokens.result(60)


def test_without_the_verifier_a_stolen_code_is_worth_nothing(provider):
    """PKCE (threat 104): another program that read the code out of the browser."""
    sign_in = browser(provider)
    words = asked(sign_in)
    provider.consent(sign_in.url)
    stolen = sign_in._loopback.answer
    assert stolen is not None
    form = {
        "grant_type": "authorization_code",
        "code": stolen["code"],
        "redirect_uri": words["redirect_uri"],
        "code_verifier": "guessed" * 8,
    }
    service = service_of(provider)
    with pytest.raises(oauth.Declined) as caught:
        oauth.ask(service, service.token_url, form, client_secret=CLIENT_SECRET)
    assert caught.value.code == "invalid_grant"
    assert stolen["code"] not in str(caught.value)
    with pytest.raises(SignInRefused):
        sign_in.wait()


def test_a_wrong_client_secret_says_what_to_compare(provider):
    provider.client_secret = "another"
    sign_in = browser(provider)
    tokens = waiting(sign_in)
    provider.consent(sign_in.url)
    with pytest.raises(SignInRefused, match="client secret"):
        tokens.result(60)


def device(provider: OAuthServer) -> DeviceSignIn:
    return DeviceSignIn(service_of(provider), client_secret=CLIENT_SECRET, clock=CLOCK, slower=0.2)


def test_a_code_is_typed_in_elsewhere_while_we_ask_again_and_again(provider):
    """Pending is waited for, slow_down makes it slower (RFC 8628 section 3.5)."""
    provider.device_answers = ["authorization_pending", "slow_down", "authorization_pending"]
    sign_in = device(provider)
    assert sign_in.code == "WDJB-MJHT"
    assert sign_in.url == f"{provider.url}/enter"
    assert provider.user_of(sign_in.wait().access) == "ada"
    assert sign_in._interval == pytest.approx(0.25)


@pytest.mark.parametrize(
    ("answer", "said"), [("access_denied", "not allowed"), ("expired_token", "no longer good")]
)
def test_a_code_that_is_refused_or_too_old_is_said(provider, answer, said):
    provider.device_answers = [answer]
    with pytest.raises(SignInRefused, match=said):
        device(provider).wait()


def test_asking_for_a_code_can_be_called_off(provider):
    provider.device_answers = ["authorization_pending"] * 1000
    sign_in = device(provider)
    tokens = waiting(sign_in)
    sign_in.cancel()
    with pytest.raises(Refused, match="called off"):
        tokens.result(60)


def test_where_there_is_no_sign_in_by_code_that_is_said(provider):
    service = replace(service_of(provider), device_url="")
    with pytest.raises(Refused, match="no sign-in by code"):
        DeviceSignIn(service, client_secret="", clock=CLOCK)


def signed_in(provider: OAuthServer) -> Tokens:
    sign_in = browser(provider)
    tokens = waiting(sign_in)
    provider.consent(sign_in.url)
    return tokens.result(60)


def test_new_tokens_for_old_ones_until_the_permission_is_taken_back(provider):
    """The error tells the reason, without the token that the provider repeats in it."""
    first = signed_in(provider)
    second = oauth.refreshed(service_of(provider), first, now=CLOCK.now())
    assert second.refresh != first.refresh
    provider.revoke()
    with pytest.raises(oauth.Declined) as caught:
        oauth.refreshed(service_of(provider), second, now=CLOCK.now())
    assert caught.value.code == "invalid_grant"
    assert "has been expired or revoked" in caught.value.words
    assert second.refresh not in str(caught.value)


@pytest.mark.parametrize("kind", ["down", "gone", "page", "moved"])
def test_a_provider_that_is_away_busy_or_somebody_else_is_tried_again(provider, kind):
    """And a form with secrets is not sent on to where an answer points."""
    tokens = signed_in(provider)
    before = provider.asked["refresh_token"]
    ends = {
        "down": f"{provider.url}/token",
        "gone": "http://127.0.0.1:9/token",
        "page": f"{provider.url}/nothing",
        "moved": f"{provider.url}/elsewhere",
    }
    provider.down = kind == "down"
    with pytest.raises(Unreachable) as caught:
        oauth.refreshed(service_of(provider, token_url=ends[kind]), tokens, now=CLOCK.now())
    assert tokens.refresh not in caught.value.sentence
    assert provider.asked["refresh_token"] == before + (kind == "down")
