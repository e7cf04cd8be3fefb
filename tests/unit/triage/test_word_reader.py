"""Several mails' words are read side by side, and nothing of what is read is mixed up or kept."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from typing import cast

import numpy as np
import pytest

from app.config.paths import resources
from app.triage.classifier import TRANSFORMER
from app.triage.encoder import Encoder
from app.triage.features import Written
from app.triage.transformer import Transformer
from app.triage.views import Views
from app.triage.word_reader import WordReader

MAILS = [
    Written(subject=f"Order {number}", text="The jug is cracked. " * number + "What now?")
    for number in range(1, 13)
]


@pytest.fixture(scope="module")
def networks() -> tuple[Encoder, Transformer]:
    encoder = Encoder.load()
    file = resources() / "model" / TRANSFORMER
    return encoder, Transformer.load(file, encoder.cutter)


def test_mails_that_many_threads_read_are_read_as_one_by_one(
    networks: tuple[Encoder, Transformer],
) -> None:
    encoder, transformer = networks
    reader = WordReader(encoder, transformer)
    with ThreadPoolExecutor(4) as several:
        several.submit(reader.read_ahead, MAILS[:8])
        several.submit(reader.read_ahead, reversed(MAILS))
        found = list(several.map(reader.read, MAILS))
    for words, read in zip(MAILS, found, strict=True):
        assert np.array_equal(read.at_once, transformer.scores(words.subject, words.text))
        assert np.array_equal(read.views.pooled, words.views(encoder).pooled)


class Counting:
    """A network that only counts what it is asked."""

    def __init__(self) -> None:
        self.asked: list[str] = []

    def tokens(self, subject: str, _text: str) -> list[int]:
        self.asked.append(subject)
        return [1]

    def scores_of(self, tokens: list[int]) -> list[int]:
        return tokens


class Unencoded(Written):
    """Words of which no encoder has to make anything."""

    def views(self, _encoder: Encoder) -> Views:
        return cast(Views, None)


A_MAIL = Unencoded(subject="Order 1", text="The jug is cracked.")


def counted() -> tuple[WordReader, Counting]:
    counting = Counting()
    return WordReader(cast(Encoder, None), cast(Transformer, counting)), counting


def test_what_was_read_ahead_is_read_once_and_kept_for_one_judgement() -> None:
    reader, counting = counted()
    reader.read_ahead([A_MAIL, A_MAIL])
    reader.read_ahead([A_MAIL])
    reader.read(A_MAIL)
    assert counting.asked == [A_MAIL.subject]
    reader.read(A_MAIL)
    assert counting.asked == [A_MAIL.subject] * 2


def test_of_very_many_mails_the_last_are_kept() -> None:
    """So what nobody comes to judge fills no memory."""
    reader, counting = counted()
    many = [Unencoded(subject=str(number), text="") for number in range(200)]
    reader.read_ahead(many)
    before = len(counting.asked)
    reader.read(many[-1])
    assert len(counting.asked) == before
    reader.read(many[0])
    assert counting.asked[before:] == ["0"]
