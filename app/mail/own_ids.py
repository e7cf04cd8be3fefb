"""Own ids: the Message-IDs of our mails name their issue, and are signed, so that nobody can make
one up.

`compose` writes them into what is sent. When an answer comes, the engine looks for them wherever
programs on the way left them: in References that a relay has rewritten, or in quoted headers.
The form is `fb.<issue's key>.<random>.<signature>@<domain>`; the domain is not signed, because
some relays put their own there.
"""

from __future__ import annotations

import hashlib
import hmac
import re
import secrets
from collections.abc import Callable, Iterable
from itertools import islice

from app.domain.message import Message
from app.mail.mail_address import wire_domain

_RANDOM_BYTES = 16
_SIGNATURE_DIGITS = 16  # 64 bits: no guess in a lifetime, and a line stays short
_MOST_TEXT = 200_000
_MOST_IDS = 50
_SHAPE = re.compile(
    rf"\bfb\.(i1_[a-z2-7]{{4,40}})\.([0-9a-f]{{{2 * _RANDOM_BYTES}}})"
    rf"\.([0-9a-f]{{{_SIGNATURE_DIGITS}}})(?![0-9a-z])"
)
_MARK = "fb.i1_"
_HEADERS = ("in-reply-to", "references")


def new(issue_key: str, domain: str, *, key: bytes) -> str:
    """A Message-ID that never was before and tells the issue, without angle brackets.

    `domain` is that of the shop's own address, `key` the profile's own.
    """
    name = re.sub(r"[^a-z0-9_]", "", issue_key.lower())
    unsigned = f"fb.{name}.{secrets.token_hex(_RANDOM_BYTES)}"
    place = wire_domain(domain) if domain else "frontburner.invalid"
    return f"{unsigned}.{_signature(unsigned, key)}@{place}"


def answered(message: Message, *, key: Callable[[], bytes]) -> tuple[str, ...]:
    """The keys of the issues that our ids in the mail's References and In-Reply-To name.

    `key` is asked for the profile's key only where something looks like one of our ids.
    """
    return _issues((one for name in _HEADERS for one in message.headers.get(name, ())), key)


def quoted(message: Message, *, key: Callable[[], bytes]) -> tuple[str, ...]:
    """The keys of the issues that our ids in the mail's text name; `key` as for `answered`."""
    return _issues((message.text[:_MOST_TEXT],), key)


def _issues(texts: Iterable[str], key: Callable[[], bytes]) -> tuple[str, ...]:
    found: dict[str, None] = {}
    for text in map(str.lower, texts):  # some relays write ids in capitals
        if _MARK not in text:
            continue
        for match in islice(_SHAPE.finditer(text), _MOST_IDS):
            name, random, signature = match.groups()
            if hmac.compare_digest(signature, _signature(f"fb.{name}.{random}", key())):
                found[name] = None
    return tuple(found)


def _signature(unsigned: str, key: bytes) -> str:
    digest = hmac.new(key, unsigned.encode(), hashlib.sha256).hexdigest()
    return digest[:_SIGNATURE_DIGITS]
