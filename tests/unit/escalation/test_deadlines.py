"""The promise of a first answer."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta, timezone

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.config.paths import rules
from app.domain.assessment import Priority, Severity
from app.domain.deadline import Deadline, Metric
from app.escalation.deadlines import breach, met, promise
from app.escalation.rules import SlaRules

_WROTE = datetime(2026, 11, 21, 20, 15, tzinfo=UTC)
_MINUTE = timedelta(minutes=1)


def _promise(priority: Priority = Priority.P2, since: datetime = _WROTE) -> Deadline:
    return promise(
        priority=priority, severity=Severity.HIGH, since=since, rules=SlaRules.load(rules())
    )


@pytest.mark.parametrize(
    ("priority", "hours"),
    [(Priority.P1, 1), (Priority.P2, 4), (Priority.P3, 24), (Priority.P4, 48)],
)
def test_each_priority_has_its_time_counted_day_and_night(priority: Priority, hours: int) -> None:
    deadline = _promise(priority)
    assert deadline.metric is Metric.FIRST_RESPONSE
    assert deadline.planned_at == _WROTE + timedelta(hours=hours)


def test_the_promise_says_line_by_line_how_it_came_about() -> None:
    assert _promise().explanation == (
        "P2, high: a first answer is promised within 4 h.",
        "It counts from 2026-11-21 20:15 UTC, when they wrote.",
        "All hours count, day and night.",
        "So it is due 2026-11-22 00:15 UTC.",
    )


def test_the_explanation_is_in_utc_wherever_the_customer_wrote_from() -> None:
    tokyo = _WROTE.astimezone(timezone(timedelta(hours=9)))
    assert _promise(since=tokyo).explanation == _promise().explanation


def test_an_answer_at_the_last_instant_is_in_time_and_a_second_later_is_not() -> None:
    deadline = _promise()
    in_time = met(deadline, deadline.planned_at)
    late = met(deadline, deadline.planned_at + timedelta(seconds=1))
    assert (in_time.met_at, in_time.breached_at) == (deadline.planned_at, None)
    assert late.breached_at == deadline.planned_at


def test_the_first_answer_counts() -> None:
    deadline = met(_promise(), _WROTE + _MINUTE)
    assert met(deadline, _WROTE + timedelta(days=9)) == deadline


def test_a_promise_breaks_at_its_own_instant_whenever_somebody_looks() -> None:
    deadline = _promise()
    assert breach(deadline, deadline.planned_at) == deadline
    broken = breach(deadline, deadline.planned_at + timedelta(days=3))
    assert broken.breached_at == deadline.planned_at
    assert breach(broken, deadline.planned_at + timedelta(days=4)) == broken


def test_a_kept_promise_cannot_break_any_more() -> None:
    kept = met(_promise(), _WROTE + _MINUTE)
    assert breach(kept, _WROTE + timedelta(days=9)) == kept


@given(
    answer=st.integers(-60, 4000).map(lambda minutes: _WROTE + minutes * _MINUTE),
    look=st.integers(-60, 4000).map(lambda minutes: _WROTE + minutes * _MINUTE),
)
def test_looking_before_an_answer_changes_nothing_about_how_it_ends(
    answer: datetime, look: datetime
) -> None:
    """Whether the watch noticed the breach or the answer came first, the end is the same."""
    deadline = _promise()
    looked = breach(deadline, look) if look <= answer else deadline
    assert met(looked, answer) == met(deadline, answer)
