"""Mail addresses as they travel: checked, with the domain in the letters of the wire.

On the walk: compose and smtp ask here before an address reaches a header or a command.
"""

from __future__ import annotations

import re
import unicodedata

from app.domain.errors import Refused
from app.domain.translation import tr

# RFC 5321 4.5.3.1: the longest local part, domain and label that a server must accept.
_LOCAL_MAX, _DOMAIN_MAX, _LABEL_MAX = 64, 255, 63
_ATOM = r"[^\s\x00-\x1f\x7f()<>\[\]:;@\\,\"]+"  # RFC 5322 3.2.3, with the letters of RFC 6531
_LOCAL = re.compile(_ATOM)
_LABEL = re.compile(r"[a-z0-9_](?:[a-z0-9_-]*[a-z0-9_])?")
_LETTERS = ("L", "M", "N")


def wire_address(email: str) -> str:
    """The address as a server wants it: `ben@müller.example` has its domain in ASCII.

    Refused if it is not an address that mail can go to. Quoted local parts are not supported.
    """
    local, at, domain = email.strip().rpartition("@")
    if not at or not _LOCAL.fullmatch(local) or len(local.encode()) > _LOCAL_MAX:
        raise _not_an_address(email)
    return f"{local}@{wire_domain(domain)}"


def wire_domain(domain: str) -> str:
    """The domain in ASCII, each label by Punycode where it needs it (RFC 5891).

    The standard library's "idna" codec follows the older RFC 3490 and would turn straße.example
    into strasse.example, which belongs to somebody else.
    """
    labels = [_wire_label(label) for label in domain.rstrip(".").split(".")]
    name = ".".join(labels)
    if not all(labels) or len(name) > _DOMAIN_MAX:
        raise _not_an_address(domain)
    return name


def needs_utf8(*emails: str) -> bool:
    """Whether any of these has a local part that only SMTPUTF8 can carry (RFC 6531)."""
    return not all(email.rpartition("@")[0].isascii() for email in emails)


def _wire_label(label: str) -> str:
    """The label in ASCII, or an empty text if it cannot be one."""
    plain = unicodedata.normalize("NFC", label.lower())
    if plain.isascii():
        return plain if _LABEL.fullmatch(plain) and len(plain) <= _LABEL_MAX else ""
    if not all(c == "-" or unicodedata.category(c)[0] in _LETTERS for c in plain):
        return ""
    encoded = "xn--" + plain.encode("punycode").decode("ascii")
    return encoded if len(encoded) <= _LABEL_MAX else ""


def _not_an_address(text: str) -> Refused:
    shown = "".join(c if c.isprintable() else "?" for c in text)[:100]
    return Refused(
        tr("“{shown}” is not a mail address", shown=shown),
        tr("A reply needs an address such as ben@example.com."),
        tr("Correct the address and send again."),
    )
