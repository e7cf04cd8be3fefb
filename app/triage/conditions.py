"""Conditions: the IF of an owner's rule, checked word by word, then asked of an issue's facts.

`rule-engine` parses and evaluates. Before that every piece is looked at here: only fields that
there are, compared with what can be compared, in the few words that `rule_text` knows. So nothing
in a condition computes, calls, repeats or names anything else, and what is wrong has a place.
Words count without regard to capitals.
"""

from __future__ import annotations

import decimal
import difflib
import re
from collections.abc import Mapping, Sequence
from functools import cache
from typing import TYPE_CHECKING, Any
from unicodedata import normalize

from app.domain.errors import Refused
from app.domain.rule_fields import BY_NAME, RuleField, Sort
from app.domain.rule_text import JOINS, Piece, compared, pieces, quoted
from app.domain.translation import to_translate, tr
from app.triage.safe_pattern import checked, folded
from app.triage.unknown_numbers import Guard, guards

if TYPE_CHECKING:
    from rule_engine import Rule

Facts = Mapping[str, Any]
_MOST_PIECES = 200
_DEEPEST = 20
_EQUAL = ("=", "!=")
_ORDERED = (">", "<", ">=", "<=")
_SEARCH = ("=~", "!~")
_COMPARE = (*_EQUAL, *_ORDERED, *_SEARCH, "contains", "in")
_AS_LIBRARY = {"=": "==", "=~": "=~~", "!~": "!~~"}
_SORTS = {
    Sort.WORDS: to_translate("words"),
    Sort.CHOICE: to_translate("words"),
    Sort.NUMBER: to_translate("a number"),
    Sort.SEVERAL: to_translate("several words"),
    Sort.YES_NO: to_translate("yes or no"),
}
_NO_FIELD_AFTER = to_translate("After “{words}” at character {at} stands no field")
_NO_FIELD_BEFORE = to_translate("Before “{words}” at character {at} stands no field")
# A number that is not known is NaN: no comparison with it holds, nor what denies one
# (`unknown_numbers`), and none is an error.
_NUMBERS = decimal.Context(prec=28, traps=[])


class Condition:
    """A condition that has been checked; asking it neither fails nor takes long."""

    def __init__(self, text: str) -> None:
        """Raises Refused with one sentence that names the place."""
        every = pieces(text)
        if not every:
            raise Refused(tr("There is no condition"), "", tr("Write for example: total > 500"))
        _look_at(every)
        self._rule = _parsed(every)
        self.fields = frozenset(one.text for one in every if one.sort == "name")

    def holds(self, facts: Facts) -> bool:
        """Whether it is so. `facts` has every field, words in small letters."""
        return bool(self._rule.matches(facts))


def _look_at(every: Sequence[Piece]) -> None:
    if len(every) > _MOST_PIECES:
        raise Refused(
            tr("The condition is too long"),
            tr("It may have {most_pieces} words and signs", most_pieces=_MOST_PIECES),
        )
    depth = 0
    for at, one in enumerate(every):
        if one.sort == "name" and one.text not in BY_NAME:
            raise _unknown(one)
        depth += {"(": 1, ")": -1}.get(one.sign, 0)
        if depth > _DEEPEST:
            raise Refused(tr("Too many brackets at character {at}", at=one.at))
        if one.sign in _COMPARE:
            _look_at_comparison(every, at)


def _look_at_comparison(every: Sequence[Piece], at: int) -> None:
    """A field at one side, something of its sort at the other."""
    sign = every[at]
    before = every[at - 1] if at else None
    after = list(every[at + 1 : at + 2])
    if sign.sign == "in":
        before, after = _around_in(every, at)
    field = BY_NAME.get(before.text) if before and before.sort == "name" else None
    if field is None:
        is_after = sign.sign == "in" and before is None
        where = _NO_FIELD_AFTER if is_after else _NO_FIELD_BEFORE
        raise Refused(
            tr(where, words=sign.text, at=sign.at),
            "",
            tr("Name a field, like total or subject"),
        )
    if not after or after[0].sign in (*_COMPARE, *JOINS, ")"):
        raise Refused(
            tr(
                "After “{words}” at character {at} something is missing",
                words=sign.text,
                at=sign.at,
            )
        )
    for one in after:
        _fit(field, sign, one)


def _around_in(every: Sequence[Piece], at: int) -> tuple[Piece | None, list[Piece]]:
    """Of `kind in ["a", "b"]` the field and all words; of `"b2b" in tags` the same."""
    front = at - 2 if at and every[at - 1].sign == "not" else at - 1
    before = every[front] if front >= 0 else None
    after = every[at + 1] if at + 1 < len(every) else None
    if after is None or after.sign != "[":
        return after, [before] if before else []
    listed = list[Piece]()
    for one in every[at + 2 :]:
        if one.sign == "]":
            break
        listed += [] if one.sign == "," else [one]
    return before, listed


def _fit(field: RuleField, sign: Piece, after: Piece) -> None:
    """Whether a field can be compared like that, with that."""
    wants = "number" if field.sort is Sort.NUMBER else "words"
    given = "number" if after.sign == "-" else after.sort
    if field.sort is Sort.YES_NO:
        raise Refused(
            tr(
                "“{name}” is yes or no and needs no “{words}” (character {at})",
                name=field.name,
                words=sign.text,
                at=sign.at,
            ),
            "",
            tr("Write {name}, or not {name}", name=field.name),
        )
    allowed = {
        Sort.NUMBER: (*_EQUAL, *_ORDERED, "in"),
        Sort.SEVERAL: ("contains", "in"),
    }.get(field.sort, (*_EQUAL, *_SEARCH, "contains", "in"))
    if sign.text not in allowed:
        is_ = tr(_SORTS[field.sort])
        use = ", ".join(one for one in allowed if one != "in")
        raise Refused(
            tr(
                "“{name}” is {sort}: “{words}” at character {at} does not fit",
                name=field.name,
                sort=is_,
                words=sign.text,
                at=sign.at,
            ),
            "",
            tr("Use {use}", use=use),
        )
    if given != wants:
        shown = f"“{after.text}”" if after.sort == "words" else after.text
        raise Refused(
            tr(
                "“{name}” is {sort} and cannot be compared with {shown} at character {at}",
                name=field.name,
                sort=tr(_SORTS[field.sort]),
                shown=shown,
                at=after.at,
            ),
            "",
            tr("Write a number, like 250") if wants == "number" else tr('Write words like "this"'),
        )
    _fit_words(field, sign, after)


def _fit_words(field: RuleField, sign: Piece, after: Piece) -> None:
    if sign.text in _SEARCH:
        checked(after.text)
    elif field.choices and sign.text in (*_EQUAL, "in") and after.text.lower() not in field.choices:
        raise Refused(
            tr(
                "“{words}” at character {at} is no {name}",
                words=after.text,
                at=after.at,
                name=field.name,
            ),
            tr("It is one of: {choices}", choices=", ".join(field.choices)),
        )


def _unknown(piece: Piece) -> Refused:
    near = difflib.get_close_matches(piece.text.lower(), BY_NAME, n=1)
    if near:
        hint = tr("Did you mean {near}?", near=near[0])
    else:
        hint = tr("Words stand in quotation marks; fields are: {names}", names=", ".join(BY_NAME))
    return Refused(
        tr("There is no field “{words}” (character {at})", words=piece.text, at=piece.at), "", hint
    )


def _parsed(every: Sequence[Piece]) -> Rule:
    """The condition as the library takes it. Its first load takes a second, at the first rule."""
    from rule_engine import Rule, errors

    text, places = _for_library(every, {})
    try:
        rule = Rule(text, context=_context())  # as it was written, so that a fault has its place
        if guarded := guards(every):
            rule = Rule(_for_library(every, guarded)[0], context=_context())
    except errors.RuleSyntaxError as error:
        at = getattr(error.token, "lexpos", None)
        raise _misplaced(every, places, at) from error
    except errors.EngineError as error:
        raise Refused(tr("The condition cannot be used"), f"{error.message}") from error
    _say_yes_or_no(rule.statement.expression)
    return rule


def _misplaced(every: Sequence[Piece], places: Sequence[int], at: int | None) -> Refused:
    if at is None:
        last = every[-1]
        return Refused(
            tr(
                "After “{words}” at character {at} something is missing",
                words=last.text,
                at=last.at,
            )
        )
    number = max(0, sum(place <= at for place in places) - 1)
    piece = every[number]
    return Refused(
        tr("“{words}” at character {at} cannot stand there", words=piece.text, at=piece.at),
        "",
        tr("Join comparisons with and, or"),
    )


def _for_library(every: Sequence[Piece], around: Mapping[int, Guard]) -> tuple[str, list[int]]:
    """The pieces in the library's words, and where each of them stands there."""
    text, places, swapped = "", list[int](), set[int]()
    for at, one in enumerate(every):
        text += around.get(at, Guard()).before
        places.append(len(text))
        if at in swapped:
            continue
        follows = every[at + 1 : at + 3]
        if one.sort == "name" and follows and follows[0].sign == "contains":
            text += f"{_literal(follows[1], plain=True)} in {one.text} "
            swapped |= {at + 1, at + 2}
            continue
        is_pattern = at > 0 and every[at - 1].sign in _SEARCH
        text += _literal(one, plain=not is_pattern) + " " + around.get(at, Guard()).after
    return text, places


def _literal(piece: Piece, *, plain: bool) -> str:
    if piece.sort == "words":
        if plain:
            return quoted(compared(piece.text))
        return '"' + _escaped(folded(normalize("NFC", piece.text))) + '"'
    return _AS_LIBRARY.get(piece.sign, piece.text)


def _escaped(pattern: str) -> str:
    return pattern.replace("\\", "\\\\").replace('"', '\\"')


def _say_yes_or_no(node: Any) -> None:
    """Refuse what is no question: a field of words or a number that stands by itself."""
    from rule_engine import DataType, ast

    if isinstance(node, ast.LogicExpression):
        _say_yes_or_no(node.left)
        _say_yes_or_no(node.right)
    elif isinstance(node, ast.UnaryExpression) and node.type == "not":
        _say_yes_or_no(node.right)
    elif node.result_type != DataType.BOOLEAN:
        name = getattr(node, "name", "")
        what = tr("“{quote}”", quote=name) if name else tr("A part of the condition")
        raise Refused(
            tr("{what} stands alone and says neither yes nor no", what=what),
            "",
            tr("Compare it, like total > 500"),
        )


@cache
def _context() -> Any:
    """What the library may know: our fields and their types, nothing else."""
    from rule_engine import Context, DataType

    types = {
        Sort.WORDS: DataType.STRING,
        Sort.CHOICE: DataType.STRING,
        Sort.NUMBER: DataType.FLOAT,
        Sort.SEVERAL: DataType.ARRAY(DataType.STRING),
        Sort.YES_NO: DataType.BOOLEAN,
    }
    return Context(
        type_resolver={name: types[field.sort] for name, field in BY_NAME.items()},
        regex_flags=re.IGNORECASE,
        decimal_context=_NUMBERS,
        default_timezone="utc",
    )
