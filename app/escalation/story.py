"""Story: whose turn it was when, read from what was said and decided; the pauses of every promise.

Pure. Because pauses come from the history and not from what was noted on the way, a calendar or a
policy that is changed later gives the answer as if it had always held.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from enum import StrEnum

from app.escalation.spans import FOREVER, Span


class Beat(StrEnum):
    """What can happen to an issue that matters to a promise.

    HEARD: somebody wrote who waits for an answer. ANSWERED: people of ours did. A note and an
    automatic mail are neither.
    """

    HEARD = "heard"
    ANSWERED = "answered"
    PUT_AWAY = "put_away"
    BROUGHT_BACK = "brought_back"


@dataclass(frozen=True, slots=True, kw_only=True)
class Moment:
    """Something that happened; `name` is what tells a mail apart.

    `since`: when a mail arrived that crossed an answer of ours, and so comes after it.
    """

    at: datetime
    beat: Beat
    name: str = ""
    since: datetime | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Turn:
    """What somebody said that waits for an answer: from the first mail of it to our answer."""

    name: str
    since: datetime
    until: datetime | None = None
    answered_at: datetime | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Story:
    """The turns in order, the time that counts for nobody, and when it was put away for good.

    The last pause ends in FOREVER while it is not our turn.
    """

    turns: tuple[Turn, ...]
    pauses: tuple[Span, ...]
    done_at: datetime | None = None


def story_of(moments: Iterable[Moment]) -> Story:
    """Tell the story of an issue; of equal instants the mail that came in is first."""
    told = sorted(moments, key=lambda one: (one.at, list(Beat).index(one.beat)))
    return Story(turns=_turns(told), pauses=_pauses(told), done_at=_done_at(told))


def _turns(told: Sequence[Moment]) -> tuple[Turn, ...]:
    """Each begins with the first mail after our last answer; further ones do not move it, but for
    one that had come before it and counts later."""
    turns: list[Turn] = []
    open_: Turn | None = None
    for one in told:
        if one.beat is Beat.HEARD and open_ is None:
            open_ = Turn(name=one.name, since=one.since or one.at)
        elif one.beat is Beat.HEARD and open_ is not None and one.since is not None:
            open_ = replace(open_, since=min(open_.since, one.since))
        elif one.beat is Beat.ANSWERED and open_ is not None:
            turns.append(Turn(name=open_.name, since=open_.since, until=one.at, answered_at=one.at))
            open_ = None
    return (*turns, open_) if open_ else tuple(turns)


def _pauses(told: Sequence[Moment]) -> tuple[Span, ...]:
    """While we wait for them, and while it is put away."""
    pauses: list[Span] = []
    theirs = away = False
    since: datetime | None = None
    for one in told:
        theirs = {Beat.HEARD: False, Beat.ANSWERED: True}.get(one.beat, theirs)
        away = one.beat is Beat.PUT_AWAY or (away and one.beat is Beat.ANSWERED)
        if (theirs or away) and since is None:
            since = one.at
        elif not (theirs or away) and since is not None:
            pauses.append(Span(since, one.at))
            since = None
    return (*pauses, Span(since, FOREVER)) if since else tuple(pauses)


def _done_at(told: Sequence[Moment]) -> datetime | None:
    """When it was put away, where it still is."""
    done: datetime | None = None
    for one in told:
        if one.beat is Beat.PUT_AWAY:
            done = done or one.at
        elif one.beat is not Beat.ANSWERED:
            done = None
    return done
