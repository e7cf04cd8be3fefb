"""The connection to an outgoing server: encrypted, verified, signed in, and never endless.

On the walk: smtp asks for a conversation, speaks in it, and finds it closed behind itself.
"""

from __future__ import annotations

import base64
import smtplib
import socket
import ssl
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from typing import Any

from app.domain.account import Account
from app.domain.errors import KnownError, SignInRefused
from app.domain.translation import tr
from app.mail import bearer
from app.mail.bearer import Bearer, Secret
from app.mail.failures import no_token_taken
from app.mail.limits import Limits
from app.mail.server_entry import wire_host
from app.mail.smtp_failures import answered, before_the_last_dot, sign_in_refused, token_refused
from app.mail.tls import trusted

# RFC 5321 4.5.3.2 allows minutes for each step; a person who waits does not.
# A server that answers a byte at a time ends with `whole`.
SENDING = Limits(connect=15.0, answer=60.0, whole=600.0)
_GOODBYE = 5.0  # seconds
_HELLO = "[127.0.0.1]"  # our name is nobody's business, and looking it up may hang
_LONGEST_COMMAND = 500  # with AUTH and the line's end 512 (RFC 5321 4.5.3.1.4)
_PORTS = {"tls": 465, "starttls": 587}


@dataclass(frozen=True, slots=True, kw_only=True)
class Server:
    """Where an account's replies go out; `security` is "tls" or "starttls", never neither."""

    host: str
    port: int
    security: str
    user: str
    ca_file: str

    @classmethod
    def of(cls, account: Account) -> Server:
        """The server that the account's settings name; KnownError says which one is amiss."""
        given = account.settings
        host, port = given.get("smtp_host", ""), given.get("smtp_port", "")
        security = given.get("smtp_security", "") or ("starttls" if port == "587" else "tls")
        if not host:
            raise _setting(account, "smtp_host", tr("the name of the outgoing mail server"))
        if security not in _PORTS:
            raise _setting(account, "smtp_security", tr("tls or starttls"))
        if port and not (port.isascii() and port.isdigit() and 0 < int(port) < 65536):
            raise _setting(account, "smtp_port", tr("a number such as 465 or 587"))
        return cls(
            host=wire_host(host),
            port=int(port) if port else _PORTS[security],
            security=security,
            user=given.get("smtp_user", "") or given.get("user", "") or account.address,
            ca_file=given.get("ca_file", ""),
        )


class Connection(smtplib.SMTP):
    """A connection that hangs up after `limits.whole`, however slowly the server still talks."""

    _watch: threading.Timer | None = None

    def __init__(self, server: Server, limits: Limits, **more: Any) -> None:
        self._whole = limits.whole
        super().__init__(
            server.host, server.port, local_hostname=_HELLO, timeout=limits.connect, **more
        )

    def connect(
        self, host: str = "localhost", port: int = 0, source_address: Any = None
    ) -> tuple[int, bytes]:
        """Connect, with the watch running from here on."""
        self._watch = threading.Timer(self._whole, self._hang_up)
        self._watch.daemon = True
        self._watch.start()
        try:
            return super().connect(host, port, source_address)
        except BaseException:
            self.close()
            raise

    def wait_at_most(self, seconds: float) -> None:
        """Let each silence of the server last so long from now on."""
        if self.sock is not None:
            self.sock.settimeout(seconds)

    def close(self) -> None:
        """Close the connection and end the watch."""
        if self._watch is not None:
            self._watch.cancel()
        super().close()

    def _hang_up(self) -> None:
        sock = self.sock
        if sock is not None:
            with suppress(OSError):
                socket.socket.shutdown(sock, socket.SHUT_RDWR)  # below TLS: nobody waits for it


class TlsConnection(Connection, smtplib.SMTP_SSL):
    """The same, encrypted from its first byte."""


@contextmanager
def conversation(server: Server, secret: Secret, limits: Limits) -> Iterator[Connection]:
    """A connection that is signed in; it says goodbye if all went well and is closed anyway."""
    with before_the_last_dot(server.host, server.port):
        smtp = _connect(server, trusted(server.ca_file), limits)
    try:
        with before_the_last_dot(server.host, server.port):
            smtp.wait_at_most(limits.answer)
            _sign_in(smtp, server, secret)
        yield smtp
        with suppress(smtplib.SMTPException, OSError):
            smtp.wait_at_most(_GOODBYE)
            smtp.quit()  # the mail is sent by now, whatever becomes of the goodbye
    finally:
        smtp.close()


def _connect(server: Server, tls: ssl.SSLContext, limits: Limits) -> Connection:
    if server.security == "tls":
        return TlsConnection(server, limits, context=tls)
    smtp = Connection(server, limits)
    try:
        smtp.ehlo_or_helo_if_needed()
        _encrypt(smtp, server, tls)
    except BaseException:
        smtp.close()
        raise
    return smtp


def _encrypt(smtp: Connection, server: Server, tls: ssl.SSLContext) -> None:
    """STARTTLS or nothing; what was received before it is thrown away with its reader."""
    try:
        smtp.starttls(context=tls)
    except smtplib.SMTPResponseException as error:
        if error.smtp_code < 500:
            raise
        raise _no_encryption(server) from error
    except smtplib.SMTPNotSupportedError as error:
        raise _no_encryption(server) from error


def _sign_in(smtp: Connection, server: Server, secret: Secret) -> None:
    smtp.ehlo_or_helo_if_needed()
    offered = smtp.esmtp_features.get("auth", "").upper().split()
    if not offered or not secret:
        return  # a relay in one's own network may ask for nothing; if it minds, it will say so
    if isinstance(secret, str):
        _by_password(smtp, server, secret, offered)
    else:
        _by_token(smtp, server, secret, offered)


def _by_token(smtp: Connection, server: Server, tokens: Bearer, offered: list[str]) -> None:
    """Show the token; one that is refused may have been called back, so try a new one, once."""
    how = bearer.mechanism(offered, server.host)
    if not how:
        raise no_token_taken(server.host)
    token = tokens.token()
    try:
        _show(smtp, server, how, token)
    except SignInRefused:
        fresh = tokens.token(refused=token)
        if fresh == token:
            raise
        _show(smtp, server, how, fresh)


def _show(smtp: Connection, server: Server, how: str, token: str) -> None:
    words = bearer.opening(how, user=server.user, token=token, host=server.host, port=server.port)
    whole = f"{how} {_base64(words)}"
    if len(whole) <= _LONGEST_COMMAND:
        code, text = smtp.docmd("AUTH", whole)
    else:
        code, text = smtp.docmd("AUTH", how)
        if code == 334:
            code, text = smtp.docmd(_base64(words))
    why = ""
    if code == 334:  # its reason; it says no only after an answer (RFC 7628 3.2.3)
        why = bearer.encoded_reason(text)
        code, text = smtp.docmd(_base64(bearer.closing(how)))
    if 500 <= code <= 599:
        spoken = " ".join(part for part in (why, text.decode("utf-8", "replace")) if part)
        raise token_refused(host=server.host, user=server.user, text=spoken.replace(token, "…"))
    if code != 235:
        raise answered(code, text, host=server.host, about=tr("our sign-in"))


def _by_password(smtp: Connection, server: Server, secret: str, offered: list[str]) -> None:
    if "PLAIN" in offered:
        words = _base64(f"\0{server.user}\0{secret}")
        code, text = smtp.docmd("AUTH", f"PLAIN {words}")
    elif "LOGIN" in offered:
        code, text = _login(smtp, server.user, secret)
    else:
        raise SignInRefused(
            tr(
                "{host} asks for a way of signing in that Frontburner does not know",
                host=server.host,
            ),
            tr("It offers {offered}.", offered=", ".join(offered)[:100]),
            tr("Ask your provider for an outgoing server that takes a name and a password."),
        )
    if 500 <= code <= 599:
        raise sign_in_refused(host=server.host, user=server.user, text=text)
    if code != 235:
        raise answered(code, text, host=server.host, about=tr("our sign-in"))


def _login(smtp: Connection, user: str, secret: str) -> tuple[int, bytes]:
    """The older dialogue: the name and the password on a line each."""
    code, text = smtp.docmd("AUTH", "LOGIN")
    for word in (user, secret):
        if code == 334:
            code, text = smtp.docmd(_base64(word))
    return code, text


def _base64(text: str) -> str:
    """Base64 of UTF-8: the standard library's own sign-in knows only ASCII passwords."""
    return base64.b64encode(text.encode()).decode("ascii")


def _setting(account: Account, name: str, meaning: str) -> KnownError:
    return KnownError(
        tr("{name} cannot send yet", name=account.name),
        tr("Its setting {name} has to be {meaning}.", name=name, meaning=meaning),
        tr("Set {name} in the account.", name=name),
    )


def _no_encryption(server: Server) -> SignInRefused:
    return SignInRefused(
        tr("{host} offers no encryption on port {port}", host=server.host, port=server.port),
        tr("The password and the reply would be readable on the way, so nothing was sent."),
        tr("Set the outgoing security to tls and the port to 465, or ask your provider."),
    )
