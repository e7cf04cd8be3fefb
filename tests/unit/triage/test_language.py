"""Language: eight are told apart; a few words, or a mix, are no answer."""

from __future__ import annotations

import pytest

from app.triage.language import language_of
from app.triage.words import words_of


@pytest.mark.parametrize(
    ("language", "text"),
    [
        ("en", "Hello, where is the mug that I ordered from you two weeks ago?"),
        ("de", "Guten Tag, die Tasse ist leider nicht angekommen, was kann ich tun?"),
        ("fr", "Bonjour, la tasse que j'ai commandée n'est pas encore arrivée."),
        ("es", "Hola, la taza que pedí no ha llegado y no sé qué hacer."),
        ("it", "Buongiorno, la tazza che ho ordinato non è ancora arrivata."),
        ("nl", "Hallo, het kopje dat ik heb besteld is nog niet aangekomen."),
        ("pt", "Olá, a caneca que encomendei ainda não chegou, o que se passa?"),
        ("pl", "Dzień dobry, kubek, który zamówiłem, jeszcze do mnie nie dotarł."),
    ],
)
def test_the_language_of_a_short_mail_is_found(language: str, text: str) -> None:
    assert language_of(words_of(text)) == language


@pytest.mark.parametrize("text", ["", "1042", "??", "Lorem ipsum dolor", "OK"])
def test_too_little_is_no_answer(text: str) -> None:
    assert language_of(words_of(text)) == ""
