"""Sample mail: one mail of the sample shop, and the bytes in which a server would have kept it.

The same mail gives the same bytes every time, with the headers that a receiving server adds, so
that it walks the path of a real one.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from email import policy
from email.headerregistry import Address as HeaderAddress
from email.message import EmailMessage
from email.utils import format_datetime

from app.domain.message import Address
from app.engine.sample_photo import photo
from app.engine.sample_schema import AttachmentEntry, Expected


@dataclass(frozen=True, slots=True, kw_only=True)
class SampleMail:
    """A mail that arrives, or has arrived, at an instant.

    `live_after` is set for one that arrives while the demo runs. `sent` marks what the shop wrote
    itself; only that has no `expected`, the writer's intent. Message-IDs are without brackets.
    """

    id: str
    language: str
    arrives_at: datetime
    message_id: str
    sender: Address
    to: Address
    subject: str
    text: str
    live_after: timedelta | None = None
    sent: bool = False
    reply_to: Address | None = None
    html: str = ""
    in_reply_to: str = ""
    references: tuple[str, ...] = ()
    headers: Mapping[str, str] = field(default_factory=dict)
    attachments: tuple[AttachmentEntry, ...] = ()
    expected: Expected | None = None

    @property
    def group(self) -> str:
        """The name that it shares with the mails of the same issue or incident."""
        return (self.expected.group if self.expected else "") or self.id

    def to_bytes(self) -> bytes:
        """The mail as RFC 5322 text with CRLF."""
        mail = EmailMessage(policy=policy.SMTP)
        for name, value in {**self._added_by_server(), **self._written()}.items():
            mail[name] = self.headers.get(name, value)
        for name, value in self.headers.items():
            if name not in mail:
                mail[name] = value
        self._fill(mail)
        for place, part in enumerate(mail.walk()):
            if part.is_multipart():
                part.set_boundary(f"part-{place}-{self.id}")
        return mail.as_bytes()

    def _added_by_server(self) -> dict[str, str]:
        if self.sent:
            return {}
        domain, host = self.sender.domain, f"mx.{self.to.domain}"
        arrived = format_datetime(self.arrives_at)
        return {
            "Return-Path": f"<{self.sender.email}>",
            "Received": f"from mail.{domain} by {host} with ESMTPS id {self.id}; {arrived}",
            "Authentication-Results": f"{host}; spf=pass smtp.mailfrom={domain}; "
            f"dkim=pass header.d={domain}; dmarc=pass header.from={domain}",
        }

    def _written(self) -> dict[str, str | HeaderAddress]:
        headers: dict[str, str | HeaderAddress] = {
            "Date": format_datetime(self.arrives_at),
            "From": _header(self.sender),
            "To": _header(self.to),
            "Subject": self.subject,
            "Message-ID": f"<{self.message_id}>",
        }
        if self.reply_to:
            headers["Reply-To"] = _header(self.reply_to)
        if self.in_reply_to:
            headers["In-Reply-To"] = f"<{self.in_reply_to}>"
            headers["References"] = " ".join(f"<{name}>" for name in self.references)
        return headers

    def _fill(self, mail: EmailMessage) -> None:
        mail.set_content(self.text)
        if self.html:
            mail.add_alternative(self.html, subtype="html")
        for attachment in self.attachments:
            if attachment.photo:
                picture = photo(attachment.photo, attachment.colour, intact=attachment.intact)
                mail.add_attachment(
                    picture, maintype="image", subtype="png", filename=attachment.filename
                )
            else:
                mail.add_attachment(attachment.text, filename=attachment.filename)


def _header(address: Address) -> HeaderAddress:
    return HeaderAddress(display_name=address.name, addr_spec=address.email)
