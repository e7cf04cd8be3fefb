"""Authenticity: whether a mail pretends to be somebody else, and what gives it away.

Part of the gate. The lure of a false dispute notice has the shape of a true one; so a notice from
anywhere but the provider's own domain only *claims to be*, and never rings. Of several
Authentication-Results only the top one is read: the others may be forged (RFC 8601, section 5).
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from functools import lru_cache
from urllib.parse import urlsplit

from app.domain.assessment import MessageContext, Suspicion
from app.domain.message import Message
from app.triage.gate import Origin, is_under
from app.triage.phrases import Hit
from app.triage.rules import Rules
from app.triage.schema import Provider
from app.triage.words import fold

_LINK = re.compile(r"(?:https?|hxxps?)://[^\s<>\"')\]]{3,200}", re.IGNORECASE)
_ANCHOR = re.compile(
    r"<a\s[^>]{0,400}?href=[\"']?([^\"'\s>]{4,300})[^>]{0,200}>([^<]{4,120})<", re.IGNORECASE
)
_SHOWN_HOST = re.compile(r"^\s*(?:https?://)?([a-z0-9-]+(?:\.[a-z0-9-]+)+)", re.I)
_RESULT = re.compile(r"\b(spf|dkim|dmarc)\s*=\s*(\w+)", re.IGNORECASE)
_FAILED = ("fail", "permerror", "softfail")
_SHORTEST_IMITATED = 5

# What eyes take for one another: shown letters on the left, the ones they imitate on the right.
_LOOKALIKES = str.maketrans({"0": "o", "1": "l", "3": "e", "5": "s", "|": "l"})

_WORD = re.compile(r"[^\W_]+")


def suspicion_of(
    message: Message,
    context: MessageContext,
    *,
    origin: Origin,
    hits: Iterable[Mapping[str, tuple[Hit, ...]]],
    speaks_of_dispute: bool,
    rules: Rules,
) -> Suspicion:
    """Weigh what the mail claims to be against where it came from and what it asks for."""
    if origin.relay or message.from_ is None:
        return Suspicion()
    because: list[str] = []
    weight = _forged(message, rules, because)
    claimed = _claimed(message, rules)
    genuine = claimed is not None and is_under(message.from_.domain, claimed.domains)
    lured = _lures(hits, rules, because)
    if claimed is not None and not genuine:
        because.insert(
            0, f"it claims to be {claimed.name}, but was sent from {message.from_.domain}"
        )
        weight += 2.0 + (1.0 if speaks_of_dispute else 0.0) + _elsewhere(message, claimed, because)
    if weight or not (genuine or _is_known(context)):
        weight += lured
    weight += _misleading_links(message, because)
    suspicious = weight >= 3.0
    return Suspicion(is_suspicious=suspicious, because=tuple(because) if suspicious else ())


def is_genuine_notice(message: Message, rules: Rules) -> bool:
    """Whether a provider's own domain sent it and nothing says that this is forged."""
    domain = message.from_.domain if message.from_ else ""
    return rules.provider_of(domain) is not None and not _forged(message, rules, [])


def _is_known(context: MessageContext) -> bool:
    return context.known_customer or context.reply_to_ours


def _claimed(message: Message, rules: Rules) -> Provider | None:
    """The provider that the sender's name or domain claims to be, if any."""
    assert message.from_ is not None
    genuine = rules.provider_of(message.from_.domain)
    if genuine:
        return genuine
    name = f" {' '.join(_WORD.findall(_plain(message.from_.name)))} "
    labels = _plain(message.from_.domain)
    for provider in rules.gate.provider:
        for claim in provider.claims:
            if f" {claim} " in name or _imitates(claim.replace(" ", ""), labels):
                return provider
    return None


def _plain(text: str) -> str:
    return fold(text).translate(_LOOKALIKES)


@lru_cache(maxsize=8192)
def _imitates(claim: str, domain: str) -> bool:
    """Whether a part of the domain is the claimed name, or one letter away from it."""
    if len(claim) < _SHORTEST_IMITATED - 1:
        return False
    for part in re.split(r"[.\-_]", domain.replace("rn", "m")) + re.split(r"[.\-_]", domain):
        if part == claim:
            return True
        if len(claim) >= _SHORTEST_IMITATED and _one_letter_apart(part, claim):
            return True
    return False


def _one_letter_apart(one: str, other: str) -> bool:
    if abs(len(one) - len(other)) > 1 or not one or one[0] != other[0]:
        return False
    pairs = zip(one, other, strict=False)
    same_start = next((i for i, (a, b) in enumerate(pairs) if a != b), None)
    if same_start is None:
        return len(one) != len(other)
    rest, other_rest = one[same_start:], other[same_start:]
    swapped = rest[:2] == other_rest[:2][::-1] and rest[2:] == other_rest[2:]
    return swapped or rest[1:] == other_rest[1:] or rest[1:] == other_rest or rest == other_rest[1:]


def _forged(message: Message, rules: Rules, because: list[str]) -> float:
    """3 when the provider's or the receiver's own checks say that the sender is not who he says."""
    results = {name.lower(): verdict.lower() for name, verdict in
               _RESULT.findall(message.header("authentication-results"))}  # fmt: skip
    domain = message.from_.domain if message.from_ else ""
    if rules.provider_of(domain) is None:
        return 0.0
    spf_and_dkim = results.get("spf") in _FAILED and results.get("dkim") != "pass"
    if results.get("dmarc") == "fail" or (results.get("dmarc") != "pass" and spf_and_dkim):
        because.append(f"the mail server's check says that it does not come from {domain}")
        return 3.0
    return 0.0


def _lures(
    hits: Iterable[Mapping[str, tuple[Hit, ...]]], rules: Rules, because: list[str]
) -> float:
    weight = 0.0
    found = {name: h[0].quote for part in hits for name, h in part.items() if name in rules.lures}
    for name, quote in found.items():
        weight += rules.lures[name].weight
        because.append(f"it asks for what no provider asks for by mail: “{quote}”")
    return weight


def _elsewhere(message: Message, claimed: Provider, because: list[str]) -> float:
    """1 for an answer address or a link outside the provider that the mail claims to be."""
    for address in message.reply_to:
        if not is_under(address.domain, claimed.domains):
            because.append(f"an answer would go to {address.domain}")
            return 1.0
    for host in _hosts(message.new_text):
        if not is_under(host, claimed.domains):
            because.append(f"its link leads to {host}")
            return 1.0
    return 0.0


def _hosts(text: str) -> Iterable[str]:
    for link in _LINK.findall(text):
        try:
            host = urlsplit("http" + link[link.index("://") :]).hostname
        except ValueError:
            continue
        if host:
            yield host


def _misleading_links(message: Message, because: list[str]) -> float:
    """2 when a link shows one host and leads to another."""
    for target, shown in _ANCHOR.findall(message.html[:200_000]):
        told = _SHOWN_HOST.match(shown)
        real = next(iter(_hosts(target)), "")
        if told and real and not _same_site(told[1].lower(), real):
            because.append(f"a link shows {told[1]} and leads to {real}")
            return 2.0
    return 0.0


def _same_site(one: str, other: str) -> bool:
    return one.split(".")[-2:] == other.split(".")[-2:]
