"""Who gets a copy of a reply: whom the customer wrote to as well, and only by a person's word."""

from __future__ import annotations

from email import message_from_bytes
from email.message import EmailMessage
from email.policy import default

import pytest

from app.domain.errors import Refused
from app.storage import customers, forgetting
from app.storage import outbox as rows
from tests.support.engine import SHOP, Engine, a_letter

WORDS = "Hello Ben,\n\nwe send you two new mugs today.\n\nBest wishes,\nJo"
IDA, MAX = "ida@customer.example", "max@elsewhere.example"
BESIDE = f"Ida Costa <{IDA}>, Anna <anna@shop.example>, no-reply@elsewhere.example"


def others(engine: Engine, key: str) -> list[str]:
    return [one["email"] for one in engine.writing.addressing(key)["others"]]


def sent(engine: Engine) -> EmailMessage:
    engine.clock.forward(seconds=16)
    engine.outbox().step()
    return message_from_bytes(engine.connections.post.sent[-1], policy=default)


@pytest.fixture
def key(engine: Engine) -> str:
    engine.receive(a_letter(to=f"{SHOP}, {MAX}", Cc=BESIDE))
    return engine.only_key()


def test_whom_the_customer_wrote_to_as_well_is_named_and_gets_nothing_by_itself(
    engine: Engine, key: str
) -> None:
    """Neither ours nor a machine's address; who wrote gets the answer anyway."""
    assert others(engine, key) == [MAX, IDA]
    engine.writing.send_reply(key, WORDS)
    mail = sent(engine)
    assert (mail["To"], mail["Cc"]) == ("Ben Costa <ben@customer.example>", None)


def test_a_copy_goes_to_whom_a_person_chose_with_their_name(engine: Engine, key: str) -> None:
    """Whoever else is chosen needs not have been written to; nobody gets it twice."""
    chosen = [IDA.upper(), "mia@carrier.example", "BEN@customer.example", IDA]
    reply = engine.writing.send_reply(key, WORDS, cc=chosen)["reply"]
    queued = engine.writer.do(lambda db: rows.get(db, reply))
    assert queued.recipients == ("ben@customer.example", IDA, "mia@carrier.example")
    assert sent(engine)["Cc"] == f"Ida Costa <{IDA}>, mia@carrier.example"
    shown = engine.issue(key).messages[-1]
    assert [one.email for one in shown.cc] == [IDA, "mia@carrier.example"]


def test_the_copies_stay_with_the_draft_and_come_back_with_a_reply_that_is_taken_back(
    engine: Engine, key: str
) -> None:
    engine.writing.save_draft(key, "Hello Ben,", cc=[IDA])
    draft = engine.issue(key).draft
    assert draft is not None
    assert [one.email for one in draft.cc] == [IDA]
    reply = engine.writing.send_reply(key, WORDS, cc=[IDA, MAX])["reply"]
    assert engine.on_its_way.undo_send(reply)["cc"] == [IDA, MAX]
    back = engine.issue(key).draft
    assert back is not None
    assert [one.email for one in back.cc] == [IDA, MAX]


@pytest.mark.parametrize(
    ("chosen", "because"),
    [
        ("ida.example", "is not a mail address"),
        (SHOP, "is your own address"),
        ("no-reply@carrier.example", "Nobody reads mail to"),
    ],
)
def test_an_address_that_gets_nothing_is_named_before_anything_leaves(
    engine: Engine, key: str, chosen: str, because: str
) -> None:
    told = engine.writing.check_reply(key, WORDS, cc=[chosen])["objections"]
    assert any(because in one["because"] for one in told)
    with pytest.raises(Refused, match=because):
        engine.writing.send_reply(key, WORDS, cc=[chosen])


def test_a_mailing_to_a_crowd_offers_nobody_to_copy_in(engine: Engine) -> None:
    crowd = ", ".join(f"reader{number}@elsewhere.example" for number in range(30))
    engine.receive(a_letter(Cc=crowd))
    assert others(engine, engine.only_key()) == []


def test_whose_customer_is_forgotten_gets_no_copy_and_the_draft_for_another_stays(
    engine: Engine, key: str
) -> None:
    """The draft answers Ben; Ida, who wrote in his issue too, is forgotten."""
    engine.clock.forward(minutes=1)
    engine.receive(
        a_letter(
            "I am his sister, my mug broke as well.",
            sender=f"Ida Costa <{IDA}>",
            message_id="<second@customer.example>",
            answers="<first@customer.example>",
        )
    )
    engine.clock.forward(minutes=1)
    engine.receive(
        a_letter(
            "That is right. When will they come?",
            message_id="<third@customer.example>",
            answers="<second@customer.example>",
        )
    )
    engine.writing.save_draft(key, "Hello Ben,", cc=[IDA, MAX])
    now = engine.clock.now()
    engine.writer.do(lambda db: forgetting.forget(db, customers.holdings(db, IDA), now=now))
    draft = engine.issue(key).draft
    assert draft is not None
    assert [one.email for one in draft.cc] == [MAX]
