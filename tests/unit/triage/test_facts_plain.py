"""What a customer says in plain sentences, in eight languages; cases are in facts_plain.txt."""

from __future__ import annotations

from collections import Counter
from pathlib import Path

import pytest

from app.triage.examples import LANGUAGES
from app.triage.rules import Rules
from app.triage.words import words_of

LINES = Path(__file__).with_name("facts_plain.txt").read_text("utf-8").splitlines()
CASES = [one.split(" | ", 3) for one in LINES if one.strip() and one[0] != "#"]
NAMES = tuple(dict.fromkeys(name for _, name, _, _ in CASES))


@pytest.mark.parametrize("name", NAMES)
def test_a_plain_sentence_says_what_it_says_and_nothing_else(rules: Rules, name: str) -> None:
    wrong = [
        (language, sign, text)
        for language, rule, sign, text in CASES
        if rule == name and (name in rules.book.find(words_of(text), language)) is not (sign == "+")
    ]
    assert wrong == []


def test_every_rule_has_sentences_in_every_language() -> None:
    counted = Counter((language, name) for language, name, sign, _ in CASES if sign == "+")
    wanted = {(language, name) for language in LANGUAGES for name in NAMES}
    assert not wanted - set(counted)
