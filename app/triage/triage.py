"""Triage: the walk of one message from its bare text to what is made of it.

Called by the engine's pipeline for each message; reads nothing but its arguments, writes nothing.
The order: words, language, what the rules find, entities, the gate, the kind, the severity.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Protocol

from app.domain.assessment import (
    Assessment,
    Evidence,
    Gate,
    Kind,
    KindGuess,
    MessageContext,
    Severity,
    Suspicion,
)
from app.domain.message import Message
from app.triage.authenticity import is_genuine_notice, suspicion_of
from app.triage.days import NamedDay, named_days
from app.triage.entities import entities_of
from app.triage.gate import gate_of, noise_in, origin_of
from app.triage.language import language_of
from app.triage.moments import moments_ahead
from app.triage.patterns import KindJudgement, evidence_of, judgement, shares_of, weights_of
from app.triage.rules import Rules
from app.triage.severity import HowBad, Reading, how_bad
from app.triage.words import words_of

_CLOCK_MAY_BE_WRONG = timedelta(hours=36)
_TRUE_NOTICE = 9.0  # only two rules that agree that nothing is needed outweigh it
_SURE_BY_HEADERS, _SURE_BY_TEXT = 0.97, 0.8


class Classifier(Protocol):
    """The seat of a learned model: it weighs what the rules found together with the text."""

    def shares(
        self, message: Message, *, language: str, evidence: Sequence[Evidence]
    ) -> Mapping[Kind, float]:
        """How likely each kind is, summing to one; NOT_AN_ISSUE is the gate's to decide."""


@dataclass(frozen=True, slots=True, kw_only=True)
class _Read:
    """A message with its subject and new text read."""

    language: str
    subject: Reading
    body: Reading
    days: tuple[NamedDay, ...]
    evidence: tuple[Evidence, ...]


def assess(
    message: Message,
    context: MessageContext,
    *,
    rules: Rules,
    classifier: Classifier | None = None,
) -> Assessment:
    """Say what a message is about, how bad it is, and why; the same message, the same answer."""
    read = _read(message, context, rules)
    weights = weights_of(read.evidence, rules)
    suspicion, gate = _gate(message, context, read, weights, rules)
    entities = entities_of(message, context, days=read.days)
    if suspicion.is_suspicious or gate.noise:
        judged = _not_an_issue(gate, suspicion)
    else:
        shares = (
            shares_of(weights, rules)
            if classifier is None
            else classifier.shares(message, language=read.language, evidence=read.evidence)
        )
        judged = judgement(shares, rules)
    bad = how_bad(
        judged.kind,
        (read.subject, read.body),
        gate=gate,
        entities=entities,
        context=context,
        rules=rules,
        unsure=judged.unsure,
    )
    return Assessment(
        kind=judged.kind,
        confidence=judged.confidence,
        unsure=judged.unsure,
        second_kind=judged.second_kind,
        alternatives=judged.alternatives,
        severity=bad.severity,
        severity_because=bad.because,
        factors=bad.factors,
        alert=_must_ring(bad, gate, suspicion),
        gate=gate,
        evidence=read.evidence,
        entities=entities,
        language=read.language,
        suspicion=suspicion,
    )


def _read(message: Message, context: MessageContext, rules: Rules) -> _Read:
    now = _written_at(message, context)
    subject, body = words_of(message.subject), words_of(message.new_text)
    language = language_of(subject, body)
    subject_hits = rules.book.find(subject, language)
    body_hits = rules.book.find(body, language)
    subject_days = named_days(subject.text, sent=now.date(), language=language)
    body_days = named_days(body.text, sent=now.date(), language=language)
    return _Read(
        language=language,
        subject=Reading(subject, subject_hits, moments_ahead(subject, subject_days, now=now)),
        body=Reading(body, body_hits, moments_ahead(body, body_days, now=now)),
        days=(*subject_days, *body_days),
        evidence=evidence_of(subject_hits, body_hits, rules),
    )


def _written_at(message: Message, context: MessageContext) -> datetime:
    """When "tomorrow" was said: the mail's own date, unless it lies in the future."""
    sent = message.sent_at
    if sent is None or sent > context.now + _CLOCK_MAY_BE_WRONG:
        return context.now
    return sent


def _gate(
    message: Message,
    context: MessageContext,
    read: _Read,
    weights: Mapping[Kind, float],
    rules: Rules,
) -> tuple[Suspicion, Gate]:
    hits = (read.subject.hits, read.body.hits)
    origin = origin_of(message, context, rules)
    suspicion = suspicion_of(
        message,
        context,
        origin=origin,
        hits=hits,
        speaks_of_dispute=weights.get(Kind.DISPUTE, 0.0) > 0,
        rules=rules,
    )
    needs_nothing = noise_in(
        origin,
        context,
        hits,
        strongest_kind=_strongest(message, weights, rules),
        rules=rules,
    )
    gate = gate_of(
        message,
        context,
        origin=origin,
        needs_nothing=needs_nothing,
        suspicious=suspicion.is_suspicious,
    )
    return suspicion, gate


def _strongest(message: Message, weights: Mapping[Kind, float], rules: Rules) -> float:
    """How loudly the text speaks for a problem; a true provider's dispute speaks loudest."""
    if weights.get(Kind.DISPUTE, 0.0) > 0 and is_genuine_notice(message, rules):
        return _TRUE_NOTICE
    return max((weight for weight in weights.values()), default=0.0)


def _not_an_issue(gate: Gate, suspicion: Suspicion) -> KindJudgement:
    by_headers = gate.automatic or suspicion.is_suspicious
    confidence = _SURE_BY_HEADERS if by_headers else _SURE_BY_TEXT
    return KindJudgement(
        kind=Kind.NOT_AN_ISSUE,
        confidence=confidence,
        unsure=False,
        second_kind=None,
        alternatives=(KindGuess(kind=Kind.NOT_AN_ISSUE, confidence=confidence),),
    )


def _must_ring(bad: HowBad, gate: Gate, suspicion: Suspicion) -> bool:
    """Critical, or high while a clock runs or a threat stands; never false or idle mail."""
    if suspicion.is_suspicious or gate.noise:
        return False
    return bad.severity is Severity.CRITICAL or (bad.severity is Severity.HIGH and bad.presses)
