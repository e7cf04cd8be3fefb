"""Expected: what the owner just did to issues of a list, until the engine has answered it.

What is read may have been begun before a verb, or between it and its Undo. Until the engine has
answered what was asked last, the list stands as its owner left it; from then on the profile counts.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass


@dataclass(slots=True, eq=False)
class _Wish:
    """Whether the issue will be listed; None: not known, it was done elsewhere."""

    listed: bool | None
    is_answered: bool = False


Answered = Mapping[int, _Wish]


class Expected:
    """By the numbers of the issues. `answered` is taken when something is asked of the profile,
    and handed back with what was read."""

    def __init__(self) -> None:
        self._wishes: dict[int, _Wish] = {}

    def expect(self, number: int, *, listed: bool | None) -> None:
        """The owner did something to it."""
        self._wishes[number] = _Wish(listed)

    def was_answered(self, numbers: Iterable[int]) -> None:
        """The engine has done what was asked, or has refused it."""
        for number in numbers:
            if number in self._wishes:
                self._wishes[number].is_answered = True

    @property
    def answered(self) -> Answered:
        """What the engine has answered already: whatever is read from now on knows of it."""
        return {number: wish for number, wish in self._wishes.items() if wish.is_answered}

    def is_open(self, number: int, answered: Answered) -> bool:
        """Whether what was read does not know yet what the owner did to it."""
        wish = self._wishes.get(number)
        return wish is not None and wish.listed is not None and wish is not answered.get(number)

    def as_left(
        self, ids: Sequence[int], *, listed: Sequence[int], answered: Answered
    ) -> Sequence[int]:
        """What was read, with what the owner did and it does not know of; `listed` shows that."""
        kept = ids
        for number in [one for one in self._wishes if self.is_open(one, answered)]:
            is_listed = number in listed
            if is_listed != (number in kept):
                kept = [one for one in kept if one != number]
                if is_listed:
                    kept.insert(listed.index(number), number)
        return kept

    def read(self, changed: Iterable[int], answered: Answered) -> set[int]:
        """What the owner moved, so that it needs no pill; what was read ends what it knows of."""
        own, known = set(self._wishes), set(changed)
        for number in own:
            wish = self._wishes[number]
            if wish is answered.get(number) or (wish.listed is None and number in known):
                del self._wishes[number]
        return own

    def clear(self) -> None:
        """Another list is shown."""
        self._wishes.clear()
