"""What lies in the files of a mail: Outlook's packages, invitations, attached mails, forms."""

from __future__ import annotations

import pytest

from app.mail import fallback, parse, tnef
from tests.support.mails import a_mail, a_raw_mail
from tests.support.tnef import winmail

PACKAGE = "application/ms-tnef"
READERS = pytest.mark.parametrize("reader", [None, fallback.body], ids=["fast", "fallback"])

EVENT = "\r\n".join((
    "BEGIN:VCALENDAR",
    "METHOD:{method}",
    "BEGIN:VTIMEZONE",
    "TZID:Europe/Berlin",
    "DTSTART:19700329T020000",
    "END:VTIMEZONE",
    "BEGIN:VEVENT",
    "SUMMARY:Pick-up of the broken teapot\\, by",
    "  courier",
    "DTSTART;TZID=Europe/Berlin:20261120T100000",
    "DTEND;TZID=Europe/Berlin:20261120T113000",
    "LOCATION:Hauptstr. 1\\n10115 Berlin",
    'ORGANIZER;CN="Ada Example":mailto:ada@example.org',
    "ATTENDEE;PARTSTAT=DECLINED;CN=Shop:mailto:hello@shop.example",
    "END:VEVENT",
    "END:VCALENDAR",
    "",
))  # fmt: skip


def with_file(name: str, kind: str, content: bytes, *, text: str = "See below.") -> bytes:
    return a_mail(text, attachments=((name, kind, content),))


@READERS
def test_a_winmail_dat_is_named_with_the_files_in_it(reader):
    package = winmail(
        "INVOIC~1.PDF", "note.txt", long_names=["Invoice of November, 2026.pdf"], text="x"
    )
    message = parse.read(with_file("winmail.dat", PACKAGE, package), reader=reader)
    (found,) = message.attachments
    assert found.filename == "winmail.dat"
    assert found.contains == ("Invoice of November, 2026.pdf", "note.txt")
    assert message.text == "See below."


def test_the_words_in_a_winmail_dat_are_the_text_of_a_mail_that_has_no_other():
    package = winmail(text="The mug is broken.")
    raw = a_raw_mail(
        "From: ann@example.org",
        "MIME-Version: 1.0",
        "Content-Type: application/ms-tnef; name=winmail.dat",
        "Content-Transfer-Encoding: 8bit",
        body="",
    )
    message = parse.read(raw + package.replace(b"\r", b"").replace(b"\n", b""))
    assert message.text == "The mug is broken."
    assert message.new_text == "The mug is broken."


@pytest.mark.parametrize("name", ["../../etc/passwd", "a\u202egpj.exe", "CON.txt"])
def test_names_in_a_package_are_made_safe_like_all_names(name):
    (safe,) = tnef.unpacked(winmail("x", long_names=[name])).names
    assert "/" not in safe
    assert "\u202e" not in safe
    assert safe != "CON.txt"


def test_a_package_that_lies_about_its_lengths_does_no_harm():
    whole = winmail("one.pdf", "two.pdf", long_names=["One.pdf", "Two.pdf"], text="words")
    for cut in range(len(whole)):
        found = tnef.unpacked(whole[:cut])
        assert len(found.names) <= 2
    assert tnef.unpacked(b"\x78\x9f\x3e\x22\x01\x00" + b"\xff" * 5000).names == ()
    assert tnef.unpacked(b"").names == ()


@READERS
@pytest.mark.parametrize(
    ("method", "first"),
    [
        ("REQUEST", "Invitation: Pick-up of the broken teapot, by courier"),
        ("CANCEL", "Cancelled: Pick-up of the broken teapot, by courier"),
    ],
)
def test_an_invitation_is_shown_as_what_when_where_and_who(reader, method, first):
    event = EVENT.format(method=method).encode()
    message = parse.read(with_file("invite.ics", "text/calendar", event), reader=reader)
    (found,) = message.attachments
    assert found.contains == (
        first,
        "When: 2026-11-20 10:00 to 11:30 (Europe/Berlin)",
        "Where: Hauptstr. 1 10115 Berlin",
        "Who: Ada Example <ada@example.org>",
    )
    assert message.text == "See below."
    assert found.filename == "invite.ics"


def test_an_answer_to_an_invitation_says_who_answers_what():
    event = EVENT.format(method="REPLY").encode()
    message = parse.read(with_file("invite.ics", "text/calendar", event, text=""))
    assert message.new_text.endswith("Shop <hello@shop.example> declines")
    assert message.text == message.new_text  # the mail has no words of its own


@pytest.mark.parametrize(
    ("line", "when"),
    [
        ("DTSTART:20261120T090000Z", "When: 2026-11-20 09:00 UTC"),
        ("DTSTART;VALUE=DATE:20261120", "When: 2026-11-20"),
        ("DTSTART:tomorrow", ""),
    ],
)
def test_the_instant_of_an_event_is_written_as_it_was_meant(line, when):
    event = f"BEGIN:VEVENT\nSUMMARY:x\n{line}\nEND:VEVENT\n".encode()
    (found,) = parse.read(with_file("a.ics", "text/calendar", event)).attachments
    assert [one for one in found.contains if one.startswith("When")] == [when][: bool(when)]


@pytest.mark.parametrize("content", [b"", b"BEGIN:VEVENT", b"\xff" * 1000, b"A:" * 10_000])
def test_a_calendar_that_is_none_adds_nothing(content):
    assert parse.read(with_file("a.ics", "text/calendar", content)).new_text == "See below."


@READERS
def test_an_attached_mail_is_named_by_its_subject_and_says_from_whom_it_is(reader):
    inner = a_mail("Order #1042 was shipped.", subject="Your order", from_="Shop <s@shop.example>")
    raw = (
        b"From: ann@example.org\r\nMIME-Version: 1.0\r\n"
        b'Content-Type: multipart/mixed; boundary="b"\r\n\r\n--b\r\n\r\nPlease look.\r\n--b\r\n'
        b"Content-Type: message/rfc822\r\n\r\n" + inner + b"\r\n--b--\r\n"
    )
    message = parse.read(raw, reader=reader)
    assert [one.filename for one in message.attachments] == ["Your order.eml"]
    assert message.attachments[0].contains == (
        "From: Shop <s@shop.example>",
        "Date: Mon, 04 May 2026 09:30:00 +0000",
        "Subject: Your order",
    )
    assert message.text == "Please look."


FORM = """\
You have a new message from your website.

{name}: Ada Example
{email}: ada@example.org
{message}: My teapot arrived broken.
"""
LABELS = [
    ("Name", "E-Mail", "Message"),
    ("Ihr Name", "Ihre E-Mail-Adresse", "Ihre Nachricht"),
    ("Nom", "Adresse e-mail", "Votre message"),
    ("Nombre", "Correo electrónico", "Mensaje"),
    ("Nome", "Indirizzo e-mail", "Messaggio"),
    ("Naam", "E-mailadres", "Bericht"),
    ("Imię i nazwisko", "Adres e-mail", "Wiadomość"),
    ("*Name*", "*Email*", "*Comment*"),
]


@pytest.mark.parametrize("labels", LABELS, ids=lambda one: one[0])
@pytest.mark.parametrize("sender", ["no-reply@shop.example", "wordpress@shop.example"])
def test_a_form_that_names_the_customer_only_in_its_text_is_answered_to_the_customer(
    labels, sender
):
    text = FORM.format(name=labels[0], email=labels[1], message=labels[2])
    message = parse.read(a_mail(text, from_=sender, to="hello@shop.example"))
    assert message.customer.key == "ada@example.org"
    assert message.customer.name == "Ada Example"
    assert message.by_form


def test_labels_and_answers_may_stand_on_lines_of_their_own():
    text = "Name:\nAda Example\n\nEmail:\nada@example.org\n\nBody:\nBroken.\n"
    message = parse.read(a_mail(text, from_="mailer@shopify.com"))
    assert message.customer.key == "ada@example.org"


def test_a_form_from_and_to_the_shops_own_address_is_one():
    text = FORM.format(name="Name", email="E-Mail", message="Nachricht")
    shop = "hello@shop.example"
    assert parse.read(a_mail(text, from_=shop, to=shop)).customer.key == "ada@example.org"


CF7 = """\
{label} {who}
{subject}: Candle

{body}
The candle burned my hand.

--
This e-mail was sent from a contact form on Mill & Moss (https://shop.example)
"""


@pytest.mark.parametrize("sender", ["hello@shop.example", "WordPress <wordpress@shop.example>"])
@pytest.mark.parametrize(
    ("label", "subject", "body"),
    [
        ("From:", "Subject", "Message Body:"),
        ("Von:", "Betreff", "Nachrichtentext:"),
        ("De :", "Objet", "Corps du message :"),
        ("Da:", "Oggetto", "Corpo del messaggio:"),
        ("Van:", "Onderwerp", "Berichtinhoud:"),
        ("Od:", "Temat", "Treść wiadomości:"),
    ],
)
@pytest.mark.parametrize(
    ("who", "name"),
    [
        ("Ben Costa <ben@customer.example>", "Ben Costa"),
        ("Ben Costa ben@customer.example", "Ben Costa"),
        ("ben@customer.example", ""),
    ],
)
def test_a_form_may_name_the_customer_and_the_address_on_one_line(
    sender, label, subject, body, who, name
):
    text = CF7.format(label=label, subject=subject, body=body, who=who)
    message = parse.read(a_mail(text, from_=sender, to="hello@shop.example"))
    assert (message.customer.key, message.customer.name) == ("ben@customer.example", name)
    assert message.by_form
    assert "burned my hand" in message.new_text


FORWARDED = "From: Ben <ben@customer.example>\n{rest}\n\nMessage:\nThe candle burned my hand.\n"


@pytest.mark.parametrize(
    "text",
    [
        FORWARDED.format(rest="Sent: Monday, May 4, 2026\nTo: hello@shop.example\nSubject: Candle"),
        "Note:\n\n---------- Forwarded message ---------\n"
        + FORWARDED.format(rest="Date: Mon, May 4, 2026\nSubject: Candle\nTo: hello@shop.example"),
        "Note:\n\n"
        + "".join(f"> {line}\n" for line in FORWARDED.format(rest="Subject: Candle").split("\n")),
        "Message:\nFrom: us to us, nobody is named here",
    ],
)
def test_the_from_line_of_a_mail_passed_on_names_nobody(text):
    shop = "hello@shop.example"
    message = parse.read(a_mail(text, from_=shop, to=shop))
    assert message.customer.key == shop
    assert not message.by_form


@pytest.mark.parametrize(
    ("sender", "text"),
    [
        ("carl@example.org", FORM.format(name="Name", email="E-Mail", message="Message")),
        ("no-reply@shopify.com", "New order\n\nName: Ada\nEmail: ada@example.org\nTotal: 12"),
        ("no-reply@shop.example", "Name: Ada\nE-Mail: none\nMessage: hello"),
    ],
)
def test_nobody_else_can_name_somebody_to_be_answered_in_a_text(sender, text):
    message = parse.read(a_mail(text, from_=sender))
    assert message.customer.key == sender
    assert not message.by_form


def test_reply_to_goes_before_what_the_text_says():
    text = FORM.format(name="Name", email="E-Mail", message="Message")
    raw = a_mail(text, from_="no-reply@shop.example", headers={"Reply-To": "eve@example.org"})
    assert parse.read(raw).customer.key == "eve@example.org"
