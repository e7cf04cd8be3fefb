"""Authenticity: a notice from anywhere but the provider only claims to be, and never rings."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from app.domain.assessment import Assessment, Kind
from app.triage.rules import Rules
from app.triage.triage import assess
from tests.unit.triage.builders import a_context, a_message

DISPUTE = "A customer has opened a dispute over $849.00. Respond within 24 hours."
PASS = "mx.mugs.example; spf=pass; dkim=pass; dmarc=pass"
FAIL = "mx.mugs.example; spf=fail; dkim=none; dmarc=fail header.from=paypal.com"


def judged(rules: Rules, sender: str, text: str = DISPUTE, **more: Any) -> Assessment:
    return assess(a_message(text, sender=sender, **more), a_context(), rules=rules)


@pytest.mark.parametrize(
    "sender",
    [
        "PayPal <service@mailer.example>",
        "Shopify Payments <risk@shopify-review.example>",
        "Stripe <help@paypa1-cases.example>",
        "Disputes <notice@stripe-centre.example>",
        "Seller Team <team@amazn-appeals.example>",
        "Seller Team <team@arnazon-help.example>",
        "Visa <x@visa-desk.example>",
    ],
)
def test_a_dispute_notice_from_a_strange_domain_only_claims_to_be(
    rules: Rules, sender: str
) -> None:
    found = judged(rules, sender)
    assert found.suspicion.is_suspicious
    assert found.kind is Kind.NOT_AN_ISSUE
    assert not found.alert
    assert "claims to be" in found.suspicion.because[0]


def test_the_providers_own_notice_is_believed(rules: Rules) -> None:
    found = judged(
        rules, "PayPal <service@intl.paypal.com>", headers={"Authentication-Results": PASS}
    )
    assert not found.suspicion.is_suspicious
    assert found.kind is Kind.DISPUTE
    assert found.alert


def test_a_notice_without_any_authentication_header_stays_urgent(rules: Rules) -> None:
    """A mail server that checks nothing must not silence a true dispute."""
    assert judged(rules, "PayPal <service@paypal.com>").alert


def test_a_provider_address_that_failed_the_check_is_forged(rules: Rules) -> None:
    found = judged(rules, "PayPal <service@paypal.com>", headers={"Authentication-Results": FAIL})
    assert found.suspicion.is_suspicious
    assert not found.alert


def test_only_the_top_authentication_result_is_read(rules: Rules) -> None:
    message = a_message(DISPUTE, sender="PayPal <service@paypal.com>")
    forged_below = replace(message, headers={"authentication-results": (FAIL, PASS)})
    found = assess(forged_below, a_context(), rules=rules)
    assert found.suspicion.is_suspicious


@pytest.mark.parametrize(
    "sender",
    ["Ann Stripes <ann@example.com>", "Amazonia Shop <ann@example.com>", "Ebony <e@ebony.example>"],
)
def test_a_person_with_a_similar_name_is_not_suspected(rules: Rules, sender: str) -> None:
    assert not judged(rules, sender, "My mug arrived broken.").suspicion.is_suspicious


def test_a_customer_who_speaks_of_paypal_is_not_suspected(rules: Rules) -> None:
    found = judged(rules, "Ann <ann@example.com>", "I will open a case with PayPal tomorrow.")
    assert not found.suspicion.is_suspicious
    assert found.kind is Kind.DISPUTE


def test_a_link_that_shows_one_host_and_leads_to_another_speaks_against_a_mail(
    rules: Rules,
) -> None:
    found = judged(
        rules,
        "Payments <team@pay.example>",
        "Please confirm your bank account.",
        html='<a href="https://evil.example/x">https://www.paypal.com/signin</a>',
    )
    assert found.suspicion.is_suspicious
    assert any("leads to evil.example" in reason for reason in found.suspicion.because)


def test_a_mail_that_asks_for_password_and_code_is_suspicious(rules: Rules) -> None:
    found = judged(
        rules,
        "Support <help@safety-desk.example>",
        "Confirm your bank login with password and SMS code. Your account will be suspended."
        " Fill in the attached form.",
    )
    assert found.suspicion.is_suspicious


def test_a_threat_is_called_a_threat_and_no_request(rules: Rules) -> None:
    found = judged(
        rules,
        "Shopify <team@merchant-desk.example>",
        "Verify your identity to avoid permanent suspension. Fill in the attached form."
        " Pay the refundable fee by wire.",
    )
    said = " | ".join(found.suspicion.because)
    assert "it asks for what no provider asks for by mail: “Verify your identity”" in said
    assert "it threatens: “avoid permanent suspension”" in said
    assert "it wants a file opened or a form filled in: “attached form”" in said
    assert "it wants money as no provider asks for it: “refundable fee”" in said


def test_a_link_that_looks_like_the_providers_is_told_once(rules: Rules) -> None:
    text = f"{DISPUTE} Answer at https://shopify-cases.example/a now."
    found = judged(rules, "Shopify <team@merchant-desk.example>", text)
    told = [one for one in found.suspicion.because if "shopify-cases.example" in one]
    assert told == ["its link looks like Shopify's, but leads to shopify-cases.example"]


TOLL = "Your parcel is held at customs. Pay 2.10 EUR at https://short.example/x to have it sent."
NO_DHL = "mx.mugs.example; spf=fail; dkim=none; dmarc=fail header.from=dhl-toll.example"


def test_a_strangers_claim_whose_own_domain_disowns_it_is_suspicious(rules: Rules) -> None:
    """Also of a carrier, whose name alone says little."""
    sender = "DHL <toll@dhl-toll.example>"
    found = judged(rules, sender, TOLL, headers={"Authentication-Results": NO_DHL})
    assert found.suspicion.is_suspicious
    assert any("does not come from dhl-toll.example" in one for one in found.suspicion.because)
    assert not judged(rules, sender, TOLL).suspicion.is_suspicious


def test_a_customer_whose_mail_was_passed_on_is_not_suspected_for_a_failed_check(
    rules: Rules,
) -> None:
    """They claim to be nobody; a mailing list breaks the check of a true mail."""
    failed = {"Authentication-Results": NO_DHL.replace("dhl-toll", "example")}
    text = "My DHL parcel is held at customs, what can I do?"
    assert not judged(rules, "Ann <a@example.com>", text, headers=failed).suspicion.is_suspicious


@pytest.mark.parametrize(
    "text",
    [
        "Dear customer, your account has been limited. Confirm your bank details within a day.",
        "Ihr Konto wurde eingeschränkt. Ihre Bankdaten müssen Sie heute bestätigen.",
        "Votre compte est limité. Confirmez vos informations bancaires pour éviter sa clôture.",
        "Vos données bancaires doivent être confirmées avant ce soir.",
        "Su tienda ha sido limitada. Actualice la información de su cuenta.",
        "Il suo negozio è stato sospeso. Confermi i suoi dati bancari.",
        "Uw rekening is beperkt. Bevestig vandaag nog uw bankgegevens.",
        "A sua conta foi limitada. Confirme os seus dados bancários hoje.",
        "Twój sklep został ograniczony. Zweryfikuj dane bankowe.",
    ],
)
def test_a_strange_paypal_that_asks_for_bank_data_is_suspicious_in_every_language(
    rules: Rules, text: str
) -> None:
    """Without a link, and whatever the order of the words."""
    found = judged(rules, "PayPal <service@account-desk.example>", text)
    assert found.suspicion.is_suspicious
    assert not found.alert


@pytest.mark.parametrize(
    "text",
    [
        "Mon compte est bloqué depuis hier. Pouvez-vous me confirmer ces informations ?",
        "Il mio account è bloccato. Mi conferma i dati della spedizione?",
        "Mijn account is geblokkeerd. Kunt u mijn gegevens nakijken?",
        "A minha conta está bloqueada. Confirme por favor os dados da encomenda.",
        "Moje konto jest zablokowane. Proszę potwierdzić adres dostawy.",
    ],
)
def test_a_customer_whose_account_is_blocked_is_not_suspected(rules: Rules, text: str) -> None:
    assert not judged(rules, "Ann <ann@example.com>", text).suspicion.is_suspicious
