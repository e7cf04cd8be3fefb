"""The order of an issue over a real profile: found, told, picked by a person, taken back."""

from __future__ import annotations

import sqlite3
from datetime import timedelta
from typing import Any

import pytest

from app.domain.errors import NotFound
from app.domain.money import Money
from app.domain.order import LineItem, Order
from app.storage import orders
from tests.support.engine import NOON, Engine, a_letter

BEN = "ben@customer.example"


def an_order(number: str, title: str, *, days: int = 10, email: str = BEN, **more: Any) -> Order:
    values: dict[str, Any] = {
        "platform": "sample",
        "platform_id": number,
        "number": number,
        "customer_name": "Ben Costa",
        "customer_email": email,
        "placed_at": NOON - timedelta(days=days),
        "total": Money(6400, "EUR"),
        "items": (LineItem(title=title, quantity=1, price=Money(6400, "EUR")),),
    }
    return Order(**{**values, **more})


def sold(engine: Engine, *every: Order) -> None:
    def write(db: sqlite3.Connection) -> None:
        for order in every:
            orders.upsert(db, order)

    engine.writer.do(write)


def test_a_mail_without_a_number_gets_its_order_and_says_why(engine: Engine) -> None:
    sold(engine, an_order("1042", "Walnut tray"), an_order("1043", "Four mugs", days=2))
    engine.receive(a_letter("The walnut tray has a crack.", subject="Tray"))
    view = engine.issue(engine.only_key())
    assert view.row.order_number == "1042"
    assert view.order_link is not None
    assert view.order_link.because[-1] == "“Walnut tray” is in it"
    assert view.order_link.runner_up == "1043"
    assert [one.number for one in view.other_orders] == ["1043"]


def test_a_mail_about_another_product_does_not_join_what_is_open_about_the_first(
    engine: Engine,
) -> None:
    sold(engine, an_order("1042", "Walnut tray"), an_order("1043", "Copper kettle", days=2))
    engine.receive(a_letter("The walnut tray has a crack.", subject="Tray"))
    engine.receive(
        a_letter(
            "And now the copper kettle leaks.", subject="Kettle", message_id="<2@customer.example>"
        ),
        a_letter(
            "The tray of walnut is useless, hello?",
            subject="2nd",
            message_id="<3@customer.example>",
        ),
    )
    every = {row.order_number: row.message_count for row in engine.rows()}
    assert every == {"1042": 2, "1043": 1}


def test_a_pick_stays_whatever_arrives_and_can_be_taken_back(engine: Engine) -> None:
    sold(engine, an_order("1042", "Walnut tray"), an_order("1043", "Four mugs", days=2))
    engine.receive(a_letter("The walnut tray has a crack.", subject="Tray"))
    key = engine.only_key()
    entry = engine.desk.link_order(key, "#1043")["entry"]
    engine.receive(
        a_letter(
            "It is order 1042!",
            subject="Re: Tray",
            message_id="<second@customer.example>",
            answers="<first@customer.example>",
        )
    )
    picked = engine.issue(key)
    assert (picked.row.order_number, picked.order and picked.order.number) == ("1043", "1043")
    assert picked.order_link is not None
    assert picked.order_link.by_person
    engine.desk.undo(entry)
    assert engine.issue(key).row.order_number == "1042"


def test_a_person_can_say_that_it_is_about_no_order(engine: Engine) -> None:
    sold(engine, an_order("1042", "Walnut tray"))
    engine.receive(a_letter("Do you sell gift cards?", subject="A question"))
    key = engine.only_key()
    engine.desk.link_order(key, "")
    view = engine.issue(key)
    assert (view.row.order_number, view.order, view.row.order_total) == ("", None, None)
    assert [one.number for one in view.other_orders] == ["1042"]


def test_an_order_that_no_shop_knows_is_refused(engine: Engine) -> None:
    sold(engine, an_order("1042", "Walnut tray"))
    engine.receive(a_letter("The tray has a crack."))
    with pytest.raises(NotFound, match="No shop knows an order 999"):
        engine.desk.link_order(engine.only_key(), "999")


def test_another_address_is_known_by_name_parcel_or_product(engine: Engine) -> None:
    parcel = "1Z999AA10123456784"
    sold(
        engine, an_order("1042", "Walnut tray", email="b@work.example", tracking_numbers=(parcel,))
    )
    engine.receive(
        a_letter(f"Where is my parcel {parcel}?", sender="Other <other@home.example>"),
        a_letter(
            "The walnut tray came cracked.\n\nThanks\nBen Costa",
            subject="Crack",
            sender="bc77@home.example",
            message_id="<two@home.example>",
        ),
    )
    assert {row.order_number for row in engine.rows()} == {"1042"}


def test_two_customers_never_share_an_issue_through_a_bare_number(engine: Engine) -> None:
    sold(engine, an_order("1042", "Walnut tray"))
    engine.receive(
        a_letter("Order 1042 came broken."),
        a_letter(
            "Order 1042 came broken.",
            sender="Eve <eve@else.example>",
            message_id="<eve@else.example>",
        ),
    )
    mine, hers = sorted(engine.rows(), key=lambda row: row.customer.email)
    assert mine.key != hers.key
    link = engine.issue(hers.key).order_link
    assert link is not None
    assert "another address bought it" in link.because[0]


def test_the_quoted_mail_of_the_shop_names_the_order(engine: Engine) -> None:
    sold(engine, an_order("1042", "Walnut tray"), an_order("1043", "Four mugs", days=2))
    quoted = "Nothing yet?\n\nOn Fri, 13 Nov 2026, Shop wrote:\n> We have sent 1042 today.\n"
    engine.receive(a_letter(quoted, subject="Hello"))
    assert engine.issue(engine.only_key()).row.order_number == "1042"


def test_orders_that_an_older_version_kept_are_found_by_name_after_the_update(
    engine: Engine,
) -> None:
    sold(engine, an_order("1042", "Walnut tray", email="b@work.example"))

    def forget(db: sqlite3.Connection) -> int:
        db.execute("DELETE FROM purchase_clue")
        orders.note_all_clues(db)
        return len(orders.by_clues(db, ("name:costa",)))

    assert engine.writer.do(forget) == 1


@pytest.mark.parametrize(
    ("number", "written"),
    [
        ("2026/0881", "order 2026/0881"),
        ("10498", "order no. 10.498"),
        ("10466/PL", "order 10466/PL"),
    ],
)
def test_an_order_is_found_from_another_address_however_its_number_is_written(
    engine: Engine, number: str, written: str
) -> None:
    """The shop's own books settle what is a number of theirs."""
    sold(engine, an_order(number, "Walnut tray", email="ben@work.example"))
    engine.receive(a_letter(f"My {written} has not come, Ben Costa", subject="Where?"))
    assert engine.issue(engine.only_key()).row.order_number == number
