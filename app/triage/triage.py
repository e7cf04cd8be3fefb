"""Triage: the walk of one message from its bare text to what is made of it.

Called by the engine's pipeline for each message; reads nothing but its arguments, writes nothing.
The order: words, language, what the rules find, entities, the gate, the kind, the severity. What
was learnt from examples has its say on the last three; without it the rules judge alone.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace

from app.domain.assessment import FORGED, Assessment, MessageContext, Taught, nobodys_words
from app.domain.lessons import Heard
from app.domain.message import Message
from app.domain.translation import tr
from app.triage.authenticity import forgery, unconfirmed_provider
from app.triage.forwarded import with_what_is_passed_on
from app.triage.looking import Looked, look
from app.triage.opinion import Classifier, Opinion
from app.triage.rules import Rules
from app.triage.verdict import Verdict, by_rules, weighed

__all__ = ["Classifier", "Judged", "assess", "judge", "read_ahead"]


@dataclass(frozen=True, slots=True)
class Judged:
    """What a message is about, and the message as the learner keeps it, if one judged."""

    assessment: Assessment
    heard: Heard | None = None


def assess(
    message: Message,
    context: MessageContext,
    *,
    rules: Rules,
    classifier: Classifier | None = None,
) -> Assessment:
    """Say what a message is about, how bad it is, and why; the same message, the same answer."""
    return judge(message, context, rules=rules, classifier=classifier).assessment


def judge(
    message: Message,
    context: MessageContext,
    *,
    rules: Rules,
    classifier: Classifier | None = None,
) -> Judged:
    """The same, with what the learner needs to judge it again after a correction."""
    if message.reaction:
        return Judged(nobodys_words(tr("a reaction, no words: {sign}", sign=message.reaction)))
    message = with_what_is_passed_on(message, own=context.own_addresses)
    forged = forgery(message, trusted=context.trusted_hosts)
    if forged:
        context = replace(context, known_customer=context.reply_to_ours)
    looked = look(message, context, rules=rules)
    # Of what has no words nothing was learnt: a person has to look at it.
    reads = classifier if not looked.is_wordless else None
    opinion = reads.opinion(message, looked, context) if reads else None
    if opinion is None:
        verdict = by_rules(looked, context, rules)
    else:
        verdict = weighed(looked, context, opinion, rules)
    claimed = unconfirmed_provider(message, rules, trusted=context.trusted_hosts)
    assessment = replace(_assessment(looked, verdict, opinion), unconfirmed=claimed)
    if forged:
        assessment = replace(assessment, factors={**assessment.factors, FORGED: forged})
    return Judged(assessment, opinion.heard if opinion else None)


def read_ahead(messages: Iterable[Message], classifier: Classifier) -> None:
    """What of `judge` asks nothing but the mails, done before; nothing of the answers changes."""
    classifier.read_ahead([with_what_is_passed_on(message, own=()) for message in messages])


def _quote(verdict: Verdict, opinion: Opinion | None) -> str:
    """The sentence for which it reads otherwise than its facts are."""
    by_facts = verdict.bad.severity
    if opinion is None or verdict.severity is by_facts:
        return ""
    return opinion.pointing(verdict.severity.rank > by_facts.rank)


def _assessment(looked: Looked, verdict: Verdict, opinion: Opinion | None) -> Assessment:
    judged = verdict.judged
    return Assessment(
        kind=judged.kind,
        confidence=judged.confidence,
        unsure=judged.unsure,
        second_kind=judged.second_kind,
        alternatives=judged.alternatives,
        severity=verdict.severity,
        severity_by_facts=verdict.bad.severity,
        severity_because=verdict.bad.because,
        severity_quote=_quote(verdict, opinion),
        factors=verdict.bad.factors,
        alert=verdict.alert,
        gate=verdict.gate,
        entities=looked.entities,
        language=looked.language,
        suspicion=looked.suspicion,
        taught=opinion.taught if opinion else Taught(),
    )
