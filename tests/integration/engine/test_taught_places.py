"""Split, merge and a picked order teach where later mails belong; over a real profile."""

from __future__ import annotations

import sqlite3
from datetime import timedelta

import pytest

from app.domain.money import Money
from app.domain.order import Order
from app.storage import orders
from tests.support.engine import NOON, SHOP, Engine, a_letter
from tests.support.mails import a_mail

ANNA, OFFICE = "anna@customer.example", "office@customer.example"


def arrives(engine: Engine, number: int, text: str, *, sender: str = ANNA, subject: str) -> str:
    """A mail arrives an hour after the one before; the key of the issue in which it lies."""
    engine.clock.forward(hours=1)
    letter = a_letter(text, sender=sender, subject=subject, message_id=f"<m{number}@x.example>")
    engine.receive(letter)
    return next(
        row.key
        for row in engine.rows()
        if any(one.message_id == f"m{number}@x.example" for one in engine.issue(row.key).messages)
    )


def are_one(engine: Engine, one: str, other: str) -> bool:
    """Whether both keys name the same issue, which a new mail may have given another key."""
    return engine.issue(one).row.id == engine.issue(other).row.id


def split_last(engine: Engine, key: str) -> dict[str, object]:
    return engine.desk.split(key, messages=[engine.issue(key).messages[-1].id])


def test_a_split_pair_is_not_joined_again_by_the_same_reason(engine):
    """One matter is open; a second was put with it and taken out: the third stands alone."""
    first = arrives(engine, 1, "The jug arrived broken.", subject="Broken jug")
    second = arrives(engine, 2, "Do you have the plate in blue?", subject="A plate")
    assert are_one(engine, first, second)
    answer = split_last(engine, first)
    assert "not joined because the same customer has this open" in str(answer["teaches"])
    third = arrives(engine, 3, "And can I visit the workshop?", subject="A visit")
    assert engine.issue(third).row.message_count == 1


def test_another_customer_s_mails_are_joined_as_before(engine):
    """What was taken apart for one is no rule for all."""
    first = arrives(engine, 1, "The jug arrived broken.", subject="Broken jug")
    arrives(engine, 2, "Do you have the plate in blue?", subject="A plate")
    split_last(engine, first)
    other = arrives(engine, 3, "My bowl is late.", subject="Bowl", sender=OFFICE)
    again = arrives(engine, 4, "Any news of it?", subject="News", sender=OFFICE)
    assert are_one(engine, again, other)


def test_an_undone_split_teaches_nothing(engine):
    first = arrives(engine, 1, "The jug arrived broken.", subject="Broken jug")
    arrives(engine, 2, "Do you have the plate in blue?", subject="A plate")
    engine.desk.undo(split_last(engine, first)["entry"])
    assert are_one(engine, arrives(engine, 3, "And can I visit?", subject="A visit"), first)


def test_what_a_split_taught_can_be_forgotten(engine):
    """The mails stay apart; the next one is joined as before."""
    first = arrives(engine, 1, "The jug arrived broken.", subject="Broken jug")
    arrives(engine, 2, "Do you have the plate in blue?", subject="A plate")
    split_last(engine, first)
    (lesson,) = engine.lesson_desk.learned()["lessons"]
    assert lesson["says"].startswith(f"mails of {ANNA} are not joined because")
    engine.lesson_desk.forget(lesson["entry"])
    assert engine.lesson_desk.learned()["lessons"] == []
    assert (
        engine.issue(arrives(engine, 3, "And a visit?", subject="A visit")).row.message_count == 2
    )


def test_a_thread_is_a_proof_and_stays_one(engine):
    """An answer to a mail goes where that mail lies, whatever was split."""
    first = arrives(engine, 1, "The jug arrived broken.", subject="Broken jug")
    arrives(engine, 2, "Do you have the plate in blue?", subject="A plate")
    split_last(engine, first)
    engine.receive(
        a_letter(
            "One more photo.", sender=ANNA, message_id="<m3@x.example>", answers="<m1@x.example>"
        )
    )
    assert engine.issue(first).row.message_count == 2


def test_addresses_that_were_put_together_stay_one_person(engine):
    """Written from the office: merged once, the next mail from there finds its issue."""
    home = arrives(engine, 1, "The jug arrived broken.", subject="Broken jug")
    work = arrives(engine, 2, "It is about the jug from yesterday.", subject="Jug", sender=OFFICE)
    assert not are_one(engine, work, home)
    answer = engine.desk.merge(work, into=home)
    assert f"{OFFICE} and {ANNA} are of one person" in answer["teaches"]
    third = arrives(engine, 3, "Any news?", subject="News", sender=OFFICE)
    assert are_one(engine, third, home)
    engine.desk.undo(answer["entry"])
    fourth = arrives(engine, 4, "Hello?", subject="Hm", sender=OFFICE)
    assert not are_one(engine, fourth, home)


FORGED = {"Authentication-Results": "localhost; dmarc=fail header.from=regular.example"}
of_many = pytest.mark.parametrize(
    ("sender", "headers"),
    [
        ("Contact form <form@shop.example>", {}),
        ("Tom <tom@shop.example>", {}),
        ("Market <no-reply@market.example>", {}),
        ("Pay <receipts@pay.example>", {"Auto-Submitted": "auto-generated"}),
        ("Anna <anna@regular.example>", FORGED),
    ],
    ids=["form", "colleague", "nobody", "machine", "forged"],
)


@of_many
def test_what_writes_for_many_is_nobody_s_other_address(engine, sender, headers):
    """Our contact form, a colleague, a machine or a forger merged with a customer's issue: the next
    mail from there is no word of that customer, and nothing is said to have been learnt."""
    home = arrives(engine, 1, "The jug arrived broken.", subject="Broken jug")
    engine.receive(
        a_letter(
            "Anna says that her jug is broken.",
            sender=sender,
            subject="A message",
            message_id="<m2@x.example>",
            **headers,
        )
    )
    other = next(row.key for row in engine.rows() if row.key != home)
    answer = engine.desk.merge(other, into=home)
    assert "teaches" not in answer
    assert engine.lesson_desk.learned()["lessons"] == []
    third = arrives(engine, 3, "Bert asks for his parcel.", sender=sender, subject="Parcel")
    assert not are_one(engine, third, home)


def test_what_an_older_frontburner_learnt_of_a_form_is_not_followed(engine):
    """The merge stands in the journal as it was written then."""
    home = arrives(engine, 1, "The jug arrived broken.", subject="Broken jug")
    form = arrives(engine, 2, "Anna: the jug.", sender="form@shop.example", subject="Form")
    engine.desk.merge(form, into=home)

    def as_before(db: sqlite3.Connection) -> None:
        db.execute("DROP TRIGGER journal_stands")
        db.execute(
            "UPDATE journal SET data = json_set(data, '$.customer', 'form@shop.example',"
            " '$.with', ?) WHERE type = 'merge'",
            (ANNA,),
        )

    engine.writer.do(as_before)
    third = arrives(engine, 3, "Bert: my parcel?", sender="form@shop.example", subject="Form 2")
    assert not are_one(engine, third, home)


def sold(engine: Engine, number: str, email: str) -> None:
    order = Order(
        platform="sample",
        platform_id=number,
        number=number,
        customer_name="Anna Weiss",
        customer_email=email,
        placed_at=NOON - timedelta(days=5),
        total=Money(6400, "EUR"),
    )

    def write(db: sqlite3.Connection) -> None:
        orders.upsert(db, order)

    engine.writer.do(write)


def test_a_picked_order_binds_its_sender(engine):
    """Bought from home, written from the office: picked once, the next issue knows."""
    sold(engine, "1042", ANNA)
    first = arrives(engine, 1, "The jug is broken.", subject="Jug", sender=OFFICE)
    assert engine.issue(first).row.order_number == ""
    answer = engine.desk.link_order(first, "1042")
    assert f"mails of {OFFICE} are about order 1042" in answer["teaches"]
    engine.desk.resolve(first)
    engine.clock.forward(days=20)
    later = engine.issue(arrives(engine, 2, "And the lid?", subject="Lid", sender=OFFICE))
    assert later.row.order_number == "1042"
    assert later.order_link.because == ("you picked it for this sender before",)


def test_a_number_in_the_mail_stands_above_what_was_picked_before(engine):
    """Who names another order means that one."""
    sold(engine, "1042", ANNA)
    sold(engine, "1077", ANNA)
    first = arrives(engine, 1, "The jug is broken.", subject="Jug", sender=OFFICE)
    engine.desk.link_order(first, "1042")
    engine.desk.resolve(first)
    engine.clock.forward(days=20)
    text = "Where is my order 1077?"
    later = engine.issue(arrives(engine, 2, text, subject="Order 1077", sender=OFFICE))
    assert later.row.order_number == "1077"


def test_a_pick_that_is_undone_or_forgotten_binds_nobody(engine):
    """Forgotten, the pick itself stands."""
    sold(engine, "1042", ANNA)
    first = arrives(engine, 1, "The jug is broken.", subject="Jug", sender=OFFICE)
    engine.desk.undo(engine.desk.link_order(first, "1042")["entry"])
    assert engine.lesson_desk.learned()["lessons"] == []
    engine.desk.link_order(first, "1042")
    (lesson,) = engine.lesson_desk.learned()["lessons"]
    engine.lesson_desk.forget(lesson["entry"])
    assert engine.lesson_desk.learned()["lessons"] == []
    assert engine.issue(first).row.order_number == "1042"


@of_many
def test_an_order_that_is_picked_binds_no_sender_that_writes_for_many(engine, sender, headers):
    """Picked for one message of a contact form: of the next one it would tell a stranger."""
    sold(engine, "1042", ANNA)
    engine.receive(
        a_letter("Anna: the jug is broken.", sender=sender, message_id="<m1@x.example>", **headers)
    )
    first = engine.only_key()
    assert "teaches" not in engine.desk.link_order(first, "1042")
    assert engine.issue(first).row.order_number == "1042"
    engine.desk.resolve(first)
    engine.clock.forward(days=20)
    later = arrives(engine, 2, "Bert: and my parcel?", sender=sender, subject="Parcel")
    assert engine.issue(later).row.order_number == ""


def test_a_forger_gets_no_order_by_what_was_picked_for_the_true_sender(engine):
    """Our own mail host says that it does not come from there."""
    sold(engine, "1042", ANNA)
    sender = "anna@regular.example"
    first = arrives(engine, 1, "The jug is broken.", subject="Jug", sender=sender)
    engine.desk.link_order(first, "1042")
    engine.desk.resolve(first)
    engine.clock.forward(days=20)
    engine.receive(a_letter("Where is it?", sender=sender, message_id="<m2@x.example>", **FORGED))
    assert sorted(row.order_number for row in engine.rows()) == ["", "1042"]


RELAY = "messages@marketplace.example"


def through_the_marketplace(engine: Engine, name: str, text: str) -> None:
    engine.clock.forward(hours=1)
    subject = "You received a message"
    number = f"<{engine.clock.now():%H}@marketplace.example>"
    engine.receive(
        a_mail(
            text, from_=f"{name} <{RELAY}>", to=SHOP, subject=subject, message_id=number,
            at=engine.clock.now(),
        )
    )  # fmt: skip


def test_buyers_who_write_through_one_address_are_not_one_person(engine: Engine):
    """A marketplace passes all their mails on from it, under one subject."""
    through_the_marketplace(engine, "Anna King", "My mug arrived broken.")
    through_the_marketplace(engine, "Ben Costa", "Where is my parcel?")
    through_the_marketplace(engine, "Anna King", "Any news about my broken mug?")
    assert sorted((one.customer.name, one.message_count) for one in engine.rows()) == [
        ("Anna King", 2), ("Ben Costa", 1)
    ]  # fmt: skip


def test_what_was_taught_of_one_buyer_does_not_hold_for_another_of_that_address(engine: Engine):
    """Anna's mail through the marketplace was merged with what she wrote from home."""
    engine.receive(
        a_mail("My mug arrived broken.", from_="Anna King <anna@customer.example>", to=SHOP,
               subject="Broken mug", message_id="<home@customer.example>", at=engine.clock.now())
    )  # fmt: skip
    through_the_marketplace(engine, "Anna King", "My mug arrived broken, I wrote from home too.")
    first, second = (one.key for one in engine.rows())
    engine.desk.merge(first, into=second)
    through_the_marketplace(engine, "Ben Costa", "Where is my parcel?")
    through_the_marketplace(engine, "Anna King", "Any news about my broken mug?")
    assert sorted(one.message_count for one in engine.rows()) == [1, 3]


def test_the_same_order_joins_two_people_of_one_address(engine: Engine):
    through_the_marketplace(engine, "Anna King", "Order OW-10227 arrived broken.")
    through_the_marketplace(engine, "Otto Berg", "My wife wrote: order OW-10227 is broken.")
    (row,) = engine.rows()
    assert row.message_count == 2


def test_an_order_picked_for_one_buyer_is_not_anothers_who_writes_through_the_same_address(
    engine: Engine,
):
    sold(engine, "1042", ANNA)
    through_the_marketplace(engine, "Anna King", "My mug arrived broken.")
    first = engine.only_key()
    engine.desk.link_order(first, "1042")
    engine.desk.resolve(first)
    engine.clock.forward(days=20)
    through_the_marketplace(engine, "Ben Costa", "Where is my parcel?")
    through_the_marketplace(engine, "Anna King", "May I have an invoice?")
    found = {(one.customer.name, one.order_number) for one in engine.rows()}
    assert found == {("Anna King", "1042"), ("Ben Costa", "")}
