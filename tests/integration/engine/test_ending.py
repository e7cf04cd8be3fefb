"""An engine that is told to end lets the reply leave that its owner has just sent."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

from app.domain.clock import rfc3339
from app.engine.ending import Ending
from app.mail.smtp_failures import SendDelayed
from tests.support.engine import Engine

pytestmark = pytest.mark.usefixtures("key")  # a customer wrote

WORDS = "Dear Ben,\n\nwe are sorry and send new mugs.\n\nJo"


@pytest.fixture
def ending(engine: Engine) -> Ending:
    return Ending(writer=engine.writer, clock=engine.clock)


def send(engine: Engine, **how: Any) -> None:
    engine.writing.send_reply(engine.only_key(), WORDS, insist=True, **how)


def test_a_reply_that_counts_down_leaves_first(engine: Engine, ending: Ending) -> None:
    """It once lay there until the next start, days later."""
    send(engine)
    ending.ask()
    assert not ending.has_come()
    engine.clock.forward(minutes=1)
    engine.outbox().step()
    engine.clock.forward(minutes=2)
    engine.outbox().step()  # its copy is filed
    assert len(engine.connections.post.sent) == 1
    assert ending.has_come()


def test_nothing_is_waited_for_that_nobody_asked_for(engine: Engine, ending: Ending) -> None:
    assert not ending.has_come()
    ending.ask()
    assert ending.has_come()


def test_what_is_planned_for_later_is_not_waited_for(engine: Engine, ending: Ending) -> None:
    send(engine, at=rfc3339(engine.clock.now() + timedelta(days=1)))
    ending.ask()
    assert ending.has_come()


def test_what_cannot_be_sent_is_not_waited_for(engine: Engine, ending: Ending) -> None:
    def delayed() -> None:
        raise SendDelayed("The server is busy")

    engine.connections.post.before = delayed
    send(engine)
    ending.ask()
    engine.clock.forward(minutes=1)
    engine.outbox().step()
    assert ending.has_come()


def test_a_server_that_hangs_does_not_hold_it_up_for_ever(engine: Engine, ending: Ending) -> None:
    send(engine)
    ending.ask()
    engine.clock.forward(minutes=6)
    assert ending.has_come()


def test_a_window_that_comes_meanwhile_keeps_the_engine(engine: Engine, ending: Ending) -> None:
    send(engine)
    ending.ask()
    ending.take_back()
    engine.clock.forward(minutes=6)
    assert not ending.has_come()
