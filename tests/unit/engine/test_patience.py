"""How long a worker waits after failures, and when somebody who insists waits too."""

from __future__ import annotations

import pytest

from app.domain.errors import Busy, SignInRefused, Unreachable
from app.engine.patience import Patience


class Seconds:
    """A clock that is moved by hand."""

    def __init__(self) -> None:
        self.at = 0.0

    def __call__(self) -> float:
        return self.at


def patience(seconds: Seconds | None = None) -> Patience:
    return Patience(steady=seconds or Seconds(), chance=lambda low, high: 1.0)


def test_the_pauses_double_up_to_five_minutes_and_a_success_ends_them():
    waiting, pauses = patience(), []
    for _ in range(10):
        waiting.failed(Unreachable("gone"))
        pauses.append(waiting.pause())
    assert pauses == [2, 4, 8, 16, 32, 64, 128, 256, 300, 300]
    waiting.succeeded()
    assert (waiting.failures, waiting.error, waiting.pause()) == (0, None, 1)


def test_there_is_chance_in_a_pause():
    waiting = Patience()
    waiting.failed(Unreachable("gone"))
    pauses = {waiting.pause() for _ in range(50)}
    assert len(pauses) > 10
    assert all(1 <= pause <= 3 for pause in pauses)


def test_a_busy_server_has_its_minute():
    waiting = patience()
    waiting.failed(Busy("busy"))
    assert waiting.pause() == 62


def test_a_refused_password_is_not_tried_again_and_again():
    waiting = patience()
    waiting.failed(SignInRefused("no"))
    assert waiting.pause() == 300


def test_who_insists_gets_two_attempts_in_two_minutes():
    seconds = Seconds()
    waiting = patience(seconds)
    waiting.failed(Unreachable("gone"))
    assert [waiting.may_knock() for _ in range(4)] == [True, True, False, False]
    seconds.at = 121
    assert waiting.may_knock()


def test_where_nothing_failed_anybody_may_ask_as_often_as_they_like():
    waiting = patience()
    assert all(waiting.may_knock() for _ in range(10))


@pytest.mark.parametrize("error", [Busy("busy"), Unreachable("gone")])
def test_what_passes_by_itself_is_tried_again(error):
    assert error.retry
