"""Which mails in Junk are brought in, without a server."""

from __future__ import annotations

from dataclasses import replace

from app.domain.assessment import Assessment, Gate, Kind, Severity, Suspicion
from app.domain.message import Address, Message
from app.triage import rescue
from app.triage.rescue import Rescue, rescue_of
from tests.support.shipped import RULES

PLAIN = Assessment(
    kind=Kind.OTHER,
    confidence=0.5,
    unsure=True,
    severity=Severity.LOW,
    gate=Gate(automatic=False, may_acknowledge=True, counts_as_customer_reply=True),
)

DISPUTE = replace(PLAIN, kind=Kind.DISPUTE)


def a_message(sender: str = "a@b.example", checks: str = "") -> Message:
    headers = {"authentication-results": (checks,)} if checks else {}
    return Message(
        message_id="x", subject="", text="", new_text="", raw_sha256="", raw_size=0,
        from_=Address(email=sender), headers=headers,
    )  # fmt: skip


def decided(message: Message, assessment: Assessment = PLAIN, **ties: bool) -> Rescue:
    given = {"known_customer": False, "answers_ours": False, **ties}
    return rescue_of(message, assessment, **given, rules=RULES)


def test_a_stranger_is_left():
    assert decided(a_message()) == Rescue(left=rescue.STRANGER)


def test_who_answers_us_is_brought_in_whatever_the_checks_say():
    """A forwarding service breaks them; the Message-ID of our mail cannot be guessed."""
    found = decided(a_message(checks="mx; dmarc=fail"), answers_ours=True)
    assert found == Rescue(because=rescue.ANSWERS_US)


def test_a_customer_is_brought_in_unless_the_name_is_forged():
    assert decided(a_message(), known_customer=True) == Rescue(because=rescue.KNOWN_CUSTOMER)
    forged = decided(a_message(checks="mx; dmarc=fail"), known_customer=True)
    assert forged == Rescue(left=rescue.FORGED)


def test_only_the_topmost_check_is_read():
    """One further down may be the sender's own (RFC 8601 5)."""
    message = replace(
        a_message(),
        headers={"authentication-results": ("mx; dmarc=fail", "evil; dmarc=pass")},
    )
    assert decided(message, known_customer=True) == Rescue(left=rescue.FORGED)


def test_what_pretends_is_left_even_with_a_customers_address():
    lure = replace(PLAIN, suspicion=Suspicion(is_suspicious=True, because=("x",)))
    assert decided(a_message(), lure, known_customer=True) == Rescue(left=rescue.PRETENDS)


def test_a_dispute_notice_needs_a_provider_and_a_proof():
    proven = decided(a_message("n@stripe.com", "mx; dmarc=pass"), DISPUTE)
    assert proven.because.endswith("of Stripe")
    assert decided(a_message("n@stripe.com"), DISPUTE) == Rescue(left=rescue.UNPROVEN)
    assert decided(a_message("n@evil.example", "mx; dmarc=pass"), DISPUTE).left
    assert decided(a_message("n@stripe.com", "mx; dmarc=pass"), PLAIN).left
