"""What goes into the file comes out of it as it was."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta, timezone

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.domain.message import Address
from app.domain.money import Money
from app.storage import codec

instants = st.integers(min_value=-(2**50), max_value=2**52)


@given(instants)
def test_an_instant_survives_to_the_microsecond(value: int) -> None:
    assert codec.micros(codec.moment(value)) == value


@given(instants, st.integers(min_value=-840, max_value=840))
def test_the_zone_in_which_an_instant_was_told_does_not_matter(value: int, minutes: int) -> None:
    elsewhere = codec.moment(value).astimezone(timezone(timedelta(minutes=minutes)))
    assert codec.micros(elsewhere) == value
    assert codec.moment(value).tzinfo is UTC


def test_a_naive_instant_is_an_error_and_never_a_guess() -> None:
    with pytest.raises(TypeError):
        codec.micros(datetime(2026, 11, 21))  # noqa: DTZ001 - that is the point


def test_nothing_stays_nothing() -> None:
    assert codec.maybe_micros(None) is None
    assert codec.maybe_moment(None) is None
    assert codec.money(None, None) is None
    assert codec.address(None, None) is None


def test_pairs_of_columns_become_values() -> None:
    assert codec.money(1990, "EUR") == Money(1990, "EUR")
    assert codec.address("a@x", None) == Address(email="a@x")
    assert codec.maybe_moment(0) == codec.EPOCH


@given(st.text())
def test_a_text_that_can_be_stored_is_not_changed(value: str) -> None:
    assert codec.text(value) == value


@given(st.text(alphabet=st.characters(categories=["Cs", "L", "N"])))
def test_every_text_can_be_stored(value: str) -> None:
    codec.text(value).encode()


def test_two_halves_of_a_pair_become_the_character_that_they_mean() -> None:
    assert codec.text("\ud83d\ude00") == "😀"
    assert codec.text("\ud83d!") == "\ufffd!"


@given(st.lists(st.builds(Address, email=st.text(), name=st.text()), max_size=3))
def test_values_survive_the_way_through_json(addresses: list[Address]) -> None:
    written = codec.to_json(tuple(addresses))
    assert codec.from_json(written, tuple[Address, ...]) == tuple(addresses)


def test_json_mends_what_cannot_be_stored_in_keys_and_lists_too() -> None:
    written = codec.to_json({"a\udcff": [Address(email="x\udcff@y"), 1, None]})
    assert written == '{"a\ufffd":[{"email":"x\ufffd@y","name":""},1,null]}'
