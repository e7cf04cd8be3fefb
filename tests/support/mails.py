"""Mails: a builder of raw mails for tests, in as few words as the test's fact needs."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from email.message import EmailMessage
from email.policy import SMTP
from email.utils import format_datetime

A_MORNING = datetime(2026, 5, 4, 9, 30, tzinfo=UTC)


def a_mail(
    text: str = "Hello, where is my order #1042?",
    *,
    subject: str = "My order",
    from_: str = "Ann Example <ann@example.org>",
    to: str = "shop@example.com",
    message_id: str | None = "<1@example.org>",
    at: datetime | None = A_MORNING,
    html: str = "",
    in_reply_to: str = "",
    references: Sequence[str] = (),
    headers: Mapping[str, str] | None = None,
    attachments: Sequence[tuple[str, str, bytes]] = (),
) -> bytes:
    """A whole mail with CRLF line ends. `attachments` are (file name, type, content)."""
    mail = EmailMessage(policy=SMTP)
    written = {
        "From": from_,
        "To": to,
        "Subject": subject,
        "Message-ID": message_id or "",
        "Date": format_datetime(at) if at else "",
        "In-Reply-To": in_reply_to,
        "References": " ".join(references),
        **(headers or {}),
    }
    for name, value in written.items():
        if value:
            mail[name] = value
    mail.set_content(text)
    if html:
        mail.add_alternative(html, subtype="html")
    for filename, content_type, content in attachments:
        main, _, sub = content_type.partition("/")
        mail.add_attachment(content, maintype=main, subtype=sub, filename=filename)
    return mail.as_bytes()


def a_raw_mail(*lines: str, body: str = "Hello") -> bytes:
    """A mail from header lines exactly as given, for what no builder would write."""
    return "\r\n".join((*lines, "", body)).encode("utf-8", errors="surrogateescape")
