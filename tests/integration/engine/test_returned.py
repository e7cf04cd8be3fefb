"""A reply that came back, over a real profile: it answered nobody, and the issue is open again."""

from __future__ import annotations

from datetime import timedelta

import pytest

from app.domain.errors import Refused
from app.domain.journal import EntryType, State
from app.domain.reply import OutboxState
from app.mail.smtp_failures import SendUnknown
from app.storage import outbox as rows
from tests.support.engine import NOON, SHOP, Engine, a_letter
from tests.support.reports import a_daemons_letter, a_report

pytestmark = pytest.mark.usefixtures("key")  # a customer wrote

WORDS = "Hello Ben,\n\nwe send you two new mugs today.\n\nBest wishes,\nJo"


def answer(engine: Engine, key: str, words: str = WORDS) -> str:
    """A reply that left; its Message-ID."""
    engine.clock.forward(minutes=10)
    message_id: str = engine.writing.send_reply(key, words)["message_id"]
    engine.clock.forward(seconds=16)
    engine.outbox().step()
    engine.clock.forward(minutes=1)
    return message_id


def bounces(engine: Engine, key: str) -> list[dict[str, object]]:
    return [
        dict(entry.data)
        for entry in engine.issue(key).journal
        if entry.type is EntryType.REPLY_BOUNCED
    ]


def test_a_reply_that_came_back_brings_its_issue_back(engine, key):
    """NEW again, unseen, waiting since the customer wrote; the journal says whom and why."""
    message_id = answer(engine, key)
    assert engine.issue(key).row.state is State.WAITING
    engine.desk.seen(key)
    changes = engine.receive(a_report(message_id))
    view = engine.issue(key)
    assert changes.issues == {key}
    assert view.row.state is State.NEW
    assert view.row.unseen
    assert view.row.waiting_since == NOON
    (data,) = bounces(engine, key)
    assert data["message_id"] == message_id
    assert data["recipient"] == "ben@customer.example"
    assert data["reason"] == "there is no such address"


def test_a_promise_is_not_kept_by_a_reply_that_came_back(engine, key):
    """The first response is owed again, by the same instant."""
    message_id = answer(engine, key)
    before = engine.issue(key).deadlines[0]
    assert before.met_at is not None
    engine.receive(a_report(message_id))
    after = engine.issue(key).deadlines[0]
    assert after.met_at is None
    assert after.planned_at == before.planned_at
    assert engine.issue(key).row.deadline_at == after.planned_at


def test_the_report_lies_with_its_issue_and_is_nobodys(engine, key):
    """No issue of its own, no customer, no words in the list, no part in the judgement."""
    message_id = answer(engine, key)
    before = engine.issue(key).row
    engine.receive(a_report(message_id))
    (row,) = engine.rows()
    assert row.customer.email == "ben@customer.example"
    assert row.preview == before.preview
    assert (row.kind, row.severity) == (before.kind, before.severity)
    last = engine.issue(key).messages[-1]
    assert last.automatic
    assert "mail server" in last.joined_because


def test_the_next_reply_answers_the_customer_and_not_the_daemon(engine, key):
    """It goes to them, in their thread, under their words; then the issue waits again."""
    engine.receive(a_report(answer(engine, key)))
    answer(engine, key, WORDS + "\n\nPS: We try it once more.")
    sent = engine.connections.post.sent[-1]
    assert b"In-Reply-To: <first@customer.example>" in sent
    view = engine.issue(key)
    assert view.row.state is State.WAITING
    assert view.deadlines[0].met_at is not None


def test_the_same_report_twice_is_one_entry(engine, key):
    """Servers repeat themselves under another Message-ID."""
    message_id = answer(engine, key)
    engine.receive(a_report(message_id))
    engine.receive(a_report(message_id, message_id="<dsn2@mx.customer.example>"))
    assert len(bounces(engine, key)) == 1


def test_a_report_that_comes_after_a_better_reply_changes_nothing_else(engine, key):
    """What was said since stands: the first mail alone does not count."""
    first = answer(engine, key)
    answer(engine, key, WORDS + "\n\nPS: And a third one.")
    engine.receive(a_report(first))
    view = engine.issue(key)
    assert view.row.state is State.WAITING
    assert view.deadlines[0].met_at is not None
    assert bounces(engine, key)[0]["answered_since"] is True


def test_when_both_replies_came_back_the_issue_does(engine, key):
    """In whatever order the reports arrive."""
    first = answer(engine, key)
    second = answer(engine, key, WORDS + "\n\nPS: And a third one.")
    engine.receive(a_report(first))
    engine.receive(a_report(second, message_id="<dsn2@mx.customer.example>"))
    view = engine.issue(key)
    assert view.row.state is State.NEW
    assert view.deadlines[0].met_at is None


def test_a_second_word_of_ours_that_came_back_is_no_end_of_it(engine, key):
    """They had our first answer; the next never reached them, so it is our turn."""
    answer(engine, key)
    engine.receive(a_report(answer(engine, key, WORDS + "\n\nPS: The tracking number is 4711.")))
    view = engine.issue(key)
    assert view.row.state is State.NEW
    assert view.row.waiting_since == NOON
    assert view.deadlines[0].met_at is not None


def test_a_resolved_issue_comes_back_too(engine, key):
    """Done it was not: the customer never heard."""
    message_id = answer(engine, key)
    engine.desk.resolve(key)
    engine.receive(a_report(message_id))
    assert engine.issue(key).row.state is State.NEW


@pytest.mark.parametrize("action", ["delayed", "relayed"])
def test_a_warning_or_a_receipt_brings_nothing_back(engine, key, action):
    """It lies with the issue, which goes on waiting."""
    message_id = answer(engine, key)
    engine.receive(a_report(message_id, action=action, status="4.2.2"))
    view = engine.issue(key)
    assert view.row.state is State.WAITING
    assert view.row.message_count == 3
    assert bounces(engine, key) == []


def test_a_plain_letter_of_a_provider_counts(engine, key):
    """Without the part for machines: by the header it lists, or the headers it returns."""
    message_id = answer(engine, key)
    words = "Sorry, we were unable to deliver.\n\n<ben@customer.example>:\n554 mailbox full"
    engine.receive(a_daemons_letter(words, original=message_id))
    assert engine.issue(key).row.state is State.NEW
    assert bounces(engine, key)[0]["reason"] == "the mailbox is full"


def test_a_reply_from_a_phone_counts_as_ours(engine, key):
    """It never was in the outbox; its copy among the sent mail is enough."""
    engine.clock.forward(minutes=5)
    engine.receive(
        a_letter(
            "We will send new ones.",
            sender=f"Shop <{SHOP}>",
            to="ben@customer.example",
            message_id="<phone@shop.example>",
            answers="<first@customer.example>",
        )
    )
    assert engine.issue(key).row.state is State.WAITING
    engine.clock.forward(minutes=1)
    engine.receive(a_report("phone@shop.example"))
    assert engine.issue(key).row.state is State.NEW


def test_a_report_about_a_mail_that_is_not_ours_bounces_nothing(engine, key):
    """Spam in our name comes back to us: an automatic mail like any other, an issue apart."""
    answer(engine, key)
    engine.receive(a_report("never-sent@shop.example"))
    assert engine.issue(key).row.state is State.WAITING
    assert bounces(engine, key) == []
    assert len(engine.rows()) == 2


def test_a_report_about_a_customers_own_mail_bounces_nothing(engine, key):
    """Only what we sent can come back to us."""
    engine.receive(a_report("first@customer.example"))
    assert bounces(engine, key) == []


def test_a_report_from_years_ago_brings_nothing_back(engine, key):
    """Read on the first sync of an old mailbox, it is filed and no more."""
    message_id = answer(engine, key)
    engine.receive(a_report(message_id), at=NOON - timedelta(days=200))
    assert engine.issue(key).row.state is State.WAITING
    assert bounces(engine, key) == []


def test_a_reply_that_may_have_been_lost_is_known_to_have_failed(engine, key):
    """The line broke, and then it came back: nobody need guess any more."""

    def broken() -> None:
        raise SendUnknown("The line broke")

    engine.connections.post.after = broken
    sent = engine.writing.send_reply(key, WORDS)
    engine.clock.forward(seconds=16)
    engine.outbox().step()
    changes = engine.receive(a_report(sent["message_id"]))
    reply = engine.writer.do(lambda db: rows.get(db, sent["reply"]))
    assert changes.outbox == {reply.id}
    assert reply.state is OutboxState.FAILED
    assert "there is no such address" in reply.error


def test_a_person_who_knows_better_takes_it_back(engine, key):
    """They did get it: undone, the reply counts again."""
    engine.receive(a_report(answer(engine, key)))
    entry = next(e for e in engine.issue(key).journal if e.type is EntryType.REPLY_BOUNCED)
    engine.desk.undo(entry.id)
    view = engine.issue(key)
    assert view.row.state is State.WAITING
    assert view.deadlines[0].met_at is not None
    with pytest.raises(Refused):
        engine.desk.undo("no-such-entry")


def test_an_out_of_office_answer_is_no_report(engine, key):
    """It names our mail and has an empty return path, and nothing came back."""
    message_id = answer(engine, key)
    engine.receive(
        a_letter(
            "I am away until Monday.",
            message_id="<ooo@customer.example>",
            answers=f"<{message_id}>",
            subject="Out of office",
            Auto_Submitted="auto-replied",
            Return_Path="<>",
        )
    )
    assert engine.issue(key).row.state is State.WAITING
    assert bounces(engine, key) == []


def test_a_read_receipt_is_no_customers_word(engine, key):
    """An opened mail opens no issue."""
    message_id = answer(engine, key)
    raw = a_report(
        message_id, report_type="disposition-notification", sender="ben@customer.example"
    )
    raw = raw.replace(b"message/delivery-status", b"message/disposition-notification")
    raw = raw.replace(b"Auto-Submitted: auto-replied\r\n", b"")
    engine.receive(
        raw.replace(b"MIME-Version", f"In-Reply-To: <{message_id}>\r\nMIME-Version".encode())
    )
    assert bounces(engine, key) == []
    assert engine.issue(key).row.state is State.WAITING
