"""Linking: what speaks for an order adds up, and nobody gets a stranger's order for nothing."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from app.domain.assessment import Entities
from app.domain.money import Money
from app.domain.order import LineItem, Order, OrderLink, name_words
from app.triage.linking import Told, link, points_to, told_by
from tests.unit.triage.builders import NOON, an_order

ANN, BEN = "ann@example.com", "ben@example.com"


def told(text: str = "", *, email: str = ANN, name: str = "", **entities: Any) -> Told:
    return told_by(
        email=email,
        name=name,
        subject="",
        new_text=text,
        entities=Entities(**entities),
        at=NOON,
    )


def an_order_of(number: str, title: str = "", *, email: str = ANN, **more: Any) -> Order:
    items = (LineItem(title=title, quantity=1, price=Money(2500, "EUR"), sku="LMP-4"),)
    values: dict[str, Any] = {"customer_name": "Ann Lee", "customer_email": email, "items": items}
    return an_order(number, **{**values, "placed_at": NOON - timedelta(days=9), **more})


def linked(told: Told, *orders: Order) -> OrderLink:
    found = link(told, orders)
    assert found is not None
    return found


def test_a_number_in_the_mail_is_the_order() -> None:
    found = linked(told(order_numbers=("#1042",)), an_order_of("1041"), an_order_of("1042"))
    assert (found.number, found.runner_up) == ("1042", "1041")
    assert found.because[0] == "its number is in the mail"


def test_the_reasons_are_as_many_as_the_points_were_summed_from() -> None:
    found = linked(told("the walnut lamp", order_numbers=("1",)), an_order_of("1", "Walnut lamp"))
    assert found.points == 8 + 6 + 3
    assert len(found.because) == 3


def test_without_a_number_the_product_decides_between_two_orders_of_one_customer() -> None:
    chair = an_order_of("7", "Beech chair", placed_at=NOON - timedelta(days=2))
    found = linked(
        told("My lamp from Walnut does not light"), an_order_of("6", "Lamp walnut"), chair
    )
    assert (found.number, found.runner_up) == ("6", "7")


def test_without_anything_else_it_is_the_latest_order() -> None:
    orders = [an_order_of(str(n), placed_at=NOON - timedelta(days=n)) for n in (4, 2, 3)]
    assert linked(told("Hello?"), *orders).number == "2"


def test_an_order_placed_after_the_mail_was_not_meant() -> None:
    later = an_order_of("9", placed_at=NOON + timedelta(hours=2))
    assert linked(told("Hello?"), later, an_order_of("8")).number == "8"


def test_a_sum_decides_between_two_orders() -> None:
    dear = an_order_of("5", total=Money(18720, "EUR"))
    cheap = an_order_of("6", placed_at=NOON - timedelta(days=1))
    assert linked(told(amounts=(Money(18720, "EUR"),)), dear, cheap).number == "5"


def test_who_writes_from_another_address_is_known_by_name_and_product() -> None:
    order = an_order_of("5", "Walnut lamp", email="work@example.net")
    found = linked(told("the walnut lamp\n\nBest,\nAnn Lee", email="home@example.org"), order)
    assert found.number == "5"
    assert "Ann Lee bought it" in found.because


def test_an_initial_needs_more_than_a_product_word() -> None:
    order = an_order_of("5", "Walnut lamp", email="work@example.net")
    assert link(told("a lamp", name="A. Lee", email=BEN), [replace(order, items=())]) is None
    sure = told("walnut lamp", name="A. Lee", email=BEN, amounts=(order.total,))
    assert linked(sure, order).number == "5"
    for another in ("A. Miller", "B. Lee", "Ben Lee", "Ann Miller"):
        assert link(replace(sure, names=(another,)), [order]) is None


def test_a_name_alone_is_not_enough() -> None:
    assert link(told("Hello", name="Ann Lee", email=BEN), [an_order_of("5")]) is None


def test_a_product_and_a_sum_without_a_buyer_are_nobodys_order() -> None:
    stranger = told("the walnut lamp", email=BEN, amounts=(Money(6000, "EUR"),), skus=("LMP-4",))
    assert link(stranger, [an_order_of("5", "Walnut lamp")]) is None


def test_a_strangers_bare_number_is_said_to_be_one() -> None:
    found = linked(told(email=BEN, order_numbers=("5",)), an_order_of("5"))
    assert found.because == ("its number is in the mail, though another address bought it",)


def test_with_an_order_of_ones_own_a_strangers_number_is_only_a_mention() -> None:
    own = an_order_of("6", email=BEN)
    found = linked(told(email=BEN, order_numbers=("5",)), an_order_of("5"), own)
    assert (found.number, found.runner_up) == ("6", "5")


def test_a_parcel_names_its_order() -> None:
    order = an_order_of("5", tracking_numbers=("1Z 999AA10123456784",))
    found = linked(told(email=BEN, tracking_numbers=("1Z999AA10123456784",)), order)
    assert found.because == ("its parcel 1Z 999AA10123456784 is in the mail",)


def test_a_providers_notice_speaks_of_another_address() -> None:
    notice = told_by(
        email="service@paypal.com", name="PayPal", subject="", new_text="",
        entities=Entities(order_numbers=("5",)), at=NOON, by_machine=True,
    )  # fmt: skip
    assert linked(notice, an_order_of("5")).because == ("its number is in the mail",)


def test_what_several_mails_say_counts_together() -> None:
    first, second = told("the lamp"), told(amounts=(Money(6000, "EUR"),))
    orders = [an_order_of("5", "Walnut lamp"), an_order_of("6", total=Money(7, "EUR"))]
    assert linked(first | second, *orders) == linked(second | first, *orders)
    assert linked(first | second, *orders).number == "5"


def test_nothing_that_one_of_several_mails_says_is_lost() -> None:
    said = told(
        "the walnut lamp\n\nAnn Lee",
        order_numbers=("5",),
        tracking_numbers=("1Z999AA10123456784",),
        amounts=(Money(6000, "EUR"),),
        skus=("LMP-4",),
    )
    notice = replace(said, by_machine=True)
    later = replace(Told(), first_at=NOON + timedelta(days=1))
    assert notice | later == later | notice == notice


def test_what_a_person_picked_for_this_sender_is_taken_again_unless_another_is_named() -> None:
    orders = an_order_of("5", email=BEN, customer_name="Ben Ott"), an_order_of("6")
    picked = {"5": "you linked it before"}
    again = link(told("Hello?"), orders, picked=picked)
    assert again is not None
    assert (again.number, again.because[0], again.runner_up) == ("5", "you linked it before", "6")
    named = link(told(order_numbers=("6",)), orders, picked=picked)
    assert named is not None
    assert (named.number, named.runner_up) == ("6", "")


def test_an_order_of_years_ago_gives_way() -> None:
    """Its contents are named by a word, the other's by none; unless they are named in full."""
    old = an_order_of("5", "Walnut cabinet", placed_at=NOON - timedelta(days=900))
    assert linked(told("my cabinet"), old, an_order_of("6")).number == "6"
    found = linked(told("my walnut cabinet"), old, an_order_of("6"))
    assert (found.number, found.runner_up) == ("5", "6")
    assert "but it was placed more than a year before" in found.because


def test_of_two_orders_the_one_that_arrived_long_ago_is_not_the_one_that_is_asked_for() -> None:
    days = [timedelta(days=number) for number in (120, 100, 61, 59)]
    waits = an_order_of("5", placed_at=NOON - days[0])
    long_there = an_order_of("6", placed_at=NOON - days[1], delivered_at=NOON - days[2])
    assert linked(told("Hello?"), long_there, waits).number == "5"
    lately_there = replace(long_there, delivered_at=NOON - days[3])
    assert linked(told("Hello?"), lately_there, waits).number == "6"


@pytest.mark.parametrize(
    ("said", "title"),
    [("die Wandregale", "Wandregal"), ("das Regal", "Wandregal"), ("the lanterns", "Lantern")],
)
def test_a_product_is_known_by_its_plural_and_by_the_word_that_it_ends_with(
    said: str, title: str
) -> None:
    order = an_order_of("5", title, items=())
    item = LineItem(title=title, quantity=1, price=Money(2500, "EUR"))
    assert f"“{title}” is in it" in linked(told(said), replace(order, items=(item,))).because


@pytest.mark.parametrize("name", ["Małgorzata Lis", "MALGORZATA  LIS", "Malgorzata-Lis"])
def test_names_are_compared_without_accents_and_case(name: str) -> None:
    assert name_words(name) == ("malgorzata", "lis")


def test_words_point_to_the_one_order_whose_contents_they_name_best() -> None:
    lamp, chair = an_order_of("6", "Lamp walnut"), an_order_of("7", "Beech chair")
    assert points_to(told("My lamp from Walnut does not light"), [lamp, chair]) == "6"
    assert points_to(told("Where is my parcel?"), [lamp, chair]) == ""
    assert (
        points_to(told("The beech chair wobbles"), [chair, an_order_of("8", "Beech chair")]) == ""
    )
