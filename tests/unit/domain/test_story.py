"""When somebody waited for an answer, read from who spoke when."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta

from app.domain.assessment import Kind, Severity
from app.domain.story import Settled, Story, Turn, Waited, answers, cycles

START = datetime(2026, 11, 2, 9, 0, tzinfo=UTC)


def at(hours: float) -> datetime:
    return START + timedelta(hours=hours)


def told(*said: tuple[float, str]) -> Story:
    """Who spoke at which hour: "they" or "we"."""
    return Story(
        kind=Kind.LATE,
        severity=Severity.NORMAL,
        history=False,
        turns=tuple(Turn(at=at(hour), ours=who == "we") for hour, who in said),
    )


def waits(*said: tuple[float, str], away: tuple[float, ...] = (), back: tuple[float, ...] = ()):
    """The waits for an answer, as hours; the end is None while it is open."""
    settled = Settled(put_away=tuple(map(at, away)), brought_back=tuple(map(at, back)))
    return [_hours(one) for one in answers(told(*said), settled)]


def _hours(one: Waited) -> tuple[float, float | None]:
    begun, hour = one.since - START, timedelta(hours=1)
    return begun / hour, None if one.ended_at is None else (one.ended_at - START) / hour


def test_the_first_wait_is_from_their_first_mail():
    """A second mail of theirs does not begin it anew."""
    assert waits((0, "they"), (2, "they"), (5, "we")) == [(0, 5)]


def test_what_we_said_before_they_wrote_is_no_answer():
    """A mail of ours that began the conversation."""
    assert waits((0, "we"), (2, "they")) == [(2, None)]
    assert waits((0, "we")) == []


def test_each_later_wait_begins_with_the_first_mail_after_our_answer():
    """Two follow-ups are one wait; our second answer in a row ends none."""
    said = ((3, "they"), (4, "they"), (6, "we"), (7, "we"), (9, "they"))
    assert waits((0, "they"), (1, "we"), *said) == [(0, 1), (3, 6), (9, None)]


def test_there_is_one_wait_before_the_first_answer():
    assert waits((0, "they"), (3, "they")) == [(0, None)]


def test_what_was_put_away_without_an_answer_is_no_wait():
    """A "thank you" that was put away is not still open a month later; nor was what came by mail
    and was settled by a call."""
    assert waits((0, "they"), (1, "we"), (3, "they"), away=(4,)) == [(0, 1)]
    assert waits((0, "they"), away=(1,)) == []


def test_who_writes_again_waits_from_then():
    """The first mail wanted no answer, so its time is nobody's."""
    assert waits((0, "they"), (9, "they"), (10, "we"), away=(1,)) == [(9, 10)]
    assert waits((0, "they"), (9, "they"), away=(1,)) == [(9, None)]


def test_what_was_put_away_by_mistake_had_waited_all_the_time():
    """Brought back by hand, or answered all the same: as when an answer is sent and its issue put
    away while it can still be taken back."""
    assert waits((0, "they"), (5, "we"), away=(1,)) == [(0, 5)]
    assert waits((0, "they"), away=(1,), back=(2,)) == [(0, None)]
    assert waits((0, "they"), (3, "they"), (5, "we"), away=(1,), back=(2,)) == [(0, 5)]


def test_a_mail_that_crossed_our_answer_waits_from_its_arrival():
    """It came at three, while we wrote what left at four: that did not answer it."""
    crossed = Turn(at=at(4) + timedelta(microseconds=1), ours=False, since=at(3))
    story = replace(
        told((0, "they"), (4, "we")), turns=(*told((0, "they"), (4, "we")).turns, crossed)
    )
    assert [_hours(one) for one in answers(story, Settled())] == [(0, 4), (3, None)]


def test_every_cycle_is_counted_on_its_own():
    """An issue that came back after a month did not take a month to resolve."""
    story = told((0, "they"), (1, "we"), (720, "they"), (721, "we"))
    assert cycles(story, Settled(put_away=(at(2), at(722)))) == (
        Waited(since=at(0), ended_at=at(2)),
        Waited(since=at(720), ended_at=at(722)),
    )
    assert cycles(story, Settled(put_away=(at(2),)))[-1] == Waited(since=at(720), ended_at=None)


def test_what_was_brought_back_by_hand_is_not_done():
    """Put away after an hour, brought back after two, done after seventy."""
    story = told((0, "they"))
    assert cycles(story, Settled(put_away=(at(1), at(70)), brought_back=(at(2),))) == (
        Waited(since=at(0), ended_at=at(1)),
        Waited(since=at(2), ended_at=at(70)),
    )
