"""An order that its buyer paid in their own money: both sums are known, each where it is meant."""

from __future__ import annotations

from datetime import timedelta

from app.domain.money import Money
from tests.support.disputes import a_dispute
from tests.support.engine import a_letter
from tests.support.feed_desk import FeedDesk
from tests.support.provider import Provider
from tests.support.shopify_server import ShopifyServer, bag

ANN = "Ann Lee <ann@customer.example>"


def _sold(shop: ShopifyServer, desk: FeedDesk) -> str:
    """An order over 54.00 EUR for which 59.90 USD were paid."""
    total = bag("54.00", paid=("59.90", "USD"))
    ago = desk.now - timedelta(days=3)
    row = shop.order(at=ago, email="ann@customer.example", totalPriceSet=total)
    desk.read()
    return str(row["legacyResourceId"])


def test_both_sums_are_read_and_one_alone_where_they_are_the_same(
    shopify: ShopifyServer, shopify_desk: FeedDesk
):
    number = _sold(shopify, shopify_desk)
    shopify.order()
    shopify_desk.read()
    told = {one.number: (one.total, one.charged) for one in shopify_desk.orders().values()}
    assert told.pop(number) == (Money(5400, "EUR"), Money(5990, "USD"))
    assert list(told.values()) == [(Money(5400, "EUR"), None)]


def test_a_reply_names_what_the_buyer_paid_and_is_not_asked_about_it(
    shopify: ShopifyServer, shopify_desk: FeedDesk
):
    """A customer who paid dollars is not told of a refund in euros."""
    number = _sold(shopify, shopify_desk)
    engine = shopify_desk.engine
    engine.receive(a_letter(f"Please cancel my order #{number}.", sender=ANN))
    key = engine.only_key("open")
    text = engine.writing.render(key, "change_cancel/cancelled", language="en")["text"]
    assert "$59.90" in text
    assert "54.00" not in text
    found = engine.writing.check_reply(key, "Hi Ann,\n\nI have refunded 59.90 USD.")["objections"]
    assert [one["because"] for one in found] == []


def test_the_sum_that_the_buyer_knows_finds_the_order(
    shopify: ShopifyServer, shopify_desk: FeedDesk
):
    number = _sold(shopify, shopify_desk)
    engine = shopify_desk.engine
    shopify.order(email="ann@customer.example")
    shopify_desk.read()
    engine.receive(a_letter("I paid $59.90 and the parcel is not here.", sender=ANN))
    link = engine.issue(engine.only_key("open")).order_link
    assert link is not None
    assert link.number == number
    assert "$59.90 was its total" in link.because


def test_a_dispute_over_what_the_buyer_paid_finds_its_order(
    shopify: ShopifyServer, shopify_desk: FeedDesk
):
    """A provider knows the buyer and the sum in the buyer's money."""
    number = _sold(shopify, shopify_desk)
    dispute = a_dispute(
        amount=Money(5990, "USD"),
        customer_email="ann@customer.example",
        payment_references=("pi_elsewhere",),
    )
    Provider(shopify_desk.engine).tells(dispute)
    (row,) = shopify_desk.engine.rows("open")
    assert row.order_number == number
