"""SMTP: hand one frozen mail to the owner's outgoing server, and know what became of it.

On the walk: engine/outbox -> here -> the server. Each step before the last dot can be repeated;
the hook `about_to_commit` stands between the two, so that the outbox can write it down first.
"""

from __future__ import annotations

import re
import smtplib
from collections.abc import Callable, Sequence

from app.domain.account import Account
from app.domain.translation import tr
from app.mail.bearer import Secret
from app.mail.limits import Limits
from app.mail.mail_address import needs_utf8, wire_address
from app.mail.smtp_connection import SENDING, Connection, Server, conversation
from app.mail.smtp_failures import (
    SendDelayed,
    SendRefused,
    SendUnknown,
    answered,
    before_the_last_dot,
    unknown,
)

__all__ = ["SendDelayed", "SendRefused", "SendUnknown", "SmtpMailer"]

LAST_ANSWER = 300.0  # seconds: servers scan the mail before they say yes (RFC 5321 4.5.3.2.6)
_CHECKING = Limits(connect=10.0, answer=20.0, whole=30.0)  # somebody sits there and waits
_LINE_END = re.compile(rb"\r\n|\r|\n")
_DOT = re.compile(rb"(?m)^\.")


class SmtpMailer:
    """Sends through one account's outgoing server; a connection for each mail, always over TLS."""

    def __init__(self, account: Account, secret: Secret, *, limits: Limits = SENDING) -> None:
        self._account = account
        self._secret = secret
        self._limits = limits
        self.takes = 0

    def send(
        self,
        mime: bytes,
        *,
        sender: str,
        recipients: Sequence[str],
        about_to_commit: Callable[[], None],
    ) -> str:
        """Hand over the mail to all recipients or to none; the text of the server's yes.

        `about_to_commit` is called when the server has the whole body and only the last dot is
        missing; if it raises, nothing was sent. Errors before it: SendRefused, SendDelayed,
        SignInRefused, CertificateRejected; after it: SendRefused, SendDelayed, SendUnknown.
        """
        server = Server.of(self._account)
        with conversation(server, self._secret, self._limits) as smtp:
            self.takes = _takes(smtp)
            with before_the_last_dot(server.host, server.port):
                _envelope(smtp, server.host, sender=sender, recipients=recipients, size=len(mime))
                _body(smtp, server.host, mime)
            about_to_commit()
            return _last_dot(smtp, server.host)

    def check(self) -> str:
        """Sign in and leave again; the server's name, or the error that sending would meet."""
        server = Server.of(self._account)
        limits = _CHECKING if self._limits is SENDING else self._limits
        with conversation(server, self._secret, limits):
            return server.host


def _envelope(
    smtp: Connection, host: str, *, sender: str, recipients: Sequence[str], size: int
) -> None:
    """Who sends to whom. One refused recipient refuses the mail: half a sending helps nobody."""
    from_, *to = [wire_address(email) for email in (sender, *recipients)]
    if not to:
        raise SendRefused(
            tr("Nobody is to receive this"), "", tr("Enter an address and send again.")
        )
    code, text = smtp.mail(from_, _options(smtp, host, emails=(from_, *to), size=size))
    if code != 250:
        raise answered(code, text, host=host, about=tr("mail from {address}", address=from_))
    for email in to:
        code, text = smtp.rcpt(email)
        if code not in (250, 251):
            raise answered(code, text, host=host, about=tr("mail to {address}", address=email))


def _options(smtp: Connection, host: str, *, emails: Sequence[str], size: int) -> list[str]:
    """What MAIL FROM adds: the size (RFC 1870), and SMTPUTF8 only where an address needs it."""
    options = []
    if smtp.has_extn("size"):
        limit = _takes(smtp)
        if 0 < limit < size:
            raise SendRefused(
                tr("The reply is too big for {host}", host=host),
                tr(
                    "It has {size} MB and the server takes {limit} MB.",
                    size=f"{size / 1e6:.1f}",
                    limit=f"{limit / 1e6:.1f}",
                ),
                tr("Make it smaller, then send again."),
            )
        options.append(f"SIZE={size}")
    if needs_utf8(*emails):
        if not smtp.has_extn("smtputf8"):
            raise SendRefused(
                tr("{host} cannot send to an address with such letters", host=host),
                tr("It knows only plain Latin letters before the @."),
                tr("Ask the customer for another address."),
            )
        options += ["BODY=8BITMIME", "SMTPUTF8"]
    return options


def _takes(smtp: Connection) -> int:
    """How big a mail the server says it takes (RFC 1870), in bytes; 0 where it does not say."""
    limit = smtp.esmtp_features.get("size", "").strip()
    return int(limit) if limit.isascii() and limit.isdigit() else 0


def _body(smtp: Connection, host: str, mime: bytes) -> None:
    """Everything but the last dot; a server that loses us here has to forget it (RFC 5321 4.1.1.4).

    Only CRLF ends a line: some servers would take a lone LF before a dot for the end of the mail.
    """
    smtp.putcmd("DATA")
    code, text = smtp.getreply()
    if code != 354:
        raise answered(code, text, host=host, about=tr("this mail"))
    lines = _DOT.sub(b"..", _LINE_END.sub(b"\r\n", mime))
    smtp.send(lines if lines.endswith(b"\r\n") else lines + b"\r\n")


def _last_dot(smtp: Connection, host: str) -> str:
    """End the mail and read the verdict; from here on a broken line means that nobody knows."""
    try:
        smtp.wait_at_most(LAST_ANSWER)
        smtp.send(b".\r\n")
        code, text = smtp.getreply()
    except (smtplib.SMTPException, OSError) as error:
        raise unknown(host) from error
    if 200 <= code <= 299:
        return text.decode("utf-8", "replace")
    if not 400 <= code <= 599:
        raise unknown(host)
    raise answered(code, text, host=host, about=tr("this mail"))
