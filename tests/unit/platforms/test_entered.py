"""What owners copy when they connect a shop: whatever page was open, and whichever key."""

from __future__ import annotations

import pytest

from app.domain.account import Account, AccountType
from app.domain.clock import SystemClock
from app.domain.errors import KnownError, Refused
from app.platforms.connect import connect
from app.platforms.entered import checked_root, refuse_wrong_key, shop_host, woocommerce_root


@pytest.mark.parametrize(
    "told",
    [
        "mill-and-moss.myshopify.com.",
        "mill-and-moss.myshopify.com?x=1",
        "mill-and-moss.myshopify.com:443",
        "Mill-And-Moss.MyShopify",
        "https://mill-and-moss.myshopify.com/admin/orders?x=1",
    ],
)
def test_the_shops_name_is_found_in_whatever_its_owner_copies(told: str) -> None:
    assert shop_host(told) == "mill-and-moss.myshopify.com"


@pytest.mark.parametrize("told", ["www.mill.example", "owner@mill.example", "Mill & Moss", ""])
def test_the_key_goes_to_no_address_that_is_not_shopifys(told: str) -> None:
    """A slip in a domain of one's own would show the token to whoever owns that name."""
    with pytest.raises(Refused, match=r"ends in \.myshopify\.com"):
        shop_host(told)


@pytest.mark.parametrize(
    "told",
    [
        "https://shop.example/de/wp-admin/admin.php?page=wc-settings&tab=advanced",
        "https://shop.example/de/wp-json/wc/v3",
        "https://shop.example/de/index.php?page_id=3",
        "https://shop.example/de/wp-login.php",
        "https://shop.example/de/#top",
        " https://shop.example/de/ ",
    ],
)
def test_wordpress_is_found_from_whichever_of_its_pages_was_open(told: str) -> None:
    assert woocommerce_root(told) == "https://shop.example/de"


@pytest.mark.parametrize(
    "told",
    ["https://shop..example", "https://[::1", "https://shop.example:x", "https:/shop.example",
     "shop example", "https://", "https//shop.example"],
)  # fmt: skip
def test_what_is_no_address_is_said_and_never_a_bug(told: str) -> None:
    with pytest.raises(KnownError, match="no address of a shop"):
        checked_root(told)


@pytest.mark.parametrize(
    "secret", ["rk_live_••••1234", "rk_live_…", "rk_live_é", "rk_live_a b", "rk_live_a\nb"]
)
@pytest.mark.parametrize(
    "kind", [AccountType.STRIPE, AccountType.SHOPIFY, AccountType.WOOCOMMERCE, AccountType.PAYPAL]
)
def test_a_key_that_was_copied_with_its_dots_is_said_not_to_be_whole(
    kind: AccountType, secret: str
) -> None:
    """Stripe and WooCommerce show their keys so; this was a fault of ours with Stripe."""
    settings = {"shop": "x", "base_url": "https://localhost", "client_id": "ck_1"}
    account = Account(id=1, name="Shop", type=kind, settings=settings)
    with pytest.raises(Refused, match="not the whole key"):
        connect(account, secret, clock=SystemClock())


@pytest.mark.parametrize(
    ("kind", "client", "secret", "said"),
    [
        (AccountType.STRIPE, "", "pk_live_1", "the publishable key"),
        (AccountType.STRIPE, "", "whsec_1", "the secret of a webhook"),
        (AccountType.SHOPIFY, "", "shpss_1", "The Client ID is missing"),
        (AccountType.SHOPIFY, "client", "shpat_1", "needs no Client ID"),
        (AccountType.WOOCOMMERCE, "cs_1", "ck_1", "changed places"),
    ],
)
def test_another_key_of_the_same_page_is_called_by_its_name(
    kind: AccountType, client: str, secret: str, said: str
) -> None:
    with pytest.raises(Refused, match=said):
        refuse_wrong_key(kind, {"client_id": client}, secret)


@pytest.mark.parametrize("secret", ["rk_live_1", "sk_live_1", "rk_test_1"])
def test_the_right_keys_pass(secret: str) -> None:
    refuse_wrong_key(AccountType.STRIPE, {}, secret)
