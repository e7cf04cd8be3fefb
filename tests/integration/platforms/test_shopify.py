"""Shopify over TLS, as its schema says: orders, disputes, keys, cost, and what it keeps back."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from contextlib import closing
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from app.domain.account import AccountType
from app.domain.dispute import Dispute, DisputeKind, DisputeReason, DisputeState
from app.domain.errors import Busy, KnownError, SignInRefused
from app.domain.feed import Stream
from app.domain.money import Money
from app.domain.order import ParcelState
from app.platforms.entered import shop_host
from app.platforms.http import Manners
from app.platforms.shopify_dispute import due, read_dispute
from app.storage import alerts
from tests.support.certificates import Authority
from tests.support.engine import a_letter
from tests.support.feed_desk import QUICK, FeedDesk
from tests.support.platform_server import Fault
from tests.support.shopify_server import (
    CLIENT,
    CLIENT_SECRET,
    SCOPES,
    TOKEN,
    ShopifyServer,
    bag,
    line,
    parcel,
)


def test_an_order_is_told_whole(shopify: ShopifyServer, shopify_desk: FeedDesk):
    """Who bought, what, the parcel and where it is, what came back, and how good a customer."""
    sent = shopify_desk.now - timedelta(days=2)
    shopify.order(
        displayFulfillmentStatus="FULFILLED",
        displayFinancialStatus="PARTIALLY_REFUNDED",
        totalRefundedSet=bag("10.00"),
        lineItems=[line("Leather boots", 2, "24.50", left=1)],
        fulfillments=[
            parcel(
                "77",
                "IN_TRANSIT",
                sent=sent,
                estimatedDeliveryAt="2026-11-21T18:00:00Z",
                events=[{"status": "IN_TRANSIT", "happenedAt": "2026-11-19T08:00:00Z"}],
            )
        ],
        refunds=[
            {
                "legacyResourceId": "5",
                "createdAt": "2026-11-18T10:00:00Z",
                "processedAt": "2026-11-18T10:00:00Z",
                "note": "crushed",
                "totalRefundedSet": bag("10.00"),
            }
        ],
        returns=[
            {
                "id": "gid://shopify/Return/9",
                "name": "#1001-R1",
                "status": "REQUESTED",
                "createdAt": "2026-11-19T10:00:00Z",
                "returnLineItems": [
                    {
                        "customerNote": "Too small",
                        "returnReasonNote": "",
                        "returnReasonDefinition": {"name": "Size was too small"},
                    }
                ],
            }
        ],
    )
    shopify_desk.read()
    (order,) = shopify_desk.orders().values()
    assert (order.number, order.atom) == ("1001", "o:shopify:1001")
    assert (order.customer_name, order.customer_email) == ("Vera Ito", "vera1001@example.test")
    assert (order.total, order.refunded) == (Money(5400, "EUR"), Money(1000, "EUR"))
    assert (order.items[0].quantity, order.items[0].removed) == (2, 1)
    (sent_parcel,) = order.fulfilments
    assert (sent_parcel.state, sent_parcel.carrier) == (ParcelState.IN_TRANSIT, "DHL")
    assert sent_parcel.moved_at == datetime(2026, 11, 19, 8, tzinfo=UTC)
    assert (order.tracking_numbers, order.shipped_at) == (("T77",), sent)
    assert (order.returns[0].reason, order.returns[0].note) == ("Size was too small", "Too small")
    assert (order.refunds[0].amount, order.refunds[0].reason) == (Money(1000, "EUR"), "crushed")
    assert order.value is not None
    assert (order.value.orders, order.value.tier, order.value.tags) == (3, "champions", ("vip",))
    assert order.payment_references == ("pay-1001", "pi_1234567890ab")
    assert order.url == "https://mill-and-moss.myshopify.com/admin/orders/1001"


def test_a_change_of_an_old_order_is_seen(shopify: ShopifyServer, shopify_desk: FeedDesk):
    """Named trap: the cursor is on the change, not on the creation."""
    old = shopify.order(at=shopify_desk.now - timedelta(days=200))
    shopify_desk.read()
    assert shopify_desk.orders() == {}
    shopify_desk.later(minutes=1)
    shopify.touch(old["legacyResourceId"], displayFulfillmentStatus="FULFILLED")
    shopify_desk.read()
    assert [one.fulfilment_status for one in shopify_desk.orders().values()] == ["fulfilled"]


def test_the_lag_of_the_search_index_loses_nothing(shopify: ShopifyServer, shopify_desk: FeedDesk):
    """A change is found only seconds later, when a later one was already read."""
    first, second, third = shopify.order(), shopify.order(), shopify.order()
    shopify_desk.read()
    shopify_desk.later(minutes=10)
    shopify.touch(third["legacyResourceId"], note="so that what is known moves on")
    shopify_desk.read()
    shopify_desk.later(minutes=5)
    shopify.lag = timedelta(seconds=90)
    shopify.touch(first["legacyResourceId"], displayFinancialStatus="REFUNDED")
    shopify.lag = timedelta()
    shopify_desk.later(seconds=30)
    shopify.touch(second["legacyResourceId"], displayFinancialStatus="REFUNDED")
    shopify_desk.read()
    assert [one.financial_status for one in shopify_desk.orders().values()].count("refunded") == 1
    shopify_desk.later(minutes=1)
    shopify_desk.read()
    assert [one.financial_status for one in shopify_desk.orders().values()].count("refunded") == 2


def test_what_does_not_fit_into_a_page_is_asked_for(shopify: ShopifyServer, shopify_desk: FeedDesk):
    """An order of 250 lines and 14 parcels comes whole."""
    lines = [line(f"Tile {count}", 1, "1.00") for count in range(250)]
    parcels = [parcel(str(count), "DELIVERED", sent=shopify_desk.now) for count in range(14)]
    shopify.order(lineItems=lines, fulfillments=parcels)
    shopify_desk.read()
    (order,) = shopify_desk.orders().values()
    assert [one.title for one in order.items] == [f"Tile {count}" for count in range(250)]
    assert len(order.fulfilments) == 14


def test_case_108_a_cursor_that_repeats_ends_the_walk(
    shopify: ShopifyServer, shopify_desk: FeedDesk
):
    """Without read_all_orders the same page can come for ever; it is said and not walked."""
    shopify.order()
    shopify.loops = True
    with pytest.raises(KnownError, match="repeats the same page"):
        shopify_desk.read()
    assert len(shopify.asked) < 5


def test_case_108_an_order_edited_between_pages_is_read_again(
    shopify: ShopifyServer, shopify_desk: FeedDesk
):
    rows = [shopify.order(at=shopify_desk.now - timedelta(hours=1)) for _ in range(60)]

    def move() -> None:
        if len(shopify.asked) == 3:
            for row in rows[:3]:
                shopify.touch(row["legacyResourceId"], displayFinancialStatus="REFUNDED")

    shopify.between = move
    shopify_desk.read()
    stored = shopify_desk.orders()
    assert len(stored) == 60
    assert sum(one.financial_status == "refunded" for one in stored.values()) == 3


@pytest.mark.parametrize("status", ["CANCELED", "LABEL_PURCHASED"])
def test_a_parcel_that_was_taken_back_or_is_a_label_alone_was_not_sent(
    shopify: ShopifyServer, shopify_desk: FeedDesk, status: str
):
    """Its order is still to be shipped: the law's clock runs, and our word to ship is not kept."""
    shopify.order(fulfillments=[parcel("7", status, sent=shopify_desk.now)])
    shopify_desk.read()
    (order,) = shopify_desk.orders().values()
    assert order.shipped_at is None
    assert order.fulfilments[0].sent_at is None


def test_a_walk_goes_on_where_a_kill_ended_it(shopify: ShopifyServer, shopify_desk: FeedDesk):
    """The cursor is kept with the page; what is known moves only when the walk is over."""
    for _ in range(80):
        shopify.order(at=shopify_desk.now - timedelta(days=1))
    shopify_desk.read(kill_after=0)
    place = shopify_desk.place()
    assert place is not None
    assert place.cursor
    assert place.watermark is None
    asked = len(shopify.asked)
    shopify_desk.read()
    assert len(shopify_desk.orders()) == 80
    variables = [one.json["variables"] for one in shopify.asked[asked:] if b"orders(" in one.body]
    assert variables[0]["after"]


def test_a_cursor_that_shopify_forgot_begins_anew(shopify: ShopifyServer, shopify_desk: FeedDesk):
    for _ in range(40):
        shopify.order(at=shopify_desk.now - timedelta(days=1))
    shopify_desk.read(kill_after=0)
    page = shopify_desk.pages[-1]
    broken = page.place.cursor.replace("MjAy", "!!!!")
    shopify_desk.take(replace(page, place=replace(page.place, cursor=broken)))
    shopify_desk.read()
    assert len(shopify_desk.orders()) == 40


def test_a_throttled_question_waits_for_what_is_missing(
    shopify: ShopifyServer, shopify_desk: FeedDesk
):
    """Status 200 and no data: (cost - available) / rate, and the order comes all the same."""
    shopify.order()
    shopify.bucket, shopify.refills = 10.0, 900.0
    shopify_desk.read()
    assert len(shopify_desk.orders()) == 1


def test_a_question_that_costs_too_much_is_made_smaller(
    shopify: ShopifyServer, shopify_desk: FeedDesk
):
    for _ in range(9):
        shopify.order()
    shopify.dearest = 15
    shopify_desk.read()
    assert len(shopify_desk.orders()) == 9
    asked = [one.json["variables"] for one in shopify.asked]
    assert min(one["first"] for one in asked if "first" in one) <= 5


def test_what_an_order_has_no_room_for_holds_up_nothing_where_it_costs_too_much(
    shopify: ShopifyServer, shopify_desk: FeedDesk
):
    """Rather an order without its last lines than none, and none after it."""
    shopify.order(lineItems=[line(f"Tile {count}", 1, "1.00") for count in range(250)])
    shopify.order()
    shopify.dearest = 99
    shopify_desk.read()
    assert sorted(len(one.items) for one in shopify_desk.orders().values()) == [1, 30]


def test_watched_orders_are_asked_for_in_parts_where_all_cost_too_much(
    shopify: ShopifyServer, shopify_desk: FeedDesk
):
    rows = [shopify.order() for _ in range(7)]
    shopify_desk.read()
    _asks_about(shopify_desk, rows)
    shopify.delete(rows[5]["legacyResourceId"])
    shopify.dearest = 13
    shopify_desk.later(hours=25)
    shopify_desk.read()
    gone = [one.number for one in shopify_desk.orders().values() if one.deleted_at is not None]
    assert gone == [rows[5]["legacyResourceId"]]


def test_a_look_at_watched_orders_that_broke_off_is_not_put_off_to_the_next_day(
    shopify: ShopifyServer, shopify_desk: FeedDesk
):
    rows = [shopify.order() for _ in range(60)]
    shopify_desk.read()
    _asks_about(shopify_desk, rows)
    shopify.delete(rows[59]["legacyResourceId"])
    shopify_desk.later(hours=25)
    with closing(shopify_desk.source()) as source:
        shopify.between = lambda: _fail_at_the_second_look(shopify)
        with pytest.raises(KnownError):
            shopify_desk.read(source)
        shopify.between = lambda: None
        shopify_desk.later(minutes=1)
        shopify_desk.read(source)
    gone = [one.number for one in shopify_desk.orders().values() if one.deleted_at is not None]
    assert gone == [rows[59]["legacyResourceId"]]


def _asks_about(desk: FeedDesk, rows: Sequence[Mapping[str, str]]) -> None:
    """A customer asks about each of these orders."""
    for row in rows:
        number = row["legacyResourceId"]
        sender, name = f"V <{row['email']}>", f"<{number}@x.example>"
        letter = a_letter(f"Where is my order #{number}?", sender=sender, message_id=name)
        desk.engine.receive(letter)


def _fail_at_the_second_look(shop: ShopifyServer) -> None:
    if sum("query OrdersById" in one.json["query"] for one in shop.asked if one.body) > 1:
        shop.faults = [Fault(status=400)]


def test_case_106_retry_after_in_both_forms(shopify: ShopifyServer, shopify_desk: FeedDesk):
    """0 is at once; a date is waited for; a day is not waited for in a run, and not longer than
    fifteen minutes afterwards."""
    shopify.order()
    date = (shopify_desk.now - timedelta(hours=1)).strftime("%a, %d %b %Y %H:%M:%S GMT")
    for words in ("0", date, "nonsense"):
        shopify.faults.append(Fault(status=429, headers={"Retry-After": words}))
        shopify_desk.read()
    assert len(shopify_desk.orders()) == 1
    shopify.faults.append(Fault(status=429, headers={"Retry-After": "86400"}))
    with pytest.raises(Busy) as error:
        shopify_desk.read()
    assert error.value.seconds == 900


def test_case_113_a_missing_scope_is_named_with_what_does_not_work(
    shopify: ShopifyServer, shopify_desk: FeedDesk
):
    """Without them orders still come; a refused field that may not be null is not asked for."""
    shopify.scopes = frozenset({"read_orders"})
    shopify.order()
    shopify.dispute()
    with closing(shopify_desk.source()) as source:
        permits = source.check()
    assert permits.shop == "Mill & Moss"
    assert {one.scope for one in permits.lacks} == SCOPES - {"read_orders"}
    shopify_desk.read()
    (order,) = shopify_desk.orders().values()
    assert (order.customer_email, order.customer_name) == ("vera1001@example.test", "")
    shopify_desk.read(stream=Stream.DISPUTES)
    assert shopify_desk.pages[-1].disputes == ()


def test_an_order_comes_without_what_is_kept_back(shopify: ShopifyServer, shopify_desk: FeedDesk):
    """Protected customer data on a small plan: the field is null beside an ACCESS_DENIED."""
    shopify.keeps_pii_back = True
    shopify.order()
    shopify_desk.read()
    (order,) = shopify_desk.orders().values()
    assert (order.customer_email, order.customer_name) == ("", "Vera Ito")
    assert order.total == Money(5400, "EUR")


def test_another_version_of_the_api_is_noticed(shopify: ShopifyServer, shopify_desk: FeedDesk):
    """Named trap: a version that died is answered by the oldest one that lives, without a word."""
    shopify.answers_as = "2027-04"
    with closing(shopify_desk.source()) as source:
        (lack,) = source.check().lacks
    assert "2026-10" in lack.scope
    assert "2027-04" in lack.without


_ASLEEP = b'{"errors":[{"message":"x","extensions":{"code":"SHOP_INACTIVE"}}]}'


@pytest.mark.parametrize(
    ("status", "raw", "words"),
    [
        (402, b'{"errors":"x"}', "closed this shop"),
        (404, b'{"errors":"x"}', "There is no shop"),
        (423, b'{"errors":"x"}', "closed this shop"),
        (200, _ASLEEP, "closed this shop"),
    ],
)
def test_case_113_a_shop_that_is_closed_or_gone_is_said(
    shopify: ShopifyServer, shopify_desk: FeedDesk, status: int, raw: bytes, words: str
):
    shopify.faults.append(Fault(status=status, raw=raw))
    with pytest.raises(KnownError, match=words) as error:
        shopify_desk.read()
    assert not isinstance(error.value, SignInRefused)


def test_case_113_a_renamed_shop_does_not_get_the_key(
    shopify: ShopifyServer, shopify_desk: FeedDesk
):
    """It redirects to its new name; the owner is told, and nothing is sent there."""
    moved = {"Location": "https://other.myshopify.com/admin/api/2026-10/graphql.json"}
    shopify.faults.append(Fault(status=301, headers=moved))
    with pytest.raises(KnownError, match=r"to other\.myshopify\.com"):
        shopify_desk.read()


@pytest.fixture
def rotating(tmp_path: Path, shopify: ShopifyServer, authority: Authority) -> FeedDesk:
    settings = {**shopify.settings, "client_id": CLIENT, "ca_file": str(authority.ca_file)}
    desk = FeedDesk(tmp_path / "rotating", AccountType.SHOPIFY, settings, CLIENT_SECRET)
    shopify.wall = lambda: desk.now
    return desk


def test_id_and_secret_are_exchanged_for_a_token_of_a_day(
    shopify: ShopifyServer, rotating: FeedDesk
):
    """One exchange serves many runs; it is renewed in its last hour, and once when refused."""
    shopify.order()
    source = rotating.source()
    rotating.read(source)
    rotating.later(hours=10)
    rotating.read(source)
    assert shopify.exchanges == 1
    rotating.later(hours=13, minutes=30)
    rotating.read(source)
    assert shopify.exchanges == 2
    shopify.expire()
    rotating.read(source)
    assert shopify.exchanges == 3
    assert len(rotating.orders()) == 1
    source.close()
    rotating.close()


def test_a_wrong_secret_pauses_and_is_not_told_to_anybody(
    shopify: ShopifyServer, rotating: FeedDesk, caplog: pytest.LogCaptureFixture
):
    """401 and 403 are a person's business; neither key nor address stands in error or log."""
    rotating.secret = "shpss_mistyped"
    with pytest.raises(SignInRefused, match="does not accept the key") as error:
        rotating.read()
    said = f"{error.value} {caplog.text}"
    assert not [word for word in ("shpss_mistyped", CLIENT, "/admin/") if word in said]
    rotating.close()


def test_a_deleted_order_is_found_out_once_a_day(shopify: ShopifyServer, shopify_desk: FeedDesk):
    """For the orders of open issues; the issue stays."""
    row, other = shopify.order(), shopify.order()
    shopify_desk.read()
    shopify_desk.engine.receive(a_letter(f"Where is my order #{row['legacyResourceId']}?"))
    shopify.delete(row["legacyResourceId"])
    shopify.delete(other["legacyResourceId"])
    shopify_desk.later(hours=25)
    shopify_desk.read()
    gone = [one.number for one in shopify_desk.orders().values() if one.deleted_at is not None]
    assert gone == [row["legacyResourceId"]]


def test_an_order_at_which_shopify_fails_is_not_taken_for_deleted(
    shopify: ShopifyServer, shopify_desk: FeedDesk
):
    """It says null for both, and names the error beside it."""
    rows = [shopify.order() for _ in range(2)]
    shopify_desk.read()
    _asks_about(shopify_desk, rows)
    shopify_desk.later(hours=1)
    shopify.order()
    shopify_desk.read()
    shopify.fails_at = {rows[0]["legacyResourceId"]}
    shopify.delete(rows[1]["legacyResourceId"])
    shopify_desk.later(hours=24)
    shopify_desk.read()
    gone = [one.number for one in shopify_desk.orders().values() if one.deleted_at is not None]
    assert gone == [rows[1]["legacyResourceId"]]


def test_disputes_are_read_whole_each_time(shopify: ShopifyServer, shopify_desk: FeedDesk):
    """There is no filter by change: a new deadline is seen because the open ones are read anew."""
    order = shopify.order()
    row = shopify.dispute(order=order)
    old = (shopify_desk.now - timedelta(days=200)).strftime("%Y-%m-%dT%H:%M:%SZ")
    shopify.dispute(initiatedAt=old, status="UNDER_REVIEW")
    shopify.dispute(initiatedAt=old, status="LOST")
    shopify_desk.read(stream=Stream.DISPUTES)
    first = {one.platform_id: one for one in shopify_desk.pages[-1].disputes}
    assert len(first) == 2
    told = first[row["legacyResourceId"]]
    assert (told.kind, told.state) == (DisputeKind.CHARGEBACK, DisputeState.NEEDS_RESPONSE)
    assert (told.reason, told.network_code) == (DisputeReason.FRAUD, "10.4")
    assert (told.amount, told.order_number) == (Money(5400, "EUR"), "1001")
    assert told.order_platform_id == order["legacyResourceId"]
    row["evidenceDueBy"] = "2026-11-25T00:00:00Z"
    shopify_desk.read(stream=Stream.DISPUTES)
    again = {one.platform_id: one for one in shopify_desk.pages[-1].disputes}
    assert again[row["legacyResourceId"]].due_at == datetime(2026, 11, 25, tzinfo=UTC)


def _dispute(**told: object) -> Dispute:
    row: Mapping[str, object] = {
        "legacyResourceId": "7",
        "type": "CHARGEBACK",
        "status": "NEEDS_RESPONSE",
        "initiatedAt": "2026-11-01T00:00:00Z",
        "amount": {"amount": "5.00", "currencyCode": "EUR"},
        "reasonDetails": {"reason": "GENERAL"},
        **told,
    }
    return read_dispute(row, admin="https://x.myshopify.com/admin", zone=UTC)


def test_case_111_an_unknown_word_is_kept_and_needs_a_look():
    """A status or a reason of a later version is open, ours, and shown as it was told."""
    told = _dispute(status="ESCALATED_TO_MARS", reasonDetails={"reason": "BAD_DREAM"}, type="HEX")
    assert told.state is DisputeState.UNKNOWN
    assert told.state.is_ours
    assert (told.state_word, told.reason_word) == ("escalated_to_mars", "bad_dream")
    assert (told.kind, told.reason) == (DisputeKind.CHARGEBACK, DisputeReason.GENERAL)
    assert _dispute(status="PREVENTED").state is DisputeState.CLOSED


def test_case_110_a_deadline_without_a_date_a_zone_or_a_time():
    """Null is none; without a zone it is UTC; a day alone ends at midnight where the shop is."""
    assert _dispute(evidenceDueBy=None).due_at is None
    assert due("0", zone=UTC) is None
    assert due("2026-11-30T23:00:00", zone=UTC) == datetime(2026, 11, 30, 23, tzinfo=UTC)
    assert due("2020-01-01T00:00:00Z", zone=UTC) == datetime(2020, 1, 1, tzinfo=UTC)
    riga = due("2026-11-30", zone=ZoneInfo("Europe/Riga"))
    assert riga == datetime(2026, 11, 30, 21, 59, tzinfo=UTC)


@pytest.mark.parametrize(
    "told",
    [
        "mill-and-moss",
        "mill-and-moss.myshopify.com",
        "https://mill-and-moss.myshopify.com/admin",
        "https://admin.shopify.com/store/mill-and-moss/orders",
    ],
)
def test_the_shops_name_is_found_in_whatever_its_owner_copies(told: str):
    assert shop_host(told) == "mill-and-moss.myshopify.com"


def test_a_shops_certificate_must_be_proven(shopify: ShopifyServer, tmp_path: Path):
    """Without the authority of the test nothing is said to it, least of all the token."""
    desk = FeedDesk(
        tmp_path, AccountType.SHOPIFY, shopify.settings, TOKEN, manners=replace(QUICK, tries=1)
    )
    with pytest.raises(KnownError, match="could not prove who it is"):
        desk.read()
    assert shopify.asked == []
    assert Manners().tries == 5
    desk.close()


def test_an_order_that_got_older_than_the_key_may_read_is_not_taken_for_deleted(
    shopify: ShopifyServer, shopify_desk: FeedDesk
):
    """Without read_all_orders Shopify keeps back what is older than 60 days, and says null for it
    as for a deleted one. A young one that is deleted is still found out."""
    shopify.scopes = SCOPES - {"read_all_orders"}
    old = shopify.order(at=shopify_desk.now - timedelta(days=58))
    young = shopify.order(at=shopify_desk.now - timedelta(days=5))
    shopify_desk.read()
    for row in (old, young):
        letter = a_letter(
            f"Where is my order #{row['legacyResourceId']}?",
            sender=f"V <{row['email']}>",
            message_id=f"<{row['legacyResourceId']}@x.example>",
        )
        shopify_desk.engine.receive(letter)
    shopify.delete(young["legacyResourceId"])
    shopify_desk.later(days=3)
    shopify_desk.read()
    gone = [one.number for one in shopify_desk.orders().values() if one.deleted_at is not None]
    assert gone == [young["legacyResourceId"]]


def test_a_missing_scope_for_disputes_stands_in_the_health_until_it_is_granted(
    shopify: ShopifyServer, shopify_desk: FeedDesk
):
    """An empty list would look like a shop without disputes. What is found within the hour of the
    grant was there before, so it rings as one card."""
    shopify.scopes = SCOPES - {"read_shopify_payments_disputes"}
    shopify.dispute()
    with closing(shopify_desk.source()) as source:
        shopify_desk.read(source, stream=Stream.DISPUTES)
        shopify_desk.later(minutes=5)
        shopify_desk.read(source, stream=Stream.DISPUTES)
        reason = shopify_desk.left_out(Stream.DISPUTES)["read_shopify_payments_disputes"]
        assert reason.startswith("this permission is missing: disputes of Shopify Payments")
        assert shopify_desk.engine.writer.do(alerts.queued) == ()
        shopify.scopes = SCOPES
        shopify_desk.later(hours=1)
        shopify_desk.pages.clear()
        shopify_desk.read(source, stream=Stream.DISPUTES)
    assert shopify_desk.left_out(Stream.DISPUTES) == {}
    assert len(shopify_desk.pages[-1].disputes) == 1
    titles = [one.title for one in shopify_desk.engine.writer.do(alerts.queued)]
    assert titles == ["1 dispute to answer, €54.00 (shop)"]


def test_a_scope_for_disputes_that_was_taken_away_rings(
    shopify: ShopifyServer, shopify_desk: FeedDesk
):
    """A feed that dies without a word is the worst failure."""
    with closing(shopify_desk.source()) as source:
        shopify_desk.read(source, stream=Stream.DISPUTES)
        shopify.scopes = SCOPES - {"read_shopify_payments_disputes"}
        shopify_desk.later(hours=1)
        shopify_desk.read(source, stream=Stream.DISPUTES)
        shopify_desk.read(source, stream=Stream.DISPUTES)
    (told,) = shopify_desk.engine.writer.do(alerts.queued)
    assert told.title == "shop: a dispute cannot be read"
    assert "read_shopify_payments_disputes" in told.body


def test_with_a_new_token_the_scopes_are_asked_for_anew(shopify: ShopifyServer, rotating: FeedDesk):
    """The owner released a version of the app with more scopes: the next token has them."""
    shopify.scopes = SCOPES - {"read_shopify_payments_disputes"}
    with closing(rotating.source()) as source:
        rotating.read(source, stream=Stream.DISPUTES)
        shopify.scopes = SCOPES
        shopify.expire()
        shopify.dispute()
        rotating.later(minutes=5)
        rotating.read(source)
        rotating.read(source, stream=Stream.DISPUTES)
    assert len(rotating.pages[-1].disputes) == 1
    rotating.close()
