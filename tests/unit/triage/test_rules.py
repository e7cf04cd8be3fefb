"""Rules: ours prove themselves, the owner's lie over them, and a mistake is named."""

from __future__ import annotations

from pathlib import Path

import pytest

from app.domain.assessment import Kind, Severity
from app.domain.errors import KnownError
from app.triage.rules import Rules
from app.triage.words import words_of


def test_every_rule_finds_its_examples_and_nothing_that_it_must_not(rules: Rules) -> None:
    assert rules.broken_examples() == ()


def test_every_kind_but_not_an_issue_has_patterns(rules: Rules) -> None:
    assert {p.kind for p in rules.kinds.values()} == set(Kind) - {Kind.NOT_AN_ISSUE}


def test_every_pattern_has_examples_of_both_sorts(rules: Rules) -> None:
    assert [p.name for p in rules.every_pattern() if not (p.match and p.not_)] == []


def test_every_language_of_a_kind_pattern_has_an_example_that_only_it_finds(rules: Rules) -> None:
    """A language without an example could be broken without anybody noticing."""
    unproven = []
    for pattern in rules.kinds.values():
        found = {
            hit.language
            for example in pattern.match
            for hit in rules.book.find(words_of(example)).get(pattern.name, ())
        }
        unproven += [(pattern.name, lang) for lang in pattern.phrases.keys() - found - {"any"}]
    assert unproven == []


def test_every_named_factor_has_points_or_is_known_to_have_none(rules: Rules) -> None:
    named = {pattern.factor for pattern in rules.factors.values()}
    assert named - rules.scoring.factors.keys() == set()


def overlay(folder: Path, name: str, text: str) -> Path:
    (folder / name).write_text(text, encoding="utf-8")
    return folder


OWN_RULE = """
[[pattern]]
name = "{name}"
kind = "damaged"
weight = 2.0
match = ["The glaze is crazed."]
not = ["You are crazed."]
phrases.en = ["glaze .. crazed"]
"""


def test_a_rule_of_the_owner_is_added_to_ours(shipped: Path, tmp_path: Path) -> None:
    rules = Rules.load(shipped, overlay(tmp_path, "patterns.toml", OWN_RULE.format(name="own")))
    assert "own" in rules.kinds
    assert "damaged.broken" in rules.kinds


def test_a_rule_of_the_owner_replaces_ours_of_the_same_name(shipped: Path, tmp_path: Path) -> None:
    own = OWN_RULE.format(name="damaged.broken")
    rules = Rules.load(shipped, overlay(tmp_path, "patterns.toml", own))
    assert rules.kinds["damaged.broken"].match == ["The glaze is crazed."]
    assert not rules.book.find(words_of("the jug arrived cracked"), "en").get("damaged.broken")


def test_a_single_value_of_the_owner_wins(shipped: Path, tmp_path: Path) -> None:
    rules = Rules.load(shipped, overlay(tmp_path, "scoring.toml", "[severity]\nlow = 1\n"))
    assert rules.scoring.severity[Severity.LOW] == 1
    assert rules.scoring.severity[Severity.CRITICAL] > 1


@pytest.mark.parametrize(
    ("name", "text", "said"),
    [
        ("scoring.toml", "unsure = = 3", "line 1"),
        ("scoring.toml", "unsur = 3", "unsur"),
        ("scoring.toml", 'unsure = "much"', "$.unsure"),
        ("patterns.toml", OWN_RULE.format(name="x").replace("damaged", "dented"), "dented"),
        ("patterns.toml", OWN_RULE.format(name="x").replace("glaze ..", ".."), "must begin"),
        ("patterns.toml", OWN_RULE.format(name="x") * 2, "twice"),
    ],
)
def test_a_mistake_in_the_owners_rules_is_named(
    shipped: Path, tmp_path: Path, name: str, text: str, said: str
) -> None:
    with pytest.raises(KnownError) as error:
        Rules.load(shipped, overlay(tmp_path, name, text))
    assert said in error.value.sentence
    assert error.value.hint


def test_a_missing_rules_folder_is_said(tmp_path: Path) -> None:
    with pytest.raises(KnownError, match="cannot be used"):
        Rules.load(tmp_path)
