"""Settings of an account: what the provider's preset knows, and what cannot be."""

from __future__ import annotations

import pytest

from app.domain.account import AccountType
from app.domain.errors import Refused
from app.engine.account_settings import completed


def test_a_known_provider_needs_only_the_address():
    """The preset fills in servers and ports."""
    settings = completed(AccountType.IMAP, {"address": "shop@gmail.com"})
    assert settings["host"] == "imap.gmail.com"
    assert settings["port"] == "993"
    assert settings["user"] == "shop@gmail.com"
    assert settings["smtp_host"]


def test_what_was_said_wins_over_the_preset():
    """An own server for a known domain."""
    given = {"address": "shop@gmail.com", "host": "mail.shop.example", "port": "1993"}
    settings = completed(AccountType.IMAP, given)
    assert (settings["host"], settings["port"]) == ("mail.shop.example", "1993")
    assert settings["smtp_host"] == "mail.shop.example"


@pytest.mark.parametrize(
    ("kind", "given", "said"),
    [
        (AccountType.IMAP, {"address": "a@unknown.example"}, "host=.*in the window"),
        (AccountType.IMAP, {"host": "h"}, "user"),
        (AccountType.IMAP, {"host": "h", "user": "u", "port": "x"}, "port"),
        (AccountType.IMAP, {"host": "h", "user": "u", "port": "70000"}, "port"),
        (AccountType.IMAP, {"host": "h", "user": "u", "security": "none"}, "starttls"),
        (AccountType.IMAP, {"password": "p"}, "password"),
        (AccountType.FOLDER, {}, "path"),
    ],
)
def test_what_cannot_be_is_said(kind, given, said):
    """One sentence that names the setting."""
    with pytest.raises(Refused, match=said):
        completed(kind, given)


@pytest.mark.parametrize(
    ("typed", "host", "port"),
    [
        ("https://imap.shop.example/", "imap.shop.example", "993"),
        ("imaps://imap.shop.example:1993", "imap.shop.example", "1993"),
        (" IMAP.Shop.example. ", "imap.shop.example", "993"),
        ("imap.müller.example", "imap.müller.example", "993"),
        ("192.168.1.4:143", "192.168.1.4", "143"),
        ("::1", "::1", "993"),
        ("localhost", "localhost", "993"),
    ],
)
def test_a_server_is_taken_as_help_pages_write_it(typed, host, port):
    settings = completed(AccountType.IMAP, {"user": "u", "host": typed})
    assert (settings["host"], settings["port"], settings["smtp_host"]) == (host, port, host)


@pytest.mark.parametrize(
    "typed",
    [
        "imap shop.example",
        "imap..example",
        ".",
        "a" * 300,
        "my_ server",
        "localhost:x",
        "[::1]:993",
    ],
)
def test_what_no_server_can_be_called_is_said_before_it_is_dialled(typed):
    """It was taken for a server that answers in another language, or for a mail address."""
    with pytest.raises(Refused, match="is no name of a server"):
        completed(AccountType.IMAP, {"user": "u", "host": typed})
    with pytest.raises(Refused, match="is no name of a server"):
        completed(AccountType.IMAP, {"user": "u", "host": "imap.x.example", "smtp_host": typed})
