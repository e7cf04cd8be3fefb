"""Reminding: a tap some time before a promise or a clock runs out; asked anew when it fires.

Part of the watch. A reminder is noted ahead with its deadline; whether it is still worth a tap is
decided when its time has come, because by then the issue may be answered, asleep or put away.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta, tzinfo

from app.alerts.text import AlertFacts, AlertText, reminder_text
from app.domain.alert import Alert, AlertLevel
from app.domain.changes import Changes
from app.domain.deadline import Deadline, Metric
from app.domain.issue import Issue
from app.domain.journal import OPEN_STATES, State
from app.storage import alerts, deadlines, disputes, incidents, issues
from app.storage.connection import Connection

NAME = "remind/"  # how the dedupe of each begins

_LAST_DAY = timedelta(days=1)
_TOO_OLD = timedelta(days=7)  # found in a mailbox that was connected just now


def remind(db: Connection, issue_id: int, *, now: datetime, zone: tzinfo) -> Changes:
    """Queue what an issue's deadlines have to say by now, and note that it was said."""
    every = deadlines.of_issue(db, issue_id)
    due = [one for one in every if one.warn_at is not None and one.warn_at <= now]
    if not due:
        return Changes()
    issue = issues.get(db, issue_id)
    queued: set[int] = set()
    for deadline in due:
        passed = [one for one in deadline.warn_ahead if deadline.planned_at - one <= now]
        deadline = replace(deadline, warned=min(passed))
        deadlines.put(db, issue_id, deadline)
        if _is_worth_it(issue, deadline, now) and not _is_said(db, issue, deadline, now):
            is_test = disputes.is_rehearsal(db, issue_id)
            alert = _alert(issue, deadline, is_test=is_test, now=now, zone=zone)
            queued |= {one for one in (alerts.queue(db, alert),) if one is not None}
    return Changes(alerts=frozenset(queued))


def _is_said(db: Connection, issue: Issue, deadline: Deadline, now: datetime) -> bool:
    """Whether enough was said about an answer: by a tap about the issue so short a time ago, or by
    the one card of the many customers who all wait for the same."""
    if deadline.metric.is_clock:
        return _rang_at_start(db, issue, deadline)
    waits_since = issues.waiting_since(db, issue.id)
    if waits_since is not None and incidents.covers(db, issue.id, at=waits_since):
        return True
    rang = alerts.last_for_issue(db, issue.key)
    return rang is not None and timedelta() <= now - rang.created_at <= max(deadline.warn_ahead)


def _rang_at_start(db: Connection, issue: Issue, deadline: Deadline) -> bool:
    """Whether the mail that set a clock going rang by name, and no later mark has come."""
    started_at = deadline.started_at
    if started_at is None or deadline.warned != deadline.planned_at - started_at:
        return False
    return alerts.is_named_since(db, issue.key, started_at)


def _is_worth_it(issue: Issue, deadline: Deadline, now: datetime) -> bool:
    """A clock of others rings whatever we think of it; a promise only while nobody is at it."""
    if issue.history or issue.judgement.suspicious or now - deadline.planned_at > _TOO_OLD:
        return False
    if deadline.metric.is_clock:
        return issue.state in OPEN_STATES
    if deadline.metric is Metric.GIVEN_WORD:
        return issue.state in OPEN_STATES
    is_calm = issue.snoozed_until is not None or issue.decisions.verdict == "false_alarm"
    return issue.state is State.NEW and not is_calm


def worded(db: Connection, alert: Alert, *, now: datetime, zone: tzinfo) -> AlertText | None:
    """What a reminder would say by now; None where what it reminded of is no longer so."""
    issue = issues.get(db, issues.by_key(db, alert.issue_keys[0]))
    for deadline in deadlines.of_issue(db, issue.id):
        if alert.dedupe.startswith(f"{NAME}{alert.issue_keys[0]}/{_about(deadline)}/"):
            is_test = disputes.is_rehearsal(db, issue.id)
            return _text(issue, deadline, is_test=is_test, now=now, zone=zone)
    return None


def _about(deadline: Deadline) -> str:
    return f"{deadline.metric}/{deadline.name}/{deadline.planned_at.isoformat()}"


def _text(
    issue: Issue, deadline: Deadline, *, is_test: bool, now: datetime, zone: tzinfo
) -> AlertText:
    facts = AlertFacts(
        key=issue.key,
        kind=issue.judgement.kind,
        customer=issue.customer,
        subject=issue.subject,
        amount=issue.order_total,
        order_number=issue.order_number,
        deadline_at=deadline.planned_at,
        is_test=is_test,
    )
    return reminder_text(
        facts, what=deadline.title, consequence=deadline.consequence, now=now, zone=zone
    )


def _alert(
    issue: Issue, deadline: Deadline, *, is_test: bool, now: datetime, zone: tzinfo
) -> Alert:
    text = _text(issue, deadline, is_test=is_test, now=now, zone=zone)
    return Alert(
        dedupe=f"{NAME}{issue.key}/{_about(deadline)}/{deadline.warned}",
        issue_keys=(issue.key,),
        title=text.title,
        body=text.body,
        created_at=now,
        level=AlertLevel.URGENT if deadline.metric.is_clock else AlertLevel.NOTICE,
        passes=deadline.metric.is_clock and not is_test and deadline.planned_at - now <= _LAST_DAY,
        by_name=deadline.metric.is_clock,
    )
