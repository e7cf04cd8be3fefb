"""A laptop that slept: one card, of all the time that it was away, that names what fell due."""

from __future__ import annotations

from datetime import timedelta

from app.domain.alert import Alert, AlertLevel
from app.domain.clock import rfc3339
from app.engine.ringer import Ringer
from app.storage import alerts
from tests.support.engine import Engine, a_letter, another_issue
from tests.support.ringing import PlayedDesktop


def asleep_until(engine: Engine, **span: float) -> str:
    """A calm question that was put to sleep."""
    engine.receive(a_letter("Is the blue kettle safe for a dishwasher?", subject="Kettle"))
    key = engine.only_key()
    engine.desk.snooze(key, rfc3339(engine.clock.now() + timedelta(**span)))
    return key


def wake(engine: Engine, ringer: Ringer, *, after: timedelta, stays: int = 50) -> None:
    """The machine slept so long, and stays awake for these seconds."""
    engine.clock.at += after
    for _ in range(stays // 5):
        engine.watch.look()
        ringer.look()
        engine.clock.forward(seconds=5)


def an_alert(engine: Engine, name: str, *keys: str) -> None:
    alert = Alert(dedupe=name, issue_keys=keys, title=name, body="", created_at=engine.clock.now())
    engine.writer.do(lambda db: alerts.queue(db, alert))


def test_what_fell_due_is_named_on_a_calm_card(
    engine: Engine, desktop: PlayedDesktop, ringer: Ringer
) -> None:
    """It once said "1 snooze due" and of what nobody knew; a click on it had mail fetched."""
    key = asleep_until(engine, hours=10)
    ringer.look()
    wake(engine, ringer, after=timedelta(days=3))
    (card,) = desktop.taken
    assert card.title == "Away 3 days: 1 deadline passed, 1 snooze due"
    assert card.body.startswith("Ben Costa, Question")
    assert (card.issue_keys, card.level) == ((key,), AlertLevel.NOTICE)


def test_a_night_with_short_wakings_is_one_night(
    engine: Engine, desktop: PlayedDesktop, ringer: Ringer
) -> None:
    """Some laptops wake for seconds each hour; what fell due before the last one was lost."""
    asleep_until(engine, hours=3)
    ringer.look()
    for _ in range(9):
        wake(engine, ringer, after=timedelta(hours=1), stays=10)
    assert desktop.taken == []
    wake(engine, ringer, after=timedelta(hours=1))
    (card,) = desktop.taken
    assert card.title.startswith("Away 10 h:")
    assert "1 snooze due" in card.title


def test_what_was_put_away_meanwhile_did_not_fall_due(
    engine: Engine, desktop: PlayedDesktop, ringer: Ringer
) -> None:
    """It was resolved before the lid was closed; its old sleep is nobody's business."""
    key = asleep_until(engine, hours=10)
    engine.desk.resolve(key)
    ringer.look()
    wake(engine, ringer, after=timedelta(days=3))
    assert desktop.taken == []


def test_a_silent_mailbox_is_not_counted_as_urgent(
    engine: Engine, desktop: PlayedDesktop, ringer: Ringer
) -> None:
    engine.receive(a_letter())
    first, second = engine.only_key(), another_issue(engine)
    ringer.look()
    engine.clock.forward(hours=10)
    an_alert(engine, "silent/Shop/1")
    an_alert(engine, "one", first)
    an_alert(engine, "two", second)
    ringer.look()
    engine.clock.forward(seconds=50)
    ringer.look()
    (card,) = desktop.taken
    assert card.title.startswith("Away 10 h: 2 urgent")


def test_the_calm_card_makes_nothing_urgent_in_the_window(
    engine: Engine, desktop: PlayedDesktop, ringer: Ringer
) -> None:
    asleep_until(engine, hours=10)
    ringer.look()
    wake(engine, ringer, after=timedelta(days=3))
    assert len(engine.writer.do(alerts.unseen)) == 1
    assert engine.writer.do(alerts.rang).issues == 0
