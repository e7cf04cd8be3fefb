"""Keeping a token fresh: when it is renewed, in which order, how often, and when no more."""

from __future__ import annotations

import threading
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta

import pytest

from app.domain.errors import DiskFull, SignInRefused, Unreachable
from app.mail.access_tokens import AccessTokens, CommandTokens
from app.mail.oauth import Declined, Service, Tokens

SERVICE = Service.of({"address": "shop@gmail.com", "client_id": "c"})
START = datetime(2026, 11, 21, 3, 0, tzinfo=UTC)


@dataclass
class Clock:
    """Stands still."""

    at: datetime = START

    def now(self) -> datetime:
        return self.at


@dataclass
class Drawer:
    """Holds the tokens in the clear and notes when they change."""

    text: str
    events: list[str]
    full: bool = False

    def read(self) -> str:
        return self.text

    def replace(self, before: str, after: str) -> bool:
        if self.full:
            raise DiskFull("full")
        if self.text != before:
            return False
        self.text = after
        self.events.append(f"stored {Tokens.read(after).refresh or 'nothing'}")
        return True


@dataclass
class Provider:
    """Rotates with every refresh; `before_answer` is what else happens meanwhile."""

    events: list[str]
    count: int = 0
    error: Exception | None = None
    before_answer: Callable[[], None] = field(default=lambda: None)

    def __call__(self, service: Service, tokens: Tokens, *, now: datetime) -> Tokens:
        self.count += 1
        self.events.append(f"asked with {tokens.refresh}")
        self.before_answer()
        if self.error is not None:
            raise self.error
        return replace(
            tokens,
            access=f"access{self.count}",
            refresh=f"refresh{self.count}",
            expires_at=now + timedelta(hours=1),
        )


class House:
    """Tokens, their drawer and their provider, and what happened in which order."""

    def __init__(self, *, left: timedelta) -> None:
        self.events: list[str] = []
        self.clock = Clock()
        first = Tokens(access="access0", refresh="refresh0", expires_at=START + left)
        self.drawer = Drawer(first.text, self.events)
        self.provider = Provider(self.events)
        self.tokens = AccessTokens(SERVICE, self.drawer, clock=self.clock, renew=self.provider)


@pytest.fixture
def fresh():
    return House(left=timedelta(minutes=5))


@pytest.fixture
def stale():
    return House(left=timedelta(minutes=4, seconds=59))


def test_a_token_that_lasts_five_minutes_is_used_as_it_is(fresh):
    assert fresh.tokens.token() == "access0"
    assert fresh.events == []


def test_one_that_lasts_less_is_renewed_and_the_rotated_token_is_stored_first(stale):
    """Before the new access token leaves: afterwards the old refresh token is worth nothing."""
    assert stale.tokens.token() == "access1"
    assert stale.events == ["asked with refresh0", "stored refresh1"]
    assert stale.tokens.token() == "access1"
    assert stale.provider.count == 1


def test_a_rotated_token_that_could_not_be_stored_is_not_used_and_not_lost(stale):
    """A full disk: the next one who asks stores it before anything else."""
    stale.drawer.full = True
    with pytest.raises(DiskFull):
        stale.tokens.token()
    with pytest.raises(DiskFull):
        stale.tokens.token()
    stale.drawer.full = False
    assert stale.tokens.token() == "access1"
    assert stale.provider.count == 1


def test_many_who_ask_at_once_cause_one_renewal(stale):
    pause = threading.Event()
    stale.provider.before_answer = lambda: pause.wait(0.1)
    got: list[str] = []
    threads = [threading.Thread(target=lambda: got.append(stale.tokens.token())) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
    assert got == ["access1"] * 8
    assert stale.provider.count == 1


def test_a_refused_token_is_renewed_once_and_not_again_in_vain(fresh):
    """The second no is about the mailbox, not about the token."""
    assert fresh.tokens.token(refused="access0") == "access1"
    assert fresh.tokens.token(refused="access1") == "access1"
    assert fresh.tokens.token(refused="access1") == "access1"
    assert fresh.provider.count == 1


def test_a_token_that_somebody_else_has_renewed_meanwhile_is_taken(fresh):
    assert fresh.tokens.token(refused="access0") == "access1"
    assert fresh.tokens.token(refused="access0") == "access1"
    assert fresh.provider.count == 1


def test_a_permission_taken_back_is_asked_for_once_and_then_a_person_is(stale):
    """Refresh token revoked at 3 a.m. (threat 105): no loop against the provider."""
    stale.provider.error = Declined("invalid_grant", "revoked")
    for _ in range(5):
        with pytest.raises(SignInRefused, match="sign in again"):
            stale.tokens.token()
    assert stale.provider.count == 1
    assert Tokens.read(stale.drawer.text).refresh == ""
    with pytest.raises(SignInRefused):  # nor after a restart
        AccessTokens(SERVICE, stale.drawer, clock=stale.clock).token()
    assert stale.provider.count == 1


def test_a_provider_that_is_away_takes_nothing(stale):
    stale.provider.error = Unreachable("away")
    with pytest.raises(Unreachable):
        stale.tokens.token()
    stale.provider.error = None
    assert stale.tokens.token() == "access2"


def test_who_signs_in_while_a_renewal_is_under_way_wins(stale):
    anew = Tokens(access="mine", refresh="anew", expires_at=START + timedelta(hours=1))

    def sign_in() -> None:
        stale.drawer.text = anew.text

    stale.provider.before_answer = sign_in
    assert stale.tokens.token() == "mine"
    assert Tokens.read(stale.drawer.text) == anew


def test_a_program_of_the_owner_is_asked_each_time():
    answers = iter(["one", "two"])
    tokens = CommandTokens(lambda: next(answers))
    assert tokens.token() == "one"
    assert tokens.token(refused="one") == "two"
