"""What can go wrong on the way out, said to the owner of a shop.

    KnownError
    ├── SendRefused    the server said no for good; the reply is not sent
    ├── SendDelayed    not now; the reply is not sent and may be sent again as it is
    ├── SendUnknown    the line broke at the last dot; it may have been sent, a person decides
    ├── SignInRefused  the account asks for a person
    └── CertificateRejected

On the walk: smtp -> here -> the outbox row and the account's health. No error holds the password.
"""

from __future__ import annotations

import re
import smtplib
import ssl
import unicodedata
from collections.abc import Iterator
from contextlib import contextmanager

from app.domain.errors import KnownError, SignInRefused
from app.domain.translation import to_translate, tr
from app.mail.failures import certificate_rejected, unreachable
from app.mail.providers import sign_in_hint

_SAID_MAX = 200
_ENHANCED = re.compile(r"(?m)^\s*[245]\.\d{1,3}\.\d{1,3}\s+")  # RFC 2034
_LATER = to_translate("Frontburner keeps the reply and tries again by itself.")


class SendRefused(KnownError):
    """The server said no for good; the reply is not sent."""


class SendDelayed(KnownError):
    """The server cannot take it now; the reply is not sent and may be sent again as it is."""

    retry = True


class SendUnknown(KnownError):
    """The line broke after the reply had been handed over and before the server said yes."""


def said(text: bytes | str) -> str:
    """The server's own words on one line, without codes and controls, as a sentence part."""
    words = text.decode("utf-8", "replace") if isinstance(text, bytes) else text
    words = "".join(
        " " if unicodedata.category(c).startswith(("C", "Z")) else c
        for c in _ENHANCED.sub(" ", words)
    )
    line = " ".join(words.split())
    if len(line) > _SAID_MAX:
        line = line[:_SAID_MAX].rstrip() + "…"
    return tr("It said: “{line}”.", line=line) if line else tr("It gave no reason.")


def answered(code: int, text: bytes | str, *, host: str, about: str) -> KnownError:
    """The error for a reply that is not a yes. `about` is what we asked: "a mail to ben@…"."""
    if code in (530, 534, 535, 538):  # RFC 4954 6
        return sign_in_refused(host=host, user="", text=text)
    if 500 <= code <= 599:
        return SendRefused(
            tr("{host} does not take {about}", host=host, about=about), said(text), _hint(text)
        )
    return SendDelayed(
        tr("{host} does not take {about} now", host=host, about=about), said(text), tr(_LATER)
    )


def sign_in_refused(*, host: str, user: str, text: bytes | str) -> SignInRefused:
    """The server does not accept the name or the password; the hint is the provider's own."""
    provider, hint = sign_in_hint(host)
    whose = tr(" for {user}", user=user) if user else ""
    return SignInRefused(
        tr("{provider} refused the password{whose}", provider=provider, whose=whose),
        tr("{text} Replies wait until it is accepted.", text=said(text)),
        hint,
    )


def token_refused(*, host: str, user: str, text: str) -> SignInRefused:
    """The server does not accept the access token; its words name the reason."""
    provider, _ = sign_in_hint(host)
    return SignInRefused(
        tr("{provider} refused the sign-in for {user}", provider=provider, user=user),
        tr("{text} Replies wait until it is accepted.", text=said(text)),
        tr(
            "Sign in again with the account that owns this mailbox; the provider has to allow SMTP."
        ),
    )


def unknown(host: str) -> SendUnknown:
    """Nobody can tell whether the server took the reply."""
    return SendUnknown(
        tr("The reply may have been sent"),
        tr("{host} had it whole when the connection broke, and did not say yes or no.", host=host),
        tr("Look in the Sent folder or ask the customer before you send it again."),
    )


@contextmanager
def before_the_last_dot(host: str, port: int) -> Iterator[None]:
    """Turn what happens before the reply is handed over into the family: nothing was sent yet."""
    try:
        yield
    except KnownError:
        raise
    except ssl.SSLCertVerificationError as error:
        raise certificate_rejected(host, error) from error
    except ssl.SSLError as error:
        raise SendDelayed(
            tr("No safe connection to {host}", host=host),
            tr(
                "What answers on port {port} does not begin with encryption as it should.",
                port=port,
            ),
            tr("Check the outgoing port and security: 465 goes with tls, 587 with starttls."),
        ) from error
    except smtplib.SMTPResponseException as error:
        raise answered(
            error.smtp_code, error.smtp_error, host=host, about=tr("our mail")
        ) from error
    except smtplib.SMTPException as error:
        raise SendDelayed(
            tr("{host} hung up", host=host), tr("The reply was not sent yet."), tr(_LATER)
        ) from error
    except OSError as error:
        known = unreachable(host, port, error)
        raise SendDelayed(known.title, known.message, known.hint) from error


def _hint(text: bytes | str) -> str:
    words = text.decode("utf-8", "replace") if isinstance(text, bytes) else text
    if re.search(r"\b5\.1\.[1236]\b", words):
        return tr("Check the customer's address, then send again.")
    if re.search(r"\b5\.[23]\.[34]\b", words):
        return tr("Make the reply smaller, then send again.")
    if re.search(r"\b5\.7\.\d+\b", words):
        return tr("Ask your mail provider what it objects to, then send again.")
    return tr("Read what it says, change what is needed, then send again.")
