"""Errors on the way out: which family they belong to, and that they say what to do."""

from __future__ import annotations

import smtplib
import socket
import ssl

import pytest

from app.domain.account import Account, AccountType
from app.domain.errors import KnownError, SignInRefused
from app.mail.smtp import SendDelayed, SendRefused, SendUnknown
from app.mail.smtp_connection import Server
from app.mail.smtp_failures import answered, before_the_last_dot, said, unknown

HOST = "mail.example.org"


@pytest.mark.parametrize(
    ("code", "family"),
    [
        (421, SendDelayed),
        (450, SendDelayed),
        (452, SendDelayed),
        (-1, SendDelayed),
        (250, SendDelayed),
        (550, SendRefused),
        (554, SendRefused),
        (530, SignInRefused),
        (535, SignInRefused),
    ],
)
def test_the_code_decides_whether_it_is_tried_again(code: int, family: type[KnownError]) -> None:
    error = answered(code, b"no", host=HOST, about="mail to ben@example.org")
    assert type(error) is family
    assert error.retry is (family is SendDelayed)
    assert error.hint


@pytest.mark.parametrize(
    ("text", "hint"),
    [
        (b"5.1.1 no such user", "address"),
        (b"5.2.3 message too long", "smaller"),
        (b"5.3.4 message too big", "smaller"),
        (b"5.7.1 relaying denied", "provider"),
        (b"go away", "Read what it says"),
    ],
)
def test_the_hint_follows_what_the_server_means(text: bytes, hint: str) -> None:
    assert hint in answered(550, text, host=HOST, about="x").hint


def test_the_servers_words_are_quoted_without_codes_and_controls() -> None:
    assert said(b"5.1.1 No such\n5.1.1 user\x1b[31m here") == "It said: “No such user [31m here”."
    assert said(b"") == "It gave no reason."
    assert len(said(b"x" * 5000)) < 250
    assert "\ufffd" in said(b"\xff")


@pytest.mark.parametrize(
    ("error", "title"),
    [
        (TimeoutError(), "does not answer"),
        (ConnectionRefusedError(), "does not answer"),
        (socket.gaierror(8, "x"), "no server by the name"),
        (smtplib.SMTPServerDisconnected("x"), "hung up"),
        (smtplib.SMTPConnectError(421, b"busy"), "now"),
        (ssl.SSLError(1, "wrong version number"), "No safe connection"),
    ],
)
def test_whatever_breaks_before_the_last_dot_may_be_tried_again(
    error: Exception, title: str
) -> None:
    with pytest.raises(SendDelayed, match=title), before_the_last_dot(HOST, 465):
        raise error


def test_a_bug_stays_a_bug() -> None:
    with pytest.raises(ZeroDivisionError), before_the_last_dot(HOST, 465):
        raise ZeroDivisionError


def test_an_unknown_outcome_is_not_tried_again_by_itself() -> None:
    error = unknown(HOST)
    assert isinstance(error, SendUnknown)
    assert not error.retry
    assert "before you send it again" in error.sentence


def account(**settings: str) -> Account:
    return Account(id=1, name="Shop", type=AccountType.IMAP, settings=settings)


@pytest.mark.parametrize(
    ("settings", "port", "security"),
    [
        ({}, 465, "tls"),
        ({"smtp_security": "starttls"}, 587, "starttls"),
        ({"smtp_port": "587"}, 587, "starttls"),
        ({"smtp_port": "2465"}, 2465, "tls"),
        ({"smtp_port": "2587", "smtp_security": "starttls"}, 2587, "starttls"),
    ],
)
def test_port_and_security_follow_from_each_other(
    settings: dict[str, str], port: int, security: str
) -> None:
    server = Server.of(account(smtp_host=HOST, address="shop@example.org", **settings))
    assert (server.port, server.security, server.user) == (port, security, "shop@example.org")


@pytest.mark.parametrize(
    ("settings", "name"),
    [
        ({}, "smtp_host"),
        ({"smtp_host": HOST, "smtp_security": "none"}, "smtp_security"),
        ({"smtp_host": HOST, "smtp_port": "many"}, "smtp_port"),
        ({"smtp_host": HOST, "smtp_port": "70000"}, "smtp_port"),
        ({"smtp_host": HOST, "smtp_port": "-1"}, "smtp_port"),
    ],
)
def test_a_setting_that_is_amiss_is_named(settings: dict[str, str], name: str) -> None:
    with pytest.raises(KnownError, match=name):
        Server.of(account(**settings))


def test_a_host_of_other_letters_is_looked_up_in_ascii() -> None:
    assert Server.of(account(smtp_host="mail.müller.example")).host == "mail.xn--mller-kva.example"
    assert Server.of(account(smtp_host="192.0.2.1")).host == "192.0.2.1"
    assert Server.of(account(smtp_host="::1")).host == "::1"
