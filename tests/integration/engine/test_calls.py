"""The calls themselves: from which mailbox, whether still, and again where the way is closed."""

from __future__ import annotations

import pytest

from app.domain.account import Account, AccountType
from app.domain.contact import CallState, ChannelKind
from app.domain.errors import SignInRefused
from app.engine.calling import queued
from app.storage import accounts, climbs, issues
from tests.support.engine import NOON
from tests.support.office import Office

pytestmark = pytest.mark.servers

TRY_LATER = "451 4.3.0 try again later"


def climb_and_die(office: Office) -> None:
    """The calls are written down, and the engine ends before it makes them."""
    key = office.engine.only_key()
    issue_id = office.engine.writer.do(lambda db: issues.by_key(db, key))
    call = queued(
        office.engine.clock.now(), contact="Ada", kind=ChannelKind.EMAIL, label="ada@team.example",
        issue_id=issue_id,
    )  # fmt: skip
    office.engine.writer.do(lambda db: climbs.call(db, call))


def an_account(office: Office, name: str, type_: AccountType, **settings: str) -> Account:
    return office.engine.writer.do(
        lambda db: accounts.add(
            db, name=name, type=type_, settings=settings, secret=None, secret_command="", now=NOON
        )
    )


def minutes_pass(office: Office, minutes: int) -> None:
    for _ in range(minutes * 2):
        office.pass_minutes(0.5)


def nobody_reached(office: Office) -> list[str]:
    return [one for one in office.rung() if one.startswith("Nobody could be reached")]


def test_a_dispute_of_a_payment_provider_is_told_from_our_mailbox(burning: Office) -> None:
    """Its issue came from Stripe's account, which sends no mail; it once ended in
    "“” is not a mail address"."""
    stripe = an_account(burning, "Stripe", AccountType.STRIPE)
    burning.engine.writer.do(lambda db: db.execute("UPDATE issue SET account_id = ?", (stripe.id,)))
    burning.pass_minutes(10)
    assert burning.calls() == [("Ada", "email", "sent")]
    assert "hello@shop.example" in str(burning.post.received[0].mail["From"])


def test_where_one_mailbox_cannot_send_another_one_does(
    burning: Office,
) -> None:
    """The first one is what is broken: its password has expired."""
    an_account(burning, "Second", AccountType.IMAP, address="second@shop.example")
    burning.connections.faults[burning.engine.account.id] = SignInRefused("The password is old")
    burning.pass_minutes(10)
    assert "second@shop.example" in str(burning.post.received[0].mail["From"])
    assert burning.calls() == [("Ada", "email", "sent")]


def test_who_took_it_while_the_calls_waited_spares_everybody_the_call(burning: Office) -> None:
    """An engine was killed on Friday before its calls; on Monday it is long done."""
    climb_and_die(burning)
    burning.engine.desk.resolve(burning.engine.only_key())
    burning.engine.clock.forward(days=3)
    burning.escalating.step()
    assert burning.post.received == []
    assert burning.calls() == []


def test_a_call_is_made_again_when_the_way_is_open_again(burning: Office) -> None:
    """A laptop that just woke has no network: it is told once that nobody is reached, and taken
    back when somebody is."""
    burning.post.fail("rcpt", TRY_LATER)
    burning.pass_minutes(10)
    assert len(nobody_reached(burning)) == 1
    minutes_pass(burning, 2)
    assert burning.calls() == [("Ada", "email", "queued")]
    assert len(nobody_reached(burning)) == 1
    burning.post.heal()
    minutes_pass(burning, 3)
    assert burning.calls() == [("Ada", "email", "sent")]
    assert nobody_reached(burning) == []
    assert len(burning.post.received) == 1


def test_a_call_that_cannot_be_made_for_an_hour_is_given_up(burning: Office) -> None:
    burning.post.fail("rcpt", TRY_LATER)
    climb_and_die(burning)
    minutes_pass(burning, 75)
    first = burning.calls()[0]
    assert first == ("Ada", "email", "failed")


def test_the_next_engine_goes_on_trying(burning: Office) -> None:
    burning.post.fail("rcpt", TRY_LATER)
    burning.pass_minutes(10)
    (call,) = burning.engine.writer.do(climbs.queued)
    assert (call.state, bool(call.detail)) == (CallState.QUEUED, True)


def test_a_bug_in_one_call_keeps_no_other_back(
    burning: Office,
) -> None:
    """It once stood first in the list for good."""
    burning.pass_minutes(10)
    burning.engine.clock.forward(minutes=15)
    burning.connections.faults[burning.engine.account.id] = ZeroDivisionError("a bug")
    burning.escalating.step()
    assert burning.calls()[1:] == [("Ada", "email", "failed"), ("Ben", "service", "sent")]


def test_after_a_weekend_the_mailboxes_are_read_before_anybody_is_told(burning: Office) -> None:
    """It was answered on a phone on Saturday; who is on call once heard on Monday that nobody had
    taken it."""
    clock = burning.engine.clock
    burning.escalating.wake_up(steady=_stands)
    clock.forward(days=3)
    burning.escalating.look()
    clock.forward(seconds=5)
    burning.escalating.look()
    assert burning.calls() == []
    burning.engine.desk.acknowledge(burning.engine.only_key())  # as the Sent folder tells
    clock.forward(seconds=50)
    burning.escalating.step()
    assert burning.calls() == []


def test_what_nobody_took_over_a_weekend_is_told_a_moment_after_it(burning: Office) -> None:
    clock = burning.engine.clock
    burning.escalating.wake_up(steady=lambda: clock.now().timestamp())
    clock.forward(minutes=11)
    burning.escalating.look()
    assert burning.calls() == []
    for _ in range(10):
        clock.forward(seconds=5)
        burning.escalating.look()
    assert burning.calls() == [("Ada", "email", "sent")]


def test_what_somebody_asks_for_is_told_though_the_machine_just_woke(burning: Office) -> None:
    burning.escalating.wake_up(steady=_stands)
    burning.escalating.force(burning.engine.only_key())
    burning.escalating.look()
    assert burning.calls() == [("Ada", "email", "sent")]


def _stands() -> float:
    return 0.0
