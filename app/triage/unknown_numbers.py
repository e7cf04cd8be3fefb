"""Unknown numbers: a comparison with a number that is not known is neither true nor false, and
neither is what denies it: `total != 500`, `not total > 500` and `total not in [500]` do not hold
where there is no order.

To the library an unknown number is NaN, of which most comparisons are false and so their denials
true. So each comparison is told beside it what to be where its number is not equal to itself.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from app.domain.rule_fields import BY_NAME, Sort
from app.domain.rule_text import JOINS, Piece


@dataclass(frozen=True, slots=True)
class Guard:
    """What stands before the first piece of a comparison and after its last."""

    before: str = ""
    after: str = ""


@dataclass(slots=True)
class _Denied:
    """Whether what comes next stands under an odd number of nots."""

    groups: list[bool] = field(default_factory=lambda: [False])
    here: bool = False

    @property
    def now(self) -> bool:
        return self.groups[-1] != self.here

    def passes(self, piece: Piece) -> None:
        """A piece was read that is part of no comparison of a number."""
        match piece.sign:
            case "not":
                self.here = not self.here
            case "(":
                self.groups.append(self.now)
                self.here = False
            case ")" if len(self.groups) > 1:
                self.groups.pop()
                self.here = False
            case sign if sign in JOINS:
                self.here = False
            case _:
                pass


def guards(every: Sequence[Piece]) -> Mapping[int, Guard]:
    """By the places of the pieces, what has to stand around them."""
    found: dict[int, Guard] = {}
    denied, at = _Denied(), 0
    while at < len(every):
        name = every[at]
        end = _end_of_comparison(every, at)
        if end == at:
            denied.passes(name)
        else:
            same = (
                f"or {name.text} != {name.text})"
                if denied.now
                else f"and {name.text} == {name.text})"
            )
            found[at], found[end] = Guard(before="("), Guard(after=same)
        at = end + 1
    return found


def _end_of_comparison(every: Sequence[Piece], at: int) -> int:
    """The place of the last piece of a number's comparison that begins here; its own, if none."""
    name = every[at]
    known = BY_NAME.get(name.text) if name.sort == "name" else None
    if known is None or known.sort is not Sort.NUMBER:
        return at
    signs = [one.sign for one in every[at + 1 : at + 4]]
    if signs[:1] == ["in"] or signs[:2] == ["not", "in"]:
        closed = (n for n in range(at, len(every)) if every[n].sign == "]")
        return next(closed, at)
    end = at + 3 if signs[1:2] == ["-"] else at + 2
    return end if signs[:1] and signs[0] not in ("", *JOINS, ")") and end < len(every) else at
