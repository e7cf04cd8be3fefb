"""The promises about an issue: which are owed, from when, by when, and whether they were kept."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from gettext import NullTranslations
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.config.language import translations
from app.config.paths import rules
from app.domain.assessment import Kind, Priority, Severity
from app.domain.clock import instant
from app.domain.deadline import Deadline, Metric
from app.domain.translation import speak
from app.escalation.deadlines import Case, Ranked, breach, met, promises
from app.escalation.story import Beat, Moment, story_of
from app.escalation.terms import Terms

WROTE = datetime(2026, 11, 20, 15, 0, tzinfo=UTC)  # Friday, 16:00 in Berlin
HOUR, MINUTE = timedelta(hours=1), timedelta(minutes=1)
OFFICE = """
[calendar.shop]
tz = "Europe/Berlin"
[calendar.shop.hours]
monday = [["09:00", "17:00"]]
tuesday = [["09:00", "17:00"]]
wednesday = [["09:00", "17:00"]]
thursday = [["09:00", "17:00"]]
friday = [["09:00", "17:00"]]
"""
TERMS = Terms.load(rules())


def office(tmp_path: Path, sla: str = "") -> Terms:
    """The shipped promises over a week of office hours in Berlin, and what `sla` says."""
    (tmp_path / "calendar.toml").write_text(OFFICE)
    (tmp_path / "sla.toml").write_text(sla)
    return Terms.load(rules(), tmp_path)


def heard(hours: float, name: str = "") -> Moment:
    return Moment(at=WROTE + hours * HOUR, beat=Beat.HEARD, name=name or f"<{hours}>")


def answered(hours: float) -> Moment:
    return Moment(at=WROTE + hours * HOUR, beat=Beat.ANSWERED)


def put_away(hours: float) -> Moment:
    return Moment(at=WROTE + hours * HOUR, beat=Beat.PUT_AWAY)


def owed(
    *told: Moment,
    terms: Terms = TERMS,
    priority: Priority = Priority.P2,
    kind: Kind = Kind.DAMAGED,
    customer: str = "ben@customer.example",
    after: float = 1000,
) -> tuple[Deadline, ...]:
    story = story_of(told)
    ranked = [Ranked(priority=priority, severity=Severity.HIGH)] * len(story.turns)
    case = Case(kind=kind, customer=customer, story=story, ranked=ranked)
    now = WROTE + after * HOUR
    return promises(case, rules=terms.sla, calendars=terms.calendars, now=now)


def only(deadlines: Sequence[Deadline], metric: Metric) -> Deadline:
    (found,) = (one for one in deadlines if one.metric is metric)
    return found


def first(*told: Moment, **more) -> Deadline:
    return only(owed(*told, **more), Metric.FIRST_RESPONSE)


@pytest.mark.parametrize(
    ("priority", "hours"),
    [(Priority.P1, 1), (Priority.P2, 4), (Priority.P3, 24), (Priority.P4, 48)],
)
def test_without_hours_of_the_owner_every_hour_counts(priority: Priority, hours: int) -> None:
    assert first(heard(0), priority=priority).planned_at == WROTE + hours * HOUR


def test_the_promise_says_line_by_line_how_it_came_about() -> None:
    assert first(heard(0)).explanation == (
        "P2, high: a first answer is promised within 4 h.",
        "It counts from Fri 20 Nov 2026 15:00, when they wrote.",
        "All hours count, day and night.",
        "So it is due Fri 20 Nov 2026 19:00.",
        "All times are those of UTC.",
    )


def test_working_time_goes_around_the_weekend_and_says_so(tmp_path: Path) -> None:
    """Friday 16:00 in Berlin and four hours: one on Friday, three on Monday."""
    found = first(heard(0), terms=office(tmp_path))
    assert found.planned_at == instant("2026-11-23T12:00:00+01:00")
    assert found.explanation == (
        "P2, high: a first answer is promised within 4 h.",
        "4 h of working time, counted from Fri 20 Nov 2026 16:00.",
        "Fri 20 Nov 2026 16:00 to 17:00: 1 h, 3 h left.",
        "Fri 20 Nov 2026 17:00 to Mon 23 Nov 2026 09:00: closed.",
        "Mon 23 Nov 2026 09:00 to 12:00: 3 h, used up.",
        "So it is due Mon 23 Nov 2026 12:00.",
        "All times are those of Europe/Berlin.",
    )


def test_the_next_answer_is_owed_from_their_first_mail_after_ours_and_follow_ups_do_not_move_it():
    found = owed(heard(0), answered(1), heard(10, "<b>"), heard(11), heard(17))
    following = only(found, Metric.NEXT_RESPONSE)
    assert (following.name, following.started_at) == ("<b>", WROTE + 10 * HOUR)
    assert following.planned_at == WROTE + 18 * HOUR


def test_no_next_answer_is_owed_before_the_first_was_given() -> None:
    found = owed(heard(0), heard(1), heard(2))
    assert [one.metric for one in found] == [Metric.FIRST_RESPONSE]


def test_each_answer_that_was_owed_stays_to_be_seen_with_what_became_of_it() -> None:
    found = owed(heard(0), answered(5), heard(10), answered(11), heard(20), after=21)
    assert [(one.metric, bool(one.breached_at), one.is_open) for one in found] == [
        (Metric.FIRST_RESPONSE, True, False),
        (Metric.NEXT_RESPONSE, False, False),
        (Metric.NEXT_RESPONSE, False, True),
    ]


def test_while_it_is_their_turn_the_time_until_it_is_done_stands_still(tmp_path: Path) -> None:
    terms = office(tmp_path, '[resolution]\nP2 = "10 h"\n')
    told = (heard(0), answered(0.5), heard(90), put_away(92))
    found = only(owed(*told, terms=terms), Metric.RESOLUTION)
    # half an hour on Friday, then from Tuesday 10:00 on
    assert found.planned_at == instant("2026-11-25T11:30:00+01:00")
    assert found.met_at == WROTE + 92 * HOUR
    assert found.breached_at is None


def test_what_stands_still_cannot_break_and_says_since_when(tmp_path: Path) -> None:
    terms = office(tmp_path, '[resolution]\nP2 = "10 h"\n')
    found = only(owed(heard(0), answered(0.5), terms=terms), Metric.RESOLUTION)
    assert found.paused_at == WROTE + 0.5 * HOUR
    assert not found.runs
    assert found.breached_at is None
    assert "Fri 20 Nov 2026 16:30 it is not our turn" in found.explanation[-2]


def test_a_question_that_was_put_away_without_an_answer_stands_still() -> None:
    found = first(heard(0), put_away(1))
    assert (found.paused_at, found.breached_at) == (WROTE + HOUR, None)


def test_a_question_that_comes_back_goes_on_where_it_stood() -> None:
    """An hour was used, nine passed while it was put away."""
    found = first(heard(0), put_away(1), heard(10))
    assert found.planned_at == WROTE + 13 * HOUR


def test_time_before_a_question_is_none_of_its_pauses_and_each_later_one_is() -> None:
    """We waited for them until they asked; then it was put away for nine hours."""
    found = owed(heard(0), answered(1), heard(10), put_away(11), heard(20))
    assert only(found, Metric.NEXT_RESPONSE).planned_at == WROTE + (10 + 8 + 9) * HOUR


def test_what_was_planned_for_an_answer_that_was_given_does_not_move_afterwards() -> None:
    assert first(heard(0), answered(1), heard(10)).planned_at == WROTE + 4 * HOUR


def test_where_nobody_of_them_wrote_nothing_is_owed() -> None:
    assert owed(answered(0), put_away(1)) == ()


def test_a_policy_speaks_for_its_customers_kinds_and_priorities(tmp_path: Path) -> None:
    terms = office(
        tmp_path,
        """
[[policy]]
name = "Wholesale"
customers = ["*@chain.example"]
kinds = ["damaged"]
calendar = "always"
first_response = "30 min"
warn = "10 min"
""",
    )
    theirs = first(heard(0), terms=terms, customer="Anna@Chain.example")
    assert theirs.planned_at == WROTE + 30 * MINUTE
    assert theirs.policy == "Wholesale"
    assert theirs.warn_ahead == (10 * MINUTE,)
    assert 'by the policy "Wholesale"' in theirs.explanation[0]
    assert first(heard(0), terms=terms).policy == ""
    assert first(heard(0), terms=terms, customer="a@chain.example", kind=Kind.LATE).policy == ""


def test_where_nothing_is_promised_nothing_is_owed(tmp_path: Path) -> None:
    terms = office(tmp_path, '[first_response]\nP4 = "none"\n')
    assert owed(heard(0), terms=terms, priority=Priority.P4) == ()


def test_other_hours_give_the_answer_as_if_they_had_always_held(tmp_path: Path) -> None:
    """What was broken under the old hours may be kept under the new ones, and the other way."""
    told = (heard(0), answered(60))
    assert first(*told).breached_at is not None
    assert first(*told, terms=office(tmp_path)).breached_at is None


def test_an_answer_at_the_last_instant_is_in_time_and_a_second_later_is_not() -> None:
    deadline = first(heard(0), after=1)
    in_time = met(deadline, deadline.planned_at)
    late = met(deadline, deadline.planned_at + timedelta(seconds=1))
    assert (in_time.met_at, in_time.breached_at) == (deadline.planned_at, None)
    assert late.breached_at == deadline.planned_at


def test_a_promise_breaks_at_its_own_instant_whenever_somebody_looks() -> None:
    deadline = first(heard(0), after=1)
    assert breach(deadline, deadline.planned_at) == deadline
    broken = breach(deadline, deadline.planned_at + timedelta(days=3))
    assert broken.breached_at == deadline.planned_at


def test_a_reminder_comes_once_and_not_where_it_would_come_with_the_mail(tmp_path: Path) -> None:
    deadline = first(heard(0), after=1)
    assert deadline.warn_at == deadline.planned_at - HOUR
    short = office(tmp_path, '[first_response]\nP2 = "90 min"\n')
    assert first(heard(-3), terms=short, after=0).warn_ahead == ()
    long = office(tmp_path, '[first_response]\nP2 = "2 h"\n')
    assert first(heard(-3), terms=long, after=0).warn_ahead == (HOUR,)


def test_while_a_customer_is_waited_for_only_our_word_and_the_clocks_of_others_run() -> None:
    assert {one for one in Metric if one.runs_while_we_wait} == {
        Metric.GIVEN_WORD,
        Metric.PROVIDER_CLOCK,
        Metric.LEGAL_CLOCK,
    }


def test_each_reminder_is_used_up_once_the_earliest_first() -> None:
    days = tuple(timedelta(days=number) for number in (0, 3, 1))
    clock = Deadline(metric=Metric.PROVIDER_CLOCK, planned_at=WROTE, warn_ahead=days)
    told, warned = [], None
    while (at := replace(clock, warned=warned).warn_at) is not None:
        warned = WROTE - at
        told.append(warned / timedelta(days=1))
    assert told == [3, 1, 0]


def test_a_broken_promise_reminds_no_more_a_clock_does_until_it_stops() -> None:
    late = Deadline(
        metric=Metric.FIRST_RESPONSE, planned_at=WROTE, warn_ahead=(HOUR,), breached_at=WROTE
    )
    assert late.warn_at is None
    clock = replace(late, metric=Metric.LEGAL_CLOCK)
    assert clock.warn_at == WROTE - HOUR
    assert replace(clock, met_at=WROTE).warn_at is None


@given(
    answer=st.integers(1, 4000).map(lambda minutes: WROTE + minutes * MINUTE),
    look=st.integers(1, 4000).map(lambda minutes: WROTE + minutes * MINUTE),
)
def test_looking_before_an_answer_changes_nothing_about_how_it_ends(
    answer: datetime, look: datetime
) -> None:
    """Whether the watch noticed the breach or the answer came first, the end is the same."""
    deadline = first(heard(0), after=0)
    looked = breach(deadline, look) if look <= answer else deadline
    assert met(looked, answer) == met(deadline, answer)


def test_another_language_is_spoken_from_the_next_look_on(tmp_path: Path) -> None:
    said = first(heard(0)).explanation
    speak(translations("de", cache=tmp_path))
    try:
        german = first(heard(0)).explanation
    finally:
        speak(NullTranslations())
    assert not set(said) & set(german), "no line is kept from before"
    assert first(heard(0)).explanation == said


@pytest.mark.parametrize("zone", ["Europe/Berlin", "Etc/UTC"])
def test_a_deadlines_sentences_have_no_seconds_and_no_name_that_only_machines_give(
    tmp_path: Path, zone: str
) -> None:
    """What nobody promised to the second is not said to the second; Etc/UTC is no place."""
    office(tmp_path)
    (tmp_path / "calendar.toml").write_text(OFFICE.replace("Europe/Berlin", zone))
    odd = Moment(at=WROTE + timedelta(minutes=4, seconds=37), beat=Beat.HEARD, name="<odd>")
    said = first(odd, terms=Terms.load(rules(), tmp_path)).explanation
    assert not any(":37" in line or " s" in line.replace(" so", "") for line in said[1:-1])
    assert said[-1] == f"All times are those of {zone.removeprefix('Etc/')}."
