"""Snooze means: ring again then. What was put to sleep and is urgent rings when it wakes."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

from app.alerts.notifier import Action
from app.domain.clock import rfc3339
from app.engine.buttons import Buttons
from app.engine.ringer import STATE_OF, Ringer
from tests.support.engine import Engine, a_letter
from tests.support.ringing import PlayedDesktop, an_injury


def minutes_pass(engine: Engine, ringer: Ringer, minutes: int) -> None:
    for _ in range(minutes):
        engine.clock.forward(minutes=1)
        engine.watch.look()
        ringer.look()


def about_the_issue(desktop: PlayedDesktop) -> list[str]:
    return [one.title for one in desktop.taken if one.title.startswith("Legal")]


def test_the_pop_ups_snooze_rings_again_when_its_hour_is_over(
    engine: Engine, desktop: PlayedDesktop, ringer: Ringer
) -> None:
    """The button says 1 h; it once was the last that anybody heard of the matter."""
    engine.receive(an_injury())
    ringer.look()
    (first,) = desktop.taken
    ringer.close((first.id,), STATE_OF[Action.SNOOZE])
    buttons = Buttons(desk=engine.desk, writer=engine.writer, clock=engine.clock)
    buttons.press(Action.SNOOZE, first.issue_keys)
    minutes_pass(engine, ringer, 59)
    assert len(desktop.taken) == 1
    minutes_pass(engine, ringer, 2)
    again = desktop.taken[1]
    assert again.issue_keys == first.issue_keys
    assert "You had put it to sleep until now." in again.body


def test_it_rings_once_when_it_wakes_and_after_a_fortnight_too(
    engine: Engine, desktop: PlayedDesktop, ringer: Ringer
) -> None:
    engine.settings = replace(engine.settings, repeat_minutes=0)
    engine.receive(an_injury())
    ringer.look()
    engine.desk.snooze(engine.only_key(), rfc3339(engine.clock.now() + timedelta(days=14)))
    engine.clock.forward(days=14)
    minutes_pass(engine, ringer, 30)
    assert len(about_the_issue(desktop)) == 2


def test_what_was_never_urgent_wakes_quietly(
    engine: Engine, desktop: PlayedDesktop, ringer: Ringer
) -> None:
    engine.receive(a_letter("Is the blue kettle safe for a dishwasher?", subject="Kettle"))
    engine.desk.snooze(engine.only_key(), rfc3339(engine.clock.now() + timedelta(minutes=10)))
    minutes_pass(engine, ringer, 15)
    assert desktop.taken == []


def test_what_was_resolved_or_woken_by_hand_does_not_ring(
    engine: Engine, desktop: PlayedDesktop, ringer: Ringer
) -> None:
    engine.receive(an_injury())
    ringer.look()
    key = engine.only_key()
    engine.desk.snooze(key, rfc3339(engine.clock.now() + timedelta(minutes=10)))
    engine.desk.resolve(key)
    minutes_pass(engine, ringer, 15)
    assert len(desktop.taken) == 1


def test_an_issue_that_sleeps_until_its_planned_reply_goes_does_not_ring_then(
    engine: Engine, desktop: PlayedDesktop, ringer: Ringer
) -> None:
    """The watch may look a moment before the outbox."""
    engine.receive(an_injury())
    ringer.look()
    at = rfc3339(engine.clock.now() + timedelta(hours=2))
    words = "Dear Person,\n\nwe are so sorry and call you today.\n\nJo"
    engine.writing.send_reply(engine.only_key(), words, at=at, insist=True)
    minutes_pass(engine, ringer, 119)
    before = len(about_the_issue(desktop))
    minutes_pass(engine, ringer, 1)
    assert len(about_the_issue(desktop)) == before
