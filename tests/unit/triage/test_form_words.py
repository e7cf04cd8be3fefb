"""Form words: of a contact form's mail only what the person wrote has a language and days."""

from __future__ import annotations

import pytest

from app.triage.form_words import own_words_begin
from app.triage.triage import assess
from tests.support.shipped import RULES
from tests.unit.triage.builders import a_context, a_message

WRAPPER = (
    "You received a new message from your online store's contact form.\n\n"
    "Sent on November 17, 2026\n\nCountry Code:\nIT\n\nName:\nAnn\n\nEmail:\nann@example.com\n\n"
)
SAID = "Buongiorno, la lampada dell'ordine 1042 del 3 novembre non si accende. Grazie mille"


@pytest.mark.parametrize(
    "label", ["Body:\n", "Message: ", "**Nachricht:** ", "Il tuo messaggio:\n"]
)
def test_a_form_is_read_in_the_language_in_which_it_was_filled_in(label):
    message = a_message(
        f"{WRAPPER}{label}{SAID}",
        subject="New customer message on November 17, 2026 at 10:41",
        sender="Mugs (Shopify) <mailer@shopify.com>",
        reply_to=("ann@example.com",),
    )
    found = assess(message, a_context(), rules=RULES)
    assert found.language == "it"
    assert found.entities.dates == ("2026-11-03",)
    assert found.entities.order_numbers == ("1042",)


def test_who_writes_message_in_a_mail_of_ones_own_is_read_whole():
    """The same words from a person: nothing of them is a form's."""
    message = a_message(f"It came on 2026-11-16.\n\nMessage: see 2026-11-17. {SAID}")
    assert "2026-11-16" in assess(message, a_context(), rules=RULES).entities.dates


@pytest.mark.parametrize("text", ["", "Message:", "Message:  \n", "The message: none", "a" * 99])
def test_without_a_labelled_message_everything_is_read(text):
    assert own_words_begin(text) == 0
