"""Forwarded: a letter that is passed on with a word above it is judged as if it were written."""

from __future__ import annotations

import pytest

from app.domain.assessment import Kind
from app.domain.message import Message
from app.mail.reading import new_part
from app.triage.forwarded import with_what_is_passed_on
from app.triage.triage import assess
from tests.support.shipped import RULES
from tests.unit.triage.builders import SHOP, a_context, a_message

LETTER = "> The kettle from order 1042 arrived broken,\n> the handle is cracked.\n"


def passed_on(above: str, subject: str = "Fwd: kettle", below: str = LETTER) -> Message:
    text = f"{above}\n\n{below}"
    return a_message(text, new_text=new_part(text), subject=subject)


@pytest.mark.parametrize("subject", ["Fwd: kettle", "WG: Kessel", "TR: bouilloire", "RV: tetera"])
def test_what_is_passed_on_is_judged(subject):
    found = assess(passed_on("See below, R.", subject), a_context(), rules=RULES)
    assert found.kind is Kind.DAMAGED
    assert found.entities.order_numbers == ("1042",)


def test_who_says_what_it_is_about_is_heard_alone():
    said = "Please cancel my order, I ordered twice by mistake. " * 5
    assert assess(passed_on(said), a_context(), rules=RULES).kind is Kind.CHANGE_CANCEL


@pytest.mark.parametrize(
    ("subject", "below"),
    [
        ("Re: kettle", LETTER),
        ("Re: Fwd: kettle", LETTER),
        ("Fwd: kettle", f"> From: Mugs <{SHOP.upper()}>\n{LETTER}"),
        ("Fwd: kettle", ""),
    ],
)
def test_what_is_answered_or_ours_stays_quoted(subject, below):
    message = passed_on("Thanks!", subject, below)
    assert with_what_is_passed_on(message, own=(SHOP,)) is message


HEADERS = {
    "en": (
        "From: Ann Lee <ann@example.com>",
        "Date: Wed, 4 Nov 2026 at 14:52",
        "To: Jo <jo@x.example>",
    ),
    "de": (
        "Von: Ann Lee <ann@example.com>",
        "Gesendet: Mittwoch, 4. November 2026 14:52",
        "An: Jo",
    ),
    "fr": (
        "De : Ann Lee <ann@example.com>",
        "Date : mer. 4 nov. 2026 à 14:52",
        "À : Jo <jo@x.example>",
    ),
    "es": ("De: Ann Lee", "Enviado el: 4 de noviembre de 2026 14:52", "Para: Jo"),
    "it": ("Da: Ann Lee", "Data: mer 4 nov 2026 alle ore 14:52", "A: Jo"),
    "nl": ("Van: Ann Lee", "Verzonden: woensdag 4 november 2026 14:52", "Aan: Jo"),
    "pt": ("De: Ann Lee", "Enviada em: 4 de novembro de 2026 14:52", "Para: Jo"),
    "pl": ("Od: Ann Lee", "Wysłano: 4 listopada 2026 14:52", "Do: Jo"),
    "ru": ("От: Ann Lee", "Отправлено: 4 ноября 2026 14:52", "Кому: Jo"),
}


@pytest.mark.parametrize("language", HEADERS)
def test_the_day_on_which_a_letter_was_sent_is_none_that_it_names(language):
    """A colleague passed a letter on, and the mail program's Date line was a day of the letter."""
    sent_by, sent_at, sent_to = HEADERS[language]
    above = f"---------- Forwarded ----------\n{sent_by}\n{sent_at}\nSubject: kettle\n{sent_to}\n\n"
    letter = "Order 1042 came on 2026-11-02, cracked.\n"
    message = passed_on("See below, R.", below=f"{above}{letter}")
    found = assess(message, a_context(), rules=RULES)
    assert found.entities.dates == ("2026-11-02",)
    assert found.entities.order_numbers == ("1042",)
    assert "Subject: kettle" in with_what_is_passed_on(message, own=()).new_text


def test_what_only_looks_like_a_header_is_said():
    """A gift's card, and one line alone."""
    for said in ("From: Grandma\nTo: Ben", "Date: 2026-12-01"):
        message = passed_on("See below, R.", below=f"Please print:\n{said}\nThat is all.\n")
        assert said in with_what_is_passed_on(message, own=()).new_text


@pytest.mark.parametrize("line", ["Importance: High", "Wichtigkeit: Hoch", "Anlagen: kessel.jpg"])
def test_no_line_that_a_mail_program_wrote_is_said(line):
    """Outlook's "Importance: High" over a letter passed on is nobody's word on how bad it is."""
    above = f"From: Ann Lee\nSent: Wednesday, November 4, 2026 2:52 PM\nTo: Jo\n{line}\n\n"
    message = passed_on("See below, R.", below=f"{above}Order 1042 came cracked.\n")
    text = with_what_is_passed_on(message, own=()).new_text
    assert line not in text
    assert "Order 1042 came cracked." in text
