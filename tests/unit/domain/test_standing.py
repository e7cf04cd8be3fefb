"""Standing: what a customer's mail and the clock make of what was decided."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.domain.journal import Decisions, State, standing

NOW = datetime(2026, 11, 21, 12, 0, tzinfo=UTC)
HOUR = timedelta(hours=1)

instants = st.integers(min_value=-500, max_value=500).map(lambda n: NOW + n * HOUR)


def decided(state: State | None, at: datetime | None = NOW - HOUR, **given_: object) -> Decisions:
    return Decisions(state=state, state_at=at, **given_)  # type: ignore[arg-type]


def test_an_issue_about_which_nobody_decided_is_new() -> None:
    assert standing(Decisions(), heard_at=NOW, history=False, now=NOW) == (State.NEW, None)


def test_an_issue_from_before_the_account_was_connected_is_closed() -> None:
    assert standing(Decisions(), heard_at=NOW, history=True, now=NOW) == (State.CLOSED, None)


@pytest.mark.parametrize("state", [State.RESOLVED, State.CLOSED, State.WAITING])
def test_a_customer_who_writes_again_brings_back_what_was_put_away(state: State) -> None:
    assert standing(decided(state), heard_at=NOW, history=False, now=NOW) == (State.NEW, None)


@pytest.mark.parametrize("state", [State.RESOLVED, State.CLOSED, State.WAITING])
def test_a_mail_from_before_the_decision_changes_nothing(state: State) -> None:
    before = NOW - 2 * HOUR
    assert standing(decided(state), heard_at=before, history=False, now=NOW) == (state, None)


def test_a_further_mail_leaves_an_acknowledged_issue_acknowledged() -> None:
    acknowledged = decided(State.ACKNOWLEDGED)
    assert standing(acknowledged, heard_at=NOW, history=False, now=NOW)[0] is State.ACKNOWLEDGED


def test_an_issue_sleeps_until_its_hour_has_come() -> None:
    asleep = decided(None, snoozed_until=NOW + HOUR)
    heard = NOW - 2 * HOUR
    assert standing(asleep, heard_at=heard, history=False, now=NOW) == (State.NEW, NOW + HOUR)
    assert standing(asleep, heard_at=heard, history=False, now=NOW + HOUR) == (State.NEW, None)


def test_a_customer_who_writes_wakes_a_sleeping_issue() -> None:
    asleep = decided(None, snoozed_until=NOW + HOUR)
    assert standing(asleep, heard_at=NOW, history=False, now=NOW) == (State.NEW, None)


@given(st.sampled_from([None, *State]), instants, st.none() | instants, st.booleans(), instants)
def test_nothing_sleeps_into_the_past_and_an_unheard_decision_stands(
    state: State | None, at: datetime, heard_at: datetime | None, history: bool, now: datetime
) -> None:
    decisions = decided(state, at, snoozed_until=at + HOUR)
    stands, until = standing(decisions, heard_at=heard_at, history=history, now=now)
    assert until is None or until > now
    if state is not None and (heard_at is None or heard_at <= at):
        assert stands is state
