"""Rule words: a rule of the owner as sentences that can be read without a manual. Pure."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from app.domain.assessment import Kind, Severity
from app.domain.owner_rule import Deed, When
from app.domain.rule_fields import BY_NAME
from app.domain.rule_text import Row, rows_of
from app.ui.issue.foreign_text import line
from app.ui.words import counted, kind_word, severity_word

WHEN_WORDS = {
    When.NEW: "a new issue begins",
    When.MAIL: "the customer writes again",
    When.DISPUTE: "a dispute opens or moves on",
    When.DEADLINE: "a deadline comes near or passes",
}


def when_words(rule: Mapping[str, Any]) -> str:
    """ "When a new issue begins or the customer writes again"."""
    said = [words for when, words in WHEN_WORDS.items() if when.value in rule.get("when", ())]
    return "When " + " or ".join(said)


def if_words(rule: Mapping[str, Any]) -> str:
    """The condition in words where it is simple, else as it is written."""
    written = str(rule.get("if", ""))
    found = rows_of(written)
    if found is None:
        return f"If {line(written)}"
    rows, join = found
    return "If " + f" {join} ".join(row_words(one) for one in rows)


def row_words(one: Row) -> str:
    """ "order total is more than 500"."""
    field = BY_NAME[one.field]
    if not one.value:
        return field.label if one.how == "is so" else f"not: {field.label}"
    value = choice_words(one.field, one.value) if field.choices else f"“{line(one.value)}”"
    return f"{field.label} {one.how} {value.strip('“”') if one.how.endswith('than') else value}"


def then_words(rule: Mapping[str, Any]) -> str:
    """ "Adds the tag b2b and gives it to Mara, then stops"."""
    parts = [line(Deed.of(rule.get("then", {})).plan)]
    parts += ["asks no rule below"] if rule.get("stop") else []
    said = ", then ".join(part for part in parts if part)
    return said[:1].upper() + said[1:]


def choice_words(field: str, value: str) -> str:
    """A value of a field that has only a few, in words."""
    if field == "kind" and value in set(Kind):
        return kind_word(Kind(value))
    if field == "severity" and value in set(Severity):
        return severity_word(Severity(value))
    return value.capitalize()


def trial_words(told: Mapping[str, Any]) -> str:
    """ "Would have matched 12 of 340 issues of the last 90 days"."""
    days, matched, asked = told.get("days", 0), told.get("matched", 0), told.get("asked", 0)
    if not asked:
        return f"Nothing came in during the last {days} days that it could be tried on."
    newest = "" if told.get("whole", True) else " newest"
    whole = counted(asked, f"{newest} issue".strip())
    return f"Would have matched {matched:,} of {whole} of the last {days} days."
