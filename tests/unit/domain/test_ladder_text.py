"""Ladders as sentences, and the short form of the command line."""

from __future__ import annotations

import pytest

from app.domain.errors import Refused
from app.domain.ladder_text import said_hour, said_repeats, said_steps, steps_of


def test_rungs_say_how_long_after_the_ring_they_come_not_after_each_other() -> None:
    steps = [
        {"after": "0 min", "whom": ["on_call"], "how": ["desktop"]},
        {"after": "15 min", "whom": ["Mia"], "how": ["email"]},
        {"after": "15 min", "whom": ["everyone"], "how": []},
    ]
    assert said_steps(steps) == [
        "At once: who is on call, by pop-up",
        "After 15 min: Mia, by mail",
        "After 30 min: everybody, in every way they have",
    ]


def test_a_step_that_waits_for_the_opening_counts_from_there() -> None:
    steps = steps_of("opening: Mia; 15 min: Tom, Mia by email+service")
    assert said_steps(steps) == [
        "When you open: Mia, in every way they have",
        "15 min after you open: Tom and Mia, by mail and messenger or push",
    ]


def test_an_hour_without_steps_says_that_it_waits() -> None:
    assert said_hour({"working": []}, "night") == ["Waits until you open, then as in working hours"]


def test_what_comes_after_the_last_rung_is_said() -> None:
    assert said_repeats(0) == "Then it is said loudly that nobody took it"
    assert said_repeats(2).startswith("Repeats twice, then")


@pytest.mark.parametrize("text", ["Mia", "soon: Mia", "10 min:"])
def test_what_is_no_step_is_refused(text: str) -> None:
    with pytest.raises(Refused):
        steps_of(text)
