"""Throttle: which issues ring now; quiet by default, and a storm is one card.

Pure: whoever asks brings the issues that have news, and the alerts of the last minute.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Generic, TypeVar

from app.alerts.threshold import RingFor, is_urgent
from app.domain.alert import BUNDLE
from app.domain.assessment import Priority, Severity

WINDOW = timedelta(minutes=1)
MOST_IN_WINDOW = 3
BUNDLE_REST = timedelta(seconds=20)  # a card that changes more often is not read


Facts = TypeVar("Facts")


@dataclass(frozen=True, slots=True, kw_only=True)
class Candidate(Generic[Facts]):
    """An issue that may deserve a tap.

    `wants_alert` is what the assessment of its newest message said. `news_at` is when we learnt
    the newest thing about it that speaks for a tap: a message that came in, or its rise to P1.
    `rang_at` is when it rang last. `calmed`: a person judged it less urgent, called it a false
    alarm, or it is not their turn (asleep, waiting, done); the human wins. `history`: it was there
    before the account was connected. `facts` is carried along for the text, `passes` for the hours
    in which only the gravest rings. `ring_for` is what the owner wants to hear of.
    """

    key: str
    wants_alert: bool
    priority: Priority
    news_at: datetime
    facts: Facts
    score: int = 0
    rang_at: datetime | None = None
    calmed: bool = False
    history: bool = False
    passes: bool = False
    severity: Severity = Severity.NORMAL
    ring_for: RingFor = RingFor.URGENT

    @property
    def rings(self) -> bool:
        """Whether it is urgent, awake, and has something new to ring for."""
        urgent = is_urgent(
            self.ring_for,
            wants_alert=self.wants_alert,
            priority=self.priority,
            severity=self.severity,
        )
        new = self.rang_at is None or self.news_at > self.rang_at
        return urgent and new and not self.calmed and not self.history


@dataclass(frozen=True, slots=True, kw_only=True)
class Rung:
    """An alert that was raised: when, and for which issues; several are a bundle."""

    at: datetime
    keys: tuple[str, ...]

    @property
    def is_bundle(self) -> bool:
        """Whether it stood for several issues."""
        return len(self.keys) > 1


@dataclass(frozen=True, slots=True, kw_only=True)
class Ring(Generic[Facts]):
    """An alert to raise now.

    `issues` are those that ring with it, worst first. A bundle also names under `joined` the keys
    that rang within the last minute and now stand on the same card. `dedupe` is the same whenever
    the same news is decided on again.
    """

    dedupe: str
    issues: tuple[Candidate[Facts], ...]
    joined: tuple[str, ...] = ()
    bundle: bool = False

    @property
    def keys(self) -> tuple[str, ...]:
        """Every issue on the card, those that ring first."""
        return (*(issue.key for issue in self.issues), *self.joined)


@dataclass(frozen=True, slots=True, kw_only=True)
class Decision(Generic[Facts]):
    """What rings now, and what has to be offered again because it is kept for the next card.

    `again_at` is when to ask again; None when nothing is kept back.
    """

    rings: tuple[Ring[Facts], ...] = ()
    held: tuple[Candidate[Facts], ...] = ()
    again_at: datetime | None = None


def decide(
    candidates: Iterable[Candidate[Facts]], *, recent: Sequence[Rung], now: datetime
) -> Decision[Facts]:
    """Which of the candidates ring now, given the alerts that were raised lately.

    Up to three in a minute ring each for itself. What would be more folds into one bundle, which
    takes in whatever else comes and changes every 20 s at most. Nothing is dropped: what does not
    ring now is in `held`.
    """
    due = sorted((one for one in candidates if one.rings), key=_worst_first)
    lately = [rung for rung in recent if timedelta() <= now - rung.at < WINDOW]
    if not due:
        return Decision()
    if len(due) + len(lately) <= MOST_IN_WINDOW and not any(rung.is_bundle for rung in lately):
        return Decision(rings=tuple(_single(one) for one in due))
    rest_until = _rest_until(lately)
    if rest_until is not None and now < rest_until:
        return Decision(held=tuple(due), again_at=rest_until)
    return Decision(rings=(_bundle(due, lately),))


def _worst_first(candidate: Candidate[Facts]) -> tuple[str, int, datetime, str]:
    return (candidate.priority.value, -candidate.score, candidate.news_at, candidate.key)


def _rest_until(lately: Sequence[Rung]) -> datetime | None:
    bundled = [rung.at for rung in lately if rung.is_bundle]
    return max(bundled) + BUNDLE_REST if bundled else None


def _single(candidate: Candidate[Facts]) -> Ring[Facts]:
    return Ring(dedupe=_news(candidate), issues=(candidate,))


def _bundle(due: Sequence[Candidate[Facts]], lately: Sequence[Rung]) -> Ring[Facts]:
    """One card for all of the last minute: those that ring now, and those that already did."""
    ringing = {one.key for one in due}
    earlier = dict.fromkeys(key for rung in lately for key in rung.keys if key not in ringing)
    digest = hashlib.sha256("\n".join(sorted(map(_news, due))).encode()).hexdigest()[:20]
    return Ring(dedupe=f"{BUNDLE}{digest}", issues=tuple(due), joined=tuple(earlier), bundle=True)


def _news(candidate: Candidate[Facts]) -> str:
    return f"{candidate.key}/{candidate.news_at.timestamp():.6f}"
