"""Gate: three separate decisions about automatic mail, and whether anybody waits for an answer.

The fourth step of the walk. Storing a mail is never in question. What decides, in this order: what
the shop knows (a customer, an answer to us), then the headers (RFC 3834, RFC 2369, RFC 2919)
and a subject that begins as programs write it, then the text. Automatic mail is not noise for being
automatic: a dispute notice is both automatic and urgent.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from app.domain.assessment import Gate, MessageContext
from app.domain.message import Message
from app.domain.translation import tr
from app.triage.phrases import Hit
from app.triage.rules import Rules
from app.triage.words import fold

_BULK = frozenset(("bulk", "list", "junk"))
_AUTO_PRECEDENCE = frozenset(("auto_reply", "auto-reply"))
_SUPPRESSES = ("all", "autoreply", "oof", "dr", "rn", "nrn")
_NOBODY = (
    "no-reply", "noreply", "no_reply", "donotreply", "do-not-reply", "mailer-daemon", "postmaster",
    "bounce", "notifications", "notification", "nepasrepondre", "nicht-antworten", "norespond",
    "no-responder",
)  # fmt: skip
_BOUNCES = ("mailer-daemon", "postmaster")
_FORM_HEADERS = ("x-form", "x-contact-form", "x-wpcf7-content-type", "x-form-id")

# How mail programs begin the subject of an answer that they give of themselves, where no header
# says so. Only with the colon that they put: people write the words too.
_ANSWERS = re.compile(
    r"\s{0,3}(automatic reply|auto[- ]?reply|auto[- ]?response|out of office(?: autoreply)?"
    r"|automatische antwort|abwesenheitsnotiz|reponse automatique|absence du bureau"
    r"|respuesta automatica|fuera de (?:la )?oficina|risposta automatica|fuori (?:ufficio|sede)"
    r"|automatisch antwoord|afwezigheidsbericht|resposta automatica|fora do escritorio"
    r"|odpowiedz automatyczna|automatyczna odpowiedz|autoodpowiedz)\s{0,2}:"
)
_LONGEST_BEGINNING = 60


@dataclass(frozen=True, slots=True, kw_only=True)
class Origin:
    """Where a mail came from, as far as its headers tell; each field empty or a sentence."""

    relay: str = ""
    answered_by_machine: str = ""
    bounce: str = ""
    list_mail: str = ""
    sent_by_machine: str = ""
    ours: str = ""

    @property
    def automatic(self) -> bool:
        """Whether a machine sent it of its own accord."""
        signs = (self.answered_by_machine, self.bounce, self.list_mail, self.sent_by_machine)
        return not self.relay and any(signs)

    @property
    def because(self) -> tuple[str, ...]:
        """The sentences that apply."""
        if self.relay:
            return (self.relay,)
        signs = (self.bounce, self.answered_by_machine, self.list_mail, self.sent_by_machine)
        return tuple(sign for sign in (*signs, self.ours) if sign)


def origin_of(message: Message, context: MessageContext, rules: Rules) -> Origin:
    """Read the headers for who, or what, sent the mail."""
    if _is_relay(message, context, rules):
        return Origin(relay=tr("a contact form wrote it for the person in Reply-To"))
    return Origin(
        answered_by_machine=_answered_by_machine(message),
        bounce=_bounce(message),
        list_mail=_list_mail(message),
        sent_by_machine=_sent_by_machine(message, rules),
        ours=_ours(message, context),
    )


def gate_of(
    message: Message,
    context: MessageContext,
    *,
    origin: Origin,
    needs_nothing: str,
    suspicious: bool,
) -> Gate:
    """Decide; `needs_nothing` is the text's own sentence for why nobody waits, or empty."""
    automatic = origin.automatic
    noise = needs_nothing or _noise_by_headers(origin, context)
    because = tuple(dict.fromkeys((*origin.because, *((noise,) if noise else ()))))
    human = not automatic and not origin.ours
    suppressed = _suppresses(message) or bool(message.header("x-loop")) or suspicious
    return Gate(
        automatic=automatic,
        may_acknowledge=human and not suppressed and not noise and "@" in message.customer.email,
        counts_as_customer_reply=human and not suspicious,
        noise=bool(noise),
        because=because,
    )


def noise_in(
    origin: Origin,
    context: MessageContext,
    hits: Iterable[Mapping[str, tuple[Hit, ...]]],
    *,
    strongest_kind: float,
    rules: Rules,
) -> str:
    """Why the text says that nothing is needed; empty if it does not, or speaks of a problem more.

    Mail of machines is noise when its text says so or nothing in it speaks for a problem; mail of
    people only when its text says so more loudly than it speaks for anything else.
    """
    found = {name: h[0].quote for part in hits for name, h in part.items() if name in rules.noise}
    weight = sum(rules.noise[name].weight for name in found)
    quote = next(iter(found.values()), "")
    stranger = not (context.known_customer or context.reply_to_ours)
    if origin.list_mail and stranger:
        return (
            tr("a newsletter or list, and nothing in it is a problem") if strongest_kind < 3 else ""
        )
    if weight >= rules.gate.noise_from and weight > strongest_kind * (
        0.5 if origin.automatic else 1
    ):
        return tr("it says that nothing is needed: “{quote}”", quote=quote)
    if origin.automatic and strongest_kind < 1:
        return tr("a machine sent it, and nothing in it is a problem")
    return ""


def _noise_by_headers(origin: Origin, context: MessageContext) -> str:
    if origin.answered_by_machine:
        return tr("an automatic answer, for instance out of office")
    if origin.list_mail and "List-" in origin.list_mail and not context.reply_to_ours:
        return "" if context.known_customer else tr("a newsletter or a mailing list")
    return ""


def is_automatic_answer(message: Message) -> bool:
    """Whether a program answers for somebody who has not read what it answers."""
    return bool(_answered_by_machine(message))


def _is_relay(message: Message, context: MessageContext, rules: Rules) -> bool:
    sender = message.from_
    if sender is None or not message.reply_to or message.reply_to[0].key == sender.key:
        return False
    if _is_nobody(message.reply_to[0].key):
        return False
    own = {address.lower() for address in context.own_addresses}
    own_domains = {address.rpartition("@")[2] for address in own}
    by_form = message.by_form or any(message.header(name) for name in _FORM_HEADERS)
    by_us = sender.is_one_of(own) or sender.domain in own_domains
    by_shop_system = sender.domain in rules.gate.form_domains
    return (by_form or by_us or by_shop_system) and not message.reply_to[0].is_one_of(own)


def _answered_by_machine(message: Message) -> str:
    if message.header("auto-submitted").lower().startswith("auto-replied"):
        return "Auto-Submitted: auto-replied"
    if message.header("precedence").lower() in _AUTO_PRECEDENCE:
        return f"Precedence: {message.header('precedence')}"
    for name in ("X-Autoreply", "X-Autorespond", "X-Auto-Reply"):
        if message.header(name).lower() not in ("", "no"):
            return tr("{name} is set", name=name)
    subject = unicodedata.normalize("NFC", message.subject[:_LONGEST_BEGINNING])
    begins = _ANSWERS.match(fold(subject))
    if begins:
        words = subject[: begins.end(1)].strip()
        return tr("its subject begins as mail programs begin an answer: “{quote}”", quote=words)
    return ""


def _bounce(message: Message) -> str:
    sender = message.from_.key if message.from_ else ""
    report = "delivery-status" in message.header("content-type").lower()
    empty_path = message.header("return-path").strip() == "<>"
    if report or sender.startswith(_BOUNCES) or message.header("x-failed-recipients"):
        return tr("a mail server says that a mail could not be delivered")
    return tr("it has an empty return path") if empty_path else ""


def _list_mail(message: Message) -> str:
    for name in ("List-Id", "List-Unsubscribe"):
        if message.header(name):
            return tr("{name} is set", name=name)
    precedence = message.header("precedence").lower()
    return f"Precedence: {precedence}" if precedence in _BULK else ""


def _sent_by_machine(message: Message, rules: Rules) -> str:
    submitted = message.header("auto-submitted").lower()
    if submitted and not submitted.startswith("no"):
        return f"Auto-Submitted: {submitted}"
    if message.header("content-type").lower().startswith("multipart/report"):
        return tr("a program reports, for instance that a mail was read")
    sender = message.from_
    if sender is None:
        return ""
    if _is_nobody(sender.key):
        return tr("nobody reads {email}", email=sender.email)
    provider = rules.provider_of(sender.domain)
    if provider is not None and not provider.people:
        return tr("{domain} sends notices", domain=sender.domain)
    return ""


def is_under(domain: str, parents: Iterable[str]) -> bool:
    """Whether a domain is one of these or lies under one of them."""
    return any(domain == parent or domain.endswith(f".{parent}") for parent in parents)


def _is_nobody(address: str) -> bool:
    local = address.partition("@")[0]
    return local.startswith(_NOBODY) or local.endswith(("no-reply", "noreply"))


def _suppresses(message: Message) -> bool:
    wishes = message.header("x-auto-response-suppress").lower()
    return any(wish.strip() in _SUPPRESSES for wish in wishes.split(","))


def _ours(message: Message, context: MessageContext) -> str:
    own = {address.lower() for address in context.own_addresses}
    if message.from_ is not None and message.from_.is_one_of(own):
        return tr("it was sent from one of our own addresses")
    return ""
