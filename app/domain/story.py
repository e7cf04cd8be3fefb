"""Story: what happened to one issue, as far as its numbers need it: who spoke when, what was
decided, what rang."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime

from app.domain.assessment import Kind, Severity
from app.domain.deadline import Deadline
from app.domain.journal import Entry


@dataclass(frozen=True, slots=True, kw_only=True)
class Turn:
    """Something that a person said; `ours`: one of us did."""

    at: datetime
    ours: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Story:
    """An issue from its first mail on. Machines' words are no turns; undone decisions are left out.

    `kind` and `severity` are what stands; `rang_at` are the alerts about it. `history`: from before
    its account was connected.
    """

    key: str
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
        return next((turn.at for turn in self.turns if not turn.ours), None)


@dataclass(frozen=True, slots=True, kw_only=True)
class Waited:
    """How long something took; `ended_at` None: it is not over."""

    since: datetime
    ended_at: datetime | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Shares:
    """How many of how many; `by` says how they divide."""

    count: int
    of: int
    by: Mapping[str, int] = field(default_factory=dict)


def first_response(story: Story) -> Waited | None:
    """From the customer's first mail to our first after it; None where nobody of theirs wrote."""
    since = story.began_at
    if since is None:
        return None
    ended = next((turn.at for turn in story.turns if turn.ours and turn.at >= since), None)
    return Waited(since=since, ended_at=ended)


def next_responses(story: Story) -> tuple[Waited, ...]:
    """Each later wait: from the first mail that followed an answer of ours to our next answer."""
    first = first_response(story)
    if first is None or first.ended_at is None:
        return ()
    waits: list[Waited] = []
    since: datetime | None = None
    for turn in story.turns:
        if turn.at <= first.ended_at:
            continue
        if not turn.ours:
            since = since or turn.at
        elif since is not None:
            waits.append(Waited(since=since, ended_at=turn.at))
            since = None
    return (*waits, Waited(since=since, ended_at=None)) if since else tuple(waits)


def cycles(story: Story, *, put_away: tuple[datetime, ...]) -> tuple[Waited, ...]:
    """From each beginning (their first mail, or the one that brought it back) to its resolution."""
    waits: list[Waited] = []
    since: datetime | None = None
    events = sorted(
        [(turn.at, 0) for turn in story.turns if not turn.ours] + [(at, 1) for at in put_away]
    )
    for at, over in events:
        if not over:
            since = since or at
        elif since is not None:
            waits.append(Waited(since=since, ended_at=at))
            since = None
    return (*waits, Waited(since=since, ended_at=None)) if since else tuple(waits)
