"""What lies in Junk: a few mails are brought in, the rest is counted and never rings."""

from __future__ import annotations

from dataclasses import replace

import pytest

from app.domain.money import Money
from app.domain.order import Order
from app.storage import orders
from tests.support.engine import NOON, SHOP, a_letter

pytestmark = pytest.mark.servers

INJURY = "My daughter was cut by the chipped bowl and is in hospital. Our lawyer will sue you."
LEFT = "Left in Junk: nobody whom the shop knows sent it."


def test_a_strangers_mail_is_left_there_counted_and_silent(shop):
    """However loudly it calls."""
    shop.arrives(a_letter(INJURY), folder="Junk")
    shop.round()
    proof = shop.proof("Junk")
    assert (proof.on_server, proof.stored, dict(proof.left), proof.unexplained) == (
        1,
        0,
        {LEFT: 1},
        0,
    )
    assert proof.skipped == {}
    assert shop.engine.rows() == []
    assert shop.alerts() == ()


def test_who_answers_us_is_heard(shop):
    shop.arrives(
        a_letter("Your order is late.", sender=SHOP, to="ida@new.example", message_id="<out@shop>"),
        folder="Sent",
    )
    shop.engine.clock.forward(minutes=1)
    shop.arrives(a_letter(INJURY, sender="ida@new.example", answers="<out@shop>"), folder="Junk")
    shop.round()
    theirs = shop.messages()[1]
    assert theirs.rescued == "it answers a mail of ours"
    assert theirs.on_server.folders == ("Junk",)
    assert len(shop.alerts()) == 1
    assert shop.proof("Junk").stored == 1


def test_a_customer_with_an_order_is_heard(shop):
    order = Order(
        platform="shop",
        platform_id="1",
        number="1001",
        placed_at=NOON,
        customer_name="Ben Costa",
        customer_email="ben@customer.example",
        total=Money(1000, "EUR"),
    )
    shop.engine.writer.do(lambda db: orders.upsert(db, order))
    shop.arrives(a_letter(), folder="Junk")
    shop.round()
    assert shop.messages()[0].rescued == "it comes from a customer whom the shop knows"


def test_a_customer_who_wrote_before_is_heard(shop):
    shop.arrives(a_letter())
    shop.arrives(a_letter("Any news?", message_id="<again@customer.example>"), folder="Junk")
    shop.round()
    assert [bool(one.rescued) for one in shop.messages()] == [False, True]


def test_who_only_writes_a_customers_name_is_not_believed(shop):
    shop.arrives(a_letter())
    forged = a_letter(
        INJURY,
        message_id="<forged@evil.example>",
        Authentication_Results="mx.example; dmarc=fail header.from=customer.example",
    )
    shop.arrives(forged, folder="Junk")
    shop.round()
    (reason,) = shop.proof("Junk").left
    assert "forged" in reason
    assert shop.alerts() == ()


def a_notice(verdict: str) -> bytes:
    """A dispute as a payment provider writes of it."""
    return a_letter(
        "A customer has opened a dispute (chargeback) for a payment of 84.00 EUR. "
        "Respond with evidence by tomorrow.",
        subject="A payment of 84.00 EUR has been disputed",
        sender="Stripe <notifications@stripe.com>",
        message_id="<dispute@stripe.com>",
        Authentication_Results=verdict,
    )


def test_a_true_notice_of_a_dispute_is_brought_in_and_rings(shop):
    shop.arrives(a_notice("mx.example; dmarc=pass header.from=stripe.com"), folder="Junk")
    shop.round()
    assert "Stripe" in shop.messages()[0].rescued
    assert len(shop.alerts()) == 1


def test_a_notice_that_nothing_proves_is_left(shop):
    shop.arrives(a_notice("mx.example; spf=none"), folder="Junk")
    shop.round()
    (reason,) = shop.proof("Junk").left
    assert "no check of the mail server proves it" in reason
    assert shop.alerts() == ()


def test_what_the_owner_moves_out_of_junk_is_read_like_any_mail(shop):
    shop.arrives(a_letter(INJURY), folder="Junk")
    shop.round()
    shop.mailbox.adm("move", "INBOX", "mailbox", "Junk", "ALL")
    shop.round()
    assert shop.messages()[0].rescued == ""
    assert len(shop.alerts()) == 1
    assert (shop.proof("INBOX").stored, shop.proof("Junk").on_server) == (1, 0)


def test_what_the_owner_moves_into_junk_stays_the_mail_that_it_is(shop):
    shop.arrives(a_letter())
    shop.round()
    shop.mailbox.adm("move", "Junk", "mailbox", "INBOX", "ALL")
    for _ in range(3):
        shop.round()
    (message,) = shop.messages()
    assert message.on_server.folders == ("Junk",)
    assert not message.on_server.gone
    assert shop.proof("Junk").stored == 1


def test_what_was_left_can_be_tried_again(shop):
    """Its sender has become a customer meanwhile."""
    shop.arrives(a_letter("Hello?", message_id="<early@customer.example>"), folder="Junk")
    shop.round()
    assert sum(shop.proof("Junk").left.values()) == 1
    shop.arrives(a_letter())
    shop.round()
    assert sum(shop.proof("Junk").left.values()) == 1
    shop.try_again()
    shop.round()
    assert (shop.proof("Junk").stored, shop.proof("Junk").left) == (1, {})


def test_old_mail_in_junk_is_left(shop):
    shop.arrives(a_letter())
    at = NOON.replace(year=2025)
    shop.arrives(a_letter("Hm", message_id="<o@customer.example>"), folder="Junk", at=at)
    shop.round()
    (reason,) = shop.proof("Junk").left
    assert "older" in reason


LONG = "\n".join([INJURY] * 800)  # longer than what is looked at first


def test_of_a_long_mail_that_is_left_there_only_the_beginning_is_fetched(shop):
    shop.arrives(a_letter(LONG), folder="Junk")
    shop.round()
    proof = shop.proof("Junk")
    assert (dict(proof.left), proof.unexplained) == ({LEFT: 1}, 0)
    shop.round()
    assert shop.proof("Junk") == replace(proof, checked_at=shop.proof("Junk").checked_at)


def test_a_long_mail_that_answers_us_is_fetched_whole(shop):
    shop.arrives(
        a_letter("Your order is late.", sender=SHOP, to="ida@new.example", message_id="<out@shop>"),
        folder="Sent",
    )
    shop.engine.clock.forward(minutes=1)
    shop.arrives(a_letter(LONG, sender="ida@new.example", answers="<out@shop>"), folder="Junk")
    shop.round()
    assert shop.messages()[1].rescued == "it answers a mail of ours"
    assert shop.messages()[1].text.count("hospital") == 800


def test_a_long_mail_that_the_owner_moves_into_junk_stays_what_it_is(shop):
    shop.arrives(a_letter(LONG))
    shop.round()
    shop.mailbox.adm("move", "Junk", "mailbox", "INBOX", "ALL")
    shop.round()
    assert shop.messages()[0].on_server.folders == ("Junk",)
    assert dict(shop.proof("Junk").left) == {}


def test_a_long_mail_that_shares_its_name_with_others_stays_what_it_is_in_junk(shop):
    """A form gives all its mails one Message-ID: the second is stored by a name of its bytes."""
    verdict = "mx.example; dmarc=fail header.from=page.example"
    mail = a_letter(LONG, sender="Form <wordpress@page.example>", Authentication_Results=verdict)
    shop.arrives(mail)
    shop.arrives(mail.replace(b"11:58:00", b"11:59:00"))
    shop.round()
    assert len(shop.messages()) == 2
    shop.mailbox.adm("move", "Junk", "mailbox", "INBOX", "ALL")
    shop.round()
    assert [one.on_server.folders for one in shop.messages()] == [("Junk",), ("Junk",)]
    assert dict(shop.proof("Junk").left) == {}
