"""A shop and a mailbox, through the whole program: the order stands beside the mail."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from app.domain.clock import SystemClock
from tests.support.certificates import Authority
from tests.support.engine import a_letter
from tests.support.program import Program
from tests.support.shopify_server import TOKEN, ShopifyServer, parcel

pytestmark = [
    pytest.mark.servers,
    pytest.mark.xdist_group("journeys"),
    pytest.mark.timeout(900),  # a dozen commands, each of which may start an engine
]


@pytest.fixture
def authority(tmp_path: Path) -> Authority:
    return Authority(tmp_path / "ca")


@pytest.fixture
def shop(authority: Authority) -> Iterator[ShopifyServer]:
    with ShopifyServer(authority.leaf()) as server:
        yield server


def _connect(program: Program, shop: ShopifyServer, authority: Authority) -> str:
    settings = {**shop.settings, "ca_file": str(authority.ca_file)}
    words = [word for name, value in settings.items() for word in ("--set", f"{name}={value}")]
    return program.do(
        "account", "add", "shopify", "Store", *words, "--secret-command", f"printf %s {TOKEN}"
    )


def test_the_order_stands_beside_the_mail(
    program: Program, shop: ShopifyServer, authority: Authority, tmp_path: Path
):
    """Missing scopes are named; the mail finds its order; a late parcel has an issue before a mail;
    no key is in any file of the profile that can be read."""
    now = SystemClock().now()
    shop.scopes = shop.scopes - {"read_returns"}
    row = shop.order(at=now - timedelta(days=2), email="ben@customer.example")
    said = _connect(program, shop, authority)
    assert "Without read_returns returns are not shown." in said
    (told,) = program.json("account", "test", "Store")
    assert [one["scope"] for one in told["lacks"]] == ["read_returns"]

    mails = tmp_path / "mails"
    mails.mkdir()
    (mails / "one.eml").write_bytes(
        a_letter(f"Two of the mugs arrived broken. Order #{row['legacyResourceId']}.")
    )
    program.do("account", "add", "folder", "Post", "--set", f"path={mails}")
    (summary,) = program.json("poll")
    store = next(one for one in summary["accounts"] if one["account"] == "Store")
    assert store["orders"] == 1
    assert {one["stream"] for one in store["feeds"]} == {"orders", "disputes"}
    (issue,) = program.inbox("open")
    assert issue["order"] == row["legacyResourceId"]
    assert issue["amount"] == {"value": "54.00", "currency": "EUR"}
    (whole,) = program.json("show", issue["key"])
    assert whole["order"]["tracking_numbers"] == []

    late = shop.order(email="vera@customer.example")
    sent = parcel("7", "DELAYED", sent=datetime.now(UTC))  # noqa: TID251 - the shop's own clock
    shop.touch(late["legacyResourceId"], fulfillments=[sent])
    program.do("poll", "--account", "Store")
    kinds = {one["kind"]: one for one in program.inbox("open")}
    assert kinds["late"]["customer"] == "vera@customer.example"
    checks = {one["check"]: one for one in program.json("doctor")}
    assert checks["Store orders"]["state"] == "ok"
    for file in (*program.profile.glob("*.log"), *program.profile.glob("*.db*")):
        assert TOKEN.encode() not in file.read_bytes().replace(b"printf %s " + TOKEN.encode(), b"")


def test_a_key_that_is_refused_is_one_line_and_nothing_is_stored(
    program: Program, shop: ShopifyServer, authority: Authority
):
    settings = {**shop.settings, "ca_file": str(authority.ca_file)}
    words = [word for name, value in settings.items() for word in ("--set", f"{name}={value}")]
    done = program.run(
        "account", "add", "shopify", "Store", *words, "--secret-command", "printf shpat_mistyped"
    )
    assert done.returncode == 1
    assert done.stderr.count("\n") == 1
    assert "Shopify does not accept the key" in done.stderr
    assert "shpat_mistyped" not in done.stderr
    assert program.json("account", "list") == []
    missing = program.run("account", "add", "shopify", "Store", "--secret-command", "printf x")
    assert "Shopify needs shop" in missing.stderr
