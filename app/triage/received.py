"""Received: what the owner's own mail host found when it checked who sent a mail (RFC 8601).

Part of authenticity. Anybody can write an Authentication-Results line into a mail; only the line of
the host that received it for us counts, and that is the first one that bears its name. Lines below
may be forged.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from enum import StrEnum

from app.domain.message import Message

_RESULT = re.compile(r"\b(spf|dkim|dmarc)\s{0,3}=\s{0,3}(\w{1,20})", re.IGNORECASE)
_SIGNED_BY = re.compile(r"header\.[di]\s{0,3}=\s{0,3}@?([\w.@-]{1,255})", re.IGNORECASE)
_MAILED_BY = re.compile(r"smtp\.mailfrom\s{0,3}=\s{0,3}<?([\w.+=@-]{1,320})", re.IGNORECASE)
_FAILED = ("fail", "permerror", "softfail")
_READ = 4_000

# Receiving hosts that bear another name than the host that mail is fetched from.
_KNOWN_HOSTS = {
    "gmail.com": ("mx.google.com",),
    "googlemail.com": ("mx.google.com",),
    "me.com": ("icloud.com",),
    "fastmail.com": ("messagingengine.com",),
    "ionos.de": ("kundenserver.de",),
    "ionos.com": ("perfora.net", "kundenserver.de"),
    "1und1.de": ("kundenserver.de",),
    "protonmail.ch": ("mail.protonmail.ch",),
    "yandex.com": ("yandex.ru", "yandex.net"),
}
# Second-level names under which everybody may register.
_SHARED = frozenset(("co", "com", "org", "net", "ac", "gov", "edu"))


class Verdict(StrEnum):
    """What was found: the sender is the one he says, is not, or nobody of ours has checked."""

    PASS = "pass"  # noqa: S105 - a verdict, no secret
    FAIL = "fail"
    NONE = "none"
    UNTRUSTED = "untrusted"


def receiving_hosts(mail_host: str, own_address: str) -> tuple[str, ...]:
    """The names under which the host of an account may sign what it checked."""
    fetched_from = site(mail_host)
    own = own_address.rpartition("@")[2].lower()
    names = (fetched_from, *_KNOWN_HOSTS.get(fetched_from, ()), *_KNOWN_HOSTS.get(own, ()), own)
    return tuple(dict.fromkeys(name for name in names if "." in name))


def verdict(message: Message, trusted: Iterable[str]) -> Verdict:
    """What the first line of a trusted host says about the address in From.

    Where no host is known to be ours, a line that speaks against the mail still counts (nobody
    forges that), and one that speaks for it is UNTRUSTED.
    """
    lines = _lines(message)
    ours = _ours(lines, trusted)
    found = _found(ours, message) if ours is not None else Verdict.NONE
    if found is Verdict.NONE and lines:
        first = _found(lines[0], message)
        if first is Verdict.FAIL:
            return first
        return Verdict.UNTRUSTED if ours is None and first is Verdict.PASS else found
    return found


def is_forged(message: Message, trusted: Iterable[str]) -> bool:
    """Whether the check of the domain in From failed (DMARC), by the line that counts.

    Stricter than a FAIL of `verdict`: a mail that somebody forwarded fails SPF and is no forgery.
    """
    lines = _lines(message)
    ours = _ours(lines, trusted)
    line = ours if ours is not None else next(iter(lines), "")
    return any(
        name.lower() == "dmarc" and result.lower() in _FAILED
        for name, result in _RESULT.findall(line)
    )


def site(host: str) -> str:
    """The part of a host's name that somebody registered: mail.shop.co.uk is shop.co.uk."""
    labels = host.strip(".").lower().split(".")
    wanted = 3 if len(labels) > 2 and labels[-2] in _SHARED and len(labels[-1]) == 2 else 2
    return ".".join(labels[-wanted:])


def _lines(message: Message) -> list[str]:
    return [line[:_READ] for line in message.headers.get("authentication-results", ())]


def _ours(lines: Sequence[str], trusted: Iterable[str]) -> str | None:
    """The first line that a trusted host wrote."""
    hosts = tuple(trusted)
    return next((line for line in lines if _is_by(line, hosts)), None)


def _is_by(line: str, hosts: Iterable[str]) -> bool:
    name = line.split(";", 1)[0].strip().split(" ", 1)[0].lower()
    return any(name == host or name.endswith(f".{host}") for host in hosts)


def _found(line: str, message: Message) -> Verdict:
    results = {name.lower(): result.lower() for name, result in reversed(_RESULT.findall(line))}
    sender = site(message.from_.domain) if message.from_ else ""
    if results.get("dmarc") == "pass":
        return Verdict.PASS
    if results.get("dmarc") in _FAILED:
        return Verdict.FAIL
    passes = [
        pattern
        for name, pattern in (("dkim", _SIGNED_BY), ("spf", _MAILED_BY))
        if results.get(name) == "pass"
    ]
    if any(_same_site(pattern, line, sender) for pattern in passes):
        return Verdict.PASS
    if results.get("spf") in _FAILED and results.get("dkim") != "pass":
        return Verdict.FAIL
    return Verdict.NONE


def _same_site(pattern: re.Pattern[str], line: str, sender: str) -> bool:
    named = (match.rpartition("@")[2] for match in pattern.findall(line))
    return bool(sender) and any(site(domain) == sender for domain in named)
