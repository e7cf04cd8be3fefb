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


PLAIN = "Name\n\nAda Example\n\nEmail\n\nada@example.org\n\nComment or Message\n\nBroken.\n"
LABELLED = FORM.format(name="Name", email="E-Mail", message="Message")
OF_THE_SHOP = ("wordpress@shop.example", "Mill & Moss <info@shop.example>", "hello@shop.example")


@pytest.mark.parametrize("text", [LABELLED, PLAIN])
@pytest.mark.parametrize("sender", OF_THE_SHOP)
@pytest.mark.parametrize(
    "reply_to",
    [
        "", "[your-email]", "undefined", "Ada Example", "Ada <ada@>", "ada.example.org",
        "hello@shop.example", "info@shop.example", "noreply@shop.example",
    ],
)  # fmt: skip
def test_a_form_of_the_shop_is_answered_to_who_filled_it_in_whatever_is_wrong_with_reply_to(
    sender, reply_to, text
):
    raw = a_mail(text, from_=sender, to="hello@shop.example", headers={"Reply-To": reply_to})
    message = parse.read(raw)
    assert (message.customer.key, message.customer.name) == ("ada@example.org", "Ada Example")
    assert message.by_form


@pytest.mark.parametrize(
    ("sender", "to", "text"),
    [
        # Everybody has an address there.
        ("carl@gmail.com", "mill.moss@gmail.com", LABELLED),
        # A colleague asks about a form that was filled in; the mail is the colleague's.
        (
            "jo@shop.example",
            "hello@shop.example",
            "Who takes this?\n\n" + "".join(f"> {line}\n" for line in LABELLED.split("\n")),
        ),
        # What we filled in elsewhere comes back as a copy.
        (
            "no-reply@supplier.example",
            "hello@shop.example",
            LABELLED.replace("ada@example.org", "hello@shop.example"),
        ),
        ("info@another.example", "hello@shop.example", LABELLED),
    ],
)
def test_no_form_names_a_wrong_person(sender, to, text):
    message = parse.read(a_mail(text, from_=sender, to=to))
    assert message.customer.key == sender
    assert not message.by_form


def parts(*leaves: str, kind: str = "mixed", boundary: str = "b") -> str:
    inner = "".join(f"--{boundary}\r\n{one}\r\n" for one in leaves)
    return f"Content-Type: multipart/{kind}; boundary={boundary}\r\n\r\n{inner}--{boundary}--\r\n"


WORDS = "Content-Type: text/plain\r\n\r\nsee file"
ORDER = (
    'Content-Type: text/plain; name="order.txt"\r\n'
    'Content-Disposition: inline; filename="order.txt"\r\n\r\n2 mugs'
)
PAGE = 'Content-Type: text/html; name="page.html"\r\nContent-Disposition: inline\r\n\r\n<p>x</p>'


@READERS
def test_a_text_with_a_name_beside_the_words_is_a_file_to_be_saved(reader):
    raw = parts(WORDS, ORDER, PAGE).encode()
    message = parse.read(raw, reader=reader)
    assert message.text == "see file"
    assert message.html == ""
    assert [one.filename for one in message.attachments] == ["order.txt", "page.html"]
    assert [parse.attachment(raw, one.part) for one in message.attachments] == [
        b"2 mugs",
        b"<p>x</p>",
    ]


@READERS
def test_a_file_above_the_words_is_one_too(reader):
    message = parse.read(parts(ORDER, WORDS).encode(), reader=reader)
    assert message.text == "see file"
    assert [one.filename for one in message.attachments] == ["order.txt"]


@READERS
def test_a_text_with_a_name_and_no_other_beside_it_is_what_is_said(reader):
    assert parse.read(ORDER.encode(), reader=reader).text == "2 mugs"
    assert parse.read(parts(ORDER).encode(), reader=reader).text == "2 mugs"
    versions = parts(WORDS, PAGE, kind="alternative", boundary="v")
    message = parse.read(parts(versions, ORDER).encode(), reader=reader)
    assert message.html == "<p>x</p>"  # a version of the mail, whatever it is called
    assert [one.filename for one in message.attachments] == ["order.txt"]


@READERS
def test_a_file_shown_between_empty_words_is_read_in_their_place(reader):
    blank = "Content-Type: text/plain\r\n\r\n \r\n"
    message = parse.read(parts(blank, ORDER, PAGE).encode(), reader=reader)
    assert message.text == "2 mugs\n\nx"
    assert [one.filename for one in message.attachments] == ["order.txt", "page.html"]


@READERS
@pytest.mark.parametrize(
    "kind",
    [
        'application/pkcs7-mime; smime-type=signed-data; name="smime.p7m"',
        'application/x-pkcs7-mime; name="smime.p7m"',
        'application/octet-stream; name="smime.p7m"',
    ],
)
def test_a_mail_sealed_with_s_mime_says_that_it_cannot_be_read_here(reader, kind):
    raw = a_raw_mail("From: a@x.example", f"Content-Type: {kind}", body="MIAGCSqGSIb3")
    message = parse.read(raw, reader=reader)
    assert message.text == ""
    assert message.warnings == ("it is sealed (S/MIME or PGP): only your mail program can open it",)


def test_a_mail_sealed_with_pgp_says_so_and_a_signed_one_does_not():
    sealed = parts(
        "Content-Type: application/pgp-encrypted\r\n\r\nVersion: 1",
        "Content-Type: application/octet-stream\r\n\r\n-----BEGIN PGP MESSAGE-----",
        kind="encrypted",
    )
    signed = parts(WORDS, "Content-Type: application/pkcs7-signature\r\n\r\nx", kind="signed")
    assert any("sealed" in one for one in parse.read(sealed.encode()).warnings)
    assert parse.read(signed.encode()).warnings == ()


ATTACHED = (
    "Content-Type: message/rfc822\r\n\r\nFrom: Kunde <k@k.example>\r\nTo: hello@shop.example\r\n"
    "Date: Mon, 4 May 2026 09:30:00 +0000\r\nSubject: Burned\r\n\r\nYour candle exploded.\r\n"
)
HEADING = "From: Kunde <k@k.example>\nDate: Mon, 4 May 2026 09:30:00 +0000\nSubject: Burned"


@READERS
@pytest.mark.parametrize(
    "raw",
    [ATTACHED, parts("Content-Type: text/plain\r\n\r\n\r\n", ATTACHED)],
    ids=["alone", "below"],
)
def test_a_mail_passed_on_as_a_file_alone_is_read_as_if_it_stood_in_the_text(reader, raw):
    message = parse.read(raw.encode(), reader=reader)
    assert message.text == f"{HEADING}\n\nYour candle exploded."
    assert message.new_text == "Your candle exploded."
    assert [one.filename for one in message.attachments] == ["Burned.eml"]


def test_a_mail_in_a_mail_in_a_mail_is_read_and_no_deeper_than_three():
    twice = f"Content-Type: message/rfc822\r\n\r\nSubject: outer\r\n{ATTACHED}"
    assert "Your candle exploded." in parse.read(twice.encode()).text
    deep = "Content-Type: message/rfc822\r\n\r\n" * 50 + "Subject: x\r\n\r\nwords"
    assert parse.read(deep.encode()).text == ""


def test_the_returned_mail_in_a_report_without_words_is_not_what_the_report_says():
    report = parts(
        "Content-Type: message/delivery-status\r\n\r\nAction: failed", ATTACHED, kind="report"
    )
    assert parse.read(report.encode()).text == ""
