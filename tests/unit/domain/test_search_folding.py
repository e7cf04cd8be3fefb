"""What counts as the same when somebody searches."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.domain.search_folding import folded, is_without_blanks, spellings


@pytest.mark.parametrize(
    ("one", "other"),
    [("ÄRGER", "ärger"), ("Straße", "STRASSE"), ("Łódź", "lodz"), ("Ørsted", "orsted")],
)
def test_capitals_accents_and_plain_fellows_are_the_same(one: str, other: str) -> None:
    assert folded(one) == folded(other)


def test_a_word_is_looked_for_as_it_was_typed_first() -> None:
    assert spellings("Straße") == ("Straße", "strasse", "straße")
    assert spellings("tea") == ("tea",)


@given(st.text(max_size=60))
def test_no_word_has_more_than_a_few_spellings(word: str) -> None:
    """So that a search costs what it did."""
    assert word in spellings(word)
    assert len(spellings(word)) <= 17


def test_a_word_of_a_language_without_blanks_is_known() -> None:
    assert is_without_blanks("破损")
    assert is_without_blanks("MM破")
    assert not is_without_blanks("naïve Łódź привет مكسور")
