"""A parcel in trouble is said before its customer writes, quietly, and once."""

from __future__ import annotations

from datetime import timedelta

from app.domain.assessment import Kind, Severity
from tests.support.engine import a_letter
from tests.support.feed_desk import FeedDesk
from tests.support.shopify_server import ShopifyServer, parcel


def _is_delayed(shop: ShopifyServer, desk: FeedDesk, status: str = "DELAYED") -> str:
    """An order whose parcel is in trouble from now on."""
    row = shop.order(email="ben@customer.example")
    desk.read()
    desk.later(minutes=3)
    sent = desk.now - timedelta(days=3)
    shop.touch(row["legacyResourceId"], fulfillments=[parcel("7", status, sent=sent)])
    desk.read()
    return str(row["legacyResourceId"])


def test_a_delayed_parcel_opens_a_quiet_issue(shopify: ShopifyServer, shopify_desk: FeedDesk):
    number = _is_delayed(shopify, shopify_desk)
    (row,) = shopify_desk.engine.rows("open")
    assert (row.kind, row.severity) == (Kind.LATE, Severity.LOW)
    assert row.order_number == number
    assert row.customer.email == "ben@customer.example"
    assert "DHL says that the parcel is delayed" in row.subject
    reasons = shopify_desk.engine.issue(row.key).reasons
    assert [one.because for one in reasons if one.factor == "parcel"]
    assert not [one for change in shopify_desk.changes for one in change.alerts]


def test_the_customers_mail_joins_it(shopify: ShopifyServer, shopify_desk: FeedDesk):
    """One issue, not two; what the carrier says is a reason beside the mail."""
    number = _is_delayed(shopify, shopify_desk, status="NOT_DELIVERED")
    key = shopify_desk.engine.only_key("open")
    shopify_desk.engine.receive(a_letter(f"Where is my order #{number}? I am still waiting."))
    (row,) = shopify_desk.engine.rows("open")
    assert row.message_count == 1
    view = shopify_desk.engine.issue(key)
    assert view.row.key == row.key
    assert [one.because for one in view.reasons if one.factor == "parcel"]


def test_an_issue_that_is_there_gets_it_as_a_reason(shopify: ShopifyServer, shopify_desk: FeedDesk):
    """The customer wrote first: no second issue is begun."""
    row = shopify.order(email="ben@customer.example")
    number = row["legacyResourceId"]
    shopify_desk.read()
    shopify_desk.engine.receive(a_letter(f"Where is my order #{number}?"))
    shopify_desk.later(minutes=3)
    sent = shopify_desk.now - timedelta(days=3)
    shopify.touch(number, fulfillments=[parcel("7", "NOT_DELIVERED", sent=sent)])
    shopify_desk.read()
    key = shopify_desk.engine.only_key("open")
    assert "parcel" in {one.factor for one in shopify_desk.engine.issue(key).reasons}


def test_a_delivered_parcel_ends_it(shopify: ShopifyServer, shopify_desk: FeedDesk):
    """Nobody has to do anything any more; nothing stays open."""
    number = _is_delayed(shopify, shopify_desk)
    shopify_desk.later(hours=5)
    at = shopify_desk.now.strftime("%Y-%m-%dT%H:%M:%SZ")
    done = parcel("7", "DELIVERED", sent=shopify_desk.now - timedelta(days=3), deliveredAt=at)
    shopify.touch(number, fulfillments=[done])
    shopify_desk.read()
    assert shopify_desk.engine.rows("open") == []


def test_an_order_that_is_deleted_ends_it(shopify: ShopifyServer, shopify_desk: FeedDesk):
    """Of an order that the shop has no more no parcel is late, and nothing stays open."""
    number = _is_delayed(shopify, shopify_desk)
    shopify.delete(number)
    shopify_desk.later(hours=25)
    shopify_desk.read()
    assert shopify_desk.engine.rows("open") == []


def test_a_day_that_passes_makes_a_parcel_late(shopify: ShopifyServer, shopify_desk: FeedDesk):
    """Nobody says anything of it: its day and one more are over. Worked out from the local copy."""
    shopify_desk.read()
    expected = (shopify_desk.now + timedelta(hours=2)).strftime("%Y-%m-%dT%H:%M:%SZ")
    sent = parcel("7", "IN_TRANSIT", sent=shopify_desk.now, estimatedDeliveryAt=expected)
    shopify.order(fulfillments=[sent])
    shopify_desk.read()
    look = shopify_desk.intake.look_again
    shopify_desk.later(hours=25)
    now = shopify_desk.now
    shopify_desk.engine.writer.do(lambda db: look(db, now=now))
    assert shopify_desk.engine.rows("open") == []
    shopify_desk.later(hours=2)
    later = shopify_desk.now
    shopify_desk.engine.writer.do(lambda db: look(db, now=later))
    (row,) = shopify_desk.engine.rows("open")
    assert row.kind is Kind.LATE
    assert "was expected on" in row.subject


def test_the_first_reading_opens_no_issues(shopify: ShopifyServer, shopify_desk: FeedDesk):
    """Sixty days of parcels that were late once are history."""
    for count in range(5):
        sent = shopify_desk.now - timedelta(days=20)
        shopify.order(fulfillments=[parcel(str(count), "DELAYED", sent=sent)])
    shopify_desk.read()
    assert shopify_desk.engine.rows("open") == []


def test_an_order_that_arrives_late_is_linked_to_the_mail_before_it(
    shopify: ShopifyServer, shopify_desk: FeedDesk
):
    """The customer wrote before the shop was asked: as the order comes in, the issue finds it."""
    shopify_desk.read()
    shopify_desk.engine.receive(a_letter("Two mugs of my order #1001 are broken."))
    shopify.order(email="ben@customer.example")
    shopify_desk.read()
    (row,) = shopify_desk.engine.rows("open")
    assert (row.order_number, str(row.order_total)) == ("1001", "54.00 EUR")
    changed = {key for change in shopify_desk.changes for key in change.issues}
    assert row.key in changed
