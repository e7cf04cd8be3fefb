"""Deadlines and alerts: no promise is lost from sight, and one reason rings once."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

from app.domain.alert import AlertState
from app.domain.deadline import Deadline, Metric
from app.storage import alerts, deadlines, issues
from app.storage.connection import Connection
from tests.support.storage import NOW, an_alert, an_issue

PROMISE = Deadline(
    metric=Metric.FIRST_RESPONSE,
    planned_at=NOW + timedelta(hours=4),
    explanation=("P2: 4 hours", "counted from 09:30"),
)
HOUR = timedelta(hours=1)


def test_a_promise_comes_back_as_it_was_and_a_new_one_takes_its_place(db: Connection) -> None:
    issue_id = an_issue(db)
    deadlines.put(db, issue_id, PROMISE)
    assert deadlines.of_issue(db, issue_id) == (PROMISE,)
    kept = replace(PROMISE, met_at=NOW + HOUR, breached_at=NOW)
    deadlines.put(db, issue_id, kept)
    assert deadlines.of_issue(db, issue_id) == (kept,)


def test_a_promise_can_be_dropped(db: Connection) -> None:
    issue_id = an_issue(db)
    deadlines.put(db, issue_id, PROMISE)
    deadlines.drop(db, issue_id, Metric.FIRST_RESPONSE)
    assert deadlines.of_issue(db, issue_id) == ()


def test_a_promise_is_overdue_from_its_instant_until_it_is_kept_or_noted_as_broken(
    db: Connection,
) -> None:
    issue_id = an_issue(db)
    deadlines.put(db, issue_id, PROMISE)
    assert deadlines.overdue(db, PROMISE.planned_at - timedelta(microseconds=1)) == []
    assert deadlines.overdue(db, PROMISE.planned_at) == [issue_id]
    deadlines.put(db, issue_id, replace(PROMISE, met_at=NOW))
    assert deadlines.overdue(db, PROMISE.planned_at) == []
    deadlines.put(db, issue_id, replace(PROMISE, breached_at=NOW))
    assert deadlines.overdue(db, PROMISE.planned_at) == []


def test_an_alert_comes_back_as_it_was(db: Connection) -> None:
    alert = an_alert("i1_a:urgent", "i1_a", "i1_b")
    alert_id = alerts.queue(db, alert)
    assert alert_id is not None
    assert alerts.get(db, alert_id) == replace(alert, id=alert_id)
    assert alerts.queued(db) == alerts.unseen(db) == (replace(alert, id=alert_id),)
    assert alerts.get(db, 99) is None


def test_what_rang_once_does_not_ring_again(db: Connection) -> None:
    assert alerts.queue(db, an_alert("same", "i1_a")) is not None
    assert alerts.queue(db, an_alert("same", "i1_b")) is None
    assert len(alerts.unseen(db)) == 1


def test_what_became_of_an_alert_is_noted_with_its_instants(db: Connection) -> None:
    alert_id = alerts.queue(db, an_alert("a", "i1_a")) or 0
    alerts.mark(db, alert_id, state=AlertState.SHOWN, at=NOW + HOUR, by="notification daemon")
    shown = alerts.get(db, alert_id)
    assert shown is not None
    assert (shown.state, shown.shown_at) == (AlertState.SHOWN, NOW + HOUR)
    assert alerts.queued(db) == ()
    assert alerts.unseen(db) == (shown,)
    alerts.mark(db, alert_id, state=AlertState.CLICKED, at=NOW + 2 * HOUR)
    clicked = alerts.get(db, alert_id)
    assert clicked is not None
    assert (clicked.shown_at, clicked.clicked_at) == (NOW + HOUR, NOW + 2 * HOUR)
    assert clicked.shown_by == "notification daemon"
    assert alerts.unseen(db) == ()


def test_an_alert_that_nobody_could_see_stays_unseen(db: Connection) -> None:
    alert_id = alerts.queue(db, an_alert("a", "i1_a")) or 0
    alerts.mark(db, alert_id, state=AlertState.UNSHOWN, at=NOW)
    assert [alert.id for alert in alerts.unseen(db)] == [alert_id]


def test_recent_alerts_are_those_since_an_instant(db: Connection) -> None:
    alerts.queue(db, an_alert("old", "i1_a", created_at=NOW - HOUR))
    alerts.queue(db, an_alert("new", "i1_a"))
    assert [alert.dedupe for alert in alerts.recent(db, NOW)] == ["new"]
    assert [alert.dedupe for alert in alerts.recent(db, NOW - HOUR)] == ["old", "new"]


def test_the_last_alert_of_an_issue_is_found_under_every_name_that_it_had(db: Connection) -> None:
    issue_id = an_issue(db)
    old = issues.get(db, issue_id).key
    alerts.queue(db, an_alert("one", old))
    alerts.queue(db, an_alert("two", "i1_else", old))
    new = issues.add_atoms(db, issue_id, ("o:sample:1042",))
    for key in (old, new):
        alert = alerts.last_for_issue(db, key)
        assert alert is not None
        assert alert.dedupe == "two"
    assert alerts.last_for_issue(db, "i1_unknown") is None
