"""Triage: the walk of one message from its bare text to what is made of it.

Called by the engine's pipeline for each message; reads nothing but its arguments, writes nothing.
The order: words, language, what the rules find, entities, the gate, the kind, the severity. What
was learnt from examples has its say on the last three; without it the rules judge alone.
"""

from __future__ import annotations

from app.domain.assessment import Assessment, MessageContext
from app.domain.message import Message
from app.triage.looking import look
from app.triage.opinion import Classifier
from app.triage.rules import Rules
from app.triage.verdict import by_rules, weighed

__all__ = ["Classifier", "assess"]


def assess(
    message: Message,
    context: MessageContext,
    *,
    rules: Rules,
    classifier: Classifier | None = None,
) -> Assessment:
    """Say what a message is about, how bad it is, and why; the same message, the same answer."""
    looked = look(message, context, rules=rules)
    opinion = classifier.opinion(message, looked, context) if classifier else None
    if opinion is None:
        verdict = by_rules(looked, context, rules)
    else:
        verdict = weighed(looked, context, opinion, rules)
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
        factors=verdict.bad.factors,
        alert=verdict.alert,
        gate=verdict.gate,
        evidence=looked.evidence,
        entities=looked.entities,
        language=looked.language,
        suspicion=looked.suspicion,
    )
