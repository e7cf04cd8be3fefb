"""Signing in: the verbs for accounts whose owner signs in in the browser (OAuth 2).

Two steps, because a person stands between them: `start` gives the page to open (and the code to
type there, where asked for), `finish` waits for the answer and connects the account.
"""

from __future__ import annotations

import secrets
import threading
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from app.domain.account import Account, AccountType
from app.domain.clock import Clock
from app.domain.errors import KnownError, Refused
from app.domain.pasted import trimmed
from app.domain.translation import tr
from app.engine.account_settings import completed
from app.engine.connecting import Connecting
from app.engine.desk import Verb
from app.mail.oauth import AGAIN, Service, Tokens
from app.mail.oauth_sign_in import BrowserSignIn, DeviceSignIn, SignIn


@dataclass(frozen=True, slots=True, kw_only=True)
class _Begun:
    """A sign-in that somebody is at; `settings` are those of a new account, None for an old one."""

    name: str
    settings: Mapping[str, str] | None
    check: bool
    sign_in: SignIn


class SigningIn:
    """Keeps the sign-ins that were begun; one for each name."""

    def __init__(self, *, connecting: Connecting, clock: Clock) -> None:
        self._connecting = connecting
        self._clock = clock
        self._lock = threading.Lock()
        self._begun: dict[str, _Begun] = {}
        self._awaited: set[str] = set()

    def verbs(self) -> dict[str, Verb]:
        """The verbs by the names that desks use."""
        return {
            "account_oauth_start": self.start,
            "account_oauth_finish": self.finish,
            "account_oauth_cancel": self.cancel,
        }

    def start(
        self,
        name: str,
        settings: Mapping[str, str] | None = None,
        *,
        secret: str = "",
        device: bool = False,
        check: bool = True,
    ) -> dict[str, Any]:
        """Begin: the page to open, and with `device` the code to enter there.

        With `settings` for a new account, without for one that is there. `secret` is the client's
        secret where its provider gives one; an account that is there keeps its own. Where nothing
        can be locked, that is said now, and not after all the work in the browser.
        """
        if settings is None:
            account = self._connecting.account(name)
            service, secret = _service(account), secret or self._kept_secret(account)
        else:
            settings = completed(AccountType.IMAP, {**settings, "auth": "oauth"})
            self._connecting.refuse_if_there(name, AccountType.IMAP, settings)
            service = Service.of(settings)
        if service.wants_secret and not secret:
            raise Refused(
                tr("{name} gives each client a client secret", name=service.name),
                tr("Without it, it lets nobody in."),
                tr("Enter it: with --client-secret, or in its field in the window."),
            )
        self._connecting.need_keyring()
        kind = DeviceSignIn if device else BrowserSignIn
        sign_in = kind(service, client_secret=trimmed(secret), clock=self._clock)
        begun = _Begun(name=name, settings=settings, check=check, sign_in=sign_in)
        return {
            "sign_in": self._keep(begun),
            "url": sign_in.url,
            "code": sign_in.code,
            "provider": service.name,
            "seconds": sign_in.seconds,
        }

    def finish(self, sign_in: str) -> dict[str, Any]:
        """Wait until the person has answered; then the account works, or an error says why not."""
        begun = self._claim(sign_in)
        try:
            secret = begun.sign_in.wait().text
        except KnownError as error:
            raise _in_its_place(error, is_new=begun.settings is not None) from error
        finally:
            self._forget(sign_in)
        if begun.settings is None:
            return self._connecting.sign_in(begun.name, secret)
        return self._connecting.add(
            begun.name, AccountType.IMAP.value, begun.settings, secret=secret, check=begun.check
        )

    def cancel(self, sign_in: str) -> dict[str, Any]:
        """Call a sign-in off; one that is over already stays as it is."""
        begun = self._forget(sign_in)
        if begun is not None:
            begun.sign_in.cancel()
        return {}

    def _keep(self, begun: _Begun) -> str:
        number = secrets.token_urlsafe(12)
        with self._lock:
            older = [key for key, one in self._begun.items() if one.name == begun.name]
            self._begun[number] = begun
        for key in older:
            self.cancel(key)
        return number

    def _claim(self, number: str) -> _Begun:
        """The sign-in, for the one who waits for it: its code is good for one exchange."""
        with self._lock:
            begun = self._begun.get(number)
            if begun is None or number in self._awaited:
                raise Refused(tr("This sign-in is over"), "", tr("Begin it again."))
            self._awaited.add(number)
        return begun

    def _forget(self, number: str) -> _Begun | None:
        with self._lock:
            self._awaited.discard(number)
            return self._begun.pop(number, None)

    def _kept_secret(self, account: Account) -> str:
        try:
            return Tokens.read(self._connecting.secret_of(account)).client_secret
        except KnownError:
            return ""  # nothing is kept, or it cannot be opened: it is asked for where needed


def _in_its_place(error: KnownError, *, is_new: bool) -> KnownError:
    """Of an account that is not there yet, Settings know nothing."""
    if not is_new or error.hint != tr(AGAIN):
        return error
    hint = tr("Nothing was connected. Begin the sign-in once more.")
    return type(error)(error.title, error.message, hint)


def _service(account: Account) -> Service:
    if account.settings.get("auth") != "oauth" or account.secret_command:
        raise Refused(
            tr("{name} does not sign in in the browser", name=account.name),
            tr("It was connected with a password or with a command."),
            tr("Remove it and add it again with auth=oauth."),
        )
    return Service.of(account.settings)
