"""The walk of a mail, over a real profile: what is filed, where, and what follows from it."""

from __future__ import annotations

import sqlite3
from datetime import timedelta

import pytest

from app.domain.assessment import Kind, Severity
from app.domain.journal import State
from app.domain.message import Direction
from app.storage import alerts, folders, messages
from tests.support.engine import NOON, SHOP, a_letter
from tests.support.mails import a_mail


def test_a_mail_becomes_an_issue_with_reasons_that_add_up(engine):
    """One mail, one row: kind, score and the reasons that sum to it."""
    changes = engine.receive(a_letter())
    key = engine.only_key()
    view = engine.issue(key)
    assert changes.added == {key}
    assert view.row.kind is Kind.DAMAGED
    assert sum(reason.points for reason in view.reasons) == view.row.score
    assert view.messages[0].text.startswith("Two of the four mugs")


def test_a_first_answer_is_promised_from_the_moment_they_wrote(engine):
    """Each real issue has a deadline with its explanation."""
    engine.receive(a_letter())
    (deadline,) = engine.issue(engine.only_key()).deadlines
    assert deadline.planned_at > NOON
    assert deadline.explanation


def test_the_same_mail_in_two_places_is_one_message(engine):
    """A mail that lies twice on the server is stored once and counted twice."""
    engine.receive(a_letter(), a_letter())
    (row,) = engine.rows()
    (proof,) = engine.writer.do(folders.proofs)
    assert row.message_count == 1
    assert (proof.on_server, proof.stored, proof.unexplained) == (2, 2, 0)


def test_reading_a_folder_anew_changes_nothing(engine):
    """After a renumbering every mail comes again, and no issue and no alert is doubled."""
    engine.receive(a_letter())
    before = engine.rows()
    engine._next_uid = 50
    changes = engine.receive(a_letter())
    assert engine.rows() == before
    assert not changes.alerts


def test_an_answer_joins_the_conversation(engine):
    """A mail with In-Reply-To is filed under the issue of the mail that it answers."""
    engine.receive(a_letter())
    engine.receive(
        a_letter(
            "Any news?",
            message_id="<second@customer.example>",
            subject="Re: Broken mugs",
            answers="<first@customer.example>",
        )
    )
    (row,) = engine.rows()
    assert row.message_count == 2
    assert engine.issue(row.key).messages[1].joined_because


def test_the_beginning_of_a_conversation_may_come_last(engine):
    """Newest mail is fetched first: its beginning still lands in the same issue."""
    engine.receive(
        a_letter(
            "Any news?",
            message_id="<second@customer.example>",
            answers="<first@customer.example>",
        )
    )
    engine.receive(a_letter(), at=NOON - timedelta(days=1))
    (row,) = engine.rows()
    assert row.message_count == 2


def test_two_customers_with_the_same_number_stay_two_issues(engine):
    """A bare order number never joins two people."""
    engine.receive(a_letter("Where is my order 1001?", subject="Order 1001"))
    engine.receive(
        a_letter(
            "Where is my order 1001?",
            subject="Order 1001",
            sender="Ida <ida@other.example>",
            message_id="<ida@other.example>",
        )
    )
    assert len(engine.rows()) == 2


def test_what_we_said_from_elsewhere_is_an_answer_of_ours(engine):
    """A copy of our own mail in the mailbox counts as outgoing, not as a customer."""
    engine.receive(a_letter())
    engine.clock.forward(minutes=30)
    engine.receive(
        a_letter(
            "We will send new ones.",
            sender=f"Shop <{SHOP}>",
            to="ben@customer.example",
            message_id="<ours@shop.example>",
            answers="<first@customer.example>",
        )
    )
    view = engine.issue(engine.only_key())
    assert view.messages[1].direction is Direction.OUT
    assert view.deadlines[0].met_at == engine.clock.now()
    assert view.row.customer.email == "ben@customer.example"
    assert view.row.state is State.WAITING


def test_an_answer_that_leaves_it_open_changes_nothing_of_what_the_issue_is_about(engine):
    """ "Thanks, tomorrow then" after our reply is about the broken mugs still, and that is sure."""
    engine.receive(a_letter())
    engine.clock.forward(minutes=30)
    engine.receive(
        a_letter(
            "We will send new ones.", sender=f"Shop <{SHOP}>", to="ben@customer.example",
            message_id="<ours@shop.example>", answers="<first@customer.example>",
        )
    )  # fmt: skip
    engine.clock.forward(minutes=30)
    engine.receive(
        a_letter(
            "Thanks, tomorrow then. See you!", message_id="<again@customer.example>",
            answers="<ours@shop.example>",
        )
    )  # fmt: skip
    (row,) = engine.rows("open")
    assert (row.kind, row.unsure) == (Kind.DAMAGED, False)


def test_old_mail_is_history_and_never_rings(engine):
    """A mailbox of years fills no inbox: what is older than the limit is filed as closed."""
    long_ago = NOON - timedelta(days=200)
    changes = engine.receive(a_letter("My lawyer will sue you tomorrow."), at=long_ago)
    (row,) = engine.rows()
    assert row.state is State.CLOSED
    assert engine.rows("open") == []
    assert not changes.alerts


def test_a_customer_who_writes_again_brings_history_back(engine):
    """A new mail in an old conversation opens it."""
    engine.receive(a_letter(), at=NOON - timedelta(days=200))
    engine.receive(
        a_letter(
            "It broke again.",
            message_id="<again@customer.example>",
            answers="<first@customer.example>",
        )
    )
    (row,) = engine.rows("open")
    assert row.state is State.NEW


_NO_BOOKS = """
CREATE TRIGGER no_books BEFORE UPDATE OF uid_next ON folder BEGIN
    SELECT RAISE(ABORT, 'the machine stopped');
END
"""


def test_cursor_and_mails_are_written_together_or_not_at_all(engine, tmp_path):
    """A failure in the middle of a batch leaves neither mails nor a moved cursor."""

    engine.writer.do(lambda db: db.execute(_NO_BOOKS))
    with pytest.raises(sqlite3.IntegrityError, match="the machine stopped"):
        engine.receive(a_letter())
    assert engine.writer.do(messages.count) == 0
    assert engine.writer.do(lambda db: folders.cursor(db, engine.account.id, "INBOX")) is None
    engine.writer.do(lambda db: db.execute("DROP TRIGGER no_books"))
    engine.receive(a_letter())
    assert engine.writer.do(messages.count) == 1


def test_an_urgent_issue_rings_once(engine):
    """One alert for an issue, however often it is looked at again."""
    urgent = a_letter(
        "My daughter was cut by the chipped bowl and is in hospital. Our lawyer will sue you.",
        subject="Injury from your bowl",
    )
    first = engine.receive(urgent)
    engine._next_uid = 90
    again = engine.receive(urgent)
    engine.clock.forward(minutes=10)
    later = engine.watch.look()
    assert len(first.alerts) == 1
    assert not again.alerts
    assert not later.alerts
    assert engine.rows("urgent")[0].severity is Severity.CRITICAL


def test_a_persons_word_survives_the_next_mail(engine):
    """A kind and a severity that a person set stay, whatever arrives."""
    engine.receive(a_letter())
    key = engine.only_key()
    engine.desk.override(key, kind="product_question", severity="low")
    engine.receive(
        a_letter(
            "They are ALL broken and I want my money back now!",
            message_id="<second@customer.example>",
            answers="<first@customer.example>",
        )
    )
    (row,) = engine.rows()
    assert (row.kind, row.severity) == (Kind.PRODUCT_QUESTION, Severity.LOW)


def test_a_newsletter_is_stored_and_in_nobodys_way(engine):
    """Automatic mail that needs nothing is kept under "not an issue" and has no deadline."""
    engine.receive(
        a_letter(
            "Our autumn sale: 20 % off all glazes. Unsubscribe here.",
            subject="Autumn sale",
            sender="Glaze World <news@glaze.example>",
            message_id="<n1@glaze.example>",
            List_Unsubscribe="<mailto:leave@glaze.example>",
            List_Id="<news.glaze.example>",
            Precedence="bulk",
        )
    )
    assert engine.rows("open") == []
    (row,) = engine.rows("noise")
    assert engine.issue(row.key).deadlines == ()


def test_old_mail_is_found_at_once_and_judged_afterwards(engine):
    """History is stored and searchable first; what it was about follows when there is time."""
    engine.receive(a_letter(), at=NOON - timedelta(days=200))
    (found,) = engine.queries.rows(engine.queries.search("mugs", now=engine.clock.now()))
    assert found.kind is Kind.OTHER
    assert engine.historian.step() == 1
    assert engine.historian.step() == 0
    (judged,) = engine.rows()
    assert judged.kind is Kind.DAMAGED
    assert judged.state is State.CLOSED
    assert engine.writer.do(alerts.queued) == ()


BURNED = "Your candle exploded and burned my hand. I am in hospital. My lawyer will write to you."


@pytest.mark.parametrize("reply_to", ["", "[your-email]", "info@shop.example"])
def test_everybody_who_fills_in_a_form_without_a_use_for_reply_to_has_an_issue(
    engine, reply_to: str
):
    """The page writes from the shop's own domain; only the text names the customer."""
    for name in ("Ann", "Bea"):
        text = f"Name: {name}\nEmail: {name.lower()}@customer.example\nMessage: My mug is broken."
        sender, headers = "Mill & Moss <info@shop.example>", {"Reply-To": reply_to}
        subject = "New message from your website"
        engine.receive(
            a_mail(
                text, from_=sender, to=SHOP, subject=subject, headers=headers,
                message_id=f"<{name}@page.example>",
            )
        )  # fmt: skip
    assert {one.customer.email for one in engine.rows()} == {
        "ann@customer.example", "bea@customer.example"
    }  # fmt: skip


FORM = "<contactform@shop.example>"


def by_form(number: int, text: str) -> bytes:
    """A form of the shop's page, which gives each of its mails the same Message-ID."""
    mail = a_letter(
        text,
        sender="Shop page <wordpress@page.example>",
        message_id=FORM,
        subject="Contact",
        Reply_To=f"Ann <ann{number}@customer.example>",
    )
    return mail.replace(b"11:58:00", b"11:%02d:00" % number)


@pytest.mark.parametrize("count", [2, 60], ids=["few", "many at once"])
def test_mails_of_one_form_that_share_a_name_are_as_many_as_came(engine, count):
    """They are told apart by their dates; read anew, none is doubled."""
    mails = [
        by_form(number, f"Where is my order? I am number {number}.") for number in range(count)
    ]
    engine.receive(*mails)
    engine.historian.step()
    engine.receive(*mails)
    engine.historian.step()
    assert engine.writer.do(lambda db: db.execute("SELECT count(*) FROM message").fetchone()) == (
        count,
    )
    assert len(engine.rows("all")) == count


def test_a_complaint_by_a_form_that_gives_all_its_mails_one_name_rings(engine):
    engine.receive(by_form(1, "Do you ship to Iceland?"))
    engine.receive(by_form(2, "Your candle exploded and burned my hand. I am in hospital."))
    (rung,) = engine.writer.do(alerts.queued)
    (burned,) = [row for row in engine.rows() if row.customer.email == "ann2@customer.example"]
    assert rung.issue_keys == (burned.key,)


def test_whoever_forges_our_own_address_answers_for_nobody(engine):
    """Our own mail host found that it is not from us: what waits goes on waiting."""
    engine.receive(a_letter(BURNED))
    engine.clock.forward(minutes=5)
    forged = a_letter(
        "All is well, Ben.",
        sender=f"Shop <{SHOP}>",
        to="ben@customer.example",
        subject="Re: Broken mugs",
        message_id="<forged@evil.example>",
        **{"Authentication-Results": "mx.shop.example; dmarc=fail header.from=shop.example"},
    )
    engine.receive(forged)
    row = next(one for one in engine.rows("all") if one.customer.email == "ben@customer.example")
    assert row.state is State.NEW
    assert len(engine.writer.do(alerts.queued)) == 1


@pytest.mark.parametrize(
    ("subject", "state"),
    [("Fwd: Broken mugs", State.NEW), ("Re: Broken mugs", State.WAITING)],
    ids=["passed on", "answered to another address of theirs"],
)
def test_a_complaint_that_was_passed_on_to_a_supplier_is_not_answered(engine, subject, state):
    """A forwarded mail names the customer's as the one that it answers, as mail programs do."""
    engine.receive(a_letter(BURNED))
    engine.clock.forward(minutes=5)
    ours = a_letter(
        "Please check this batch.",
        sender=f"Shop <{SHOP}>",
        to="supplier@factory.example",
        subject=subject,
        message_id="<forward@shop.example>",
        answers="<first@customer.example>",
        references="<first@customer.example>",
    )
    engine.receive(ours)
    (row,) = engine.rows("all")
    assert row.state is state


def test_a_thumb_put_up_at_our_answer_leaves_the_matter_as_it_is(engine):
    """Gmail sends it as a mail; nobody has written, and nobody waits."""
    engine.receive(a_letter())
    engine.receive(
        a_letter(
            "Two new mugs leave today.",
            sender=f"Shop <{SHOP}>",
            to="ben@customer.example",
            message_id="<ours@shop.example>",
            answers="<first@customer.example>",
        )
    )
    thumb = (
        "From: Ben Costa <ben@customer.example>\nTo: hello@shop.example\n"
        "Message-ID: <thumb@customer.example>\nIn-Reply-To: <ours@shop.example>\n"
        "Content-Type: multipart/alternative; boundary=b\n\n"
        "--b\nContent-Type: text/plain; charset=utf-8\n\n"
        "👍\n\nBen Costa reacted via Gmail <https://www.google.com/gmail/about/>\n\n"
        "--b\nContent-Type: text/vnd.google.email-reaction+json; charset=utf-8\n\n"
        '{"emoji":"👍","version":1}\n--b--\n'
    )
    engine.clock.forward(minutes=5)
    engine.receive(thumb.encode())
    (row,) = engine.rows("all")
    assert (row.state, row.message_count) == (State.WAITING, 3)
