"""What mail servers write about mails that they were given: reports for machines, and letters."""

from __future__ import annotations

from tests.support.engine import SHOP

NOBODY = "550 5.1.1 <{to}>: Recipient address rejected: User unknown"


def a_report(
    original: str,
    *,
    to: str = "ben@customer.example",
    action: str = "failed",
    status: str = "5.1.1",
    message_id: str = "<dsn1@mx.customer.example>",
    report_type: str = "delivery-status",
    returned: str = "text/rfc822-headers",
    sender: str = "MAILER-DAEMON@mx.customer.example (Mail Delivery System)",
) -> bytes:
    """A report as RFC 3464 has it, about the mail with the Message-ID `original`."""
    return "\r\n".join(
        (
            "Return-Path: <>",
            f"From: {sender}",
            f"To: {SHOP}",
            "Subject: Undelivered Mail Returned to Sender",
            "Auto-Submitted: auto-replied",
            f"Message-ID: {message_id}",
            "MIME-Version: 1.0",
            f'Content-Type: multipart/report; report-type={report_type}; boundary="frontier"',
            "",
            "--frontier",
            "Content-Type: text/plain; charset=us-ascii",
            "",
            "I'm sorry to have to inform you that your message could not be delivered.",
            "",
            "--frontier",
            "Content-Type: message/delivery-status",
            "",
            "Reporting-MTA: dns; mx.customer.example",
            "",
            f"Final-Recipient: rfc822; {to}",
            f"Action: {action}",
            f"Status: {status}",
            f"Diagnostic-Code: smtp; {NOBODY.format(to=to)}",
            "",
            "--frontier",
            f"Content-Type: {returned}",
            "",
            f"From: {SHOP}",
            f"To: {to}",
            "Subject: Re: Broken mugs",
            f"Message-ID: <{original}>",
            "",
            "--frontier--",
            "",
        )
    ).encode()


def a_daemons_letter(
    words: str,
    *,
    original: str,
    failed: str = "",
    sender: str = "MAILER-DAEMON@provider.example",
    subject: str = "Failure Notice",
) -> bytes:
    """A plain letter with the headers of the returned mail below it, as some providers write."""
    listed = (f"X-Failed-Recipients: {failed}",) if failed else ()
    return "\r\n".join(
        (
            f"From: {sender}",
            f"To: {SHOP}",
            f"Subject: {subject}",
            *listed,
            "Message-ID: <letter@provider.example>",
            "MIME-Version: 1.0",
            "Content-Type: text/plain; charset=utf-8",
            "",
            *words.split("\n"),
            "",
            "--- Below this line is a copy of the message.",
            "",
            f"From: {SHOP}",
            "Subject: Re: Broken mugs",
            f"Message-ID: <{original}>",
            "",
            "Hello Ben",
        )
    ).encode()
