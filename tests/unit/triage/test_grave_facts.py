"""Grave facts: which plain sentences are found to say that it is grave, and which look only so.

The sentences stand in facts_grave.txt, one a line: language | rule | + or - | the sentence.
"""

from __future__ import annotations

from pathlib import Path

from app.triage.rules import Rules
from app.triage.words import words_of

_TABLE = Path(__file__).with_name("facts_grave.txt")
_TWICE = {"payout.changed": "site.payout_change"}  # a fact, and the same words as a kind


def _lines() -> list[list[str]]:
    lines = _TABLE.read_text(encoding="utf-8").splitlines()
    return [line.split(" | ", 3) for line in lines if line and not line.startswith("#")]


def test_grave_facts_are_found_in_plain_sentences_and_not_in_what_looks_like_them(
    rules: Rules,
) -> None:
    wrong = [
        f"{language} {name} {wanted} {sentence}"
        for language, rule, wanted, sentence in _lines()
        for name in (rule, _TWICE.get(rule, rule))
        if (name in rules.book.find(words_of(sentence), language)) is not (wanted == "+")
    ]
    assert wrong == []


def test_what_somebody_wants_after_being_hurt_does_not_undo_that_they_were_hurt(
    rules: Rules,
) -> None:
    told = {
        "en": "I cut my finger on the rim and would like a refund.",
        "de": "Ich habe an der Lampe einen Stromschlag bekommen und kann sie nicht mehr benutzen.",
        "nl": "Ik kreeg een elektrische schok van de lamp en zou graag mijn geld terug willen.",
    }
    for language, sentence in told.items():
        found = rules.book.find(words_of(sentence), language)
        assert found.keys() & {"safety.wound", "safety.shock"}, sentence


def test_that_the_shop_does_not_answer_undoes_no_threat(rules: Rules) -> None:
    told = {
        "en": ("legal.threat", "If I don't hear back I'll see you in small claims court."),
        "de": ("money.chargeback", "Bitte erstatten Sie, sonst eröffne ich einen Fall bei PayPal."),
        "fr": ("legal.threat", "Si vous ne remboursez pas, je vais porter plainte."),
        "nl": ("legal.threat", "Als u niet betaalt, schakel ik mijn advocaat in."),
    }
    for language, (rule, sentence) in told.items():
        assert rule in rules.book.find(words_of(sentence), language), sentence
