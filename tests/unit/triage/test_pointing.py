"""The sentence that is quoted is the one that speaks, and a provider's claim is named."""

from __future__ import annotations

from pathlib import Path

import pytest

from app.triage.classifier import LearnedClassifier
from app.triage.triage import assess
from tests.support.shipped import RULES
from tests.unit.triage.builders import a_context, a_message

ROOT = Path(__file__).parents[3]


@pytest.fixture(scope="module")
def classifier() -> LearnedClassifier:
    return LearnedClassifier(ROOT / "resources" / "model" / "judgement.npz", rules=RULES)


@pytest.mark.parametrize(
    "sentence",
    [
        "Since the update nobody of our 40 staff can log into the portal and we cannot order.",
        "Somebody else's name, address and bank details are shown to me when I log in.",
    ],
)
def test_a_mail_that_reads_worse_than_its_facts_quotes_the_sentence_that_does(classifier, sentence):
    """Found by leaving each sentence out in turn; whole or shortened, it stands in the mail."""
    text = (
        "Hello, I hope you are well. I love your shop and the little cards in every parcel."
        f" {sentence} The weather here is lovely by the way. Kind regards, Ann"
    )
    found = assess(a_message(text), a_context(), rules=RULES, classifier=classifier)
    assert found.severity_by_facts is not None
    assert found.severity.rank > found.severity_by_facts.rank
    assert len(found.severity_quote) > 20
    assert sentence.startswith(found.severity_quote.rstrip("…"))


def test_without_a_difference_nothing_is_quoted(classifier):
    """Facts and whole agree: the facts have their own words."""
    text = "The candle exploded and my daughter was burned. She is in hospital."
    found = assess(a_message(text), a_context(), rules=RULES, classifier=classifier)
    assert found.severity is found.severity_by_facts
    assert found.severity_quote == ""


def test_a_provider_that_nobody_confirmed_is_named():
    """By its address alone; the line of our own host takes the doubt away."""
    text = "A customer has opened a dispute about a payment of 40.00 EUR."
    claims = a_message(text, sender="disputes@stripe.com")
    assert assess(claims, a_context(), rules=RULES).unconfirmed == "Stripe"
    proven = a_message(
        text,
        sender="disputes@stripe.com",
        headers={"authentication-results": "mx.shop.example; dmarc=pass"},
    )
    context = a_context(trusted_hosts=("mx.shop.example",))
    assert assess(proven, context, rules=RULES).unconfirmed == ""
    assert assess(a_message(text), a_context(), rules=RULES).unconfirmed == ""


@pytest.mark.parametrize(
    "signature",
    [
        "Cordialement\nLuc Morel\nTél. : +33 1 99 00 55 44",
        "tel. 42 555 01 99",
        "12 Mill Lane, Leeds LS1 4AB, West Yorkshire\nTel 0113 496 0999",
        "E-Mail: ann@customer.example Telefon: 0211 5550144",
    ],
)
def test_who_wrote_and_their_number_is_never_the_reason(classifier, signature):
    """A telephone number counted as words, and read as why a mail is a matter of today."""
    text = "Hi, could you change the address of my order before it goes out, I have moved to Leeds."
    message = a_message(f"{text}\n{signature}", subject="Order 4411")
    found = assess(message, a_context(), rules=RULES, classifier=classifier)
    assert found.severity_quote.rstrip("…") in f"Order 4411 {text}"
