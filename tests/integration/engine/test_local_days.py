"""Days and hours that people read are those of their own clock on the wall, on that very day."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from email import message_from_bytes
from email.policy import default
from functools import partial

import pytest

from app.config.paths import rules
from app.domain.assessment import Kind
from app.domain.deadline import Metric
from app.domain.money import Money
from app.domain.order import Order
from app.domain.reply import Template
from app.engine.composing import too_late
from app.escalation.terms import Terms
from app.storage import issues, orders
from tests.support.engine import NOON, Engine, a_letter, an_engine
from tests.support.zones import machine_in, needs_moving

pytestmark = needs_moving


@pytest.fixture(autouse=True)
def in_berlin():
    with machine_in("Europe/Berlin"):
        yield


@pytest.fixture
def engine(tmp_path):
    with an_engine(tmp_path / "profile") as made:
        made.standing.renew(Terms.load(rules(), home="Europe/Berlin"))
        yield made


def leave(engine: Engine) -> str:
    engine.clock.forward(seconds=20)
    engine.outbox().step()
    mail = message_from_bytes(engine.connections.post.sent[-1], policy=default)
    return str(mail.get_content())


def test_what_is_quoted_is_dated_as_the_owner_saw_it_arrive(engine):
    """Written at half past midnight in Berlin: in UTC it was still the day before."""
    letter = a_letter(
        "Hallo, wo bleibt meine Bestellung 4711? Ich warte.",
        sender="Ute <ute@kunde.example>",
        subject="Bestellung",
    )
    letter = letter.replace(b"Fri, 20 Nov 2026 11:58:00 +0000", b"Fri, 20 Nov 2026 00:30:00 +0100")
    engine.receive(letter, at=NOON - timedelta(hours=12, minutes=30))
    engine.writing.send_reply(engine.only_key(), "Hallo Ute,\n\nsie kommt bald.\n\nJo")
    (line,) = (one for one in leave(engine).splitlines() if "schrieb" in one)
    assert line == "Am 20. November 2026 um 00:30 Uhr schrieb Ute:"


def test_a_mail_of_summer_is_quoted_in_winter_with_its_summer_time(engine):
    """The offset is that of the mail's own day."""
    letter = a_letter().replace(b"Fri, 20 Nov 2026 11:58", b"Mon, 05 Oct 2026 11:58")
    engine.receive(letter)
    engine.writing.send_reply(engine.only_key(), "Hello Ben,\n\nsoon.\n\nJo", insist=True)
    assert "5 October 2026 at 13:58" in leave(engine)


def test_the_day_of_an_order_is_the_shops(engine):
    """The shop is in Los Angeles, wherever this machine is."""
    engine.standing.renew(Terms.load(rules(), home="America/Los_Angeles"))
    order = Order(
        platform="shopify",
        platform_id="1",
        number="MM-10227",
        customer_name="Ben Costa",
        customer_email="ben@customer.example",
        placed_at=datetime(2026, 3, 11, 2, 30, tzinfo=UTC),
        total=Money(8460, "EUR"),
    )
    engine.writer.do(partial(orders.upsert, order=order))
    engine.receive(a_letter())
    template = Template(
        id="other/day",
        kind=Kind.OTHER,
        name="day",
        language="en",
        title="Day",
        body="{{ order.date }}",
    )
    assert engine.writing.fill(engine.only_key(), template)["text"] == "10 March 2026"


def test_a_promise_beyond_the_change_of_the_clocks_is_told_by_the_clock_of_that_day(engine):
    """Asked in November about July."""
    engine.receive(a_letter())
    issue = engine.writer.do(lambda db: issues.get(db, issues.by_key(db, engine.only_key())))
    promised = datetime(2027, 7, 5, 16, tzinfo=UTC)
    said = too_late(
        replace(issue, deadline_at=promised), promised + timedelta(hours=1), now=engine.clock.now()
    )
    assert "18:00" in said[0]


def test_a_promise_stays_where_it_is_when_the_clocks_change(engine):
    """Given on the day before for the day after: the evening of the new time, before and since."""
    engine.clock.at = datetime(2027, 3, 27, 10, tzinfo=UTC)
    engine.receive(a_letter())
    key = engine.only_key()
    engine.writing.send_reply(key, "Hello Ben,\n\nI will refund you by tomorrow.", insist=True)
    leave(engine)
    evening = datetime(2027, 3, 28, 16, tzinfo=UTC)  # 18:00 in summer time
    for now in (engine.clock.now(), datetime(2027, 3, 28, 12, tzinfo=UTC)):
        engine.clock.at = now
        engine.desk.note(key, "looked at it")
        (one,) = (d for d in engine.issue(key).deadlines if d.metric is Metric.GIVEN_WORD)
        assert one.planned_at == evening
        assert "27 Mar" in one.explanation[0]


def test_a_promised_day_ends_in_the_shops_evening(engine):
    """The shop is in Los Angeles, wherever this machine is: its Saturday, its clock."""
    engine.standing.renew(Terms.load(rules(), home="America/Los_Angeles"))
    engine.clock.at = datetime(2026, 11, 21, 2, tzinfo=UTC)  # Friday evening there
    engine.receive(a_letter())
    key = engine.only_key()
    engine.writing.send_reply(key, "Hello Ben,\n\nI will refund you tomorrow.", insist=True)
    leave(engine)
    (one,) = (d for d in engine.issue(key).deadlines if d.metric is Metric.GIVEN_WORD)
    assert one.planned_at == datetime(2026, 11, 22, 2, tzinfo=UTC)  # 18:00 there
    assert "20 Nov" in one.explanation[0]
    assert "18:00" in one.explanation[0]


def test_hours_that_were_promised_pass_whatever_the_wall_says(engine):
    """24 hours over the night of 23 hours."""
    engine.clock.at = datetime(2027, 3, 27, 10, tzinfo=UTC)
    engine.receive(a_letter())
    key = engine.only_key()
    engine.writing.send_reply(key, "Hello Ben,\n\nwe will refund you within 24 hours.", insist=True)
    leave(engine)
    (one,) = (d for d in engine.issue(key).deadlines if d.metric is Metric.GIVEN_WORD)
    assert one.planned_at - one.started_at == timedelta(hours=24)
