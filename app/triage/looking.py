"""Looking: everything about a message that is seen before anything is judged.

The first four steps of the walk: words, language, what the rules find, entities, the gate.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

from app.domain.assessment import Entities, Gate, Kind, MessageContext, Suspicion
from app.domain.message import Message
from app.domain.subject import is_answer, without_marks
from app.triage.authenticity import is_genuine_notice, suspicion_of
from app.triage.days import NamedDay, named_days
from app.triage.entities import entities_of
from app.triage.form_words import own_words_begin
from app.triage.gate import Origin, gate_of, noise_in, origin_of
from app.triage.language import language_of
from app.triage.moments import moments_ahead
from app.triage.patterns import evidence_of, weights_of
from app.triage.rules import Rules
from app.triage.severity import HowBad, Reading, how_bad
from app.triage.words import words_of

_CLOCK_MAY_BE_WRONG = timedelta(hours=36)
_TRUE_NOTICE = 9.0  # only two rules that agree that nothing is needed outweigh it


@dataclass(frozen=True, slots=True, kw_only=True)
class Looked:
    """A message with its subject and new text read, and what headers and rules say of it.

    `evidence` is how much each rule that was found speaks for its kind, `weights` what that comes
    to. `found` is how bad it would be by the rules if every one applied, whatever the kind.
    `is_wordless`: neither subject nor text has a letter, as where somebody only sends a photo.
    """

    language: str
    subject: Reading
    body: Reading
    evidence: Mapping[str, float]
    weights: Mapping[Kind, float]
    origin: Origin
    suspicion: Suspicion
    gate: Gate
    entities: Entities
    genuine_notice: bool
    found: HowBad
    is_wordless: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class _Read:
    language: str
    subject: Reading
    body: Reading
    days: tuple[NamedDay, ...]


def look(message: Message, context: MessageContext, *, rules: Rules) -> Looked:
    """Look at a message; nothing is judged yet but whether a machine sent it and pretends."""
    origin = origin_of(message, context, rules)
    read = _read(message, context, rules, by_form=bool(origin.relay))
    hits = (read.subject.hits, read.body.hits)
    evidence = evidence_of(*hits, rules)
    weights = weights_of(evidence, rules)
    genuine = is_genuine_notice(message, rules)
    suspicion = suspicion_of(
        message,
        context,
        origin=origin,
        hits=hits,
        speaks_of_dispute=weights.get(Kind.DISPUTE, 0.0) > 0,
        rules=rules,
    )
    strongest = _strongest(weights, genuine=genuine)
    # Who answers a notice has its subject above their own words.
    told = hits[1:] if is_answer(message.subject) and not origin.automatic else hits
    idle = noise_in(origin, context, told, strongest_kind=strongest, rules=rules)
    gate = gate_of(
        message,
        context,
        origin=origin,
        needs_nothing=idle,
        suspicious=suspicion.is_suspicious,
    )
    entities = entities_of(message, context, days=read.days)
    disputed = gate.automatic and weights.get(Kind.DISPUTE, 0.0) > 0
    found = how_bad(
        Kind.DISPUTE if disputed else Kind.OTHER,
        (read.subject, read.body),
        gate=gate,
        entities=entities,
        context=context,
        rules=rules,
        unsure=True,
    )
    return Looked(
        language=read.language,
        subject=read.subject,
        body=read.body,
        evidence=evidence,
        weights=weights,
        origin=origin,
        suspicion=suspicion,
        gate=gate,
        entities=entities,
        genuine_notice=genuine,
        is_wordless=not any(map(str.isalpha, without_marks(message.subject) + message.new_text)),
        found=found,
    )


def _read(message: Message, context: MessageContext, rules: Rules, *, by_form: bool) -> _Read:
    now = _written_at(message, context)
    subject, body = words_of(message.subject), words_of(message.new_text)
    own = own_words_begin(body.text) if by_form else 0
    language = language_of(words_of(body.text[own:])) if own else ""
    language = language or language_of(subject, body)
    subject_days = named_days(subject.text, sent=now.date(), language=language)
    body_days = named_days(body.text, sent=now.date(), language=language)
    if own:  # the days around them are the form's: when it was sent
        subject_days, body_days = (), tuple(day for day in body_days if day.start >= own)
    return _Read(
        language=language,
        subject=Reading(
            subject,
            rules.book.find(subject, language),
            moments_ahead(subject, subject_days, now=now, language=language),
        ),
        body=Reading(
            body,
            rules.book.find(body, language),
            moments_ahead(body, body_days, now=now, language=language),
        ),
        days=(*subject_days, *body_days),
    )


def _written_at(message: Message, context: MessageContext) -> datetime:
    """When "tomorrow" was said: the mail's own date, unless it lies in the future."""
    sent = message.sent_at
    if sent is None or sent > context.now + _CLOCK_MAY_BE_WRONG:
        return context.now
    return sent


def _strongest(weights: Mapping[Kind, float], *, genuine: bool) -> float:
    """How loudly the text speaks for a problem; a true provider's dispute speaks loudest."""
    if weights.get(Kind.DISPUTE, 0.0) > 0 and genuine:
        return _TRUE_NOTICE
    return max((weight for weight in weights.values()), default=0.0)
