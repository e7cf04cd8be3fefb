"""Arrival: what a change means for a list that somebody is looking at. Pure.

Issues that left go. Issues that the owner moved stand at once where they belong. Issues that came
from outside wait, and so does a new order; `meanwhile` is the list until they are let in.
"""

from __future__ import annotations

from array import array
from collections.abc import Iterable, Sequence, Set
from dataclasses import dataclass

from app.domain.translation import trn
from app.ui.inbox.difference import middle


@dataclass(frozen=True, slots=True, kw_only=True)
class Arrival:
    """How many issues wait to be let in, how many stand higher now, and the list until then."""

    new: int
    lifted: int
    meanwhile: array[int]
    is_quiet: bool

    @property
    def text(self) -> str:
        """What the pill says: "3 new", "1 moved up", "2 new, 1 moved up"."""
        parts = [trn("{n} new", "{n} new", self.new)] if self.new else []
        parts += [trn("{n} moved up", "{n} moved up", self.lifted)] if self.lifted else []
        return ", ".join(parts)


def as_left(listed: Sequence[int], wanted: Sequence[int], *, held: frozenset[int]) -> array[int]:
    """The list that is wanted, with those that are held as they are listed: out where they are out,
    and where they stand in it, though they are not wanted any more."""
    shown = held.intersection(listed)
    rest = [number for number in wanted if number not in held or number in shown]
    missing = shown.difference(rest)
    return array("q", _with_own(rest, listed, missing) if missing else rest)


def compare(
    listed: Sequence[int], wanted: Sequence[int], *, changed: Iterable[int], own: Iterable[int]
) -> Arrival:
    """What becomes of a list that should hold `wanted`; `own` is what the owner moved himself.

    Quiet is a change that adds nothing and lifts nothing: it may be applied as it is.
    """
    old, target, mine = array("q", listed), array("q", wanted), set(own)
    start, end, end_new = middle(old, target)
    before, after = old[start:end], target[start:end_new]
    held, staying = set(before), set(after)
    rest = [number for number in before if number in staying and number not in mine]
    new = [number for number in after if number not in held and number not in mine]
    was = {number: rank for rank, number in enumerate(rest)}
    ranks = {number: rank for rank, number in enumerate(n for n in after if n in was)}
    lifted = [n for n in set(changed) if n in ranks and ranks[n] < was[n]]
    shown = old[:start] + array("q", _with_own(rest, after, mine)) + old[end:]
    return Arrival(
        new=len(new), lifted=len(lifted), meanwhile=shown, is_quiet=not new and not lifted
    )


def _with_own(rest: list[int], wanted: Iterable[int], own: Set[int]) -> list[int]:
    """The list with the owner's issues where they belong: behind what stands before them."""
    result, present = list(rest), set(rest)
    behind: int | None = None
    for number in wanted:
        if number in own:
            result.insert(result.index(behind) + 1 if behind is not None else 0, number)
            present.add(number)
        if number in present:
            behind = number
    return result
