"""Bearer: signing in with an access token, as IMAP and SMTP say it (XOAUTH2 and OAUTHBEARER).

A step of gateway and smtp_connection. The token goes onto the wire and nowhere else; what a server
gives as its reason for refusing it is decoded and shown.
"""

from __future__ import annotations

import base64
import binascii
import json
from collections.abc import Iterable
from typing import Any, Protocol

from app.domain.errors import Refused
from app.domain.translation import tr
from app.mail.failures import said

XOAUTH2, OAUTHBEARER = "XOAUTH2", "OAUTHBEARER"
_ASIDE = "\x01"  # what parts the fields, and what ends a refused OAUTHBEARER (RFC 7628 3.2.3)
_TELLING = ("status", "error", "error_description", "schemes", "scope")
_XOAUTH2_ONLY = ("outlook.com", "office365.com")  # they announce what they do not take


class Bearer(Protocol):
    """Has an access token for an account, and gets a new one when that is needed."""

    def token(self, *, refused: str = "") -> str:
        """A token that is good for some minutes; never the `refused` one if there is another.

        Raises SignInRefused when a person has to sign in again, Unreachable when it passes.
        """


Secret = str | Bearer
"""What an account signs in with: its password, or somebody who has a token."""


def mechanism(offered: Iterable[str], host: str) -> str:
    """How to show a token to this server: the standard where it is offered; "" where neither is."""
    names = {name.upper() for name in offered}
    order = [OAUTHBEARER, XOAUTH2]
    if any(f".{host.lower()}".endswith(f".{end}") for end in _XOAUTH2_ONLY):
        order.remove(OAUTHBEARER)
    return next((name for name in order if name in names), "")


def opening(how: str, *, user: str, token: str, host: str, port: int) -> str:
    """The client's first words, before base64. Raises Refused if the user name could forge them."""
    if any(letter < " " for letter in user):
        raise Refused(
            tr("The user name holds a control character"), "", tr("Check the account's user")
        )
    if how == XOAUTH2:
        return f"user={user}{_ASIDE}auth=Bearer {token}{_ASIDE}{_ASIDE}"
    name = user.replace("=", "=3D").replace(",", "=2C")  # RFC 5801 4
    fields = ("", f"host={host}", f"port={port}", f"auth=Bearer {token}", "", "")
    return f"n,a={name}," + _ASIDE.join(fields)


def closing(how: str) -> str:
    """What is said to a server that gave its reason, so that it can say no."""
    return _ASIDE if how == OAUTHBEARER else ""


def reason(challenge: bytes) -> str:
    """The reason in a server's challenge as plain words; "" where it gives none."""
    text = challenge.decode("utf-8", "replace")
    try:
        told: Any = json.loads(text)
    except ValueError:
        return said(text)
    if not isinstance(told, dict):
        return said(text)
    words = [f"{key} {told[key]}" for key in _TELLING if isinstance(told.get(key), str | int)]
    return said(", ".join(words))


def encoded_reason(challenge: bytes) -> str:
    """The same for a challenge that is still base64, as SMTP's is."""
    try:
        return reason(base64.b64decode(challenge, validate=True))
    except (binascii.Error, ValueError):
        return said(challenge.decode("utf-8", "replace"))
