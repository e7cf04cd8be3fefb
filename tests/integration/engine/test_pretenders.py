"""Who joins a conversation as somebody else is named, whatever a person said of it before."""

from __future__ import annotations

import pytest

from tests.support.engine import Engine, a_letter

PHISH = (
    "Please confirm your account, your funds are on hold. Log in here: http://paypa1-secure.example"
)


def joins(engine: Engine, number: int = 1, *, host: str = "paypa1-secure.example") -> None:
    """A pretender's mail that answers the first of the conversation."""
    engine.clock.forward(hours=2)
    letter = a_letter(
        PHISH,
        subject="Re: Broken mugs",
        sender=f"PayPal Service <service@{host}>",
        message_id=f"<phish{number}@{host}>",
        answers="<first@customer.example>",
    )
    engine.receive(letter)


def test_a_pretender_who_joins_an_open_conversation_is_named(engine):
    """The customer's own mail speaks for the issue and is not silenced for it."""
    engine.receive(a_letter())
    joins(engine)
    view = engine.issue(engine.only_key())
    assert not view.row.suspicious
    assert view.pretender is not None
    assert view.pretender.who.email == "service@paypa1-secure.example"
    assert "it claims to be PayPal" in view.pretender.because[0]


@pytest.mark.parametrize("answered", [False, True])
def test_what_a_person_said_before_vouches_for_nobody_who_comes_later(engine, answered):
    """They corrected what the customer's mail is about; answered, the pretender's mail is all that
    waits, and the issue itself is under suspicion."""
    engine.receive(a_letter())
    key = engine.only_key()
    engine.desk.override(key, kind="late")
    if answered:
        engine.clock.forward(hours=1)
        ours = a_letter(
            "It is on its way.",
            sender="Shop <hello@shop.example>",
            to="ben@customer.example",
            message_id="<ours@shop.example>",
            answers="<first@customer.example>",
        )
        engine.receive(ours)
    joins(engine)
    view = engine.issue(key)
    assert view.row.suspicious is answered
    assert (view.pretender is None) is answered
    assert view.row.kind.value == "late", "a person's word stands"


def test_whoever_looked_at_it_is_asked_no_more_about_that_address(engine):
    """Said of a mail under suspicion what it is about: that address may write on; another not."""
    engine.receive(a_letter())
    key = engine.only_key()
    joins(engine, 1)
    engine.desk.override(key, kind="refund_billing")
    assert engine.issue(key).pretender is None
    joins(engine, 2)
    assert engine.issue(key).pretender is None
    joins(engine, 3, host="paypal-help.example")
    again = engine.issue(key).pretender
    assert again is not None
    assert again.who.email == "service@paypal-help.example"
