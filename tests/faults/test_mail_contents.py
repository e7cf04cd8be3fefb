"""Bad mails, cases 1 to 20 of the list of threats: each is read, judged, stored, and hurts nobody.

The number in a test's name is the case's. Where a case has several forms, the further ones are in
tests/unit/mail; here stands the one that decides.
"""

from __future__ import annotations

import random
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest

from app.domain.assessment import Kind, MessageContext
from app.domain.message import Message
from app.mail import fallback, parse, written
from app.mail.safe_html import safe_html
from app.triage.triage import assess
from app.ui.issue.foreign_text import line
from tests.support.engine import NOON, RULES, Engine, a_letter, an_engine
from tests.support.mails import a_mail, a_raw_mail
from tests.support.tnef import winmail

# What grows with the square of its input takes hours on these; the guard is against that alone.
pytestmark = pytest.mark.timeout(300)

READERS = pytest.mark.parametrize("reader", [None, fallback.body], ids=["fast", "fallback"])


@pytest.fixture
def engine(tmp_path: Path) -> Iterator[Engine]:
    with an_engine(tmp_path) as one:
        yield one


def read(raw: bytes, reader: parse.BodyReader | None = None) -> Message:
    return parse.read(raw, reader=reader)


@READERS
def test_case_001_an_empty_message_is_a_message(reader, engine):
    message = read(b"", reader)
    assert (message.text, message.subject, message.synthetic_id) == ("", "", True)
    engine.receive(b"")
    assert len(engine.rows()) == 1


@READERS
def test_case_002_headers_without_a_blank_line_are_headers(reader):
    message = read(b"From: ann@example.org\r\nSubject: My order", reader)
    assert (message.subject, message.text) == ("My order", "")
    assert message.customer.key == "ann@example.org"


@READERS
def test_case_003_fifty_megabytes_in_one_part_are_cut_and_said(reader):
    message = read(b"Subject: x\r\n\r\n" + b"All work and no play.\r\n" * 2_300_000, reader)
    assert len(message.text) == written.MAX_TEXT
    assert any("only the first" in warning for warning in message.warnings)


@READERS
def test_case_004_a_hundred_thousand_headers_and_one_of_a_megabyte_hide_no_text(reader):
    many = b"".join(b"X-%d: y\r\n" % number for number in range(100_000))
    long = b"Subject: " + b"x" * 1_000_000 + b"\r\n"
    message = read(long + many + b"\r\nthe text", reader)
    assert message.text == "the text"
    assert len(message.subject) <= 2_000
    assert len(message.headers) <= 2_000


@READERS
def test_case_005_a_thousand_nested_multiparts_are_read_to_a_bound(reader):
    frames = b"".join(
        b"Content-Type: multipart/mixed; boundary=b%d\n\n--b%d\n" % (one, one)
        for one in range(1_000)
    )
    message = read(frames + b"Content-Type: text/plain\n\nthe heart of it\n", reader)
    assert "the heart of it" in message.text


@READERS
@pytest.mark.parametrize(
    ("boundary", "used"),
    [("missing", ""), ("ab", "ab"), ("a", "a  "), ("ab", "abc")],
    ids=["missing", "as said", "trailing blanks", "a longer one"],
)
def test_case_006_odd_boundaries_lose_no_words(reader, boundary, used):
    head = f'Content-Type: multipart/mixed; boundary="{boundary}"\n\n'
    line_ = f"--{used}\n" if used else ""
    raw = f"{head}{line_}Content-Type: text/plain\n\nMy mug is broken.\n--{boundary}--\n"
    assert "My mug is broken." in read(raw.encode(), reader).text


@READERS
def test_case_007_two_hundred_forwards_in_one_another_are_one_file(reader):
    raw = b"Content-Type: message/rfc822\n\n" * 200 + b"Subject: x\n\ntext"
    assert len(read(raw, reader).attachments) <= 1


@READERS
@pytest.mark.parametrize(
    ("charset", "data", "expected"),
    [
        ("x-unknown", "Grüße".encode(), "Grüße"),
        ("utf-7", b"Gr+APwA3w-e", "Grüße"),
        ("ansi_x3.110-1983", "Grüße".encode("cp1252"), "Grüße"),
        ("utf-16-le", b"G\0r\0\x00\xd8u\0", "Gr"),
    ],
)
def test_case_008_a_strange_charset_never_stops_the_reading(reader, charset, data, expected):
    raw = f"Content-Type: text/plain; charset={charset}\r\n\r\n".encode() + data
    assert read(raw, reader).text.startswith(expected)


@READERS
def test_case_009_nul_bytes_get_neither_into_the_message_nor_into_the_database(reader, engine):
    raw = b"From: ann@example.org\r\nSubject: My\0 order\r\n\r\nIt is\0 broken."
    message = read(raw, reader)
    assert "\0" not in message.subject + message.text
    engine.receive(raw)
    assert engine.rows()[0].subject == "My order"


@READERS
@pytest.mark.parametrize(
    ("encoding", "data"),
    [
        ("base64", b"TXkgbXVnIGlz!!! IGJyb2tlbi4"),
        ("quoted-printable", b"My mug=ZZ is broken."),
        ("x-uuencode", b"My mug is broken."),
    ],
)
def test_case_010_what_is_encoded_wrongly_is_read_as_far_as_it_goes(reader, encoding, data):
    raw = f"Content-Transfer-Encoding: {encoding}\r\n\r\n".encode() + data + b"\r\n"
    message = read(raw, reader)
    assert encoding == "x-uuencode" or "broken" in message.text


@READERS
def test_case_011_encoded_words_cut_in_a_letter_and_ten_thousand_of_them(reader):
    cut = b"Subject: =?utf-8?B?R3LDvMO=?= =?utf-8?B?n2U=?=\r\n\r\n"
    assert read(cut, reader).subject.startswith("Grü")
    many = b"Subject: " + b" ".join([b"=?utf-8?Q?ab?="] * 10_000) + b"\r\n\r\nthe text"
    message = read(many, reader)
    assert message.subject.startswith("abab")
    assert message.text == "the text"


@READERS
def test_case_012_of_repeated_headers_the_first_counts_and_a_second_sender_is_said(reader):
    raw = a_raw_mail(
        "From: ann@example.org", "From: eve@evil.example", "Subject: One", "Subject: Two",
        "Date: Mon, 04 May 2026 09:30:00 +0000", "Date: Tue, 05 May 2026 09:30:00 +0000",
        "Message-ID: <1@x>", "Message-ID: <2@x>",
    )  # fmt: skip
    message = read(raw, reader)
    assert (message.customer.key, message.subject, message.message_id) == (
        "ann@example.org", "One", "1@x",
    )  # fmt: skip
    assert message.sent_at == datetime(2026, 5, 4, 9, 30, tzinfo=UTC)
    assert any("more than one sender" in warning for warning in message.warnings)


def test_case_013_mails_without_a_message_id_or_with_anothers_are_all_kept(engine):
    same = "<same@example.org>"
    engine.receive(
        a_letter("My mug broke.", sender="ann@example.org", message_id=same),
        a_letter("My pot broke.", sender="bob@example.org", message_id=same),
        a_mail("No id, one.", message_id=None, from_="carl@example.org"),
        a_mail("No id, two.", message_id=None, from_="dora@example.org"),
        a_mail("No id, two.", message_id=None, from_="dora@example.org"),
    )
    assert sum(row.message_count for row in engine.rows()) == 4


@READERS
@pytest.mark.parametrize(
    "date",
    ["", "Fri, 31 Dec 9999 23:59:59 +0000", "Mon, 1 Jan 1601 00:00:00 -0000", "Mon, 32 Foo 2026"],
)
def test_case_014_a_date_that_is_missing_or_absurd_is_none_and_arrival_counts(reader, date, engine):
    raw = a_raw_mail("From: ann@example.org", f"Date: {date}")
    assert read(raw, reader).sent_at is None
    engine.receive(raw)
    assert engine.rows()[0].last_at == NOON


def test_case_015_references_in_a_circle_and_five_thousand_of_them_end(engine):
    for one, other in (("a", "b"), ("b", "c"), ("c", "a")):
        engine.receive(
            a_letter(message_id=f"<{one}@x>", answers=f"<{other}@x>", sender="ann@example.org")
        )
    assert len(engine.rows()) == 1
    chain = " ".join(f"<{number}@y>" for number in range(5_000))
    engine.receive(a_letter(message_id="<long@y>", answers="<4999@y>", references=chain))
    assert len(engine.rows()) == 2


def test_case_016_marks_that_turn_hide_or_pile_up_are_no_danger_to_the_page():
    subject = "Re\u202egnp.exe \u200bx" + "e" + "\u0301" * 4_000
    message = read(a_mail(subject=subject))
    shown = line(message.subject)
    assert len(message.subject) <= 2_000
    assert "\u202e" not in shown
    assert "\u200b" not in shown
    assert shown.count("\u0301") <= 3


@READERS
@pytest.mark.parametrize("end", [b"\r", b"\n"], ids=["carriage returns", "bare line feeds"])
def test_case_017_old_line_ends_are_line_ends(reader, end):
    raw = end.join((b"Subject: My order", b"From: ann@example.org", b"", b"One", b"Two"))
    message = read(raw, reader)
    assert (message.subject, message.text) == ("My order", "One\nTwo")


def test_case_018_flowed_text_packages_amp_calendars_and_signatures_are_named():
    flowed = b"Content-Type: text/plain; format=flowed\r\n\r\nA soft \r\nbreak.\r\n"
    assert read(flowed).text.split() == ["A", "soft", "break."]
    files = read(
        a_mail(
            "See below.",
            attachments=(
                ("winmail.dat", "application/ms-tnef", winmail("a.pdf")),
                ("m.ics", "text/calendar", b"BEGIN:VEVENT\nSUMMARY:Pick-up\nEND:VEVENT"),
                ("smime.p7s", "application/pkcs7-signature", b"\x30\x80"),
                ("amp.html", "text/x-amp-html", b"<html amp4email></html>"),
            ),
        )
    )
    assert files.text == "See below."
    assert [one.contains for one in files.attachments[:2]] == [
        ("a.pdf",),
        ("Calendar entry: Pick-up",),
    ]
    assert [one.filename for one in files.attachments[2:]] == ["smime.p7s", "amp.html"]


def test_case_019_our_own_words_quoted_below_a_thank_you_are_no_new_complaint():
    ours = "We are sorry that your mug arrived broken. We will refund the damaged item at once."
    quoted = "\n".join(f"> {one}" for one in ours.split(". "))
    said = f"Thank you so much!\n\nOn 16 November, Mill & Moss wrote:\n{quoted}"
    message = read(a_mail(said))
    assert message.new_text == "Thank you so much!"
    assert assess(message, MessageContext(now=NOON), rules=RULES).kind is not Kind.DAMAGED


@pytest.mark.parametrize(
    "text",
    [
        "a" * 1_000_000,
        "#" * 1_000_000,
        "1" * 1_000_000,
        "a " * 500_000,
        "> " * 500_000,
        "-" * 1_000_000,
        "a@" * 300_000,
        "On " * 300_000 + "wrote:",
        "1 2" * 300_000,
        "€1," * 300_000,
        "order #" * 150_000,
        "\n" * 1_000_000,
        "Name: x\n" * 100_000,
    ],
    ids=lambda text: repr(text[:8]),
)
def test_case_020_no_text_makes_a_pattern_slow(text):
    """Every rule, every finder of entities, dates and quotes sees it."""
    message = read(a_mail(text[:900_000], subject=text[:2_000].replace("\n", " ")))
    assess(message, MessageContext(now=NOON), rules=RULES)
    safe_html(a_mail("", html=f"<p>{text[:300_000]}</p>"))


def test_case_020_noise_of_bytes_is_read_and_judged():
    chance = random.Random(20)
    for _ in range(60):
        raw = bytes(chance.choices(b"\0\t\n\r :;=<>\"'()[]{}@?-_.aAzZ09\xc3\xbc\xff", k=3_000))
        assess(read(raw), MessageContext(now=NOON), rules=RULES)
