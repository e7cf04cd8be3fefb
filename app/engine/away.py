"""Away: a sleep of the machine, what fell due while it lasted, and the card that tells it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from app.alerts.text import IN_A_BUNDLE, and_more, away_title
from app.domain.alert import AWAY, Alert, AlertLevel
from app.domain.journal import State
from app.engine.rewording import Rewording
from app.engine.slumber import SETTLES
from app.storage import alerts, deadlines, issues, journal
from app.storage.connection import Connection

SHORT = timedelta(minutes=30)  # a nap is no journey
_OUR_TURN = (State.NEW, State.ACKNOWLEDGED)


@dataclass(frozen=True, slots=True, kw_only=True)
class Away:
    """From when to when, the last time."""

    since: datetime
    back_at: datetime

    @property
    def told_at(self) -> datetime:
        """When the mailboxes were looked into, so that all of it can be told."""
        return self.back_at + SETTLES

    def title(self, urgent: int, missed: Missed) -> str:
        """ "Away 14 h: 3 urgent, 1 deadline passed"."""
        return away_title(
            self.back_at - self.since, urgent, passed=len(missed.passed), woken=len(missed.woken)
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class Missed:
    """The issues of which a promise fell due meanwhile, and those that woke up; by their ids."""

    passed: tuple[int, ...] = ()
    woken: tuple[int, ...] = ()

    def __bool__(self) -> bool:
        return bool(self.passed or self.woken)


def longer(before: Away | None, *, since: datetime, now: datetime) -> Away:
    """The sleep that just ended; with the one `before` it that was not told yet: a machine that
    wakes for a moment in the night was away all night."""
    return Away(since=min(since, before.since) if before else since, back_at=now)


def missed(db: Connection, *, away: Away) -> Missed:
    """What fell due while the machine slept and still waits for somebody."""
    passed = deadlines.passed_between(db, away.since, away.back_at)
    ended = journal.snoozes_between(db, away.since, away.back_at)
    return Missed(
        passed=tuple(one for one in passed if issues.get(db, one).state in _OUR_TURN),
        woken=tuple(one for one, until in ended.items() if _woke(db, one, until)),
    )


def _woke(db: Connection, issue_id: int, until: datetime) -> bool:
    """Whether that sleep ended by itself, and nobody has put the issue away since."""
    issue = issues.get(db, issue_id)
    return issue.state in _OUR_TURN and issue.decisions.snoozed_until == until


def calm_card(
    db: Connection, away: Away, told: Missed, *, rewording: Rewording, now: datetime
) -> Alert:
    """Queue the card where nothing rang beside it: it names what fell due."""
    about = tuple(dict.fromkeys((*told.passed, *told.woken)))
    named: Sequence[str] = [rewording.in_short(db, one, now=now) for one in about[:IN_A_BUNDLE]]
    more = len(about) - len(named)
    keys = tuple(issues.get(db, one).key for one in about)
    card = Alert(
        dedupe=f"{AWAY}{now.isoformat()}",
        issue_keys=keys,
        title=away.title(0, told),
        body="\n".join(filter(None, (*named, and_more(more) if more else ""))),
        created_at=now,
        level=AlertLevel.NOTICE,
        unnamed=keys[IN_A_BUNDLE:],
    )
    alerts.withdraw(db, AWAY, at=now)
    written = alerts.get(db, alerts.queue(db, card) or 0)
    assert written is not None  # no other card has this instant
    return written
