"""Effect: what other terms would do to what is open now, told before they are kept.

Each open issue is worked out as it would be, by the same walk that would do it in earnest, in a
transaction that is taken back; so the answer is the truth and nothing is written.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import partial
from typing import Any

from app.domain.clock import Clock, rfc3339
from app.domain.deadline import Deadline, nearest
from app.domain.translation import tr, trn
from app.engine.standing import Standing
from app.escalation.rules import PROMISED
from app.escalation.terms import Terms
from app.storage import deadlines, issues
from app.storage.connection import Connection
from app.storage.writer import Writer

_AT_ONCE = 20  # issues a transaction, so that a mail that arrives meanwhile need not wait
_LONGEST = 8.0  # seconds; a shop with thousands of open issues is told of as many as were looked at
_SHOWN = 5


@dataclass(frozen=True, slots=True, kw_only=True)
class Moved:
    """An open issue with what is promised about it now, and what would be."""

    key: str
    customer: str
    before: datetime | None
    after: datetime | None

    @property
    def is_earlier(self) -> bool:
        """Whether it would be due earlier, or at all."""
        return self.after is not None and (self.before is None or self.after < self.before)

    def is_late_at_once(self, now: datetime) -> bool:
        """Whether the change alone makes it late."""
        was_late = self.before is not None and self.before <= now
        return self.after is not None and self.after <= now and not was_late


class _NotMeant(Exception):
    """Carries the answer out of a transaction that must leave no trace."""

    def __init__(self, found: list[Moved]) -> None:
        super().__init__()
        self.found = found


class Effect:
    """Works out what would move."""

    def __init__(self, *, writer: Writer, standing: Standing, clock: Clock) -> None:
        self._writer = writer
        self._standing = standing
        self._clock = clock

    def of(self, terms: Terms) -> dict[str, Any]:
        """How many open issues would be due earlier, later, or late at once; and in a sentence."""
        trial = self._standing.by(terms)
        now = self._clock.now()
        every = self._writer.do(issues.open_ids)
        stop_at = time.monotonic() + _LONGEST
        moved: list[Moved] = []
        looked_at = 0
        for start in range(0, len(every), _AT_ONCE):
            if time.monotonic() > stop_at:
                break
            some = every[start : start + _AT_ONCE]
            looked_at += len(some)
            moved += self._tried(partial(_moved, some=some, standing=trial, now=now))
        return _told(moved, now=now, looked_at=looked_at, of=len(every))

    def _tried(self, work: Callable[[Connection], list[Moved]]) -> list[Moved]:
        def trial(db: Connection) -> None:
            raise _NotMeant(work(db))

        try:
            self._writer.do(trial)
        except _NotMeant as told:
            return told.found
        raise AssertionError("a trial is always taken back")


def _moved(
    db: Connection, *, some: Sequence[int], standing: Standing, now: datetime
) -> list[Moved]:
    found: list[Moved] = []
    for issue_id in some:
        before = _ours(deadlines.of_issue(db, issue_id))
        standing.refresh(db, issue_id, now=now)
        after = _ours(deadlines.of_issue(db, issue_id))
        if before != after:
            issue = issues.get(db, issue_id)
            customer = issue.customer.name or issue.customer.email
            found.append(Moved(key=issue.key, customer=customer, before=before, after=after))
    return found


def _ours(every: Iterable[Deadline]) -> datetime | None:
    """When the next thing that we promised is due."""
    found = nearest(one for one in every if one.metric in PROMISED)
    return found.planned_at if found else None


def _told(moved: Sequence[Moved], *, now: datetime, looked_at: int, of: int) -> dict[str, Any]:
    earlier = [one for one in moved if one.is_earlier]
    late = [one for one in earlier if one.is_late_at_once(now)]
    freed = [one for one in moved if one.after is None]
    later = len(moved) - len(earlier) - len(freed)
    worst = sorted(earlier, key=lambda one: (one not in late, one.after or now))
    return {
        "open": of,
        "looked_at": looked_at,
        "earlier": len(earlier),
        "late_at_once": len(late),
        "later": later,
        "no_longer": len(freed),
        "said": _said(
            len(earlier), late=len(late), later=later, freed=len(freed), rest=of - looked_at, of=of
        ),
        "examples": [
            {
                "key": one.key,
                "customer": one.customer,
                "before": rfc3339(one.before) if one.before else None,
                "after": rfc3339(one.after) if one.after else None,
            }
            for one in worst[:_SHOWN]
        ],
    }


def _said(earlier: int, *, late: int, later: int, freed: int, rest: int, of: int) -> str:
    if not of:
        return tr("Nothing is open now, so nothing moves.")
    parts = []
    if earlier:
        parts.append(_said_earlier(earlier, late))
    if later:
        parts.append(
            trn(
                "{n} open issue would become due later.",
                "{n} open issues would become due later.",
                later,
            )
        )
    if freed:
        parts.append(
            trn(
                "For {n} open issue nothing would be promised any more.",
                "For {n} open issues nothing would be promised any more.",
                freed,
            )
        )
    if not parts:
        parts.append(tr("Nothing that is open now would become due at another time."))
    if rest:
        parts.append(
            trn(
                "{n} more open issue was not looked at.",
                "{n} more open issues were not looked at.",
                rest,
            )
        )
    return " ".join(parts)


def _said_earlier(earlier: int, late: int) -> str:
    if late:
        return trn(
            "{n} open issue would become due earlier, {late} of them at once late.",
            "{n} open issues would become due earlier, {late} of them at once late.",
            earlier,
            late=late,
        )
    return trn(
        "{n} open issue would become due earlier.",
        "{n} open issues would become due earlier.",
        earlier,
    )
