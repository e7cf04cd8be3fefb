"""Where an account's owner signs in: what is known of providers, what settings change, what not."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from app.domain.errors import CertificateRejected, KnownError, Refused, SecretsMissing
from app.mail.oauth import Declined, Service, Tokens, refusal, tokens_of
from app.mail.providers import presets

AT = datetime(2026, 11, 21, 12, 0, tzinfo=UTC)
TOKENS = Tokens(access="aaa", refresh="rrr", expires_at=AT, client_secret="sss")


def test_an_address_and_a_client_id_are_enough_at_google():
    service = Service.of({"address": "shop@gmail.com", "client_id": "c"})
    assert service.name == "Google"
    assert service.scope == "https://mail.google.com/"
    assert service.extra == {"access_type": "offline", "prompt": "consent"}
    assert service.wants_secret
    assert service.device_url == ""
    assert service.user == "shop@gmail.com"


def test_a_shop_with_its_own_domain_is_known_by_its_server():
    service = Service.of({"host": "outlook.office365.com", "user": "a@b.example", "client_id": "c"})
    assert service.name == "Microsoft"
    assert "offline_access" in service.scope
    assert service.redirect == "http://localhost"
    assert not service.wants_secret
    assert service.device_url


def test_a_tenant_or_an_own_provider_goes_over_what_is_known():
    own = {"auth_url": "https://id.example/a", "token_url": "https://id.example/t", "scope": "mail"}
    service = Service.of({"host": "mail.own.example", "client_id": "c", "ca_file": "/ca", **own})
    assert (service.name, service.auth_url, service.scope) == (
        "id.example",
        "https://id.example/a",
        "mail",
    )
    assert service.ca_file == "/ca"
    assert Service.of({"address": "a@gmail.com", "client_id": "c", "ca_file": "/ca"}).ca_file == ""


def test_without_a_client_id_the_way_to_one_is_told():
    with pytest.raises(Refused, match=r"console\.cloud\.google\.com"):
        Service.of({"address": "shop@gmail.com"})


@pytest.mark.parametrize(
    "url", ["", "http://id.example/t", "ftp://id.example", "https://", "https://a\n.example/"]
)
def test_secrets_go_only_to_encrypted_addresses_or_to_this_machine(url):
    given = {"client_id": "c", "auth_url": "https://id.example/a", "token_url": url}
    with pytest.raises(Refused, match="token_url"):
        Service.of({"host": "mail.own.example", **given})


def test_every_service_in_the_list_is_whole():
    services = [known.oauth for known in presets() if known.oauth]
    assert {service.name for service in services} == {"Google", "Microsoft"}
    for service in services:
        assert service.help
        ends = {"auth_url": service.auth_url, "token_url": service.token_url}
        assert Service.of({"host": "h", "client_id": "c", **ends}).token_url


def test_sealed_tokens_come_back_and_are_never_shown():
    assert Tokens.read(TOKENS.text) == TOKENS
    for secret in ("aaa", "rrr", "sss"):
        assert secret not in repr(TOKENS)


@pytest.mark.parametrize("text", ["", "hunter2", "[]", "{}", '{"access": 1}', "null"])
def test_what_is_no_token_asks_to_sign_in(text):
    with pytest.raises(SecretsMissing, match="Sign in"):
        Tokens.read(text)


def test_a_refresh_token_that_is_not_repeated_stays():
    """RFC 6749 section 6."""
    service = Service.of({"address": "a@gmail.com", "client_id": "c"})
    fresh = tokens_of(service, {"access_token": "new", "expires_in": "60"}, now=AT, before=TOKENS)
    assert (fresh.access, fresh.refresh, fresh.client_secret) == ("new", "rrr", "sss")
    assert (fresh.expires_at - AT).total_seconds() == 60


@pytest.mark.parametrize("lasts", [None, "soon", [], 10**400, -5])
def test_a_lifetime_that_is_nonsense_does_no_harm(lasts):
    service = Service.of({"address": "a@gmail.com", "client_id": "c"})
    answer = {"access_token": "new", "expires_in": lasts}
    fresh = tokens_of(service, answer, now=AT, before=TOKENS)
    assert fresh.expires_at > AT


@pytest.mark.parametrize("access", [None, "", "a b", "a\x01auth=x", "a\r\nb", 7, "x" * 20_000])
def test_a_token_that_could_forge_a_command_is_not_taken(access):
    service = Service.of({"address": "a@gmail.com", "client_id": "c"})
    with pytest.raises(KnownError):
        tokens_of(service, {"access_token": access}, now=AT, before=TOKENS)


@pytest.mark.parametrize(
    ("code", "said"),
    [
        ("invalid_grant", "sign in again"),
        ("invalid_client", "does not accept this client"),
        ("access_denied", "not allowed"),
        ("expired_token", "no longer good"),
        ("interaction_required", "interaction_required"),
    ],
)
def test_each_no_has_a_way_out(code, said):
    error = refusal(Service.of({"address": "a@gmail.com", "client_id": "c"}), Declined(code, ""))
    assert said in error.sentence
    assert error.hint
    assert not error.retry
    assert not isinstance(error, CertificateRejected)
