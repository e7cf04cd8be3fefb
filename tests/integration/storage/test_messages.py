"""A message comes back from the file as it was, once, in the order in which things were said."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from app.domain.errors import NotFound
from app.domain.message import Address, Direction
from app.storage import messages
from app.storage.connection import Connection
from app.storage.packed import pack
from tests.support.storage import (
    NOW,
    a_full_message,
    a_message,
    an_account,
    an_assessment,
    an_issue,
    said,
    undone,
)


def find(db: Connection, message_id: str, *, from_key: str, raw_sha256: str = "") -> int | None:
    return messages.find(
        db,
        message_id=message_id,
        raw_sha256=raw_sha256,
        from_key=from_key,
        sent_at=a_message("x").sent_at,
    )


def test_every_field_comes_back_as_it_was(db: Connection) -> None:
    message, account = a_full_message(), an_account(db)
    issue_id = an_issue(db)
    message_id = said(
        db,
        issue_id,
        message,
        account_id=account.id,
        direction=Direction.OUT,
        joined_because="It answers your mail",
        complete=False,
    )
    stored = messages.get(db, message_id)
    for name in (
        *("message_id", "subject", "text", "new_text", "from_", "reply_to", "to", "cc", "sent_at"),
        *("in_reply_to", "references", "attachments", "warnings"),
    ):
        assert getattr(stored, name) == getattr(message, name), name
    assert (stored.issue_id, stored.account_id) == (issue_id, account.id)
    assert (stored.direction, stored.complete) == (Direction.OUT, False)
    assert stored.joined_because == "It answers your mail"
    assert stored.has_html
    assert stored.received_at == NOW


def test_the_assessment_comes_back_as_it_was_and_can_be_replaced(db: Connection) -> None:
    message_id = said(db, an_issue(db))
    assert messages.assessment(db, message_id) == an_assessment()
    assert messages.get(db, message_id).assessment == an_assessment()
    messages.set_assessment(db, message_id, an_assessment(unsure=True))
    assert messages.assessment(db, message_id) == an_assessment(unsure=True)


def test_a_message_that_nobody_assessed_has_no_assessment(db: Connection) -> None:
    assert messages.assessment(db, said(db, an_issue(db), assessment=None)) is None


def test_the_bytes_come_back_as_they_came_pressed_here_or_before(db: Connection) -> None:
    raw = b"Subject: x\r\n\r\n" + b"\x00\xff\r\n" * 1000
    issue_id = an_issue(db)
    here = said(db, issue_id, a_message("1@x"), raw=raw)
    before = said(db, issue_id, a_message("2@x"), raw=None, packed=pack(raw))
    assert messages.raw(db, here) == messages.raw(db, before) == raw
    (size,) = db.execute("SELECT max(length(zlib)) FROM raw").fetchone()
    assert size < len(raw) / 10


def test_bytes_that_were_not_kept_are_said_to_be_missing(db: Connection) -> None:
    message_id = said(db, an_issue(db), raw=None)
    with pytest.raises(NotFound, match="not kept"):
        messages.raw(db, message_id)


def test_text_that_no_file_can_hold_is_mended_and_stored(db: Connection) -> None:
    """Half a surrogate pair or a NUL in a broken mail must not cost the mail."""
    broken = a_message(
        "broken\udcff@x",
        subject="caf\udce9",
        text="a\udc80b\x00c 😀",
        from_=Address(email="x\udcff@y", name="\ud83d"),
        to=(Address(email="\udcff@z"),),
        warnings=("odd \udc80",),
    )
    stored = messages.get(db, said(db, an_issue(db), broken))
    assert stored.text == "a\ufffdb\x00c 😀"
    assert stored.subject == "caf\ufffd"
    assert stored.to == (Address(email="\ufffd@z"),)
    assert find(db, "broken\udcff@x", from_key="x\udcff@y") == stored.id


def test_the_same_mail_is_found_again_and_that_of_another_sender_is_not(db: Connection) -> None:
    message = a_message("same@x")
    message_id = said(db, an_issue(db), message)
    assert find(db, "same@x", from_key="anna@customer.example") == message_id
    assert find(db, "same@x", from_key="mallory@evil.example") is None
    assert find(db, "other@x", from_key="anna@customer.example") is None
    assert find(db, "same@x", from_key="", raw_sha256=message.raw_sha256) == message_id


def test_message_ids_lead_to_their_issues(db: Connection) -> None:
    one, other = an_issue(db, "1@x"), an_issue(db, "2@x")
    said(db, one, a_message("1@x"))
    said(db, other, a_message("2@x"))
    assert messages.issues_of(db, ["1@x", "unknown@x", "2@x"]) == {"1@x": one, "2@x": other}
    assert messages.issues_of(db, []) == {}


def test_of_two_mails_with_one_message_id_the_older_decides(db: Connection) -> None:
    """Somebody who reuses a Message-ID later cannot draw a conversation to himself."""
    one, other = an_issue(db, "1@x"), an_issue(db, "2@x")
    late = NOW + timedelta(days=1)
    said(db, other, a_message("same@x", from_=Address(email="m@evil.example")), received_at=late)
    said(db, one, a_message("same@x"))
    assert messages.issues_of(db, ["same@x"]) == {"same@x": one}


@given(st.lists(st.integers(min_value=-5, max_value=5), min_size=1, max_size=12))
@settings(
    suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=timedelta(seconds=2)
)
def test_in_whatever_order_mails_are_read_ids_grow_with_their_arrival(
    db: Connection, seconds: list[int]
) -> None:
    with undone(db):
        issue_id = an_issue(db)
        for n, offset in enumerate(seconds):
            at = NOW + timedelta(seconds=offset)
            said(db, issue_id, a_message(f"{n}@x"), received_at=at)
        conversation = messages.of_issue(db, issue_id)
        assert [message.received_at for message in conversation] == sorted(
            NOW + timedelta(seconds=offset) for offset in seconds
        )
        assert all(0 <= message.id < 2**53 for message in conversation)


def test_a_mail_from_before_1970_is_stored_too(db: Connection) -> None:
    long_ago = datetime(1904, 1, 1, tzinfo=UTC)
    stored = messages.get(db, said(db, an_issue(db), received_at=long_ago))
    assert (stored.id, stored.received_at) == (0, long_ago)


def test_messages_move_and_keep_or_change_the_reason_why_they_are_there(db: Connection) -> None:
    one, other = an_issue(db, "1@x"), an_issue(db, "2@x")
    first = said(db, one, a_message("1@x"), joined_because="Same order")
    second = said(db, one, a_message("2@x"), joined_because="Same order")
    messages.move(db, [first], other)
    messages.move(db, [second], other, because="You split it off")
    assert messages.of_issue(db, one) == ()
    assert [message.joined_because for message in messages.of_issue(db, other)] == [
        "Same order",
        "You split it off",
    ]


def test_an_unknown_message_is_not_found(db: Connection) -> None:
    with pytest.raises(NotFound):
        messages.get(db, 7)
    assert messages.assessment(db, 7) is None
    assert messages.count(db) == 0


def test_only_a_mail_that_we_sent_is_found_as_ours(db: Connection) -> None:
    issue_id = an_issue(db)
    said(db, issue_id, a_message("theirs@x"))
    ours = said(db, issue_id, a_message("ours@x"), direction=Direction.OUT, assessment=None)
    found = messages.sent_by_us(db, ("theirs@x", "unknown@x", "ours@x"))
    assert found is not None
    assert found.id == ours
    assert messages.sent_by_us(db, ("theirs@x",)) is None


def test_what_nothing_was_made_of_is_found_without_a_walk_through_the_years(db: Connection) -> None:
    """It is asked every half minute: among 200,000 mails a walk costs a third of a second each."""
    asked: list[str] = []
    db.set_trace_callback(asked.append)
    messages.unassessed(db, limit=5)
    db.set_trace_callback(None)
    (plan,) = (db.execute(f"EXPLAIN QUERY PLAN {sql}").fetchall() for sql in asked)
    first, *others = (step[3] for step in plan)
    assert first == "SCAN message USING INDEX message_unjudged"
    assert not any("SCAN" in step or "IN-OPERATOR" in step for step in others)
