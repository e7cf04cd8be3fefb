"""A known error reaches the other side of the socket whole, as the same kind of error."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.domain import errors
from app.domain.errors import KnownError, Refused, known_error

FAMILY = [
    kind
    for kind in vars(errors).values()
    if isinstance(kind, type) and issubclass(kind, KnownError)
]

words = st.text(max_size=20)


@pytest.mark.parametrize("kind", FAMILY)
def test_every_known_error_travels_and_arrives_as_what_it_was(kind: type[KnownError]) -> None:
    sent = kind("What happened", "What it means", "What to do")
    arrived = known_error(sent.as_dict())
    assert type(arrived) is kind
    assert (arrived.title, arrived.message, arrived.hint) == (sent.title, sent.message, sent.hint)
    assert arrived.retry == sent.retry


@given(words, words, words, st.lists(words, max_size=4))
def test_a_refusal_arrives_with_every_hole(
    title: str, message: str, hint: str, holes: list[str]
) -> None:
    arrived = known_error(Refused(title, message, hint, holes=tuple(holes)).as_dict())
    assert isinstance(arrived, Refused)
    assert arrived.holes == tuple(holes)


@given(words, words, words)
def test_the_sentence_is_one_line(title: str, message: str, hint: str) -> None:
    sentence = KnownError(title, message, hint).sentence
    assert sentence == " ".join(sentence.split())
    assert str(KnownError(title, message, hint)) == sentence


def test_each_part_of_the_sentence_ends_with_one_mark() -> None:
    error = KnownError("The disk is full", "Nothing is lost.", "Is there room elsewhere?")
    assert error.sentence == "The disk is full. Nothing is lost. Is there room elsewhere?"


def test_an_error_of_an_unknown_kind_arrives_as_a_known_error() -> None:
    arrived = known_error({"error": "Novelty", "title": "Something new"})
    assert type(arrived) is KnownError
    assert arrived.title == "Something new"
