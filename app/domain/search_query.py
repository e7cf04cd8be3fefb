"""SearchQuery: what somebody typed into the search, understood. Pure.

    order:1042 is:waiting due:<2h from:"anna k" kind:damaged amount:>100 blue mug

A word with a colon narrows the search, all other words are looked for in the mails. What cannot be
understood becomes one sentence in `troubles`, never an exception: somebody is typing. `search`
(storage) asks the profile, `search_completion` offers how a term may go on.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import TypeVar

from app.domain.assessment import Kind, Severity
from app.domain.search_values import AmountRange, InstantRange, amount, day, due
from app.domain.translation import to_translate, tr

_Name = TypeVar("_Name", bound=str)
_TERM = re.compile(r'(?:([a-z]+):)?(?:"([^"]*)"?|([^\s"]\S*)|(?<=:)(?=\s|$))', re.IGNORECASE)

# What an issue may be, and what that is called beside it.
STATES = ("open", "waiting", "done", "noise")
STANDINGS = ("urgent", "mine", "snoozed", "overdue", "unread")
_SYNONYMS = {
    "resolved": "done", "closed": "done", "late": "overdue", "unseen": "unread", "new": "unread",
    "asleep": "snoozed",
    "offen": "open", "wartet": "waiting", "erledigt": "done", "dringend": "urgent", "meine": "mine",
    "zurückgestellt": "snoozed", "überfällig": "overdue", "ungelesen": "unread",
}  # fmt: skip
# German owners may write the operators in German; what is offered stays in the words above.
_IN_GERMAN = {
    "ist": "is", "frist": "due", "art": "kind", "von": "from", "bestellung": "order",
    "betrag": "amount", "schwere": "severity", "hat": "has", "schlagwort": "tag", "ab": "after",
    "vor": "before",
}  # fmt: skip
HAS = ("attachment", "order", "note", "draft")
ME, NOBODY = "me", "nobody"
NOBODY_ASKS = to_translate("assigned: set “Your name in the team” in the settings first")


class _NobodyAsks(ValueError):
    """Something is asked about a person who has no name yet."""


@dataclass(frozen=True, slots=True)
class Word:
    """Something to look for in the mails; `where` is "from" for the sender alone, or "order"."""

    text: str
    where: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class SearchQuery:
    """What was asked. Several kinds, severities, states or assignees mean any of them; all else
    must hold together. `due` and `within` are instants, `within` that of a mail's arrival."""

    words: tuple[Word, ...] = ()
    kinds: tuple[Kind, ...] = ()
    severities: tuple[Severity, ...] = ()
    states: tuple[str, ...] = ()
    standings: tuple[str, ...] = ()
    assignees: tuple[str, ...] = ()
    tags: tuple[str, ...] = ()
    labels: tuple[str, ...] = ()
    has: tuple[str, ...] = ()
    due: InstantRange | None = None
    within: InstantRange | None = None
    amount: AmountRange | None = None
    troubles: tuple[str, ...] = ()

    @property
    def orders(self) -> tuple[str, ...]:
        """The order numbers that were asked for."""
        return tuple(word.text for word in self.words if word.where == "order")

    @property
    def narrows(self) -> bool:
        """Whether anything but words was asked, so that issues are found without any."""
        return self != SearchQuery(words=self.words)


@dataclass(frozen=True, slots=True)
class Asker:
    """Who asks, and when: an aware instant in the zone whose days are meant. Nobody has no name."""

    now: datetime
    me: str = ""


Read = Callable[[SearchQuery, str, Asker], SearchQuery]


@dataclass(frozen=True, slots=True)
class Operator:
    """A word with a colon: what it narrows to, and how its value looks, in the owner's words.

    `names` are its values where there are no others.
    """

    name: str
    means: str
    example: str
    read: Read = field(compare=False)
    names: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Term:
    """One term where it stands in the text; `operator` is empty for a plain word."""

    start: int
    end: int
    operator: str
    value: str


def parse(text: str, *, now: datetime, me: str = "") -> SearchQuery:
    """What a text asks for. `now` is an aware instant in the zone whose days are meant; `me` is the
    name of who asks."""
    query, by = SearchQuery(), Asker(now, me)
    for term in terms(text):
        if not term.operator:
            if _says_something(term.value):
                query = replace(query, words=(*query.words, Word(term.value)))
            continue
        operator = OPERATORS[term.operator]
        try:
            if not _says_something(term.value):
                raise ValueError(term.value)
            query = operator.read(query, term.value, by)
        except _NobodyAsks:
            query = replace(query, troubles=(*query.troubles, tr(NOBODY_ASKS)))
        except (ValueError, OverflowError):
            example = tr(operator.example, names=", ".join(operator.names))
            said = tr("{operator}: wants {example}", operator=operator.name, example=example)
            query = replace(query, troubles=(*query.troubles, said))
    return query


def terms(text: str) -> Iterator[Term]:
    """The terms of a text in order; what only looks like an operator is a plain word."""
    for found in _TERM.finditer(text.replace("\0", " ")):
        if not found[0]:
            continue
        written = (found[1] or "").lower()
        name = _IN_GERMAN.get(written, written)
        value = found[2] if found[2] is not None else found[3] or ""
        if name and name not in OPERATORS:
            name, value = "", found[0].replace('"', "")
        yield Term(found.start(), found.end(), name, value)


def finished(text: str) -> str:
    """The text without a last operator whose value has not been begun: nothing is asked by it."""
    last = next(reversed(list(terms(text))), None)
    if last is not None and last.operator and not last.value and last.end == len(text):
        return text[: last.start].rstrip()
    return text


def _says_something(value: str) -> bool:
    return any(character.isalnum() for character in value)


def _word(where: str) -> Read:
    def read(query: SearchQuery, value: str, _by: Asker) -> SearchQuery:
        return replace(query, words=(*query.words, Word(value, where)))

    return read


def _kind(query: SearchQuery, value: str, _by: Asker) -> SearchQuery:
    wanted = re.sub(r"[\s-]+", "_", value.lower())
    return replace(query, kinds=(*query.kinds, *_begun(wanted, tuple(Kind))))


def _severity(query: SearchQuery, value: str, _by: Asker) -> SearchQuery:
    return replace(query, severities=(*query.severities, *_begun(value.lower(), tuple(Severity))))


def _is(query: SearchQuery, value: str, by: Asker) -> SearchQuery:
    wanted = _SYNONYMS.get(value.lower(), value.lower())
    (found, *_) = _begun(wanted, STATES + STANDINGS)
    _require_name(by, asked=found == "mine")
    if found in STATES:
        return replace(query, states=(*query.states, found))
    return replace(query, standings=(*query.standings, found))


def _has(query: SearchQuery, value: str, _by: Asker) -> SearchQuery:
    (found, *_) = _begun(value.lower(), HAS)
    return replace(query, has=(*query.has, found))


def _begun(value: str, names: tuple[_Name, ...]) -> tuple[_Name, ...]:
    """The names that begin so: `kind:ret` is a return request while it is typed. Raises
    ValueError where none does."""
    found = tuple(name for name in names if name == value) or tuple(
        name for name in names if name.startswith(value)
    )
    if not found:
        raise ValueError(value)
    return found


def _assigned(query: SearchQuery, value: str, by: Asker) -> SearchQuery:
    wanted = {ME: by.me, NOBODY: ""}.get(value.lower(), value)
    _require_name(by, asked=value.lower() == ME)
    return replace(query, assignees=(*query.assignees, wanted))


def _require_name(by: Asker, *, asked: bool) -> None:
    if asked and not by.me:
        raise _NobodyAsks


def _tag(query: SearchQuery, value: str, _by: Asker) -> SearchQuery:
    return replace(query, tags=(*query.tags, value))


def _label(query: SearchQuery, value: str, _by: Asker) -> SearchQuery:
    return replace(query, labels=(*query.labels, value))


def _due(query: SearchQuery, value: str, by: Asker) -> SearchQuery:
    wanted = due(value, now=by.now)
    return replace(query, due=wanted & query.due if query.due else wanted)


def _amount(query: SearchQuery, value: str, _by: Asker) -> SearchQuery:
    wanted = amount(value)
    return replace(query, amount=wanted & query.amount if query.amount else wanted)


def _within(query: SearchQuery, wanted: InstantRange) -> SearchQuery:
    return replace(query, within=wanted & query.within if query.within else wanted)


def _before(query: SearchQuery, value: str, by: Asker) -> SearchQuery:
    return _within(query, InstantRange(until=day(value, now=by.now)))


def _after(query: SearchQuery, value: str, by: Asker) -> SearchQuery:
    return _within(query, InstantRange(since=day(value, now=by.now)))


_ONE_OF = to_translate("one of {names}")
_A_DAY = to_translate("a day such as 2026-11-03, yesterday or 7d (a week ago)")
OPERATORS = {
    operator.name: operator
    for operator in (
        Operator("is", to_translate("where it stands"), _ONE_OF, _is, STATES + STANDINGS),
        Operator(
            "due",
            to_translate("how long is left"),
            to_translate("a span such as <2h, >3d, today or overdue"),
            _due,
        ),
        Operator(
            "kind",
            to_translate("what it is about"),
            to_translate("a kind such as damaged, late or dispute"),
            _kind,
        ),
        Operator(
            "from", to_translate("who wrote"), to_translate("a name or an address"), _word("from")
        ),
        Operator(
            "order",
            to_translate("about this order"),
            to_translate("an order number such as 1042"),
            _word("order"),
        ),
        Operator(
            "amount",
            to_translate("the order's total"),
            to_translate("an amount such as >100, <20 or 50-80"),
            _amount,
        ),
        Operator("severity", to_translate("how bad"), _ONE_OF, _severity, tuple(Severity)),
        Operator(
            "assigned", to_translate("who has it"), to_translate("a name, me or nobody"), _assigned
        ),
        Operator("has", to_translate("what it has"), _ONE_OF, _has, HAS),
        Operator("tag", to_translate("tagged by you"), to_translate("a tag that you gave"), _tag),
        Operator(
            "label",
            to_translate("labelled in the mailbox"),
            to_translate("a label of your mailbox"),
            _label,
        ),
        Operator("after", to_translate("heard since"), _A_DAY, _after),
        Operator("before", to_translate("heard before"), _A_DAY, _before),
    )
}
