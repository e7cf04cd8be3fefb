"""Phrases: what each sign of the little language means, and that no text makes it slow."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.triage.phrases import Phrasebook, PhraseError, parse
from app.triage.words import words_of


def finds(source: str, text: str, *, unless: str = "") -> bool:
    book = Phrasebook()
    book.add(parse(source, rule="it", language="en"))
    if unless:
        book.add(parse(unless, rule="it", language="en", cancels=True))
    return "it" in book.find(words_of(text), "en")


@pytest.mark.parametrize(
    ("phrase", "text"),
    [
        ("arrived broken", "The mug ARRIVED broken."),
        ("arrived|came broken", "it came broken"),
        ("crack*", "cracked"),
        ("*schaden", "ein Transportschaden"),
        ("not yet? arrived", "not arrived"),
        ("not yet? arrived", "not yet arrived"),
        ("box .. empty", "the box was quite empty"),
        ("box ... empty", "the box that came to us on Monday was empty"),
        ("# days", "after 12 days"),
        ("hasn't come", "It hasn’t come"),
        ("a-to-z claim", "an A-to-z claim"),
    ],
)
def test_a_phrase_finds_what_it_says(phrase: str, text: str) -> None:
    assert finds(phrase, text)


@pytest.mark.parametrize(
    ("phrase", "text"),
    [
        ("arrived broken", "It arrived. Broken hearts everywhere"),
        ("crack*", "wisecrack"),
        ("box .. empty", "box one two three four empty"),
        ("# days", "some days"),
    ],
)
def test_a_phrase_does_not_find_more_than_it_says(phrase: str, text: str) -> None:
    assert not finds(phrase, text)


def test_a_phrase_under_unless_takes_the_hit_back_in_its_sentence_only() -> None:
    assert not finds("broke*", "I broke my leg", unless="broke my leg")
    assert finds("broke*", "The mug broke. I broke my leg", unless="broke my leg")


@pytest.mark.parametrize(
    "phrase",
    ["", "..", "yes?", "yet? yet", "box ..", "a .. b .. c .. d .. e", "x*", "!!", "a-b|c"],
)
def test_a_phrase_that_cannot_work_is_refused(phrase: str) -> None:
    with pytest.raises(PhraseError):
        parse(phrase, rule="it", language="en")


def test_a_phrase_of_another_language_is_not_looked_for() -> None:
    book = Phrasebook()
    book.add(parse("partido", rule="it", language="pt"))
    assert not book.find(words_of("el partido de ayer"), "es")
    assert book.find(words_of("o copo partido"), "pt")
    assert book.find(words_of("partido"), "")


@given(st.text(alphabet="ab .", max_size=200))
def test_a_hit_lies_within_one_sentence(text: str) -> None:
    book = Phrasebook()
    book.add(parse("a .. b? .. a", rule="it", language="en"))
    words = words_of(text)
    for hits in book.find(words).values():
        for hit in hits:
            assert hit.start < hit.end <= words.stops[hit.start]
