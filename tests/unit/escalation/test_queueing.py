"""One owner answers the same mails in two orders: what must be alike, and what must not."""

from __future__ import annotations

from collections import Counter
from datetime import timedelta

from hypothesis import given, settings
from hypothesis import strategies as st

from app.domain.assessment import Kind, Severity
from app.domain.clock import instant
from app.escalation.given import GivenCalendar, calendar_of
from app.escalation.model_shop import SHOPS, Judging, drawn, misjudged
from app.escalation.queueing import (
    Exchange,
    ModelIssue,
    Owner,
    Waiting,
    answer_all,
    by_arrival,
)
from app.escalation.working_time import WorkingTime

START = instant("2026-09-07T00:00:00+02:00")
HOUR, MINUTE = timedelta(hours=1), timedelta(minutes=1)
OFFICE = WorkingTime(
    calendar_of(
        GivenCalendar(tz="Europe/Berlin", hours={str(n): [("09:00", "17:00")] for n in range(5)})
    )
)


def by_severity(mail: Waiting, now) -> tuple[float, ...]:
    return (-mail.issue.judged.rank, mail.came_at.timestamp(), mail.issue.number)


IN_ARRIVAL = Owner(hours=OFFICE, order=by_arrival)
IN_OURS = Owner(hours=OFFICE, order=by_severity, heeds_rings=True)


def an_issue(
    number: int, *, after: timedelta, work: float = 10, severity=Severity.NORMAL, rings=None
) -> ModelIssue:
    return ModelIssue(
        number=number,
        kind=Kind.LATE,
        severity=severity,
        judged=severity,
        rings=severity is Severity.CRITICAL if rings is None else rings,
        exchanges=(Exchange(after=after, work=work * MINUTE),),
    )


@st.composite
def several(draw) -> list[ModelIssue]:
    """Issues of up to two mails over ten days, critical ones among them."""
    found = []
    for number in range(draw(st.integers(1, 12))):
        severity = draw(st.sampled_from(list(Severity)))
        first = Exchange(
            after=draw(st.integers(0, 10 * 24 * 60)) * MINUTE,
            work=draw(st.integers(1, 600)) * MINUTE,
        )
        again = [Exchange(after=draw(st.integers(1, 3000)) * MINUTE, work=7 * MINUTE)]
        found.append(
            ModelIssue(
                number=number,
                kind=Kind.LATE,
                severity=severity,
                judged=severity,
                rings=severity is Severity.CRITICAL,
                exchanges=(first, *(again if draw(st.booleans()) else ())),
            )
        )
    return found


def names(answers) -> Counter[tuple[int, int]]:
    return Counter((one.mail.issue.number, one.mail.turn) for one in answers)


@settings(max_examples=60, deadline=None)
@given(several())
def test_both_orders_answer_the_same_mails_once_in_the_same_working_time(issues) -> None:
    ours, arrival = (answer_all(issues, one, start=START) for one in (IN_OURS, IN_ARRIVAL))
    assert names(ours) == names(arrival) == Counter(set(names(ours)))
    needed = sum((one.work for issue in issues for one in issue.exchanges), timedelta())
    for answers in (ours, arrival):
        assert sum((one.worked for one in answers), timedelta()) == needed


@settings(max_examples=60, deadline=None)
@given(several())
def test_nothing_is_answered_before_it_came_or_while_the_shop_is_closed_or_two_at_once(
    issues,
) -> None:
    for owner in (IN_OURS, IN_ARRIVAL):
        answers, before = answer_all(issues, owner, start=START), START
        for one in answers:
            assert one.begun_at >= one.mail.came_at
            assert OFFICE.opening(one.begun_at) == one.begun_at
            assert OFFICE(START, one.at) > OFFICE(START, before)
            before = one.at
        worked = sum((one.worked for one in answers), timedelta())
        assert OFFICE(START, answers[-1].at) >= worked


@settings(max_examples=60, deadline=None)
@given(several())
def test_what_is_urgent_never_waits_behind_a_later_mail_that_was_not_begun(issues) -> None:
    """Nothing less urgent that came later is begun while it waits."""
    answers = answer_all(issues, IN_OURS, start=START)
    urgent = [one for one in answers if one.mail.issue.severity is Severity.CRITICAL]
    for one in urgent:
        for other in answers:
            if other.mail.issue.severity.rank < one.mail.issue.severity.rank:
                assert not one.mail.came_at <= other.begun_at < one.begun_at


@settings(max_examples=40, deadline=None)
@given(several())
def test_in_order_of_arrival_mails_leave_in_the_order_in_which_they_came(issues) -> None:
    came = [one.mail.came_at for one in answer_all(issues, IN_ARRIVAL, start=START)]
    assert came == sorted(came)


def test_what_rings_is_taken_at_once_and_the_mail_in_hand_is_finished_afterwards() -> None:
    """At 9:00 an hour's work; at 9:20 it rings, ten minutes; then three to get back, and forty."""
    issues = [
        an_issue(1, after=9 * HOUR, work=60),
        an_issue(2, after=9 * HOUR + 20 * MINUTE, severity=Severity.CRITICAL),
    ]
    owner = Owner(hours=OFFICE, order=by_severity, heeds_rings=True, back_in=3 * MINUTE)
    rung, left = answer_all(issues, owner, start=START)
    assert (rung.mail.issue.number, rung.at - START) == (2, 9 * HOUR + 30 * MINUTE)
    assert (left.at - START, left.worked) == (10 * HOUR + 13 * MINUTE, 63 * MINUTE)


def test_what_rings_at_night_is_the_first_of_the_morning() -> None:
    issues = [
        an_issue(1, after=16 * HOUR + 50 * MINUTE, work=30),
        an_issue(2, after=23 * HOUR, severity=Severity.CRITICAL),
    ]
    rung, left = answer_all(issues, IN_OURS, start=START)
    assert rung.at == START + 33 * HOUR + 10 * MINUTE
    assert left.at == START + 33 * HOUR + 30 * MINUTE


def test_a_customer_who_was_answered_sooner_writes_again_sooner() -> None:
    late = an_issue(1, after=9 * HOUR, work=100)
    again = (Exchange(after=10 * HOUR, work=MINUTE), Exchange(after=HOUR, work=MINUTE))
    urgent = ModelIssue(
        number=2,
        kind=Kind.DISPUTE,
        severity=Severity.CRITICAL,
        judged=Severity.CRITICAL,
        rings=True,
        exchanges=again,
    )
    ends = [answer_all([late, urgent], one, start=START)[-1].at for one in (IN_OURS, IN_ARRIVAL)]
    assert ends[0] < ends[1]


def test_the_same_seed_draws_the_same_mails_and_another_draws_others() -> None:
    def a_draw(seed: int) -> list[ModelIssue]:
        return drawn(SHOPS[0], seed=seed, start=START, weeks=1, hours=OFFICE)

    assert a_draw(3) == a_draw(3) != a_draw(4)


def test_the_mail_of_a_shop_needs_about_the_part_of_the_hours_that_is_said() -> None:
    for shop in SHOPS:
        issues = drawn(shop, seed=1, start=START, weeks=20, hours=OFFICE)
        needed = sum((one.work for issue in issues for one in issue.exchanges), timedelta())
        load = needed / OFFICE(START, START + timedelta(weeks=20))
        assert abs(load / shop.load - 1) < 0.07


def test_errors_of_judgement_are_about_as_many_as_said_and_change_no_mail() -> None:
    issues = drawn(SHOPS[2], seed=1, start=START, weeks=20, hours=OFFICE)
    judged = misjudged(issues, Judging(name="x", misses=0.2, false_rings=0.05), seed=1)
    grave = [one for one in judged if one.severity.rank >= Severity.HIGH.rank]
    missed = [one for one in grave if one.judged is Severity.NORMAL]
    others = [one for one in judged if one.severity is not Severity.CRITICAL]
    assert abs(len(missed) / len(grave) - 0.2) < 0.04
    assert abs(sum(one.rings for one in others) / len(others) - 0.05) < 0.015
    assert not any(one.rings for one in missed)
    assert [one.exchanges for one in judged] == [one.exchanges for one in issues]
