"""What a mail server reports about a mail: read whole, and nothing else taken for it."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.mail import bounce, parse
from app.mail.bounce import DeliveryReport, Outcome
from app.mail.bounce_words import in_words, status_in
from tests.support.engine import a_letter
from tests.support.reports import a_daemons_letter, a_report

OURS = "fb.i1_abc.0123@shop.example"


def report_in(raw: bytes) -> DeliveryReport | None:
    return bounce.read(raw, parse.read(raw))


def must_report(raw: bytes) -> DeliveryReport:
    found = report_in(raw)
    assert found is not None
    return found


def test_a_report_names_the_mail_whom_it_missed_and_why():
    """The part for machines and the returned headers say it all."""
    report = must_report(a_report(OURS))
    (failure,) = report.failures
    assert report.outcome is Outcome.FAILED
    assert report.named == (OURS,)
    assert failure.recipient == "ben@customer.example"
    assert failure.reason == "there is no such address"
    assert failure.server.startswith("550 5.1.1")


@pytest.mark.parametrize(
    "returned",
    ["message/rfc822", "message/global", "message/global-headers", "text/rfc822-headers"],
)
def test_the_returned_mail_may_be_whole_or_headers_alone(returned):
    """In each of the forms that servers use, its Message-ID is found."""
    assert must_report(a_report(OURS, returned=returned)).named == (OURS,)


@pytest.mark.parametrize(
    ("action", "outcome"),
    [
        ("failed", Outcome.FAILED),
        ("Failed (permanent)", Outcome.FAILED),
        ("delayed", Outcome.DELAYED),
        ("relayed", Outcome.DELIVERED),
        ("expanded", Outcome.DELIVERED),
        ("", Outcome.FAILED),
    ],
)
def test_only_a_mail_that_was_given_up_has_failed(action, outcome):
    """A warning and a receipt are reports too; without an action the status decides."""
    report = must_report(a_report(OURS, action=action))
    assert report.outcome is outcome
    assert bool(report.failures) is (outcome is Outcome.FAILED)


def test_a_read_receipt_is_no_delivery_report():
    """RFC 8098 borrows the frame, and says that somebody opened a mail."""
    raw = a_report(OURS, report_type="disposition-notification", sender="ben@customer.example")
    receipt = raw.replace(b"message/delivery-status", b"message/disposition-notification")
    assert report_in(receipt) is None


def test_a_report_on_encryption_is_no_delivery_report():
    """RFC 8460: statistics between servers, sent every day."""
    raw = a_report(OURS, report_type="tlsrpt", sender="noreply-smtp-tls-reporting@provider.example")
    assert report_in(raw.replace(b"message/delivery-status", b"application/tlsrpt+gzip")) is None


def test_a_plain_letter_with_its_recipient_in_a_header_is_a_report():
    """X-Failed-Recipients says whom it missed, the letter why."""
    words = "A message could not be delivered.\n\n  ben@customer.example\n    mailbox is full"
    report = must_report(a_daemons_letter(words, original=OURS, failed="ben@customer.example"))
    (failure,) = report.failures
    assert report.named == (OURS,)
    assert (failure.recipient, failure.reason) == ("ben@customer.example", "the mailbox is full")


def test_a_plain_letter_without_that_header_is_read_too():
    """The address begins a line and the server's words follow it."""
    words = (
        "Sorry, we were unable to deliver your message to the following address.\n\n"
        "<ben@customer.example>:\n554: delivery error: dd Not a valid recipient"
    )
    (failure,) = must_report(a_daemons_letter(words, original=OURS)).failures
    assert failure.recipient == "ben@customer.example"
    assert failure.reason == "there is no such address"
    assert failure.server == "554: delivery error: dd Not a valid recipient"


def test_a_letter_that_says_it_goes_on_trying_is_no_failure():
    """Nothing is lost yet; the server writes again when it gives up."""
    words = "Your message has not been delivered yet. No action is required on your part."
    assert must_report(a_daemons_letter(words, original=OURS)).outcome is Outcome.DELAYED


def test_a_postmaster_who_writes_of_something_else_reports_nothing():
    """The sender alone makes no report."""
    words = "We move to new machines on Sunday. You need do nothing."
    assert report_in(a_daemons_letter(words, original=OURS, subject="Maintenance")) is None


def test_a_customer_who_quotes_a_failure_is_no_mail_server():
    """What a person writes about undelivered mail stays a person's mail."""
    words = f"I got this: 550 5.1.1 user unknown, undeliverable!\n\nMessage-ID: <{OURS}>"
    assert report_in(a_letter(words)) is None


def test_a_report_as_an_attachment_of_a_persons_mail_is_no_report():
    """Somebody forwards what came back: it lies inside, and their words count."""
    inside = a_report(OURS)
    raw = (
        b"From: ben@customer.example\r\nTo: hello@shop.example\r\nSubject: Fwd: failure\r\n"
        b'MIME-Version: 1.0\r\nContent-Type: multipart/mixed; boundary="outer"\r\n\r\n'
        b"--outer\r\n\r\nLook what came back.\r\n--outer\r\nContent-Type: message/rfc822\r\n\r\n"
        + inside
        + b"\r\n--outer--\r\n"
    )
    assert report_in(raw) is None


@pytest.mark.parametrize(
    ("status", "server", "words"),
    [
        ("5.1.1", "", "there is no such address"),
        ("4.2.2", "", "the mailbox is full"),
        ("5.7.26", "", "their mail server took it for spam or has a rule against it"),
        ("5.0.0", "550 mailbox unavailable", "there is no such address"),
        ("", "552 quota exceeded, over quota", "the mailbox is full"),
        ("5.4.4", "", "there is no mail server for that address"),
        ("5.0.0", "", "their mail server did not take it"),
    ],
)
def test_a_code_becomes_a_sentence(status, server, words):
    """RFC 3463 in the owner's words; without a code, the server's own are looked through."""
    assert in_words(status, server) == words


def test_a_status_code_is_told_from_an_address_of_a_machine():
    """5.1.1 is a code, 10.5.1.1 is not."""
    assert status_in("550-5.1.1 The email account") == "5.1.1"
    assert status_in("host 10.5.1.1 said no") == ""


@given(st.binary(max_size=600))
def test_whatever_follows_the_headers_of_a_report_is_read_without_raising(tail: bytes):
    head = a_report(OURS).partition(b"Reporting-MTA")[0]
    report_in(head + tail)
    report_in(a_daemons_letter("", original=OURS, failed="a@b.example") + tail)
