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
