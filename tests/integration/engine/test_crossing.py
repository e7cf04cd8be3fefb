"""A decision settles what the person could see: what was on its way comes after it."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

import pytest

from app.domain.clock import rfc3339
from app.domain.deadline import Metric
from app.domain.journal import State
from app.domain.mailbox import MailFlag
from app.mail.smtp_failures import SendDelayed, SendUnknown
from app.storage import alerts, codec, messages
from app.storage.connection import Connection
from tests.support.engine import NOON, Engine, a_letter

pytestmark = pytest.mark.usefixtures("key")  # a customer wrote

_REPLY = "Hello Ben,\n\nwe send you two new mugs today.\n\nBest wishes,\nJo"
_FIRE = "The lamp caught fire and my daughter was burned, she is in hospital. Order MM-10227."


def write_again(engine: Engine, *, at: datetime | None = None, text: str = _FIRE) -> None:
    """The same customer in the same conversation; `at` is when their mail server had it."""
    again = a_letter(
        text,
        message_id="<second@customer.example>",
        answers="<first@customer.example>",
        subject="Re: Broken mugs",
    )
    engine.receive(again, at=at or engine.clock.now())


def reply(engine: Engine, **how: Any) -> int:
    """Write the reply; it leaves when the outbox steps."""
    answer = engine.writing.send_reply(engine.only_key(), _REPLY, insist=True, **how)
    return int(answer["reply"])


def leave(engine: Engine, **later: int) -> None:
    engine.clock.forward(**later)
    engine.outbox().step()


def state(engine: Engine) -> State:
    (row,) = engine.rows("all")
    return row.state


def rings(engine: Engine) -> bool:
    return any(engine.only_key() in one.issue_keys for one in engine.writer.do(alerts.queued))


def test_a_mail_that_was_on_its_server_when_the_issue_was_put_away_brings_it_back_and_rings(
    engine: Engine,
):
    """The lid was closed, or the next look was a minute away: nobody had seen it."""
    engine.clock.forward(minutes=5)
    engine.desk.resolve(engine.only_key())
    engine.clock.forward(minutes=1)
    write_again(engine, at=engine.clock.now() - timedelta(minutes=2))
    assert state(engine) is State.NEW
    assert rings(engine)


def test_a_laptop_whose_clock_is_fast_hides_no_mail_that_came_after_the_decision(engine: Engine):
    engine.clock.forward(minutes=5)
    engine.desk.resolve(engine.only_key())
    engine.clock.forward(seconds=90)
    write_again(engine, at=engine.clock.now() - timedelta(minutes=4))
    assert state(engine) is State.NEW


def test_a_laptop_whose_clock_is_slow_puts_away_what_is_before_its_owner(engine: Engine):
    """The mail is from the laptop's future, and yet it was read and resolved."""
    write_again(engine, at=NOON + timedelta(minutes=4), text="Are you there?")
    engine.clock.forward(minutes=1)
    engine.desk.resolve(engine.only_key())
    assert state(engine) is State.RESOLVED


def test_a_snooze_does_not_sleep_over_a_mail_that_nobody_had_seen(engine: Engine):
    engine.clock.forward(minutes=5)
    until = engine.clock.now() + timedelta(days=7)
    engine.desk.snooze(engine.only_key(), until=rfc3339(until))
    engine.clock.forward(minutes=1)
    write_again(engine, at=engine.clock.now() - timedelta(minutes=2))
    (row,) = engine.rows("open")
    assert (row.state, row.snoozed_until) == (State.NEW, None)


@pytest.mark.parametrize("later", [{"hours": 3}, {"seconds": 20}], ids=["offline", "at once"])
def test_a_mail_that_crosses_the_reply_is_not_answered_by_it(engine: Engine, later: dict[str, int]):
    reply(engine)
    leave(engine, **later)
    engine.clock.forward(seconds=30)
    write_again(engine, at=NOON + timedelta(seconds=5))
    assert state(engine) is State.NEW
    assert rings(engine)


def test_what_came_while_a_planned_reply_waited_is_not_answered_by_it(engine: Engine):
    """Its own answer is still owed, since it was written."""
    reply(engine, at=rfc3339(NOON + timedelta(hours=20)))
    engine.clock.forward(hours=2)
    write_again(engine)
    leave(engine, hours=18, seconds=5)
    assert state(engine) is State.NEW
    view = engine.issue(engine.only_key())
    (owed,) = [one for one in view.deadlines if one.metric is Metric.NEXT_RESPONSE]
    assert owed.met_at is None
    assert owed.started_at == NOON + timedelta(hours=2)


def test_what_came_while_a_reply_was_put_off_is_not_answered_by_it(engine: Engine):
    def refuse() -> None:
        raise SendDelayed("Later", "", "")

    engine.connections.post.before = refuse
    reply(engine)
    leave(engine, seconds=20)
    engine.connections.post.before = None
    engine.clock.forward(minutes=30)
    write_again(engine)
    leave(engine, minutes=30)
    assert state(engine) is State.NEW


def test_a_reply_that_is_said_to_have_left_answers_what_was_there_when_it_was_written(
    engine: Engine,
):
    def break_off() -> None:
        raise SendUnknown("Broke off", "", "")

    engine.connections.post.after = break_off
    number = reply(engine)
    leave(engine, seconds=20)
    engine.clock.forward(hours=2)
    write_again(engine)
    engine.clock.forward(hours=1)
    engine.on_its_way.confirm_reply(number)
    assert state(engine) is State.NEW


def test_the_server_hears_answered_and_read_of_the_mails_that_were(engine: Engine):
    reply(engine, at=rfc3339(NOON + timedelta(hours=20)))
    engine.clock.forward(hours=2)
    write_again(engine)
    leave(engine, hours=18, seconds=5)

    first, second = engine.writer.do(lambda db: messages.of_issue(db, _only_issue(db)))[:2]
    wanted = dict(engine.writer.do(_wanted))
    assert wanted[first.id] == codec.flag_bits(frozenset({MailFlag.SEEN, MailFlag.ANSWERED}))
    assert second.id not in wanted


def _only_issue(db: Connection) -> int:
    return int(db.execute("SELECT id FROM issue").fetchone()[0])


def _wanted(db: Connection) -> list[tuple[int, int]]:
    return db.execute("SELECT message_id, flags FROM wanted_flag").fetchall()


def test_a_reply_that_goes_after_its_issue_was_resolved_leaves_it_resolved(engine: Engine):
    reply(engine, at=rfc3339(NOON + timedelta(hours=20)))
    engine.clock.forward(hours=1)
    engine.desk.resolve(engine.only_key())
    leave(engine, hours=19, seconds=5)
    assert state(engine) is State.RESOLVED


def test_an_answer_after_all_that_is_an_answer_to_all(engine: Engine):
    """What crossed was read, and the next reply is about it too."""
    reply(engine)
    leave(engine, seconds=20)
    engine.clock.forward(minutes=1)
    write_again(engine, at=NOON + timedelta(seconds=5))
    engine.clock.forward(minutes=5)
    reply(engine, request="again")
    leave(engine, seconds=20)
    assert state(engine) is State.WAITING
