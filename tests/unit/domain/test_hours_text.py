"""Hours as people write them."""

from __future__ import annotations

import pytest

from app.domain import hours_text
from app.domain.errors import Refused


@pytest.mark.parametrize(
    ("text", "pairs"),
    [
        ("09:00-12:00, 13:00-17:00", [["09:00", "12:00"], ["13:00", "17:00"]]),
        ("9-12,13.30 to 17", [["09:00", "12:00"], ["13:30", "17:00"]]),
        ("22:00–06:00", [["22:00", "06:00"]]),
        ("0-24", [["00:00", "24:00"]]),
        ("free", []),
        ("", []),
    ],
)
def test_hours_are_read_as_people_write_them(text: str, pairs: list[list[str]]) -> None:
    assert hours_text.intervals(text) == pairs
    assert hours_text.intervals(hours_text.said_intervals(pairs)) == pairs


@pytest.mark.parametrize("text", ["nine to five", "9-25", "9:75-10", "9", "9-12;13-17"])
def test_anything_else_is_refused_with_an_example(text: str) -> None:
    with pytest.raises(Refused) as caught:
        hours_text.intervals(text)
    assert caught.value.hint


def test_a_closure_has_days_and_may_have_a_reason() -> None:
    assert hours_text.closure("2026-12-24 to 2027-01-01 Christmas break") == {
        "first": "2026-12-24",
        "last": "2027-01-01",
        "because": "Christmas break",
    }
    one = hours_text.closure("2026-12-24")
    assert (one["last"], hours_text.said_closure(one)) == ("2026-12-24", "2026-12-24")


@pytest.mark.parametrize("text", ["Christmas", "2026-02-30", "2026-12-24 to 2026-12-01"])
def test_days_that_do_not_exist_are_refused(text: str) -> None:
    with pytest.raises(Refused):
        hours_text.closure(text)


def test_a_single_day_has_hours_of_its_own() -> None:
    assert hours_text.exception("2026-12-24 10-13") == ("2026-12-24", [["10:00", "13:00"]])
    with pytest.raises(Refused):
        hours_text.exception("24.12. 10-13")
