"""What our reader of FETCH answers makes of what servers say."""

from __future__ import annotations

import imaplib
import io
from contextlib import suppress
from datetime import UTC, datetime

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from app.mail.fetching import EPOCH, MAX_LITERAL, Lines, internal_date


class FakeWire:
    """A connection that says what it was given."""

    def __init__(self, said: bytes) -> None:
        self.sent = b""
        self._said = io.BytesIO(said)

    def send(self, data: bytes) -> None:
        self.sent += data

    def readline(self) -> bytes:
        return self._said.readline()

    def read(self, size: int) -> bytes:
        return self._said.read(size)


DONE = b"FB1 OK done\r\n"


def fetched(said: bytes, *, done: bytes = DONE):
    return list(Lines(FakeWire(said + done)).fetch("1:9", "UID BODY.PEEK[]"))


def test_the_command_is_one_line_for_the_uids_asked():
    wire = FakeWire(DONE)
    list(Lines(wire).fetch("1:4,7", "UID RFC822.SIZE"))
    assert wire.sent == b"FB1 UID FETCH 1:4,7 (UID RFC822.SIZE)\r\n"


_AT = b'INTERNALDATE "04-May-2026 11:30:00 +0200"'


@pytest.mark.parametrize(
    ("usual", "other"),
    [
        (
            b"* 1 FETCH (UID 5 FLAGS (\\Seen) %s BODY[] {2}\r\nhi)\r\n" % _AT,
            b"* 1 fetch (FLAGS (\\Seen) %s UID 5 BODY[] {2}\r\nhi)\r\n" % _AT,
        ),
        (
            b"* 1 FETCH (UID 5 FLAGS () %s BODY[] {2}\r\nhi)\r\n" % _AT,
            b"* 1 FETCH (UID 5 FLAGS () %s BODY[] {2}\r\nhi MODSEQ (7))\r\n" % _AT,
        ),
        (
            b"* 1 FETCH (UID 5 FLAGS () %s BODY[] {2}\r\nhi RFC822.SIZE 7)\r\n" % _AT,
            b"* 1 FETCH (RFC822.SIZE 7 UID 5 FLAGS () %s BODY[] {2}\r\nhi)\r\n" % _AT,
        ),
        (
            b"* 1 FETCH (UID 5 RFC822.SIZE 7 %s)\r\n" % _AT,
            b"* 1 FETCH (%s RFC822.SIZE 7 UID 5)\r\n" % _AT,
        ),
    ],
)
def test_what_is_read_in_one_go_comes_to_the_same_as_in_any_other_form(usual, other):
    """Dovecot's order of words has a reader of its own; every other order is the general one's."""
    assert fetched(usual) == fetched(other)
    assert len(fetched(usual)) == 1


def test_each_command_has_a_tag_of_its_own():
    wire = FakeWire(b"FB1 OK one\r\nFB2 OK two\r\n")
    lines = Lines(wire)
    list(lines.fetch("1", "UID"))
    list(lines.fetch("2", "UID"))
    assert b"FB2 UID FETCH 2" in wire.sent


def test_a_mail_in_a_literal_is_read_byte_for_byte():
    raw = b"Subject: x\r\n\r\n* 2 FETCH (UID 99)\r\nFB1 OK\r\n{3}\r\n\0\xff"
    (one,) = fetched(
        b'* 1 FETCH (UID 5 INTERNALDATE "04-May-2026 11:30:00 +0200" BODY[] {%d}\r\n%s)\r\n'
        % (len(raw), raw)
    )
    assert (one.uid, one.raw) == (5, raw)
    assert one.received_at == datetime(2026, 5, 4, 9, 30, tzinfo=UTC)


@pytest.mark.parametrize(
    ("said", "uid", "raw"),
    [
        (b"* 1 FETCH (BODY[] {2}\r\nhi UID 5)\r\n", 5, b"hi"),
        (b"* 1 FETCH (BODY[] {2}\r\nhi FLAGS (\\Seen) UID 5)\r\n", 5, b"hi"),
        (b"* 1 fetch (uid 5 body[] {2}\r\nhi)\r\n", 5, b"hi"),
        (b"* 1 FETCH (UID 5 BODY[]<0> {2}\r\nhi)\r\n", 5, b"hi"),
        (b"* 1 FETCH (UID 5 BODY[] ~{2}\r\nhi)\r\n", 5, b"hi"),
        (b"* 1 FETCH (UID 5 BODY[] {0}\r\n)\r\n", 5, b""),
        (b"* 1 FETCH (UID 5 BODY[] NIL)\r\n", 5, None),
        (b'* 1 FETCH (UID 5 BODY[] "")\r\n', 5, b""),
        (b'* 1 FETCH (UID 5 BODY[] "a\\"b\\\\c")\r\n', 5, b'a"b\\c'),
        (b"* 1 FETCH (UID 5 X {4}\r\nUID  BODY[] {2}\r\nhi)\r\n", 5, b"hi"),
        (b"* 1 FETCH (UID 5 BODY[] {2}\r\nhi X {3}\r\nabc)\r\n", 5, b"hi"),
    ],
)
def test_each_way_to_hand_out_a_mail_is_understood(said, uid, raw):
    (one,) = fetched(said)
    assert (one.uid, one.raw) == (uid, raw)


def test_sizes_are_read():
    (one,) = fetched(b"* 12 FETCH (UID 5 RFC822.SIZE 4294967296)\r\n")
    assert (one.uid, one.size) == (5, 4294967296)


def test_what_nobody_asked_for_is_passed_over():
    said = (
        b"* 3 EXISTS\r\n* 1 EXPUNGE\r\n* VANISHED 4\r\n* OK still here\r\n"
        b"* 2 FETCH (FLAGS (\\Seen))\r\n* 1 FETCH (UID 5 BODY[] {2}\r\nhi)\r\n"
    )
    assert [one.uid for one in fetched(said)] == [5]


def test_a_no_about_mails_that_are_gone_ends_the_answer():
    said = b"* 1 FETCH (UID 5 BODY[] {2}\r\nhi)\r\n"
    assert len(fetched(said, done=b"FB1 NO [EXPUNGEISSUED] Some are gone\r\n")) == 1


@pytest.mark.parametrize("done", [b"FB1 BAD what\r\n", b"FB1 NO [UNAVAILABLE] later\r\n"])
def test_a_refusal_is_an_error(done):
    with pytest.raises(imaplib.IMAP4.error):
        fetched(b"", done=done)


@pytest.mark.parametrize(
    "said",
    [
        b"* BYE going down\r\n",
        b"",
        b"* 1 FETCH (UID 5 BODY[] {20}\r\nhi",
        b"* 1 FETCH (UID 5 BODY[] {2}\r\nhi",
        b"* 1 FET",
        b"* 1 FETCH (UID 5 BODY[] {%d}\r\n" % (MAX_LITERAL + 1),
        b"* 1 FETCH (UID 5 BODY[] {4294967295}\r\n",
    ],
)
def test_an_end_in_the_middle_is_an_abort(said):
    with pytest.raises(imaplib.IMAP4.abort):
        fetched(said, done=b"")


def test_what_is_announced_is_not_set_aside_before_it_comes():
    """A megabyte at a time, so that a lie about the size costs nothing."""
    asked: list[int] = []

    class Watching(FakeWire):
        def read(self, size: int) -> bytes:
            asked.append(size)
            return super().read(size)

    with pytest.raises(imaplib.IMAP4.abort):
        list(Lines(Watching(b"* 1 FETCH (UID 5 BODY[] {60000000}\r\nhi")).fetch("5", "UID"))
    assert max(asked) <= 1024 * 1024


@settings(max_examples=300, deadline=None)
@given(st.lists(st.sampled_from([
    b"* 1 FETCH (", b"UID 5", b"BODY[] ", b"{2}\r\n", b"{9}\r\n", b"hi", b")", b"\r\n", b"NIL",
    b'"', b"\\", b" ", b"FB1 ", b"OK", b"NO", b"* BYE", b"\n", b"INTERNALDATE \"", b"RFC822.SIZE 9",
    b"\xff", b"{", b"}",
])).map(b"".join))  # fmt: skip
def test_whatever_a_server_says_it_ends_in_an_answer_or_an_imap_error(said):
    with suppress(imaplib.IMAP4.error):
        fetched(said)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (b"17-Jul-1996 02:44:25 -0700", datetime(1996, 7, 17, 9, 44, 25, tzinfo=UTC)),
        (b" 4-May-2026 11:30:00 +0200", datetime(2026, 5, 4, 9, 30, tzinfo=UTC)),
        (b"04-MAY-2026 11:30:60 +0000", datetime(2026, 5, 4, 11, 30, 59, tzinfo=UTC)),
        (b"nonsense", EPOCH),
        (b"99-May-2026 11:30:00 +0200", EPOCH),
        (b"01-Xxx-2026 11:30:00 +0200", EPOCH),
        (b"01-Jan-0001 00:00:00 +2300", EPOCH),
        (b"", EPOCH),
    ],
)
def test_internal_dates_are_read_or_the_beginning_of_time(text, expected):
    assert internal_date(text) == expected
