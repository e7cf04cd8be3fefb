"""Authenticity: whether a mail pretends to be somebody else, and what gives it away.

Part of the gate. The lure of a false dispute notice has the shape of a true one; so a notice from
anywhere but the provider's own domain only *claims to be*, and never rings. What the owner's own
mail host found is read by `received`, names that look alike by `lookalikes`.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from urllib.parse import urlsplit

from app.domain.assessment import MessageContext, Suspicion
from app.domain.message import Message
from app.domain.translation import to_translate, tr
from app.triage.gate import Origin, is_under
from app.triage.lookalikes import imitates, is_disguised, seems, shown
from app.triage.phrases import Hit
from app.triage.received import Verdict, is_forged, site, verdict
from app.triage.rules import Rules
from app.triage.schema import Provider
from app.triage.words import READ_AT_MOST

_LINK = re.compile(r"(?:https?|hxxps?)://[^\s<>\"')\]]{3,200}", re.IGNORECASE)
_ANCHOR = re.compile(
    r"<a\s[^>]{0,400}?href=[\"']?([^\"'\s>]{4,300})[^>]{0,200}>([^<]{4,120})<", re.IGNORECASE
)
_SHOWN_HOST = re.compile(r"^\s*(?:https?://)?([a-z0-9-]+(?:\.[a-z0-9-]+)+)", re.I)
_WORD = re.compile(r"[^\W_]+")
_ARCHIVES = (".zip", ".rar", ".7z", ".iso", ".img", ".gz", ".ace", ".cab")
_PROGRAMS = (".exe", ".scr", ".js", ".vbs", ".lnk", ".bat", ".cmd", ".htm", ".html", ".hta", ".jar")
_PASSWORD = re.compile(
    r"(?:password|passcode|passwort|kennwort|mot de passe|contrase[nñ]a|clave|wachtwoord"
    r"|palavra-passe|senha|has[lł]o)\s{0,3}[:=(]|password\s{1,3}(?:is|for the|to open)",
    re.IGNORECASE,
)
_SUSPICIOUS_FROM = 3.0
_ASKS = to_translate("it asks for what no provider asks for by mail")
_MOST_LINKS = 40
_PAYOUT = "payout.changed"  # the rule that finds word of a changed payout account


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
    weight = _forged(message, context, rules, because)
    claimed = _claimed(message, rules)
    genuine = claimed is not None and is_under(message.from_.domain, claimed.domains)
    found = tuple(hits)
    lured = _lures(found, rules, because)
    strange = not (genuine or _is_known(context))
    disguise = _lookalike_link(message, rules) if strange else None
    if claimed is not None and not genuine:
        because.insert(0, _claim(claimed, message))
        weight += (1.0 if claimed.people else 2.0) + (1.0 if speaks_of_dispute else 0.0)
        weight += _unproven(message, context, because) if strange else 0.0
        weight += _elsewhere(message, claimed, because, told=disguise[1] if disguise else "")
        weight += _disguised(message, because)
    if disguise is not None:
        because.append(_looks_like(*disguise))
        weight += 1.5
    if not genuine:
        weight += _moves_our_money(found, because)
    if weight or strange:
        weight += lured + _dangerous_files(message, because, strange=strange)
    weight += _misleading_links(message, because)
    suspicious = weight >= _SUSPICIOUS_FROM
    return Suspicion(is_suspicious=suspicious, because=tuple(because) if suspicious else ())


def is_genuine_notice(message: Message, rules: Rules) -> bool:
    """Whether a provider's own address stands in From and no check says that this is forged.

    Enough for being loud: a mail server that checks nothing must not silence a true dispute. What
    joins issues of others asks `is_proven_notice`.
    """
    return _is_providers(message, rules) and verdict(message, ()) is not Verdict.FAIL


def is_proven_notice(message: Message, rules: Rules, *, trusted: Iterable[str]) -> bool:
    """Whether the owner's own mail host has confirmed that a provider sent it."""
    return _is_providers(message, rules) and verdict(message, trusted) is Verdict.PASS


def unconfirmed_provider(message: Message, rules: Rules, *, trusted: Iterable[str]) -> str:
    """The provider that a mail claims to be from by its address, where nobody of ours has proved
    that; empty where it is proven, or claims nothing."""
    if message.from_ is None or verdict(message, trusted) is Verdict.PASS:
        return ""
    provider = rules.provider_of(message.from_.domain)
    return provider.name if provider is not None else ""


def forgery(message: Message, *, trusted: Iterable[str]) -> str:
    """What the owner's own mail host says against the address in From; empty where nothing.

    Anybody can write a regular's address there: such a mail is not heard as theirs.
    """
    return _not_from(message) if is_forged(message, trusted) else ""


def _is_providers(message: Message, rules: Rules) -> bool:
    return message.from_ is not None and rules.provider_of(message.from_.domain) is not None


def _is_known(context: MessageContext) -> bool:
    return context.known_customer or context.reply_to_ours


def _claimed(message: Message, rules: Rules) -> Provider | None:
    """The provider that the sender's name or domain claims to be, if any."""
    assert message.from_ is not None
    genuine = rules.provider_of(message.from_.domain)
    if genuine:
        return genuine
    name = f" {' '.join(_WORD.findall(seems(message.from_.name[:200])))} "
    for provider in rules.gate.provider:
        for claim in provider.claims:
            if f" {claim} " in name or imitates(claim, message.from_.domain[:255]):
                return provider
    return None


def _claim(claimed: Provider, message: Message) -> str:
    assert message.from_ is not None
    return tr(
        "it claims to be {name}, but was sent from {domain}",
        name=claimed.name,
        domain=shown(message.from_.domain),
    )


def _forged(message: Message, context: MessageContext, rules: Rules, because: list[str]) -> float:
    """3 when the provider's or the receiver's own checks say that the sender is not who he says."""
    if not _is_providers(message, rules):
        return 0.0
    if verdict(message, _who_checks(context)) is Verdict.FAIL:
        because.append(_not_from(message))
        return 3.0
    return 0.0


def _unproven(message: Message, context: MessageContext, because: list[str]) -> float:
    """2 where even the domain that a claim came from is not where it came from: nothing is left."""
    if is_forged(message, _who_checks(context)):
        because.append(_not_from(message))
        return 2.0
    return 0.0


def _who_checks(context: MessageContext) -> tuple[str, ...]:
    """The hosts whose word on where a mail came from counts: the trusted ones and the owner's."""
    own = (address.rpartition("@")[2].lower() for address in context.own_addresses)
    return (*context.trusted_hosts, *own)


def _not_from(message: Message) -> str:
    domain = message.from_.domain if message.from_ else ""
    return tr("the mail server's check says that it does not come from {domain}", domain=domain)


def _disguised(message: Message, because: list[str]) -> float:
    """1 for letters of another alphabet in a name that is to look Latin."""
    assert message.from_ is not None
    if is_disguised(message.from_.name) or is_disguised(shown(message.from_.domain)):
        because.append(tr("its sender is written with letters of another alphabet"))
        return 1.0
    return 0.0


def _moves_our_money(hits: Iterable[Mapping[str, tuple[Hit, ...]]], because: list[str]) -> float:
    """1 for word of a changed payout account from anybody but a provider."""
    quotes = [part[_PAYOUT][0].quote for part in hits if _PAYOUT in part]
    if quotes:
        because.append(tr("only a provider could know of this: “{quotes}”", quotes=quotes[0]))
        return 1.0
    return 0.0


def _lookalike_link(message: Message, rules: Rules) -> tuple[Provider, str] | None:
    """A host to which it links that is named like a provider and is not theirs."""
    for host in _hosts(message.new_text[:READ_AT_MOST]):
        if rules.provider_of(host) is not None:
            continue
        for provider in rules.gate.provider:
            if any(imitates(claim, host[:255]) for claim in provider.claims):
                return provider, host
    return None


def _looks_like(provider: Provider, host: str) -> str:
    return tr(
        "its link looks like {name}'s, but leads to {host}", name=provider.name, host=shown(host)
    )


def _dangerous_files(message: Message, because: list[str], *, strange: bool) -> float:
    """1.6 for a file that only a swindler would send: a locked archive, a page, a program."""
    names = [one.filename.lower().strip() for one in message.attachments]
    locked = next((name for name in names if name.endswith(_ARCHIVES)), "")
    if locked and _PASSWORD.search(message.new_text[:READ_AT_MOST]):
        because.append(tr("it brings a locked archive ({locked}) and its password", locked=locked))
        return 1.6
    program = next((name for name in names if name.endswith(_PROGRAMS)), "")
    if program and strange:
        because.append(tr("it brings a file that can do harm ({program})", program=program))
        return 1.6
    return 0.0


def _lures(
    hits: Iterable[Mapping[str, tuple[Hit, ...]]], rules: Rules, because: list[str]
) -> float:
    weight = 0.0
    found = {name: h[0].quote for part in hits for name, h in part.items() if name in rules.lures}
    for name, quote in found.items():
        lure = rules.lures[name]
        weight += lure.weight
        because.append(f"{tr(lure.because or _ASKS)}: {tr('“{quote}”', quote=quote)}")
    return weight


def _elsewhere(message: Message, claimed: Provider, because: list[str], *, told: str) -> float:
    """1 for an answer address or a link outside the provider that the mail claims to be.

    Of a link to the host `told`, which looks like a provider's, more is said elsewhere.
    """
    for address in message.reply_to:
        if not is_under(address.domain, claimed.domains):
            because.append(tr("an answer would go to {domain}", domain=address.domain))
            return 1.0
    for host in _hosts(message.new_text[:READ_AT_MOST]):
        if not is_under(host, claimed.domains):
            if host != told:
                because.append(tr("its link leads to {host}", host=shown(host)))
            return 1.0
    return 0.0


def _hosts(text: str) -> Iterable[str]:
    for link in _LINK.findall(text)[:_MOST_LINKS]:
        try:
            host = urlsplit("http" + link[link.index("://") :]).hostname
        except ValueError:
            continue
        if host:
            yield host


def _misleading_links(message: Message, because: list[str]) -> float:
    """2 when a link shows one host and leads to another."""
    for target, words in _ANCHOR.findall(message.html[:200_000]):
        told = _SHOWN_HOST.match(words)
        real = next(iter(_hosts(target)), "")
        if told and real and site(told[1]) != site(real):
            because.append(tr("a link shows {told} and leads to {real}", told=told[1], real=real))
            return 2.0
    return 0.0
