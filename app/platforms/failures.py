"""Failures: what can go wrong between us and a platform, in the words of the shop's owner.

The room's edge: exceptions of the HTTP library and statuses go in, KnownErrors come out. None of
them holds an address beyond the host's name, and none a secret.
"""

from __future__ import annotations

import socket
import ssl

import httpx2

from app.domain.errors import Busy, CertificateRejected, KnownError, SignInRefused, Unreachable
from app.domain.translation import to_translate, tr

_AGAIN = to_translate("It is tried again by itself; nothing is lost.")
_WORDS = 160


class WebPage(Unreachable):
    """A web page came where an answer was asked for."""


def of_transport(name: str, host: str, error: httpx2.HTTPError) -> KnownError:
    """The library could not bring an answer."""
    inner = _inner(error)
    if isinstance(inner, ssl.SSLCertVerificationError):
        return CertificateRejected(
            tr("{host} could not prove who it is", host=host),
            tr(
                "Its certificate was not accepted: {verify_message}",
                verify_message=inner.verify_message,
            ),
            tr(
                "If it is your own server, choose the certificate file of its authority; "
                "if not, do not go on and ask who runs it."
            ),
        )
    if isinstance(inner, ssl.SSLError):
        return Unreachable(
            tr("No safe connection to {host}", host=host),
            tr("What answers there does not begin with encryption that is safe today"),
            tr("Check the address; it begins with https."),
        )
    if isinstance(inner, socket.gaierror):
        return Unreachable(
            tr("There is no server by the name {host}", host=host),
            tr("Its address could not be found"),
            tr("Check the shop's address and this machine's connection to the internet."),
        )
    if isinstance(error, httpx2.TimeoutException):
        return Unreachable(
            tr("{name} does not answer", name=name),
            tr("Nothing came from {host} in time", host=host),
            tr(_AGAIN),
        )
    if isinstance(error, httpx2.ConnectError):
        return Unreachable(
            tr("{name} does not answer", name=name),
            tr("Nobody answers at {host}", host=host),
            tr(_AGAIN),
        )
    return Unreachable(
        tr("The connection to {name} broke", name=name),
        tr("{host} ended it too soon", host=host),
        tr(_AGAIN),
    )


def unreadable(name: str, why: str) -> Unreachable:
    """The answer cannot be used."""
    return Unreachable(
        tr("{name} gave an answer that cannot be read", name=name),
        tr("The answer: {why}", why=why),
        tr(_AGAIN),
    )


def web_page(name: str, host: str, status: int) -> WebPage:
    """A firewall, a cache or a maintenance plug-in answered in the platform's place."""
    return WebPage(
        tr("{name} answered with a web page (status {status})", name=name, status=status),
        tr(
            "A firewall, a maintenance page or another program answers in front of {host}",
            host=host,
        ),
        tr("If this goes on, ask whoever hosts the shop to let Frontburner's requests through."),
    )


def passing(name: str, status: int, *, seconds: float | None) -> Unreachable:
    """A status that passes by itself; `seconds` is what the platform asks to wait."""
    if status in (429, 430) or seconds is not None:
        error = Busy(
            tr("{name} asks for patience", name=name),
            tr("It was asked more than it allows just now")
            if status != 503
            else tr("It is overloaded"),
            tr("It goes on by itself; nothing is lost."),
        )
        if seconds is not None:
            error.seconds = seconds
        return error
    return Unreachable(
        tr("{name} has a fault of its own (status {status})", name=name, status=status),
        "",
        tr(_AGAIN),
    )


def out_of_time(name: str) -> Unreachable:
    """A round took longer than it may."""
    return Unreachable(
        tr("{name} answers too slowly", name=name),
        tr("The round was ended after its time"),
        tr(_AGAIN),
    )


def moved(name: str, host: str, target: str) -> KnownError:
    """The platform sends us to another server, which must not get the key unasked."""
    return KnownError(
        tr("{name} sends us from {host} to {target}", name=name, host=host, target=target),
        tr("The shop may have been renamed, or its domain no longer belongs to it"),
        tr(
            "If that is your shop, set its new address in Settings; the key is not sent there"
            " unasked."
        ),
    )


def refused(name: str, status: int, words: str = "") -> SignInRefused:
    """The key is not accepted, or may not do this."""
    said = (
        tr("It says: {words}", words=shown(words))
        if words
        else tr("It answered with status {status}", status=status)
    )
    return SignInRefused(
        tr("{name} does not accept the key", name=name),
        said,
        tr(
            "The account is paused. Make a new key, or give this one the missing permission, "
            "and sign in again under Settings."
        ),
    )


def not_understood(name: str, status: int, words: str = "") -> KnownError:
    """The platform says that our question is wrong: that is our bug, or it is another version."""
    said = f": {shown(words)}" if words else ""
    return KnownError(
        tr(
            "{name} did not understand the question (status {status}){said}",
            name=name,
            status=status,
            said=said,
        ),
        tr("It may be of a version that Frontburner does not know"),
        tr("Try again later, and report this if it goes on."),
    )


def shown(words: str) -> str:
    """A platform's words as plain text, cut short, never trusted."""
    plain = " ".join("".join(sign if sign.isprintable() else " " for sign in words).split())
    return plain if len(plain) <= _WORDS else plain[: _WORDS - 1] + "…"


def _inner(error: BaseException) -> BaseException:
    """The socket's or TLS's own error, behind what the libraries made of it."""
    seen: BaseException | None = error
    while seen is not None:
        if isinstance(seen, ssl.SSLError | socket.gaierror):
            return seen
        seen = seen.__cause__ or seen.__context__
    return error


def no_shop(host: str) -> KnownError:
    """Nobody sells there any more, or never did."""
    return KnownError(
        tr("There is no shop at {host}", host=host),
        tr("It was renamed or closed, or the name is mistyped"),
        tr("Check the shop's .myshopify.com name in its admin, and set it in Settings."),
    )


def shop_frozen(name: str, status: int) -> KnownError:
    """The shop is there, and the platform lets nobody in."""
    why = tr("It has unpaid bills") if status == 402 else tr("The platform has locked it")
    return KnownError(
        tr("{name} has closed this shop for now (status {status})", name=name, status=status),
        tr("{why}, so nothing can be read of it", why=why),
        tr("Sign in to the shop's admin: it says what to do."),
    )
