"""What lies in Sent was said by us, wherever it was written, against a real Dovecot."""

from __future__ import annotations

import pytest

from app.domain.alert import AlertState
from app.domain.journal import EntryType, State
from app.domain.message import Direction
from app.domain.views import IssueView
from app.mail.limits import Limits
from app.storage import alerts, messages
from tests.support.engine import SHOP, a_letter
from tests.support.watched import Watched, watched

pytestmark = pytest.mark.servers

URGENT = "My daughter was cut by the chipped bowl and is in hospital. Our lawyer will sue you."


def an_answer(**more: str) -> bytes:
    """A mail of ours to Ben, written on a phone."""
    given = {
        "sender": f"Shop <{SHOP}>",
        "to": "ben@customer.example",
        "subject": "Re: Broken mugs",
        "message_id": "<answer@phone.example>",
        "answers": "<first@customer.example>",
        **more,
    }
    return a_letter("We send you two new mugs today.", **given)


def test_an_answer_from_a_phone_clears_the_clock(shop):
    """The promise is met, the issue waits for the customer."""
    shop.arrives(a_letter())
    shop.round()
    shop.engine.clock.forward(minutes=20)
    shop.arrives(an_answer(), folder="Sent")
    shop.round()
    view = shop.issue()
    (deadline,) = view.deadlines
    assert view.row.state is State.WAITING
    assert deadline.met_at == shop.engine.clock.now()
    assert [one.direction for one in view.messages] == [Direction.IN, Direction.OUT]
    assert view.messages[1].joined_because.startswith("written elsewhere and found in Sent")


BARE = {"answers": "", "subject": "RE: Broken mugs"}  # as some phones write


def answered_by(shop: Watched, **more: str) -> IssueView:
    """The issue after a mail of ours that names no mail was found in Sent."""
    shop.arrives(a_letter())
    shop.round()
    shop.engine.clock.forward(minutes=20)
    shop.arrives(an_answer(**{**BARE, **more}), folder="Sent")
    shop.round()
    row = min((row for row in shop.engine.rows("all")), key=lambda row: row.id)
    return shop.engine.issue(row.key)


def test_an_answer_that_names_no_mail_clears_the_clock_of_the_one_open_issue(shop):
    view = answered_by(shop)
    assert view.row.state is State.WAITING
    assert view.deadlines[0].met_at == shop.engine.clock.now()
    (entry,) = view.journal
    assert entry.type is EntryType.REPLY_FOUND
    assert "under the same subject" in entry.data["because"]
    assert entry.data["because"] in view.messages[1].joined_because


def test_that_it_was_the_answer_can_be_taken_back(shop):
    view = answered_by(shop)
    shop.engine.desk.undo(view.journal[0].id)
    again = shop.engine.issue(view.row.key)
    assert again.row.state is State.NEW
    assert again.deadlines[0].met_at is None


@pytest.mark.parametrize(
    "more",
    [
        {"subject": "Broken mugs"},
        {"subject": "Fwd: Broken mugs"},
        {"subject": "Re: Your invoice"},
        {"to": "ben@customer.example, ann@customer.example"},
        {"cc": "ann@customer.example"},
        {"to": "ann@customer.example"},
        {"Auto_Submitted": "auto-replied"},
        {"answers": "<of.somebody.else@customer.example>"},
    ],
    ids=["no Re", "forward", "other subject", "two", "copy", "other", "automatic", "other thread"],
)
def test_what_may_mean_something_else_clears_nothing(shop, more):
    view = answered_by(shop, **more)
    assert view.row.state is State.NEW
    assert (view.journal, len(view.messages)) == ((), 1)


def test_an_alert_about_what_was_answered_elsewhere_is_taken_back(shop):
    shop.arrives(a_letter(URGENT))
    shop.round()
    (alert,) = shop.alerts()
    shop.engine.clock.forward(minutes=1)
    shop.arrives(an_answer(), folder="Sent")
    shop.round()
    assert shop.alerts() == ()
    taken = shop.engine.writer.do(lambda db: alerts.get(db, alert.id))
    assert taken.state is AlertState.WITHDRAWN


def test_what_was_answered_before_we_first_looked_never_rings(shop):
    shop.arrives(a_letter(URGENT))
    shop.engine.clock.forward(minutes=1)
    shop.arrives(an_answer(), folder="Sent")
    shop.round()
    assert shop.alerts() == ()
    assert shop.issue().row.state is State.WAITING
    assert shop.issue().row.customer.email == "ben@customer.example"


def test_our_own_automatic_answer_is_no_answer(shop):
    shop.arrives(a_letter())
    shop.round()
    shop.engine.clock.forward(minutes=1)
    shop.arrives(an_answer(Auto_Submitted="auto-replied"), folder="Sent")
    shop.round()
    assert shop.issue().row.state is State.NEW
    assert shop.issue().deadlines[0].met_at is None


def test_a_reply_that_was_sent_from_here_is_only_found_there(shop):
    """Its copy in Sent is the message that is stored already."""
    shop.arrives(a_letter())
    shop.round()
    words = "Hello Ben,\n\nwe send you two new mugs today.\n\nBest wishes,\nJo"
    shop.engine.writing.send_reply(shop.engine.only_key(), body=words)
    shop.engine.clock.forward(minutes=5)
    shop.engine.outbox().step()
    (mime,) = shop.engine.connections.post.sent
    shop.arrives(mime, folder="Sent")
    shop.round()
    ours = shop.messages()[1]
    assert len(shop.messages()) == 2
    assert ours.on_server.folders == ("Sent",)
    assert shop.proof("Sent").stored == 1


def test_what_we_wrote_to_somebody_first_waits_for_nobody(shop):
    """It is kept and found, and is no problem of a customer until they answer."""
    shop.arrives(
        an_answer(answers="", subject="Your order", message_id="<one@shop.example>"), folder="Sent"
    )
    shop.round()
    assert shop.engine.rows("open") == []
    (row,) = shop.engine.rows("all")
    assert row.customer.email == "ben@customer.example"
    shop.engine.clock.forward(minutes=1)
    shop.arrives(a_letter(answers="<one@shop.example>", subject="Re: Your order"))
    shop.round()
    (row,) = shop.engine.rows("open")
    assert row.message_count == 2


def test_what_a_machine_of_ours_wrote_to_somebody_first_waits_for_nobody(shop):
    """A provider files in Sent what we told one of our people, or a shop's receipt: it once stood
    in the list as new."""
    call = an_answer(
        answers="", subject="Legal, answer by 13:00", message_id="<fbcall.1@shop.example>",
        **{"Auto-Submitted": "auto-generated"},
    )  # fmt: skip
    shop.arrives(call, folder="Sent")
    shop.round()
    assert shop.engine.rows("open") == []
    assert len(shop.engine.rows("all")) == 1
    shop.engine.clock.forward(minutes=1)
    shop.arrives(a_letter(answers="<fbcall.1@shop.example>", subject="Re: Your order"))
    shop.round()
    (row,) = shop.engine.rows("open")
    assert row.message_count == 2


def test_a_customers_mail_that_was_moved_into_sent_by_mistake_stays_theirs(shop):
    shop.arrives(a_letter(Return_Path="<ben@customer.example>"), folder="Sent")
    shop.round()
    assert shop.messages()[0].direction is Direction.IN
    assert shop.issue().row.state is State.NEW


def test_an_alias_that_nobody_told_us_of_is_ours_in_sent(shop):
    shop.arrives(a_letter())
    shop.round()
    shop.engine.clock.forward(minutes=1)
    shop.arrives(an_answer(sender="Jo <jo@alias.example>"), folder="Sent")
    shop.round()
    assert shop.issue().row.state is State.WAITING


def test_a_long_past_in_sent_does_not_keep_the_inbox_waiting(tmp_path, dovecot):
    """First the newest of Sent, then the INBOX, then the rest; in the end all of it is there, and
    no folder is said to have given more than it holds."""
    past = (an_answer(message_id=f"<{n}@phone.example>", answers="") for n in range(9))
    with watched(tmp_path, dovecot.user(), limits=Limits(first_of_sent=3)) as shop:
        shop.arrives(*past, folder="Sent")
        shop.arrives(a_letter())
        shop.round()
        read = [(e.data["folder"], e.data["done"]) for e in shop.events if e.kind == "progress"]
        assert read == [("Sent", 3), ("INBOX", 1), ("Sent", 9)]
        assert shop.proof("Sent").stored == 9
        assert shop.engine.writer.do(messages.count) == 10
