"""Known numbers: the order numbers of the shop's books, by the ways in which customers write them.

Part of the entities, for `order_numbers`. The shop's BC-10519 is a customer's bc10519 or 10519, its
1042-DE their 1042, and its 1001 may come with the tail of a second parcel.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass

from app.domain.order import order_key

_NOT_SAID = re.compile(r"[^A-Z0-9]")
_AROUND = re.compile(r"^[A-Z]+0*|[A-Z]+$")
_TAIL = re.compile(r"[-/][^-/]*$")
_USUAL = re.compile(r"[A-Z]*-?[0-9]+")
_TELLING = 4  # digits; fewer without their letters may be anything's


@dataclass(frozen=True, slots=True)
class KnownNumbers:
    """`keys` are the numbers as the shop writes them, `ways` lead to them from another writing."""

    keys: frozenset[str]
    ways: Mapping[str, str]

    @classmethod
    def of(cls, numbers: Iterable[str]) -> KnownNumbers:
        """The books that hold these numbers."""
        keys = frozenset(map(order_key, numbers))
        ways: dict[str, str] = {}
        for key in sorted(keys):
            bare = _NOT_SAID.sub("", key)
            short = _AROUND.sub("", bare)
            for way in {bare, short} if len(short) >= _TELLING else {bare}:
                ways[way] = "" if way in ways else key  # which of two, nobody can say
        return cls(keys, ways)

    def __bool__(self) -> bool:
        return bool(self.keys)

    def has(self, number: str) -> bool:
        """Whether an order bears exactly this number."""
        return order_key(number) in self.keys

    def odd(self) -> Iterator[str]:
        """The numbers of no usual form: letters behind or among the digits, or other signs."""
        return (key for key in self.keys if len(key) >= _TELLING and not _USUAL.fullmatch(key))

    def meant_by(self, number: str) -> str:
        """The number of the order that is meant, if it is a known one; else as it is written."""
        if not self.keys or self.has(number):
            return number
        if known := self.ways.get(_NOT_SAID.sub("", order_key(number)), ""):
            return known
        head = _TAIL.sub("", order_key(number))
        return head if head in self.keys else number
