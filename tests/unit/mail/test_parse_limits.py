"""Mails made to hurt: each is read, none stops the reader, all are kept to a bounded size."""

from __future__ import annotations

import pytest

from app.mail import fallback, parse
from app.mail.headers import MAX_FIELDS
from app.mail.written import MAX_TEXT
from tests.support.mails import a_raw_mail

# What grows with the square of its input takes hours on these; the guard is against that alone.
pytestmark = pytest.mark.timeout(300)

BOTH = pytest.mark.parametrize("body", [None, fallback.body], ids=["fast", "fallback"])


def nested(depth: int) -> bytes:
    return (
        b"".join(
            b"Content-Type: multipart/mixed; boundary=b%d\n\n--b%d\n" % (one, one)
            for one in range(depth)
        )
        + b"Content-Type: text/plain\n\nthe heart of it\n"
    )


def forwarded(depth: int) -> bytes:
    return b"Content-Type: message/rfc822\n\n" * depth + b"Subject: x\n\ntext"


def read(raw: bytes, body=None):
    return parse.read(raw, reader=body)


@BOTH
def test_a_thousand_nested_parts_are_read(body):
    message = read(nested(1_000), body)
    assert "the heart of it" in message.text
    assert any("deep" in warning for warning in message.warnings)


@BOTH
def test_two_hundred_forwards_in_one_another_are_one_attachment(body):
    message = read(forwarded(200), body)
    assert len(message.attachments) <= 1


@BOTH
def test_a_hundred_thousand_headers_are_cut_and_the_text_is_found(body):
    raw = b"".join(b"X-%d: y\r\n" % number for number in range(100_000)) + b"\r\nthe text"
    message = read(raw, body)
    assert message.text == "the text"
    assert len(message.headers) == MAX_FIELDS
    assert any("headers were read" in warning for warning in message.warnings)


@BOTH
def test_a_header_line_of_a_megabyte_is_cut(body):
    message = read(b"Subject: " + b"x" * 1_000_000 + b"\r\n\r\nthe text", body)
    assert len(message.subject) == 2_000
    assert message.text == "the text"


@BOTH
def test_ten_thousand_parts_are_counted_to_a_thousand(body):
    raw = b"Content-Type: multipart/mixed; boundary=b\n\n" + b"--b\n\npart\n" * 10_000
    message = read(raw, body)
    assert "part" in message.text


@BOTH
def test_fifty_megabytes_of_text_are_cut_to_a_million_letters(body):
    message = read(b"Subject: big\r\n\r\n" + b"words and more\r\n" * 3_400_000, body)
    assert len(message.text) == MAX_TEXT
    assert message.raw_size > 50_000_000
    assert any("letters of the text" in warning for warning in message.warnings)


@BOTH
def test_fifty_megabytes_of_attachment_are_measured_not_read(body):
    raw = (
        b"Content-Type: multipart/mixed; boundary=b\r\n\r\n--b\r\n\r\nsmall words\r\n--b\r\n"
        b"Content-Type: application/zip; name=big.zip\r\nContent-Transfer-Encoding: base64\r\n\r\n"
        + b"QUJD" * 19 * 680_000
        + b"\r\n--b--\r\n"
    )
    message = read(raw, body)
    assert message.text == "small words"
    assert message.attachments[0].size == 3 * 19 * 680_000


@pytest.mark.parametrize(
    "raw",
    [
        b"From: " + b'"' * 100_000,
        b"From: " + b'"\\' * 50_000,
        b"From: " + b"(" * 100_000,
        b"From: " + b"<" * 100_000,
        b"From: " + b"a" * 100_000,
        b"From: x" + b" " * 100_000 + b"y",
        b"From: " + b"a@b.example," * 10_000,
        b"From: " + b":;" * 50_000,
        b"Subject: " + b"=?" * 50_000,
        b"Subject: " + b"=?a?q?" * 15_000,
        b"Subject: " + b"=?utf-8?q?a?= " * 10_000,
        b"References: " + b"<" * 100_000,
        b"References: " + b"a@" * 50_000,
        b"Message-ID: " + b"<" + b" " * 100_000 + b"x>",
        b"Date: " + b" " * 50_000 + b"1" * 50_000,
        b"Content-Type: text/plain" + b';a="' * 20_000,
        b"Content-Type: multipart/mixed; boundary=" + b"b" * 50_000,
        b"Content-Disposition: attachment" + b"; filename*1*=a" * 10_000,
        b"Content-Type: multipart/mixed; boundary=b\n\n" + b"\n--b x" * 100_000,
        b"Content-Transfer-Encoding: x-uuencode\n\n" + b"begin " * 100_000,
        b"Content-Transfer-Encoding: quoted-printable\n\n" + b" " * 1_000_000 + b"x",
    ],
)
def test_no_header_is_slow_to_read(raw):
    read(raw + b"\r\n\r\ntext", fallback.body)


@pytest.mark.parametrize(
    "text",
    [
        "a" * 1_000_000,
        "#" * 1_000_000,
        ">" * 1_000_000,
        "> " * 500_000,
        ">\n" * 500_000,
        "On " * 300_000,
        "On \n" * 200_000,
        "On 1.1.2024 \n" * 20_000,
        "On 1.1.2024 a@b.example wrote:\n" * 10_000,
        "From: x\n" * 100_000,
        "From: x\nTo: x\n" * 50_000,
        "- " * 500_000,
        "-\n" * 300_000,
        "--\n" * 300_000,
        "_" * 1_000_000,
        ("_" * 30 + "\n") * 20_000,
        " " * 1_000_000 + ":",
        "Sent from my " + "iphone " * 100_000,
        ("sent from my " + "a " * 60 + "!\n") * 5_000,
        ":\n" * 300_000,
        "*" * 1_000_000 + ":",
        '"' + "a " * 500_000 + '":',
        ("x" * 399 + ":\n") * 2_500,
        "\n" * 1_000_000,
    ],
)
def test_no_text_is_slow_to_read(text):
    read(a_raw_mail(body=text))


@pytest.mark.parametrize(
    "html",
    [
        "<div>" * 200_000 + "x",
        "<b>" * 200_000 + "x",
        "<table><tr><td>" * 60_000 + "x",
        "<blockquote>" * 100_000 + "x",
        "<p>" * 100_000 + "x",
        "<" * 500_000,
        "<div" * 200_000,
        "<!--" * 200_000,
        "<a <a <a " * 50_000,
        "&lt;" * 200_000,
        "<div style='display:none'>" * 20_000,
        "<font><p>" * 20_000,
        "<pre>\n" * 10_000,
        "<style>" * 100_000,
        "<table>" + "<td>x" * 100_000,
    ],
)
def test_no_html_is_slow_to_read(html):
    raw = a_raw_mail("Content-Type: text/html", body=html)
    read(raw)
