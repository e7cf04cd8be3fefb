"""Nobody takes it a second time: what slept, or was answered in vain, is climbed for anew; what a
person said is not so bad is not."""

from __future__ import annotations

from datetime import timedelta

import pytest

from app.domain.clock import rfc3339
from app.mail.smtp_failures import SendRefused
from app.storage import alerts
from tests.support.engine import NOON, a_letter
from tests.support.office import ADA, Office

pytestmark = pytest.mark.servers


def asleep(office: Office, **length: float) -> None:
    until = office.engine.clock.now() + timedelta(**length)
    office.engine.desk.snooze(office.engine.only_key(), until=rfc3339(until))


def minutes_pass(office: Office, minutes: int) -> None:
    """As in an engine: the watch wakes what slept, then it is looked whose turn it is."""
    for _ in range(minutes):
        office.engine.clock.forward(minutes=1)
        office.engine.watch.look()
        office.escalating.step()


def test_an_issue_that_wakes_up_is_climbed_for_anew(burning: Office) -> None:
    """While it sleeps nobody is told; then people are told as if it had just rung."""
    asleep(burning, minutes=30)
    minutes_pass(burning, 39)
    assert burning.calls() == []
    minutes_pass(burning, 1)
    assert burning.calls() == [("Ada", "email", "sent")]
    minutes_pass(burning, 15)
    assert burning.calls()[1:] == [("Ada", "email", "sent"), ("Ben", "service", "sent")]


def test_an_issue_that_sleeps_half_way_up_begins_at_the_first_step_again(burning: Office) -> None:
    burning.pass_minutes(10)
    asleep(burning, minutes=5)
    minutes_pass(burning, 14)
    assert burning.calls() == [("Ada", "email", "sent")]
    minutes_pass(burning, 1)
    assert burning.calls()[1:] == [("Ada", "email", "sent")]


def test_after_a_sleep_it_is_said_again_where_nobody_could_be_reached(burning: Office) -> None:
    """A call of the earlier climb that got through does not count for the later one."""
    burning.pass_minutes(10)
    asleep(burning, minutes=5)
    burning.post.fail("rcpt", "550 5.1.1 no such user")
    minutes_pass(burning, 15)
    assert burning.calls()[1:] == [("Ada", "email", "failed")]
    assert any(one.startswith("Nobody could be reached") for one in burning.rung())


def test_that_every_round_is_used_up_is_said_of_each_climb(burning: Office) -> None:
    def said() -> int:
        every = burning.engine.writer.do(lambda db: alerts.recent(db, NOON))
        return sum(one.title.startswith("Everybody was told") for one in every)

    minutes_pass(burning, 90)
    assert said() == 1
    asleep(burning, minutes=5)
    minutes_pass(burning, 3)
    assert said() == 1
    minutes_pass(burning, 95)
    assert said() == 2


@pytest.mark.parametrize("ending", ["taken back", "refused"])
def test_a_planned_reply_that_does_not_go_wakes_the_climb(burning: Office, ending: str) -> None:
    """It put the issue to sleep until its hour; without it somebody has to be told."""
    engine, key = burning.engine, burning.engine.only_key()
    at = rfc3339(engine.clock.now() + timedelta(hours=2))
    words = "Dear Ben,\n\nwe are so sorry and call you today.\n\nJo"
    reply = engine.writing.send_reply(key, words, at=at, insist=True)["reply"]
    minutes_pass(burning, 60)
    assert burning.calls() == []
    if ending == "taken back":
        engine.on_its_way.undo_send(reply)
    else:
        engine.connections.post.before = refuse
        engine.on_its_way.send_now(reply)
        engine.outbox().step()
    minutes_pass(burning, 11)
    assert burning.calls() == [("Ada", "email", "sent")]


def refuse() -> None:
    raise SendRefused("The server refuses ben@customer.example", "User unknown")


def test_what_is_acknowledged_by_mistake_and_undone_is_climbed_for_again(burning: Office) -> None:
    entry = burning.engine.desk.acknowledge(burning.engine.only_key())["entry"]
    burning.pass_minutes(5)
    burning.engine.desk.undo(entry)
    burning.pass_minutes(0)
    burning.pass_minutes(10)
    assert burning.calls() == [("Ada", "email", "sent")]


@pytest.mark.parametrize(
    "said",
    [
        ("override", {"severity": "low"}),
        ("override", {"kind": "not_an_issue"}),
        ("verdict", {"verdict": "false_alarm"}),
    ],
    ids=["not so bad", "no issue", "a false alarm"],
)
def test_nobody_is_told_of_what_a_person_said_is_not_so_bad(
    burning: Office, said: tuple[str, dict[str, str]]
) -> None:
    """The next rungs once told everybody all the same, as long as nobody acknowledged it."""
    burning.pass_minutes(10)
    verb, args = said
    getattr(burning.engine.desk, verb)(burning.engine.only_key(), **args)
    minutes_pass(burning, 120)
    assert burning.calls() == [("Ada", "email", "sent")]


def test_a_call_that_still_waits_is_not_made_of_a_false_alarm(burning: Office) -> None:
    burning.post.fail("rcpt", "451 4.3.0 try again later")
    burning.pass_minutes(10)
    burning.engine.desk.verdict(burning.engine.only_key(), "false_alarm")
    burning.post.heal()
    minutes_pass(burning, 10)
    assert burning.post.received == []


def test_what_is_made_worse_again_is_climbed_for_from_the_beginning(burning: Office) -> None:
    key = burning.engine.only_key()
    burning.engine.desk.override(key, severity="low")
    burning.pass_minutes(10)
    burning.engine.desk.override(key, severity="critical")
    burning.pass_minutes(1)
    burning.pass_minutes(9)
    assert burning.calls() == []
    burning.pass_minutes(1)
    assert burning.calls() == [("Ada", "email", "sent")]


def test_a_danger_that_is_told_after_a_false_alarm_is_climbed_for(office: Office) -> None:
    """What was said of the threat says nothing of the wound."""
    office.desk.add("Ada", emails=[ADA])
    office.engine.receive(a_letter("You are cheats. My lawyer will sue you."))
    office.escalating.step()
    office.engine.clock.forward(minutes=1)
    office.engine.desk.verdict(office.engine.only_key(), "false_alarm")
    minutes_pass(office, 60)
    assert office.calls() == []
    office.engine.receive(
        a_letter(
            "Now my daughter was cut by the bowl and is in hospital.",
            message_id="<second@customer.example>",
            answers="<first@customer.example>",
        )
    )
    minutes_pass(office, 11)
    assert office.calls() == [("Ada", "email", "sent")]
