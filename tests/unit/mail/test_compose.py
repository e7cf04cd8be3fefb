"""Composing: threading headers, encodings and line ends of what goes out."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import UTC, datetime, timedelta, timezone
from email import message_from_bytes
from email.header import decode_header, make_header
from email.message import EmailMessage
from email.policy import default
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from app.domain.errors import Refused
from app.domain.message import Address
from app.domain.reply import Enclosure, Outgoing
from app.engine.enclosing import shown
from app.mail import parse
from app.mail.compose import compose, quote, redated, reply_subject, signed
from tests.support.mails import a_mail

AT = datetime(2026, 11, 21, 14, 2, tzinfo=UTC)


def outgoing(**changes: Any) -> Outgoing:
    plain = Outgoing(
        sender=Address(email="shop@example.com", name="Blue Kiln"),
        to=(Address(email="ben@example.org", name="Ben Costa"),),
        subject="Re: Two mugs",
        body="Hi Ben,\n\na new mug is on its way.\n",
        message_id="fb.i1_abc.123@example.com",
        at=AT,
    )
    return replace(plain, **changes)


def read(mime: bytes) -> EmailMessage:
    return message_from_bytes(mime.replace(b"\r\n", b"\n"), policy=default)


def display_name(mime: bytes) -> str:
    """The name in To as RFC 2047 reads it: blanks between encoded words do not count.

    The standard library's newer parser keeps such a blank in a name.
    """
    phrase = header(mime, "To").rpartition(" ")[0]
    text = str(make_header(decode_header(phrase)))
    return re.sub(r"\\(.)", r"\1", text[1:-1]) if phrase.startswith('"') else text


def header(mime: bytes, name: str) -> str:
    """A header's raw lines, joined as RFC 5322 joins them."""
    head = mime.partition(b"\r\n\r\n")[0].decode().replace("\r\n ", " ")
    found = [line.partition(": ")[2] for line in head.split("\r\n") if line.startswith(f"{name}: ")]
    assert len(found) == 1, (name, found)
    return found[0]


def test_a_reply_is_one_flowed_utf8_text_with_the_headers_it_needs() -> None:
    mail = read(compose(outgoing(cc=(Address(email="ana@example.org"),))))
    assert mail["From"] == "Blue Kiln <shop@example.com>"
    assert mail["To"] == "Ben Costa <ben@example.org>"
    assert mail["Cc"] == "ana@example.org"
    assert mail["Subject"] == "Re: Two mugs"
    assert mail["Message-ID"] == "<fb.i1_abc.123@example.com>"
    assert mail["Date"] == "Sat, 21 Nov 2026 14:02:00 +0000"
    assert mail.get_content_type() == "text/plain"
    assert mail.get_param("format") == "flowed"
    assert mail["Content-Transfer-Encoding"] == "quoted-printable"
    assert mail.get_content() == "Hi Ben,\n\na new mug is on its way.\n"


def test_a_reply_by_a_person_says_nothing_of_itself_but_what_mail_needs() -> None:
    """No program name, no time zone, no Auto-Submitted: a person wrote it."""
    names = {name.lower() for name in read(compose(outgoing()))}
    assert names == {
        *("from", "to", "subject", "date", "message-id"),
        *("mime-version", "content-type", "content-transfer-encoding"),
    }


def test_the_same_outgoing_gives_the_same_bytes() -> None:
    assert compose(outgoing()) == compose(outgoing())


def test_every_line_ends_in_crlf_and_is_short() -> None:
    mime = compose(outgoing(body="word " * 400 + "ä" * 300, subject="Ünïcode " * 40))
    assert b"\n" not in mime.replace(b"\r\n", b"")
    assert max(len(line) for line in mime.split(b"\r\n")) <= 78


def test_references_carry_the_conversation_and_end_in_what_is_answered() -> None:
    mime = compose(outgoing(in_reply_to="b@x", references=("a@x", "b@x")))
    assert header(mime, "In-Reply-To") == "<b@x>"
    assert header(mime, "References") == "<a@x> <b@x>"


def test_references_are_trimmed_to_the_first_and_the_last_twenty() -> None:
    mime = compose(outgoing(references=tuple(f"{i}@x" for i in range(50)), in_reply_to="50@x"))
    ids = header(mime, "References").split()
    assert ids == ["<0@x>", *(f"<{i}@x>" for i in range(31, 51))]


def test_a_message_id_longer_than_a_line_stays_whole() -> None:
    """The standard library would write it as encoded words, and the thread would break."""
    long_id = f"{'a' * 120}@DB9PR04MB1234.eurprd04.prod.example.com"
    mime = compose(outgoing(in_reply_to=long_id, references=("first@x", long_id)))
    assert header(mime, "In-Reply-To") == f"<{long_id}>"
    assert header(mime, "References") == f"<first@x> <{long_id}>"


@pytest.mark.parametrize("bad", ["a@x\r\nBcc: evil@x", "a b@x", "<a@x>", "ä@x", "", "a" * 1000])
def test_an_id_that_cannot_stand_in_a_header_is_left_out(bad: str) -> None:
    mime = compose(outgoing(in_reply_to=bad, references=("first@x", bad)))
    assert header(mime, "References") == "<first@x>"
    assert b"In-Reply-To" not in mime
    assert b"evil" not in mime


def test_malformed_ids_of_other_programs_are_echoed_as_they_are() -> None:
    assert header(compose(outgoing(in_reply_to="a@@b@c")), "In-Reply-To") == "<a@@b@c>"


@pytest.mark.parametrize(
    "name",
    [
        "Costa, Ben",
        'Ben "the potter" Costa',
        "Jürgen Müller",
        "Müller, Jürgen <evil@example.net>, the very long name of a firm that does not end",
        "Costa, Ben of the very long name of a firm that does not end soon, and on and on and on",
        "田中 太郎",
        "=?utf-8?q?evil?=",
        "Ben\\",
        "Sam 😀 Sam",
    ],
)
def test_a_name_beside_an_address_never_becomes_an_address(name: str) -> None:
    """The standard library drops the quotes of "Costa, Ben" when it folds."""
    mime = compose(outgoing(to=(Address(email="ben@example.org", name=name),)))
    assert [one.addr_spec for one in read(mime)["To"].addresses] == ["ben@example.org"]
    assert display_name(mime) == name


def test_line_breaks_in_a_name_are_blanks() -> None:
    to = (Address(email="ben@example.org", name="Ben\r\nBcc: evil@example.net"),)
    mail = read(compose(outgoing(to=to)))
    assert mail["Bcc"] is None
    assert mail["To"].addresses[0].display_name == "Ben Bcc: evil@example.net"


@pytest.mark.parametrize("text", ["a\r\nBcc: x@y", "a\nb", "a\rb", "a\x00b", "a\u2028b"])
def test_a_subject_of_two_lines_is_refused(text: str) -> None:
    """Case 82: a second line would be a header of somebody else's."""
    with pytest.raises(Refused, match="more than one line"):
        compose(outgoing(subject=text))


@pytest.mark.parametrize(
    "email", ["", "ben", "@x.org", "ben@", "a b@x.org", "a@x..org", "a,b@x.org"]
)
def test_an_address_that_is_none_is_refused_with_its_own_words(email: str) -> None:
    with pytest.raises(Refused, match="is not a mail address"):
        compose(outgoing(to=(Address(email=email),)))


def test_nobody_to_receive_it_is_refused() -> None:
    with pytest.raises(Refused, match="Nobody"):
        compose(outgoing(to=()))


def test_a_domain_of_other_letters_is_written_in_ascii() -> None:
    mime = compose(outgoing(to=(Address(email="ben@straße.example"),)))
    assert header(mime, "To") == "ben@xn--strae-oqa.example"


def test_a_local_part_of_other_letters_is_written_as_it_is() -> None:
    mime = compose(outgoing(to=(Address(email="jürgen@example.org"),)))
    assert header(mime, "To") == "jürgen@example.org"


def test_additional_headers_are_written_but_none_of_ours_can_be_replaced() -> None:
    mime = compose(outgoing(headers={"X-Frontburner": "i1_abc"}))
    assert header(mime, "X-Frontburner") == "i1_abc"
    for name in ("Bcc", "subject", "X Y", "A:b", ""):
        with pytest.raises(ValueError, match="may add"):
            compose(outgoing(headers={name: "x"}))


def test_the_quoted_mail_stands_below_our_own_words() -> None:
    text = quote("My mug is broken.\n> older", Address(email="b@x", name="Ben"), AT)
    body = read(compose(outgoing(body="Sorry!\n\n", quoted=text))).get_content()
    assert body == (
        "Sorry!\n\nOn 21 November 2026 at 14:02, Ben wrote:\n> My mug is broken.\n>> older\n"
    )


@given(st.text(max_size=300))
def test_any_subject_on_one_line_arrives_as_it_was_written(text: str) -> None:
    subject = reply_subject(text)
    arrived = read(compose(outgoing(subject=subject)))["Subject"]
    assert arrived == subject


@given(st.text(max_size=80))
def test_any_name_arrives_and_adds_no_header(text: str) -> None:
    """Case 82: whatever stands in a name."""
    mail = read(compose(outgoing(to=(Address(email="ben@example.org", name=text),))))
    assert [one.addr_spec for one in mail["To"].addresses] == ["ben@example.org"]
    assert len(mail.keys()) == 8


@given(st.text(max_size=400), st.text(max_size=400))
def test_any_text_gives_ascii_lines_that_no_server_objects_to(body: str, quoted: str) -> None:
    mime = compose(outgoing(body=body, quoted=quoted))
    mime.decode("ascii")
    assert b"\0" not in mime
    lines = mime.split(b"\r\n")
    assert all(len(line) <= 998 and b"\n" not in line and b"\r" not in line for line in lines)


@pytest.mark.parametrize(
    ("given_", "expected"),
    [
        ("Two mugs", "Re: Two mugs"),
        ("Re: Two mugs", "Re: Two mugs"),
        ("RE[2]: re: AW: Antw: SV: Two mugs", "Re: Two mugs"),
        ("Aw : Zwei Becher", "Re: Zwei Becher"),
        ("Re： Two mugs", "Re: Two mugs"),
        ("Fwd: Two mugs", "Re: Fwd: Two mugs"),
        ("Regarding: mugs", "Re: Regarding: mugs"),
        ("Two\r\n mugs\x00", "Re: Two mugs"),
        ("", "Re:"),
        ("x" * 500, "Re: " + "x" * 400 + "…"),
    ],
)
def test_a_reply_has_one_re(given_: str, expected: str) -> None:
    assert reply_subject(given_) == expected


@pytest.mark.parametrize(
    ("language", "line"),
    [
        ("en", "On 21 November 2026 at 15:02, Ben wrote:"),
        ("de", "Am 21. November 2026 um 15:02 Uhr schrieb Ben:"),
        ("fr", "Le 21 novembre 2026 à 15:02, Ben a écrit :"),
        ("es", "El 21 de noviembre de 2026 a las 15:02, Ben escribió:"),
        ("it", "Il giorno 21 novembre 2026 alle ore 15:02, Ben ha scritto:"),
        ("nl", "Op 21 november 2026 om 15:02 schreef Ben:"),
        ("pt", "Em 21 de novembro de 2026 às 15:02, Ben escreveu:"),
        ("pl", "W dniu 21 listopada 2026 o 15:02 Ben napisał(a):"),
        ("sv", "On 21 November 2026 at 15:02, Ben wrote:"),
        ("", "On 21 November 2026 at 15:02, Ben wrote:"),
    ],
)
def test_the_line_above_a_quote_is_in_the_customers_language_and_zone(
    language: str, line: str
) -> None:
    when = AT.astimezone(timezone(timedelta(hours=1)))
    assert quote("x", "Ben", when, language).splitlines()[0] == line


@pytest.mark.parametrize("language", ["en", "de", "fr", "es", "it", "nl", "pt", "pl"])
def test_what_we_quote_is_known_as_quoted_when_it_comes_back(language: str) -> None:
    quoted = quote("My mug is broken.", "Ben Costa", AT, language)
    assert parse.read(a_mail(f"Thank you.\n\n{quoted}")).new_text == "Thank you."


def test_a_long_mail_is_quoted_in_part() -> None:
    lines = quote("\n".join(str(i) for i in range(1000)), "Ben", AT).splitlines()
    assert len(lines) == 202
    assert lines[-1] == "> […]"
    one_line = quote("word " * 200_000, "Ben", AT)
    assert len(one_line) < 20_000
    assert one_line.endswith("\n> […]")


def enclosed(**given: Any) -> Enclosure:
    return Enclosure(
        **{"filename": "a.pdf", "content_type": "application/pdf", "content": b"%PDF", **given}
    )


@settings(deadline=None)
@given(name=st.text(min_size=1, max_size=150).map(shown))
def test_a_files_name_arrives_as_it_was_in_any_alphabet(name: str) -> None:
    """Case 82: RFC 2231, in lines that a server takes; our reader and the standard one agree."""
    mime = compose(outgoing(enclosures=(enclosed(filename=name),)))
    head = mime.split(b"Content-Disposition")[1].partition(b"\r\n\r\n")[0]
    assert all(len(line) <= 78 for line in head.split(b"\r\n")[1:])
    (attachment,) = read(mime).iter_attachments()
    # As the header says it: get_filename() would take the brackets off a file named "<>".
    assert attachment["Content-Disposition"].params["filename"] == name
    assert attachment.get_content() == b"%PDF"


def test_files_follow_the_text_and_the_same_mail_has_the_same_bytes() -> None:
    """multipart/mixed with a boundary that follows from the Message-ID, and every line short."""
    files = (
        enclosed(content=bytes(range(256)) * 40),
        enclosed(filename="notes.txt", content_type="text/plain", content="Größe\r\n".encode()),
        enclosed(filename="old.txt", content_type="text/plain", content="Größe".encode("cp1252")),
    )
    mime = compose(outgoing(enclosures=files))
    assert mime == compose(outgoing(enclosures=files))
    assert all(len(line) <= 78 for line in mime.split(b"\r\n"))
    mail = read(mime)
    assert mail.get_content_type() == "multipart/mixed"
    body, *attachments = mail.iter_parts()
    assert body.get_param("format") == "flowed"
    assert [one.get_content_type() for one in attachments] == [
        "application/pdf",
        "text/plain",
        "text/plain",
    ]
    assert attachments[0].get_content() == files[0].content
    assert [one.get_param("charset") for one in attachments[1:]] == ["utf-8", None]
    assert attachments[2].get_payload(decode=True) == files[2].content


@pytest.mark.parametrize("type_", ["message/rfc822", "multipart/mixed", "nonsense", ""])
def test_what_may_not_be_encoded_as_it_is_travels_as_bytes(type_: str) -> None:
    """A mail as a file stays whole (RFC 2046 5.2.1)."""
    raw = b"From: a@example.com\r\n\r\n.\r\nHi\r\n"
    mail = read(compose(outgoing(enclosures=(enclosed(content_type=type_, content=raw),))))
    (attachment,) = mail.iter_attachments()
    assert attachment.get_content_type() == "application/octet-stream"
    assert attachment.get_content() == raw


def test_a_signature_stands_below_the_words_and_above_the_quote_once() -> None:
    """With the mark that mail programs cut at; not again where the words end in it."""
    mail = read(compose(outgoing(body="Hi", signature="Kiln\nRoad 1\n", quoted="> Hello")))
    assert mail.get_content() == "Hi\n\n-- \nKiln\nRoad 1\n\n> Hello\n"
    assert signed("Hi\n\nKiln\nRoad 1\n", "Kiln\nRoad 1") == "Hi\n\nKiln\nRoad 1"
    assert signed("Hi", " \n") == "Hi"


def test_an_answer_can_be_asked_to_another_address() -> None:
    """Reply-To stands there only where it differs."""
    back = Address(email="shop+fb.x@example.com", name="Blue Kiln")
    assert read(compose(outgoing(reply_to=back)))["Reply-To"] == (
        "Blue Kiln <shop+fb.x@example.com>"
    )
    assert read(compose(outgoing()))["Reply-To"] is None


def test_another_date_changes_nothing_else() -> None:
    """Neither a line of the text that looks like one."""
    mime = compose(outgoing(body="Date: Mon, 1 Jan 2024 00:00:00 +0000"))
    later = redated(mime, AT + timedelta(days=1))
    assert header(later, "Date") == "Sun, 22 Nov 2026 14:02:00 +0000"
    assert later.replace(b"Sun, 22 Nov", b"Sat, 21 Nov") == mime
