"""Scoring: where an issue stands among the others, 0 to 100, with reasons that sum to the score.

The last step of the walk, and the one that is repeated as time passes. The points come from
rules/scoring.toml. Waiting and deadlines count in steps, so that the score and the words beside it
change only at moments that `next_change` foretells.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace
from datetime import datetime, timedelta

from app.domain.assessment import DAYS_LEFT, IssueFacts, Kind, Priority, Ranking, Reason, Severity
from app.domain.translation import pointed, to_translate, tr, trn
from app.triage.rules import Rules
from app.triage.schema import ScoringFile, Step

_SEVERITY_WORDS = {
    Severity.CRITICAL: to_translate("critical: act within the hour"),
    Severity.HIGH: to_translate("high: act today"),
    Severity.NORMAL: to_translate("normal: in its turn"),
    Severity.LOW: to_translate("low: whenever there is time"),
}
_BY_FACTS = {
    Severity.CRITICAL: to_translate("critical by its facts alone"),
    Severity.HIGH: to_translate("high by its facts alone"),
    Severity.NORMAL: to_translate("normal by its facts alone"),
    Severity.LOW: to_translate("low by its facts alone"),
}
_IN_TIME = to_translate("critical: begin today")
_NO_MORE = {
    Severity.CRITICAL: to_translate("what is critical gets at most {most} points"),
    Severity.HIGH: to_translate("what is high gets at most {most} points"),
    Severity.NORMAL: to_translate("what is normal gets at most {most} points"),
    Severity.LOW: to_translate("what is low gets at most {most} points"),
}
# What decided how bad it is moves it among its like too; its words are not said again for that.
_AHEAD = to_translate("so it goes before others that are as bad")
_BEHIND = to_translate("so it goes behind others that are as bad")
_TOP, _BOTTOM = 100, 0


def rank(facts: IssueFacts, now: datetime, *, rules: Rules) -> Ranking:
    """Score an issue at a moment. The reasons' points sum to the score exactly, whatever it is."""
    scoring = rules.scoring
    reasons = [reason for reason in _reasons(facts, now, rules) if reason.points]
    reasons += _held_down(facts, sum(reason.points for reason in reasons), scoring)
    reasons.sort(key=lambda reason: -abs(reason.points))
    total = sum(reason.points for reason in reasons)
    score = min(max(total, _BOTTOM), _TOP)
    fitting = _within_scale(reasons, total - score)
    shown = _shown(fitting, scoring.shown_at_most)
    return Ranking(score=score, priority=_priority(facts, score, scoring), reasons=shown)


def next_change(facts: IssueFacts, now: datetime, *, rules: Rules) -> datetime | None:
    """When waiting or a deadline will next change the score; None if time changes nothing."""
    scoring = rules.scoring
    moments: list[datetime] = []
    if facts.waiting_since is not None:
        moments += (facts.waiting_since + _hours(step) for step in scoring.waiting)
    if facts.due_at is not None:
        moments += (facts.due_at - _hours(step) for step in scoring.deadline_near)
        moments.append(facts.due_at)
    return min((moment for moment in moments if moment > now), default=None)


def _hours(step: Step) -> timedelta:
    return timedelta(hours=step.hours)


def _reasons(facts: IssueFacts, now: datetime, rules: Rules) -> Iterable[Reason]:
    scoring = rules.scoring
    yield from _severity(facts, scoring)
    yield from _waiting(facts, now, scoring)
    yield from _deadline(facts, now, scoring)
    yield from _findings(facts, scoring)
    yield from _customer(facts, rules)
    if facts.suspicious:
        yield Reason(
            factor="suspicious",
            points=scoring.suspicious,
            because=tr("it pretends to be somebody else"),
        )
    if facts.unsure:
        yield Reason(factor="unsure", points=scoring.unsure, because=tr("its kind is not certain"))


def _severity(facts: IssueFacts, scoring: ScoringFile) -> Iterable[Reason]:
    """The severity's points: those of the facts, and what the mail as a whole adds or takes."""
    if "severity" in facts.overridden:
        said = tr("{severity}, as you set it", severity=_stands(facts))
        yield Reason(factor="severity", points=scoring.severity[facts.severity], because=said)
        return
    if facts.severity_rule:
        said = tr(
            "{severity}, by your rule “{rule}”",
            severity=_stands(facts),
            rule=facts.severity_rule,
        )
        yield Reason(factor="severity", points=scoring.severity[facts.severity], because=said)
        return
    by_facts = facts.severity_by_facts or facts.severity
    evidence = f" ({facts.severity_because[0]})" if facts.severity_because else ""
    points = scoring.severity[by_facts]
    if by_facts is facts.severity:
        said = f"{_stands(facts)}{evidence}"
        yield Reason(factor="severity", points=points, because=said)
        return
    said = f"{tr(_BY_FACTS[by_facts])}{evidence}"
    yield Reason(factor="severity", points=points, because=said)
    rest = scoring.severity[facts.severity] - points
    yield Reason(factor="reads_like", points=rest, because=_as_a_whole(facts, by_facts))


def _stands(facts: IssueFacts) -> str:
    """How bad it is and what that asks for; a letter that gives days asks for no hour."""
    return tr(_IN_TIME if _gives_days(facts) else _SEVERITY_WORDS[facts.severity])


def _gives_days(facts: IssueFacts) -> bool:
    """Whether it is critical and not for now; what a person or their rule set stands as it is."""
    return facts.severity is Severity.CRITICAL and DAYS_LEFT in facts.factors and not _is_set(facts)


def _is_set(facts: IssueFacts) -> bool:
    """Whether a person, or their rule, said how bad it is; then no finding is quoted for that."""
    return "severity" in facts.overridden or bool(facts.severity_rule)


def _as_a_whole(facts: IssueFacts, by_facts: Severity) -> str:
    """What the whole mail adds to its facts or takes from them, and the words that did it."""
    stands = _stands(facts)
    if facts.severity_taught:
        return trn(
            "{severity}, like a mail that you corrected",
            "{severity}, like {n} mails that you corrected",
            facts.severity_taught,
            severity=stands,
        )
    quote = tr("“{quote}”", quote=facts.severity_quote) if facts.severity_quote else ""
    said = f"{stands} ({quote})" if quote else stands
    if facts.severity.rank > by_facts.rank:
        return tr("as a whole it reads {severity}", severity=said)
    return tr("as a whole it reads only {severity}", severity=said)


def _waiting(facts: IssueFacts, now: datetime, scoring: ScoringFile) -> Iterable[Reason]:
    if facts.waiting_since is None or facts.kind is Kind.NOT_AN_ISSUE:  # nobody waits for an answer
        return
    reached = _reached(scoring.waiting, now - facts.waiting_since)
    if reached is not None:
        yield Reason(
            factor="waiting",
            points=reached.points,
            because=tr("waits {length} or longer", length=_length(reached.hours)),
        )
    if facts.unanswered > 1:
        points = min((facts.unanswered - 1) * scoring.unanswered_each, scoring.unanswered_most)
        yield Reason(
            factor="unanswered",
            points=points,
            because=trn(
                "{n} mail without an answer", "{n} mails without an answer", facts.unanswered
            ),
        )


def _deadline(facts: IssueFacts, now: datetime, scoring: ScoringFile) -> Iterable[Reason]:
    if facts.due_at is None:
        return
    left = facts.due_at - now
    near = [step for step in scoring.deadline_near if left <= _hours(step)]
    points = max((step.points for step in near), default=0)
    if left <= timedelta(0):
        points = max(points, scoring.deadline_over)
        yield Reason(factor="deadline", points=points, because=_overdue(facts.due_for))
    elif near:
        length = _length(min(step.hours for step in near))
        said = tr("{what} is due within {length}", what=_owed(facts.due_for), length=length)
        yield Reason(factor="deadline", points=points, because=said)


def _overdue(clock: str) -> str:
    return tr("{what} is overdue", what=_owed(clock))


def _owed(clock: str) -> str:
    return tr("“{quote}”", quote=clock) if clock else tr("its answer")


def _findings(facts: IssueFacts, scoring: ScoringFile) -> Iterable[Reason]:
    told = "" if _is_set(facts) else next(iter(facts.severity_because), "")
    for factor, because in facts.factors.items():
        if factor == DAYS_LEFT and not _gives_days(facts):
            continue
        points = scoring.factors.get(factor, 0)
        said = tr(_AHEAD if points > 0 else _BEHIND) if because == told else because
        yield Reason(factor=factor, points=points, because=said)


def _customer(facts: IssueFacts, rules: Rules) -> Iterable[Reason]:
    scoring = rules.scoring
    if facts.order_total is not None:
        units = rules.worth(facts.order_total)
        worth = [step for step in scoring.order_value if units >= step.units]
        points = max((step.points for step in worth), default=0)
        yield Reason(
            factor="order_value",
            points=points,
            because=tr("an order of {total}", total=facts.order_total.said),
        )
    if facts.customer_orders >= scoring.regular_from:
        yield Reason(
            factor="regular",
            points=scoring.regular_points,
            because=trn("a regular: {n} order", "a regular: {n} orders", facts.customer_orders),
        )


def _reached(steps: Sequence[Step], passed: timedelta) -> Step | None:
    return max(
        (step for step in steps if passed >= _hours(step)), key=lambda s: s.points, default=None
    )


def _length(hours: float) -> str:
    if hours < 48:
        return tr("{hours} h", hours=pointed(f"{hours:g}"))
    return tr("{days} days", days=pointed(f"{hours / 24:g}"))


def _held_down(facts: IssueFacts, total: int, scoring: ScoringFile) -> Iterable[Reason]:
    """However much adds up, what can wait for a day stands below what cannot wait for an hour."""
    most = scoring.most.get(facts.severity, _TOP)
    if total > most:
        said = tr(_NO_MORE[facts.severity], most=most)
        yield Reason(factor="at_most", points=most - total, because=said)


def _within_scale(reasons: Sequence[Reason], excess: int) -> list[Reason]:
    """The reasons with what goes beyond the scale taken off: the smallest give way first.

    `excess` is by how much their sum lies above 100 (positive) or below 0 (negative).
    """
    left, kept = excess, []
    for reason in reversed(reasons):
        over = 0
        if left * reason.points > 0:
            over = min(left, reason.points) if left > 0 else max(left, reason.points)
        left -= over
        if reason.points != over:
            kept.append(replace(reason, points=reason.points - over))
    return kept[::-1]


def _shown(reasons: Sequence[Reason], most: int) -> tuple[Reason, ...]:
    """The largest reasons, and the small ones folded into one."""
    if len(reasons) <= most:
        return tuple(reasons)
    shown, small = list(reasons[: most - 1]), reasons[most - 1 :]
    points = sum(reason.points for reason in small)
    if points:
        said = "; ".join(reason.because for reason in small)
        shown.append(Reason(factor="together", points=points, because=said))
    return tuple(shown)


def _priority(facts: IssueFacts, score: int, scoring: ScoringFile) -> Priority:
    """The band of the score; severity sets the least, and nothing false or idle rises above P4."""
    if facts.suspicious or facts.kind is Kind.NOT_AN_ISSUE:
        return Priority.P4
    bands = scoring.bands
    band = Priority.P4
    for priority, least in (
        (Priority.P3, bands.p3),
        (Priority.P2, bands.p2),
        (Priority.P1, bands.p1),
    ):
        if score >= least:
            band = priority
    if facts.severity is Severity.CRITICAL:
        return min(band, Priority.P2)
    return min(band, Priority.P3) if facts.severity is Severity.HIGH else band
