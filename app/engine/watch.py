"""Watch: what time itself brings about: a promise that is broken, a snooze that ends, an issue
that moves up because it waits. Runs from the local copy, so it works offline."""

from __future__ import annotations

import logging
from collections.abc import Callable, Collection, Iterator, Sequence
from datetime import datetime, timedelta, tzinfo
from functools import partial, reduce
from operator import or_

from app.domain.changes import Changes
from app.domain.clock import Clock, local_zone
from app.domain.errors import KnownError
from app.domain.owner_rule import When
from app.engine.disputing import Disputing
from app.engine.reminding import remind
from app.engine.ringing import Ringing
from app.engine.set_back import is_set_back, tell_again
from app.engine.standing import Standing
from app.engine.turns import Turns
from app.storage import deadlines, issues
from app.storage.connection import Connection
from app.storage.writer import Writer

log = logging.getLogger(__name__)

_TICK = 5.0
_RANK_AGAIN = timedelta(hours=6)  # each knows when it changes; this is for what nobody foretold
_AT_ONCE = 100  # issues of which it is decided together what rings
_A_TRANSACTION = 5  # working one out takes 4 ms, and a click or a mail waits for all of these


class Watch:
    """The thread that looks at the clock."""

    def __init__(
        self,
        *,
        writer: Writer,
        standing: Standing,
        ringing: Ringing,
        disputing: Disputing,
        clock: Clock,
        publish: Callable[[Changes], None],
        zone: Callable[[], tzinfo] = local_zone,
    ) -> None:
        self._writer = writer
        self._zone = zone
        self._standing = standing
        self._ringing = ringing
        self._disputing = disputing
        self._clock = clock
        self._publish = publish
        self._ranked_at: datetime | None = None
        self._looked_at: datetime | None = None
        self._asked = self._taken_up = 0  # how often hours or promises were changed
        self._behind: list[int] = []  # issues that still stand by those from before
        self._risen: list[int] = []  # worked out, and nothing decided yet about ringing for them
        self._turns = Turns(self._turn, name="watch", rest=_TICK, first=_TICK)

    def start(self) -> None:
        """Begin to look every few seconds."""
        self._turns.start()

    def stop(self) -> None:
        """Look no more."""
        self._turns.stop()

    def work_out_anew(self) -> None:
        """Hours or promises were changed: the next look takes them over for what is open, and those
        after it for what is done."""
        self._asked += 1

    @property
    def is_behind(self) -> bool:
        """Whether changed hours are not taken over yet."""
        return self._taken_up < self._asked or bool(self._behind)

    def look(self) -> Changes:
        """One look: what is due by now, and then what a first reading found, if it is over."""
        now = self._clock.now()
        self._mend_clock(now)
        changes = self._look(now)
        return changes | self._writer.do(lambda db: self._ringing.tell_first(db, now=now))

    def _mend_clock(self, now: datetime) -> None:
        """Also when an engine begins: the last one may have lived while the clock was ahead."""
        if self._looked_at is None or is_set_back(self._looked_at, now):
            self._writer.do(lambda db: tell_again(db, now=now))
            self._ranked_at = self._ranked_at and min(self._ranked_at, now - _RANK_AGAIN)
        self._looked_at = now

    def _look(self, now: datetime) -> Changes:
        near = self._writer.do(
            lambda db: {*deadlines.overdue(db, now), *deadlines.to_remind(db, now)}
        )
        due = near | self._writer.do(
            lambda db: {*issues.due_snoozes(db, now), *issues.to_look_at(db, now)}
        )
        asked = self._asked
        if self._taken_up < asked:
            due |= set(self._writer.do(issues.open_ids))
            self._behind = self._writer.do(deadlines.every_issue)
            self._taken_up = asked
        # Years of them take minutes: in between it is looked at what falls due.
        before = self._behind[:_AT_ONCE]
        due |= set(before)
        begins = self._ranked_at is None
        if self._ranked_at is None or now - self._ranked_at >= _RANK_AGAIN:
            self._ranked_at = now
            due |= set(self._writer.do(issues.open_ids))
        changes = self._look_at_disputes(now)
        if not due and (self._risen or self._ringing.is_due(now)):
            return changes | self._ring(now)
        for some in _chunks(sorted(due), _AT_ONCE):
            for few in _chunks(some, _A_TRANSACTION):
                changes |= self._stand_anew(few, near=near, now=now, begins=begins)
            changes |= self._ring(now)
        self._behind = self._behind[len(before) :]
        return changes

    def _look_at_disputes(self, now: datetime) -> Changes:
        """What fails there must not keep back what all others have to say."""
        try:
            return self._writer.do(lambda db: self._disputing.look(db, now=now))
        except KnownError:
            raise
        except Exception:
            log.exception("bug: the disputes' dates cannot be looked at")
            return Changes()

    def _stand_anew(
        self, some: Sequence[int], *, near: Collection[int], now: datetime, begins: bool
    ) -> Changes:
        """Stand these anew; where one of them fails, all others by themselves, and what is due
        about the one is told all the same."""
        try:
            changes, risen = self._writer.do(
                partial(self._refresh, some=some, near=near, now=now, begins=begins)
            )
            self._risen += risen
            return changes
        except KnownError:
            raise
        except Exception:
            if len(some) == 1:
                log.exception("bug: issue %d cannot be worked out anew", *some)
                return self._remind_alone(some[0], now)
        each = (self._stand_anew((one,), near=near, now=now, begins=begins) for one in some)
        return reduce(or_, each, Changes())

    def _ring(self, now: datetime) -> Changes:
        """Decide together what rings of all that has moved. On a full disk it is decided with the
        next look; where one fails, each is decided by itself."""
        risen = self._risen
        changes = self._consider(risen, now)
        self._risen = []
        return changes

    def _consider(self, some: Sequence[int], now: datetime) -> Changes:
        try:
            return self._writer.do(
                lambda db: self._ringing.consider(db, some, now=now, is_news=False)
            )
        except KnownError:
            raise
        except Exception:
            if len(some) <= 1:
                log.exception("bug: it cannot be decided whether to ring for %s", some)
                return Changes()
        return reduce(or_, (self._consider((one,), now) for one in some), Changes())

    def _remind_alone(self, issue_id: int, now: datetime) -> Changes:
        try:
            return self._writer.do(partial(remind, issue_id=issue_id, now=now, zone=self._zone()))
        except KnownError:
            raise
        except Exception:
            log.exception("bug: nothing can be told of issue %d", issue_id)
            return Changes()

    def _refresh(
        self,
        db: Connection,
        *,
        some: Sequence[int],
        near: Collection[int],
        now: datetime,
        begins: bool,
    ) -> tuple[Changes, list[int]]:
        """Stand these anew, and which the bell has to hear of; an engine that begins offers it all
        of them, because the last one may have kept one back for its next card when it was
        killed."""
        changes, risen = Changes(), list[int]()
        for issue_id in some:
            before = issues.get(db, issue_id)
            happened = (When.DEADLINE,) if issue_id in near else ()
            moved = self._standing.refresh(db, issue_id, now=now, happened=happened)
            changes |= remind(db, issue_id, now=now, zone=self._zone())
            has_moved = issues.get(db, issue_id) != before
            if has_moved:
                changes |= moved
            if has_moved or begins:
                risen.append(issue_id)
        return changes, risen

    def _turn(self) -> float:
        if changes := self.look():
            self._publish(changes)
        return 0.0 if self._behind else _TICK


def _chunks(ids: Sequence[int], size: int) -> Iterator[Sequence[int]]:
    for start in range(0, len(ids), size):
        yield ids[start : start + size]
