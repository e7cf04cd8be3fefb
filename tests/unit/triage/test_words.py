"""Words: what is folded away, and where words and sentences end."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.triage.words import READ_AT_MOST, fold, words_of


def test_accents_capitals_and_eszett_are_folded() -> None:
    assert words_of("Größe ÉTÉ Żółty").words == ("grosse", "ete", "zolty")


def test_an_english_contraction_is_one_word_and_a_french_elision_two() -> None:
    assert words_of("hasn’t l'article").words == ("hasnt", "l", "article")


def test_a_sentence_ends_at_a_mark_before_a_blank_but_not_inside_a_number() -> None:
    words = words_of("It cost 12.50 today. Please help")
    assert words.words[:5] == ("it", "cost", "12", "50", "today")
    assert words.stops == (5, 5, 5, 5, 5, 7, 7)
    assert words.begin(6) == 5


def test_a_quote_is_what_was_written_on_one_line() -> None:
    assert words_of("My  Mug\nis Broken!").quote(1, 4) == "Mug is Broken"


@given(st.text())
def test_folding_keeps_every_letter_in_its_place(text: str) -> None:
    assert len(fold(text)) == len(text)


@given(st.text())
def test_any_text_can_be_cut_into_words(text: str) -> None:
    words = words_of(text)
    assert len(words.words) == len(words.spans) == len(words.stops)
    assert all(place < stop for place, stop in enumerate(words.stops))


def test_a_huge_text_is_read_only_up_to_the_limit() -> None:
    assert words_of("word " * 100_000).spans[-1][1] <= READ_AT_MOST


@pytest.mark.parametrize(
    ("text", "sentences"),
    [
        ("Bitte bis zum 3. Mai antworten.", 1),
        ("Am 24. Dezember war es kaputt. Danke.", 2),
        ("Bestellung Nr. 1182 kam nie.", 1),
        ("Ask Mrs. Miller.", 1),
        ("I ordered 3. It broke.", 2),
        ("Es kam am 3. Danke.", 2),
        ("Bis zum 3. März oder 4. Okt haben Sie Zeit.", 1),
        ("I ordered 3. Martha broke one.", 2),
        ("Mir fehlen 2. Augenblicklich habe ich einen.", 2),
    ],
)
def test_a_full_stop_of_a_date_or_a_shortened_word_ends_no_sentence(text: str, sentences: int):
    assert len(set(words_of(text).stops)) == sentences
