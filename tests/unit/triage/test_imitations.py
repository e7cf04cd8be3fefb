# ruff: noqa: E501 - the mails stand as they are written
"""Imitations: swindlers' mail in eight languages is flagged with reasons; true notices are not."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from app.domain.assessment import Assessment, Kind
from app.domain.message import Attachment
from app.triage.authenticity import is_proven_notice
from app.triage.lookalikes import imitates, is_disguised, shown
from app.triage.received import Verdict, receiving_hosts, verdict
from app.triage.rules import Rules
from app.triage.triage import assess
from tests.unit.triage.builders import a_context, a_message, an_order

GOOGLE = ("mx.google.com",)


def judged(rules: Rules, sender: str, subject: str, text: str, **more: Any) -> Assessment:
    return assess(a_message(text, subject=subject, sender=sender, **more), a_context(), rules=rules)


IMITATIONS = [
    (
        "Shopify <billing@shopify-billing-team.example>",
        "Your store will be closed",
        (
            "We could not charge your plan. Your store will be suspended within 24 hours unless you"
            " confirm your payment details: https://shopify-billing-team.example/pay"
        ),
    ),
    (
        "Stripe Support <payouts@strlpe-notice.example>",
        "Payouts on hold",
        (
            "Your payouts are on hold. Verify your bank account and have your two-step code ready at"
            " https://strlpe-notice.example/verify"
        ),
    ),
    (
        "Amazon Seller Central <performance@amazon-sellers.example>",
        "A-to-z claim: your account is at risk of deactivation",
        "Pay the refundable deposit through the secure link and confirm your login.",
    ),
    (
        "DHL Express <customs@dhl-zollstelle.example>",
        "Zollgebühr offen",
        (
            "Ihr Paket liegt beim Zoll. Überweisen Sie die Bearbeitungsgebühr von 2,99 € unter"
            " https://dhl-zollstelle.example/zahlen, sonst geht es zurück."
        ),
    ),
    (
        "Sparkasse <sicherheit@sparkasse-pushtan.example>",
        "Ihr Konto wird gesperrt",
        (
            "Bitte bestätigen Sie Ihre Zugangsdaten und geben Sie Passwort und SMS-Code ein:"
            " https://sparkasse-pushtan.example. Sonst wird Ihr Konto gesperrt."
        ),
    ),
    (
        "PayPal <service@paypal-konto.example>",
        "Käuferschutzfall über 189,00 EUR",
        (
            "Ein Käufer hat eine Beschwerde eröffnet. Ihr Guthaben wird eingefroren. Bestätigen"
            " Sie Ihre Identität mit Passwort und SMS-Code: https://paypal-konto.example/fall"
        ),
    ),
    (
        "Colissimo <livraison@colissimo-suivi.example>",
        "Votre colis est bloqué",
        (
            "Votre colis est retenu. Réglez les frais de 1,95 € et confirmez vos coordonnées bancaires"
            " sur https://colissimo-suivi.example avant ce soir."
        ),
    ),
    (
        "Klarna <litige@klarna-marchands.example>",
        "Litige ouvert contre votre boutique",
        (
            "Un client a ouvert un litige. Vos fonds sont bloqués. Saisissez votre mot de passe et le"
            " code SMS sur https://klarna-marchands.example"
        ),
    ),
    (
        "Correos <avisos@correos-paquete.example>",
        "Su paquete no se ha podido entregar",
        (
            "Pague la tasa de 2,64 € y confirme sus datos en https://correos-paquete.example; su cuenta"
            " quedará bloqueada."
        ),
    ),
    (
        "PayPal Disputas <resolucion@paypai-casos.example>",
        "Reclamación de un comprador por 240 EUR",
        (
            "Sus fondos están retenidos. Verifique su identidad y el código de autenticación en"
            " https://paypai-casos.example"
        ),
    ),
    (
        "Poste Italiane <avviso@posteitaliane-conto.example>",
        "Conto sospeso",
        (
            "Il suo conto è stato sospeso. Inserisca password e codice OTP su"
            " https://posteitaliane-conto.example per sbloccarlo."
        ),
    ),
    (
        "Amazon Venditori <account@arnazon-venditori.example>",
        "Il tuo account verrà sospeso",
        "Versi la cauzione rimborsabile entro oggi: https://arnazon-venditori.example",
    ),
    (
        "PostNL <bezorging@postnl-pakket.example>",
        "Uw pakket wacht",
        (
            "Betaal de borg van € 1,99 en bevestig uw rekening op https://postnl-pakket.example, anders"
            " wordt uw account geblokkeerd."
        ),
    ),
    (
        "Rabobank <veilig@rabobank-scanner.example>",
        "Uw rekening wordt geblokkeerd",
        "Vul uw wachtwoord en de sms-code in op https://rabobank-scanner.example.",
    ),
    (
        "CTT Expresso <aviso@ctt-entregas.example>",
        "A sua encomenda está retida",
        (
            "Confirme a sua conta e introduza o código SMS em https://ctt-entregas.example. A sua conta"
            " será suspensa."
        ),
    ),
    (
        "InPost <paczka@inpost-doplata.example>",
        "Dopłata do paczki",
        (
            "Potwierdź dane karty i podaj hasło oraz kod SMS: https://inpost-doplata.example. Inaczej"
            " konto zostanie zablokowane."
        ),
    ),
    (
        "Shopify Płatności <wyplaty@shopify-wyplaty.example>",
        "Wypłaty wstrzymane: spór klienta",
        (
            "Otwarto spór na 412 zł. Potwierdź tożsamość: https://shopify-wyplaty.example. Konto"
            " zostanie zablokowane."
        ),
    ),
]


@pytest.mark.parametrize(("sender", "subject", "text"), IMITATIONS)
def test_an_imitation_is_flagged_with_reasons_and_never_rings(
    rules: Rules, sender: str, subject: str, text: str
) -> None:
    found = judged(rules, sender, subject, text)
    assert found.suspicion.is_suspicious
    assert len(found.suspicion.because) >= 2
    assert found.kind is Kind.NOT_AN_ISSUE
    assert not found.alert


@pytest.mark.parametrize(
    ("sender", "subject", "text", "checked"),
    [
        (
            "Stripe <notifications@stripe.com>",
            "A customer disputed a payment",
            (
                "A payment of $240.00 was disputed. Respond by 30 November in your dashboard:"
                " https://dashboard.stripe.com/disputes"
            ),
            "mx.mugs.example; dkim=pass header.d=stripe.com; dmarc=pass",
        ),
        (
            "PayPal <service@paypal.de>",
            "Käuferschutzfall PP-D-991",
            (
                "Ein Käufer hat einen Fall eröffnet. Antworten Sie bis zum 30.11. in der"
                " Konfliktlösung: https://www.paypal.com/disputes"
            ),
            "mx.mugs.example; dkim=pass header.d=paypal.de; spf=pass smtp.mailfrom=paypal.de",
        ),
        (
            "Shopify <mailer@shopify.com>",
            "A chargeback was filed for order #1042",
            "The customer's bank filed a chargeback of €64.00. Evidence is due on 28 November.",
            "mx.mugs.example; dmarc=pass header.from=shopify.com",
        ),
        (
            "Klarna <merchant@klarna.com>",
            "Tvist / Dispute opened",
            "A customer opened a dispute about order 1042. Please answer until 29 November.",
            "",
        ),
    ],
)
def test_a_true_notice_is_believed(
    rules: Rules, sender: str, subject: str, text: str, checked: str
) -> None:
    headers = {"Authentication-Results": checked} if checked else {}
    found = judged(rules, sender, subject, text, headers=headers)
    assert not found.suspicion.is_suspicious
    assert found.kind is Kind.DISPUTE


@pytest.mark.parametrize(
    ("sender", "text"),
    [
        (
            "Chase Miller <chase@example.com>",
            "My order arrived broken, see https://photos.example/x",
        ),
        ("Ben DHL-Fan <ben@example.com>", "DHL says the parcel was delivered, but it is not here."),
        ("Marie Poste <marie@example.fr>", "La Poste a perdu mon colis, que faire ?"),
        ("Lager Nord <lager@spedition.example>", "Die Palette von DHL kommt morgen um zehn."),
        ("Ina Sparkasse-Kundin <ina@example.de>", "Meine Sparkasse sagt, das Geld sei nicht da."),
        ("Ola <ola@example.pl>", "Paczka InPost nie dotarła, zapomniałam hasła do konta."),
    ],
)
def test_a_customer_who_names_a_provider_is_not_suspected(
    rules: Rules, sender: str, text: str
) -> None:
    assert not judged(rules, sender, "Order 1042", text).suspicion.is_suspicious


def test_case_069_a_providers_name_before_a_strange_address_only_claims(rules: Rules) -> None:
    found = judged(rules, "Shopify Payments <x@evil.example>", "Dispute", "A dispute was opened.")
    assert found.suspicion.because[0] == ("it claims to be Shopify, but was sent from evil.example")


def test_case_070_a_forged_result_above_or_below_the_hosts_own_counts_for_nothing() -> None:
    forged = "mx.google.com.evil.example; dmarc=pass header.from=paypal.com"
    own = "mx.google.com; dmarc=fail header.from=paypal.com"
    message = a_message("x", sender="PayPal <service@paypal.com>")
    for lines in ((own, forged), (forged, own)):
        mail = replace(message, headers={"authentication-results": lines})
        assert verdict(mail, GOOGLE) is Verdict.FAIL
    alone = replace(message, headers={"authentication-results": (forged,)})
    assert verdict(alone, GOOGLE) is Verdict.UNTRUSTED


def test_a_notice_is_proven_only_by_the_owners_own_host(rules: Rules) -> None:
    passed = "mx.google.com; dkim=pass header.d=paypal.com"
    headers = {"Authentication-Results": passed}
    message = a_message("x", sender="PayPal <service@paypal.com>", headers=headers)
    assert is_proven_notice(message, rules, trusted=GOOGLE)
    assert not is_proven_notice(message, rules, trusted=("mx.hoster.example",))
    assert not is_proven_notice(message, rules, trusted=())
    other = a_message("x", sender="PayPal <service@paypai.com>", headers=headers)
    assert not is_proven_notice(other, rules, trusted=GOOGLE)


def test_a_signature_of_somebody_else_proves_nothing() -> None:
    headers = {"Authentication-Results": "mx.google.com; dkim=pass header.d=mailer.example"}
    message = a_message("x", sender="PayPal <service@paypal.com>", headers=headers)
    assert verdict(message, GOOGLE) is Verdict.NONE


@pytest.mark.parametrize(
    ("host", "address", "name"),
    [
        ("imap.gmail.com", "shop@gmail.com", "mx.google.com"),
        ("imap.gmx.net", "shop@gmx.de", "gmx.net"),
        ("imap.fastmail.com", "me@mugs.example", "messagingengine.com"),
        ("mail.hoster.co.uk", "me@mugs.example", "hoster.co.uk"),
        ("", "me@mugs.example", "mugs.example"),
    ],
)
def test_the_host_that_receives_for_an_account_is_known(host: str, address: str, name: str) -> None:
    assert name in receiving_hosts(host, address)


def test_case_071_a_reply_to_elsewhere_is_one_of_the_reasons(rules: Rules) -> None:
    found = judged(
        rules,
        "Stripe <notice@stripe-desk.example>",
        "Dispute",
        "A dispute over 90 USD was opened.",
        reply_to=["box@collect.example"],
    )
    assert "an answer would go to collect.example" in found.suspicion.because


def test_case_072_an_address_in_the_name_does_not_make_it_the_sender(rules: Rules) -> None:
    found = judged(
        rules, "service@paypal.com <x@bob-evil.example>", "Dispute", "A dispute was opened."
    )
    assert found.suspicion.is_suspicious


def test_case_073_a_chargeback_with_a_clock_from_nowhere_is_never_red(rules: Rules) -> None:
    found = judged(
        rules,
        "Chargeback Team <team@stripe-review.example>",
        "Chargeback: respond in 24 h",
        "Respond within 24 hours or 849.00 USD will be taken.",
    )
    assert found.suspicion.is_suspicious
    assert not found.alert


def test_case_074_a_true_chargeback_that_nobody_checked_stays_urgent(rules: Rules) -> None:
    found = judged(
        rules,
        "Stripe <disputes@stripe.com>",
        "Chargeback: respond in 24 h",
        "Respond within 24 hours or 849.00 USD will be taken.",
    )
    assert not found.suspicion.is_suspicious
    assert found.alert


@pytest.mark.parametrize(
    ("claim", "domain"),
    [
        ("amazon", "arnazon.example"),
        ("shopify", "shopify-support.co"),
        ("paypal", "paypa1.com"),
        ("paypal", "xn--pypal-4ve.com"),
        ("stripe", "str1pe.com"),
        ("stripe", "stripe.com.verify.example"),
        ("klarna", "кlarna.com"),
        ("royal mail", "royalmail-fees.example"),
    ],
)
def test_case_075_a_domain_that_eyes_take_for_a_providers_is_known(claim: str, domain: str) -> None:
    assert imitates(claim, domain)


@pytest.mark.parametrize(
    "domain", ["amazonia.example", "stripes.example", "example.com", "ebony.example"]
)
def test_a_word_that_only_begins_alike_is_none(domain: str) -> None:
    assert not imitates("ebay", domain)
    assert not imitates("paypal", domain)


def test_case_063_punycode_is_shown_as_it_is_written_and_named_as_a_disguise(rules: Rules) -> None:
    assert shown("xn--pypal-4ve.com") == "pаypal.com"
    assert is_disguised("PаyPal")
    assert not is_disguised("Павел Иванов")
    found = judged(rules, "Billing <x@xn--pypal-4ve.com>", "Notice", "Your balance is on hold.")
    assert found.suspicion.is_suspicious
    assert any("another alphabet" in reason for reason in found.suspicion.because)


def test_a_link_that_looks_like_a_providers_speaks_against_a_stranger(rules: Rules) -> None:
    found = judged(
        rules,
        "Merchant Desk <desk@merchant-desk.example>",
        "Action required",
        "Confirm your bank login with password and code:"
        " https://admin-shopify.store-verify.example/login",
    )
    assert found.suspicion.is_suspicious
    assert any("looks like Shopify" in reason for reason in found.suspicion.because)


def test_a_locked_archive_with_its_password_is_a_lure(rules: Rules) -> None:
    archive = Attachment(filename="evidence.zip", content_type="application/zip", size=9, part=2)
    found = judged(
        rules,
        "Case Desk <desk@case-centre.example>",
        "Chargeback evidence",
        "Open the archive, password: 2026. Download the form, or your account will be closed.",
        attachments=(archive,),
    )
    assert found.suspicion.is_suspicious
    assert any("locked archive" in reason for reason in found.suspicion.because)


def test_case_076_a_known_customers_mail_is_not_suspected_for_a_link(rules: Rules) -> None:
    message = a_message("My photos: https://photos-amazon.example/album", subject="Broken")
    context = a_context(known_customer=True, orders=(an_order("1042"),))
    assert not assess(message, context, rules=rules).suspicion.is_suspicious


NAMELESS = {
    "en": "Open the attached document and confirm your account, otherwise we will be forced to close your account.",
    "de": "Öffnen Sie das angehängte Dokument und bestätigen Sie Ihre Daten, sonst wird Ihr Zugang endgültig gesperrt.",
    "fr": "Ouvrez le document joint et vérifiez votre compte, sinon nous serons contraints de fermer votre compte.",
    "es": "Abra el documento adjunto y verifique su cuenta; nos veremos obligados a cerrar su cuenta.",
    "it": "Apra il documento allegato e verifichi il suo account, o saremo costretti a chiudere il suo account.",
    "nl": "Open het bijgevoegde document en verifieer uw account, anders wordt uw toegang definitief geblokkeerd.",
    "pt": "Abra o documento anexo e verifique a sua conta, ou seremos obrigados a encerrar a sua conta.",
    "pl": "Otwórz załączony dokument i zweryfikuj swoje konto, inaczej będziemy zmuszeni zamknąć Twoje konto.",
}


@pytest.mark.parametrize("language", NAMELESS)
def test_who_names_no_provider_is_known_by_what_is_wanted(rules: Rules, language: str) -> None:
    """A "Resolution Team" that wants a file opened, an account confirmed, and threatens."""
    found = judged(
        rules, "Resolution Team <cases@merchant-desk.example>", "1182", NAMELESS[language]
    )
    assert found.suspicion.is_suspicious
    assert len(found.suspicion.because) >= 2


def test_a_dispute_from_paypals_portuguese_address_is_no_imitation(rules: Rules) -> None:
    """As in every other country in which we are spoken: "disputa" alone once let it pass."""
    text = "Um comprador abriu uma disputa de 380,00 €. Tem até 29 de setembro para responder."
    found = judged(rules, "PayPal <service@paypal.pt>", "Disputa de 380,00 €", text)
    assert not found.suspicion.is_suspicious
    assert found.kind is Kind.DISPUTE
