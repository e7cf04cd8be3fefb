"""A reply keeps its bytes and its Message-ID, goes when it is due, and is queued once."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta

import pytest

from app.domain.errors import NotFound
from app.domain.message import Address
from app.domain.reply import Draft, OutboxState
from app.storage import drafts, issues, orders, outbox, rows
from app.storage.connection import Connection
from tests.support.storage import NOW, a_reply, an_issue, an_order

UNDO_WINDOW = timedelta(seconds=15)
AFTER = NOW + UNDO_WINDOW


@pytest.fixture
def key(db: Connection) -> str:
    return issues.get(db, an_issue(db)).key


def test_a_reply_comes_back_as_it_was(db: Connection, key: str) -> None:
    reply = a_reply(
        key,
        mime=b"\x00\xff\r\n.\r\n",
        template="damaged/apology",
        rendered="Dear",
        request="0190",
        recipients=("a@x", "b@x"),
    )
    reply_id = outbox.queue(db, reply)
    assert outbox.get(db, reply_id) == replace(reply, id=reply_id)


def test_a_repeated_request_is_the_same_reply(db: Connection, key: str) -> None:
    first = outbox.queue(db, a_reply(key, "1@shop.example", request="once"))
    assert outbox.queue(db, a_reply(key, "2@shop.example", request="once")) == first
    assert len(outbox.in_state(db, *OutboxState)) == 1


def test_replies_without_a_request_are_different_replies(db: Connection, key: str) -> None:
    assert outbox.queue(db, a_reply(key, "1@x")) != outbox.queue(db, a_reply(key, "2@x"))


def test_one_message_id_is_never_queued_twice(db: Connection, key: str) -> None:
    outbox.queue(db, a_reply(key, "same@x"))
    with pytest.raises(sqlite3.IntegrityError, match="message_id"):
        outbox.queue(db, a_reply(key, "same@x"))


def test_a_reply_is_found_by_the_first_of_many_message_ids_that_is_its_own(
    db: Connection, key: str
) -> None:
    reply_id = outbox.queue(db, a_reply(key, "mine@x"))
    found = outbox.by_message_id(db, ("theirs@x", "mine@x"))
    assert found is not None
    assert found.id == reply_id
    assert outbox.by_message_id(db, ("theirs@x",)) is None


def test_a_reply_to_no_issue_is_refused(db: Connection) -> None:
    with pytest.raises(NotFound):
        outbox.queue(db, a_reply("i1_unknownkey"))
    with pytest.raises(NotFound):
        outbox.get(db, 7)


def test_a_reply_is_due_when_its_undo_window_is_over(db: Connection, key: str) -> None:
    reply_id = outbox.queue(db, a_reply(key))
    assert outbox.next_due(db) == AFTER
    assert outbox.due(db, AFTER - timedelta(microseconds=1)) == ()
    assert [reply.id for reply in outbox.due(db, AFTER)] == [reply_id]


def test_replies_held_back_are_due_only_when_asked_for(db: Connection, key: str) -> None:
    reply_id = outbox.queue(db, a_reply(key))
    outbox.set_state(db, reply_id, OutboxState.BLOCKED, error="Sign-in was refused")
    assert outbox.due(db, AFTER) == ()
    assert [reply.error for reply in outbox.due(db, AFTER, blocked=True)] == ["Sign-in was refused"]
    assert outbox.next_due(db) is None


def test_the_oldest_reply_goes_first(db: Connection, key: str) -> None:
    later = outbox.queue(db, a_reply(key, "1@x", not_before=AFTER))
    sooner = outbox.queue(db, a_reply(key, "2@x", not_before=NOW))
    assert [reply.id for reply in outbox.due(db, AFTER)] == [sooner, later]


def test_a_state_keeps_what_it_does_not_name_but_never_an_old_error(
    db: Connection, key: str
) -> None:
    reply_id = outbox.queue(db, a_reply(key))
    outbox.set_state(
        db, reply_id, OutboxState.QUEUED, error="No answer", not_before=AFTER, attempt=2
    )
    delayed = outbox.get(db, reply_id)
    assert (delayed.error, delayed.not_before, delayed.attempt) == ("No answer", AFTER, 2)
    outbox.set_state(db, reply_id, OutboxState.SENT, smtp_reply="250 queued as 7", sent_at=AFTER)
    outbox.set_state(db, reply_id, OutboxState.FILED)
    filed = outbox.get(db, reply_id)
    assert (filed.state, filed.error, filed.attempt) == (OutboxState.FILED, "", 2)
    assert (filed.smtp_reply, filed.sent_at) == ("250 queued as 7", AFTER)


@pytest.mark.parametrize("state", list(OutboxState))
def test_the_engine_still_has_to_act_until_a_reply_is_filed_or_a_person_must(
    db: Connection, key: str, state: OutboxState
) -> None:
    outbox.set_state(db, outbox.queue(db, a_reply(key)), state)
    on_its_way = state in (
        *(OutboxState.QUEUED, OutboxState.SENDING, OutboxState.DATA_SENT, OutboxState.SENT),
    )
    assert outbox.pending(db) == int(on_its_way)
    settled = state in (OutboxState.FILED, OutboxState.UNDONE)
    assert len(rows.replies(db)) == int(not settled)
    assert [reply.state for reply in outbox.in_state(db, state)] == [state]
    assert outbox.in_state(db) == ()


def test_a_desk_sees_a_reply_without_its_bytes(db: Connection, key: str) -> None:
    outbox.queue(db, a_reply(key))
    (view,) = rows.replies(db)
    assert (view.issue_key, view.state) == (key, OutboxState.QUEUED)
    assert (view.recipients, view.body) == (
        ("anna@customer.example",),
        "A new one is on its way.",
    )
    assert (view.created_at, view.not_before, view.sent_at) == (NOW, AFTER, None)


def a_draft(key: str) -> Draft:
    return Draft(
        issue_key=key,
        body="Dear Anna",
        subject="Re: Broken mug",
        to=(Address(email="anna@customer.example", name="Anna"),),
        cc=(Address(email="boss@shop.example"),),
        template="damaged/apology",
        rendered="Dear Anna Weiß",
        updated_at=NOW,
    )


def test_a_draft_comes_back_as_it_was_and_is_replaced_whole(db: Connection, key: str) -> None:
    drafts.save(db, a_draft(key), NOW)
    assert drafts.get(db, key) == a_draft(key)
    drafts.save(db, Draft(issue_key=key, body="Hello"), NOW)
    assert drafts.get(db, key) == Draft(issue_key=key, body="Hello", updated_at=NOW)


def test_a_dropped_draft_is_gone_and_dropping_it_again_is_harmless(
    db: Connection, key: str
) -> None:
    drafts.save(db, a_draft(key), NOW)
    drafts.drop(db, key)
    drafts.drop(db, key)
    assert drafts.get(db, key) is None


@pytest.mark.parametrize(
    "ask",
    [
        lambda db: drafts.get(db, "i1_unknownkey"),
        lambda db: drafts.drop(db, "i1_unknownkey"),
        lambda db: drafts.save(db, Draft(issue_key="i1_unknownkey", body=""), NOW),
    ],
)
def test_a_draft_of_no_issue_is_not_found(
    db: Connection, ask: Callable[[Connection], None]
) -> None:
    with pytest.raises(NotFound):
        ask(db)


def test_an_order_is_found_by_its_number_however_it_is_written(db: Connection) -> None:
    orders.upsert(db, an_order("#1042a"))
    for written in ("1042A", "#1042a", " # 1042a "):
        assert orders.by_number(db, written) == an_order("#1042a")
    assert orders.by_number(db, "1043") is None


def test_an_order_is_kept_as_its_platform_tells_it_last(db: Connection) -> None:
    orders.upsert(db, an_order())
    delivered = an_order(delivered_at=NOW, fulfilment_status="delivered")
    orders.upsert(db, delivered)
    assert orders.by_number(db, "1042") == delivered
    assert orders.count(db) == 1


def test_of_two_shops_with_one_number_the_newer_order_is_meant(db: Connection) -> None:
    orders.upsert(db, an_order(platform="one"))
    newer = an_order(platform="two", placed_at=NOW)
    orders.upsert(db, newer)
    assert orders.by_number(db, "1042") == newer


def test_what_a_customer_bought_comes_newest_first(db: Connection) -> None:
    older, newer = an_order("1"), an_order("2", placed_at=NOW)
    for order in (older, newer, an_order("3", customer_email="other@x")):
        orders.upsert(db, order)
    assert orders.of_customer(db, "anna@customer.example") == (newer, older)
    assert orders.of_customer(db, "") == ()
