"""The order of the list in the model, and what the printed comparison rests on."""

from __future__ import annotations

import io
import json
from datetime import timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from app.config.paths import rules
from app.domain.assessment import Kind, Priority, Severity
from app.domain.errors import Refused
from app.engine.queue_sheet import queue_sheet
from app.engine.queueing import OFFICE, START, OurOrder, Promised, compare_orders
from app.escalation.deadlines import Case, Ranked, promises
from app.escalation.hours import SHOP, Calendars
from app.escalation.model_shop import SHOPS
from app.escalation.queueing import Exchange, ModelIssue, Owner, Waiting, answer_all
from app.escalation.story import Story, Turn
from app.escalation.terms import Terms
from app.escalation.working_time import WorkingTime
from tests.support.engine import RULES, TERMS

MINUTE = timedelta(minutes=1)
PROMISED = Promised(sla=TERMS.sla, hours=WorkingTime(OFFICE))


def an_issue(number: int, severity: Severity, *, after: timedelta, work: timedelta) -> ModelIssue:
    return ModelIssue(
        number=number,
        kind=Kind.LATE,
        severity=severity,
        judged=severity,
        rings=severity is Severity.CRITICAL,
        exchanges=(Exchange(after=after, work=work),),
    )


issues_of_ten_days = st.lists(
    st.tuples(st.sampled_from(list(Severity)), st.integers(0, 10 * 24 * 60), st.integers(1, 500)),
    min_size=1,
    max_size=14,
)


@settings(max_examples=40, deadline=None)
@given(issues_of_ten_days)
def test_in_our_order_a_later_less_urgent_mail_is_never_begun_before_an_urgent_one(drawn) -> None:
    """By the program's own score, with all that waiting and promises add to it."""
    issues = [
        an_issue(number, severity, after=after * MINUTE, work=work * MINUTE)
        for number, (severity, after, work) in enumerate(drawn)
    ]
    order = OurOrder(rules=RULES, promised=PROMISED)
    owner = Owner(hours=PROMISED.hours, order=order, heeds_rings=True)
    answers = answer_all(issues, owner, start=START)
    for one in answers:
        for other in answers:
            if (
                other.mail.issue.severity.rank < one.mail.issue.severity.rank
                and other.mail.came_at > one.mail.came_at
            ):
                assert one.begun_at < other.begun_at


@pytest.mark.parametrize("severity", list(Severity))
def test_an_answer_of_the_model_is_due_when_the_program_says(severity: Severity) -> None:
    """The same instant as the promise about a stored issue of that priority."""
    came_at = START + timedelta(days=4, hours=16, minutes=7)
    mail = Waiting(
        issue=an_issue(1, severity, after=timedelta(), work=MINUTE), turn=0, came_at=came_at
    )
    priority = Priority(f"P{4 - severity.rank}")
    case = Case(
        kind=Kind.LATE,
        customer="",
        story=Story(turns=(Turn(name="m", since=came_at),), pauses=()),
        ranked=(Ranked(priority=priority, severity=severity),),
    )
    calendars = Calendars(by_name={SHOP: OFFICE, "always": OFFICE}, given=TERMS.calendars.given)
    real = promises(case, rules=TERMS.sla, calendars=calendars, now=came_at)
    assert PROMISED.due(mail, severity) == real[0].planned_at


def test_the_comparison_is_the_same_each_time_and_ours_is_quicker_for_what_is_urgent() -> None:
    """Of one busy shop; all orders answer as many mails."""
    found = compare_orders(rules=RULES, sla=TERMS.sla, seeds=1, shops=SHOPS[1:2])
    assert found == compare_orders(rules=RULES, sla=TERMS.sla, seeds=1, shops=SHOPS[1:2])
    arrival, measured, perfect = found["orders"]
    assert len({one["answers"]["median"] for one in found["orders"]}) == 1
    waits = [one["urgent_first_working_minutes_p90"]["median"] for one in found["orders"]]
    assert waits[0] > waits[1] > waits[2]
    assert arrival["urgent_kept"]["median"] < measured["urgent_kept"]["median"]
    assert measured["urgent_kept"]["median"] < perfect["urgent_kept"]["median"]


def test_the_sheet_says_what_it_assumes_before_any_figure() -> None:
    out = io.StringIO()
    terms = Terms.load(rules())
    assert queue_sheet(rules=RULES, sla=terms.sla, seeds=1, as_json=True, out=out) == 0
    first, *rest = (json.loads(line) for line in out.getvalue().splitlines())
    assert "made up" in first["assumed"][0]
    assert {(one["shop"], one["order"]) for one in rest} == {
        (shop.name, order) for shop in SHOPS for order in ("arrival", "ours")
    }


def test_of_one_run_there_is_no_median() -> None:
    out = io.StringIO()
    queue_sheet(rules=RULES, sla=TERMS.sla, seeds=1, as_json=False, out=out)
    assert "of one run, so its least and its most are the same" in out.getvalue()
    assert "1 runs" not in out.getvalue()


@pytest.mark.parametrize("runs", [0, -1, 101])
def test_a_number_of_runs_that_is_none_is_refused_in_a_sentence(runs: int) -> None:
    with pytest.raises(Refused, match="runs are not possible"):
        queue_sheet(rules=RULES, sla=TERMS.sla, seeds=runs, as_json=False, out=io.StringIO())
