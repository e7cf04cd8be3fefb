"""Severity: how bad it is, from facts and not from anger.

The sixth step of the walk. Each finding is a named factor with the words that showed it; the worst
one decides, and below it stands what is usual for the kind. Politeness lowers nothing: the calmest
mails are often the worst.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from app.domain.assessment import DAYS_LEFT, Entities, Gate, Kind, MessageContext, Severity
from app.domain.money import Money
from app.domain.translation import tr, trn
from app.triage.moments import Moment
from app.triage.phrases import Hit
from app.triage.rules import Rules
from app.triage.schema import FactorPattern
from app.triage.words import Words

_MONEY_MATTERS = frozenset(
    (Kind.NOT_RECEIVED, Kind.DISPUTE, Kind.REFUND_BILLING, Kind.LEGAL_EXECUTIVE, Kind.WRONG_ITEM)
)
_NOBODYS_MONEY = frozenset((Kind.OTHER, Kind.PRODUCT_QUESTION, Kind.NOT_AN_ISSUE))
_LONGEST = 80  # letters of a quote
_NO_COMPANY = frozenset(("long_wait", "no_hurry", "settled"))


@dataclass(frozen=True, slots=True)
class Reading:
    """A text that was read: its words, what the rules found in it, and the moments it names."""

    words: Words
    hits: Mapping[str, tuple[Hit, ...]]
    moments: tuple[Moment, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Finding:
    """One fact that makes it worse, or less bad: a name, a sentence, and what follows from it.

    `names_day`: it is the provider's own deadline, and the notice names its day.
    """

    name: str
    because: str
    severity: Severity | None = None
    clock: bool = False
    threat: bool = False
    settles: bool = False
    dated: bool = False
    exact: bool = False
    names_day: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class HowBad:
    """The severity, why, and every finding by name; `presses`: a clock runs or a threat stands.

    `exact`: among them is one that leaves no doubt; `hurries`: a clock or a threat, by itself.
    """

    severity: Severity
    because: tuple[str, ...]
    factors: Mapping[str, str] = field(default_factory=dict)
    presses: bool = False
    exact: bool = False
    hurries: bool = False


def how_bad(
    kind: Kind,
    readings: tuple[Reading, ...],
    *,
    gate: Gate,
    entities: Entities,
    context: MessageContext,
    rules: Rules,
    unsure: bool = False,
) -> HowBad:
    """Judge how bad it is: what is usual for the kind, raised or lowered by what was found.

    Where the kind is not certain, nothing is taken to be unimportant for its kind.
    """
    usual = _usual(kind, rules, unsure=unsure)
    if kind is Kind.NOT_AN_ISSUE:
        return HowBad(severity=Severity.LOW, because=(tr("nobody waits for an answer"),))
    findings = _once_each(
        (
            *_said(kind, readings, rules, automatic=gate.automatic, unsure=unsure),
            *_money(kind, entities, context, rules, unsure=unsure),
            *_provider_clock(kind, readings, gate, rules),
        )
    )
    presses = _presses(findings)
    findings = _without_its_day_again(findings)
    severity = _worst(findings, usual)
    findings += _days_left(findings, severity, readings, rules)
    decisive = tuple(finding.because for finding in findings if finding.severity is severity)
    return HowBad(
        severity=severity,
        because=decisive or (tr("usual for its kind"),),
        factors={finding.name: finding.because for finding in findings},
        presses=presses,
        exact=any(one.exact for one in findings),
        hurries=any(one.clock or one.threat for one in findings),
    )


def _without_its_day_again(findings: Sequence[Finding]) -> list[Finding]:
    """Without the words that name the provider's day ("due by the 14th"): it counts as its own."""
    if not any(finding.names_day for finding in findings):
        return list(findings)
    return [finding for finding in findings if finding.name != "deadline"]


def _presses(findings: Iterable[Finding]) -> bool:
    """Whether minutes count: an event is near, or a clock runs or a threat stands beside more.

    A deadline alone is too common: half of all customers want something "by Friday".
    """
    found = list(findings)
    if any(finding.settles for finding in found):
        return False
    if any(finding.clock and finding.name == "event" for finding in found):
        return True
    beside = sum(finding.name not in _NO_COMPANY for finding in found)
    return beside > 1 and any(finding.clock or finding.threat for finding in found)


def _usual(kind: Kind, rules: Rules, *, unsure: bool) -> Severity:
    usual = rules.severity.usual.get(kind, Severity.NORMAL)
    return max(usual, Severity.NORMAL, key=lambda s: s.rank) if unsure else usual


def _worst(findings: Iterable[Finding], usual: Severity) -> Severity:
    """What the findings make of the usual severity: one that settles it, or the worst, or less."""
    severities = {finding.severity for finding in findings if finding.severity is not None}
    settled = [f.severity for f in findings if f.settles and f.severity is not None]
    if settled:
        return settled[0]
    worst = max(severities, key=lambda s: s.rank, default=usual)
    if worst.rank > usual.rank:
        return worst
    return min((usual, *severities), key=lambda s: s.rank)


def _once_each(findings: Iterable[Finding]) -> list[Finding]:
    """The worst finding of each name, in the order in which they were found."""
    worst: dict[str, Finding] = {}
    for finding in findings:
        other = worst.get(finding.name)
        if other is None or _rank(finding) > _rank(other):
            worst[finding.name] = finding
    return list(worst.values())


def _rank(finding: Finding) -> tuple[int, bool]:
    return (-1 if finding.severity is None else finding.severity.rank), finding.exact


def _said(
    kind: Kind, readings: tuple[Reading, ...], rules: Rules, *, automatic: bool, unsure: bool
) -> Iterable[Finding]:
    for reading in readings:
        for name, hits in reading.hits.items():
            pattern = rules.factors.get(name)
            if pattern is None or not _applies(pattern, kind, automatic=automatic, unsure=unsure):
                continue
            if pattern.timed:
                yield from _timed(pattern, hits, reading, rules)
            else:
                yield Finding(
                    name=pattern.factor,
                    because=_sentence(pattern, hits[0].quote),
                    severity=pattern.severity,
                    threat=pattern.threat,
                    settles=pattern.settles,
                    dated=pattern.dated,
                    exact=pattern.exact,
                )


def _applies(pattern: FactorPattern, kind: Kind, *, automatic: bool, unsure: bool) -> bool:
    if automatic and pattern.people_only:
        return False
    if unsure:
        return True
    return kind not in pattern.not_kinds and (not pattern.kinds or kind in pattern.kinds)


def _timed(
    pattern: FactorPattern, hits: tuple[Hit, ...], reading: Reading, rules: Rules
) -> Iterable[Finding]:
    """An event or a deadline counts by the hours that are left until it, or until what comes first
    in its sentence: who needs it for Saturday and leaves tomorrow needs it tomorrow."""
    hours = rules.severity.hours
    for hit in hits:
        moment = _moment_of(hit, reading)
        if moment is None or moment.hours > hours.worth_naming:
            continue
        left = moment.hours
        if left <= hours.today:
            left = min(one.hours for one in _moments_by(hit, reading))
        severity = None
        if left <= hours.within_the_hour:
            severity = pattern.severity
        elif left <= hours.today:
            severity = pattern.soon
        said = _sentence(pattern, _with_moment(hit, moment, reading.words))
        yield Finding(
            name=pattern.factor,
            because=f"{said}, {_ahead(moment.hours)}",
            severity=severity,
            clock=left <= hours.within_the_hour,
        )


def _days_left(
    findings: Sequence[Finding],
    severity: Severity,
    readings: tuple[Reading, ...],
    rules: Rules,
) -> Iterable[Finding]:
    """What is critical for a letter alone whose day is far: it gives time, and says how much."""
    decisive = [finding for finding in findings if finding.severity is severity]
    if severity is not Severity.CRITICAL or not all(finding.dated for finding in decisive):
        return
    left = min(_named_by_need(readings, rules), default=0.0)
    if left > rules.severity.hours.today:
        yield Finding(
            name=DAYS_LEFT,
            because=trn("it gives a day", "it gives {n} days", round(left / 24)),
        )


def _named_by_need(readings: tuple[Reading, ...], rules: Rules) -> Iterable[float]:
    """The hours until each moment that stands beside words of need."""
    for reading in readings:
        for name, hits in reading.hits.items():
            pattern = rules.factors.get(name)
            if pattern is not None and pattern.timed:
                found = (_moment_of(hit, reading) for hit in hits)
                yield from (moment.hours for moment in found if moment is not None)


def _moment_of(hit: Hit, reading: Reading) -> Moment | None:
    """The moment beside the hit in its sentence; for want of one, in the sentence beside it.

    Of several the nearest by its place: "the wedding is on Saturday and I leave tomorrow" names two
    days, and each of its words means its own. Where two are as near, the sooner.
    """
    beside = _moments_by(hit, reading)
    return min(beside, key=lambda moment: (_apart(hit, moment), moment.hours), default=None)


def _moments_by(hit: Hit, reading: Reading) -> list[Moment]:
    """Every moment of the hit's sentence; for want of one, of the sentences beside it."""
    words = reading.words
    start, stop = words.begin(hit.start), words.stops[hit.start]
    inside = [m for m in reading.moments if start <= m.position < stop]
    if inside:
        return inside
    start = words.begin(start - 1) if start else 0
    stop = words.stops[stop] if stop < len(words) else stop
    return [m for m in reading.moments if start <= m.position < stop]


def _apart(hit: Hit, moment: Moment) -> int:
    """How many words stand between them."""
    return max(moment.position - hit.end, hit.start - moment.end, 0)


def _with_moment(hit: Hit, moment: Moment, words: Words) -> str:
    """The words of the hit as far as the moment by which it counts; both, where it is far."""
    if words.stops[hit.start] != words.stops[moment.position]:
        return hit.quote
    start, end = min(hit.start, moment.position), max(hit.end, moment.end)
    whole = words.quote(start, end)
    if len(whole) <= _LONGEST:
        return whole
    both = sorted(((hit.start, hit.end), (moment.position, moment.end)))
    return " … ".join(words.quote(*one) for one in both)


def _ahead(hours: float) -> str:
    if hours < 24:
        return tr("within a day")
    return trn("in about a day", "in about {n} days", round(hours / 24))


def _sentence(pattern: FactorPattern, quote: str) -> str:
    short = quote if len(quote) <= _LONGEST else quote[: _LONGEST - 1] + "…"
    said = tr("“{quote}”", quote=short)
    return f"{tr(pattern.because)}: {said}" if pattern.because else said


def _money(
    kind: Kind, entities: Entities, context: MessageContext, rules: Rules, *, unsure: bool
) -> Iterable[Finding]:
    """The largest sum that is named, by its worth; a price that somebody asks or offers is none of
    a customer's."""
    sums = [*entities.amounts, *(_named_order(entities, context))]
    if not sums or (kind in _NOBODYS_MONEY and not unsure):
        return
    most = max(sums, key=rules.worth)
    worth, limits = rules.worth(most), rules.severity.amounts
    if worth >= limits.much:
        much = worth >= limits.very_much or kind is Kind.NOT_RECEIVED
        severity = Severity.HIGH if kind in _MONEY_MATTERS and much else None
        yield Finding(
            name="money", because=tr("{most} at stake", most=most.said), severity=severity
        )


def _named_order(entities: Entities, context: MessageContext) -> Iterable[Money]:
    named = {number.upper() for number in entities.order_numbers}
    return (order.total for order in context.orders if order.number.upper() in named)


def _provider_clock(
    kind: Kind, readings: tuple[Reading, ...], gate: Gate, rules: Rules
) -> Iterable[Finding]:
    """A provider's own notice of a dispute has a deadline in it: the nearest day it names."""
    if kind is not Kind.DISPUTE or not gate.automatic:
        return
    firm = (one for reading in readings for one in reading.moments if not one.loose)
    hours = [moment.hours for moment in firm]
    if not hours:
        yield Finding(
            name="dispute_deadline",
            because=tr("the deadline is not named: verify it with the provider"),
            severity=Severity.HIGH,
            exact=True,
        )
    else:
        near = min(hours) <= rules.severity.hours.dispute
        yield Finding(
            name="dispute_deadline",
            because=tr("the provider's deadline is {ahead}", ahead=_ahead(min(hours))),
            severity=Severity.CRITICAL if near else Severity.HIGH,
            clock=near,
            exact=True,
            names_day=True,
        )
