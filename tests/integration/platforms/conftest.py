"""Shops over TLS, each with a profile that reads it."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from app.domain.account import AccountType
from tests.support.certificates import Authority
from tests.support.feed_desk import FeedDesk
from tests.support.shopify_server import TOKEN, ShopifyServer
from tests.support.woocommerce_server import SECRET, WooCommerceServer


@pytest.fixture(scope="session")
def authority(tmp_path_factory: pytest.TempPathFactory) -> Authority:
    """Who signs the shops' certificates."""
    return Authority(tmp_path_factory.mktemp("ca"))


@pytest.fixture
def woo(authority: Authority) -> Iterator[WooCommerceServer]:
    """A WooCommerce shop behind TLS."""
    with WooCommerceServer(authority.leaf()) as shop:
        yield shop


@pytest.fixture
def woo_desk(tmp_path: Path, woo: WooCommerceServer, authority: Authority) -> Iterator[FeedDesk]:
    """A profile that reads it."""
    settings = {**woo.settings, "ca_file": str(authority.ca_file)}
    desk = FeedDesk(tmp_path, AccountType.WOOCOMMERCE, settings, SECRET)
    woo.wall = lambda: desk.now
    woo.clock = desk.now
    yield desk
    desk.close()


@pytest.fixture
def shopify(authority: Authority) -> Iterator[ShopifyServer]:
    """A Shopify shop."""
    with ShopifyServer(authority.leaf()) as shop:
        yield shop


@pytest.fixture
def shopify_desk(
    tmp_path: Path, shopify: ShopifyServer, authority: Authority
) -> Iterator[FeedDesk]:
    """A profile that reads it, with a permanent token."""
    settings = {**shopify.settings, "ca_file": str(authority.ca_file)}
    desk = FeedDesk(tmp_path, AccountType.SHOPIFY, settings, TOKEN)
    shopify.wall = lambda: desk.now
    yield desk
    desk.close()
