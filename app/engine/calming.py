"""Calming: takes back what rang about issues that somebody deals with, or that are answered.

Called within the transaction of the decision or of the answer; the ringer takes the pop-ups off the
screen with the next look, so that none is left whose button would act on what is long done.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

from app.domain.alert import Alert, AlertState
from app.domain.changes import Changes
from app.domain.errors import NotFound
from app.domain.journal import OPEN_STATES, State
from app.storage import alerts, deadlines, issues
from app.storage.connection import Connection


def dealt_with(db: Connection, issue_id: int, *, now: datetime) -> Changes:
    """Somebody looked at the issue or decided about it: its alerts no longer wait, nor a card of
    several that were all dealt with.

    A date of others that was never shown is told all the same, unless they opened the issue, which
    shows it, or put it away.
    """
    issue = issues.get(db, issue_id)
    about = alerts.unseen_about(db, (issue.key,))
    if issues.is_unseen(db, issue_id) and issue.state in OPEN_STATES:
        about = tuple(one for one in about if not _is_untold_date(one))
    moved = [one.id for one in about if alerts.is_dealt_with(db, one, but=issue_id)]
    for id_ in moved:
        alerts.mark(db, id_, state=AlertState.DISMISSED, at=now)
    return Changes(alerts=frozenset(moved))


def answered(db: Connection, issue_ids: Iterable[int], *, now: datetime) -> Changes:
    """We answered these issues: what rang, or waits to ring, for them alone is over.

    A card for several stays until none of them waits for us.
    """
    keys = {issues.get(db, one).key for one in issues.present(db, issue_ids)}
    over = [alert.id for alert in alerts.unseen_about(db, keys) if _is_over(db, alert)]
    for one in over:
        alerts.mark(db, one, state=AlertState.WITHDRAWN, at=now)
    return Changes(alerts=frozenset(over))


def _is_untold_date(alert: Alert) -> bool:
    return alert.by_name and alert.state is AlertState.QUEUED


def _is_over(db: Connection, alert: Alert) -> bool:
    """Whether none of its issues waits for us any more, nor runs towards a date of others that it
    names: an answer to the customer does not stop that."""
    try:
        about = [issues.get(db, issues.by_key(db, key)) for key in alert.issue_keys]
    except NotFound:
        return False
    if alert.by_name and any(deadlines.has_running_clock(db, one.id) for one in about):
        return False
    return all(one.state not in (State.NEW, State.ACKNOWLEDGED) for one in about)
