"""Verdict: the rules' word and the learned opinion brought together.

The last part of the walk. Headers decide before text; what was learnt decides between kinds and
how bad it is, with the rules' findings among its features; the rules' facts keep their names and
evidence, and where the opinion goes beyond them that is said as such. Without an opinion the rules
judge alone.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace

from app.domain.assessment import DAYS_LEFT, Gate, Kind, KindGuess, MessageContext, Severity
from app.domain.translation import to_translate, tr
from app.triage.looking import Looked
from app.triage.opinion import Opinion
from app.triage.patterns import KindJudgement, judgement, shares_of
from app.triage.rules import Rules
from app.triage.severity import HowBad, how_bad

_SURE_BY_HEADERS, _SURE_BY_TEXT = 0.97, 0.8
_SHOWN = 4
_WORTH_SHOWING = 0.02
_SPEAKS_UP = frozenset(
    ("public_threat", "legal_threat", "formal_notice", "chargeback_threat", "last_chance")
)
_OWN_ACCOUNT = "own_account"
_FAR = 0.65  # of the probability from which it rings
_READS_IDLE = to_translate("it reads like mail that nobody waits for an answer to")


@dataclass(frozen=True, slots=True, kw_only=True)
class Verdict:
    """The kind, how bad it is by the facts and all in all, whether it rings, and the gate."""

    judged: KindJudgement
    bad: HowBad
    severity: Severity
    alert: bool
    gate: Gate


def by_rules(looked: Looked, context: MessageContext, rules: Rules) -> Verdict:
    """What the rules alone make of it."""
    false = looked.suspicion.is_suspicious
    if false or looked.gate.noise:
        judged = _not_an_issue(looked.gate, suspicious=false)
    else:
        judged = judgement(shares_of(looked.weights, rules), rules)
    bad = _how_bad(judged, looked, looked.gate, context, rules)
    pressing = bad.severity is Severity.HIGH and bad.presses
    rings = bad.severity is Severity.CRITICAL or pressing
    return Verdict(
        judged=judged,
        bad=bad,
        severity=bad.severity,
        alert=rings and not (false or looked.gate.noise),
        gate=looked.gate,
    )


def weighed(looked: Looked, context: MessageContext, opinion: Opinion, rules: Rules) -> Verdict:
    """What the rules and the learned opinion make of it together."""
    false = looked.suspicion.is_suspicious
    gate = looked.gate if false else _gate(looked, opinion)
    if false or gate.noise:
        judged = _not_an_issue(gate, suspicious=false, share=opinion.kinds[Kind.NOT_AN_ISSUE])
        bad = _how_bad(judged, looked, gate, context, rules)
        return Verdict(judged=judged, bad=bad, severity=bad.severity, alert=False, gate=gate)
    judged = kind_of(opinion)
    bad = _how_bad(judged, looked, gate, context, rules)
    return Verdict(
        judged=judged,
        bad=bad,
        severity=_severity(opinion, bad, unsure=judged.unsure),
        alert=_rings(opinion, bad),
        gate=gate,
    )


def _rings(opinion: Opinion, bad: HowBad) -> bool:
    """What must ring by the opinion, or by the facts, unless the owner called its like a false
    alarm, or of its like said that it is done in its turn and no facts are beyond doubt."""
    in_turn = bool(opinion.taught.severity) and opinion.severity.rank < Severity.HIGH.rank
    told = bool(opinion.taught.alert) or (in_turn and not bad.exact)
    return opinion.must_ring or (_critical_by_facts(opinion, bad) and not told)


def _severity(opinion: Opinion, bad: HowBad, *, unsure: bool) -> Severity:
    """The opinion's; never below what the facts say outright when they say that it is critical,
    unless the owner said so of its like, and what rings is at least a matter of today."""
    by_facts = bad.severity is Severity.CRITICAL and not opinion.taught.severity
    if by_facts and _critical_by_facts(opinion, bad):
        return Severity.CRITICAL
    today = opinion.must_ring or by_facts
    least = Severity.HIGH if today else _least(opinion, bad, unsure=unsure)
    return max(opinion.severity, least, key=lambda one: one.rank)


def _least(opinion: Opinion, bad: HowBad, *, unsure: bool) -> Severity:
    """What it does not fall below: in its turn, where nobody knows what it is about, and where the
    facts make it a matter of today by a clock or a threat; unless the owner said so of its like."""
    if opinion.taught.severity:
        return Severity.LOW
    hurries = bad.hurries and bad.severity.rank >= Severity.HIGH.rank
    return Severity.NORMAL if unsure or hurries else Severity.LOW


def _critical_by_facts(opinion: Opinion, bad: HowBad) -> bool:
    """Whether the facts' "critical" stands: always where it is exact, never for a letter that gives
    days, else unless the opinion is far from it; of words alone, more than half are told, not
    happening."""
    if bad.severity is not Severity.CRITICAL or DAYS_LEFT in bad.factors:
        return False
    return bad.exact or opinion.alert >= _FAR * opinion.thresholds.alert


def _gate(looked: Looked, opinion: Opinion) -> Gate:
    """Put aside what reads idle, and nothing that reads like a problem; answers of machines stay
    what their headers say."""
    gate, share = looked.gate, opinion.kinds[Kind.NOT_AN_ISSUE]
    asks = _asks_the_owner(looked)
    is_idle = share >= opinion.thresholds.idle_too and not (asks or _cries(looked, opinion))
    if gate.noise and (looked.origin.answered_by_machine or is_idle):
        return gate
    if gate.noise:
        return replace(gate, noise=False, because=looked.origin.because)
    if share >= opinion.thresholds.idle and not (asks or _threatens(looked)):
        because = (*gate.because, tr(_READS_IDLE))
        return replace(gate, noise=True, may_acknowledge=False, because=because)
    return gate


def _threatens(looked: Looked) -> bool:
    """Whether a person says outright what they will do, or till when it must be: that waits for an
    answer, however idle it reads."""
    return not looked.origin.automatic and not _SPEAKS_UP.isdisjoint(looked.found.factors)


def _asks_the_owner(looked: Looked) -> bool:
    """Whether a provider says that a payout failed, or that it limits the owner's own account: what
    reads like its other notices, and stops the shop. From anybody else that is how swindlers write.
    """
    return (
        looked.genuine_notice
        and _OWN_ACCOUNT in looked.found.factors
        and not looked.origin.list_mail
    )


def _cries(looked: Looked, opinion: Opinion) -> bool:
    """Whether a machine tells what must ring: a cold room too warm, payments that stop at midnight.
    A newsletter never does."""
    return opinion.must_ring and not looked.origin.list_mail


def kind_of(opinion: Opinion) -> KindJudgement:
    """The likeliest kind of problem; that it is none at all can then only be the second guess."""
    limits = opinion.thresholds
    order = sorted(opinion.kinds, key=lambda kind: (-opinion.kinds[kind], kind.value))
    perhaps_idle = order[0] is Kind.NOT_AN_ISSUE
    problems = [kind for kind in order if kind is not Kind.NOT_AN_ISSUE]
    first, second = problems[0], order[0] if perhaps_idle else problems[1]
    return KindJudgement(
        kind=first,
        confidence=round(opinion.kinds[first], 3),
        unsure=perhaps_idle or opinion.kinds[first] < limits.sure,
        second_kind=second if opinion.kinds[second] >= limits.second else None,
        alternatives=_alternatives(opinion.kinds, order),
    )


def _alternatives(shares: Mapping[Kind, float], order: list[Kind]) -> tuple[KindGuess, ...]:
    return tuple(
        KindGuess(kind=kind, confidence=round(shares[kind], 3))
        for kind in order[:_SHOWN]
        if shares[kind] >= _WORTH_SHOWING
    )


def _not_an_issue(gate: Gate, *, suspicious: bool, share: float = 0.0) -> KindJudgement:
    by_headers = gate.automatic or suspicious
    confidence = _SURE_BY_HEADERS if by_headers else max(_SURE_BY_TEXT, round(share, 3))
    return KindJudgement(
        kind=Kind.NOT_AN_ISSUE,
        confidence=confidence,
        unsure=False,
        second_kind=None,
        alternatives=(KindGuess(kind=Kind.NOT_AN_ISSUE, confidence=confidence),),
    )


def _how_bad(
    judged: KindJudgement, looked: Looked, gate: Gate, context: MessageContext, rules: Rules
) -> HowBad:
    return how_bad(
        judged.kind,
        (looked.subject, looked.body),
        gate=gate,
        entities=looked.entities,
        context=context,
        rules=rules,
        unsure=judged.unsure,
    )
