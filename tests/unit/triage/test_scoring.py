"""Scoring: the reasons always add up, more of anything bad never ranks lower, bands hold."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.domain.assessment import DAYS_LEFT, IssueFacts, Kind, Priority, Severity
from app.domain.money import Money
from app.triage.rules import Rules
from app.triage.scoring import next_change, rank
from tests.support.shipped import RULES
from tests.unit.triage.builders import NOON

FACTORS = st.dictionaries(
    st.sampled_from(sorted(RULES.scoring.factors)), st.just("because"), max_size=8
)
HOURS = st.floats(min_value=-400, max_value=800).map(lambda hours: timedelta(hours=hours))

FACTS = st.builds(
    IssueFacts,
    kind=st.sampled_from(Kind),
    severity=st.sampled_from(Severity),
    unsure=st.booleans(),
    suspicious=st.booleans(),
    factors=FACTORS,
    waiting_since=st.none() | HOURS.map(lambda ago: NOON - ago),
    unanswered=st.integers(min_value=0, max_value=30),
    due_at=st.none() | HOURS.map(lambda ahead: NOON + ahead),
    order_total=st.none() | st.integers(0, 10**8).map(lambda minor: Money(minor, "EUR")),
    customer_orders=st.integers(min_value=0, max_value=99),
)


def facts(**more: object) -> IssueFacts:
    return IssueFacts(**{"kind": Kind.LATE, "severity": Severity.NORMAL, **more})  # type: ignore[arg-type]


@given(FACTS)
def test_the_reasons_always_sum_to_a_score_within_the_scale(made: IssueFacts) -> None:
    ranking = rank(made, NOON, rules=RULES)
    assert sum(reason.points for reason in ranking.reasons) == ranking.score
    assert 0 <= ranking.score <= 100
    assert len(ranking.reasons) <= RULES.scoring.shown_at_most


@given(FACTS)
def test_a_worse_severity_never_ranks_lower(made: IssueFacts) -> None:
    scores = [
        rank(replace(made, severity=severity), NOON, rules=RULES).score
        for severity in sorted(Severity, key=lambda severity: severity.rank)
    ]
    assert scores == sorted(scores)


@given(FACTS, st.timedeltas(min_value=timedelta(0), max_value=timedelta(days=30)))
def test_time_never_lowers_a_score(made: IssueFacts, passed: timedelta) -> None:
    now = rank(made, NOON, rules=RULES).score
    assert rank(made, NOON + passed, rules=RULES).score >= now


@given(FACTS, st.floats(min_value=0, max_value=0.999))
def test_nothing_changes_before_the_moment_that_was_foretold(
    made: IssueFacts, share: float
) -> None:
    moment = next_change(made, NOON, rules=RULES)
    before = NOON + timedelta(days=400)
    if moment:  # a share of a few microseconds is rounded
        before = min(NOON + (moment - NOON) * share, moment - timedelta.resolution)
    assert rank(made, before, rules=RULES) == rank(made, NOON, rules=RULES)


@given(FACTS)
def test_nothing_high_stands_above_what_harms_somebody_now(made: IssueFacts) -> None:
    """Four days late, 500 EUR and a third mail: still below a hurt child in its first hour."""
    harm = facts(severity=Severity.CRITICAL, factors={"safety": "a child was cut"})
    high = rank(replace(made, severity=Severity.HIGH), NOON, rules=RULES)
    assert high.score < rank(harm, NOON, rules=RULES).score
    assert high.score == sum(reason.points for reason in high.reasons)


def test_what_is_held_down_says_so() -> None:
    made = facts(
        severity=Severity.HIGH,
        factors={"repeat": "third mail", "money": "900 EUR", "last_chance": "or elsewhere"},
        waiting_since=NOON - timedelta(days=5),
        due_at=NOON - timedelta(days=1),
        unanswered=3,
    )
    said = [reason.because for reason in rank(made, NOON, rules=RULES).reasons]
    assert "what is high gets at most 84 points" in said


def test_nobody_waits_for_an_answer_to_what_is_no_issue() -> None:
    """A newsletter of last week stands where one of today does, and does not say that it waits."""
    made = facts(
        kind=Kind.NOT_AN_ISSUE,
        severity=Severity.LOW,
        waiting_since=NOON - timedelta(days=8),
        unanswered=3,
    )
    (only,) = rank(made, NOON, rules=RULES).reasons
    assert only.factor == "severity"


@given(FACTS)
def test_the_band_follows_severity_and_nothing_false_or_idle_rises(made: IssueFacts) -> None:
    priority = rank(made, NOON, rules=RULES).priority
    if made.suspicious or made.kind is Kind.NOT_AN_ISSUE:
        assert priority is Priority.P4
    elif made.severity is Severity.CRITICAL:
        assert priority in (Priority.P1, Priority.P2)
    elif made.severity is Severity.HIGH:
        assert priority is not Priority.P4


def test_critical_is_p1_and_high_p2_in_the_ordinary_case() -> None:
    critical = rank(facts(severity=Severity.CRITICAL), NOON, rules=RULES)
    high = rank(facts(severity=Severity.HIGH), NOON, rules=RULES)
    normal = rank(facts(), NOON, rules=RULES)
    low = rank(facts(severity=Severity.LOW), NOON, rules=RULES)
    assert [r.priority for r in (critical, high, normal, low)] == list(Priority)


def test_the_largest_reason_stands_first_and_small_ones_are_folded() -> None:
    made = facts(
        severity=Severity.HIGH,
        factors={
            "repeat": "third mail",
            "event": "birthday",
            "money": "900 EUR",
            "safety": "smoke",
        },
        waiting_since=NOON - timedelta(hours=30),
        unanswered=3,
    )
    reasons = rank(made, NOON, rules=RULES).reasons
    assert reasons[0].factor == "severity"
    assert reasons[-1].factor in ("together", "scale")
    assert any("waits 24 h" in reason.because for reason in reasons)


def test_a_persons_severity_says_that_it_is_theirs() -> None:
    made = facts(severity=Severity.LOW, overridden=("severity",))
    assert "as you set it" in rank(made, NOON, rules=RULES).reasons[0].because


def points_of(factor: str, **more: object) -> int:
    reasons = rank(facts(**more), NOON, rules=RULES).reasons
    return sum(one.points for one in reasons if one.factor == factor)


def test_a_deadline_counts_step_by_step_as_it_comes_and_most_when_it_is_over() -> None:
    moments = {step.hours: step.points for step in RULES.scoring.deadline_near}
    moments[0] = RULES.scoring.deadline_over
    assert sorted(moments.values()) == [moments[hours] for hours in sorted(moments, reverse=True)]
    second = timedelta(seconds=1)
    before = 0
    for hours in sorted(moments, reverse=True):
        at = NOON + timedelta(hours=hours)
        assert points_of("deadline", due_at=at + second) == before
        assert points_of("deadline", due_at=at) == moments[hours] > before
        before = moments[hours]
    assert points_of("deadline", due_at=NOON - timedelta(days=9)) == before


def test_each_step_of_a_deadline_and_of_waiting_is_foretold() -> None:
    """Else what falls due at night still stands where it stood in the evening."""
    for hours in (0, *(step.hours for step in RULES.scoring.deadline_near)):
        due_at = NOON + timedelta(hours=hours, seconds=1)
        moment = next_change(facts(due_at=due_at), NOON, rules=RULES)
        assert moment == NOON + timedelta(seconds=1)
    for step in RULES.scoring.waiting:
        since = NOON - timedelta(hours=step.hours) + timedelta(seconds=1)
        moment = next_change(facts(waiting_since=since), NOON, rules=RULES)
        assert moment == NOON + timedelta(seconds=1)


def test_a_deadline_says_whose_it_is_and_how_near() -> None:
    def said(**more: object) -> set[str]:
        return {one.because for one in rank(facts(**more), NOON, rules=RULES).reasons}

    hour = timedelta(hours=1)
    assert "its answer is due within 8 h" in said(due_at=NOON + 8 * hour)
    assert "“Evidence for Stripe” is overdue" in said(due_at=NOON, due_for="Evidence for Stripe")


def test_a_regular_and_who_writes_again_count_from_their_number_on_and_up_to_their_most() -> None:
    scoring = RULES.scoring
    assert points_of("regular", customer_orders=scoring.regular_from - 1) == 0
    assert points_of("regular", customer_orders=scoring.regular_from) == scoring.regular_points
    written = [
        points_of("unanswered", waiting_since=NOON, unanswered=number) for number in (1, 2, 3, 99)
    ]
    each = scoring.unanswered_each
    assert written == [0, each, 2 * each, scoring.unanswered_most]


def with_normal_at(points: int) -> Rules:
    """The shipped rules where what is normal has so many points and may have them."""
    scoring = RULES.scoring
    severity = {**scoring.severity, Severity.NORMAL: points}
    most = {**scoring.most, Severity.NORMAL: 100}
    return replace(RULES, scoring=msgspec.structs.replace(scoring, severity=severity, most=most))


@pytest.mark.parametrize("priority", [Priority.P1, Priority.P2, Priority.P3])
def test_a_score_at_the_edge_of_a_band_belongs_to_it(priority: Priority) -> None:
    edge = getattr(RULES.scoring.bands, priority.name.lower())
    assert rank(facts(), NOON, rules=with_normal_at(edge)).priority is priority
    assert rank(facts(), NOON, rules=with_normal_at(edge - 1)).priority > priority


def test_with_nobody_waiting_and_nothing_due_time_changes_nothing() -> None:
    assert next_change(facts(), NOON, rules=RULES) is None


def test_a_letters_days_take_points_from_what_is_critical_alone_and_never_from_a_persons_word() -> (
    None
):
    letter = {DAYS_LEFT: "it gives 8 days"}
    critical = facts(severity=Severity.CRITICAL, severity_by_facts=Severity.CRITICAL)

    def points(made: IssueFacts) -> int:
        return rank(made, NOON, rules=RULES).score

    assert points(replace(critical, factors=letter)) < points(critical)
    high = facts(severity=Severity.HIGH)
    assert points(replace(high, factors=letter)) == points(high)
    said = replace(critical, overridden=("severity",))
    assert points(replace(said, factors=letter)) == points(said)


def test_an_order_counts_by_what_it_is_worth_in_any_currency() -> None:
    """15,000 forints are 38 euros, 5,000 zlotys more than a thousand."""

    def worth(total: Money) -> int:
        reasons = rank(facts(order_total=total), NOON, rules=RULES).reasons
        return sum(one.points for one in reasons if one.factor == "order_value")

    assert worth(Money(1500000, "HUF")) == 0
    assert worth(Money(500000, "PLN")) == worth(Money(120000, "EUR")) > 0


def test_what_decided_how_bad_it_is_is_quoted_once() -> None:
    """74 for “sparks” and 12 for “sparks” again read as one thing counted twice."""
    why = "the product may be dangerous: “sparks”"
    made = facts(
        severity=Severity.CRITICAL,
        severity_because=(why,),
        factors={"safety": why, "repeat": "third mail"},
    )
    said = {one.factor: one for one in rank(made, NOON, rules=RULES).reasons}
    assert why in said["severity"].because
    assert said["safety"].because == "so it goes before others that are as bad"
    assert said["safety"].points == RULES.scoring.factors["safety"]
    assert said["repeat"].because == "third mail"


def test_what_decided_against_it_says_so_once_too() -> None:
    calm = "it says that there is no hurry: “no rush”"
    made = facts(severity=Severity.LOW, severity_because=(calm,), factors={"no_hurry": calm})
    said = {one.factor: one.because for one in rank(made, NOON, rules=RULES).reasons}
    assert said["no_hurry"] == "so it goes behind others that are as bad"


def test_where_a_person_set_it_the_finding_keeps_its_words() -> None:
    """Nothing else quotes it then."""
    why = "the product may be dangerous: “sparks”"
    made = facts(severity=Severity.HIGH, severity_because=(why,), factors={"safety": why})
    for one in (replace(made, overridden=("severity",)), replace(made, severity_rule="Sparks")):
        said = {reason.factor: reason.because for reason in rank(one, NOON, rules=RULES).reasons}
        assert said["safety"] == why
