"""Call list: the calls that wait to be made.

Before each it is asked anew whether anybody still has to be told, because the list may have waited
behind a slow server or for another engine. Where a way is closed for a moment (a laptop that woke
has no network yet), it is tried again, more and more calmly, until `calling` gives it up.
"""

from __future__ import annotations

from datetime import datetime, timedelta

from app.domain.assessment import Kind, Severity
from app.domain.clock import Clock
from app.domain.contact import Call, CallState
from app.domain.errors import NotFound
from app.domain.issue import Issue
from app.domain.journal import State
from app.engine.calling import Calling
from app.storage import alerts, climbs, contacts, issues
from app.storage.connection import Connection
from app.storage.writer import Writer

_FIRST_PAUSE, _LONGEST_PAUSE = timedelta(seconds=15), timedelta(minutes=10)
_CALM = (Severity.NORMAL, Severity.LOW)
_A_TEST_TAKES = timedelta(minutes=15)  # who asked for it makes it; what is older was cut off


class CallList:
    """Makes the calls that are due. For one thread."""

    def __init__(self, *, writer: Writer, calling: Calling, clock: Clock) -> None:
        self._writer = writer
        self._calling = calling
        self._clock = clock
        self._pauses: dict[int, tuple[datetime, timedelta]] = {}

    def work_off(self, *, only_forced: bool = False) -> list[Call]:
        """Make what is due by now; each as it was left, also where it has to be tried again."""
        every = self._writer.do(climbs.queued)
        wanted = [one for one in every if one.forced or not only_forced]
        made = [self._made(one) for one in wanted if self._is_due(one)]
        return [one for one in made if one is not None]

    def _is_due(self, call: Call) -> bool:
        begun_at, pause = self._pauses.get(call.id, (call.at, timedelta()))
        now = self._clock.now()
        return not begun_at <= now < begun_at + pause

    def _made(self, call: Call) -> Call | None:
        now = self._clock.now()
        if call.issue_id is None:
            if now - call.at > _A_TEST_TAKES:
                self._writer.do(lambda db: climbs.forget(db, call.id))
            return None
        if not self._writer.do(lambda db: _is_wanted(db, call)):
            self._pauses.pop(call.id, None)
            return None
        done = self._calling.make(call)
        _, pause = self._pauses.pop(call.id, (now, _FIRST_PAUSE / 2))
        if done.state is CallState.QUEUED:
            self._pauses[call.id] = (now, min(pause * 2, _LONGEST_PAUSE))
        return done


def _is_wanted(db: Connection, call: Call) -> bool:
    """Whether the issue still waits for somebody, and the contact is still told in this way; else
    the call is forgotten: nobody was told."""
    assert call.issue_id is not None
    if call.channel_id is not None and not contacts.is_told_by(db, call.channel_id):
        climbs.forget(db, call.id)
        return False
    try:
        issue = issues.get(db, call.issue_id)
    except NotFound:
        waits = False
    else:
        waits = waits_for_somebody(db, issue)
    if not (waits or call.forced):
        climbs.forget(db, call.id)
    return waits or call.forced


def waits_for_somebody(db: Connection, issue: Issue) -> bool:
    """Whether somebody has to be told of it: nobody has it in hand, and nobody who knew of what
    rang has said since that it is not as bad."""
    is_untaken = issue.state is State.NEW and issue.snoozed_until is None
    return is_untaken and not _is_put_lower(db, issue)


def _is_put_lower(db: Connection, issue: Issue) -> bool:
    decided, judged = issue.decisions, issue.judgement
    by_owner = decided.severity or decided.by_rule
    if judged.kind is Kind.NOT_AN_ISSUE or (by_owner and judged.severity in _CALM):
        return True
    rang = alerts.last_for_issue(db, issue.key)
    return (
        decided.verdict == "false_alarm"
        and decided.judged_at is not None
        and (rang is None or rang.created_at <= decided.judged_at)
    )
