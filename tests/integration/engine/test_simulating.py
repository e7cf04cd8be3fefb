"""Alert rules tried on what has happened."""

from __future__ import annotations

from datetime import UTC

import pytest

from app.domain.errors import Refused
from app.engine.simulating import Simulating
from app.triage.owner_rules import read_plain
from tests.support.engine import a_letter
from tests.support.ringing import an_injury


@pytest.fixture
def simulating(engine):
    return Simulating(
        database=engine.database,
        clock=engine.clock,
        settings=lambda: engine.settings,
        zone=lambda: UTC,
        rules=engine.book.rules,
        calendar=lambda: engine.standing.terms.calendars.shop,
    )


def test_each_choice_is_tried_where_none_is_asked_for(engine, simulating):
    """As it is, and each of the three; the gravest rings in all of them."""
    engine.receive(an_injury(), a_letter())
    answer = simulating.simulate()
    assert answer["as_it_is"]["alerts"] == 1
    assert [one["ring_for"] for one in answer["tried"]] == ["critical", "urgent", "high"]
    assert answer["issues"] == 2


def test_what_a_person_said_should_have_rung_is_told_as_missed(engine, simulating):
    """By its key, to be opened."""
    engine.receive(a_letter())
    key = engine.only_key()
    engine.desk.verdict(key, "missed")
    assert simulating.simulate()["as_it_is"]["missed"] == [key]


def test_a_false_alarm_is_counted_where_it_would_ring_again(engine, simulating):
    """And not where the rules would have been silent."""
    engine.receive(an_injury())
    engine.desk.verdict(engine.only_key(), "false_alarm")
    assert simulating.simulate()["as_it_is"]["false_alarms"] == 1
    assert simulating.simulate()["as_it_is"]["missed"] == []


def test_mail_of_what_somebody_had_in_hand_is_no_news(engine, simulating):
    """An acknowledged issue does not ring; nor would it have."""
    engine.receive(an_injury())
    engine.clock.forward(minutes=5)
    engine.desk.acknowledge(engine.only_key())
    engine.clock.forward(minutes=5)
    engine.receive(
        a_letter(
            "We are still in hospital!",
            sender="Person 1 <p1@customer.example>",
            message_id="<more@customer.example>",
            answers="<injury1@customer.example>",
        )
    )
    assert simulating.simulate()["as_it_is"]["alerts"] == 1


def test_what_somebody_had_in_hand_would_not_have_been_missed(engine, simulating):
    """It rang before the time that is looked at; what came since came to who was at it."""
    engine.receive(an_injury())
    engine.desk.acknowledge(engine.only_key())
    engine.clock.forward(days=50)
    more = a_letter(
        "We are still in hospital!",
        sender="Person 1 <p1@customer.example>",
        message_id="<more@customer.example>",
        answers="<injury1@customer.example>",
    )
    engine.receive(more)
    engine.clock.forward(days=50)
    assert engine.issue(engine.only_key()).row.message_count == 2
    answer = simulating.simulate()
    assert (answer["issues"], answer["as_it_is"]["missed"]) == (0, [])


@pytest.mark.parametrize("said", [{"kind": "not_an_issue"}, {"severity": "low"}])
def test_an_alarm_that_a_person_put_down_would_ring_again_and_is_counted_as_false(
    engine, simulating, said
):
    """As the figure beside it counts it; it does not vanish from what was looked at."""
    engine.receive(an_injury())
    engine.desk.override(engine.only_key(), **said)
    answer = simulating.simulate()
    assert (answer["issues"], answer["as_it_is"]["alerts"]) == (1, 1)
    assert (answer["as_it_is"]["false_alarms"], answer["as_it_is"]["missed"]) == (1, [])


def test_a_value_that_the_setting_would_not_take_is_refused(simulating):
    """With what it must be."""
    with pytest.raises(Refused, match="22:00-07:00"):
        simulating.simulate(quiet_hours="at night")
    with pytest.raises(Refused, match="one of"):
        simulating.simulate(ring_for="everything")


def _rule(engine, condition: str, **then) -> None:
    engine.book.keep([read_plain({"name": "Mine", "if": condition, "then": then})])


def test_a_rule_that_is_made_today_is_tried_on_what_came_before_it(engine, simulating):
    """It would have been critical, so it would have rung; without the rules it would not."""
    engine.receive(a_letter())
    _rule(engine, 'subject contains "mugs"', severity="critical")
    answer = simulating.simulate()
    assert (answer["rules"], answer["as_it_is"]["alerts"]) == (1, 1)
    assert answer["without_rules"]["alerts"] == 0


def test_a_rule_that_is_gone_counts_no_more(engine, simulating):
    """What it did to an issue then is told as it would be now."""
    _rule(engine, 'subject contains "mugs"', severity="critical")
    engine.receive(a_letter())
    engine.book.keep([])
    answer = simulating.simulate()
    assert answer["as_it_is"]["alerts"] == 0
    assert "without_rules" not in answer


def test_a_rule_that_mutes_never_silences_danger(engine, simulating):
    engine.receive(an_injury())
    _rule(engine, "has_order or not has_order", mute=True)
    assert simulating.simulate()["as_it_is"]["alerts"] == 1


@pytest.mark.parametrize("days", [99_999_999_999, 3651, 0, -5])
def test_days_that_cannot_be_looked_back_are_refused(simulating, days):
    """Neither a mistake of ours nor figures of no time at all."""
    with pytest.raises(Refused, match="1 to 3650"):
        simulating.simulate(days=days)
