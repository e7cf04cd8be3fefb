"""Who wrote the letter that a mail passes on is read off the lines that mail programs put above."""

from __future__ import annotations

import pytest

from app.mail.passed_on import writer

BEN = "Ben Costa <ben@customer.example>"
PROGRAMS = {
    "gmail": "Can you deal?\n\n---------- Forwarded message ---------\n"
    f"Von: {BEN}\nDate: Fr., 20. Nov. 2026 um 11:58 Uhr\nSubject: Mugs\nTo: <a@shop.example>\n\nx",
    "apple": "FYI\n\nBegin forwarded message:\n\n"
    f"> From: {BEN}\n> Subject: Mugs\n> Date: 20 November 2026\n> To: Jo <a@shop.example>\n> \n> x",
    "outlook": "From: Ben Costa [mailto:ben@customer.example]\nSent: Friday\nTo: Jo\nSubject: x\n",
    "outlook on the web": f"*Von:* {BEN}\n*Gesendet:* Freitag\n*An:* Jo\n*Betreff:* x\n\nx",
    "french": f"De : {BEN}\nEnvoyé : lundi\nÀ : Jo\nObjet : x\n\nx",
    "wrapped": "From: Ben Costa\n  <ben@customer.example>\nSent: Friday\nTo: Jo\nSubject: x\n\nx",
}


@pytest.mark.parametrize("text", PROGRAMS.values(), ids=PROGRAMS)
def test_the_writer_of_a_letter_is_read_off_its_header_lines(text: str) -> None:
    assert str(writer(text)) == BEN


def test_a_comma_in_a_name_makes_no_two_of_them() -> None:
    text = "From: Costa, Ben <ben@customer.example>\nSent: x\nTo: y\nSubject: z\n\nx"
    assert str(writer(text)) == "Costa, Ben <ben@customer.example>"


@pytest.mark.parametrize(
    "text",
    [
        "From: Grandma, to: Ben\nHappy birthday",
        "From: Ben Costa\nSent: Friday\nTo: Jo\nSubject: x\n\nask ben@customer.example",
        "Two mugs are broken. ben@customer.example",
        "",
    ],
)
def test_where_no_program_named_an_address_nobody_is_named(text: str) -> None:
    assert writer(text) is None


def test_the_letter_that_lies_nearest_counts() -> None:
    """What somebody answered within it was written by others."""
    inner = PROGRAMS["outlook"].replace("ben@customer.example", "mia@work.example")
    found = writer(f"{PROGRAMS['gmail']}\n\n{inner}")
    assert found is not None
    assert found.email == "ben@customer.example"
