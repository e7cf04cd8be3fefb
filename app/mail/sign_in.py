"""Sign-in: an IMAP server is shown who we are, by a password or by a token. Part of the gateway.

What a server says when it does not let us in is told apart: it is only busy, the password or token
is refused, or it takes none of our ways. Neither stands in a sentence of ours.
"""

from __future__ import annotations

import imaplib
from collections.abc import Callable
from contextlib import AbstractContextManager

from imapclient import IMAPClient
from imapclient.exceptions import LoginError

from app.domain.errors import SignInRefused
from app.domain.translation import tr
from app.mail import bearer, failures
from app.mail.bearer import Bearer
from app.mail.imap_server import ImapServer
from app.mail.providers import sign_in_hint


class SignIn:
    """The ways in at one server. All raise SignInRefused, or Unreachable when it is only busy."""

    def __init__(
        self,
        client: IMAPClient,
        server: ImapServer,
        *,
        errors: Callable[[], AbstractContextManager[None]],
    ) -> None:
        """`errors` turns foreign exceptions into KnownErrors."""
        self._client = client
        self._server = server
        self._errors = errors

    def by_password(self, user: str, password: str) -> None:
        """By AUTHENTICATE PLAIN where the server has it, else by LOGIN."""
        with self._errors():
            try:
                self._authenticate(user, password)
            except (LoginError, imaplib.IMAP4.error) as error:
                if isinstance(error, imaplib.IMAP4.abort):
                    raise
                raise self._not_let_in(str(error), password) from None

    def by_token(self, user: str, tokens: Bearer) -> None:
        """Show the token; one that is refused may have been called back, so try a new one, once."""
        token = tokens.token()
        try:
            self._show(user, token)
        except SignInRefused:
            fresh = tokens.token(refused=token)
            if fresh == token:
                raise
            self._show(user, fresh)

    def _show(self, user: str, token: str) -> None:
        heard: list[bytes] = []
        with self._errors():
            how = bearer.mechanism(self._token_mechanisms(), self._server.host)
            if not how:
                raise failures.no_token_taken(self._server.host)
            words = bearer.opening(
                how, user=user, token=token, host=self._server.host, port=self._server.port
            )

            def answer(challenge: bytes) -> str:
                heard.append(challenge)  # the first is empty, the second says why not
                return words if len(heard) == 1 else bearer.closing(how)

            try:
                self._client.sasl_login(how, answer)
            except (LoginError, imaplib.IMAP4.error) as error:
                if isinstance(error, imaplib.IMAP4.abort):
                    raise
                why = bearer.reason(heard[-1]) if len(heard) > 1 else ""
                raise self._token_refused(str(error), why, token) from None

    def _token_mechanisms(self) -> list[str]:
        names = (name.decode("ascii", "replace") for name in self._client.capabilities())
        return [name.removeprefix("AUTH=") for name in names if name.startswith("AUTH=")]

    def _token_refused(self, words: str, why: str, token: str) -> Exception:
        words = words.replace(token, "…")
        if failures.lets_in_later(words):
            return failures.busy(self._server.host, words)
        words = ". ".join(part for part in (why.replace(token, "…"), failures.said(words)) if part)
        provider, _ = sign_in_hint(self._server.host)
        return failures.token_refused(provider=provider, user=self._server.user, words=words)

    def _authenticate(self, user: str, password: str) -> None:
        if self._client.has_capability("AUTH=PLAIN"):
            self._client.plain_login(user, password)
        elif user.isascii() and password.isascii():
            self._client.login(user, password)
        else:
            raise LoginError(tr("This server takes only plain letters and digits in a password"))

    def _not_let_in(self, words: str, password: str) -> Exception:
        words = words.replace(password, "…") if password else words
        if failures.lets_in_later(words):
            return failures.busy(self._server.host, words)
        provider, hint = sign_in_hint(self._server.host)
        known = provider != self._server.host
        return failures.sign_in_refused(
            provider=provider, user=self._server.user, hint=hint, words="" if known else words
        )
