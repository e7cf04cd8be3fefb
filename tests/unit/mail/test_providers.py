"""What is known of providers, and what follows from an account's settings."""

from __future__ import annotations

import pytest

from app.domain.account import Account, AccountType
from app.domain.errors import Refused
from app.mail.imap_server import ImapServer
from app.mail.providers import meant, preset, preset_of_host, presets, sign_in_hint


def account(**settings: str) -> Account:
    return Account(id=1, name="Shop", type=AccountType.IMAP, settings=settings)


@pytest.mark.parametrize(
    ("address", "host"),
    [
        ("shop@gmail.com", "imap.gmail.com"),
        ("Shop@GoogleMail.com", "imap.gmail.com"),
        ("shop@gmx.de", "imap.gmx.net"),
        ("shop@web.de", "imap.web.de"),
        ("shop@outlook.com", "outlook.office365.com"),
        ("shop@icloud.com", "imap.mail.me.com"),
        ("shop@yahoo.co.uk", "imap.mail.yahoo.com"),
        ("shop@fastmail.com", "imap.fastmail.com"),
    ],
)
def test_the_address_alone_names_the_server(address, host):
    known = preset(address)
    assert known is not None
    assert known.host == host


@pytest.mark.parametrize("address", ["shop@my-shop.example", "gmail.com", "", "shop@notgmail.com"])
def test_of_others_nothing_is_pretended(address):
    if address == "gmail.com":
        assert preset(address) is not None
    else:
        assert preset(address) is None


@pytest.mark.parametrize(
    ("host", "name"),
    [
        ("imap.gmail.com", "Gmail"),
        ("IMAP.ionos.de.", "IONOS"),
        ("imap.strato.de", "STRATO"),
        ("imap.zoho.eu", "Zoho"),
    ],
)
def test_a_shop_with_its_own_domain_is_known_by_its_server(host, name):
    known = preset_of_host(host)
    assert known is not None
    assert known.name == name


def test_a_server_whose_name_only_looks_alike_is_not_the_provider():
    assert preset_of_host("imap.notgmail.com") is None


def test_gmail_says_what_to_do_and_others_are_named_by_their_host():
    assert sign_in_hint("imap.gmail.com") == (
        "Gmail",
        "Create an app password, then sign in again.",
    )
    assert sign_in_hint("mail.my-shop.example")[0] == "mail.my-shop.example"


def test_every_preset_is_whole_and_encrypted():
    for known in presets():
        assert known.security in ("tls", "starttls")
        assert known.smtp_security in ("tls", "starttls")
        assert known.hint.endswith(".")
        assert known.host
        assert known.smtp_host
        assert known.hosts


def test_the_settings_that_follow_from_an_address_are_the_words_of_account_add():
    known = preset("shop@gmail.com")
    assert known is not None
    assert known.settings("shop@gmail.com") == {
        "address": "shop@gmail.com",
        "user": "shop@gmail.com",
        "host": "imap.gmail.com",
        "port": "993",
        "security": "tls",
        "smtp_host": "smtp.gmail.com",
        "smtp_port": "465",
        "smtp_security": "tls",
    }


def test_what_the_owner_set_goes_over_what_is_known():
    server = ImapServer.of(account(address="shop@gmail.com", port="1993", folders="INBOX, Orders,"))
    assert (server.host, server.port) == ("imap.gmail.com", 1993)
    assert server.folders == "INBOX, Orders,"


def test_implicit_tls_and_inbox_are_the_default():
    server = ImapServer.of(account(address="a@b.example", host="mail.b.example"))
    assert (server.security, server.port, server.folders) == ("tls", 993, "")
    assert server.user == "a@b.example"


def test_starttls_has_its_own_port():
    server = ImapServer.of(account(address="a@b.c", host="mail.b.c", security="starttls"))
    assert server.port == 143


@pytest.mark.parametrize(
    ("settings", "named"),
    [
        ({"address": "a@b.example"}, "host"),
        ({"host": "mail.b.example"}, "user"),
        ({"address": "a@b.c", "host": "h", "security": "none"}, "security"),
        ({"address": "a@b.c", "host": "h", "port": "0"}, "port"),
        ({"address": "a@b.c", "host": "h", "port": "imap"}, "port"),
        ({"address": "a@b.c", "host": "h", "port": "²"}, "port"),
    ],
)
def test_a_setting_that_is_amiss_is_named(settings, named):
    with pytest.raises(Refused, match=f"“{named}”"):
        ImapServer.of(account(**settings))


def test_more_than_thirty_providers_are_known_and_no_domain_leads_to_two():
    known = presets()
    assert len(known) >= 32
    domains = [domain for one in known for domain in one.domains]
    assert len(domains) == len(set(domains))
    names = [one.name for one in known]
    assert len(names) == len(set(names))


@pytest.mark.parametrize("known", presets(), ids=lambda one: one.name)
def test_a_preset_is_sane(known):
    """Names are host names in small letters, ports fit the encryption, words are sentences."""
    for host in (known.host, known.smtp_host, *known.hosts, *known.domains):
        assert host == host.strip().lower()
        assert "." in host
        assert "@" not in host
    assert any(f".{known.host}".endswith(f".{end}") for end in known.hosts)
    assert (known.security, known.port) in {("tls", 993), ("starttls", 143)}
    assert (known.smtp_security, known.smtp_port) in {("tls", 465), ("starttls", 587)}
    assert known.user in ("address", "local")
    assert known.hint.endswith(".")
    assert known.help.endswith(".")
    assert preset_of_host(known.host) == known
    for domain in known.domains:
        assert preset(f"shop@{domain}") == known


def test_where_people_sign_in_with_the_first_part_the_name_is_that():
    known = preset("jean.dupont@free.fr")
    assert known is not None
    assert known.settings("jean.dupont@free.fr")["user"] == "jean.dupont"


def test_who_takes_only_app_passwords_names_the_page_where_one_is_made():
    known = [one for one in presets() if one.app_password]
    assert {"Gmail", "Yahoo", "iCloud"} <= {one.name for one in known}
    assert all(one.password_page.startswith("https://") for one in known)


@pytest.mark.parametrize(
    ("typed", "right"),
    [
        ("a@gmial.com", "a@gmail.com"),
        ("a@gmai.com", "a@gmail.com"),
        ("a@gmaill.com", "a@gmail.com"),
        ("a@hotmial.com", "a@hotmail.com"),
        ("a@outlok.de", "a@outlook.de"),
        ("A@GMAIL.CON", "A@gmail.com"),
        ("a@gmail.com", ""),
        ("a@oakandwick.example", ""),
        ("a@gmy.de", ""),
        ("gmail", ""),
        ("", ""),
    ],
)
def test_a_slip_in_a_known_name_is_seen_and_own_domains_are_left_alone(typed, right):
    assert meant(typed) == right
