"""A clock that was years ahead for a while: what has to be told is told at its own time."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest

from app.domain.alert import Alert
from app.engine.watch import Watch
from app.storage import alerts, deadlines
from tests.support.engine import NOON, Engine, a_letter, an_engine
from tests.support.ringing import PlayedDesktop, an_injury, ringer_of

AHEAD = timedelta(days=3650)


@pytest.fixture
def engine(tmp_path: Path) -> Iterator[Engine]:
    with an_engine(tmp_path) as made:
        made.receive(an_injury())
        made.receive(a_letter())
        made.watch.look()
        yield made


def another_watch(engine: Engine) -> Watch:
    """That of the next engine."""
    return Watch(
        writer=engine.writer,
        standing=engine.standing,
        ringing=engine.ringing,
        disputing=engine.disputing,
        clock=engine.clock,
        publish=engine.moved.append,
    )


def queue(engine: Engine, title: str) -> None:
    alert = Alert(
        dedupe=title,
        issue_keys=(f"{title}'s",),
        title=title,
        body="",
        created_at=engine.clock.now(),
    )
    engine.writer.do(lambda db: alerts.queue(db, alert))


@pytest.mark.parametrize("starts_anew", [False, True])
def test_a_reminder_that_was_used_up_while_the_clock_was_ahead_comes_at_its_time(
    engine: Engine, starts_anew: bool
) -> None:
    """Also where the engine was started anew when the clock was right."""
    desktop = PlayedDesktop()
    ringer, watch = ringer_of(engine, desktop), engine.watch
    engine.clock.at += AHEAD
    for _ in range(5):
        watch.look()
        ringer.look()
        engine.clock.forward(minutes=1)
    engine.clock.at = NOON
    desktop.taken.clear()
    if starts_anew:
        ringer, watch = ringer_of(engine, desktop), another_watch(engine)
    told: list[tuple[str, str]] = []
    for _ in range(10):
        engine.clock.forward(minutes=5)
        watch.look()
        ringer.look()
        told += [(f"{engine.clock.now():%H:%M}", one.title) for one in desktop.taken]
        desktop.taken.clear()
    assert ("12:40", "First answer due 13:00: Legal") in told


def test_no_promise_counts_as_broken_that_is_not(engine: Engine) -> None:
    engine.clock.at += AHEAD
    engine.watch.look()
    engine.clock.at = NOON + timedelta(minutes=1)
    engine.watch.look()
    by_issue = engine.writer.do(lambda db: deadlines.by_issue(db, deadlines.every_issue(db)))
    every = [one for some in by_issue.values() for one in some]
    assert every
    assert [one.breached_at for one in every] == [None] * len(every)


def test_what_rang_is_of_now_and_not_of_a_year_to_come(engine: Engine) -> None:
    engine.clock.at += AHEAD
    engine.receive(an_injury(2))
    engine.watch.look()
    engine.clock.at = NOON + timedelta(hours=1)
    engine.watch.look()
    assert all(one.created_at <= engine.clock.now() for one in engine.queries.overview(
        now=engine.clock.now()).alerts)  # fmt: skip


def test_what_was_shown_while_the_clock_was_ahead_uses_up_no_hour(engine: Engine) -> None:
    desktop = PlayedDesktop()
    ringer = ringer_of(engine, desktop)
    ringer.look()
    engine.clock.at += AHEAD
    for number in range(16):
        engine.watch.look()
        ringer.look()
        queue(engine, f"ahead {number}")
        engine.clock.forward(minutes=7)
    engine.clock.at = NOON + timedelta(minutes=1)
    engine.watch.look()
    queue(engine, "now")
    ringer.look()
    assert desktop.taken[-1].title == "now"


def test_a_card_of_a_sleep_that_never_was_stands_for_no_reminder(engine: Engine) -> None:
    desktop = PlayedDesktop()
    ringer = ringer_of(engine, desktop)
    ringer.look()
    engine.clock.at += timedelta(hours=2)
    for _ in range(5):
        engine.watch.look()
        ringer.look()
        engine.clock.forward(minutes=1)
    engine.clock.at = NOON + timedelta(minutes=25)
    desktop.taken.clear()
    told: list[str] = []
    for _ in range(5):
        engine.watch.look()
        ringer.look()
        told += [f"{engine.clock.now():%H:%M} {one.title}" for one in desktop.taken]
        desktop.taken.clear()
        engine.clock.forward(minutes=5)
    assert "12:40 First answer due 13:00: Legal" in told
