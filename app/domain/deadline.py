"""Deadline: by when something was promised or is demanded, and whether it was kept."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum


class Metric(StrEnum):
    """What a deadline is about: three promises of ours, our word, and the clocks that others set.

    GIVEN_WORD: what a mail of ours said that we will do. PROVIDER_CLOCK: a payment provider, a
    marketplace or a carrier. INTERNAL_CLOCK: ours before it. LEGAL_CLOCK: the law.
    """

    FIRST_RESPONSE = "first_response"
    NEXT_RESPONSE = "next_response"
    RESOLUTION = "resolution"
    GIVEN_WORD = "given_word"
    PROVIDER_CLOCK = "provider_clock"
    INTERNAL_CLOCK = "internal_clock"
    LEGAL_CLOCK = "legal_clock"

    @property
    def is_clock(self) -> bool:
        """Whether somebody else set it; such a deadline runs on while we wait for a customer."""
        return self in (Metric.PROVIDER_CLOCK, Metric.LEGAL_CLOCK)

    @property
    def runs_while_we_wait(self) -> bool:
        """Whether it counts although a customer's answer is awaited."""
        return self.is_clock or self is Metric.GIVEN_WORD


@dataclass(frozen=True, slots=True, kw_only=True)
class Deadline:
    """A promise or a clock with its instants; `explanation` says line by line how it came about.

    `name` tells several of one metric apart (the mail that a next answer is owed to, the clock's
    id). `title` is what it is called. `paused_at`: its clock stands still since then, and
    `planned_at` is what it would be if it went on at once. `consequence`: what happens if it is
    missed; `source`: where its length is written. `verify`: the length is a usual one, the true
    date must be looked up. `given`: somebody gave the date itself (a provider's API); it is never
    worked out anew. `warn_ahead`: how long before it somebody is reminded; `warned` is the
    shortest of these that was used up.
    """

    metric: Metric
    planned_at: datetime
    explanation: tuple[str, ...] = ()
    met_at: datetime | None = None
    breached_at: datetime | None = None
    name: str = ""
    title: str = ""
    started_at: datetime | None = None
    paused_at: datetime | None = None
    policy: str = ""
    consequence: str = ""
    source: str = ""
    verify: bool = False
    given: bool = False
    warn_ahead: tuple[timedelta, ...] = ()
    warned: timedelta | None = None

    @property
    def is_open(self) -> bool:
        """Whether the promise still waits to be kept, late or not."""
        return self.met_at is None

    @property
    def runs(self) -> bool:
        """Whether time works against us now."""
        return self.is_open and self.paused_at is None

    @property
    def warn_at(self) -> datetime | None:
        """When the next reminder is due; it may have passed; None where none is left.

        A promise that is broken reminds no more; a clock does, until its own instant was told.
        """
        if not self.runs or (self.breached_at is not None and not self.metric.is_clock):
            return None
        left = [one for one in self.warn_ahead if self.warned is None or one < self.warned]
        return self.planned_at - max(left) if left else None


def nearest(deadlines: Iterable[Deadline]) -> Deadline | None:
    """The deadline that wins: of those that run the one that is due first."""
    running = (one for one in deadlines if one.runs)
    return min(running, key=lambda one: one.planned_at, default=None)
