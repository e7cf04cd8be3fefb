"""Patterns: what an issue is about, by the phrases that speak for each kind.

The fifth step of the walk. Each rule that finds something gives its weight to its kind once, more
from the subject than from the body; the weights become shares that add up to one. Where no share
is large enough the answer is "unsure", and a person sorts it.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass

from app.domain.assessment import Kind, KindGuess
from app.triage.phrases import Hit
from app.triage.rules import Rules

_SHOWN = 4
_WORTH_SHOWING = 0.02


@dataclass(frozen=True, slots=True, kw_only=True)
class KindJudgement:
    """The likeliest kind, the others in order, and whether anybody should rely on it."""

    kind: Kind
    confidence: float
    unsure: bool
    second_kind: Kind | None
    alternatives: tuple[KindGuess, ...]


def evidence_of(
    subject: Mapping[str, tuple[Hit, ...]], body: Mapping[str, tuple[Hit, ...]], rules: Rules
) -> dict[str, float]:
    """How much each rule that found something speaks for its kind, or against it, the weightiest
    first; a rule counts once however often it was met."""
    found: dict[str, float] = {}
    factors = ((subject, rules.patterns.subject_weight), (body, 1.0))
    for hits, factor in factors:
        for name in hits.keys() & rules.kinds.keys():
            weight = round(rules.kinds[name].weight * factor, 2)
            if name not in found or abs(weight) > abs(found[name]):
                found[name] = weight
    return dict(sorted(found.items(), key=lambda one: (-abs(one[1]), one[0])))


def weights_of(evidence: Mapping[str, float], rules: Rules) -> dict[Kind, float]:
    """How much speaks for each kind that anything speaks for or against."""
    weights: dict[Kind, float] = {}
    for rule, weight in evidence.items():
        kind = rules.kinds[rule].kind
        weights[kind] = weights.get(kind, 0.0) + weight
    return weights


def shares_of(weights: Mapping[Kind, float], rules: Rules) -> dict[Kind, float]:
    """The weights as shares that add up to one; with no weights, OTHER has the largest."""
    sharpness = rules.patterns.sharpness
    raw = {kind: weights.get(kind, 0.0) for kind in Kind if kind is not Kind.NOT_AN_ISSUE}
    raw[Kind.OTHER] += rules.patterns.nothing_found
    grown = {kind: math.exp(min(weight * sharpness, 50.0)) for kind, weight in raw.items()}
    total = sum(grown.values())
    return {kind: value / total for kind, value in grown.items()}


def judgement(shares: Mapping[Kind, float], rules: Rules) -> KindJudgement:
    """Choose the kind with the largest share, and say so if that is too small to rely on."""
    order = sorted(shares, key=lambda kind: (-shares[kind], kind.value))
    first, second = order[0], order[1]
    return KindJudgement(
        kind=first,
        confidence=round(shares[first], 3),
        unsure=shares[first] < rules.patterns.unsure_below,
        second_kind=second if shares[second] >= rules.patterns.second_kind_from else None,
        alternatives=tuple(
            KindGuess(kind=kind, confidence=round(shares[kind], 3))
            for kind in order[:_SHOWN]
            if shares[kind] >= _WORTH_SHOWING
        ),
    )
