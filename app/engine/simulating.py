"""Simulating: what would have rung under other rules, by this profile's own history.

An issue mattered where a person said that ringing was right, or that it should have rung, or made
it critical, and where it is critical and nobody said otherwise; it was false where a person called
it a false alarm or no issue, or made it normal or low. Which of those that mattered would have
stayed silent is told by name, so that they can be looked at; not what somebody had in hand. The
owner's rules as they hold now are asked of all of it (`rule_replay`); where there are any, what
would have rung without them stands beside it.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from contextlib import closing
from dataclasses import dataclass, replace
from datetime import datetime, timedelta, tzinfo
from pathlib import Path
from typing import Any

from app.alerts.quiet import read_hours
from app.alerts.replay import AlertRules, News, replay
from app.alerts.threshold import RingFor
from app.config.settings import Settings, setting
from app.domain.assessment import Kind, Priority, Severity
from app.domain.clock import Clock
from app.domain.errors import Refused
from app.domain.journal import Decisions, Entry, State, fold, standing
from app.domain.translation import tr
from app.engine.candidate import DANGERS, as_ruled
from app.engine.desk import Verb
from app.engine.rule_replay import Ruled, ruled
from app.escalation.calendar import Calendar
from app.storage import journal, tidings
from app.storage.connection import Connection
from app.storage.database import open_reader
from app.storage.tidings import Tiding
from app.triage.owner_rules import Ready

LOOKS_BACK = timedelta(days=90)
_MOST_DAYS = 3650
_GRADES = {Severity.CRITICAL: 1, Severity.NORMAL: -1, Severity.LOW: -1}  # as a person put it


class Simulating:
    """The verb that tries alert rules on what has happened."""

    def __init__(
        self,
        *,
        database: Path,
        clock: Clock,
        settings: Callable[[], Settings],
        zone: Callable[[], tzinfo],
        rules: Callable[[], Sequence[Ready]],
        calendar: Callable[[], Calendar],
    ) -> None:
        """`rules` are the owner's own, `calendar` is the shop's."""
        self._database = database
        self._clock = clock
        self._settings = settings
        self._zone = zone
        self._rules = rules
        self._calendar = calendar

    def verbs(self) -> dict[str, Verb]:
        """The verbs by the names that desks use."""
        return {"simulate": self.simulate}

    def simulate(
        self,
        ring_for: str | None = None,
        quiet_hours: str | None = None,
        alerts_per_hour: int | None = None,
        days: int | None = None,
    ) -> dict[str, Any]:
        """What would have rung in the last `days` (90): as it is set, and as asked.

        Without a wish, each choice of what to ring for is tried. Raises Refused for a value that
        the setting would not take, and for days that cannot be looked back.
        """
        now, settings = self._clock.now(), self._settings()
        wished = {
            "ring_for": ring_for,
            "quiet_hours": quiet_hours,
            "alerts_per_hour": alerts_per_hour,
        }
        asked = {name: _checked(name, one) for name, one in wished.items() if one is not None}
        tried = [asked] if asked else [{"ring_for": one.value} for one in RingFor]
        since = now - _looked_back(days)
        with closing(open_reader(self._database)) as db:
            heard = _Heard.read(db, since, now)
            rules = self._rules()
            by_rules = ruled(db, heard.came, rules, calendar=self._calendar())
        told = _Told.of(heard, by_rules)
        plain = _Told.of(heard, {}) if rules else None
        without = {"without_rules": self._line(settings, plain)} if plain else {}
        return {
            "issues": len(told.keys),
            "rules": len(rules),
            "as_it_is": self._line(settings, told),
            "tried": [self._line(replace(settings, **one), told) for one in tried],
            **without,
        }

    def _line(self, settings: Settings, told: _Told) -> dict[str, Any]:
        rules = AlertRules(
            ring_for=RingFor(settings.ring_for),
            quiet=read_hours(settings.quiet_hours),
            per_hour=settings.alerts_per_hour,
        )
        found = replay(told.news, rules, zone=self._zone())
        return {
            "ring_for": settings.ring_for,
            "quiet_hours": settings.quiet_hours,
            "alerts_per_hour": settings.alerts_per_hour,
            "alerts": found.pop_ups,
            "issues_rung": len(found.rung),
            "missed": sorted(told.mattered - found.rung),
            "false_alarms": len(found.rung & told.false),
            "waited": found.waited,
            "longest_wait_minutes": round(found.longest_wait.total_seconds() / 60, 1),
        }


@dataclass(frozen=True, slots=True)
class _Heard:
    """What came in, and the journals of its issues; read once, whatever is tried on it."""

    came: tuple[Tiding, ...]
    said: Mapping[int, tuple[Entry, ...]]

    @classmethod
    def read(cls, db: Connection, start: datetime, end: datetime) -> _Heard:
        """From the profile, without changing anything."""
        came = tidings.between(db, start, end)
        issue_ids = {one.issue_id for one in came}
        return cls(came, {issue_id: journal.of_issue(db, issue_id) for issue_id in issue_ids})


class _Told:
    """What came in, and what people said of it."""

    def __init__(
        self, news: Sequence[News], *, mattered: frozenset[str], false: frozenset[str]
    ) -> None:
        self.news = news
        self.keys = frozenset(one.key for one in news)
        self.mattered = mattered
        self.false = false

    @classmethod
    def of(cls, heard: _Heard, by_rules: Mapping[Tiding, Ruled]) -> _Told:
        """By what these rules would have said."""
        came, said = heard.came, heard.said
        decided = {issue_id: fold(entries) for issue_id, entries in said.items()}
        news = [
            _news(one, by_rules.get(one, Ruled()), decided[one.issue_id])
            for one in came
            if _is_our_turn(one, said[one.issue_id])
        ]
        grades = {one.key: _grade(one, decided[one.issue_id]) for one in came}
        could_ring = {one.key for one in news}
        return cls(
            news,
            mattered=frozenset(key for key in could_ring if grades[key] > 0),
            false=frozenset(key for key, grade in grades.items() if grade < 0),
        )


def _news(one: Tiding, by_rules: Ruled, decided: Decisions) -> News:
    """Judged as it came, by these rules and not by those that stood then; a person's word stays."""
    is_of_rules = decided.severity is None and (decided.by_rule or by_rules.severity)
    severity = (by_rules.severity or one.judged) if is_of_rules else one.severity
    passes = not DANGERS.isdisjoint(one.factors)
    wanted = as_ruled(by_rules.severity, wanted=one.wants_alert, in_danger=passes)
    # Its band as it stands is that of another severity: then the mail and the rules alone count.
    priority = one.priority if severity is one.severity else max(one.priority, Priority.P2)
    return News(
        key=one.key,
        at=one.at,
        wants_alert=wanted,
        severity=severity,
        priority=priority,
        passes=passes,
        silent=by_rules.silent and not passes,
    )


def _is_our_turn(one: Tiding, entries: Sequence[Entry]) -> bool:
    """Whether nobody had it in hand when this came."""
    decisions = fold(entry for entry in entries if entry.at <= one.at)
    state, asleep = standing(decisions, heard_at=one.at, history=False, now=one.at)
    return state is State.NEW and asleep is None


def _grade(one: Tiding, decisions: Decisions) -> int:
    """1: it mattered; -1: it was a false alarm; 0: nobody can say."""
    if decisions.verdict == "false_alarm":
        return -1
    if decisions.verdict in ("right", "missed"):
        return 1
    if decisions.kind is Kind.NOT_AN_ISSUE:
        return -1
    if decisions.severity is not None:
        return _GRADES.get(decisions.severity, 0)
    return 1 if one.severity is Severity.CRITICAL else 0


def _looked_back(days: int | None) -> timedelta:
    if days is None:
        return LOOKS_BACK
    if not 1 <= days <= _MOST_DAYS:
        raise Refused(
            tr("{days} days cannot be looked back", days=days),
            tr("Say 1 to {most_days}", most_days=_MOST_DAYS),
        )
    return timedelta(days=days)


def _checked(name: str, value: object) -> object:
    known = setting(name)
    read = known.read(value)
    if not known.accepts(read):
        raise Refused(
            tr("{label} cannot be '{value}'", label=known.label, value=value),
            tr("It must be {allowed}.", allowed=known.allowed),
        )
    return read
