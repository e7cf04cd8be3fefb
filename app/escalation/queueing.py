"""Queueing: one owner who answers one mail after the other, in an order of one's choice; a model.

Pure, by the calendar's own arithmetic. Mails come at given instants; whoever was answered may write
again, so a quick answer brings the next mail sooner. What rings is taken at once, in working hours.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from heapq import heappop, heappush

from app.domain.assessment import Kind, Severity
from app.escalation.working_time import WorkingTime


@dataclass(frozen=True, slots=True, kw_only=True)
class Exchange:
    """One mail of an issue: how long its answer takes, and after how long (wall clock) it comes:
    since the answer before it, or for the first since the begin of the model."""

    after: timedelta
    work: timedelta


@dataclass(frozen=True, slots=True, kw_only=True)
class ModelIssue:
    """An issue with all its mails. `severity` is what it is, `judged` what the machine takes it
    for; `rings` whether the owner is called for its first mail."""

    number: int
    kind: Kind
    severity: Severity
    judged: Severity
    rings: bool
    exchanges: Sequence[Exchange]


@dataclass(frozen=True, slots=True, kw_only=True)
class Waiting:
    """A mail that nobody has answered; `turn` 0 is the first of its issue."""

    issue: ModelIssue
    turn: int
    came_at: datetime

    @property
    def is_ringing(self) -> bool:
        """Whether the owner was called for it."""
        return self.turn == 0 and self.issue.rings


@dataclass(frozen=True, slots=True, kw_only=True)
class Answered:
    """A mail, when its answer left, and how much working time it took, getting back included."""

    mail: Waiting
    at: datetime
    worked: timedelta
    begun_at: datetime


# What is taken first has the least; asked at the moment at which the owner is free.
Order = Callable[[Waiting, datetime], tuple[float, ...]]


def by_arrival(mail: Waiting, now: datetime) -> tuple[float, ...]:
    """The oldest first, whatever it is."""
    return (mail.came_at.timestamp(), mail.issue.number)


@dataclass(frozen=True, slots=True, kw_only=True)
class Owner:
    """One person with working hours. `heeds_rings`: leaves what is in hand for what rings, and
    needs `back_in` more for it afterwards."""

    hours: WorkingTime
    order: Order
    heeds_rings: bool = False
    back_in: timedelta = timedelta()


def answer_all(issues: Iterable[ModelIssue], owner: Owner, *, start: datetime) -> list[Answered]:
    """Every answer to every mail, in the order in which they left. Raises NeverOpen."""
    desk = _Desk(owner)
    for issue in issues:
        desk.expect(Waiting(issue=issue, turn=0, came_at=start + issue.exchanges[0].after))
    desk.rings.sort()
    return desk.work(start)


@dataclass(slots=True)
class _InHand:
    """How much is left to do on a mail, how much was done, and since when."""

    mail: Waiting
    left: timedelta
    worked: timedelta = timedelta()
    begun_at: datetime | None = None


@dataclass
class _Desk:
    """What is to come and what waits, while the owner works it off."""

    owner: Owner
    to_come: list[tuple[datetime, int, Waiting]] = field(default_factory=list)
    rings: list[datetime] = field(default_factory=list)
    waiting: list[_InHand] = field(default_factory=list)

    def expect(self, mail: Waiting) -> None:
        heappush(self.to_come, (mail.came_at, mail.issue.number, mail))
        if mail.is_ringing:
            self.rings.append(mail.came_at)

    def work(self, now: datetime) -> list[Answered]:
        done: list[Answered] = []
        while self.to_come or self.waiting:
            if not self.waiting:
                now = max(now, self.to_come[0][0])
            now = self.owner.hours.opening(now)
            self._let_in(now)
            taken = self._next(now)
            now, answered = self._spend(taken, now)
            if answered is None:
                self.waiting.append(taken)
                continue
            done.append(answered)
            self._hear_again(answered)
        return done

    def _let_in(self, now: datetime) -> None:
        while self.to_come and self.to_come[0][0] <= now:
            mail = heappop(self.to_come)[2]
            self.waiting.append(_InHand(mail, mail.issue.exchanges[mail.turn].work))

    def _next(self, now: datetime) -> _InHand:
        place = min(
            range(len(self.waiting)), key=lambda at: self.owner.order(self.waiting[at].mail, now)
        )
        return self.waiting.pop(place)

    def _spend(self, taken: _InHand, now: datetime) -> tuple[datetime, Answered | None]:
        """Work on a mail until its answer leaves, or something rings."""
        hours, taken.begun_at = self.owner.hours, taken.begun_at or now
        end = hours.due(now, taken.left)
        ring = self._ring_between(now, end, taken.mail)
        if ring is None:
            worked = taken.worked + taken.left
            return end, Answered(mail=taken.mail, at=end, worked=worked, begun_at=taken.begun_at)
        spent = hours(now, ring)
        taken.worked += spent
        taken.left += self.owner.back_in - spent
        return ring, None

    def _ring_between(self, now: datetime, end: datetime, in_hand: Waiting) -> datetime | None:
        """When the owner is first called away; who already works on what rings stays with it."""
        if not self.owner.heeds_rings or in_hand.is_ringing:
            return None
        following = bisect_right(self.rings, now)
        if following == len(self.rings) or self.rings[following] >= end:
            return None
        return self.rings[following]

    def _hear_again(self, answered: Answered) -> None:
        issue, turn = answered.mail.issue, answered.mail.turn + 1
        if turn < len(issue.exchanges):
            came_at = answered.at + issue.exchanges[turn].after
            self.expect(Waiting(issue=issue, turn=turn, came_at=came_at))
