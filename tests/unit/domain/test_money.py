"""Money is counted in the smallest unit of its currency and never rounded on the way."""

from __future__ import annotations

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.domain.money import Money, exponent

currencies = st.sampled_from(["EUR", "USD", "JPY", "KWD"])
minors = st.integers(min_value=-(10**15), max_value=10**15)


@given(minors, currencies)
def test_an_amount_survives_the_way_through_its_decimal(minor: int, currency: str) -> None:
    amount = Money(minor, currency)
    assert Money.of(amount.value, currency) == amount


@given(minors, currencies)
def test_the_text_names_the_value_and_the_currency(minor: int, currency: str) -> None:
    amount = Money(minor, currency)
    value, name = str(amount).split(" ")
    assert (Decimal(value), name) == (amount.value, currency)


@pytest.mark.parametrize(
    ("written", "currency", "minor"),
    [("184.00", "USD", 18400), ("1200", "JPY", 1200), ("1.234", "KWD", 1234)],
)
def test_each_currency_has_its_own_decimals(written: str, currency: str, minor: int) -> None:
    """Case 109: the yen has none, the Kuwaiti dinar three."""
    assert Money.of(written, currency) == Money(minor, currency)


@pytest.mark.parametrize(("written", "minor"), [("0.005", 1), ("0.004", 0), ("-0.005", -1)])
def test_half_a_cent_is_rounded_away_from_zero(written: str, minor: int) -> None:
    assert Money.of(written, "EUR") == Money(minor, "EUR")


def test_the_currency_is_written_in_capitals_and_an_unknown_one_has_two_decimals() -> None:
    assert Money.of("1", "eur").currency == "EUR"
    assert exponent("XYZ") == 2
    assert str(Money(5, "EUR")) == "0.05 EUR"
