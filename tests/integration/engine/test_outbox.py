"""The way of a reply out, over a real profile: never with a hole, never lost, never twice."""

from __future__ import annotations

from datetime import timedelta

import pytest

from app.domain.errors import Refused, SignInRefused, Unreachable
from app.domain.journal import EntryType, State
from app.domain.reply import OutboxState
from app.mail import parse
from app.mail.smtp_failures import SendRefused, SendUnknown
from app.storage import outbox as rows
from tests.support.engine import Engine, a_letter

pytestmark = pytest.mark.usefixtures("key")  # a customer wrote

WORDS = "Hello Ben,\n\nwe send you two new mugs today.\n\nBest wishes,\nJo"


class Crash(BaseException):
    """The process ends here."""


def crash() -> None:
    raise Crash


def state_of(engine: Engine, reply: int) -> OutboxState:
    return engine.writer.do(lambda db: rows.get(db, reply)).state


def sent_after_undo_window(engine: Engine, key: str) -> int:
    reply: int = engine.writing.send_reply(key, WORDS)["reply"]
    engine.clock.forward(seconds=16)
    engine.outbox().step()
    return reply


def test_a_reply_leaves_once_in_the_right_thread(engine, key):
    """It answers the customer's mail, is filed, meets the promise, and waits for the customer."""
    reply = sent_after_undo_window(engine, key)
    engine.outbox().step()
    (mime,) = engine.connections.post.sent
    mail = parse.read(mime)
    assert mail.in_reply_to == ("first@customer.example",)
    assert mail.references == ("first@customer.example",)
    assert mail.to[0].email == "ben@customer.example"
    assert state_of(engine, reply) is OutboxState.FILED
    assert engine.connections.copies.filed == [mail.message_id]
    view = engine.issue(key)
    assert view.row.state is State.WAITING
    assert view.deadlines[0].met_at == engine.clock.now()


def test_nothing_leaves_before_the_undo_window_is_over(engine, key):
    """Within fifteen seconds a click takes it back, and its words are the draft again."""
    reply = engine.writing.send_reply(key, WORDS)["reply"]
    engine.clock.forward(seconds=14)
    engine.outbox().step()
    assert engine.connections.post.sent == []
    assert engine.on_its_way.undo_send(reply)["body"] == WORDS
    engine.clock.forward(seconds=60)
    engine.outbox().step()
    assert engine.connections.post.sent == []
    draft = engine.issue(key).draft
    assert draft is not None
    assert draft.body == WORDS


def test_after_it_has_left_undo_is_refused(engine, key):
    """Too late is said, not pretended."""
    reply = sent_after_undo_window(engine, key)
    with pytest.raises(Refused, match="too late"):
        engine.on_its_way.undo_send(reply)


def test_a_reply_with_a_hole_is_refused_and_every_hole_named(engine, key):
    """Nothing is queued; each reason is one sentence."""
    with pytest.raises(Refused) as refused:
        engine.writing.send_reply(key, "Hello {{ customer.first_name }},\n\n[date] works?")
    assert len(refused.value.holes) >= 2
    assert engine.writer.do(rows.pending) == 0


def test_a_reply_to_a_no_reply_address_is_refused(engine):
    """Nobody reads there; the sentence says so."""
    engine.receive(
        a_letter(
            "Your parcel is delayed.",
            sender="Carrier <no-reply@carrier.example>",
            message_id="<c1@carrier.example>",
        )
    )
    key = next(r.key for r in engine.rows() if "carrier" in r.customer.email)
    with pytest.raises(Refused, match="no-reply"):
        engine.writing.send_reply(key, WORDS)


def test_one_click_is_one_reply(engine, key):
    """The same request asked twice, as after a lost engine, queues one reply."""
    first = engine.writing.send_reply(key, WORDS, request="click-1")
    second = engine.writing.send_reply(key, WORDS, request="click-1")
    assert first["reply"] == second["reply"]
    engine.clock.forward(seconds=16)
    engine.outbox().step()
    assert len(engine.connections.post.sent) == 1


def test_a_crash_before_the_data_is_safe_to_repeat(engine, key):
    """SENDING was written, nothing left: the next engine sends it, once."""
    engine.connections.post.before = crash
    reply = engine.writing.send_reply(key, WORDS)["reply"]
    engine.clock.forward(seconds=16)
    with pytest.raises(Crash):
        engine.outbox().step()
    assert state_of(engine, reply) is OutboxState.SENDING
    engine.connections.post.before = None
    heir = engine.outbox()
    heir.recover()
    heir.step()
    assert len(engine.connections.post.sent) == 1
    assert state_of(engine, reply) is OutboxState.FILED


def test_a_crash_after_the_data_is_never_repeated_by_itself(engine, key):
    """Nobody knows whether it left: it waits for a person, who sends it again or gives it up."""
    engine.connections.post.after = crash
    reply = engine.writing.send_reply(key, WORDS)["reply"]
    engine.clock.forward(seconds=16)
    with pytest.raises(Crash):
        engine.outbox().step()
    engine.connections.post.after = None
    heir = engine.outbox()
    heir.recover()
    heir.step()
    assert state_of(engine, reply) is OutboxState.UNKNOWN
    assert engine.connections.post.sent == []
    engine.on_its_way.retry_reply(reply)
    heir.step()
    assert len(engine.connections.post.sent) == 1


def test_a_crash_after_the_data_is_resolved_by_the_copy_among_the_sent(engine, key):
    """Where the provider files what it sends, the copy proves that it left."""
    engine.connections.post.after = crash
    answer = engine.writing.send_reply(key, WORDS)
    engine.clock.forward(seconds=16)
    with pytest.raises(Crash):
        engine.outbox().step()
    engine.connections.copies.filed.append(answer["message_id"])
    heir = engine.outbox()
    heir.recover()
    assert state_of(engine, answer["reply"]) is OutboxState.FILED
    assert engine.connections.post.sent == []
    assert engine.connections.copies.filed == [answer["message_id"]]


def test_a_line_that_breaks_after_the_data_asks_a_person(engine, key):
    """The same without a crash: the connection broke while the server took it."""

    def broken() -> None:
        raise SendUnknown("The line broke")

    engine.connections.post.after = broken
    reply = sent_after_undo_window(engine, key)
    assert state_of(engine, reply) is OutboxState.UNKNOWN
    assert "may have been sent" in engine.issue(key).replies[0].error
    engine.on_its_way.discard_reply(reply)
    assert engine.issue(key).draft is not None


def test_a_reply_that_did_arrive_counts_as_sent(engine, key):
    """The owner knows better: the promise is met, and nothing is sent again."""

    def broken() -> None:
        raise SendUnknown("The line broke")

    engine.connections.post.after = broken
    reply = sent_after_undo_window(engine, key)
    engine.on_its_way.confirm_reply(reply)
    engine.connections.post.after = None
    engine.outbox().step()
    assert engine.connections.post.sent == []
    assert state_of(engine, reply) is OutboxState.FILED
    view = engine.issue(key)
    assert view.row.state is State.WAITING
    assert view.deadlines[0].met_at is not None
    assert view.messages[-1].text.startswith("Hello Ben")


def test_a_server_that_does_not_answer_is_tried_again_later(engine, key):
    """The reply stays queued, the reason is shown, and the pauses grow."""

    def down() -> None:
        raise Unreachable("The server does not answer")

    engine.connections.post.before = down
    reply = sent_after_undo_window(engine, key)
    queued = engine.writer.do(lambda db: rows.get(db, reply))
    assert queued.state is OutboxState.QUEUED
    assert queued.not_before == engine.clock.now() + timedelta(minutes=1)
    assert "does not answer" in queued.error
    engine.connections.post.before = None
    engine.clock.forward(minutes=2)
    engine.outbox().step()
    assert len(engine.connections.post.sent) == 1


def test_a_server_that_refuses_for_good_is_said_and_nothing_is_lost(engine, key):
    """FAILED, with the server's reason in the journal; the same mail can be sent again."""

    def no() -> None:
        raise SendRefused("The server refuses ben@customer.example", "User unknown")

    engine.connections.post.before = no
    reply = sent_after_undo_window(engine, key)
    assert state_of(engine, reply) is OutboxState.FAILED
    assert engine.issue(key).journal[-1].type is EntryType.REPLY_FAILED
    engine.connections.post.before = None
    engine.on_its_way.retry_reply(reply)
    engine.outbox().step()
    assert len(engine.connections.post.sent) == 1


def test_a_refused_password_blocks_the_reply_until_somebody_acts(engine, key):
    """It does not knock again and again; the account asks for its person."""

    def closed() -> None:
        raise SignInRefused("The password was refused")

    engine.connections.post.before = closed
    reply = sent_after_undo_window(engine, key)
    assert state_of(engine, reply) is OutboxState.BLOCKED
    (health,) = engine.queries.overview(now=engine.clock.now()).health
    assert health.state == "asking"


def test_what_people_change_of_a_template_is_noted(engine, key):
    """Sending teaches: which template, and how much of it was changed."""
    rendered = WORDS.replace("today", "tomorrow")
    engine.writing.send_reply(key, WORDS, template="damaged/replacement", rendered=rendered)
    engine.clock.forward(seconds=16)
    engine.outbox().step()
    data = engine.issue(key).journal[-1].data
    assert data["template"] == "damaged/replacement"
    assert 0 < data["changed"] < 0.2


def test_a_template_is_rendered_for_the_issue(engine, key):
    """The best templates come first, in the customer's language, with the customer's name."""
    offered = engine.writing.templates(key)["templates"]
    assert offered[0]["kind"] == "damaged"
    assert offered[0]["language"] == "en"
    rendered = engine.writing.render(key, offered[0]["id"])
    assert "Ben" in rendered["text"]
    assert rendered["subject"] == "Re: Broken mugs"


def test_a_reply_goes_to_who_wrote_last(engine, key):
    """Another person took the conversation over: they are answered, by their own name."""
    engine.receive(
        a_letter(
            "I write for Ben, he is away. When do they come?",
            sender="Ida Berg <ida@customer.example>",
            message_id="<ida@customer.example>",
            answers="<first@customer.example>",
        )
    )
    rendered = engine.writing.render(key, engine.writing.templates(key)["templates"][0]["id"])
    assert rendered["to"] == [{"name": "Ida Berg", "email": "ida@customer.example"}]
    assert "Ida" in rendered["text"]
    sent_after_undo_window(engine, key)
    (mime,) = engine.connections.post.sent
    assert parse.read(mime).to[0].email == "ida@customer.example"
