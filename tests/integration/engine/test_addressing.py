"""Whom a reply goes to, and that no machine can make us answer it."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from email import message_from_bytes
from email.message import EmailMessage
from email.policy import default

import pytest

from app.domain.assessment import Kind
from app.domain.errors import Refused
from app.domain.journal import State
from app.domain.money import Money
from app.domain.order import Order
from app.storage import accounts, orders
from app.storage import outbox as rows
from tests.support.engine import SHOP, Engine, a_letter
from tests.support.reports import a_report

WORDS = "Hello Ben,\n\nwe send you two new mugs today.\n\nBest wishes,\nJo"
NOTICE = {
    "sender": "PayPal <service@paypal.com>",
    "subject": "A customer has opened a dispute about order MM-10227",
    "message_id": "<n1@paypal.com>",
}
NOTICE_TEXT = (
    "A buyer has opened a dispute (case PP-R-ABC-123456789) for 81.00 EUR, order MM-10227, item not"
    " received. Please respond by 30 November 2026."
)


def know_order(engine: Engine, email: str = "ben@customer.example") -> None:
    order = Order(
        platform="shop",
        platform_id="1",
        number="MM-10227",
        customer_name="Ben Costa",
        customer_email=email,
        placed_at=datetime(2026, 11, 10, tzinfo=UTC),
        total=Money(8100, "EUR"),
    )
    engine.writer.do(lambda db: orders.upsert(db, order))


def sent(engine: Engine) -> EmailMessage:
    engine.clock.forward(seconds=16)
    engine.outbox().step()
    return message_from_bytes(engine.connections.post.sent[-1], policy=default)


class TestDisputeNotice:
    """A provider's notice is nobody's letter."""

    def test_a_reply_goes_to_the_orders_customer_as_a_new_conversation(self, engine):
        """Nothing of the provider's mail goes along: no thread, no quote, no subject."""
        know_order(engine)
        engine.receive(a_letter(NOTICE_TEXT, **NOTICE))
        key = engine.only_key()
        told = engine.writing.addressing(key)
        assert told["way"] == "customer"
        assert "order MM-10227" in told["note"]
        engine.writing.send_reply(key, WORDS)
        mail = sent(engine)
        assert mail["To"] == "Ben Costa <ben@customer.example>"
        assert mail["Subject"] == "Your order MM-10227"
        assert (mail["In-Reply-To"], mail["References"]) == (None, None)
        assert "paypal" not in mail.as_string().lower()

    def test_writing_to_the_customer_is_no_answer_to_the_provider(self, engine):
        """The dispute stays on the list, with its date; only an answer or "done" takes it off."""
        know_order(engine)
        engine.receive(a_letter(NOTICE_TEXT, **NOTICE))
        key = engine.only_key()
        assert engine.issue(key).row.kind is Kind.DISPUTE
        engine.writing.send_reply(key, WORDS, follow_up_days=3)
        sent(engine)
        row = engine.issue(key).row
        assert (row.state, row.snoozed_until) == (State.ACKNOWLEDGED, None)
        assert [one.key for one in engine.rows("open")] == [key]
        engine.writing.send_reply(key, WORDS, to_sender=True)
        sent(engine)
        assert engine.issue(key).row.state is State.WAITING

    def test_a_planned_mail_to_the_customer_does_not_let_a_dispute_sleep(self, engine):
        """Its date goes on; so does its place on the list."""
        know_order(engine)
        engine.receive(a_letter(NOTICE_TEXT, **NOTICE))
        key = engine.only_key()
        at = (engine.clock.now() + timedelta(days=2)).isoformat()
        engine.writing.send_reply(key, WORDS, at=at, insist=True)
        assert engine.issue(key).row.snoozed_until is None
        assert [one.key for one in engine.rows("open")] == [key]

    def test_a_customer_who_writes_too_does_not_change_that(self, engine):
        """The notice lies with their mail; our answer to them is none to the provider."""
        engine.receive(a_letter("I called my bank.", subject="My money"))
        key = engine.only_key()
        engine.clock.forward(minutes=1)
        engine.receive(a_letter(NOTICE_TEXT, **NOTICE))
        notice = next((row.key for row in engine.rows() if row.key != key), "")
        if notice:  # joined by the order where that is known
            engine.desk.merge(notice, into=key)
        assert engine.issue(key).row.kind is Kind.DISPUTE
        engine.writing.send_reply(key, WORDS)
        assert sent(engine)["To"] == "Ben Costa <ben@customer.example>"
        assert engine.issue(key).row.state is State.ACKNOWLEDGED

    def test_the_provider_can_be_meant_all_the_same(self, engine):
        """Said on purpose, it is an answer to the notice."""
        know_order(engine)
        engine.receive(a_letter(NOTICE_TEXT, **NOTICE))
        key = engine.only_key()
        assert engine.writing.addressing(key, to_sender=True)["way"] == "machine"
        engine.writing.send_reply(key, WORDS, to_sender=True)
        mail = sent(engine)
        assert mail["To"].addresses[0].addr_spec == "service@paypal.com"
        assert mail["In-Reply-To"] == "<n1@paypal.com>"

    def test_where_no_customer_is_known_a_person_is_asked(self, engine):
        """Nothing goes to a provider by accident."""
        engine.receive(a_letter(NOTICE_TEXT, **NOTICE))
        key = engine.only_key()
        assert engine.writing.addressing(key)["way"] == "machine"
        with pytest.raises(Refused, match=r"goes to service@paypal\.com") as refused:
            engine.writing.send_reply(key, WORDS)
        assert refused.value.asks
        assert engine.writing.send_reply(key, WORDS, insist=True)["reply"]

    def test_a_customer_in_the_issue_comes_before_every_machine(self, engine):
        """The last mail of a person is answered, whatever a program wrote after it."""
        engine.receive(a_letter())
        engine.receive(
            a_letter("I am away until Monday.", subject="Out of office",
                     message_id="<o@customer.example>", answers="<first@customer.example>",
                     auto_submitted="auto-replied")
        )  # fmt: skip
        engine.writing.send_reply(engine.only_key(), WORDS)
        mail = sent(engine)
        assert mail["In-Reply-To"] == "<first@customer.example>"
        assert mail["Subject"] == "Re: Broken mugs"


def test_a_contact_forms_customer_stands_in_reply_to(engine):
    """The form writes in the shop's name; the answer goes to the person."""
    engine.receive(
        a_letter(sender=f"Shop form <{SHOP}>", reply_to="Ann Lee <ann@customer.example>")
    )
    engine.writing.send_reply(engine.only_key(), WORDS.replace("Ben", "Ann"))
    assert sent(engine)["To"] == "Ann Lee <ann@customer.example>"


def test_a_reply_to_that_leads_back_to_us_is_passed_over(engine):
    """Somebody copied our address there: the answer goes to who wrote."""
    engine.receive(a_letter(reply_to=f"Shop <{SHOP}>"))
    engine.writing.send_reply(engine.only_key(), WORDS)
    assert sent(engine)["To"].addresses[0].addr_spec == "ben@customer.example"


@pytest.mark.parametrize("broken", ["undisclosed", "noreply@customer.example", "<>"])
def test_a_reply_to_at_which_nobody_is_reached_is_passed_over(engine, broken):
    """No address at all, or one that nobody reads: the answer goes to who wrote."""
    engine.receive(a_letter(reply_to=broken))
    key = engine.only_key()
    assert [one["email"] for one in engine.writing.addressing(key)["to"]] == [
        "ben@customer.example"
    ]
    engine.writing.send_reply(key, WORDS)
    assert sent(engine)["To"].addresses[0].addr_spec == "ben@customer.example"


FILLED_IN = """You received a new message from your online store's contact form.

Name:
Ann Lee

Email:
ann@customer.example

Body:
My mug arrived broken. Order MM-10227."""


def test_a_form_whose_reply_to_tells_no_name_is_answered_by_the_name_that_was_filled_in(engine):
    """As Shopify writes it. What is quoted was said by the person, not by the form."""
    engine.receive(
        a_letter(
            FILLED_IN,
            sender="Mill & Moss <mailer@shopify.example>",
            reply_to="ann@customer.example",
        )
    )
    key = engine.only_key()
    assert engine.writing.render(key, "damaged/ask_photos", "en")["text"].startswith("Hi Ann,")
    engine.writing.send_reply(key, "Hi Ann,\n\na new one goes out.")
    engine.clock.forward(minutes=1)
    engine.outbox().step()
    (sent,) = engine.connections.post.sent
    assert b"To: Ann Lee <ann@customer.example>" in sent
    assert b"at 11:58, Ann Lee wrote:" in sent


def test_a_form_that_names_another_address_does_not_name_who_is_answered(engine):
    """Somebody may write any name into a form; it counts for the address beside it."""
    engine.receive(
        a_letter(
            FILLED_IN,
            sender="Mill & Moss <mailer@shopify.example>",
            reply_to="eve@elsewhere.example",
        )
    )
    (to,) = engine.writing.addressing(engine.only_key())["to"]
    assert to == {"name": "", "email": "eve@elsewhere.example"}


def test_a_form_of_ours_whose_reply_to_is_broken_is_never_answered_to_ourselves(engine):
    """Nobody is reached; the person sees what is wrong and finds the address."""
    engine.receive(a_letter(sender=f"Shop form <{SHOP}>", reply_to="undisclosed"))
    with pytest.raises(Refused, match="Nobody is to receive this"):
        engine.writing.send_reply(engine.only_key(), WORDS, insist=True)


class TestColleague:
    """Somebody of our own domain writes into a customer's conversation."""

    def hear_of_anna(self, engine: Engine, sender: str = "Anna <anna@shop.example>") -> str:
        engine.receive(a_letter())
        engine.clock.forward(minutes=1)
        engine.receive(
            a_letter("I am with the carrier already, please answer her.", sender=sender,
                     message_id="<a@shop.example>", answers="<first@customer.example>",
                     subject="Re: Broken mugs")
        )  # fmt: skip
        return engine.only_key()

    def test_the_customer_is_answered_and_the_colleague_named(self, engine):
        """Her mail is neither quoted nor answered."""
        key = self.hear_of_anna(engine)
        told = engine.writing.addressing(key)
        assert [one["email"] for one in told["to"]] == ["ben@customer.example"]
        assert "anna@shop.example" in told["note"]
        engine.writing.send_reply(key, WORDS)
        mail = sent(engine)
        assert mail["To"] == "Ben Costa <ben@customer.example>"
        assert mail["In-Reply-To"] == "<first@customer.example>"
        assert "carrier already" not in mail.as_string()

    def test_the_colleague_can_be_meant_all_the_same(self, engine):
        """Said on purpose, it goes to who wrote last."""
        key = self.hear_of_anna(engine)
        engine.writing.send_reply(key, WORDS.replace("Ben", "Anna"), to_sender=True)
        assert sent(engine)["To"] == "Anna <anna@shop.example>"

    def test_somebody_else_of_the_customers_side_is_answered(self, engine):
        """They write from two addresses, or two of a family write."""
        key = self.hear_of_anna(engine, sender="Mia Costa <mia@work.example>")
        told = engine.writing.addressing(key)
        assert (told["to"][0]["email"], told["note"]) == ("mia@work.example", "")

    def test_a_colleague_who_is_the_customer_is_answered(self, engine):
        """They order as well, or try it out."""
        engine.receive(a_letter(sender="Anna <anna@shop.example>"))
        told = engine.writing.addressing(engine.only_key())
        assert (told["to"][0]["email"], told["note"]) == ("anna@shop.example", "")

    def test_at_a_provider_for_everybody_nobody_is_a_colleague(self, engine):
        """The shop writes from Gmail, and so does a customer's wife."""
        known = {**engine.account.settings, "address": "mill.and.moss@gmail.com"}
        engine.writer.do(lambda db: accounts.set_settings(db, engine.account.id, known))
        key = self.hear_of_anna(engine, sender="Mia Costa <mia.costa@gmail.com>")
        told = engine.writing.addressing(key)
        assert told["to"][0]["email"] == "mia.costa@gmail.com"

    def test_a_form_on_our_own_site_is_no_colleague(self, engine):
        """It writes from our domain, for the person in Reply-To."""
        engine.receive(a_letter())
        engine.clock.forward(minutes=1)
        engine.receive(
            a_letter("It is broken too.", sender="Shop <wordpress@shop.example>",
                     message_id="<w@shop.example>", answers="<first@customer.example>",
                     reply_to="Ben <ben@work.example>")
        )  # fmt: skip
        told = engine.writing.addressing(engine.only_key())
        assert told["to"][0]["email"] == "ben@work.example"


MACHINES = {
    "an automatic answer": a_letter(auto_submitted="auto-replied", subject="Out of office"),
    "an automatic notice": a_letter(auto_submitted="auto-generated"),
    "bulk": a_letter(precedence="bulk"),
    "an older automatic answer": a_letter(precedence="auto_reply"),
    "a list": a_letter(list_id="<news.customer.example>"),
    "an empty return path": a_letter(return_path="<>"),
    "a loop": a_letter(x_loop="hello@shop.example"),
    "our own address": a_letter(sender=SHOP),
    "our own address with a plus": a_letter(sender="hello+fb.x@shop.example"),
    "a mail server": a_letter(sender="mailer-daemon@customer.example"),
    "a customer": a_letter(),
}


class TestLoops:
    """Two programs that answer each other need one that answers by itself: we never do."""

    @pytest.mark.parametrize("raw", MACHINES.values(), ids=MACHINES.keys())
    def test_no_mail_that_arrives_makes_one_leave(self, engine, raw):
        """Nothing lies in the outbox without a person's click, today or in a month."""
        engine.receive(raw)
        for _ in range(30):
            engine.clock.forward(days=1)
            engine.watch.look()
            engine.outbox().step()
        assert engine.connections.post.sent == []
        assert engine.writer.do(rows.pending) == 0

    def test_a_storm_of_bounces_makes_none_leave(self, engine):
        """Each is filed with the reply that it is about, and that is all."""
        engine.receive(a_letter())
        message_id = engine.writing.send_reply(engine.only_key(), WORDS)["message_id"]
        sent(engine)
        for number in range(20):
            engine.clock.forward(minutes=1)
            engine.receive(a_report(message_id, message_id=f"<dsn{number}@mx.example>"))
        engine.outbox().step()
        assert len(engine.connections.post.sent) == 1
        assert len(engine.rows()) == 1

    def test_what_leaves_can_come_back_and_says_that_a_person_wrote_it(self, engine):
        """A real sender on the envelope, so that a bounce reaches us; no mark of a machine."""
        engine.receive(a_letter())
        reply = engine.writing.send_reply(engine.only_key(), WORDS)["reply"]
        mail = sent(engine)
        assert engine.writer.do(lambda db: rows.get(db, reply)).sender == SHOP
        for name in ("Auto-Submitted", "Precedence", "X-Auto-Response-Suppress", "Return-Path"):
            assert mail[name] is None

    @pytest.mark.parametrize("address", [SHOP, "hello+fb.x@shop.example", "alias@shop.example"])
    def test_a_reply_to_ourselves_is_refused(self, engine, address):
        """Aliases and plus-addresses are ours as well; even insisting does not help."""
        engine.receive(a_letter(NOTICE_TEXT, **NOTICE))
        know_order(engine, email=address)
        key = engine.only_key()
        known = {**engine.account.settings, "identities": "alias@shop.example"}
        engine.writer.do(lambda db: accounts.set_settings(db, engine.account.id, known))
        engine.receive(
            a_letter("Order MM-10227 again", answers="<n1@paypal.com>",
                     **{**NOTICE, "message_id": "<n2@paypal.com>"})
        )  # fmt: skip
        with pytest.raises(Refused, match="your own address"):
            engine.writing.send_reply(key, WORDS, insist=True)

    def test_the_twenty_first_reply_of_a_day_to_one_address_is_asked_about(self, engine):
        """A script that answers itself stops there; tomorrow is another day."""
        engine.receive(a_letter())
        key = engine.only_key()
        for number in range(20):
            engine.writing.send_reply(key, f"{WORDS}\n{number}")
            engine.clock.forward(minutes=1)
        with pytest.raises(Refused, match="20 replies from you in the last 24 hours") as refused:
            engine.writing.send_reply(key, WORDS)
        assert refused.value.asks
        engine.clock.forward(hours=24)
        assert engine.writing.send_reply(key, WORDS)["reply"]


PASSED_ON = """Ben is angry, give him something, but not more than ten pounds.

---------- Forwarded message ---------
From: Ben Costa <ben@customer.example>
Date: Fri, 20 Nov 2026 at 09:12
Subject: Broken mugs
To: <anna@shop.example>

Two of the four mugs of order MM-10227 arrived broken. What now?
"""


class TestPassedOn:
    """A colleague forwards a customer's letter to the shop's mailbox."""

    def hear(self, engine: Engine, text: str = PASSED_ON, **given: str) -> str:
        told = {"sender": "Anna <anna@shop.example>", "subject": "Fwd: Broken mugs", **given}
        engine.receive(a_letter(text, message_id="<fwd@shop.example>", **told))
        return engine.only_key()

    def test_the_issue_is_the_customers_and_so_is_the_answer(self, engine):
        """A new mail to them; what the colleague wrote between us does not go along."""
        key = self.hear(engine)
        assert str(engine.issue(key).row.customer) == "Ben Costa <ben@customer.example>"
        assert not engine.issue(key).row.suspicious
        assert "anna@shop.example passed this on" in engine.writing.addressing(key)["note"]
        engine.writing.send_reply(key, WORDS)
        mail = sent(engine)
        assert (mail["To"], mail["Subject"]) == (
            "Ben Costa <ben@customer.example>", "Re: Broken mugs",
        )  # fmt: skip
        assert mail["In-Reply-To"] is None
        assert "ten pounds" not in mail.as_string()
        assert "anna@shop.example" not in mail.as_string()

    def test_it_joins_what_the_customer_wrote_and_that_is_answered(self, engine):
        """Also to us: one issue, and their own mail is quoted."""
        engine.receive(a_letter())
        engine.clock.forward(minutes=1)
        key = self.hear(engine)
        engine.writing.send_reply(key, WORDS)
        assert sent(engine)["In-Reply-To"] == "<first@customer.example>"

    def test_the_colleague_can_be_meant_all_the_same(self, engine):
        key = self.hear(engine)
        engine.writing.send_reply(key, WORDS.replace("Ben", "Anna"), to_sender=True)
        assert sent(engine)["To"] == "Anna <anna@shop.example>"

    @pytest.mark.parametrize(
        "given",
        [
            {"sender": "Mia <mia@supplier.example>"},  # a stranger passes on what they like
            {"subject": "Broken mugs"},
            {"text": "Ben is angry, see the file."},
            {"text": PASSED_ON.replace("ben@customer.example", "no-reply@customer.example")},
            {"text": PASSED_ON.replace("ben@customer.example", "jo@shop.example")},
        ],
    )
    def test_what_is_no_letter_of_a_customer_is_its_senders(self, engine, given):
        told = {"text": PASSED_ON, **given}
        key = self.hear(engine, told.pop("text"), **told)
        assert engine.issue(key).row.customer.email in given.get("sender", "anna@shop.example")

    def test_a_forger_names_nobody(self, engine):
        """Our own mail host says that it does not come from our domain."""
        forged = {"Authentication-Results": "mx.shop.example; dmarc=fail header.from=shop.example"}
        host = {**engine.account.settings, "host": "mx.shop.example"}
        engine.writer.do(lambda db: accounts.set_settings(db, engine.account.id, host))
        key = self.hear(engine, **forged)
        assert engine.issue(key).row.customer.email == "anna@shop.example"
