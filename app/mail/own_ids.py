"""Own ids: the Message-IDs of our mails name their issue, and are signed, so that nobody can make
one up.

`compose` writes them into what is sent. When an answer comes, the engine looks for them wherever
programs on the way left them: in References that a relay has rewritten, or in quoted headers.
The form is `fb.<issue's key>.<random>.<signature>@<domain>`; the domain is not signed, because
some relays put their own there. Where a mailbox takes addresses with a +, answers are asked to
`support+fb.<issue>.<signature>@<domain>`, which says the same without any header of a thread.
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
_RETURN = re.compile(rf"\+fb\.([a-z2-7]{{4,40}})\.([0-9a-f]{{{_SIGNATURE_DIGITS}}})@")
_RETURN_MARK = "+fb."
_TO_US = ("to", "cc", "delivered-to", "x-original-to", "envelope-to")
_KEY_PREFIX = "i1_"
_LOCAL_MAX = 64  # RFC 5321 4.5.3.1.1


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


def return_address(email: str, issue_key: str, *, key: bytes) -> str:
    """Our address with the issue behind a +, signed: answers to it name the issue by themselves.

    Only for a mailbox that takes such addresses; empty where it would be longer than mail allows.
    """
    local, at, domain = email.strip().rpartition("@")
    name = issue_key.lower().removeprefix(_KEY_PREFIX)
    marked = f"{local.partition('+')[0]}{_RETURN_MARK}{name}.{_signature(_return_of(name), key)}"
    fits = bool(at) and len(marked) <= _LOCAL_MAX and _RETURN.search(f"{marked}@") is not None
    return f"{marked}@{domain}" if fits else ""


def may_name(message: Message) -> bool:
    """Whether anything in a mail looks like one of our ids or return addresses."""
    said = (one for name in _HEADERS for one in message.headers.get(name, ()))
    to = (one for name in _TO_US for one in message.headers.get(name, ()))
    return (
        _MARK in message.text[:_MOST_TEXT].lower()
        or any(_MARK in one.lower() for one in said)
        or any(_RETURN_MARK in one.lower() for one in to)
    )


def returned_to(message: Message, *, key: Callable[[], bytes]) -> tuple[str, ...]:
    """The keys of the issues that our return addresses in a mail's To and Cc name."""
    found: dict[str, None] = {}
    texts = (one for name in _TO_US for one in message.headers.get(name, ()))
    for text in map(str.lower, texts):
        if _RETURN_MARK not in text:
            continue
        for name, signature in islice(_RETURN.findall(text), _MOST_IDS):
            if hmac.compare_digest(signature, _signature(_return_of(name), key())):
                found[_KEY_PREFIX + name] = None
    return tuple(found)


def _return_of(name: str) -> str:
    """What is signed: other words than those of a Message-ID, so that neither makes the other."""
    return f"return:{name}"


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
