"""A sprint measures what was dealt with, without the pauses, and keeps nothing."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from app.domain.sprint import Sprint

BEGAN = datetime(2026, 11, 17, 13, 0, tzinfo=UTC)


def _at(seconds: int) -> datetime:
    return BEGAN + timedelta(seconds=seconds)


def test_the_median_is_of_what_was_dealt_with():
    sprint = Sprint()
    for number, (start, end) in enumerate([(0, 40), (40, 140), (140, 440)]):
        sprint = sprint.show(number, _at(start)).done(_at(end))
    sprint = sprint.show(9, _at(440)).skip(_at(500))
    summary = sprint.summary(_at(500))
    assert (summary.done, summary.skipped) == (3, 1)
    assert summary.each == timedelta(seconds=100)
    assert summary.took == timedelta(seconds=500)


def test_of_two_the_median_lies_between():
    sprint = Sprint().show(1, _at(0)).done(_at(10)).show(2, _at(10)).done(_at(40))
    assert sprint.summary(_at(40)).each == timedelta(seconds=20)


def test_a_pause_is_no_time():
    sprint = Sprint().show(1, _at(0)).pause(_at(30))
    assert sprint.is_paused
    assert sprint.elapsed(_at(900)) == timedelta(seconds=30)
    sprint = sprint.pause(_at(900)).done(_at(910))
    assert sprint.summary(_at(910)).each == timedelta(seconds=40)


def test_what_the_clock_leapt_was_not_spent():
    """Ahead while the lid was closed, or back because it was set: ten seconds were spent."""
    for leap in (7200, -70):
        sprint = Sprint().show(1, _at(0)).jumped(timedelta(seconds=leap)).done(_at(leap + 10))
        assert sprint.summary(_at(leap + 10)).took == timedelta(seconds=10)
    paused = Sprint().show(1, _at(0)).pause(_at(5)).jumped(timedelta(hours=1)).pause(_at(9000))
    assert paused.elapsed(_at(9001)) == timedelta(seconds=6)


def test_what_was_taken_back_has_its_turn_again():
    sprint = Sprint().show(1, _at(0)).done(_at(10)).show(2, _at(10)).skip(_at(20))
    assert sprint.left([1, 2, 3]) == [3]
    assert sprint.back(1).left([1, 2, 3]) == [1, 3]
    assert sprint.back(1).summary(_at(20)).done == 0


def test_nothing_done_has_no_median():
    summary = Sprint().show(1, _at(0)).summary(_at(5))
    assert (summary.done, summary.each, summary.took) == (0, None, timedelta(seconds=5))
