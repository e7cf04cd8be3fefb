"""Deadline: by when something was promised, and whether it was kept."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum


class Metric(StrEnum):
    """What a deadline is about.

    PROVIDER_CLOCK: the last instant that a provider takes. INTERNAL_CLOCK: ours before it.
    """

    FIRST_RESPONSE = "first_response"
    PROVIDER_CLOCK = "provider_clock"
    INTERNAL_CLOCK = "internal_clock"


@dataclass(frozen=True, slots=True, kw_only=True)
class Deadline:
    """A promise with its three instants; `explanation` says line by line how it came about."""

    metric: Metric
    planned_at: datetime
    explanation: tuple[str, ...] = ()
    met_at: datetime | None = None
    breached_at: datetime | None = None

    @property
    def is_open(self) -> bool:
        """Whether the promise still waits to be kept, late or not."""
        return self.met_at is None
