"""Story: what happened to one issue, as far as its numbers need it: who spoke when, what was
decided, what rang."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from enum import IntEnum

from app.domain.assessment import Kind, Severity
from app.domain.deadline import Deadline
from app.domain.journal import Entry


@dataclass(frozen=True, slots=True, kw_only=True)
class Turn:
    """Something that a person said; `ours`: one of us did.

    `since`: when a mail of theirs arrived that crossed a decision of ours, and so comes after it.
    """

    at: datetime
    ours: bool
    since: datetime | None = None

    @property
    def arrived_at(self) -> datetime:
        """From when on somebody waits for an answer to it."""
        return self.since or self.at


@dataclass(frozen=True, slots=True, kw_only=True)
class Story:
    """An issue from its first mail on. Machines' words are no turns; undone decisions are left out.

    `kind` and `severity` are what stands; `rang_at` are the alerts about it. `history`: from before
    its account was connected.
    """

    kind: Kind
    severity: Severity
    history: bool
    turns: tuple[Turn, ...]
    entries: tuple[Entry, ...] = ()
    rang_at: tuple[datetime, ...] = ()
    deadlines: tuple[Deadline, ...] = ()

    @property
    def began_at(self) -> datetime | None:
        """When the customer first wrote; None where they never did."""
        return next((turn.arrived_at for turn in self.turns if not turn.ours), None)


@dataclass(frozen=True, slots=True, kw_only=True)
class Waited:
    """How long something took; `ended_at` None: it is not over."""

    since: datetime
    ended_at: datetime | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Settled:
    """When an issue was put away as done, and when it was brought back without a mail of theirs."""

    put_away: tuple[datetime, ...] = ()
    brought_back: tuple[datetime, ...] = ()


def answers(story: Story, settled: Settled) -> tuple[Waited, ...]:
    """Each wait for an answer, the first one first: from their first mail that nobody had answered
    to our next answer.

    What was put away without an answer wanted none, a "thank you" or a call: it is no wait, unless
    somebody brings the issue back or answers all the same.
    """
    waits: list[Waited] = []
    since: datetime | None = None
    away = False
    for beat, at, arrived_at in _told(story, settled):
        if beat is _Beat.HEARD:
            since, away = (arrived_at if since is None or away else since), False
        elif beat is _Beat.ANSWERED and since is not None:
            waits.append(Waited(since=since, ended_at=at))
            since, away = None, False
        elif beat is not _Beat.ANSWERED:
            away = beat is _Beat.PUT_AWAY
    is_open = since is not None and not away
    return (*waits, Waited(since=since, ended_at=None)) if since and is_open else tuple(waits)


def cycles(story: Story, settled: Settled) -> tuple[Waited, ...]:
    """From each beginning (their first mail, or what brought it back) to its resolution."""
    waits: list[Waited] = []
    since: datetime | None = None
    for beat, at, arrived_at in _told(story, settled):
        if beat in (_Beat.HEARD, _Beat.BROUGHT_BACK):
            since = since or arrived_at
        elif beat is _Beat.PUT_AWAY and since is not None:
            waits.append(Waited(since=since, ended_at=at))
            since = None
    return (*waits, Waited(since=since, ended_at=None)) if since else tuple(waits)


class _Beat(IntEnum):
    """What can happen; of equal instants in this order."""

    HEARD = 0
    ANSWERED = 1
    PUT_AWAY = 2
    BROUGHT_BACK = 3


def _told(story: Story, settled: Settled) -> Iterator[tuple[_Beat, datetime, datetime]]:
    """What happened in order: when it counts, and when it arrived."""
    said = [
        (turn.at, _Beat.ANSWERED if turn.ours else _Beat.HEARD, turn.arrived_at)
        for turn in story.turns
    ]
    away = [(at, _Beat.PUT_AWAY, at) for at in settled.put_away]
    back = [(at, _Beat.BROUGHT_BACK, at) for at in settled.brought_back]
    for at, beat, arrived_at in sorted((*said, *away, *back)):
        yield beat, at, arrived_at
