"""WooCommerce by way of its host: headers that are stripped, plain links, caches, firewalls."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import closing
from datetime import timedelta
from pathlib import Path

import pytest

from app.domain.account import AccountType
from app.domain.errors import KnownError, SignInRefused, Unreachable
from tests.support.certificates import Authority
from tests.support.engine import a_letter
from tests.support.feed_desk import FeedDesk
from tests.support.platform_server import Fault
from tests.support.woocommerce_server import KEY, SECRET, WooCommerceServer


def test_a_host_that_strips_the_header_is_asked_with_the_key_in_the_query(
    woo: WooCommerceServer, woo_desk: FeedDesk
):
    woo.strips_header = True
    woo.order()
    woo_desk.read()
    assert len(woo_desk.orders()) == 1


def test_a_shop_without_pretty_links_is_found(woo: WooCommerceServer, woo_desk: FeedDesk):
    woo.plain_links = True
    woo.order()
    woo_desk.read()
    assert len(woo_desk.orders()) == 1


def test_a_shop_that_shows_its_first_page_where_links_are_not_pretty_is_found(
    woo: WooCommerceServer, woo_desk: FeedDesk
):
    """nginx hands every address to WordPress, which without pretty links shows its first page."""
    woo.plain_links = woo.shows_first_page = True
    woo.order()
    woo_desk.read()
    assert len(woo_desk.orders()) == 1


def test_a_page_that_passes_leaves_the_usual_address_as_it_was(
    woo: WooCommerceServer, woo_desk: FeedDesk
):
    """A maintenance page is no sign of plain links: afterwards the usual address is asked."""
    woo.order()
    page = Fault(status=200, raw=b"<!DOCTYPE html>Back soon", content_type="text/html")
    with closing(woo_desk.source()) as source:
        woo.faults += [page] * 9
        with pytest.raises(Unreachable, match="web page"):
            woo_desk.read(source)
        woo.faults.clear()
        woo.asked.clear()
        woo_desk.read(source)
    assert len(woo_desk.orders()) == 1
    assert {one.path.startswith("/wp-json/wc/v3") for one in woo.asked} == {True}


def test_a_cache_in_front_of_the_shop_hides_no_order(woo: WooCommerceServer, woo_desk: FeedDesk):
    """Hosts keep the API's pages as well: the same question would get the same answer for hours."""
    woo.keeps_pages = True
    for _ in range(2):
        woo_desk.read()
        woo_desk.later(minutes=1)
    woo.order(at=woo_desk.now)
    woo_desk.read()
    assert len(woo_desk.orders()) == 1


@pytest.fixture
def plain_shop() -> Iterator[WooCommerceServer]:
    with WooCommerceServer() as shop:
        yield shop


def test_a_shop_on_http_is_asked_only_where_the_owner_insists(
    plain_shop: WooCommerceServer, tmp_path: Path
):
    """Signed with OAuth 1.0a, which the shop checks; neither secret nor header goes out."""
    plain_shop.order()
    desk = FeedDesk(tmp_path, AccountType.WOOCOMMERCE, plain_shop.settings, SECRET)
    plain_shop.wall = lambda: desk.now
    plain_shop.clock = desk.now
    plain_shop.ahead = timedelta(hours=3)  # named trap: "Invalid timestamp" from a wrong clock
    plain_shop.order()
    desk.read()
    desk.later(minutes=1)
    desk.read()
    assert len(desk.orders()) == 2
    for asked in plain_shop.asked:
        assert "authorization" not in asked.headers
        assert SECRET not in str(asked.query)
    desk.close()


def test_without_insisting_http_is_refused_before_anything_is_sent(
    plain_shop: WooCommerceServer, tmp_path: Path
):
    settings = {**plain_shop.settings, "insist_http": "no"}
    desk = FeedDesk(tmp_path, AccountType.WOOCOMMERCE, settings, SECRET)
    with pytest.raises(KnownError, match="without encryption"):
        desk.read()
    assert plain_shop.asked == []
    desk.close()


@pytest.mark.parametrize("given", [f"{KEY}:cs_mistyped", "ck_other:cs_other"])
def test_case_113_a_key_that_is_not_taken_is_said_in_one_sentence(
    woo: WooCommerceServer, tmp_path: Path, authority: Authority, given: str
):
    """A wrong secret and an unknown key get two codes from the shop, and one message from us."""
    key, _, secret = given.partition(":")
    settings = {**woo.settings, "client_id": key, "ca_file": str(authority.ca_file)}
    desk = FeedDesk(tmp_path, AccountType.WOOCOMMERCE, settings, secret)
    with pytest.raises(SignInRefused, match="WooCommerce does not accept the key") as error:
        desk.read()
    assert secret not in str(error.value)
    assert key not in str(error.value)
    desk.close()


def test_case_107_a_firewalls_page_is_known_as_one(woo: WooCommerceServer, woo_desk: FeedDesk):
    """Cloudflare and security plug-ins answer in HTML, with 200 or 403: no order is taken for gone,
    and the account is not paused."""
    woo.order()
    woo_desk.read()
    page = b"<!DOCTYPE html><title>Just a moment...</title>"
    for status in (200, 403):
        woo.faults += [Fault(status=status, raw=page, content_type="text/html")] * 4
        with pytest.raises(Unreachable, match="web page"):
            woo_desk.read()
        woo.faults.clear()
    assert len(woo_desk.living()) == 1


def _hides(woo: WooCommerceServer, part: str) -> None:
    """A firewall says in HTML that there is no such address."""
    page = b"<!DOCTYPE html><title>Not found</title>"
    woo.faults = [Fault(status=404, raw=page, content_type="text/html", where=part)]


def test_a_page_that_says_404_of_an_order_does_not_say_that_it_is_deleted(
    woo: WooCommerceServer, woo_desk: FeedDesk
):
    row = woo.order(status="wc-packed")
    woo_desk.read()
    woo_desk.engine.receive(a_letter(f"Where is my order {row['number']}?"))
    woo.statuses = tuple(one for one in woo.statuses if one != "wc-packed")
    woo_desk.later(minutes=11)
    _hides(woo, f"/orders/{row['id']}")
    with pytest.raises(Unreachable, match="web page"):
        woo_desk.read()
    assert len(woo_desk.living()) == 1


def test_a_page_that_says_404_of_parcels_takes_none_back(
    woo: WooCommerceServer, woo_desk: FeedDesk
):
    woo_desk.read()
    row = woo.order()
    woo.parcel(row["id"], "JD014600")
    woo_desk.read()
    woo_desk.later(minutes=1)
    woo.touch(row["id"], at=woo_desk.now, status="completed")
    _hides(woo, "/fulfillments")
    with pytest.raises(Unreachable, match="web page"):
        woo_desk.read()
    woo_desk.read()
    (order,) = woo_desk.orders().values()
    assert (order.fulfilment_status, order.tracking_numbers) == ("fulfilled", ("JD014600",))
