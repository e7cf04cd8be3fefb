"""Queueing: what our order of the same mails gives, beside the order of arrival; a model, printed
with all that it assumes.

Brings two rooms together: `triage/scoring` says what stands first, `escalation` what is promised in
which hours and how one owner works it off.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from statistics import median
from typing import Any

from app.domain.assessment import IssueFacts, Priority, Severity
from app.domain.clock import instant
from app.domain.deadline import Metric
from app.domain.figures import spread
from app.escalation.given import GivenCalendar, calendar_of
from app.escalation.model_shop import SHOPS, Judging, Shop, assumptions, drawn, misjudged
from app.escalation.queueing import Answered, Owner, Waiting, answer_all, by_arrival
from app.escalation.rules import SlaRules
from app.escalation.working_time import WorkingTime
from app.triage.rules import Rules
from app.triage.scoring import next_change, rank

START = instant("2026-09-07T00:00:00+02:00")  # a Monday; the autumn's odd night is not in it
WEEKS = 6
BACK_IN = timedelta(minutes=3)
HOURS_SAID = "Monday to Friday 9 to 12 and 13 to 17 in Berlin, no holidays"
OFFICE = calendar_of(
    GivenCalendar(
        tz="Europe/Berlin",
        hours={str(day): [("09:00", "12:00"), ("13:00", "17:00")] for day in range(5)},
    )
)
AS_MEASURED = Judging(name="as measured", misses=6 / 29, false_rings=5 / 131)
PERFECT = Judging(name="without an error", misses=0, false_rings=0)
_PRIORITIES = {
    Severity.CRITICAL: Priority.P1,
    Severity.HIGH: Priority.P2,
    Severity.NORMAL: Priority.P3,
    Severity.LOW: Priority.P4,
}
_MINUTE, _HOUR = timedelta(minutes=1), timedelta(hours=1)


@dataclass(frozen=True, slots=True, kw_only=True)
class Promised:
    """By when an answer was promised, by the rules and in the working hours."""

    sla: SlaRules
    hours: WorkingTime

    def due(self, mail: Waiting, severity: Severity) -> datetime | None:
        """When the answer to a mail is due, were it of this severity."""
        target = self.sla.target(
            Metric.NEXT_RESPONSE if mail.turn else Metric.FIRST_RESPONSE,
            kind=mail.issue.kind,
            priority=_PRIORITIES[severity],
            customer="",
        )
        return None if target is None else self.hours.due(mail.came_at, target.time)


class OurOrder:
    """The order of the list: by score, and of equals the newest. Remembers a score until time would
    change it."""

    def __init__(self, *, rules: Rules, promised: Promised) -> None:
        self._rules = rules
        self._promised = promised
        self._known: dict[tuple[int, int], tuple[tuple[float, ...], datetime | None]] = {}

    def __call__(self, mail: Waiting, now: datetime) -> tuple[float, ...]:
        """The least for what stands first."""
        name = (mail.issue.number, mail.turn)
        known = self._known.get(name)
        if known is None or (known[1] is not None and known[1] <= now):
            known = self._known[name] = self._place(mail, now)
        return known[0]

    def _place(self, mail: Waiting, now: datetime) -> tuple[tuple[float, ...], datetime | None]:
        """Where it stands, and when that will change."""
        facts = IssueFacts(
            kind=mail.issue.kind,
            severity=mail.issue.judged,
            waiting_since=mail.came_at,
            unanswered=1,
            due_at=self._promised.due(mail, mail.issue.judged),
        )
        score = rank(facts, now, rules=self._rules).score
        place = (not mail.is_ringing, -score, -mail.came_at.timestamp(), mail.issue.number)
        return place, next_change(facts, now, rules=self._rules)


def compare_orders(
    *, rules: Rules, sla: SlaRules, seeds: int, shops: Iterable[Shop] = SHOPS
) -> dict[str, Any]:
    """The figures of each shop in each order, a median over the seeds with least and most, and
    what they rest on. Minutes and hours; shares 0 to 1."""
    hours = WorkingTime(OFFICE)
    promised = Promised(sla=sla, hours=hours)
    lines = [
        {"shop": shop.name, "load": shop.load, **line}
        for shop in shops
        for line in _shop(shop, rules=rules, promised=promised, seeds=seeds)
    ]
    assumed = assumptions(HOURS_SAID, weeks=WEEKS, back_in=BACK_IN)
    return {"assumed": [*assumed, *_judging_said()], "seeds": seeds, "orders": lines}


def _judging_said() -> Iterable[str]:
    one = AS_MEASURED
    yield (
        f"As measured (29 of 160 test mails must ring): of critical and high {one.misses:.0%} are"
        f" missed and stand among the normal ones, {one.false_rings:.0%} of the others ring and"
        " stand as critical."
    )


def _shop(shop: Shop, *, rules: Rules, promised: Promised, seeds: int) -> Iterable[dict[str, Any]]:
    def ours() -> Owner:
        order = OurOrder(rules=rules, promised=promised)
        return Owner(hours=promised.hours, order=order, heeds_rings=True, back_in=BACK_IN)

    def arrival() -> Owner:
        return Owner(hours=promised.hours, order=by_arrival)

    ways: tuple[tuple[str, Callable[[], Owner], Judging], ...] = (
        ("arrival", arrival, PERFECT),
        ("ours", ours, AS_MEASURED),
        ("ours", ours, PERFECT),
    )
    for order, owner, judging in ways:
        runs = []
        for seed in range(seeds):
            issues = drawn(shop, seed=seed, start=START, weeks=WEEKS, hours=promised.hours)
            judged = misjudged(issues, judging, seed=seed)
            runs.append(_figures(answer_all(judged, owner(), start=START), promised))
        judged_by = judging.name if order == "ours" else ""
        yield {"order": order, "judging": judged_by, **_over_seeds(runs)}


def _figures(answers: Sequence[Answered], promised: Promised) -> dict[str, float]:
    """One run in figures."""
    first = [one for one in answers if one.mail.turn == 0]
    urgent = [one for one in first if one.mail.issue.severity is Severity.CRITICAL]
    rest = [one for one in first if one.mail.issue.severity is not Severity.CRITICAL]
    return {
        "urgent": len(urgent),
        **_waits("urgent_first_working_minutes", urgent, promised.hours, _MINUTE),
        **_waits("urgent_first_clock_hours", urgent, _by_the_clock, _HOUR),
        **_waits("others_first_working_hours", rest, promised.hours, _HOUR),
        "urgent_kept": _kept(urgent, promised),
        "first_kept": _kept(first, promised),
        "all_kept": _kept(answers, promised),
        **_resolution(answers),
        "answers": len(answers),
        "worked_hours": sum((one.worked for one in answers), timedelta()) / _HOUR,
    }


def _by_the_clock(begin: datetime, end: datetime) -> timedelta:
    return end - begin


def _waits(
    name: str,
    answers: Iterable[Answered],
    length: Callable[[datetime, datetime], timedelta],
    unit: timedelta,
) -> dict[str, float]:
    return _spread(name, [length(one.mail.came_at, one.at) for one in answers], unit)


def _resolution(answers: Sequence[Answered]) -> dict[str, float]:
    """From an issue's first mail to its last answer, by the clock, all issues."""
    begun = {one.mail.issue.number: one.mail.came_at for one in answers if one.mail.turn == 0}
    ended = {one.mail.issue.number: one.at for one in answers}  # in the order in which they left
    lasted = [ended[number] - came_at for number, came_at in begun.items()]
    return _spread("resolved_clock_hours", lasted, _HOUR)


def _spread(name: str, lengths: Sequence[timedelta], unit: timedelta) -> dict[str, float]:
    found = spread(lengths, ())
    if found.median is None or found.p90 is None:
        return {}
    return {f"{name}_median": found.median / unit, f"{name}_p90": found.p90 / unit}


def _kept(answers: Sequence[Answered], promised: Promised) -> float:
    """The share that left in time, by what the mails are and not by what they were taken for."""
    due = [(one.at, promised.due(one.mail, one.mail.issue.severity)) for one in answers]
    kept = [at <= by for at, by in due if by is not None]
    return sum(kept) / len(kept) if kept else 1.0


def _over_seeds(runs: Sequence[Mapping[str, float]]) -> dict[str, Any]:
    """Each figure's median over the runs, the least and the most of any, and every run's."""
    names = [name for name in runs[0] if all(name in run for run in runs)]
    return {
        name: {
            "median": round(median(run[name] for run in runs), 3),
            "least": round(min(run[name] for run in runs), 3),
            "most": round(max(run[name] for run in runs), 3),
            "runs": [round(run[name], 3) for run in runs],
        }
        for name in names
    }
