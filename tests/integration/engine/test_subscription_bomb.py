"""A flood of sign-up mails hides one notice: it still stands at the top, and little rings."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from random import Random

import pytest

from app.domain.assessment import Kind, Severity
from app.storage import alerts
from tests.support.engine import NOON, Engine, a_letter

_FLOOD = 5_000
_BATCH = 250
_SUBJECTS = (
    ("Please confirm your registration", "Welcome! Click the link to finish signing up: {link}"),
    ("Thanks for subscribing", "Thanks for signing up. Confirm your e-mail address: {link}"),
    (
        "Bitte bestätigen Sie Ihre Anmeldung",
        "Vielen Dank für Ihre Anmeldung zum Newsletter. {link}",
    ),
    (
        "Confirmez votre inscription",
        "Merci pour votre inscription. Confirmez votre adresse. {link}",
    ),
    ("Confirma tu suscripción", "Gracias por suscribirte. Confirma tu correo aquí: {link}"),
    ("Conferma la tua iscrizione", "Grazie per l'iscrizione. Conferma il tuo indirizzo. {link}"),
    ("Bevestig je aanmelding", "Bedankt voor je aanmelding. Bevestig je e-mailadres. {link}"),
    ("Confirme a sua inscrição", "Obrigado pelo registo. Confirme o seu e-mail. {link}"),
    ("Potwierdź rejestrację", "Dziękujemy za rejestrację. Potwierdź adres e-mail. {link}"),
    ("Activate your account", "Your account has been created. Activate your account: {link}"),
)
_NOTICE = a_letter(
    "The bank account for your payouts was changed to an account ending 8802. If you did not make"
    " this change, tell us at once.",
    subject="Your payout bank account was changed",
    sender="Shopify <mailer@shopify.com>",
    message_id="<payout@shopify.com>",
    Authentication_Results="shop.example; dkim=pass header.d=shopify.com; dmarc=pass",
)


def flood(count: int) -> Iterator[bytes]:
    random = Random(78)
    for number in range(count):
        subject, text = random.choice(_SUBJECTS)
        site = f"site{number % 900}.example"
        headers = {"List_Unsubscribe": f"<https://{site}/u>"} if number % 3 == 0 else {}
        who = "noreply" if number % 2 else "hello"
        yield a_letter(
            text.format(link=f"https://{site}/c/{random.randrange(10**9)}"),
            subject=subject,
            sender=f"Site {number % 900} <{who}@{site}>",
            message_id=f"<{number}@{site}>",
            **headers,
        )


def rung(engine: Engine) -> int:
    return engine.writer.do(lambda db: len(alerts.recent(db, NOON - timedelta(days=1))))


@pytest.mark.timeout(600)
def test_case_078_five_thousand_sign_ups_do_not_hide_one_changed_payout_account(
    engine: Engine,
) -> None:
    letters = list(flood(_FLOOD))
    letters.insert(3_333, _NOTICE)
    for start in range(0, len(letters), _BATCH):
        engine.receive(*letters[start : start + _BATCH])
        engine.clock.forward(seconds=30)
    rows = engine.rows("open")
    notice = next(row for row in rows[:3] if "payout" in row.subject)
    assert notice.severity is Severity.CRITICAL
    assert not notice.suspicious
    assert len(rows) < _FLOOD // 100
    assert 1 <= rung(engine) <= 2


def test_a_sign_up_that_a_customer_cannot_finish_is_an_issue(engine: Engine) -> None:
    engine.receive(a_letter("I cannot confirm my registration on your site, the link is dead."))
    assert engine.rows()[0].kind is not Kind.NOT_AN_ISSUE


def test_an_imitated_payout_notice_neither_rings_nor_leads(engine: Engine) -> None:
    engine.receive(
        a_letter(
            "The bank account for your payouts was changed. Secure it: https://evil.example/x",
            subject="Your payout bank account was changed",
            sender="Shopify <mailer@shopify-accounts.example>",
            message_id="<x@shopify-accounts.example>",
        )
    )
    (row,) = engine.rows("all")
    assert row.suspicious
    assert rung(engine) == 0


def test_case_077_new_bank_details_in_a_known_thread_warn_before_anybody_pays(
    engine: Engine,
) -> None:
    supplier = "Lena Hartog <lena@glazes.example>"
    engine.receive(
        a_letter("The glaze is on its way.", sender=supplier, message_id="<1@glazes.example>")
    )
    engine.receive(
        a_letter(
            "Our bank details have changed. Pay the invoice of 12,400 EUR to our new IBAN.",
            sender=supplier,
            message_id="<2@glazes.example>",
            answers="<1@glazes.example>",
        )
    )
    view = engine.issue(engine.only_key())
    assert view.row.severity is Severity.HIGH
    assert any("ask by telephone" in reason.because for reason in view.reasons)
