"""The order beside a mail: one with everything, one with nothing, and who bought."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest
from PySide6.QtWidgets import QPushButton

from app.domain.journal import State
from app.domain.money import Money
from app.domain.order import CustomerValue, Fulfilment, Order, ParcelState, Refund, Return
from app.ui.issue.order_words import all_tracking, now_words
from app.ui.issue.receipt_lines import receipt_lines
from tests.support import ui_issue_fakes as fakes

NOW = fakes.NOW


def a_parcel(**given) -> Fulfilment:
    plain = Fulfilment(
        id="1", state=ParcelState.IN_TRANSIT, carrier="DHL", sent_at=fakes.ago(days=3)
    )
    return replace(plain, **given)


def full() -> Order:
    """An order with everything that a shop can tell."""
    return replace(
        fakes.order(),
        url="https://admin.shopify.com/store/x/orders/7",
        fulfilments=(
            a_parcel(tracking_numbers=("T1",), state=ParcelState.DELIVERED, delivered_at=NOW),
            a_parcel(id="2", tracking_numbers=("T2",), state=ParcelState.DELAYED,
                     expected_at=fakes.ago(days=1)),
        ),
        returns=(Return(id="r", word="REQUESTED", note="Two handles", requested_at=NOW),),
        refunds=(Refund(id="f", amount=Money(2_200, "EUR"), at=NOW, reason="one mug"),),
        refunded=Money(2_200, "EUR"),
        value=CustomerValue(orders=6, spent=Money(41_200, "EUR"), tier="CHAMPIONS", tags=("vip",)),
        note="Ring <b>twice</b>",
    )  # fmt: skip


def said(order: Order, **more) -> str:
    return "\n".join(
        f"{one.text} {one.after} {one.below}".strip() for one in receipt_lines(order, NOW, **more)
    )


def test_an_order_with_everything_tells_its_whole_life():
    words = said(full())
    for part in (
        "Total €162.00", "Payment paid", "Refunded -€22.00 today, one mug", "Left of it €140.00",
        "DHL: delivered today", "DHL: delayed", "expected yesterday", "Return requested today",
        "Two handles", "Customer 6 orders", "Spent in all €412.00", "Standing champions", "vip",
        "“Ring <b>twice</b>”",
    ):  # fmt: skip
        assert part in words, part


def test_an_order_that_was_paid_in_other_money_tells_both_sums():
    paid = replace(fakes.order(), charged=Money(17_900, "USD"))
    assert "Total €162.00\nIn their currency $179.00" in said(paid)


def test_an_order_with_nothing_is_a_total_and_a_day():
    bare = Order(
        platform="x", platform_id="1", number="1", customer_name="", customer_email="",
        placed_at=NOW, total=Money(0, "EUR"),
    )  # fmt: skip
    lines = [one for one in receipt_lines(bare, NOW) if not one.perforation]
    assert [one.text for one in lines] == ["Total", "Ordered"]
    assert now_words(bare, NOW) == "ordered today"


@pytest.mark.parametrize(
    ("status", "said"),
    [("UNFULFILLED", "not sent yet"), ("PARTIALLY_FULFILLED", "partly sent"), ("shipped", "sent"),
     ("waiting_for_print", "shipping waiting for print")],
)  # fmt: skip
def test_how_far_an_order_is_is_said_as_shopkeepers_say_it(status, said):
    """A word that nobody knows stays the platform's."""
    told = replace(full(), fulfilments=(), returns=(), fulfilment_status=status)
    assert now_words(replace(told, shipped_at=None, delivered_at=None), NOW) == said


def test_a_test_order_and_one_that_is_gone_say_so_first():
    odd = replace(full(), is_test=True, deleted_at=NOW, cancelled_at=NOW)
    lines = [one for one in receipt_lines(odd, NOW) if one.text]
    assert [one.text for one in lines[:3]] == [
        "A test order: no money moved", "The shop no longer has this order", "Cancelled today",
    ]  # fmt: skip


def test_a_parcel_in_trouble_is_what_the_strip_says():
    assert now_words(full(), NOW) == "delayed"
    fine = replace(full(), fulfilments=(a_parcel(),), returns=())
    assert now_words(fine, NOW) == "on its way"


def test_a_state_that_nobody_knows_is_said_in_the_platforms_words_and_marked():
    odd = a_parcel(state=ParcelState.UNKNOWN, word="HELD_AT_CUSTOMS")
    (line,) = [
        one for one in receipt_lines(replace(full(), fulfilments=(odd,)), NOW) if "DHL" in one.text
    ]
    assert line.text == "DHL: “held at customs”"
    assert line.tone == "high"


def test_a_parcel_that_is_late_is_marked_though_the_carrier_is_silent():
    late = a_parcel(expected_at=NOW - timedelta(days=2))
    (line,) = [
        one for one in receipt_lines(replace(full(), fulfilments=(late,)), NOW) if "DHL" in one.text
    ]
    assert line.tone == "high"


def test_every_tracking_number_can_be_copied_once():
    assert all_tracking(replace(full(), tracking_numbers=("T1", "T0"))) == ("T1", "T0", "T2")


def test_what_is_known_of_the_customer_stands_in_for_a_shop_that_says_nothing():
    order = replace(full(), value=None)
    assert "Customer 2 orders" in said(order, value=CustomerValue(orders=2))
    assert "Customer" not in said(order)


def test_the_order_opens_in_its_platform_only_on_a_click(panel_of):
    opened: list[str] = []
    panel = panel_of(fakes.issue(order=full()), open_link=opened.append)
    link = panel.page.order.receipt.elsewhere
    assert link.text() == "Open in Shopify"
    assert opened == []
    link.click()
    assert opened == ["https://admin.shopify.com/store/x/orders/7"]


def test_an_address_that_is_no_web_page_is_not_offered(panel_of):
    for url in ("", "file:///etc/passwd", "javascript:alert(1)", "mailto:x@example.com"):
        panel = panel_of(fakes.issue(order=replace(full(), url=url)))
        assert panel.page.order.receipt.elsewhere.isHidden()


def test_the_customers_other_issues_open_with_a_click(panel_of, qtbot):
    earlier = (
        fakes.row(id=2, key="i1_vase", subject="Vase & box", state=State.RESOLVED),
        fakes.row(id=3, key="i1_candle", subject="Candle"),
    )
    panel = panel_of(fakes.issue(earlier=earlier))
    first, *_ = panel.page.order.earlier.findChildren(QPushButton)
    assert "Vase & box" in first.accessibleName()
    assert "done" in first.accessibleName()
    with qtbot.waitSignal(panel.went_into) as told:
        first.click()
    assert told.args == ["i1_vase"]


def test_without_an_order_the_other_issues_stand_alone(panel_of):
    row = fakes.row(order_number="", order_total=None)
    earlier = (fakes.row(id=2, key="i1_vase", subject="Vase"),)
    side = panel_of(fakes.issue(row=row, order=None, earlier=earlier)).page.order
    assert side.receipt.isHidden()
    assert not side.paper.isHidden()
