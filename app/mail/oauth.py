"""OAuth 2: what is said to a provider's token endpoint, and the tokens that it gives.

A sign-in (oauth_sign_in) ends here with tokens, and access_tokens renews them from here. Only the
standard library: one form goes out, one JSON object comes back. No error holds anything secret.
"""

from __future__ import annotations

import http.client
import json
import re
import ssl
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from typing import Any
from urllib.error import HTTPError, URLError
from urllib.parse import urlencode, urlsplit
from urllib.request import (
    HTTPRedirectHandler,
    HTTPSHandler,
    OpenerDirector,
    ProxyHandler,
    Request,
    build_opener,
)

from app.domain.clock import instant, rfc3339
from app.domain.errors import FrontburnerError, Refused, SecretsMissing, SignInRefused, Unreachable
from app.domain.translation import to_translate, tr
from app.mail.failures import certificate_rejected, said
from app.mail.providers import SignInPreset, preset, preset_of_host
from app.mail.tls import trusted

AGAIN = to_translate("Sign in again: in the window under Settings, or with `account sign-in`.")
ANSWER = 30.0  # seconds until a provider counts as silent
_LONGEST = 256_000
_TOKEN = re.compile(r"[\x21-\x7e]{1,16384}")
_USUAL = timedelta(hours=1)  # where the provider does not say how long a token lasts
_BRIEF, _LONG = timedelta(seconds=1), timedelta(days=30)
_HIDDEN = ("refresh_token", "code", "client_secret", "code_verifier", "device_code")
_PASSES = ("temporarily_unavailable", "server_error")
_LOOPBACK = ("127.0.0.1", "localhost", "::1")


class Declined(FrontburnerError):
    """The provider said no; `code` is its word for it (RFC 6749 5.2), `words` its explanation."""

    def __init__(self, code: str, words: str) -> None:
        super().__init__(code, words)
        self.code = code
        self.words = words


@dataclass(frozen=True, slots=True, kw_only=True)
class Service:
    """Where an account's owner signs in, and as which client."""

    name: str
    client_id: str
    auth_url: str
    token_url: str
    device_url: str = ""
    scope: str = ""
    redirect: str = "http://127.0.0.1"
    extra: Mapping[str, str] = field(default_factory=dict)
    wants_secret: bool = False
    user: str = ""
    ca_file: str = ""

    @classmethod
    def of(cls, settings: Mapping[str, str]) -> Service:
        """The service that an account's settings name, with what is known of its provider.

        `auth_url`, `token_url`, `device_url` and `scope` go over what is known. Raises Refused.
        """
        known = _known(settings)
        own = {key: settings[key] for key in _OWN if settings.get(key)}
        ends = {key: own.get(key, getattr(known, key, "")) for key in _OWN}
        if not settings.get("client_id"):
            raise Refused(
                tr("Signing in this way needs a client id of your own"),
                tr(known.help)
                if known
                else tr("The provider gives one to those who register a client."),
                tr("Set client_id; or use an app password where the provider has them."),
            )
        for key in ("auth_url", "token_url", "device_url"):
            if key != "device_url" or ends[key]:
                checked_url(ends[key], name=key)
        return cls(
            name=known.name if known else str(urlsplit(ends["token_url"]).hostname),
            client_id=settings["client_id"],
            redirect=known.redirect if known else "http://127.0.0.1",
            extra=known.extra if known else {},
            wants_secret=known is not None and known.client_secret,
            user=settings.get("user", "") or settings.get("address", ""),
            ca_file=settings.get("ca_file", "") if own else "",
            **ends,
        )


_OWN = ("auth_url", "token_url", "device_url", "scope")


@dataclass(frozen=True, slots=True, kw_only=True)
class Tokens:
    """What a sign-in gave. Without `refresh` the provider has taken the permission back."""

    access: str = field(repr=False)
    refresh: str = field(repr=False)
    expires_at: datetime
    client_secret: str = field(default="", repr=False)

    @property
    def text(self) -> str:
        """The tokens as they are sealed."""
        return json.dumps(
            {
                "access": self.access,
                "refresh": self.refresh,
                "expires_at": rfc3339(self.expires_at),
                "client_secret": self.client_secret,
            }
        )

    @classmethod
    def read(cls, text: str) -> Tokens:
        """The tokens that `text` was made of. Raises SecretsMissing if these are none."""
        try:
            kept = json.loads(text)
            return cls(
                access=str(kept["access"]),
                refresh=str(kept["refresh"]),
                expires_at=instant(kept["expires_at"]),
                client_secret=str(kept["client_secret"]),
            )
        except (ValueError, KeyError, TypeError):
            raise SecretsMissing(tr("Nobody is signed in to this account"), "", tr(AGAIN)) from None

    @property
    def taken_back(self) -> Tokens:
        """What is left when the provider no longer gives tokens: nothing to ask with again."""
        return replace(self, access="", refresh="")


def refreshed(service: Service, tokens: Tokens, *, now: datetime) -> Tokens:
    """New tokens for old (RFC 6749 6). Raises Declined or Unreachable."""
    form = {"grant_type": "refresh_token", "refresh_token": tokens.refresh}
    answer = ask(service, service.token_url, form, client_secret=tokens.client_secret)
    return tokens_of(service, answer, now=now, before=tokens)


def tokens_of(
    service: Service, answer: Mapping[str, Any], *, now: datetime, before: Tokens
) -> Tokens:
    """The tokens in a provider's yes; a refresh token that it does not repeat stays good."""
    access = answer.get("access_token")
    refresh = answer.get("refresh_token") or before.refresh
    if not isinstance(access, str) or not _TOKEN.fullmatch(access):
        raise _not_understood(service.name)
    if not isinstance(refresh, str) or not refresh:
        raise SignInRefused(
            tr("{name} let you in for an hour only", name=service.name),
            tr("It gave nothing to renew the sign-in with."),
            tr("Allow offline access for the client, then sign in again."),
        )
    return replace(before, access=access, refresh=refresh, expires_at=now + _lasts(answer))


def ask(
    service: Service, url: str, form: Mapping[str, str], *, client_secret: str
) -> dict[str, Any]:
    """Send a form and return the object that comes back.

    Raises Declined when the provider says no, Unreachable when it is away or busy.
    """
    filled = {"client_id": service.client_id, **form}
    if client_secret:
        filled["client_secret"] = client_secret
    status, body = _posted(service, url, filled)
    answer = _object(body)
    if status == 200 and answer and "error" not in answer:
        return answer
    if status >= 500 or status == 429 or answer.get("error") in _PASSES:
        raise Unreachable(
            tr("{name} is busy", name=service.name),
            tr("Its sign-in service asks to come back later."),
            tr("It is tried again by itself."),
        )
    if not isinstance(answer.get("error"), str):
        raise _not_understood(service.name)
    words = str(answer.get("error_description", ""))
    for name in _HIDDEN:
        words = words.replace(filled[name], "…") if filled.get(name) else words
    raise Declined(said(answer["error"]), said(words))


def refusal(service: Service, declined: Declined) -> SignInRefused:
    """What a provider's no means to the owner."""
    name, words = service.name, declined.words or declined.code
    if declined.code == "invalid_grant":
        return SignInRefused(
            tr("{name} asks you to sign in again", name=name),
            tr("It said: “{words}”", words=words),
            tr(AGAIN),
        )
    if declined.code in ("invalid_client", "unauthorized_client"):
        return SignInRefused(
            tr("{name} does not accept this client", name=name),
            tr("It said: “{words}”", words=words),
            tr("Compare client id and client secret with what the provider shows for your client."),
        )
    if declined.code == "access_denied":
        return SignInRefused(
            tr("The sign-in was not allowed"),
            tr("{name} was told no.", name=name),
            tr("Sign in again and allow it."),
        )
    if declined.code == "expired_token":
        return SignInRefused(
            tr("The code is no longer good"), tr("It was not used in time."), tr(AGAIN)
        )
    return SignInRefused(
        tr("{name} refused the sign-in", name=name),
        tr("It said: “{words}”", words=words),
        tr(AGAIN),
    )


def checked_url(url: str, *, name: str) -> str:
    """The address if secrets may be sent there: https, or this very machine. Raises Refused."""
    parts = urlsplit(url)
    loopback = parts.scheme == "http" and parts.hostname in _LOOPBACK
    if not parts.hostname or not (parts.scheme == "https" or loopback) or not url.isprintable():
        raise Refused(
            tr("The sign-in page of this provider is not known")
            if not url
            else tr("{name} is not safe", name=name),
            tr("Its setting {name} has to be an address that begins with https://.", name=name),
            tr("Set {name}, or use a password.", name=name),
        )
    return url


class _NoRedirect(HTTPRedirectHandler):
    """A form with secrets is not sent on to where somebody else says."""

    def redirect_request(self, *_: Any) -> None:
        return None


def _known(settings: Mapping[str, str]) -> SignInPreset | None:
    found = preset_of_host(settings.get("host", "")) or preset(settings.get("address", ""))
    if found and settings.get("host") and not preset_of_host(settings["host"]):
        return None  # an own server for an address of a known provider
    return found.oauth if found else None


def _posted(service: Service, url: str, form: Mapping[str, str]) -> tuple[int, bytes]:
    host = str(urlsplit(url).hostname)
    request = Request(  # noqa: S310 - checked_url let this address through
        url,
        data=urlencode(form).encode(),
        headers={"Accept": "application/json", "User-Agent": "Frontburner"},
    )
    try:
        return _sent(_opener(service, url), request)
    except ssl.SSLCertVerificationError as error:
        raise certificate_rejected(host, error) from None
    except (OSError, http.client.HTTPException):
        raise Unreachable(
            tr("{name} does not answer", name=service.name),
            tr("Its sign-in service at {host} could not be reached.", host=host),
            tr("It is tried again by itself; check this machine's connection to the internet."),
        ) from None


def _sent(opener: OpenerDirector, request: Request) -> tuple[int, bytes]:
    try:
        with opener.open(request, timeout=ANSWER) as answer:
            return answer.status, answer.read(_LONGEST)
    except HTTPError as error:
        with error:
            return error.code, error.read(_LONGEST)
    except URLError as error:
        raise (error.reason if isinstance(error.reason, OSError) else error) from None


def _opener(service: Service, url: str) -> OpenerDirector:
    context = trusted()
    if service.ca_file:
        trusted(service.ca_file)  # says what is wrong with the file, if something is
        context.load_verify_locations(service.ca_file)
    handlers = [_NoRedirect(), HTTPSHandler(context=context)]
    if url.startswith("http:"):  # this machine: nothing of it may pass a proxy
        return build_opener(*handlers, ProxyHandler({}))
    return build_opener(*handlers)


def _object(body: bytes) -> dict[str, Any]:
    try:
        found = json.loads(body)
    except ValueError:
        return {}
    return found if isinstance(found, dict) else {}


def _lasts(answer: Mapping[str, Any]) -> timedelta:
    try:
        seconds = min(int(answer["expires_in"]), _LONG.days * 86_400)
    except (KeyError, ValueError, TypeError, OverflowError):
        return _USUAL
    return max(_BRIEF, timedelta(seconds=seconds))


def _not_understood(name: str) -> Unreachable:
    return Unreachable(
        tr("{name} answered in a way that is no sign-in", name=name),
        tr("Its address may be wrong, or something in between changes what it says."),
        tr("Check token_url if you set it; it is tried again by itself."),
    )
