"""Reports as providers really wrote them; skipped where the shared material is absent."""

from __future__ import annotations

import pytest

from app.mail import bounce, parse
from app.mail.bounce import DeliveryReport
from tests.support.shared_data import shared_data

_EMAILS = "mail/mikel-mail/spec/fixtures/emails"
_MIKEL = f"{_EMAILS}/multipart_report_emails"
_LETTER = f"{_EMAILS}/mime_emails/raw_email_with_mimepart_without_content_type.eml"
# The file, what became of the mail, how many were not reached, how its Message-ID begins.
REPORTS = [
    ("mail/deltachat/gmail_ndn.eml", "failed", 1, "CABXKi8zruXJc"),
    ("mail/deltachat/gmail_ndn_group.eml", "failed", 1, "CADWx9Cs32Wa"),
    ("mail/deltachat/posteo_ndn.eml", "failed", 1, "04422840-f884"),
    ("mail/deltachat/testrun_ndn.eml", "failed", 1, "Mr.A7pTA5IgrUA"),
    ("mail/deltachat/testrun_ndn_2.eml", "failed", 1, "Mr.5xqflwt0YFv"),
    ("mail/deltachat/ndn_with_attachment.eml", "failed", 2, "Mr.I6Da6dXcTel.TroC"),
    ("mail/deltachat/tiscali_ndn.eml", "failed", 1, "Mr.un2NYERi1RM"),
    ("mail/deltachat/dsn_relayed.eml", "delivered", 0, "8b7b1a9d0c8cc"),
    ("mail/deltachat/yahoo_ndn.eml", "failed", 1, "1680295672.3657931"),
    ("mail/deltachat/gmx_ndn.eml", "failed", 1, "9c9c2a32-056b"),
    (f"{_MIKEL}/multi_address_bounce1.eml", "failed", 5, "118707422.15521"),
    (f"{_MIKEL}/multi_address_bounce2.eml", "failed", 5, "118707422.15521"),
    (f"{_MIKEL}/multipart_report_multiple_status.eml", "failed", 1, "4c2a146147ac8"),
    (f"{_MIKEL}/report_422.eml", "delayed", 0, "15655788.13"),
    (f"{_MIKEL}/report_530.eml", "failed", 1, "200712232303"),
    (_LETTER, "delayed", 0, "89d7557c0610181510"),
]
OTHERS = [
    "mail/deltachat/ms_exchange_report_disposition_notification.eml",
    "mail/deltachat/ms_exchange_report_original_message.eml",
    "mail/deltachat/tlsrpt.eml",
]


def report_in(name: str) -> DeliveryReport | None:
    raw = shared_data(name).read_bytes()
    return bounce.read(raw, parse.read(raw))


@pytest.mark.parametrize(("name", "outcome", "missed", "begins"), REPORTS)
def test_a_real_report_is_read_whole(name, outcome, missed, begins):
    """What became of the mail, whom it missed, and which mail it was."""
    report = report_in(name)
    assert report is not None
    assert report.outcome.value == outcome
    assert len(report.failures) == missed
    assert report.named[0].startswith(begins)
    assert all("@" in one.recipient and one.reason for one in report.failures)


@pytest.mark.parametrize("name", OTHERS)
def test_a_receipt_or_statistic_is_none(name):
    """The same frame, and nothing about delivery."""
    assert report_in(name) is None


def test_no_other_mail_of_the_material_is_taken_for_a_report():
    """Of all the samples, exactly these are reports."""
    root = shared_data("mail")
    found = {
        f"mail/{path.relative_to(root).as_posix()}"
        for path in root.rglob("*.eml")
        if report_in(f"mail/{path.relative_to(root).as_posix()}") is not None
    }
    assert found == {name for name, *_ in REPORTS}
