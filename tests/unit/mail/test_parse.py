"""What parse.read makes of mails, good and bad."""

from __future__ import annotations

import hashlib
from datetime import UTC, datetime

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from app.domain.message import Address
from app.mail import fallback, parse
from tests.support import mistakes
from tests.support.mails import A_MORNING, a_mail, a_raw_mail

# The outer boundary is how the inner one begins.
PREFIXED = (
    b"Content-Type: multipart/mixed; boundary=b\n\n--b\n"
    b"Content-Type: multipart/mixed; boundary=bb\n\n--bb\n\none\n--bb--\n\n--b\n\ntwo"
)
BOTH = pytest.mark.parametrize("body", [None, fallback.body], ids=["fast", "fallback"])


@BOTH
def test_an_ordinary_mail_is_read_whole(body):
    raw = a_mail(
        "Hello,\nthe mug is broken.",
        subject="Größe für Ömer",
        from_="Ann Exämple <ann@example.org>",
        in_reply_to="<2@example.com>",
        references=("<1@example.com>", "<2@example.com>"),
        headers={"Reply-To": "ann@home.example", "Cc": "bob@example.org"},
        attachments=(("photo.jpg", "image/jpeg", b"\xff\xd8photo"),),
    )
    message = parse.read(raw, reader=body)
    assert message.message_id == "1@example.org"
    assert message.subject == "Größe für Ömer"
    assert message.from_ == Address(email="ann@example.org", name="Ann Exämple")
    assert message.customer.email == "ann@home.example"
    assert [one.email for one in message.cc] == ["bob@example.org"]
    assert message.text == "Hello,\nthe mug is broken."
    assert message.sent_at == A_MORNING
    assert message.in_reply_to == ("2@example.com",)
    assert message.references == ("1@example.com", "2@example.com")
    assert [(one.filename, one.content_type, one.size) for one in message.attachments] == [
        ("photo.jpg", "image/jpeg", 7)
    ]
    assert message.warnings == ()
    assert message.raw_size == len(raw)
    assert message.raw_sha256 == hashlib.sha256(raw).hexdigest()


def test_an_attachment_is_found_again_by_its_part():
    raw = a_mail(
        html="<p>Hello</p>",
        attachments=(("a.txt", "text/plain", b"first"), ("b.bin", "application/x-b", b"\0\1\2")),
    )
    first, second = parse.read(raw).attachments
    assert parse.attachment(raw, first.part) == b"first"
    assert parse.attachment(raw, second.part) == b"\0\1\2"
    assert parse.attachment(raw, 99) is None


@BOTH
def test_html_is_read_where_there_is_no_plain_text(body):
    raw = a_raw_mail("Content-Type: text/html; charset=utf-8", body="<p>Caf&eacute;</p><p>Two</p>")
    message = parse.read(raw, reader=body)
    assert message.text == "Café\n\nTwo"
    assert "<p>" in message.html


@BOTH
def test_plain_text_is_preferred_and_the_html_is_kept(body):
    message = parse.read(a_mail("plain words", html="<b>rich words</b>"), reader=body)
    assert (message.text, message.html.strip()) == ("plain words", "<b>rich words</b>")


@pytest.mark.parametrize(
    "line", ["", "Message-ID:", "Message-ID: <>", "Message-ID: two words", "Message-ID: < >"]
)
def test_without_a_usable_message_id_the_hash_of_the_bytes_stands_in(line):
    raw = a_raw_mail("From: a@example.org", *([line] if line else []))
    message = parse.read(raw)
    assert message.synthetic_id
    assert message.message_id.startswith(hashlib.sha256(raw).hexdigest()[:40])
    assert message.message_id == parse.read(raw).message_id != parse.read(raw + b"!").message_id


@pytest.mark.parametrize(
    ("line", "expected"),
    [
        ("Message-ID: <a@b>", "a@b"),
        ("Message-ID: a@b", "a@b"),
        ("Message-ID: <a@b> (added by the server)", "a@b"),
        ("Message-ID:\r\n <long@b>", "long@b"),
        ("Message-ID: <cut\r\n off@b>", "cutoff@b"),
        ("Message-ID: <a@b>\r\nMessage-ID: <c@d>", "a@b"),
    ],
)
def test_odd_message_ids_are_understood(line, expected):
    message = parse.read(a_raw_mail(line))
    assert (message.message_id, message.synthetic_id) == (expected, False)


@pytest.mark.parametrize(
    ("date", "expected"),
    [
        ("Mon, 4 May 2026 11:30:00 +0200", A_MORNING),
        ("4 May 2026 09:30 -0000", A_MORNING),
        ("Mon, 4 May 2026 09:30:60 GMT", datetime(2026, 5, 4, 9, 30, 59, tzinfo=UTC)),
        ("Mon, 32 Foo", None),
        ("Mon, 4 May 9999 09:30:00 +0000", None),
        ("Mon, 1 Jan 1601 00:00:00 +0000", None),
        ("Thu, 1 Jan 1970 00:00:00 +0000", None),
        ("Mon, 4 May 2026 09:30:00 +9999", None),
        ("yesterday", None),
        ("", None),
    ],
)
def test_a_date_that_lies_or_is_none_is_none(date, expected):
    assert parse.read(a_raw_mail(f"Date: {date}")).sent_at == expected


@pytest.mark.parametrize(
    ("label", "data", "expected"),
    [
        ("x-unknown", "Größe".encode(), "Größe"),
        ("us-ascii", "Größe".encode("cp1252"), "Größe"),
        ("iso-8859-1", "“quoted” €5".encode("cp1252"), "“quoted” €5"),
        ("ANSI_X3.110-1983", b"plain", "plain"),
        ("cp-850", "Größe".encode("cp850"), "Größe"),
        ("windows-1251", "Привет".encode("cp1251"), "Привет"),
        ("gb2312", "\u9555".encode("gb18030"), "\u9555"),
        ("ks_c_5601-1987", "안녕".encode("cp949"), "안녕"),
        ("unicode-1-1-utf-7", "Größe".encode("utf-7"), "Größe"),
        ("iso-8859-8-i", "שלום".encode("iso-8859-8"), "שלום"),
        ("rot13", b"as it is", "as it is"),
        ("zlib", b"as it is", "as it is"),
        ("idna", b"as it is", "as it is"),
        ('"utf-8', "Größe".encode(), "Größe"),
        ("no\0name", b"as it is", "as it is"),
    ],
)
def test_a_charset_is_read_for_what_it_is_meant_to_be(label, data, expected):
    raw = f"Content-Type: text/plain; charset={label}\r\n\r\n".encode() + data
    assert parse.read(raw).text == expected


def test_raw_letters_in_headers_are_read():
    assert parse.read("Subject: Größe für Ömer\r\n\r\nx".encode()).subject == "Größe für Ömer"
    assert parse.read("Subject: Größe\r\n\r\nx".encode("cp1252")).subject == "Größe"


def test_encoded_words_cut_in_the_middle_of_a_letter_are_joined():
    subject = "Subject: =?utf-8?b?R3LD?=\r\n =?utf-8?b?tsOfZQ==?= =?utf-8?q?_f=C3=BCr?="
    assert parse.read(a_raw_mail(subject)).subject == "Größe für"


@BOTH
def test_nul_bytes_and_controls_do_not_get_into_the_message(body):
    raw = b"Subject: a\0b\x07c\r\nFrom: x\0y <a@b.example>\r\n\r\nhi\0 there\x1b[31m\r\n"
    message = parse.read(raw, reader=body)
    assert (message.subject, message.text) == ("abc", "hi there[31m")
    assert "\0" not in str(message)


@BOTH
@pytest.mark.parametrize(
    ("raw", "text"),
    [
        (b"", ""),
        (b"\r\n", ""),
        (b"only words, no header\r\nat all: none", "only words, no header\nat all: none"),
        (b"Subject: only headers", ""),
        (b"Subject: x\nno blank line before this", "no blank line before this"),
        (b"Subject: x\r\rcarriage\rreturns", "carriage\nreturns"),
        (b"From me Thu Jan  1\nSubject: x\n\nfrom an mbox", "from an mbox"),
        (b"Content-Type: multipart/mixed; boundary=b\n\n--b--\n", ""),
        (b"Content-Type: multipart/mixed; boundary=b\n\nno parts", "no parts"),
        (b"Content-Type: multipart/mixed\n\nno boundary", "no boundary"),
        (b"Content-Type: multipart/mixed; boundary=b\n\n--b\n\none\n--b \n\ntwo", "one\n\ntwo"),
        (PREFIXED, "one\n\ntwo"),
        (b"Content-Transfer-Encoding: base64\n\naGVsbG8", "hello"),
        (b"Content-Transfer-Encoding: base64\n\naGVs\n!!bG8=trailing", "hello"),
        (b"Content-Transfer-Encoding: quoted-printable\n\na=ZZ=3D=\nb", "a=ZZ=b"),
        (b"Content-Type: nonsense\n\nread as text", "read as text"),
    ],
)  # fmt: skip
def test_broken_mails_are_read_as_far_as_they_go(raw, text, body):
    assert parse.read(raw, reader=body).text == text


def test_a_mail_without_any_header_is_all_text():
    message = parse.read(b"Hello, my order never came.\n\nAnn")
    assert message.text == "Hello, my order never came.\n\nAnn"
    assert message.from_ is None
    assert message.customer == Address(email="")
    assert message.synthetic_id


def test_the_first_of_repeated_headers_counts():
    message = parse.read(a_raw_mail("From: a@x.example", "From: b@x.example", "Subject: one",
                                    "Subject: two"))  # fmt: skip
    assert message.from_ == Address(email="a@x.example")
    assert message.subject == "one"
    assert message.headers["subject"] == ("one", "two")
    assert any("more than one sender" in warning for warning in message.warnings)


def test_a_mail_of_which_only_the_start_came_says_so():
    raw = a_mail("Hello", attachments=(("film.mp4", "video/mp4", bytes(5000)),))
    message = parse.read(raw[:2000], complete=False)
    assert message.text == "Hello"
    assert message.attachments[0].filename == "film.mp4"
    assert any("only the start" in warning for warning in message.warnings)


def test_long_chains_of_references_keep_the_root_and_the_nearest():
    chain = " ".join(f"<{number}@x>" for number in range(5000))
    references = parse.read(a_raw_mail(f"References: {chain}")).references
    assert (references[0], references[-1], len(references)) == ("0@x", "4999@x", 200)


def test_forwarded_mails_are_attachments_and_not_text():
    inner = a_mail("the inner words", subject="inner")
    raw = (
        b"Content-Type: multipart/mixed; boundary=b\r\n\r\n--b\r\n\r\nsee below\r\n--b\r\n"
        b"Content-Type: message/rfc822\r\n\r\n" + inner + b"\r\n--b--\r\n"
    )
    message = parse.read(raw)
    assert message.text == "see below"
    assert [one.filename for one in message.attachments] == ["inner.eml"]
    assert parse.attachment(raw, 2) == inner


@settings(max_examples=300, deadline=None)
@given(st.binary(max_size=400))
def test_no_bytes_make_it_raise(raw):
    for body in (None, fallback.body):
        message = parse.read(raw, reader=body)
        assert message.message_id
        message.text.encode("utf-8")
        message.subject.encode("utf-8")


_PIECES = st.sampled_from(
    [b"From: ", b"Content-Type: ", b"multipart/mixed; boundary=b", b"text/html; charset=",
     b"Content-Transfer-Encoding: base64", b"quoted-printable", b"\r\n", b"\n", b"\n\n", b"--b",
     b"--b--", b"=?utf-8?q?", b"?=", b"=?x?b?", b"<", b">", b"@", b",", b'"', b"(", b"\\", b";",
     b"a", b"\xff", b"\xc3", b"\0", b"filename*0*=utf-8''%", b"Content-Disposition: attachment; ",
     b"message/rfc822", b"Date: Mon, ", b"99999999999", b"References: ", b"<blockquote>", b"utf-16",
     b"begin 644 x\n", b"x-uuencode"]
)  # fmt: skip


@settings(max_examples=400, deadline=None)
@given(st.lists(_PIECES, max_size=40).map(b"".join))
def test_no_arrangement_of_the_words_of_mails_makes_it_raise(raw):
    for body in (None, fallback.body):
        message = parse.read(raw, reader=body)
        for one in message.attachments:
            assert parse.attachment(raw, one.part) is not None or b"\n" not in raw


def _stumbles(_mail: bytes) -> fallback.Body:
    raise ZeroDivisionError


def test_a_mail_that_we_stumble_over_is_there_as_it_came():
    """A mistake of ours costs no mail: it is stored, shown, and holds up no other."""
    raw = a_mail("The mug is broken.", subject="Mug")
    with mistakes.as_for_an_owner():
        message, again = (parse.read(raw, reader=_stumbles) for _ in range(2))
    assert "The mug is broken." in message.text
    assert "Subject: Mug" in message.new_text
    assert message.raw_sha256 == hashlib.sha256(raw).hexdigest()
    assert message.synthetic_id
    assert message.warnings == ("it could not be read, which is our mistake: this is how it came",)
    assert again.message_id == message.message_id


def test_in_tests_a_mistake_in_reading_is_seen():
    """Else the properties above would hold whatever we did."""
    with pytest.raises(ZeroDivisionError):
        parse.read(a_mail("The mug is broken."), reader=_stumbles)
