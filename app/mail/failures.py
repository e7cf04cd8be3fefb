"""Failures: what can go wrong between us and a mailbox, in the words of its owner.

The room's edge for incoming mail: exceptions of sockets, TLS and the IMAP libraries go in,
KnownErrors come out. What the server said is shown as plain text, cut short, never trusted.
"""

from __future__ import annotations

import imaplib
import re
import socket
import ssl
from collections.abc import Iterator
from contextlib import contextmanager

from app.domain.errors import (
    Busy,
    CertificateRejected,
    FolderUnread,
    KnownError,
    SignInRefused,
    Unreachable,
)
from app.domain.translation import to_translate, tr

_WHY = {
    9: to_translate("Its certificate is not valid yet; is this machine's clock right?"),
    10: to_translate("Its certificate has expired."),
    18: to_translate("It signed its certificate itself."),
    19: to_translate("Its certificate comes from an authority that this machine does not know."),
    20: to_translate("Its certificate comes from an authority that this machine does not know."),
    21: to_translate("Its certificate comes from an authority that this machine does not know."),
    23: to_translate("Its certificate was revoked."),
    62: to_translate("Its certificate belongs to a server with another name."),
    64: to_translate("Its certificate belongs to a server with another address."),
}
# RFC 5530 and what servers say without a code: not the password's fault, and it passes.
_PASSES = re.compile(
    r"\[(?:UNAVAILABLE|INUSE|LIMIT|SERVERBUG|CONTACTADMIN|OVERQUOTA|THROTTLED)\b|too many|"
    r"maximum number of connections|temporar|try again|server busy|internal error",
    re.IGNORECASE,
)
# The server stumbles over what it was asked for; whether that passes, it does not know itself.
_STUMBLES = re.compile(r"\[(?:SERVERBUG|CONTACTADMIN)\b|internal error", re.IGNORECASE)
# And of a sign-in: these codes are about who signs in, unless the words are about the crowd.
_NOT_LET_IN = re.compile(r"\[(?:AUTHENTICATIONFAILED|AUTHORIZATIONFAILED|EXPIRED)\b", re.IGNORECASE)
_CROWDED = re.compile(
    r"too many (?:\w+ ){0,3}(?:connections|sessions)|maximum number of (?:\w+ )?connections|"
    r"rate.?limit|server busy|internal error|temporar(?!\w* (?:lock|block|disabl|suspend))",
    re.IGNORECASE,
)
_WRONG = re.compile(
    r"\b(?:invalid|incorrect|wrong|bad|failed|unsuccessful) (?:\w+ ){0,2}?"
    r"(?:passwords?|credentials?|logins?|usernames?|log-?in attempts|attempts)\b",
    re.IGNORECASE,
)
_ASKS_FOR_TIME = re.compile(
    r"\[(?:UNAVAILABLE|INUSE|LIMIT|SERVERBUG|CONTACTADMIN|OVERQUOTA|THROTTLED)\b", re.IGNORECASE
)
_VERDICT = re.compile(r"^(?:(?:select|examine) failed: |(?:NO|BAD) )")
_CODE = re.compile(r"^\[[A-Z0-9-]{1,40}(?: [^\]]{0,80})?\]\s*", re.IGNORECASE)
_LONGEST = 160
ENDED = "the connection ended"  # how an abort of ours begins that was the server's doing


class HungUp(Unreachable):
    """The server ended the conversation by itself, while it was asked for something."""


class SaidNo(KnownError):
    """The server refused what was asked of it, on a connection that stands."""


class Stumbled(Busy):
    """The server says that it made a mistake over what was asked of it."""


@contextmanager
def mail_errors(host: str, *, port: int = 0) -> Iterator[None]:
    """Turns what goes wrong while talking to `host` into a KnownError with a way out."""
    try:
        yield
    except ssl.SSLCertVerificationError as error:
        raise certificate_rejected(host, error) from error
    except ssl.SSLError as error:
        raise no_tls(host, port, error) from error
    except OSError as error:
        raise unreachable(host, port, error) from error
    except imaplib.IMAP4.abort as error:
        raise _broken_off(host, str(error)) from error
    except imaplib.IMAP4.error as error:
        raise said_no(host, str(error)) from error
    except (ValueError, LookupError, AssertionError, TypeError) as error:
        # The libraries stumble over answers that are no IMAP at all.
        raise not_understood(host) from error


def certificate_rejected(host: str, error: ssl.SSLCertVerificationError) -> CertificateRejected:
    """The server cannot prove who it is: nothing was said to it, least of all a password."""
    return CertificateRejected(
        tr("{host} could not prove who it is", host=host),
        tr(_WHY[error.verify_code])
        if error.verify_code in _WHY
        else tr("Its certificate was not accepted: {why}", why=error.verify_message),
        tr(
            "If it is your own server, choose the certificate file of its authority; "
            "if not, do not go on and ask your provider."
        ),
    )


def no_tls(host: str, port: int, error: ssl.SSLError) -> Unreachable:
    """The other side does not speak TLS, or only such as is no longer safe."""
    if "version" in (error.reason or "").lower() and "wrong" not in (error.reason or "").lower():
        message = tr("It only speaks a kind of encryption that is no longer safe.")
    else:
        message = tr("What answers on port {port} does not begin with encryption.", port=port)
    return Unreachable(
        tr("No safe connection to {host}", host=host),
        message,
        tr("Check host, port and security: 993 goes with tls, 143 with starttls."),
    )


def unreachable(host: str, port: int, error: OSError) -> Unreachable:
    """Nobody answers there."""
    where = tr("{host}, port {port}", host=host, port=port) if port else host
    if isinstance(error, socket.gaierror):
        return Unreachable(
            tr("There is no server by the name {host}", host=host),
            tr("Its address could not be found."),
            tr("Check the name of the host and this machine's connection to the internet."),
        )
    if isinstance(error, TimeoutError):
        return Unreachable(
            tr("{host} does not answer", host=host),
            tr("Nothing came back from {where} in time.", where=where),
            tr("It is tried again by itself; check host and port if this goes on."),
        )
    if isinstance(error, ConnectionRefusedError):
        return Unreachable(
            tr("{host} does not answer", host=host),
            tr("There is no mail server at {where}.", where=where),
            tr("Check host and port; it is tried again by itself."),
        )
    reason = error.strerror or tr("The connection broke.")
    kind = HungUp if isinstance(error, ConnectionError) else Unreachable
    return kind(
        tr("The connection to {host} broke", host=host),
        reason,
        tr("It is tried again by itself; nothing is lost."),
    )


def _broken_off(host: str, words: str) -> Unreachable:
    return not_understood(host) if "unexpected" in words else hung_up(host, words)


def hung_up(host: str, words: str = "") -> Unreachable:
    """The conversation ended in its middle, by the server or by what it said."""
    ended = words.startswith(ENDED) or words[:3].upper() == "BYE"
    kind = HungUp if ended else Unreachable
    return kind(
        tr("{host} hung up", host=host),
        tr("It ended the connection before it had answered.") + _quoted(words, only_bye=True),
        tr("It is tried again by itself; nothing is lost."),
    )


def said_no(host: str, words: str) -> KnownError:
    """The server refused what was asked of it."""
    if _STUMBLES.search(words):
        return Stumbled(*busy(host, words).args)
    if _PASSES.search(words):
        return busy(host, words)
    return SaidNo(
        tr("{host} did not do what was asked", host=host),
        _quoted(words).strip() or tr("It gave no reason."),
        tr("Test the account; if it stays so, ask the provider."),
    )


def not_opened(host: str, folder: str, words: str) -> KnownError:
    """The server has this folder and does not open it."""
    error = said_no(host, words)
    if isinstance(error, Busy):
        return error
    return SaidNo(
        tr("{host} does not open the folder {folder}", host=host, folder=folder),
        error.message,
        tr(
            "If your provider's own mail program does not open it either, ask the provider; "
            "to read the rest without it, set folders to -{folder}.",
            folder=folder,
        ),
    )


def folder_unread(folder: str, error: KnownError) -> FolderUnread:
    """One folder could not be read, and all others were."""
    why = f"{error.message}." if error.message[-1:] not in ".!?" else error.message
    return FolderUnread(
        tr("The folder {folder} could not be read", folder=folder),
        f"{why} {tr('All other folders are read.')}".strip(),
        error.hint,
        retry=error.retry,
    )


def busy(host: str, words: str) -> Busy:
    """The server cannot, for now."""
    return Busy(
        tr("{host} is busy", host=host),
        _quoted(words).strip() or tr("It asks to come back later."),
        tr("It is tried again by itself; close other mail programs if this goes on."),
    )


def not_understood(host: str) -> Unreachable:
    """The answer is not IMAP."""
    return Unreachable(
        tr("{host} answered in a way that is not IMAP", host=host),
        tr("It may be another kind of server, or something in between changes what it says."),
        tr("Check host and port."),
    )


def sign_in_refused(*, provider: str, user: str, hint: str, words: str = "") -> SignInRefused:
    """The server does not accept the password; only a person can help."""
    return SignInRefused(
        tr("{provider} refused the password for {user}", provider=provider, user=user),
        _quoted(words).strip(),
        hint,
    )


def token_refused(*, provider: str, user: str, words: str = "") -> SignInRefused:
    """The server does not accept the access token, not even a fresh one."""
    return SignInRefused(
        tr("{provider} refused the sign-in for {user}", provider=provider, user=user),
        _quoted(words).strip(),
        tr(
            "Sign in again with the account that owns this mailbox; its provider has to allow IMAP "
            "and SMTP."
        ),
    )


def no_token_taken(host: str) -> SignInRefused:
    """The server offers neither XOAUTH2 nor OAUTHBEARER."""
    return SignInRefused(
        tr("{host} does not take this kind of sign-in", host=host),
        tr("It offers neither XOAUTH2 nor OAUTHBEARER."),
        tr("Add the account again with a password (auth=password)."),
    )


def is_passing(words: str) -> bool:
    """Whether a refusal is about the moment rather than about the password."""
    return bool(_PASSES.search(words))


def lets_in_later(words: str) -> bool:
    """Whether a refused sign-in is about the moment; a password that is wrong stays wrong, however
    kindly the server asks to try again, and whoever does so often is locked out."""
    if _ASKS_FOR_TIME.search(words):
        return True
    if _NOT_LET_IN.search(words) or _WRONG.search(words):
        return bool(_CROWDED.search(words))
    return is_passing(words)


def said(words: str) -> str:
    """The server's words as one short line of plain text."""
    line = " ".join("".join(c if c.isprintable() else " " for c in words).split())
    line = _VERDICT.sub("", line.removeprefix("b'").removeprefix('b"').rstrip("'\""))
    line = _CODE.sub("", line)
    return line if len(line) <= _LONGEST else line[: _LONGEST - 1] + "…"


def _quoted(words: str, *, only_bye: bool = False) -> str:
    line = said(words)
    if not line or (only_bye and not line.lower().startswith("bye")):
        return ""
    return tr(" It said: “{line}”", line=line)
