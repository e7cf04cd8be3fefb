"""Lengths of time as owners write them."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.domain.day_text import said_days
from app.domain.errors import Refused
from app.domain.time_text import field_text, in_words, length, written


@pytest.mark.parametrize(
    ("text", "means"),
    [
        ("45 min", "45 min"),
        ("90m", "1 h 30 min"),
        ("1.5 h", "1 h 30 min"),
        ("1,5 hours", "1 h 30 min"),
        ("2 days", "48 h"),
        ("1h 30", None),
        ("", "none"),
        ("Never", "none"),
        ("soon", None),
        ("0 min", None),
        ("91 d", None),
        ("-1 h", None),
    ],
)
def test_what_people_write_is_read_or_refused_with_how_to_write_it(
    text: str, means: str | None
) -> None:
    if means is None:
        with pytest.raises(Refused) as caught:
            written(text)
        assert "45 min" in caught.value.sentence
    else:
        assert written(text) == means


@given(st.integers(1, 90 * 24 * 60))
def test_what_was_written_reads_back_as_itself(minutes: int) -> None:
    assert written(written(f"{minutes} min")) == written(f"{minutes} min")


def test_days_are_said_with_their_weekday_and_a_year_where_it_matters() -> None:
    christmas, new_year = date(2026, 12, 24), date(2027, 1, 1)
    assert said_days(christmas, christmas) == "Thu 24 Dec"
    assert said_days(christmas, new_year, year=True) == "Thu 24 Dec 2026 to Fri 1 Jan 2027"


@pytest.mark.usefixtures("german")
@pytest.mark.parametrize(
    ("text", "said"),
    [("90 min", "1 Std. 30 Min."), ("36 h", "36 Std."), ("84 h", "3 Tage 12 Std."), ("none", "")],
)
def test_german_says_lengths_in_its_own_words_and_reads_them_again(text: str, said: str) -> None:
    assert field_text(text) == said
    assert length(said) == length(text)
    assert written(said) == written(text), "the rule file stays as it was"


@pytest.mark.usefixtures("german")
def test_no_time_is_said_in_german() -> None:
    assert in_words(timedelta(seconds=20)) == "0 Min."
