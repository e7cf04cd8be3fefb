"""RuleTrial: what a rule would have matched in the last weeks, from what is stored; writes nothing.

Every moment at which the rule would have been asked is looked at with the mails that had come by
then; kind, severity and score are those that stand today, with what people made of them since.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import closing
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from time import monotonic

from app.domain.deadline import Deadline
from app.domain.issue import Issue
from app.domain.message import Direction
from app.domain.owner_rule import When
from app.engine.rule_facts import Moment, facts_of
from app.escalation.calendar import Calendar
from app.storage import deadlines, disputes, issues, messages
from app.storage.connection import Connection
from app.storage.database import open_reader
from app.storage.messages import StoredMessage
from app.triage.owner_rules import Ready

DAYS = 90
_MOST = 20_000  # issues, the newest first
_SECONDS = 10.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Match:
    """An issue that the rule would have matched, and when first."""

    issue: Issue
    at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Trial:
    """What came of it: `asked` issues were looked at, newest first; `whole` where that is all."""

    asked: int
    matches: tuple[Match, ...]
    whole: bool


def try_rule(
    database: Path, rule: Ready, *, calendar: Calendar, now: datetime, days: int = DAYS
) -> Trial:
    """Look back so many days; after ten seconds what was found by then is the answer."""
    since, ends_at = now - timedelta(days=days), monotonic() + _SECONDS
    found: list[Match] = []
    asked = 0
    with closing(open_reader(database)) as db:
        ids = issues.moved_since(db, since, limit=_MOST)
        for issue_id in ids:
            if monotonic() > ends_at:
                break
            asked += 1
            found += _matches(db, issue_id, rule, calendar=calendar, since=since, now=now)
    return Trial(asked=asked, matches=tuple(found), whole=asked == len(ids) < _MOST)


def _matches(
    db: Connection,
    issue_id: int,
    rule: Ready,
    *,
    calendar: Calendar,
    since: datetime,
    now: datetime,
) -> list[Match]:
    """The issue at the first moment that the rule matches, if there is one."""
    issue, mails = issues.get(db, issue_id), messages.of_issue(db, issue_id)
    promised = deadlines.of_issue(db, issue_id)
    moments = _moments(db, rule.rule.when, issue, mails, promised)
    for at in sorted(moment for moment in moments if since <= moment <= now):
        moment = Moment(
            issue=issue,
            mails=[one for one in mails if one.received_at <= at],
            at=at,
            due_at=due_then(promised, at),
        )
        facts = facts_of(db, moment, calendar=calendar, wanted=rule.condition.fields)
        if rule.condition.holds(facts):
            return [Match(issue=issue, at=at)]
    return []


def _moments(
    db: Connection,
    when: tuple[When, ...],
    issue: Issue,
    mails: tuple[StoredMessage, ...],
    promised: tuple[Deadline, ...],
) -> Iterator[datetime]:
    """When the rule would have been asked about an issue."""
    heard = [
        one.received_at for one in mails if one.direction is Direction.IN and not one.is_report
    ]
    cases = disputes.of_issue(db, issue.id)
    if When.NEW in when:
        yield from heard[:1] or [issue.first_at]
    if When.MAIL in when:
        yield from heard[1:]
    if When.DISPUTE in when:
        yield from (step.at for case in cases for one in case.sources for step in one.life)
    if When.DEADLINE in when:
        for one in promised:
            yield from (one.planned_at - ahead for ahead in one.warn_ahead)
            yield from [] if one.breached_at is None else [one.breached_at]


def due_then(promised: tuple[Deadline, ...], at: datetime) -> datetime | None:
    """What was due next at that moment, of what was not kept by then."""
    open_then = (one for one in promised if one.met_at is None or one.met_at > at)
    return min((one.planned_at for one in open_then), default=None)
