"""Simple rows and conditions are two ways to say the same."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as some

from app.domain.errors import Refused
from app.domain.rule_fields import FIELDS, RuleField, Sort
from app.domain.rule_text import HOWS, Row, condition_of, pieces, rows_of


def _values(field: RuleField) -> some.SearchStrategy[str]:
    if field.sort is Sort.YES_NO:
        return some.just("")
    if field.sort is Sort.NUMBER:
        return some.integers(0, 10**9).map(str)
    if field.choices:
        return some.sampled_from(field.choices)
    return some.text(min_size=1).map(lambda text: " ".join(text.split())).filter(bool)


@some.composite
def _rows(draw: some.DrawFn) -> Row:
    field = draw(some.sampled_from(FIELDS))
    how = draw(some.sampled_from(HOWS[field.sort]))
    return Row(field=field.name, how=how, value=draw(_values(field)))


@given(some.lists(_rows(), min_size=1, max_size=6), some.sampled_from(["and", "or"]))
def test_rows_come_back_from_the_condition_that_they_say(rows: list[Row], join: str) -> None:
    """Whatever words stand in them."""
    condition = condition_of(rows, join)
    if len(condition) > 1000:
        return
    found = rows_of(condition)
    assert found == (tuple(rows), join if len(rows) > 1 else "and")


@pytest.mark.parametrize(
    "condition",
    [
        "total > 3 and (has_order or has_dispute)",
        "total > 3 and has_order or has_dispute",
        'kind in ["late"]',
        'subject =~ "x"',
        "total >= 3",
        "nonsense",
        "total >",
        "days_left < 1.125",
        "total > 1.500",
        "",
    ],
)
def test_what_rows_cannot_say_stays_a_line(condition: str) -> None:
    """Nothing is shown as rows that would say something else."""
    assert rows_of(condition) is None


def test_a_row_without_a_value_or_with_no_number_is_refused() -> None:
    """The sentence names the field as the form does."""
    with pytest.raises(Refused, match="Nothing is said about: subject"):
        condition_of([Row(field="subject", how="contains", value=" ")])
    with pytest.raises(Refused, match="“many” is no number"):
        condition_of([Row(field="total", how="is more than", value="many")])


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        *(("1500", "1500"), ("1.500", "1500"), ("1,500", "1500"), ("1'500", "1500")),
        *(("2 500", "2500"), ("2\u202f500,50", "2500.50"), ("1.500,50", "1500.50")),
        *(("1,500.50", "1500.50"), ("1.500.000", "1500000"), ("1500,5", "1500.5")),
        *(("0,5", "0.5"), ("0.125", "0.125"), ("12.50", "12.50"), ("999999999999", "999999999999")),
    ],
)
def test_a_number_is_meant_as_it_is_written_in_any_country(typed: str, meant: str) -> None:
    """Of "more than 1.500" a German shop does not want to hear at 1.51."""
    said = condition_of([Row(field="total", how="is more than", value=typed)])
    assert said == f"total > {meant}"


@pytest.mark.parametrize(
    "typed", ["12 50", "1,50,0", "1..5", "٣", "1e3", "-5", "1.500.00", "5 EUR"]
)
def test_what_could_be_two_numbers_is_none(typed: str) -> None:
    with pytest.raises(Refused, match="is no number"):
        condition_of([Row(field="total", how="is more than", value=typed)])


def test_a_piece_knows_its_place() -> None:
    """Counted from 1, as people count."""
    assert [(one.text, one.at) for one in pieces('total > 5 and kind = "late"')] == [
        ("total", 1),
        (">", 7),
        ("5", 9),
        ("and", 11),
        ("kind", 15),
        ("=", 20),
        ("late", 22),
    ]
