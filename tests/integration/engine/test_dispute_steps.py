"""A dispute goes on: from warning and inquiry to chargeback, lost, and back; each step is told."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

import pytest

from app.domain.alert import Alert
from app.domain.deadline import Deadline, Metric
from app.domain.dispute import Dispute, DisputeKind, DisputeState
from app.domain.money import Money
from app.domain.views import InboxRow
from app.storage import alerts, disputes, orders
from tests.support.disputes import TODAY, a_dispute, a_warning
from tests.support.engine import NOON, Engine, a_letter
from tests.support.provider import Provider
from tests.support.storage import an_order

_WEEK = timedelta(days=7)


@pytest.fixture
def provider(engine: Engine) -> Provider:
    return Provider(engine)


def an_inquiry(**given: Any) -> Dispute:
    return a_dispute(kind=DisputeKind.INQUIRY, state_word="warning_needs_response", **given)


def only(engine: Engine) -> InboxRow:
    (row,) = engine.rows("all")
    return row


def newest(engine: Engine) -> Alert:
    return max(
        engine.writer.do(lambda db: alerts.recent(db, NOON - timedelta(days=90))),
        key=lambda one: one.id,
    )


def clock(engine: Engine) -> Deadline:
    """The provider's."""
    every = engine.issue(only(engine).key).deadlines
    return next(one for one in every if one.metric is Metric.PROVIDER_CLOCK)


def step(engine: Engine, provider: Provider, dispute: Dispute, **later: float) -> datetime:
    """Time passes, and the provider tells of this; when."""
    engine.clock.forward(**later)
    provider.tells(dispute)
    return engine.clock.now()


def test_what_began_as_a_warning_is_called_by_what_it_has_come_to(
    engine: Engine, provider: Provider
) -> None:
    """Who reads "warning" or "inquiry" in the list would think that there is time."""
    provider.tells(a_warning())
    provider.tells(an_inquiry())
    provider.tells(a_warning(state=DisputeState.CLOSED))
    assert only(engine).subject == "Inquiry: $184.00 at Stripe"
    step(engine, provider, a_dispute(amount=Money(9_000, "USD")), days=1)
    assert only(engine).subject == "Chargeback: $90.00 at Stripe"
    assert "Chargeback: $90.00 at Stripe" in newest(engine).body


def test_an_issue_that_a_mail_began_keeps_that_mails_subject(
    engine: Engine, provider: Provider
) -> None:
    engine.receive(a_letter("Where is my order?", sender="Ben <ben@customer.example>"))
    before = only(engine).subject
    provider.tells(a_dispute(customer_email="ben@customer.example"))
    assert only(engine).subject == before


def test_an_answer_to_the_inquiry_is_none_to_the_chargeback_after_it(
    engine: Engine, provider: Provider
) -> None:
    """The inquiry was answered in time, the chargeback was not, and that is what is noted."""
    provider.tells(an_inquiry())
    review = an_inquiry(state=DisputeState.UNDER_REVIEW)
    answered_at = step(engine, provider, review, days=1)
    due_at = engine.clock.now() + _WEEK
    later = replace(a_dispute(due_at=due_at), submitted_at=answered_at)
    step(engine, provider, later, days=1)
    lost_at = step(engine, provider, replace(later, state=DisputeState.LOST), days=9)
    assert (clock(engine).planned_at, clock(engine).met_at) == (due_at, lost_at)
    assert clock(engine).breached_at == due_at


def test_an_answer_to_the_last_step_keeps_its_date(engine: Engine, provider: Provider) -> None:
    """Lost, appealed in time, and won back."""
    provider.tells(a_dispute())
    step(engine, provider, a_dispute(state=DisputeState.UNDER_REVIEW), days=1)
    step(engine, provider, a_dispute(state=DisputeState.LOST), days=30)
    appeal = a_dispute(due_at=engine.clock.now() + _WEEK, state_word="appeal_needs_response")
    step(engine, provider, appeal, days=1)
    sent_at = step(engine, provider, replace(appeal, state=DisputeState.UNDER_REVIEW), days=2)
    step(engine, provider, replace(appeal, state=DisputeState.WON), days=40)
    assert (clock(engine).met_at, clock(engine).breached_at) == (sent_at, None)


def test_a_tap_for_a_dispute_names_the_providers_date_not_that_of_a_late_answer_to_its_buyer(
    engine: Engine, provider: Provider
) -> None:
    """ "Chargeback, was due yesterday" would say that it is lost."""
    provider.tells(an_inquiry(customer_email="ben@customer.example"))
    engine.receive(a_letter("My parcel is not here.", sender="Ben <ben@customer.example>"))
    asked = an_inquiry(state=DisputeState.UNDER_REVIEW, customer_email="ben@customer.example")
    step(engine, provider, asked, days=2)
    claim = a_dispute(due_at=TODAY + timedelta(days=12), customer_email="ben@customer.example")
    step(engine, provider, claim, days=1)
    assert newest(engine).title == "Chargeback, $184.00, answer by 2 Dec"


@pytest.mark.parametrize(("number", "subject"), [("", "Your order"), ("1042", "Your order 1042")])
def test_a_customer_never_reads_what_we_call_their_dispute(
    engine: Engine, provider: Provider, number: str, subject: str
) -> None:
    """No shop is connected, so the first mail is about what the payment names; the next goes on."""
    provider.tells(a_dispute(customer_email="ben@customer.example", order_number=number))
    key = only(engine).key
    assert engine.writing.addressing(key)["subject"] == subject
    engine.writing.send_reply(key, body="We are sorry. What happened?")
    engine.clock.forward(seconds=16)
    engine.outbox().step()
    assert engine.writing.addressing(key)["subject"] == f"Re: {subject}"


def test_a_dispute_of_which_a_shop_names_the_order_alone_is_the_one_that_the_provider_tells(
    engine: Engine, provider: Provider
) -> None:
    """Shopify names no payment of its disputes; its order does. One case, one tap."""
    order = an_order("1042", platform="shopify", platform_id="77", payment_references=("pi_1001",))
    engine.writer.do(lambda db: orders.upsert(db, order))
    provider.tells(a_dispute())
    shops = a_dispute("9", platform="shopify", order_platform_id="77", payment_references=())
    provider.tells(shops)
    (case,) = engine.issue(only(engine).key).disputes
    assert len(case.sources) == 2
    assert len(engine.writer.do(disputes.every)) == 1
    assert len(engine.writer.do(lambda db: alerts.recent(db, NOON - _WEEK))) == 1
