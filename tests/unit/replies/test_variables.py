"""Variables: what is known by which name, and how it is written in each language."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime
from functools import partial
from zoneinfo import ZoneInfo

import pytest

from app.domain.errors import KnownError
from app.domain.message import Address
from app.domain.money import Money
from app.domain.order import LineItem, Order
from app.replies.variables import GIVEN, KNOWN, nearest, refuse_unknown
from app.replies.variables import values as values_in

values = partial(values_in, zone=UTC)

BEN = Address(email="ben@example.org", name="Ben Costa")
ORDER = Order(
    platform="sample",
    platform_id="7",
    number="1042",
    customer_name="Benjamin Costa",
    customer_email="Ben@example.org",
    placed_at=datetime(2026, 11, 3, 9, 0, tzinfo=UTC),
    total=Money(123450, "EUR"),
    items=(
        LineItem(title="Blue mug", quantity=2, price=Money(1800, "EUR")),
        LineItem(title="Tea towel", quantity=1, price=Money(900, "EUR")),
    ),
    tracking_numbers=("JD014600", "JD014601"),
    carrier="DHL",
)


def test_everything_that_is_known_has_its_name() -> None:
    found = values(customer=BEN, order=ORDER, shop_name="Blue Kiln", agent_name="Ada")
    assert set(found) == set(GIVEN)
    assert found["customer.first_name"] == "Ben"
    assert found["customer.name"] == "Ben Costa"
    assert found["order.number"] == "1042"
    assert found["order.items"] == "2 × Blue mug, 1 × Tea towel"
    assert found["tracking.number"] == "JD014600, JD014601"
    assert found["tracking.carrier"] == "DHL"


def test_what_is_not_known_is_missing_rather_than_empty() -> None:
    assert values(customer=Address(email="x@example.org")) == {"customer.email": "x@example.org"}


@pytest.mark.parametrize(
    ("language", "total", "day"),
    [
        ("en", "€1,234.50", "3 November 2026"),
        ("de", "1.234,50\xa0€", "3. November 2026"),
        ("fr", "1\u202f234,50\xa0€", "3 novembre 2026"),
        ("es", "1.234,50\xa0€", "3 de noviembre de 2026"),
        ("xx", "€1,234.50", "November 3, 2026"),
    ],
)
def test_amounts_and_days_are_written_as_the_language_writes_them(
    language: str, total: str, day: str
) -> None:
    found = values(customer=BEN, order=ORDER, language=language)
    assert found["order.total"] == total
    assert found["order.date"] == day


@pytest.mark.parametrize(
    ("zone", "day"),
    [
        ("America/Los_Angeles", "10 March 2026"),
        ("Europe/Berlin", "11 March 2026"),
        ("UTC", "11 March 2026"),
    ],
)
def test_an_order_of_the_evening_is_of_that_day_in_the_shop(zone, day):
    """Placed at 19:30 in Los Angeles."""
    late = replace(ORDER, placed_at=datetime(2026, 3, 11, 2, 30, tzinfo=UTC))
    assert values_in(customer=BEN, order=late, zone=ZoneInfo(zone))["order.date"] == day


def test_a_currency_without_cents_has_none() -> None:
    yen = replace(ORDER, total=Money(5000, "JPY"))
    assert values(customer=BEN, order=yen)["order.total"] == "¥5,000"


def test_the_order_tells_the_name_where_the_mail_does_not_and_it_is_theirs() -> None:
    nameless = Address(email="ben@example.org", name="ben@example.org")
    assert values(customer=nameless, order=ORDER)["customer.first_name"] == "Benjamin"
    somebody = Address(email="ana@example.org")
    assert "customer.first_name" not in values(customer=somebody, order=ORDER)


def test_the_order_knows_more_of_somebody_who_writes_under_one_word_of_the_name() -> None:
    lone = Address(email="ben@example.org", name="Costa")
    known = replace(ORDER, customer_name="Benjamin Costa")
    assert values(customer=lone, order=known)["customer.first_name"] == "Benjamin"
    other = Address(email="ben@example.org", name="Lena")  # she writes from his address
    assert values(customer=other, order=known)["customer.first_name"] == "Lena"


def test_a_long_order_names_five_things_and_counts_the_rest() -> None:
    items = tuple(LineItem(title=f"Mug {i}", quantity=1, price=Money(1, "EUR")) for i in range(8))
    found = values(customer=BEN, order=replace(ORDER, items=items))
    assert found["order.items"].endswith("1 × Mug 4, + 3")


def test_an_order_number_has_no_mark_before_it() -> None:
    found = values(customer=BEN, order=replace(ORDER, number="#1042"))
    assert found["order.number"] == "1042"


def test_values_from_outside_are_on_one_line() -> None:
    odd = LineItem(title="Mug\r\nBcc: x", quantity=1, price=Money(1, "EUR"))
    found = values(customer=BEN, order=replace(ORDER, items=(odd,), carrier="D\x00HL\u202e"))
    assert found["order.items"] == "1 × Mug Bcc: x"
    assert found["tracking.carrier"] == "D HL"


def test_a_name_that_is_none_is_refused_with_the_nearest() -> None:
    refuse_unknown(KNOWN)
    with pytest.raises(KnownError, match=r"nearest is customer\.first_name"):
        refuse_unknown(["customer.firstname"])
    assert nearest("order.nr") == "order.number"
    assert nearest("") in KNOWN
