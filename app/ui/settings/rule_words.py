"""Rule words: a rule of the owner as sentences that can be read without a manual. Pure."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import reduce
from typing import Any

from app.domain.assessment import Kind, Severity
from app.domain.hours_text import DAYS
from app.domain.owner_rule import Deed, When
from app.domain.rule_fields import BY_NAME
from app.domain.rule_text import Row, rows_of
from app.domain.translation import grouped, to_translate, tr, trn
from app.ui.issue.foreign_text import line
from app.ui.words import kind_word, severity_word

WHEN_WORDS = {
    When.NEW: to_translate("a new issue begins"),
    When.MAIL: to_translate("the customer writes again"),
    When.DISPUTE: to_translate("a dispute opens or moves on"),
    When.DEADLINE: to_translate("a deadline comes near or passes"),
}


def when_words(rule: Mapping[str, Any]) -> str:
    """ "When a new issue begins or the customer writes again"."""
    said = [tr(words) for when, words in WHEN_WORDS.items() if when.value in rule.get("when", ())]
    return tr("When {happens}", happens=_either(said))


def _either(said: Sequence[str]) -> str:
    """All of them, with "or" between."""
    return reduce(lambda one, other: tr("{one} or {other}", one=one, other=other), said or [""])


def _both(said: Sequence[str]) -> str:
    """All of them, with "and" between."""
    return reduce(lambda one, other: tr("{one} and {other}", one=one, other=other), said)


def if_words(rule: Mapping[str, Any]) -> str:
    """The condition in words where it is simple, else as it is written."""
    written = str(rule.get("if", ""))
    found = rows_of(written)
    if found is None:
        return tr("If {condition}", condition=line(written))
    rows, join = found
    joined = _either if join == "or" else _both
    return tr("If {condition}", condition=joined([row_words(one) for one in rows]))


def row_words(one: Row) -> str:
    """ "order total is more than 500"."""
    field = BY_NAME[one.field]
    if not one.value:
        said = tr(field.label)
        return said if one.how == "is so" else tr("not: {field}", field=said)
    if field.choices:
        value = choice_words(one.field, one.value)
    elif one.how.endswith("than"):
        value = line(one.value)
    else:
        value = tr("“{quote}”", quote=line(one.value))
    return tr(_SAID[one.how], field=tr(field.label), value=value)


_SAID = {
    "contains": to_translate("{field} contains {value}"),
    "does not contain": to_translate("{field} does not contain {value}"),
    "is": to_translate("{field} is {value}"),
    "is not": to_translate("{field} is not {value}"),
    "is more than": to_translate("{field} is more than {value}"),
    "is less than": to_translate("{field} is less than {value}"),
}


def then_words(rule: Mapping[str, Any]) -> str:
    """ "Adds the tag b2b and gives it to Mara, then stops"."""
    said = line(Deed.of(rule.get("then", {})).plan)
    if rule.get("stop"):
        said = (
            tr("{deeds}, then asks no rule below", deeds=said) if said else tr("asks no rule below")
        )
    return said[:1].upper() + said[1:]


def choice_words(field: str, value: str) -> str:
    """A value of a field that has only a few, in words."""
    if field == "kind" and value in set(Kind):
        return kind_word(Kind(value))
    if field == "severity" and value in set(Severity):
        return severity_word(Severity(value))
    return tr(DAYS[value]) if value in DAYS else value.capitalize()


def trial_words(told: Mapping[str, Any]) -> str:
    """ "Would have matched 12 of 340 issues of the last 90 days"."""
    days, matched, asked = told.get("days", 0), told.get("matched", 0), told.get("asked", 0)
    if not asked:
        return tr(
            "Nothing came in during the last {days} days that it could be tried on.", days=days
        )
    if told.get("whole", True):
        return trn(
            "Would have matched {matched} of {n} issue of the last {days} days.",
            "Would have matched {matched} of {n} issues of the last {days} days.",
            asked,
            matched=grouped(matched),
            days=days,
        )
    return trn(
        "Would have matched {matched} of {n} newest issue of the last {days} days.",
        "Would have matched {matched} of {n} newest issues of the last {days} days.",
        asked,
        matched=grouped(matched),
        days=days,
    )
