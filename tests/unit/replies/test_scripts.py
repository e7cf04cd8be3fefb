"""Text in the order in which it is drawn: from right to left, and joined."""

from __future__ import annotations

from app.replies.scripts import as_drawn, drawable, joined, runs_from_right


def test_latin_stays_as_it_is():
    assert as_drawn("Łukasz, 12.50 €") == "Łukasz, 12.50 €"


def test_hebrew_is_turned_and_its_numbers_are_not():
    assert as_drawn("שלום 12.50") == "12.50 םולש"


def test_a_latin_line_keeps_its_order_around_hebrew_words():
    assert as_drawn("order שלום here") == "order םולש here"


def test_arabic_letters_take_the_forms_of_their_neighbours():
    """meem initial, hah medial, meem medial, dal final: the name Muhammad."""
    assert joined("محمد") == "\ufee3\ufea4\ufee4\ufeaa"


def test_a_letter_that_does_not_lean_on_ends_the_join():
    """dal and alef never join the next letter."""
    assert joined("دا") == "\ufea9\ufe8d"


def test_marks_stand_between_letters_without_parting_them():
    assert joined("مَم") == "\ufee3\u064e\ufee2"


def test_the_side_of_a_line_is_its_first_letters():
    assert runs_from_right("12 שלום")
    assert not runs_from_right("order שלום")
    assert not runs_from_right("12.50")


def test_what_would_turn_or_hide_letters_is_taken_out():
    assert drawable("a\u202eb\x00c\r\nd\u200be") == "abc\nde"
