"""Triage: one message from bare text to assessment, the same each time, whatever the text."""

from __future__ import annotations

from collections.abc import Sequence

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.domain.assessment import Kind, MessageContext, Severity
from app.domain.message import Message
from app.triage.looking import Looked
from app.triage.opinion import Opinion, Thresholds
from app.triage.triage import assess
from tests.support.shipped import RULES
from tests.unit.triage.builders import a_context, a_message

LIMITS = Thresholds(
    sure=0.5,
    idle=0.8,
    idle_too=0.2,
    second=0.2,
    levels=dict.fromkeys((Severity.NORMAL, Severity.HIGH, Severity.CRITICAL), 0.5),
    alert=0.5,
)


@pytest.mark.parametrize(
    ("kind", "text"),
    [
        (Kind.DAMAGED, "The blue jug from order 1042 arrived broken, the handle is cracked."),
        (Kind.WRONG_ITEM, "You sent me the wrong item, I ordered a jug and got a bowl instead."),
        (Kind.WRONG_SIZE, "The boots are too small, I need one size bigger."),
        (Kind.NOT_RECEIVED, "Tracking says delivered, but the parcel never arrived."),
        (Kind.LATE, "Where is my order? The tracking has not moved since Monday."),
        (Kind.RETURN_REQUEST, "I would like to return the coat, please send a return label."),
        (Kind.REFUND_BILLING, "I was charged twice for one order, where is my refund?"),
        (Kind.DISPUTE, "I never placed this order, it is an unauthorised charge on my card."),
        (Kind.CHANGE_CANCEL, "Please cancel my order, I ordered twice by mistake."),
        (Kind.SITE_ACCOUNT, "I cannot log in to my account, the password reset mail never comes."),
        (Kind.PRODUCT_QUESTION, "Is the lamp suitable for bathrooms, and does it come in green?"),
        (Kind.LEGAL_EXECUTIVE, "We act for our client. This is a letter before action."),
        (
            Kind.OTHER,
            "Do you offer wholesale prices? We would like to stock your mugs in our shop.",
        ),
        (Kind.NOT_RECEIVED, "Mein Paket ist nie angekommen, laut Sendungsverfolgung zugestellt."),
        (Kind.REFUND_BILLING, "Où en est mon remboursement ? Je n'ai pas été remboursée."),
        (Kind.CHANGE_CANCEL, "Quiero cancelar el pedido, me equivoqué de dirección."),
    ],
)
def test_a_plain_mail_gets_its_kind_surely(kind: Kind, text: str) -> None:
    found = assess(a_message(text), a_context(), rules=RULES)
    assert found.kind is kind
    assert not found.unsure


def test_a_mail_that_says_nothing_is_unsure_and_not_guessed_away() -> None:
    found = assess(a_message("Hm."), a_context(), rules=RULES)
    assert found.unsure
    assert found.kind is Kind.OTHER
    assert not found.gate.noise


def test_quoted_text_does_not_speak() -> None:
    text = "Thanks!\n> my order arrived broken and cracked"
    found = assess(a_message(text, new_text="Thanks!"), a_context(), rules=RULES)
    assert found.kind is not Kind.DAMAGED


def test_the_subject_speaks_more_than_the_body() -> None:
    message = a_message("I have a complaint about the refund.", subject="Parcel arrived broken")
    assert assess(message, a_context(), rules=RULES).kind is Kind.DAMAGED


def test_the_alternatives_are_in_order_and_name_the_chosen_kind_first() -> None:
    text = "I would like to return the boots, they are too small and the heel is cracked."
    found = assess(a_message(text), a_context(), rules=RULES)
    confidences = [guess.confidence for guess in found.alternatives]
    assert found.alternatives[0].kind is found.kind
    assert confidences == sorted(confidences, reverse=True)
    assert sum(confidences) <= 1.01


@given(st.text(max_size=400), st.text(max_size=60))
def test_any_text_is_assessed_the_same_twice(text: str, subject: str) -> None:
    message = a_message(text, subject=subject)
    first = assess(message, a_context(), rules=RULES)
    assert first == assess(message, a_context(), rules=RULES)
    assert 0 <= first.confidence <= 1


@pytest.mark.timeout(300)
@pytest.mark.parametrize(
    "text",
    [
        "a" * 100_000,
        "#" * 100_000,
        "not " * 25_000,
        "order # " * 12_500,
        "1 " * 50_000,
        "1,000," * 20_000,
        "<a href=" * 12_500,
        "arrived broken not received refund where is my " * 2_500,
        "\n" * 100_000,
        "12.12." * 20_000,
        "-" * 50_000 + "A-" * 25_000,
    ],
)
def test_no_text_makes_the_judgement_slow(text: str) -> None:
    """A hundred thousand hostile characters: the work is bounded by what is read."""
    assess(a_message(text, html=text, subject=text), a_context(), rules=RULES)


class AlwaysLate:
    """A classifier that has learned one thing."""

    def read_ahead(self, messages: Sequence[Message]) -> None:
        """There is nothing to be read."""

    def opinion(self, message: Message, looked: Looked, context: MessageContext) -> Opinion | None:
        return Opinion(
            kinds={kind: 0.87 if kind is Kind.LATE else 0.01 for kind in Kind},
            levels={Severity.NORMAL: 0.9, Severity.HIGH: 0.8, Severity.CRITICAL: 0.1},
            alert=0.2,
            thresholds=LIMITS,
        )


def test_a_learned_model_takes_its_seat() -> None:
    message = a_message("The jug arrived broken.")
    found = assess(message, a_context(), rules=RULES, classifier=AlwaysLate())
    assert found.kind is Kind.LATE
    assert found.severity is Severity.HIGH
    assert found.severity_by_facts is Severity.NORMAL


@pytest.mark.parametrize("text", ["", " \n", "...", "?!", "😢", "12345"])
def test_what_has_no_words_is_for_a_person_to_look_at(text: str) -> None:
    """Somebody sent a photo of it, and nothing else: nothing was learnt from mails like that."""
    message = a_message(text, subject="Re: ")
    found = assess(message, a_context(), rules=RULES, classifier=AlwaysLate())
    assert (found.kind, found.unsure, found.severity) == (Kind.OTHER, True, Severity.NORMAL)
    assert not found.gate.noise


class AlwaysIdleButUrgent:
    """A classifier to which everything reads like a notice, and like one that must ring."""

    def read_ahead(self, messages: Sequence[Message]) -> None:
        """There is nothing to be read."""

    def opinion(self, message: Message, looked: Looked, context: MessageContext) -> Opinion | None:
        return Opinion(
            kinds={kind: 0.87 if kind is Kind.NOT_AN_ISSUE else 0.01 for kind in Kind},
            levels={Severity.NORMAL: 0.9, Severity.HIGH: 0.9, Severity.CRITICAL: 0.9},
            alert=0.9,
            thresholds=LIMITS,
        )


@pytest.mark.parametrize(
    ("headers", "rings"),
    [
        ({"Auto-Submitted": "auto-generated"}, True),
        ({"Auto-Submitted": "auto-generated", "List-Unsubscribe": "<https://l.example>"}, False),
    ],
)
def test_a_machine_that_tells_of_an_alarm_is_not_put_aside(headers, rings) -> None:
    """By its headers it is a notice that nobody waits for; a newsletter stays one all the same."""
    message = a_message("Cold room 2: 11.8 degrees, limit 8.", headers=headers)
    by_rules = assess(message, a_context(), rules=RULES)
    found = assess(message, a_context(), rules=RULES, classifier=AlwaysIdleButUrgent())
    assert by_rules.gate.noise
    assert (found.alert, found.gate.noise) == (rings, not rings)
