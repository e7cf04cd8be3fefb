"""Objection: what speaks against sending a draft as it stands, and where in its text."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum


class Weight(StrEnum):
    """STOPS: it cannot go out. ASKS: a person says once that it is meant so. HINTS: only told."""

    STOPS = "stops"
    ASKS = "asks"
    HINTS = "hints"


@dataclass(frozen=True, slots=True, kw_only=True)
class Objection:
    """One reason, a whole sentence. `start` and `end` are places in the text in characters; both
    are 0 where it is about no place in it."""

    weight: Weight
    because: str
    start: int = 0
    end: int = 0

    def overlaps(self, other: Objection) -> bool:
        """Whether both are about the same words."""
        return self.start < other.end and other.start < self.end
