"""What the rules find in plain sentences of eight languages; the sentences are in said.txt."""

from __future__ import annotations

from collections import Counter
from pathlib import Path

from app.triage.rules import Rules
from app.triage.time_words import LANGUAGES
from app.triage.words import words_of

LINES = Path(__file__).with_name("said.txt").read_text("utf-8").splitlines()
CASES = [one.split(" | ", 3) for one in LINES if one.strip() and not one.startswith("#")]


def test_what_customers_and_providers_say_is_found_and_what_only_looks_so_is_not(
    rules: Rules,
) -> None:
    wrong = []
    for language, rule, sign, said in CASES:
        found = rules.book.find(words_of(said), language).get(rule, ())
        if bool(found) != (sign == "+"):
            wrong.append((language, rule, sign, said, [hit.quote for hit in found]))
    assert wrong == []


def test_every_language_has_sentences_of_both_sorts() -> None:
    counted = Counter((language, sign) for language, _, sign, _ in CASES)
    assert set(counted) == {(one, sign) for one in LANGUAGES for sign in "+-"}
    assert min(counted.values()) >= 30
