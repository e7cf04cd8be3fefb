"""Turns that a thread takes one after another: when they come, and what ends or outlives them."""

from __future__ import annotations

import logging
import queue
import threading

import pytest

from app.domain.errors import KnownError
from app.engine.turns import Turns
from tests.support.processes import PATIENCE

NEVER = 3600.0


def test_turns_follow_each_other_until_they_are_stopped() -> None:
    """The rest that a turn asks for is what lies between it and the next; stopped, none comes."""
    taken: queue.Queue[int] = queue.Queue()

    def take() -> float:
        taken.put(1)
        return 0.0 if taken.qsize() < 3 else NEVER

    turns = Turns(take, name="some work", rest=NEVER)
    turns.start()
    for _ in range(3):
        taken.get(timeout=PATIENCE)
    turns.stop()
    assert turns.is_over
    assert taken.empty()


def test_a_waked_thread_rests_no_longer() -> None:
    """Whoever has news need not wait for the rest to pass, the first one either."""
    taken = threading.Event()

    def take() -> float:
        taken.set()
        return NEVER

    turns = Turns(take, name="some work", rest=NEVER, first=NEVER)
    turns.start()
    for _ in range(2):
        turns.wake()
        assert taken.wait(PATIENCE)
        taken.clear()
    turns.stop()


@pytest.mark.parametrize(
    ("failure", "logged"),
    [
        (KnownError("The disk is full", "no room", "Free some room"), "some work has to wait"),
        (ZeroDivisionError(), "bug in some work"),
    ],
)
def test_a_turn_that_fails_is_logged_and_the_next_one_comes(
    failure: Exception, logged: str, caplog: pytest.LogCaptureFixture
) -> None:
    """Neither what is known to fail nor a mistake of ours ends the thread."""
    again = threading.Event()
    failures = [failure]

    def take() -> float:
        if failures:
            raise failures.pop()
        again.set()
        return NEVER

    turns = Turns(take, name="some work", rest=0.0)
    with caplog.at_level(logging.WARNING):
        turns.start()
        assert again.wait(PATIENCE)
        turns.stop()
    assert logged in caplog.text


def test_the_end_cuts_a_wait_short() -> None:
    """Who lets time pass beside the turns is not kept by an engine that ends."""
    turns = Turns(lambda: NEVER, name="some work", rest=NEVER)
    turns.start()
    turns.stop()
    before = threading.Event()

    def wait() -> None:
        turns.let_pass(NEVER)
        before.set()

    waiting = threading.Thread(target=wait)
    waiting.start()
    assert before.wait(PATIENCE)
    waiting.join()
