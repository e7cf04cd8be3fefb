"""Entities: orders, parcels, sums and days in the ways in which people write them."""

from __future__ import annotations

from datetime import date

import pytest

from app.domain.money import Money
from app.triage.amounts import amounts
from app.triage.days import named_days
from app.triage.entities import entities_of
from app.triage.order_numbers import order_numbers
from app.triage.tracking import proves_itself, tracking_numbers
from tests.unit.triage.builders import a_context, a_message, an_order


@pytest.mark.parametrize(
    ("text", "numbers"),
    [
        ("Where is order 1042?", ("1042",)),
        ("order no. 20417 please", ("20417",)),
        ("About #1042: still nothing", ("1042",)),
        ("SO-20417 came broken", ("SO-20417",)),
        ("WC5538 came broken", ("WC5538",)),
        ("orders 1041 and 1042", ("1041", "1042")),
        ("Amazon 305-1234567-7654321", ("305-1234567-7654321",)),
        ("Meine Bestellnr. 61204 fehlt", ("61204",)),
        ("commande n° 71950", ("71950",)),
        ("mi pedido número 81467", ("81467",)),
        ("ordine n. 6120", ("6120",)),
        ("zamówienie nr 90135", ("90135",)),
        ("I ordered the tarp (4417) in May", ("4417",)),
        ("Please hurry.\n31877\nGus", ("31877",)),
        ("#1042 and order 1042", ("1042",)),
    ],
)
def test_an_order_number_is_found(text: str, numbers: tuple[str, ...]) -> None:
    assert order_numbers(text) == numbers


@pytest.mark.parametrize(
    "text",
    [
        "I paid 1042 euros for the order",
        "order 2024 was a good year",
        "Case #88123 was opened",
        "Call me on 555 0142",
        "I ordered 3 mugs at 12:30",
        "the parcel weighs 1500 g",
        "an order of 120,50 €",
    ],
)
def test_a_number_that_is_no_order_is_left_alone(text: str) -> None:
    assert order_numbers(text) == ()


def test_a_number_the_shop_knows_needs_no_words_around_it() -> None:
    assert order_numbers("and what about 7731 then", known=("#7731",)) == ("7731",)


def test_the_check_digits_follow_the_published_rules() -> None:
    """UPS's own sample number; UPU S10 worked by hand: 4*8+7*6+3*4+1*2+2*3+4*5+8*9+2*7 = 200."""
    assert proves_itself("1Z999AA10123456784")
    assert proves_itself("RR473124829GB")  # 200 mod 11 = 2, 11 - 2 = 9
    assert not proves_itself("RR473124828GB")


def test_a_row_of_digits_counts_as_a_parcel_only_when_it_is_called_one() -> None:
    assert tracking_numbers("Call 01512345678901 please") == ()
    assert tracking_numbers("DHL tracking 01512345678901 please") == ("01512345678901",)
    assert tracking_numbers("Parcel service phone +4915123456789") == ()


def test_a_parcel_the_shop_sent_needs_no_proof() -> None:
    assert tracking_numbers("and 1234567890?", known=frozenset(("1234567890",))) == ("1234567890",)


@pytest.mark.parametrize(
    ("text", "money"),
    [
        ("€12.50", Money(1250, "EUR")),
        ("12,50 €", Money(1250, "EUR")),
        ("1.180,00 EUR", Money(118000, "EUR")),
        ("$1,180.00", Money(118000, "USD")),
        ("£31,500", Money(3150000, "GBP")),
        ("1'180.50 CHF", Money(118050, "CHF")),
        ("1 180,00 zł", Money(118000, "PLN")),
        ("12€50", Money(1250, "EUR")),
        ("45,- Euro", Money(4500, "EUR")),
        ("289 dollars", Money(28900, "USD")),
        ("¥1500", Money(1500, "JPY")),
        ("CA$7", Money(700, "CAD")),
    ],
)
def test_an_amount_is_read_as_it_is_meant(text: str, money: Money) -> None:
    assert amounts(f"I paid {text} for it") == (money,)


@pytest.mark.parametrize("text", ["order 1042", "12,50", "size 42", "19.30 Uhr", "a euro cent"])
def test_a_number_without_a_currency_is_no_money(text: str) -> None:
    assert amounts(text) == ()


@pytest.mark.parametrize(
    ("text", "language", "day"),
    [
        ("2026-11-07", "", date(2026, 11, 7)),
        ("am 06.10. bestellt", "de", date(2026, 10, 6)),
        ("am 06.10.2025 bestellt", "de", date(2025, 10, 6)),
        ("the 2nd of October", "en", date(2026, 10, 2)),
        ("October 2nd", "en", date(2026, 10, 2)),
        ("7 Nov", "en", date(2026, 11, 7)),
        ("on January 5", "en", date(2027, 1, 5)),
        ("by 11/30/2026 ($5)", "en", date(2026, 11, 30)),
        ("le 19 octobre", "fr", date(2026, 10, 19)),
        ("el 19 de octubre de 2025", "es", date(2025, 10, 19)),
        ("il 3 dicembre", "it", date(2026, 12, 3)),
        ("4 november", "nl", date(2026, 11, 4)),
        ("dia 20 de novembro", "pt", date(2026, 11, 20)),
        ("12 listopada", "pl", date(2026, 11, 12)),
        ("since the 12th", "en", date(2026, 11, 12)),
        ("29/10/2026", "it", date(2026, 10, 29)),
    ],
)
def test_a_day_is_read_and_its_year_is_the_nearest(text: str, language: str, day: date) -> None:
    found = named_days(text, sent=date(2026, 11, 18), language=language)
    assert [named.day for named in found] == [day]


@pytest.mark.parametrize("written", ["2026-12-05", "2026/12/05"])
def test_a_day_that_begins_with_its_year_is_turned_nowhere(written: str) -> None:
    """Dollars show that somebody writes from America, where the month comes first otherwise."""
    text = f"Your evidence for the $120.00 dispute is due by {written}."
    found = named_days(text, sent=date(2026, 11, 18), language="en")
    assert [named.day for named in found] == [date(2026, 12, 5)]


def test_the_first_day_of_a_range_shares_the_month_of_the_second() -> None:
    found = named_days("from 10 to 20 November", sent=date(2026, 11, 1), language="en")
    assert [named.day.day for named in found] == [10, 20]


@pytest.mark.parametrize(
    "text", ["30 February", "open 24/7", "at 14.30", "version 1.2.3", "99.99."]
)
def test_what_is_no_day_is_not_read_as_one(text: str) -> None:
    assert named_days(text, sent=date(2026, 11, 18), language="en") == ()


def test_numbers_come_from_the_whole_mail_but_sums_and_days_only_from_what_is_new() -> None:
    message = a_message(
        "Broken, sorry.\n> Order 1042, 20 EUR, placed 2026-11-01, MUG-01-BLU",
        new_text="Broken, sorry.",
    )
    found = entities_of(message, a_context(), days=())
    assert found.order_numbers == ("1042",)
    assert found.skus == ("MUG-01-BLU",)
    assert found.amounts == ()


def test_an_order_of_the_customer_is_recognised_by_its_bare_number() -> None:
    message = a_message("it is about 555123")
    assert entities_of(message, a_context(orders=(an_order("555123"),)), days=()).order_numbers == (
        "555123",
    )
