"""Who has dealt with an issue is not called to it any more: no pop-up, no banner, no button that
acts on what is done."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest

from app.alerts.notifier import Action
from app.domain.alert import Alert, AlertState
from app.domain.clock import rfc3339
from app.domain.journal import State
from app.engine.buttons import Buttons
from app.engine.ringer import STATE_OF, Ringer
from app.storage import alerts
from tests.support.engine import Engine
from tests.support.ringing import PlayedDesktop, an_injury, queued

Deed = Callable[[Engine, str], Any]
LATER = timedelta(hours=2)


def _answer(engine: Engine, key: str) -> None:
    words = "Dear Person,\n\nwe are so sorry and call you today.\n\nJo"
    engine.writing.send_reply(key, words, insist=True)
    engine.clock.forward(minutes=1)
    engine.outbox().step()
    assert engine.issue(key).row.state is State.WAITING


DEEDS: dict[str, Deed] = {
    "opened": lambda engine, key: engine.desk.seen(key),
    "acknowledged": lambda engine, key: engine.desk.acknowledge(key),
    "put to sleep": lambda engine, key: engine.desk.snooze(
        key, rfc3339(engine.clock.now() + LATER)
    ),
    "resolved": lambda engine, key: engine.desk.resolve(key),
    "called a false alarm": lambda engine, key: engine.desk.verdict(key, "false_alarm"),
    "judged less bad": lambda engine, key: engine.desk.override(key, severity="low"),
    "answered": _answer,
}


@pytest.mark.parametrize("deed", list(DEEDS))
def test_whoever_deals_with_an_issue_takes_its_pop_up_off_the_screen(
    engine: Engine, desktop: PlayedDesktop, ringer: Ringer, deed: str
) -> None:
    """In the window or by a command: an urgent pop-up never goes by itself, and once stayed."""
    engine.receive(an_injury())
    ringer.look()
    (shown,) = desktop.taken
    engine.moved.clear()
    DEEDS[deed](engine, engine.only_key())
    assert engine.writer.do(alerts.unseen) == ()
    assert any(shown.id in one.alerts for one in engine.moved), "the ringer is woken"
    ringer.look()
    assert desktop.withdrawn == [shown.dedupe]


def test_what_was_dealt_with_before_it_was_shown_is_never_shown(
    engine: Engine, desktop: PlayedDesktop, ringer: Ringer
) -> None:
    engine.receive(an_injury())
    engine.desk.acknowledge(engine.only_key())
    ringer.look()
    assert queued(engine) == ()
    assert desktop.taken == []


def test_a_card_goes_when_the_last_of_its_issues_was_dealt_with(
    engine: Engine, desktop: PlayedDesktop, ringer: Ringer
) -> None:
    """However each was: opened, acknowledged, resolved."""
    engine.receive(*(an_injury(number) for number in range(5)))
    ringer.look()
    (card,) = desktop.taken
    first, second, third, fourth, fifth = card.issue_keys
    engine.desk.seen(first)
    engine.desk.acknowledge([second, third])
    engine.desk.resolve(fourth)
    ringer.look()
    assert desktop.withdrawn == []
    engine.desk.acknowledge(fifth)
    ringer.look()
    assert desktop.withdrawn == [card.dedupe]


def test_a_desktop_that_goes_away_brings_back_nothing_that_was_dealt_with(
    engine: Engine, desktop: PlayedDesktop, ringer: Ringer
) -> None:
    engine.receive(an_injury())
    ringer.look()
    (shown,) = desktop.taken
    engine.desk.resolve(engine.only_key())
    ringer.close((shown.id,), STATE_OF[Action.LOST])
    (kept,) = engine.writer.do(lambda db: alerts.recent(db, shown.created_at))
    assert kept.state is AlertState.DISMISSED


@pytest.mark.parametrize("action", [Action.ACKNOWLEDGE, Action.SNOOZE])
def test_the_button_of_an_old_pop_up_does_not_bring_back_what_is_done(
    engine: Engine, action: Action
) -> None:
    """The issue was resolved in the window; the click of a moment later once made it open again."""
    engine.receive(an_injury())
    key = engine.only_key()
    buttons = Buttons(desk=engine.desk, writer=engine.writer, clock=engine.clock)
    engine.desk.resolve(key)
    buttons.press(action, (key,))
    (row,) = engine.rows()
    assert (row.state, row.snoozed_until) == (State.RESOLVED, None)


def test_the_buttons_of_a_pop_up_do_what_they_say(engine: Engine) -> None:
    engine.receive(an_injury())
    key = engine.only_key()
    buttons = Buttons(desk=engine.desk, writer=engine.writer, clock=engine.clock)
    buttons.press(Action.ACKNOWLEDGE, (key, "gone"))
    assert engine.rows()[0].state is State.ACKNOWLEDGED
    buttons.press(Action.SNOOZE, (key,))
    assert engine.rows()[0].snoozed_until == engine.clock.now() + timedelta(hours=1)


@pytest.mark.parametrize(("deed", "left"), [("acknowledged", 1), ("opened", 0), ("resolved", 0)])
def test_a_date_of_others_that_waits_to_be_told_is_told_though_its_issue_is_taken_up(
    engine: Engine, deed: str, left: int
) -> None:
    """Who acknowledges it from the list has not read the date; who opens the issue has."""
    engine.receive(an_injury())
    key = engine.only_key()
    now = engine.clock.now()
    date = Alert(
        dedupe="date", issue_keys=(key,), title="72 h left", body="", created_at=now, by_name=True
    )
    engine.writer.do(lambda db: alerts.queue(db, date))
    DEEDS[deed](engine, key)
    assert len(queued(engine)) == left
