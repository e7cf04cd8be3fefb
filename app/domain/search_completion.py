"""Completion of a search: how the term at the cursor may go on. Pure.

First the operators, then their values: those that are always the same are known here, those of the
profile (people, tags, labels) are asked for by who knows them.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from app.domain.assessment import Kind, Severity
from app.domain.search_query import HAS, ME, NOBODY, OPERATORS, STANDINGS, STATES, Term, terms

MOST = 8  # a person chooses among so many at a glance

# What the profile knows the values of.
OF_PROFILE = frozenset({"from", "tag", "label", "assigned"})

_FIXED: dict[str, tuple[str, ...]] = {
    "is": STATES + STANDINGS,
    "kind": tuple(Kind),
    "severity": tuple(Severity),
    "has": HAS,
    "due": ("<2h", "<1d", "today", "tomorrow", "overdue", ">3d"),
    "amount": (">100", "<20", "50-100"),
    "after": ("today", "yesterday", "7d", "30d"),
    "before": ("today", "yesterday", "7d", "30d"),
    "assigned": (ME, NOBODY),
}

Known = Callable[[str, str], Sequence[str]]


@dataclass(frozen=True, slots=True)
class Suggestion:
    """One way to go on: the term as it would stand, and what it means where that needs words."""

    term: str
    means: str = ""

    @property
    def is_operator(self) -> bool:
        """Whether a value has to follow."""
        return self.term.endswith(":")


@dataclass(frozen=True, slots=True)
class Completion:
    """What may stand between `start` and `end` of the text instead of what is there."""

    start: int
    end: int
    suggestions: tuple[Suggestion, ...] = ()

    def taken(self, text: str, suggestion: Suggestion) -> tuple[str, int]:
        """The text with the suggestion in it, and where the cursor stands then."""
        put = suggestion.term if suggestion.is_operator else suggestion.term + " "
        rest = text[self.end :]
        rest = rest.lstrip() if put.endswith(" ") else rest
        return text[: self.start] + put + rest, self.start + len(put)


def complete(text: str, cursor: int, *, known: Known) -> Completion:
    """How the term at the cursor may go on; `known` tells the profile's values of an operator that
    begin so."""
    term = next(
        (one for one in terms(text) if one.start < cursor <= one.end), Term(cursor, cursor, "", "")
    )
    if not term.operator and not term.value and text.strip():
        return Completion(cursor, cursor)  # between words everything may follow
    if not term.operator:
        return Completion(term.start, term.end, _operators(term.value))
    values = _values(term.operator, term.value, known)
    suggestions = tuple(Suggestion(f"{term.operator}:{_quoted(value)}") for value in values)
    if any(one.term == text[term.start : term.end] for one in suggestions):
        suggestions = ()  # it stands there whole
    return Completion(term.start, term.end, suggestions)


def _operators(begun: str) -> tuple[Suggestion, ...]:
    found = (one for one in OPERATORS.values() if one.name.startswith(begun.lower()))
    return tuple(Suggestion(f"{one.name}:", one.means) for one in found)


def _values(operator: str, begun: str, known: Known) -> list[str]:
    wanted = begun.lower()
    fixed = [value for value in _FIXED.get(operator, ()) if value.startswith(wanted)]
    told = known(operator, begun) if operator in OF_PROFILE else ()
    return list(dict.fromkeys([*fixed, *told]))[:20]


def _quoted(value: str) -> str:
    plain = value.replace('"', " ").strip()
    return f'"{plain}"' if " " in plain else plain
