"""WooCommerce over TLS, as 11.0.1 answers: its zones, its pages, its refusals."""

from __future__ import annotations

import threading
from contextlib import closing
from dataclasses import replace
from datetime import timedelta

import pytest

from app.domain.money import Money
from app.domain.order import ParcelState
from app.storage import issues, orders
from app.storage.connection import Connection
from tests.support.certificates import Authority
from tests.support.engine import a_letter
from tests.support.feed_desk import FeedDesk
from tests.support.woocommerce_server import WooCommerceServer


def test_an_order_is_told_whole(woo: WooCommerceServer, woo_desk: FeedDesk):
    """Who bought, what, for how much, how it was paid, and its page in the shop."""
    row = woo.order()
    woo_desk.read()
    (order,) = woo_desk.orders().values()
    assert order.number == str(row["id"])
    assert (order.customer_name, order.customer_email) == ("Vera Ito", row["billing"]["email"])
    assert order.total == Money(5400, "EUR")
    assert order.items[0].price == Money(2450, "EUR")
    assert (order.financial_status, order.fulfilment_status) == ("paid", "unfulfilled")
    assert order.payment_references == (row["transaction_id"],)
    assert order.url == f"{woo.url}/wp-admin/post.php?post={row['id']}&action=edit"
    assert order.country == "LV"


def test_two_shops_may_count_from_the_same_number(woo: WooCommerceServer, woo_desk: FeedDesk):
    """An order's name holds its shop, so that number 101 of two shops are two orders."""
    row = woo.order()
    woo_desk.read()
    assert list(woo_desk.orders()) == [f"127.0.0.1:{woo.port}#{row['id']}"]


@pytest.mark.parametrize("zone", ["Asia/Tokyo", "America/New_York", "UTC"])
def test_a_change_is_seen_whatever_zone_the_shop_is_in(
    woo: WooCommerceServer, woo_desk: FeedDesk, zone: str
):
    """Named trap: modified_after with a Z, or without dates_are_gmt, loses orders."""
    woo.zone = type(woo.zone)(zone)
    row = woo.order(at=woo_desk.now - timedelta(hours=1))
    woo_desk.read()
    woo.touch(row["id"], status="completed")
    woo_desk.later(minutes=2)
    woo_desk.read()
    (order,) = woo_desk.orders().values()
    assert order.fulfilment_status == "fulfilled"
    asked = [one.query for one in woo.asked if "modified_after" in one.query]
    assert all(one["dates_are_gmt"] == "true" and "Z" not in one["modified_after"] for one in asked)
    assert len(asked[-1]["modified_after"]) == len("2026-11-20T12:00:00")


def test_orders_of_every_status_are_read(woo: WooCommerceServer, woo_desk: FeedDesk):
    """Named trap: a default of open orders only. A plug-in's own status is read as well."""
    for status in ("pending", "on-hold", "completed", "cancelled", "refunded", "failed"):
        woo.order(status=status)
    woo.order(status="wc-packed")
    woo.order(status="checkout-draft")
    woo_desk.read()
    told = {one.fulfilment_status for one in woo_desk.orders().values()}
    assert told == {
        "pending", "on-hold", "fulfilled", "cancelled", "refunded", "failed", "wc-packed",
    }  # fmt: skip


def test_a_change_of_an_old_order_is_seen(woo: WooCommerceServer, woo_desk: FeedDesk):
    """Named trap: a cursor on the day of creation misses what happens to old orders."""
    old = woo.order(at=woo_desk.now - timedelta(days=300))
    woo_desk.read()
    assert woo_desk.orders() == {}
    woo.touch(old["id"], status="completed")
    woo_desk.later(minutes=1)
    woo_desk.read()
    assert [one.number for one in woo_desk.orders().values()] == [old["number"]]


def test_more_orders_in_one_second_than_a_page_holds(woo: WooCommerceServer, woo_desk: FeedDesk):
    """230 orders changed by a bulk edit share one second; all of them are read."""
    for _ in range(230):
        woo.order()
    woo_desk.read()
    assert len(woo_desk.orders()) == 230


def test_a_second_that_holds_more_orders_than_an_address_can_name_is_read_whole(
    woo: WooCommerceServer, woo_desk: FeedDesk
):
    """A plug-in touched them all at once. Some change again while they are read, the run is broken
    off twice, and what comes after that second is read as well."""
    at = woo_desk.now - timedelta(days=2)
    crowd = [woo.order(at=at) for _ in range(1_300)]
    woo.order(at=at + timedelta(seconds=1))
    woo.longest = 3_000
    pages = 0

    def move() -> None:
        nonlocal pages
        pages += 1
        if pages % 4 == 0:
            for row in crowd[pages * 10 : pages * 10 + 3]:
                woo.touch(row["id"], status="completed")

    woo.between = move
    for kill in (5, 4, -1):
        woo_desk.read(kill_after=kill)
    assert len(woo_desk.orders()) == 1_301
    stored = woo_desk.orders().values()
    moved = sum(one["status"] == "completed" for one in woo.orders.values())
    assert sum(one.fulfilment_status == "fulfilled" for one in stored) == moved > 3


def test_case_108_an_order_that_moves_between_pages_is_not_lost(
    woo: WooCommerceServer, woo_desk: FeedDesk
):
    """Page numbers lost 3 of 61 on a real shop; here orders of page 1 move while it is read."""
    rows = [woo.order(at=woo_desk.now - timedelta(minutes=10)) for _ in range(250)]
    pages = 0

    def move() -> None:
        nonlocal pages
        pages += 1
        if pages == 3:  # the index, the first page, and now the second is asked for
            for row in rows[:5]:
                woo.touch(row["id"], status="completed")

    woo.between = move
    woo_desk.read()
    woo_desk.read()
    stored = woo_desk.orders()
    assert len(stored) == 250
    done = [one for one in stored.values() if one.fulfilment_status == "fulfilled"]
    assert len(done) == 5


def test_the_first_reading_is_quiet_and_ends(woo: WooCommerceServer, woo_desk: FeedDesk):
    """Sixty days of the past are history; what comes afterwards is not."""
    woo.order(at=woo_desk.now - timedelta(days=59))
    woo.order(at=woo_desk.now - timedelta(days=61))
    woo_desk.read()
    assert [page.history for page in woo_desk.pages if page.orders] == [True]
    assert len(woo_desk.orders()) == 1
    place = woo_desk.place()
    assert place is not None
    assert place.backfilled
    woo_desk.later(minutes=5)
    woo.order(at=woo_desk.now)
    woo_desk.pages.clear()
    woo_desk.read()
    assert woo_desk.pages[0].history is False


def test_an_order_stays_cancelled_on_the_day_on_which_it_was(
    woo: WooCommerceServer, woo_desk: FeedDesk
):
    """The shop knows only the last change, and a note by a plug-in is one: a bank would read of a
    cancellation after the delivery."""
    row = woo.order()
    woo_desk.read()
    day = woo_desk.now
    woo.touch(row["id"], status="cancelled", at=day)
    woo_desk.read()
    woo_desk.later(days=9)
    woo.touch(row["id"], at=woo_desk.now, customer_note="Called")
    woo_desk.read()
    (order,) = woo_desk.orders().values()
    assert (order.note, order.cancelled_at) == ("Called", day)


def test_refunds_are_told_with_their_day(woo: WooCommerceServer, woo_desk: FeedDesk):
    """Named trap: refunds missing or half unrolled. The order itself tells only negative sums."""
    row = woo.order(total="100.00")
    woo.refund(row["id"], "10.00", reason="Box crushed")
    woo.refund(row["id"], "15.50")
    woo_desk.read()
    (order,) = woo_desk.orders().values()
    assert order.refunded == Money(2550, "EUR")
    assert [one.amount for one in order.refunds] == [Money(1000, "EUR"), Money(1550, "EUR")]
    assert order.financial_status == "partially_refunded"


def test_a_shop_older_than_9_tells_refunds_by_their_order(
    woo: WooCommerceServer, woo_desk: FeedDesk
):
    """It has no list of all refunds; asked for one it says that there is no such address."""
    woo.is_old = True
    row, other = woo.order(), woo.order()
    woo.refund(row["id"], "5.00", reason="One was broken")
    woo.refund(row["id"], "3.00")
    woo_desk.read()
    told = {one.number: one for one in woo_desk.orders().values()}
    assert [str(one.amount) for one in told[row["number"]].refunds] == ["5.00 EUR", "3.00 EUR"]
    assert told[other["number"]].refunds == ()


def test_parcels_of_a_changed_order_are_asked_for(woo: WooCommerceServer, woo_desk: FeedDesk):
    """Where the shop keeps fulfilments; `is_fulfilled` comes as "1"."""
    woo_desk.read()
    row = woo.order()
    woo.parcel(row["id"], "1Z999AA10123456784")
    woo_desk.read()
    (order,) = woo_desk.orders().values()
    assert order.tracking_numbers == ("1Z999AA10123456784",)
    assert (order.carrier, order.fulfilments[0].state) == ("ups", ParcelState.SENT)
    assert order.shipped_at == woo.clock


def test_what_wordpress_writes_for_a_web_page_is_read_as_people_write_it(
    woo: WooCommerceServer, woo_desk: FeedDesk
):
    """An article's name goes into replies, and the clock of a carrier's claims knows it by name."""
    line = {"id": 1, "name": "Salt &amp; pepper &#8211; 2 pieces", "quantity": 1, "total": "9.00"}
    told = [{"tracking_provider": "royal-mail", "tracking_number": "AB123456789GB"}]
    meta = [{"key": "_wc_shipment_tracking_items", "value": told}]
    woo.order(line_items=[line], meta_data=meta)
    woo_desk.read()
    (order,) = woo_desk.orders().values()
    assert order.items[0].title == "Salt & pepper \N{EN DASH} 2 pieces"
    assert order.carrier == "royal mail"


def test_two_numbers_in_one_field_are_two_parcels_to_look_for(
    woo: WooCommerceServer, woo_desk: FeedDesk
):
    """Whoever sends two boxes writes both numbers into the plug-in's one field."""
    told = [{"tracking_provider": "dhl", "tracking_number": "00340434161, JD014600", "x": ""}]
    woo.order(meta_data=[{"key": "_wc_shipment_tracking_items", "value": told}])
    woo_desk.read()
    (order,) = woo_desk.orders().values()
    assert order.tracking_numbers == ("00340434161", "JD014600")


@pytest.mark.parametrize(
    ("ways", "is_sent"),
    [([], False), ([{"method_id": "local_pickup"}], False), ([{"method_id": "flat_rate"}], True)],
)
def test_a_completed_download_was_never_shipped(
    woo: WooCommerceServer, woo_desk: FeedDesk, ways: list[dict[str, str]], is_sent: bool
):
    """Where there is no parcel, completed means sent only if the order had a way to be sent."""
    done = "2026-11-19T10:00:00"
    woo.order(status="completed", date_completed_gmt=done, shipping_lines=ways)
    woo_desk.read()
    (order,) = woo_desk.orders().values()
    assert (order.shipped_at is not None) is is_sent


def test_a_shop_without_fulfilments_is_not_asked_for_them(
    woo: WooCommerceServer, woo_desk: FeedDesk
):
    """The route is not there; the plug-in's meta data is read all the same."""
    woo.has_fulfilments = False
    woo_desk.read()
    item = {"tracking_number": "T1", "tracking_provider": "dhl", "date_shipped": "1763640000"}
    woo.order(meta_data=[{"key": "_wc_shipment_tracking_items", "value": [item]}])
    woo_desk.read()
    (order,) = woo_desk.orders().values()
    assert (order.tracking_numbers, order.carrier) == (("T1",), "dhl")
    assert not [one for one in woo.asked if "fulfillments" in one.path]
    with closing(woo_desk.source()) as source:
        permits = source.check()
    assert [one.scope for one in permits.lacks] == ["the fulfilments feature of WooCommerce"]


def test_an_order_in_the_trash_is_gone_and_can_come_back(
    woo: WooCommerceServer, woo_desk: FeedDesk
):
    """ "any" leaves out the trash, so every status is named."""
    row = woo.order()
    woo_desk.read()
    woo_desk.later(minutes=1)
    woo.clock = woo_desk.now
    woo.trash(row["id"])
    woo_desk.read()
    assert woo_desk.living() == {}
    woo_desk.later(minutes=1)
    woo.touch(row["id"], status="processing", at=woo_desk.now)
    woo_desk.read()
    assert len(woo_desk.living()) == 1


def test_a_deleted_order_under_watch_is_found_out(woo: WooCommerceServer, woo_desk: FeedDesk):
    """Nothing tells of it: orders that open issues are about are read anew every ten minutes."""
    row, other = woo.order(), woo.order()
    woo_desk.read()
    woo_desk.engine.receive(a_letter(f"Where is my order {row['number']}?"))
    woo.delete(row["id"])
    woo.delete(other["id"])
    woo_desk.later(minutes=11)
    woo_desk.read()
    gone = [one.number for one in woo_desk.orders().values() if one.deleted_at is not None]
    assert gone == [row["number"]]


def test_a_status_that_the_list_hides_is_no_deletion(woo: WooCommerceServer, woo_desk: FeedDesk):
    """A plug-in was switched off and took its status out of the list: the order is still there."""
    row = woo.order(status="wc-packed")
    woo_desk.read()
    woo_desk.engine.receive(a_letter(f"Where is my order {row['number']}?"))
    woo.touch(row["id"], status="wc-unknown")
    woo_desk.later(minutes=11)
    woo_desk.read()
    assert len(woo_desk.living()) == 1


def test_case_109_amounts_that_cannot_be_true_leave_one_order_out(
    woo: WooCommerceServer, woo_desk: FeedDesk
):
    """Decimals by the currency; NaN and 1e309 are no amounts; the rest of the page is kept."""
    woo.order(currency="JPY", total="5400")
    woo.order(currency="KWD", total="12.345")
    woo.order(total="-3.00")
    for nonsense in ("NaN", "1e309", "", "twelve"):
        woo.order(total=nonsense)
    woo_desk.read()
    totals = {one.total for one in woo_desk.orders().values()}
    assert totals == {Money(5400, "JPY"), Money(12345, "KWD"), Money(-300, "EUR")}
    assert list(woo_desk.left_out().values()) == ["an amount is no number"] * 4


def test_a_run_ends_in_time_and_the_next_goes_on(woo: WooCommerceServer, woo_desk: FeedDesk):
    """Half of a run's time is kept in reserve; the place is written with every page."""
    for _ in range(120):
        woo.order(at=woo_desk.now - timedelta(days=3))
    for _ in range(120):
        woo.order(at=woo_desk.now - timedelta(days=2))
    stop = threading.Event()
    woo.between = lambda: stop.set() if len(woo.asked) == 2 else None
    woo_desk.read(stop=stop)
    assert len(woo_desk.orders()) == 100
    woo.between = lambda: None
    woo_desk.read()
    assert len(woo_desk.orders()) == 240
    place = woo_desk.place()
    assert place is not None
    assert place.backfilled


def _stops_after(woo: WooCommerceServer, requests: int) -> threading.Event:
    """A run's time is over after so many requests."""
    stop, before = threading.Event(), len(woo.asked)
    woo.between = lambda: stop.set() if len(woo.asked) - before == requests else None
    return stop


def test_a_bulk_edit_of_more_orders_than_a_run_can_read_does_not_stop_the_feed(
    woo: WooCommerceServer, woo_desk: FeedDesk
):
    """80 orders change within 16 seconds, each costs a question for its parcels, and a run has
    time for twenty: each run goes on where the one before it stopped, and then comes what is new.
    """
    woo_desk.read()
    woo_desk.later(hours=1)
    for count in range(80):
        woo.order(at=woo_desk.now + timedelta(seconds=count / 5))
    counts = []
    for _ in range(4):
        woo_desk.later(minutes=1)
        woo_desk.read(stop=_stops_after(woo, 23))
        counts.append(woo_desk.count())
    assert counts[:3] == sorted(set(counts[:3]))
    assert counts[-1] == 80
    woo.order(at=woo_desk.now)
    woo_desk.read()
    assert woo_desk.count() == 81


def test_an_order_whose_date_did_not_move_is_not_asked_for_its_parcels_each_minute(
    woo: WooCommerceServer, woo_desk: FeedDesk
):
    """The last minute is listed again in each run; what was read of it settled is not news."""
    with closing(woo_desk.source()) as source:
        woo_desk.read(source)
        row = woo.order(at=woo_desk.now)
        woo_desk.later(minutes=1)
        for _ in range(3):
            woo_desk.read(source)
        woo.parcel(row["id"], "T1")
        woo.touch(row["id"], at=woo_desk.now)
        woo_desk.later(minutes=1)
        woo_desk.read(source)
    assert len([one for one in woo.asked if "fulfillments" in one.path]) == 2
    (order,) = woo_desk.orders().values()
    assert order.tracking_numbers == ("T1",)


def test_a_change_in_the_very_second_of_a_long_walk_is_not_lost(
    woo: WooCommerceServer, woo_desk: FeedDesk
):
    """An order is read, changes again in the same second, and the walk ends minutes later."""
    woo_desk.read()
    woo_desk.later(hours=1)
    rows = [woo.order(at=woo_desk.now) for _ in range(20)]
    woo_desk.read(stop=_stops_after(woo, 10))
    assert 0 < woo_desk.count() < 20
    woo.touch(rows[0]["id"], at=woo_desk.now, status="cancelled")
    woo.order(at=woo_desk.now + timedelta(minutes=3))
    woo.between = lambda: None
    woo_desk.later(minutes=4)
    woo_desk.read()
    woo_desk.later(minutes=1)
    woo_desk.read()
    told = {one.number: one.fulfilment_status for one in woo_desk.orders().values()}
    assert told[rows[0]["number"]] == "cancelled"


def test_a_status_of_a_new_plug_in_is_learnt_within_the_hour_and_made_up_for(
    woo: WooCommerceServer, woo_desk: FeedDesk
):
    """What has it was never told and lies behind the watermark by then; it comes quietly, with its
    parcels, also where the engine was started anew in between."""
    row = woo.order()
    with closing(woo_desk.source()) as source:
        woo_desk.read(source)
        woo.statuses = (*woo.statuses, "shipped")
        woo_desk.later(minutes=10)
        woo.touch(row["id"], status="shipped", at=woo_desk.now)
        new = woo.order(status="shipped", at=woo_desk.now)
        woo_desk.later(minutes=20)
        woo.order(at=woo_desk.now)  # moves the watermark past them
        woo_desk.read(source)
        assert new["number"] not in {one.number for one in woo_desk.orders().values()}
        woo.parcel(new["id"], "T1")
        woo.touch(new["id"], at=woo_desk.now - timedelta(minutes=20))
        woo_desk.later(minutes=31)
        woo_desk.pages.clear()
        woo_desk.read(source)
    told = {one.number: one for one in woo_desk.orders().values()}
    assert told[row["number"]].fulfilment_status == "shipped"
    assert told[new["number"]].tracking_numbers == ("T1",)
    assert [page.history for page in woo_desk.pages if page.orders][-1] is True
    asked = len(woo.asked)
    woo_desk.read()
    assert not [one for one in woo.asked[asked:] if one.query.get("status") == "shipped"]


def test_a_status_that_went_with_its_plug_in_does_not_stop_the_feed(
    woo: WooCommerceServer, woo_desk: FeedDesk
):
    """The shop refuses the whole question for it; then the statuses are learnt anew."""
    woo.is_strict = True
    with closing(woo_desk.source()) as source:
        woo_desk.read(source)
        woo.statuses = tuple(one for one in woo.statuses if one != "wc-packed")
        woo_desk.later(minutes=1)
        woo.order(at=woo_desk.now)
        woo_desk.read(source)
    assert woo_desk.count() == 1


def test_a_look_at_many_watched_orders_goes_on_where_it_stopped(
    woo: WooCommerceServer, woo_desk: FeedDesk
):
    """Forty are under watch and a run has time for some; the deletion of the last is found out,
    and no run ends in an error."""
    rows = [woo.order(at=woo_desk.now - timedelta(minutes=60 - count)) for count in range(40)]
    woo_desk.read()
    woo_desk.engine.receive(
        *(
            a_letter(
                f"Where is my order #{row['number']}?",
                sender=f"V <{row['billing']['email']}>",
                message_id=f"<{row['id']}@x.example>",
            )
            for row in rows
        )
    )
    woo.delete(rows[-1]["id"])
    woo_desk.later(minutes=11)
    for _ in range(4):
        woo_desk.later(minutes=1)
        woo_desk.read(stop=_stops_after(woo, 20))
    gone = [one.number for one in woo_desk.orders().values() if one.deleted_at is not None]
    assert gone == [rows[-1]["number"]]
    asked = len(woo.asked)
    woo_desk.read()
    assert not [one for one in woo.asked[asked:] if "include" in one.query]


def test_a_list_of_parcels_out_of_which_one_was_taken_is_read(
    woo: WooCommerceServer, woo_desk: FeedDesk
):
    """PHP writes it as an object then: {"1": {...}}."""
    item = {"tracking_number": "JD0002", "tracking_provider": "dhl", "tracking_id": "b"}
    woo.order(meta_data=[{"key": "_wc_shipment_tracking_items", "value": {"1": item}}])
    woo_desk.read()
    (order,) = woo_desk.orders().values()
    assert order.tracking_numbers == ("JD0002",)


def test_half_a_kilo_is_one_piece_of_its_price(woo: WooCommerceServer, woo_desk: FeedDesk):
    """Never a line of quantity 0; three whole pieces stay three."""
    line = {"id": 1, "name": "Cheese (kg)", "quantity": 0.5, "sku": "", "total": "12.00"}
    woo.order(line_items=[line, {**line, "id": 2, "name": "Bread", "quantity": 3}])
    woo_desk.read()
    (order,) = woo_desk.orders().values()
    told = [(one.title, one.quantity, one.price) for one in order.items]
    assert told == [
        ("0.5 × Cheese (kg)", 1, Money(1200, "EUR")),
        ("Bread", 3, Money(400, "EUR")),
    ]


def _at_localhost(woo: WooCommerceServer, desk: FeedDesk, authority: Authority) -> None:
    """The owner sets the shop's other address."""
    url = woo.url.replace("127.0.0.1", "localhost")
    desk.account = replace(desk.account, settings={**desk.account.settings, "base_url": url})


def test_a_shop_that_has_another_address_has_the_same_orders(
    woo: WooCommerceServer, woo_desk: FeedDesk, authority: Authority
):
    """With www, or under a new domain: each order is there once, with its issue and its buyer; a
    watched one is looked at under its new name."""
    row = woo.order(at=woo_desk.now - timedelta(days=2))
    woo_desk.read()
    woo_desk.engine.receive(a_letter(f"Where is my order #{row['number']}?"))
    (before,) = woo_desk.orders().values()
    woo_desk.engine.writer.do(
        lambda db: issues.add_atoms(
            db, issues.by_key(db, woo_desk.engine.only_key()), (before.atom,)
        )
    )
    _at_localhost(woo, woo_desk, authority)
    woo_desk.later(hours=1)
    woo.touch(row["id"], status="cancelled", at=woo_desk.now)
    woo_desk.read()
    (after,) = woo_desk.orders().values()
    assert after.platform_id == f"localhost:{woo.port}#{row['id']}"
    assert after.fulfilment_status == "cancelled"

    def owners(db: Connection) -> set[int | None]:
        return {issues.by_atom(db, (one,)) for one in (before.atom, after.atom)}

    assert len(woo_desk.engine.writer.do(owners)) == 1
    clue = after.customer_email
    assert woo_desk.engine.writer.do(lambda db: orders.of_customer(db, clue)) == (after,)
    asked = len(woo.asked)
    woo_desk.later(minutes=5)
    woo_desk.read()
    assert woo_desk.count() == 1
    assert not [one for one in woo.asked[asked:] if "include" in one.query]


def test_orders_that_were_read_under_both_addresses_become_one(
    woo: WooCommerceServer, woo_desk: FeedDesk, authority: Authority
):
    """As an earlier version left them; the later telling stays."""
    woo.order(at=woo_desk.now - timedelta(days=2))
    woo_desk.read()
    (before,) = woo_desk.orders().values()
    _at_localhost(woo, woo_desk, authority)
    twin = replace(
        before,
        platform_id=before.platform_id.replace("127.0.0.1", "localhost"),
        updated_at=woo_desk.now,
        fulfilment_status="cancelled",
    )
    woo_desk.engine.writer.do(lambda db: orders.upsert(db, twin, account_id=woo_desk.account.id))
    woo_desk.later(minutes=5)
    woo_desk.read()
    assert list(woo_desk.orders().values()) == [twin]


def test_another_shop_at_another_address_keeps_its_orders_apart(
    woo: WooCommerceServer, woo_desk: FeedDesk, authority: Authority
):
    """It counts from the same number: its order is not the one that we know, and its past is read
    from the beginning."""
    woo_desk.read()
    row = woo.order(at=woo_desk.now)
    woo_desk.read()
    woo.orders.clear()
    stamp = (woo_desk.now - timedelta(days=20)).strftime("%Y-%m-%dT%H:%M:%S")
    woo.order(at=woo_desk.now - timedelta(days=20), id=row["id"], number=row["number"])
    assert [one["date_created_gmt"] for one in woo.orders.values()] == [stamp]
    _at_localhost(woo, woo_desk, authority)
    woo_desk.later(hours=1)
    woo_desk.read()
    assert {one.platform_id.partition(":")[0] for one in woo_desk.orders().values()} == {
        "127.0.0.1",
        "localhost",
    }
