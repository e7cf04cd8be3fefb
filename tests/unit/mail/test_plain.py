"""The quick reader of bodies says what the complete one says, or leaves the mail to it."""

from __future__ import annotations

from email.message import EmailMessage
from email.policy import SMTP

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from app.mail import fallback, headers, parse, plain
from app.mail.fallback import Body


def quickly(raw: bytes) -> Body | None:
    return plain.body(raw, headers.split(raw))


def alternatives(text: str = "Two are broken.", html: str = "<b>Two</b> are broken.") -> bytes:
    mail = EmailMessage(policy=SMTP)
    mail["Subject"] = "Mugs"
    mail.set_content(text)
    mail.add_alternative(html, subtype="html")
    return mail.as_bytes()


USUAL = {
    "no type": b"Subject: Mugs\r\n\r\nTwo are broken.\r\n",
    "one text": b"Content-Type: text/plain; charset=utf-8\r\n\r\nTwo \xc3\xa4re broken.\r\n",
    "one page": b"Content-Type: text/html\nContent-Transfer-Encoding: base64\n\nPGI+VHdvPC9iPg==\n",
    "alternatives": alternatives(),
    "quoted letters": alternatives("Zwölf Becher \u2014 alle zerbrochen."),
    "a label that lies": b"Content-Type: text/plain; charset=us-ascii\r\n\r\nGr\xfc\xdfe\r\n",
    "line ends of all sorts": b"Subject: x\r\n\r\none\rtwo\r\nthree\nfour\x00\x0c\tfive\r\n",
    "no words": b"Subject: Mugs\r\n\r\n",
}
UNUSUAL = {
    "a file": b"Content-Type: text/plain\r\nContent-Disposition: attachment\r\n\r\nwords\r\n",
    "a picture": b"Content-Type: image/png\r\n\r\nwords\r\n",
    "an unknown charset": b"Content-Type: text/plain; charset=klingon\r\n\r\nwords\r\n",
    "a boundary that is never closed": alternatives().replace(b"==--", b"=="),
    "a digest": alternatives().replace(b"multipart/alternative", b"multipart/digest"),
    "parts within parts": alternatives().replace(b"text/html", b"multipart/related"),
    "a part without headers": b'Content-Type: multipart/mixed; boundary="a"\r\n\r\n--a\r\n\r\nhi'
    b"\r\n--a--\r\n",
    "a boundary within a longer one": alternatives().replace(b"==\r\nC", b"==b\r\nC"),
}


@pytest.mark.parametrize("raw", USUAL.values(), ids=USUAL)
def test_what_is_usual_is_read_quickly_and_to_the_letter(raw: bytes) -> None:
    assert quickly(raw) == fallback.body(raw)


@pytest.mark.parametrize("raw", UNUSUAL.values(), ids=UNUSUAL)
def test_what_is_not_usual_is_left_to_the_complete_reader(raw: bytes) -> None:
    assert quickly(raw) is None
    assert parse.body(raw) == fallback.body(raw)


_LINE = st.sampled_from(
    (
        b"--a", b"--a--", b"--a ", b"--ab", b"--b", b"--b--", b"", b" ", b"\t", b"words",
        b"=C3=A4=", b"--", b"\xe4\xf6", b"\x00", b"V29ydHM=", b"Content-Type: text/plain",
        b"Content-Type: text/html; charset=utf-8", b"Content-Type: multipart/mixed; boundary=b",
        b"Content-Type: message/rfc822", b"Content-Disposition: attachment; filename=x",
        b"Content-Transfer-Encoding: quoted-printable", b"Content-Transfer-Encoding: base64",
        b"Content-Type: text/plain; charset=utf-7", b"no header",
    )
)  # fmt: skip
_ROOT = st.sampled_from(
    (
        b"Content-Type: multipart/alternative; boundary=a",
        b'Content-Type: multipart/mixed; boundary="a"',
        b"Content-Type: MULTIPART/Digest; Boundary=a",
        b"Content-Type: text/plain; charset=iso-8859-1",
        b"Content-Type: text/html",
        b"Subject: x",
    )
)
_END = st.sampled_from((b"\r\n", b"\n", b"\r"))


@given(_ROOT, st.lists(st.tuples(_LINE, _END), max_size=25))
@settings(max_examples=400, deadline=None)
def test_the_quick_reader_never_says_anything_else_than_the_complete_one(
    root: bytes, lines: list[tuple[bytes, bytes]]
) -> None:
    raw = root + b"\r\n" + b"".join(line + end for line, end in lines)
    found = quickly(raw)
    assert found is None or found == fallback.body(raw)


_HEADER_LINE = st.sampled_from(
    (
        b"Subject: x", b"Subject: x  ", b" folded", b"\tfolded\t", b"X:", b"X :y", b"no header",
        b"", b"From a@b Mon", b"\xe4: x", b"X: \xe4", b"X: \x00y", b"X: =?utf-8?q?a?=", b":", b"  ",
    )
)  # fmt: skip


@given(st.lists(st.tuples(_HEADER_LINE, _END), max_size=12))
@settings(max_examples=400, deadline=None)
def test_the_quick_way_through_the_headers_comes_to_the_same(
    lines: list[tuple[bytes, bytes]],
) -> None:
    """A letter above 127 in a last field makes the reader go the long way round."""
    raw = b"".join(line + end for line, end in lines)
    one = headers.split(b"First: x\r\n" + raw + b"\r\n\r\nbody")
    other = headers.split(b"First: \xe4\r\n" + raw + b"\r\n\r\nbody")
    assert one.fields[1:] == other.fields[1:]
    assert one.body_at == other.body_at
    assert one.warnings == other.warnings
