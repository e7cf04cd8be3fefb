"""What would have rung by other rules."""

from __future__ import annotations

from datetime import UTC, datetime, time, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.alerts.quiet import QuietHours
from app.alerts.replay import AlertRules, News, replay
from app.alerts.threshold import RingFor
from app.domain.assessment import Priority, Severity

NOON = datetime(2026, 11, 20, 12, 0, tzinfo=UTC)
NIGHT = QuietHours(start=time(22), end=time(7))


def news(
    key: str, minutes: float = 0, *, severity: Severity = Severity.HIGH, alert: bool = True,
    passes: bool = False,
) -> News:  # fmt: skip
    return News(
        key=key,
        at=NOON + timedelta(minutes=minutes),
        wants_alert=alert,
        severity=severity,
        priority=Priority.P2,
        passes=passes,
    )


@pytest.mark.parametrize(
    ("ring_for", "rung"),
    [
        (RingFor.CRITICAL, {"critical"}),
        (RingFor.URGENT, {"critical", "urgent"}),
        (RingFor.HIGH, {"critical", "urgent", "grave"}),
    ],
)
def test_each_choice_rings_for_more_than_the_one_before(ring_for, rung):
    """From what is critical alone to all that is grave."""
    came = [
        news("critical", 0, severity=Severity.CRITICAL),
        news("urgent", 10),
        news("grave", 20, alert=False),
        news("normal", 30, alert=False, severity=Severity.NORMAL),
    ]
    found = replay(came, AlertRules(ring_for=ring_for), zone=UTC)
    assert found.rung == rung
    assert (found.pop_ups, found.waited) == (len(rung), 0)


def test_a_storm_is_one_card():
    """Ten that one round brought are one pop-up."""
    found = replay([news(str(one)) for one in range(10)], AlertRules(), zone=UTC)
    assert len(found.rung) == 10
    assert found.pop_ups == 1


def test_what_comes_while_a_storms_card_is_read_rings_after_it_though_nothing_else_comes():
    storm = [news(str(one)) for one in range(4)]
    assert "late" in replay([*storm, news("late", 0.1)], AlertRules(), zone=UTC).rung


def test_news_are_taken_in_the_order_in_which_they_came():
    told = [news("b", 720), news("a", 660), news("c", 780)]
    found = replay(told, AlertRules(quiet=NIGHT), zone=UTC)
    assert (found.pop_ups, found.longest_wait) == (1, timedelta(hours=8))


def test_a_night_is_one_card_and_says_how_long_it_held():
    """Three at night are one in the morning; what passes rings at once."""
    came = [news("a", 660), news("b", 720), news("c", 780), news("fire", 700, passes=True)]
    found = replay(came, AlertRules(quiet=NIGHT), zone=UTC)
    assert found.pop_ups == 2
    assert found.waited == 3
    assert found.longest_wait == timedelta(hours=8)


def test_an_hours_number_folds_the_rest():
    """Two an hour, six in ten minutes: two, and a card."""
    came = [news(str(one), one * 2) for one in range(6)]
    found = replay(came, AlertRules(per_hour=2), zone=UTC)
    assert found.pop_ups == 3
    assert len(found.rung) == 6


def test_the_same_issue_rings_again_only_for_news():
    """Each mail of theirs that nobody has taken up is news."""
    assert replay([news("a"), news("a", 90)], AlertRules(), zone=UTC).pop_ups == 2


def test_nothing_is_nothing():
    """An empty history."""
    assert replay([], AlertRules(quiet=NIGHT), zone=UTC).pop_ups == 0


@given(
    st.lists(st.tuples(st.integers(0, 5000), st.integers(0, 9), st.booleans()), max_size=60),
    st.integers(1, 6),
)
def test_no_rule_of_time_silences_an_issue(came, per_hour):
    """Quiet hours and the hour's number only delay: the issues rung are the same, and there are
    never more pop-ups than without them."""
    told = [news(str(key), minutes, passes=passes) for minutes, key, passes in came]
    free = replay(told, AlertRules(per_hour=10_000), zone=UTC)
    calm = replay(told, AlertRules(quiet=NIGHT, per_hour=per_hour), zone=UTC)
    assert calm.rung == free.rung
    assert calm.pop_ups <= free.pop_ups
