"""Gate: ingest is never in question; acknowledging, counting and noise are three decisions."""

from __future__ import annotations

from typing import Any

import pytest

from app.domain.assessment import Gate, Kind
from app.triage.rules import Rules
from app.triage.triage import assess
from tests.unit.triage.builders import SHOP, a_context, a_message

COMPLAINT = "My order 1042 arrived broken, the lid is cracked."


def gate(rules: Rules, headers: dict[str, str], text: str = COMPLAINT, **more: Any) -> Gate:
    context = more.pop("context", None) or a_context()
    message = a_message(text, headers=headers, **more)
    return assess(message, context, rules=rules).gate


@pytest.mark.parametrize(
    ("headers", "automatic", "may_acknowledge"),
    [
        ({}, False, True),
        ({"Auto-Submitted": "no"}, False, True),  # RFC 3834 section 5: sent by a person
        ({"Auto-Submitted": "auto-generated"}, True, False),
        ({"Auto-Submitted": "auto-replied"}, True, False),
        ({"Auto-Submitted": "auto-notified"}, True, False),
        ({"X-Auto-Response-Suppress": "All"}, False, False),
        ({"X-Auto-Response-Suppress": "DR, AutoReply"}, False, False),
        ({"Precedence": "bulk"}, True, False),
        ({"Precedence": "Bulk"}, True, False),
        ({"Precedence": "auto_reply"}, True, False),
        ({"List-Unsubscribe": "<https://x.example/u>"}, True, False),
        ({"List-Id": "<news.x.example>"}, True, False),
        ({"X-Autoreply": "yes"}, True, False),
        ({"X-Autorespond": "yes"}, True, False),
        ({"X-Loop": "yes"}, False, False),
        ({"Return-Path": "<>"}, True, False),
        ({"Content-Type": "multipart/report; report-type=delivery-status"}, True, False),
    ],
)
def test_the_headers_of_rfc_3834_and_its_kin_decide(
    rules: Rules, headers: dict[str, str], automatic: bool, may_acknowledge: bool
) -> None:
    found = gate(rules, headers)
    assert (found.automatic, found.may_acknowledge) == (automatic, may_acknowledge)
    assert found.counts_as_customer_reply is not automatic


def test_a_newsletter_is_noise_and_says_why(rules: Rules) -> None:
    found = gate(rules, {"List-Unsubscribe": "<x>"}, "Half price! Everything must go, urgent!")
    assert found.noise
    assert "List-Unsubscribe" in " ".join(found.because)


def test_a_known_customer_is_not_noise_for_a_list_header(rules: Rules) -> None:
    context = a_context(known_customer=True)
    assert not gate(rules, {"List-Unsubscribe": "<x>"}, context=context).noise


def test_an_out_of_office_answer_is_noise_even_from_a_customer(rules: Rules) -> None:
    context = a_context(known_customer=True)
    found = gate(rules, {"Auto-Submitted": "auto-replied"}, "Back on Monday.", context=context)
    assert found.noise


def test_automatic_mail_is_not_noise_for_being_automatic(rules: Rules) -> None:
    message = a_message(
        "A chargeback was filed for order 1042. Evidence is due by November 19, 2026.",
        sender="Stripe <notices@stripe.com>",
        headers={"Auto-Submitted": "auto-generated"},
    )
    found = assess(message, a_context(), rules=rules)
    assert found.kind is Kind.DISPUTE
    assert found.gate.automatic
    assert not found.gate.noise
    assert found.alert


def test_a_contact_form_relay_is_the_person_in_reply_to(rules: Rules) -> None:
    found = gate(
        rules,
        {"Auto-Submitted": "auto-generated"},
        sender=SHOP,
        reply_to=("ben@example.org",),
    )
    assert not found.automatic
    assert found.counts_as_customer_reply
    assert found.may_acknowledge


def test_our_own_mail_counts_as_nobodys_reply(rules: Rules) -> None:
    found = gate(rules, {}, sender=SHOP)
    assert not found.counts_as_customer_reply
    assert not found.may_acknowledge


def test_a_thank_you_is_noise_but_one_with_a_problem_in_it_is_not(rules: Rules) -> None:
    thanks = "Everything has arrived now. No need to reply, I only wanted to say thank you."
    assert gate(rules, {}, thanks).noise
    assert not gate(rules, {}, COMPLAINT + " Thank you for your help.").noise


def test_an_unsolicited_offer_is_noise(rules: Rules) -> None:
    offer = "We help online shops to win more customers. Do you have time for a quick call?"
    assert gate(rules, {}, offer).noise


def test_a_payout_notice_of_a_provider_is_noise(rules: Rules) -> None:
    found = gate(
        rules,
        {"Auto-Submitted": "auto-generated"},
        "Your payout of 300.00 EUR is on its way. You don't need to do anything.",
        sender="Stripe <notices@stripe.com>",
    )
    assert found.noise


def test_a_monitor_that_reports_an_outage_is_not_noise(rules: Rules) -> None:
    message = a_message(
        "Checkout error: HTTP 502 Bad Gateway",
        subject="DOWN: your site is down",
        sender="alerts@monitor.example",
        headers={"Auto-Submitted": "auto-generated", "Precedence": "bulk"},
    )
    found = assess(message, a_context(), rules=rules)
    assert found.kind is Kind.SITE_ACCOUNT
    assert found.alert


@pytest.mark.parametrize(
    "subject",
    [
        "Automatic reply: Your order 1042",
        "Out of Office AutoReply: your parcel",
        "Automatische Antwort: Ihre Bestellung",
        "Réponse automatique : Votre commande",
        "Respuesta automática: Su pedido",
        "Risposta automatica: Il suo ordine",
        "Automatisch antwoord: Uw bestelling",
        "Resposta automática: A sua encomenda",
        "Odpowiedź automatyczna: Zamówienie",
    ],
)
def test_an_automatic_answer_is_known_by_how_programs_begin_its_subject(
    rules: Rules, subject: str
) -> None:
    """Many carry no header; answering one is how two machines begin to talk."""
    found = gate(rules, {}, "Back on Monday.\nElena", subject=subject)
    assert (found.automatic, found.may_acknowledge) == (True, False)
    assert not found.counts_as_customer_reply
    assert found.noise
    assert subject.split(":")[0].strip() in " ".join(found.because)


@pytest.mark.parametrize(
    "subject",
    [
        "Re: Automatic reply: Your order 1042",
        "Automatic reply never came",
        "Your automatic reply: order 1042",
        "Out of office hours nobody answers",
    ],
)
def test_what_a_person_writes_about_automatic_answers_is_a_persons(
    rules: Rules, subject: str
) -> None:
    found = gate(rules, {}, COMPLAINT, subject=subject)
    assert not found.automatic
    assert found.counts_as_customer_reply


def test_a_notices_subject_says_nothing_of_the_answer_to_it(rules: Rules) -> None:
    """Who answers "your parcel was delivered" has that above their own words."""
    text = "It is, thanks. But the pram does not fit in our car: shall I bring it to you?"
    answer = gate(rules, {}, text, subject="Re: Your parcel has been delivered")
    assert not answer.noise
    notice = gate(rules, {}, "See where it is.", subject="Your parcel has been delivered")
    assert notice.noise
