"""Which texts of a mail say the same in two versions, and which are said one after the other."""

from __future__ import annotations

import pytest

from app.mail import fallback, parse
from app.mail.pieces import Piece, Text, in_order

BOTH = pytest.mark.parametrize("reader", [None, fallback.body], ids=["fast", "fallback"])
CRITICAL = "Your candle exploded and burned my daughter's hand. My lawyer will contact you."
FOOTER = "This email has been checked for viruses by Avast.\nwww.avast.com"


def part(kind: str, words: str, *lines: str) -> str:
    return "\n".join((f"Content-Type: text/{kind}; charset=utf-8", *lines, "", words))


def multi(kind: str, *parts: str, boundary: str = "b") -> str:
    inner = "".join(f"--{boundary}\n{one}\n" for one in parts)
    return f'Content-Type: multipart/{kind}; boundary="{boundary}"\n\n{inner}--{boundary}--\n'


def read(mail: str, reader=None):
    return parse.read(f"From: Ben <ben@customer.example>\n{mail}".encode(), reader=reader)


@BOTH
def test_a_plain_footer_below_html_is_not_what_the_mail_says(reader):
    message = read(
        multi("mixed", part("html", f"<p>{CRITICAL}</p>"), part("plain", FOOTER)), reader
    )
    assert message.text == f"{CRITICAL}\n\n{FOOTER}"
    assert message.new_text.startswith(CRITICAL)


@BOTH
def test_an_html_footer_below_plain_words_is_read_in_its_place(reader):
    message = read(multi("mixed", part("plain", CRITICAL), part("html", "<p>Avast</p>")), reader)
    assert message.text == f"{CRITICAL}\n\nAvast"


@BOTH
def test_a_lists_footer_below_a_mail_in_html_is_a_signature(reader):
    footer = "_______________________________________________\nshop-list mailing list"
    message = read(
        multi("mixed", part("html", f"<p>{CRITICAL}</p>"), part("plain", footer)), reader
    )
    assert message.new_text == CRITICAL


@BOTH
def test_a_telephones_line_beside_pictures_in_html_is_not_the_mail(reader):
    mail = multi("mixed", part("html", CRITICAL), part("plain", "Sent from my iPhone"))
    assert read(mail, reader).new_text == CRITICAL


@BOTH
def test_of_two_versions_the_plain_one_is_read_once(reader):
    mail = multi("alternative", part("plain", "Two."), part("html", "<b>Two.</b>"))
    assert read(mail, reader).text == "Two."


@BOTH
def test_a_plain_version_without_words_leaves_it_to_the_html(reader):
    mail = multi("alternative", part("plain", " \n"), part("html", "<b>Two.</b>"))
    assert read(mail, reader).text == "Two."


def test_a_footer_within_the_rich_version_does_not_stand_for_it():
    rich = multi("mixed", part("html", CRITICAL), part("plain", FOOTER), boundary="in")
    assert read(multi("alternative", part("plain", ""), rich)).new_text.startswith(CRITICAL)
    assert read(multi("alternative", part("plain", "In short."), rich)).text == "In short."


def test_a_footer_behind_two_versions_is_read_behind_them():
    versions = multi(
        "alternative", part("plain", "Two."), part("html", "<b>Two.</b>"), boundary="in"
    )
    assert read(multi("mixed", versions, part("html", "<p>Foot</p>"))).text == "Two.\n\nFoot"


def test_versions_within_a_version_are_chosen_from_as_well():
    inner = [
        Text("a", html=False, way=((0, 1), (2, 0))),
        Text("<a>", html=True, way=((0, 1), (2, 1))),
    ]
    blank = Text("", html=False, way=((0, 0),))
    assert in_order([blank, *inner, Text("z", html=False)]) == (Piece("a", "<a>"), Piece("z"))


def test_the_quote_of_one_part_does_not_swallow_the_next():
    quote = '<p>Broken.</p><div class="gmail_quote">old words</div>'
    message = read(multi("mixed", part("html", quote), part("html", "<p>And late.</p>")))
    assert message.new_text == "Broken.\n\nAnd late."
