"""Replay: what would have rung, had other rules stood. Pure; by the same steps as the real thing.

News become alerts as `throttle.decide` says, alerts become pop-ups as `quiet` lets them.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta, tzinfo
from itertools import groupby

from app.alerts.quiet import HOUR, MOST_BESIDE, QuietHours, spent_until
from app.alerts.threshold import RingFor
from app.alerts.throttle import BUNDLE_REST, WINDOW, Candidate, Ring, Rung, decide
from app.domain.assessment import Priority, Severity


@dataclass(frozen=True, slots=True, kw_only=True)
class News:
    """Something that was said about an issue, and how the issue was judged by it.

    `silent`: a rule of the owner kept it from ringing.
    """

    key: str
    at: datetime
    wants_alert: bool
    severity: Severity
    priority: Priority
    passes: bool = False
    silent: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class AlertRules:
    """What the owner may choose of how it rings."""

    ring_for: RingFor = RingFor.URGENT
    quiet: QuietHours | None = None
    per_hour: int = 12


@dataclass(frozen=True, slots=True, kw_only=True)
class Replayed:
    """`pop_ups` would have been shown, for the issues `rung`; `waited` of the alerts were held
    back, the longest of them for so long."""

    pop_ups: int
    rung: frozenset[str]
    waited: int
    longest_wait: timedelta


@dataclass
class _Screen:
    """What was shown by when, and what waits to be."""

    rules: AlertRules
    zone: tzinfo
    shown: list[datetime] = field(default_factory=list)
    waiting: list[datetime] = field(default_factory=list)
    waits: list[timedelta] = field(default_factory=list)

    def take(self, at: datetime, *, passes: bool) -> None:
        self.release(at)
        if not passes and self._calm_until(at) is not None:
            self.waiting.append(at)
        else:
            self.shown.append(at)

    def release(self, now: datetime) -> None:
        """Show what waited, as one card, at the first moment that was free by `now`."""
        while self.waiting:
            free_at = self.waiting[-1]
            while (end := self._calm_until(free_at)) is not None:
                free_at = end
            if free_at > now:
                return
            self.waits += [free_at - at for at in self.waiting]
            self.waiting.clear()
            self.shown.append(free_at)

    def _calm_until(self, at: datetime) -> datetime | None:
        quiet = self.rules.quiet.until(at, self.zone) if self.rules.quiet else None
        last = max(self.rules.per_hour, MOST_BESIDE)
        lately = [one for one in self.shown[-last:] if at - one < HOUR]
        spent = spent_until(lately, per_hour=self.rules.per_hour, now=at)
        return max((end for end in (quiet, spent) if end is not None), default=None)


def replay(news: Iterable[News], rules: AlertRules, *, zone: tzinfo) -> Replayed:
    """What would have been shown of these news, had these rules stood."""
    screen = _Screen(rules, zone)
    rung: dict[str, datetime] = {}
    recent: list[Rung] = []
    held: tuple[Candidate[News], ...] = ()
    moments = sorted(news, key=lambda one: (one.at, one.key))
    for now, fresh in (*_batches(moments), *_afterwards(moments)):
        candidates = {one.key: one for one in held}
        candidates |= {one.key: _candidate(one, rules, rung.get(one.key)) for one in fresh}
        decision = decide(candidates.values(), recent=recent, now=now)
        held = decision.held
        recent = [one for one in recent if now - one.at < WINDOW]
        for ring in decision.rings:
            _ring(ring, now, rung=rung, recent=recent, screen=screen)
    screen.release(datetime.max.replace(tzinfo=zone) - timedelta(days=1))
    return Replayed(
        pop_ups=len(screen.shown),
        rung=frozenset(rung),
        waited=len(screen.waits),
        longest_wait=max(screen.waits, default=timedelta()),
    )


def _batches(moments: Sequence[News]) -> Iterator[tuple[datetime, tuple[News, ...]]]:
    """What came at one instant was brought by one round, and is decided on together."""
    for at, some in groupby(moments, key=lambda one: one.at):
        yield at, tuple(some)


def _afterwards(moments: Sequence[News]) -> list[tuple[datetime, tuple[News, ...]]]:
    """One more look when the last card has rested, for what was kept back."""
    return [(moments[-1].at + BUNDLE_REST, ())] if moments else []


def _candidate(news: News, rules: AlertRules, rang_at: datetime | None) -> Candidate[News]:
    return Candidate(
        key=news.key,
        wants_alert=news.wants_alert,
        priority=news.priority,
        severity=news.severity,
        ring_for=rules.ring_for,
        news_at=news.at,
        rang_at=rang_at,
        passes=news.passes,
        calmed=news.silent,
        facts=news,
    )


def _ring(
    ring: Ring[News],
    now: datetime,
    *,
    rung: dict[str, datetime],
    recent: list[Rung],
    screen: _Screen,
) -> None:
    rung.update(dict.fromkeys(ring.keys, now))
    recent.append(Rung(at=now, keys=ring.keys))
    screen.take(now, passes=any(one.passes for one in ring.issues))
