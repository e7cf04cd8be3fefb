"""Which orders a text names, in eight languages and many styles; cases are in numbers.txt."""

from __future__ import annotations

import time
from collections import Counter
from pathlib import Path

import pytest

from app.triage.lines import tidied
from app.triage.order_numbers import order_numbers, surely_named
from app.triage.time_words import LANGUAGES

LINES = Path(__file__).with_name("numbers.txt").read_text("utf-8").splitlines()
CASES = [
    [part.strip() for part in one.split(" | ")] for one in LINES if one.strip() and one[0] != "#"
]


@pytest.mark.parametrize("case", CASES, ids=" | ".join)
def test_the_orders_that_a_text_names_are_found_and_no_other_numbers(case: list[str]) -> None:
    _, text, wanted, *known = case
    numbers = () if wanted == "-" else tuple(wanted.split())
    said = text.replace("\\n", "\n")
    for around in (said, f"Hello,\n\n{said}\n\nThanks"):
        assert order_numbers(tidied(around), known=" ".join(known).split()) == numbers


def test_every_language_has_its_cases_of_both_sorts() -> None:
    counted = Counter((language, wanted == "-") for language, _, wanted, *_ in CASES)
    assert set(counted) == {(one, sort) for one in LANGUAGES for sort in (True, False)}
    assert min(counted.values()) >= 8


def test_the_orders_of_a_list_stand_in_their_order_and_each_at_its_place() -> None:
    text = "orders nos. 5120, #5121 and 10.498"
    assert order_numbers(text) == ("5120", "5121", "10498")
    assert set(surely_named(text)) == {("5120", 12), ("5121", 19), ("10498", 28)}


def test_a_hashed_number_like_a_year_is_an_order() -> None:
    """A shop that counts from 1001 comes to 2026 one day; nobody writes a year with a hash."""
    assert order_numbers("Is #2026 packed?") == ("2026",)
    assert order_numbers("my order of 2026") == ()


@pytest.mark.parametrize(
    ("number", "other", "written"),
    [
        ("1042-DE", "1050-DE", "1042"),
        ("1042DE", "1050DE", "1042"),
        ("1042DE", "1050DE", "1042de"),
        ("R-000451042", "R-000451050", "451042"),
        ("SHOP.1042", "SHOP.1050", "SHOP.1042"),
        ("1042.1", "1050.1", "1042.1"),
        ("ORD1042XZ", "ORD1050XZ", "ORD1042XZ"),
    ],
)
def test_a_number_of_the_books_is_found_with_or_without_what_the_shop_writes_around_it(
    number: str, other: str, written: str
) -> None:
    """Else the newest order of who has two is taken, which is the other."""
    said = f"Hello, where is my order {written}? It has not arrived."
    assert order_numbers(said, known=(number, other))[0] == number


def test_a_number_that_two_orders_may_mean_is_left_as_it_was_written() -> None:
    assert order_numbers("order 10519", known=("A-10519", "B-10519")) == ("10519",)
    assert order_numbers("order 10519", known=("A-10519", "B-10520")) == ("A-10519",)
    assert order_numbers("order bc10519", known=("BC-10519",)) == ("BC-10519",)
    assert order_numbers("order 1042", known=("1042-DE", "1042-FR")) == ("1042",)


@pytest.mark.parametrize(
    "unit",
    [
        *(
            "a",
            "1",
            "#",
            "-",
            "/",
            " ",
            ".",
            "(",
            "A",
            "\n",
            "order ",
            "ref ",
            "1,",
            "12-",
            "2026/",
        ),
        *(
            "Nr. 4411 und ",
            "order nos. 1234, ",
            "1.234 ",
            "10 498 ",
            "in Xx (",
            "0a1b2c3d-",
            "1/1/",
        ),
    ],
)
def test_a_text_that_is_made_to_be_slow_is_read_in_a_moment(unit: str) -> None:
    """A tenth of a megabyte; a mail is read up to an eighth of that."""
    text = (unit * 100_000)[:100_000]
    begun = time.process_time()
    order_numbers(text, known=("1042",))
    assert time.process_time() - begun < 1.0
