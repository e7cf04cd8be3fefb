"""Signing in with OAuth 2: a person says yes in a browser, here or on another machine.

    BrowserSignIn   this machine's browser, which brings the answer to loopback (RFC 8252, PKCE)
    DeviceSignIn    any browser, where a short code is typed in (RFC 8628)

Each is begun, shown to the person (`url`, `code`), and waited for; what comes out is Tokens.
"""

from __future__ import annotations

import base64
import hashlib
import secrets
import threading
import time
from datetime import UTC, datetime
from typing import Protocol
from urllib.parse import urlencode, urlsplit

from app.domain.clock import Clock
from app.domain.errors import KnownError, Refused, SignInRefused
from app.domain.translation import tr
from app.mail import oauth
from app.mail.failures import said
from app.mail.loopback import Loopback
from app.mail.oauth import AGAIN, Declined, Service, Tokens

PATIENCE = 300.0  # seconds that a person has in this machine's browser
_DEVICE_GRANT = "urn:ietf:params:oauth:grant-type:device_code"
_INTERVAL, _SLOWER = 5.0, 5.0  # seconds (RFC 8628 3.2 and 3.5)
_DEVICE_PATIENCE = 900.0


class SignIn(Protocol):
    """A sign-in that was begun."""

    url: str
    code: str
    seconds: int

    def wait(self) -> Tokens:
        """Until the person has answered. Raises SignInRefused, Unreachable or Refused."""

    def cancel(self) -> None:
        """Wait no more."""


class BrowserSignIn:
    """A sign-in in this machine's browser."""

    code = ""

    def __init__(
        self, service: Service, *, client_secret: str, clock: Clock, patience: float = PATIENCE
    ) -> None:
        self._service = service
        self._client_secret = client_secret
        self._clock = clock
        self._verifier = secrets.token_urlsafe(64)
        state = secrets.token_urlsafe(32)
        try:
            self._loopback = Loopback(state)
        except OSError as error:
            raise KnownError(
                tr("This machine lets nobody listen on 127.0.0.1"),
                error.strerror or "",
                tr("Sign in with a code instead, where the provider offers it."),
            ) from error
        self._redirect = f"{service.redirect}:{self._loopback.port}"
        self.url = self._address(state)
        self.seconds = int(patience)
        self._timer = threading.Timer(patience, self._loopback.close)
        self._timer.daemon = True
        self._timer.start()
        self._cancelled = False

    def wait(self) -> Tokens:
        """Until the browser has brought the answer, or the time is over."""
        self._loopback.over.wait()
        self._timer.cancel()
        answer = self._loopback.answer
        self._loopback.close()
        if self._cancelled:
            raise _cancelled()
        if answer is None:
            raise SignInRefused(
                tr("Nobody signed in"),
                tr("The browser brought no answer in {seconds} s.", seconds=self.seconds),
                tr(AGAIN),
            )
        if "error" in answer:
            words = said(answer.get("error_description", ""))
            raise oauth.refusal(self._service, Declined(said(answer["error"]), words))
        return self._exchanged(answer["code"])

    def cancel(self) -> None:
        """Wait no more, and listen no more."""
        self._cancelled = True
        self._timer.cancel()
        self._loopback.close()

    def _address(self, state: str) -> str:
        digest = hashlib.sha256(self._verifier.encode()).digest()
        asked = {
            "response_type": "code",
            "client_id": self._service.client_id,
            "redirect_uri": self._redirect,
            "scope": self._service.scope,
            "state": state,
            "code_challenge": base64.urlsafe_b64encode(digest).decode().rstrip("="),
            "code_challenge_method": "S256",
            "login_hint": self._service.user,
            **self._service.extra,
        }
        words = urlencode({name: value for name, value in asked.items() if value})
        join = "&" if urlsplit(self._service.auth_url).query else "?"
        return f"{self._service.auth_url}{join}{words}"

    def _exchanged(self, code: str) -> Tokens:
        form = {
            "grant_type": "authorization_code",
            "code": code,
            "redirect_uri": self._redirect,
            "code_verifier": self._verifier,
        }
        now = self._clock.now()
        try:
            answer = oauth.ask(
                self._service, self._service.token_url, form, client_secret=self._client_secret
            )
        except Declined as declined:
            raise oauth.refusal(self._service, declined) from None
        before = _nothing(self._client_secret)
        return oauth.tokens_of(self._service, answer, now=now, before=before)


class DeviceSignIn:
    """A sign-in on any machine, with a short code."""

    def __init__(
        self, service: Service, *, client_secret: str, clock: Clock, slower: float = _SLOWER
    ) -> None:
        """Asks the provider for a code. Raises Refused where it has no such sign-in."""
        self._service = service
        self._client_secret = client_secret
        self._clock = clock
        self._slower = slower
        self._end = threading.Event()
        if not service.device_url:
            raise Refused(
                tr("{name} offers no sign-in by code for mail", name=service.name),
                "",
                tr("Use the browser instead."),
            )
        try:
            answer = oauth.ask(
                service, service.device_url, {"scope": service.scope}, client_secret=client_secret
            )
        except Declined as declined:
            raise oauth.refusal(service, declined) from None
        self._device_code = str(answer.get("device_code", ""))
        self.code = str(answer.get("user_code", ""))[:40]
        address = str(answer.get("verification_uri", "") or answer.get("verification_url", ""))
        self.url = oauth.checked_url(address, name="verification_uri")
        self._interval = _seconds(answer.get("interval"), usual=_INTERVAL)
        patience = min(_seconds(answer.get("expires_in"), usual=PATIENCE), _DEVICE_PATIENCE)
        self.seconds = int(patience)
        self._deadline = time.monotonic() + patience

    def wait(self) -> Tokens:
        """Ask again and again, as often as the provider allows, until it says yes or no."""
        form = {"grant_type": _DEVICE_GRANT, "device_code": self._device_code}
        while not self._end.wait(self._interval):
            if time.monotonic() > self._deadline:
                raise oauth.refusal(self._service, Declined("expired_token", ""))
            now = self._clock.now()
            try:
                answer = oauth.ask(
                    self._service, self._service.token_url, form, client_secret=self._client_secret
                )
            except Declined as declined:
                if declined.code == "slow_down":
                    self._interval += self._slower
                elif declined.code != "authorization_pending":
                    raise oauth.refusal(self._service, declined) from None
            except KnownError as error:
                if not error.retry:
                    raise
                self._interval += self._slower  # RFC 8628 3.5: a line that breaks is no answer
            else:
                before = _nothing(self._client_secret)
                return oauth.tokens_of(self._service, answer, now=now, before=before)
        raise _cancelled()

    def cancel(self) -> None:
        """Ask no more."""
        self._end.set()


def _nothing(client_secret: str) -> Tokens:
    start = datetime.min.replace(tzinfo=UTC)
    return Tokens(access="", refresh="", expires_at=start, client_secret=client_secret)


def _seconds(given: object, *, usual: float) -> float:
    try:
        return max(0.05, float(str(given)))
    except ValueError:
        return usual


def _cancelled() -> Refused:
    return Refused(tr("The sign-in was called off"), "", tr(AGAIN))
