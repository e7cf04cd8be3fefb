"""Ringing: which issues deserve a tap on the shoulder.

Decided inside the transaction that brought the news, so that an alert can be neither lost nor rung
twice; `ringer` shows what was decided.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import replace
from datetime import datetime, tzinfo

from app.alerts.text import IN_A_BUNDLE, AlertFacts, AlertText, alert_text, bundle_text
from app.alerts.threshold import RingFor
from app.alerts.throttle import WINDOW, Candidate, Ring, Rung, decide
from app.config.settings import Settings
from app.domain.alert import BUNDLE, Alert, AlertState
from app.domain.changes import Changes
from app.domain.views import View
from app.engine.beside import beside
from app.engine.candidate import candidate_of
from app.engine.first_reading import FirstReading, is_card
from app.escalation.dispute_rules import DisputeRules
from app.storage import alerts, inbox, issues
from app.storage.connection import Connection

_TOP = 3  # named on the card of a first reading


class Ringing:
    """Decides. Holds only what was kept back for the next card; a restart offers all again."""

    def __init__(
        self,
        *,
        settings: Callable[[], Settings],
        zone: Callable[[], tzinfo],
        disputes: DisputeRules,
    ) -> None:
        self.first = FirstReading(zone=zone)
        self._settings = settings
        self._zone = zone
        self._disputes = disputes
        self._held: set[int] = set()
        self._again_at: datetime | None = None

    def consider(
        self, db: Connection, issue_ids: Iterable[int], *, now: datetime, is_news: bool
    ) -> Changes:
        """Raise whatever alert these issues now deserve; part of the caller's transaction.

        `is_news`: mail of theirs was stored just now; else only time has passed.
        """
        fresh = frozenset(issue_ids)
        wanted = fresh | issues.present(db, self._held)
        ring_for = RingFor(self._settings().ring_for)
        candidates = tuple(
            replace(
                self._candidate(db, one, is_news=is_news and one in fresh, now=now),
                ring_for=ring_for,
            )
            for one in sorted(wanted)
        )
        urgent = {c.key: i for c, i in zip(candidates, sorted(wanted), strict=True) if c.rings}
        if not urgent:
            self._held.clear()
            return Changes()
        keeps_back = self.first.keeps_back(db, now=now)
        may_ring = [one for one in candidates if one.passes or not keeps_back]
        lately = tuple(
            Rung(at=one.created_at, keys=one.issue_keys)
            for one in alerts.recent(db, now - WINDOW)
            if _has_rung(one) and (one.passes or not keeps_back)
        )
        decision = decide(may_ring, recent=lately, now=now)
        kept = urgent.keys() - {one.key for one in may_ring}
        self._held = {urgent[key] for key in (*(one.key for one in decision.held), *kept)}
        self._again_at = decision.again_at
        queued = [alerts.queue(db, self._alert(ring, now=now)) for ring in decision.rings]
        rang = frozenset(key for ring in decision.rings for key in ring.keys)
        return Changes(alerts=frozenset(one for one in queued if one is not None), issues=rang)

    def tell_first(self, db: Connection, *, now: datetime) -> Changes:
        """Tell what a first reading found, when it is over; part of the caller's transaction.

        What is alone needs no card and rings as itself.
        """
        if not self.first.is_over(db, now=now):
            return Changes()
        self.first.end(now=now)
        held = {
            one: self._candidate(db, one, is_news=False, now=now)
            for one in issues.present(db, self._held)
        }
        found = [one.key for one in held.values() if one.rings and not one.passes]
        # A date that somebody else set is told by its own name, after the card.
        waiting = [one for one in alerts.queued(db) if not (one.passes or one.by_name)]
        if len(found) + len(waiting) < 2:
            return self.consider(db, (), now=now, is_news=False)
        self._held = {id_ for id_, one in held.items() if one.passes}
        keys = (*found, *(key for one in waiting for key in one.issue_keys))
        moved = self.first.card(db, keys, waiting=waiting, top=self._top(db, now=now), now=now)
        return Changes(alerts=moved, issues=frozenset(keys))

    def has_kept_back(self, db: Connection) -> bool:
        """Whether a first reading found something that is not told yet."""
        return self.first.is_open and (bool(self._held) or bool(alerts.queued(db)))

    def _top(self, db: Connection, *, now: datetime) -> list[AlertFacts]:
        ids = inbox.inbox_ids(db, view=View.OPEN, now=now)[:_TOP]
        return [self.facts(db, one, now=now) for one in ids]

    def is_due(self, now: datetime) -> bool:
        """Whether something was kept back long enough."""
        return bool(self._held) and self._again_at is not None and now >= self._again_at

    def _candidate(
        self, db: Connection, issue_id: int, *, is_news: bool, now: datetime
    ) -> Candidate[AlertFacts]:
        known = beside(db, issue_id, now=now, rules=self._disputes)
        return candidate_of(db, issue_id, known=known, is_news=is_news, now=now)

    def facts(self, db: Connection, issue_id: int, *, now: datetime) -> AlertFacts:
        """What a tap may tell of an issue."""
        return self._candidate(db, issue_id, is_news=False, now=now).facts

    def worded(self, db: Connection, alert: Alert, *, now: datetime) -> AlertText:
        """What an alert of this bell would say by now. Raises NotFound."""
        named = alert.issue_keys[:IN_A_BUNDLE]
        facts = [self.facts(db, issues.by_key(db, key), now=now) for key in named]
        is_bundle = alert.dedupe.startswith(BUNDLE)
        earlier = len(alert.issue_keys) - len(named)
        return self._text(facts, earlier=earlier, is_bundle=is_bundle, now=now)

    def _text(
        self, facts: Sequence[AlertFacts], *, earlier: int, is_bundle: bool, now: datetime
    ) -> AlertText:
        zone = self._zone()
        if is_bundle:
            return bundle_text(facts, earlier=earlier, now=now, zone=zone)
        allowed = self._settings().show_customer_text_in_alerts
        return alert_text(facts[0], now=now, zone=zone, customer_text=allowed)

    def _alert(self, ring: Ring[AlertFacts], *, now: datetime) -> Alert:
        facts = tuple(one.facts for one in ring.issues)
        text = self._text(facts, earlier=len(ring.joined), is_bundle=ring.bundle, now=now)
        named = facts[:IN_A_BUNDLE] if ring.bundle else facts
        return Alert(
            dedupe=ring.dedupe,
            issue_keys=ring.keys,
            title=text.title,
            body=text.body,
            created_at=now,
            passes=any(one.passes for one in ring.issues),
            by_name=any(one.others_date for one in named),
            unnamed=tuple(set(ring.keys) - {one.key for one in named}),
        )


def _has_rung(alert: Alert) -> bool:
    """Whether what comes within a minute may join it: not what nobody was shown, nor the card of a
    first reading, after which everything rings by itself."""
    is_told = alert.state is not AlertState.WITHDRAWN and not is_card(alert)
    return bool(alert.issue_keys) and is_told
