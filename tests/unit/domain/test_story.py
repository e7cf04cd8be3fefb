"""When somebody waited for an answer, read from who spoke when."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from app.domain.assessment import Kind, Severity
from app.domain.story import Story, Turn, Waited, cycles, first_response, next_responses

START = datetime(2026, 11, 2, 9, 0, tzinfo=UTC)


def at(hours: float) -> datetime:
    return START + timedelta(hours=hours)


def told(*said: tuple[float, str]) -> Story:
    """Who spoke at which hour: "they" or "we"."""
    return Story(
        key="k",
        kind=Kind.LATE,
        severity=Severity.NORMAL,
        history=False,
        turns=tuple(Turn(at=at(hour), ours=who == "we") for hour, who in said),
    )


def test_the_first_response_is_from_their_first_mail():
    """A second mail of theirs does not begin it anew."""
    assert first_response(told((0, "they"), (2, "they"), (5, "we"))) == Waited(
        since=at(0), ended_at=at(5)
    )


def test_what_we_said_before_they_wrote_is_no_answer():
    """A mail of ours that began the conversation."""
    assert first_response(told((0, "we"), (2, "they"))) == Waited(since=at(2), ended_at=None)
    assert first_response(told((0, "we"))) is None


def test_each_later_wait_begins_with_the_first_mail_after_our_answer():
    """Two follow-ups are one wait; our second answer in a row ends none."""
    waits = next_responses(
        told((0, "they"), (1, "we"), (3, "they"), (4, "they"), (6, "we"), (7, "we"), (9, "they"))
    )
    assert waits == (
        Waited(since=at(3), ended_at=at(6)),
        Waited(since=at(9), ended_at=None),
    )


def test_no_further_wait_before_the_first_answer():
    """The first response counts it already."""
    assert next_responses(told((0, "they"), (3, "they"))) == ()


def test_every_cycle_is_counted_on_its_own():
    """An issue that came back after a month did not take a month to resolve."""
    story = told((0, "they"), (1, "we"), (720, "they"), (721, "we"))
    assert cycles(story, put_away=(at(2), at(722))) == (
        Waited(since=at(0), ended_at=at(2)),
        Waited(since=at(720), ended_at=at(722)),
    )
    assert cycles(story, put_away=(at(2),))[-1] == Waited(since=at(720), ended_at=None)
