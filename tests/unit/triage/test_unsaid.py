"""Unsaid: what a sentence only names is no fact, and a danger stands whatever is round it.

The sentences stand in unsaid.txt, one a line: language | rule | + or - | the sentence.
"""

from __future__ import annotations

import time
from pathlib import Path

import pytest

from app.domain.errors import KnownError
from app.triage.rules import Rules
from app.triage.time_words import LANGUAGES
from app.triage.words import words_of

LINES = Path(__file__).with_name("unsaid.txt").read_text("utf-8").splitlines()
CASES = [one.split(" | ", 3) for one in LINES if one.strip() and one[0] != "#"]

OWN = """
[[unsaid]]
name = "own"
{how}
[unsaid.phrases]
en = ["might"]
[unsaid.unless]
en = ["surely"]

[[pattern]]
name = "it"
kind = "damaged"
weight = 1.0
unsaid = ["{named}"]
match = []
phrases.en = ["crazed"]
"""


def own_rules(shipped: Path, folder: Path, how: str = "", named: str = "own") -> Rules:
    text = OWN.format(how=how, named=named)
    (folder / "patterns.toml").write_text(text, encoding="utf-8")
    return Rules.load(shipped, folder)


def finds(rules: Rules, text: str) -> bool:
    return "it" in rules.book.find(words_of(text), "en")


@pytest.mark.parametrize("sign", ["+", "-"])
def test_what_is_only_named_is_not_found_and_what_is_said_is(rules: Rules, sign: str) -> None:
    wrong = [
        (language, name, text)
        for language, name, wanted, text in CASES
        if wanted == sign
        and (name in rules.book.find(words_of(text), language)) is not (sign == "+")
    ]
    assert wrong == []


def test_every_language_has_sentences_of_both_sorts() -> None:
    assert {(case[0], case[2]) for case in CASES} == {
        (one, sign) for one in LANGUAGES for sign in "+-"
    }


def test_words_take_back_what_stands_behind_them_in_their_clause(
    shipped: Path, tmp_path: Path
) -> None:
    rules = own_rules(shipped, tmp_path)
    assert not finds(rules, "It might be crazed.")
    assert finds(rules, "It might be late, the glaze is crazed.")
    assert finds(rules, "It is crazed and might break.")
    assert finds(rules, "It might. The glaze is crazed.")
    assert finds(rules, "It might surely be crazed.")


def test_a_question_mark_is_seen(shipped: Path, tmp_path: Path) -> None:
    rules = own_rules(shipped, tmp_path, "asked = true")
    assert not finds(rules, "Might it be crazed?")
    assert not finds(rules, "Might it be crazed ?!")
    assert finds(rules, "It might be crazed. Is it?")


def test_the_answer_behind_a_question_counts_where_it_may(shipped: Path, tmp_path: Path) -> None:
    text = "Might it be crazed? Surely."
    assert not finds(own_rules(shipped, tmp_path, "asked = true"), text)
    assert finds(own_rules(shipped, tmp_path, "asked = true\nanswered = true"), text)


def test_words_that_may_stand_anywhere_take_back_what_stands_before_them(
    shipped: Path, tmp_path: Path
) -> None:
    rules = own_rules(shipped, tmp_path, "anywhere = true")
    assert not finds(rules, "Crazed, it might.")
    assert finds(rules, "Crazed. It might.")


def test_what_stands_between_quotation_marks_is_a_name(rules: Rules) -> None:
    for said in ('The "my lawyer" mug, please.', "Das „my lawyer“ mug.", "Un «my lawyer» mug."):
        assert "legal_executive.law" not in rules.book.find(words_of(said), "en"), said
    assert "legal_executive.law" in rules.book.find(words_of('"Hello", says my lawyer.'), "en")


def test_a_way_that_nobody_knows_is_named(shipped: Path, tmp_path: Path) -> None:
    with pytest.raises(KnownError, match="odd"):
        own_rules(shipped, tmp_path, named="odd")


def test_no_mail_makes_it_slow(rules: Rules) -> None:
    """Growth is what betrays it: four times the text may cost four times as much, not sixteen."""
    for unit in ("can it on fire ", "last year on fire your ", "is your payout account changed "):
        few, many = (_cost(rules, unit * (size // len(unit)) + "?") for size in (3_000, 12_000))
        assert many < 8 * max(few, 0.02), unit


def _cost(rules: Rules, text: str) -> float:
    """Processor seconds of the quickest of three."""
    words, spent = words_of(text), []
    for _ in range(3):
        begun = time.process_time()
        rules.book.find(words, "en")
        spent.append(time.process_time() - begun)
    return min(spent)
