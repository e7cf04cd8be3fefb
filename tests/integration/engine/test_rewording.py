"""An alert that is read later than it was written says the days and hours as they are then."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from functools import partial
from pathlib import Path
from typing import Any

import pytest

from app.domain.account import Account, AccountType
from app.domain.alert import Alert
from app.domain.feed import FeedPlace, Page, Stream
from app.engine.one_by_one import OneByOne
from app.engine.rewording import Rewording
from app.engine.ringer import Ringer
from app.storage import alerts
from app.storage.connection import Connection
from tests.support.disputes import a_dispute
from tests.support.engine import Engine, a_letter, an_engine
from tests.support.ringing import PlayedDesktop, an_injury, queued

MONDAY_NIGHT = datetime(2026, 11, 23, 22, 30, tzinfo=UTC)


@pytest.fixture
def engine(tmp_path: Path) -> Iterator[Engine]:
    with an_engine(tmp_path) as made:
        made.clock.at = MONDAY_NIGHT
        made.settings = replace(made.settings, repeat_minutes=0)
        yield made


def be_quiet(engine: Engine) -> None:
    engine.settings = replace(engine.settings, quiet_hours="22:00-07:00")


def awake(engine: Engine, ringer: Ringer, **span: float) -> None:
    ends = engine.clock.now() + timedelta(**span)
    while engine.clock.now() < ends:
        engine.clock.forward(minutes=5)
        engine.watch.look()
        ringer.look()


def unseen(engine: Engine) -> list[Alert]:
    return list(engine.writer.do(alerts.unseen))


def a_threat(number: int = 1) -> bytes:
    """Urgent, and no danger that passes the quiet hours."""
    return a_letter(
        "Refund me or I file a chargeback with my bank. Order MM-10227",
        subject="Refund",
        sender=f"Ben {number} <ben{number}@customer.example>",
        message_id=f"<threat{number}@customer.example>",
    )


def test_a_reminder_that_waited_over_the_night_says_that_its_hour_has_passed(
    engine: Engine, desktop: PlayedDesktop, ringer: Ringer
) -> None:
    """At 7:00 it once said "due 02:30"."""
    be_quiet(engine)
    engine.receive(a_threat())
    awake(engine, ringer, hours=9)
    (shown,) = desktop.taken
    assert shown.title == "First answer was due 02:30: Dispute"


def test_tomorrow_is_today_when_the_morning_has_come(
    engine: Engine, desktop: PlayedDesktop, ringer: Ringer
) -> None:
    """Written at 22:30 as "due tomorrow 11:00"; read at 7:00 it would be a day too late."""
    be_quiet(engine)
    engine.receive(a_letter())
    (row,) = engine.rows()
    due = MONDAY_NIGHT + timedelta(hours=12, minutes=30)
    engine.writer.do(
        lambda db: db.execute(
            "UPDATE deadline SET planned_at = ?", (int(due.timestamp() * 1_000_000),)
        )
    )
    (deadline,) = engine.issue(row.key).deadlines
    planned = deadline.planned_at.isoformat()
    alert = Alert(
        dedupe=f"remind/{row.key}/{deadline.metric}/{deadline.name}/{planned}/1:00:00",
        issue_keys=(row.key,),
        title="First answer due tomorrow 11:00: Damaged item",
        body="",
        created_at=engine.clock.now(),
    )
    engine.writer.do(lambda db: alerts.queue(db, alert))
    ringer.look()
    engine.clock.at += timedelta(hours=8, minutes=31)
    ringer.look()
    engine.clock.forward(seconds=50)
    ringer.look()
    assert [one.title for one in desktop.taken] == ["First answer due 11:00: Damaged item"]


def test_what_stands_in_the_window_since_friday_says_friday(
    engine: Engine, desktop: PlayedDesktop, ringer: Ringer
) -> None:
    """Its banner once said "answer by 23:30" on Thursday, of last Monday's night."""
    engine.receive(an_injury())
    ringer.look()
    assert unseen(engine)[0].title == "Legal, answer by 23:30"
    for _ in range(3):
        engine.clock.forward(days=1)
        ringer.look()
    assert unseen(engine)[0].title == "Legal, was due 23 Nov"


def test_a_storms_card_is_said_anew_too(
    engine: Engine, desktop: PlayedDesktop, ringer: Ringer
) -> None:
    engine.receive(*(an_injury(number) for number in range(5)))
    ringer.look()
    (card,) = unseen(engine)
    assert "by 23:30" in card.body
    engine.clock.forward(hours=2)
    ringer.look()
    (again,) = unseen(engine)
    assert (again.title, again.issue_keys) == (card.title, card.issue_keys)
    assert again.body == card.body.replace("by 23:30", "was due yesterday 23:30")


def test_a_card_of_what_waited_names_each_as_it_is_now(
    engine: Engine, desktop: PlayedDesktop, ringer: Ringer
) -> None:
    be_quiet(engine)
    engine.receive(a_threat(1))
    engine.receive(a_threat(2))
    awake(engine, ringer, hours=9)
    (card,) = desktop.taken
    assert "was due 02:30" in card.body
    assert "due 02:30" not in card.body.replace("was due 02:30", "")


def test_an_alert_that_is_forgotten_or_words_itself_stays_as_it_is(
    engine: Engine, desktop: PlayedDesktop, ringer: Ringer
) -> None:
    for name in ("gone/1", "silent/Shop/", "digest/x"):
        keys = ("gone",) if name == "gone/1" else ()
        alert = Alert(
            dedupe=name, issue_keys=keys, title=name, body="", created_at=engine.clock.now()
        )
        engine.writer.do(partial(alerts.queue, alert=alert))
    be_quiet(engine)
    ringer.look()
    engine.clock.forward(days=1)
    ringer.look()
    assert {one.title for one in queued(engine)} == {"gone/1", "silent/Shop/", "digest/x"}


def test_hours_that_are_left_to_a_dispute_are_counted_when_they_are_read(
    engine: Engine, desktop: PlayedDesktop, ringer: Ringer
) -> None:
    """ "3 days left" of last evening; in the morning it is two."""
    be_quiet(engine)
    dispute = replace(a_dispute(), due_at=MONDAY_NIGHT + timedelta(hours=72, minutes=10))
    account = Account(id=1, name="Payments", type=AccountType.STRIPE)
    page = Page(
        stream=Stream.DISPUTES,
        place=FeedPlace(watermark=MONDAY_NIGHT),
        disputes=(dispute,),
        complete=True,
    )

    def take(db: Connection) -> object:
        each = OneByOne(db, account, page)
        return engine.disputing.take(db, account, page, each, now=engine.clock.now())

    engine.writer.do(take)
    engine.writer.do(lambda db: db.execute("UPDATE alert SET state = 'dismissed'"))
    awake(engine, ringer, hours=9)
    assert [one.title for one in desktop.taken] == ["Chargeback, $184.00: 2 days left"]


class _Fallen:
    """Words that cannot be found because of a mistake of ours."""

    def worded(self, *given: object, **more: object) -> None:
        raise ZeroDivisionError

    facts = worded


def test_a_mistake_of_ours_leaves_the_old_words_and_silences_nothing(engine: Engine) -> None:
    """An alert in old words is better than none, and than none of all the others."""
    fallen: Any = _Fallen()
    rewording = Rewording(ringing=fallen, disputing=engine.disputing, zone=lambda: UTC)
    engine.receive(an_injury())
    (alert,) = queued(engine)
    engine.clock.forward(days=1)
    now = engine.clock.now()
    assert engine.writer.do(lambda db: rewording.reword(db, alert, now=now)) == alert
    assert engine.writer.do(lambda db: rewording.in_short(db, 1, now=now)) == ""
