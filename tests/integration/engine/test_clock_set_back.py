"""A clock that was wrong for a while and is set right: nobody is silent until it comes round."""

from __future__ import annotations

from datetime import timedelta

import pytest

from app.alerts.quiet import spent_until
from app.domain.alert import Alert
from app.engine.ringer import Ringer
from app.storage import alerts
from tests.support.engine import NOON, Engine, a_letter
from tests.support.office import Office
from tests.support.ringing import PlayedDesktop, an_injury

A_YEAR = timedelta(days=365)


def test_what_rang_by_a_clock_of_next_year_does_not_use_up_this_years_hours() -> None:
    shown = [NOON + A_YEAR] * 12
    assert spent_until(shown, per_hour=3, now=NOON) is None


def test_what_arrives_after_the_clock_was_set_right_rings(
    engine: Engine, desktop: PlayedDesktop, ringer: Ringer
) -> None:
    """A laptop with an empty battery in its clock woke in next year; a storm rang there, and then
    the hour came from the network."""
    engine.clock.at = NOON + A_YEAR
    for number in range(5):
        engine.receive(an_injury(number))
        ringer.look()
    engine.clock.at = NOON
    desktop.taken.clear()
    engine.receive(an_injury(9))
    ringer.look()
    assert "Legal, answer by 13:00" in [one.title for one in desktop.taken]


def test_a_second_mail_rings_though_the_first_one_rang_in_next_year(
    engine: Engine, desktop: PlayedDesktop, ringer: Ringer
) -> None:
    engine.clock.at = NOON + A_YEAR
    engine.receive(an_injury())
    ringer.look()
    engine.clock.at = NOON + timedelta(minutes=5)
    desktop.taken.clear()
    again = a_letter(
        "My daughter was cut by the chipped bowl and is in hospital. Our lawyer will sue you.",
        sender="Person 1 <p1@customer.example>",
        message_id="<again@customer.example>",
        answers="<injury1@customer.example>",
    )
    engine.receive(again)
    ringer.look()
    assert len(desktop.taken) == 1


def test_a_sleep_that_ended_in_next_year_keeps_nothing_back_until_then(
    engine: Engine, desktop: PlayedDesktop, ringer: Ringer
) -> None:
    """It wakes with a wrong clock, which the network sets right within the minute."""
    ringer.look()
    engine.clock.at = NOON + A_YEAR
    ringer.look()
    engine.clock.at = NOON + timedelta(hours=1)
    ringer.look()
    alert = Alert(
        dedupe="one", issue_keys=("key",), title="Urgent", body="", created_at=engine.clock.now()
    )
    engine.writer.do(lambda db: alerts.queue(db, alert))
    ringer.look()
    assert [one.title for one in desktop.taken] == ["Urgent"]


@pytest.mark.servers
def test_a_ladder_that_began_in_next_year_is_climbed_now(burning: Office) -> None:
    clock = burning.engine.clock
    clock.at = NOON + A_YEAR
    burning.engine.desk.snooze(
        burning.engine.only_key(), (clock.at + timedelta(hours=1)).isoformat()
    )
    burning.pass_minutes(61)
    burning.engine.watch.look()
    burning.escalating.step()
    clock.at = NOON
    burning.escalating.step()
    burning.pass_minutes(11)
    assert ("Ada", "email", "sent") in burning.calls()
