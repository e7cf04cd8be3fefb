"""Ringing: which issues deserve a tap on the shoulder.

Decided inside the transaction that brought the news, so that an alert can be neither lost nor rung
twice; `ringer` shows what was decided.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import replace
from datetime import datetime, timedelta, tzinfo

from app.alerts.text import IN_A_BUNDLE, AlertFacts, AlertText, alert_text, bundle_text
from app.alerts.threshold import RingFor
from app.alerts.throttle import WINDOW, Candidate, Ring, Rung, decide
from app.config.settings import Settings
from app.domain.alert import BUNDLE, OF_INCIDENT, Alert, AlertState
from app.domain.assessment import Assessment, Kind, Severity
from app.domain.changes import Changes
from app.domain.clock import instant
from app.domain.issue import Issue
from app.domain.journal import EntryType, State
from app.domain.message import Direction
from app.domain.translation import tr
from app.domain.views import View
from app.engine.beside import Beside, beside
from app.engine.first_reading import FirstReading, is_card
from app.engine.promising import TOO_OLD
from app.escalation.dispute_rules import DisputeRules
from app.escalation.disputes import KIND_WORDS
from app.storage import alerts, deadlines, inbox, incidents, issues, journal, messages
from app.storage.database import Connection
from app.storage.messages import StoredMessage
from app.triage.incidents import sort_of

_TOP = 3  # named on the card of a first reading
_LAST_DAY = timedelta(hours=24)
DANGERS = frozenset({"safety", "shop_down", "data_exposed", "payments_fail"})


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
        return _candidate(db, issue_id, known=known, is_news=is_news, now=now)

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


def _candidate(
    db: Connection, issue_id: int, *, known: Beside, is_news: bool, now: datetime
) -> Candidate[AlertFacts]:
    issue = issues.get(db, issue_id)
    every = [
        message
        for message in messages.of_issue(db, issue_id)
        if message.direction is Direction.IN
        and message.assessment is not None
        and not message.is_report
    ]
    notices = [message for message in every if known.is_superseded(message)]
    incoming = [message for message in every if not known.is_superseded(message)]
    newest = incoming[-1] if incoming else None
    moments = [one.received_at for one in incoming[-1:]]
    if known.rings and (at := known.told_at([one.received_at for one in notices])) is not None:
        moments.append(at)
    woke_at = _woke_at(db, issue, now=now)
    moments += [woke_at] if woke_at else []
    heard_at = max(moments, default=issue.last_at)
    on_card = _is_on_a_card(db, issue, incoming)
    rang = alerts.last_for_issue(db, issue.key, but="" if on_card else OF_INCIDENT)
    passes = _passes(db, issue, newest, known, now=now)
    told = newest.assessment if newest else None
    wanted, in_danger = bool(told and told.alert), _tells_of_danger(told)
    ruled = as_ruled(issue.decisions.by_rule, wanted=wanted, in_danger=in_danger)
    return Candidate(
        key=issue.key,
        wants_alert=known.rings or ruled,
        priority=issue.judgement.priority,
        severity=_worse(issue.judgement.severity, told if in_danger else None),
        score=issue.judgement.score,
        # What is read late is news all the same.
        news_at=now if is_news and not known else heard_at,
        facts=replace(
            _facts(issue, newest, known),
            others_date=deadlines.has_running_clock(db, issue_id),
            woke=woke_at == heard_at,
        ),
        passes=passes,
        rang_at=rang.created_at if rang and rang.created_at <= now else None,
        calmed=(
            (_is_calmed(issue, in_danger=_is_danger_new(issue, incoming)) or on_card)
            and not _is_unheard(issue, known)
        )
        or (issue.decisions.muted and not (passes or known.rings)),
        # What the first reading of a platform found stands on one card of its own.
        history=issue.history
        or now - heard_at > TOO_OLD
        or (known.is_backlog and newest is None and rang is None),
    )


def as_ruled(ruled: Severity | None, *, wanted: bool, in_danger: bool) -> bool:
    """Whether it deserves a tap where a rule of the owner says how bad it is, if one does: whoever
    made the rule did not know of this danger."""
    if ruled is None or (wanted and in_danger):
        return wanted
    return ruled is Severity.CRITICAL or (wanted and ruled is Severity.HIGH)


def _passes(
    db: Connection,
    issue: Issue,
    newest: StoredMessage | None,
    known: Beside,
    *,
    now: datetime,
) -> bool:
    """Whether it rings in quiet hours too: danger, a shop that is down, a dispute's last day.

    That day is the provider's; what we promised to answer by is no reason to wake anybody.
    """
    told = newest.assessment.factors if newest and newest.assessment else {}
    if not DANGERS.isdisjoint((*told, *known.factors)):
        return True
    if issue.judgement.kind is not Kind.DISPUTE or _is_rehearsal(known):
        return False
    due_at = deadlines.next_of_provider(db, issue.id)
    return due_at is not None and now <= due_at <= now + _LAST_DAY


def _is_rehearsal(known: Beside) -> bool:
    """Whether all that is known of it happened in a provider's test mode."""
    return bool(known.cases) and all(case.dispute.is_test for case in known.cases)


def _has_rung(alert: Alert) -> bool:
    """Whether what comes within a minute may join it: not what nobody was shown, nor the card of a
    first reading, after which everything rings by itself."""
    is_told = alert.state is not AlertState.WITHDRAWN and not is_card(alert)
    return bool(alert.issue_keys) and is_told


def _tells_of_danger(told: Assessment | None) -> bool:
    return told is not None and not DANGERS.isdisjoint(told.factors)


def _worse(severity: Severity, told: Assessment | None) -> Severity:
    """How bad the issue is, or the mail by itself, whichever is worse."""
    return max((severity, told.severity if told else severity), key=lambda one: one.rank)


def _is_danger_new(issue: Issue, incoming: Sequence[StoredMessage]) -> bool:
    """Whether the newest mail tells of a danger that none before it told of, after a person took
    the issue up or said how bad it is: of that they know nothing."""
    decided = (issue.decisions.state_at, issue.decisions.judged_at)
    known_at = max((at for at in decided if at is not None), default=None)
    if not incoming or known_at is None or incoming[-1].counts_at <= known_at:
        return False
    return bool(_new_dangers(incoming))


def _new_dangers(incoming: Sequence[StoredMessage]) -> frozenset[str]:
    """The dangers that the newest mail tells of and none before it."""
    told = [DANGERS.intersection(one.assessment.factors) for one in incoming if one.assessment]
    return told[-1].difference(*told[:-1])


def _woke_at(db: Connection, issue: Issue, *, now: datetime) -> datetime | None:
    """When the sleep ended that a person chose for it: they want to hear of it then. Not that of a
    reply that was planned, nor of a wait for the customer's answer."""
    until = issue.decisions.snoozed_until
    if until is None or until > now or issue.decisions.follow_up:
        return None
    chosen = (one.data for one in journal.of_issue(db, issue.id) if one.type is EntryType.SNOOZE)
    return until if any(instant(one["until"]) == until for one in chosen) else None


def _is_on_a_card(db: Connection, issue: Issue, incoming: Sequence[StoredMessage]) -> bool:
    """Whether the card of its incident says what the newest mail says: the same complaint, which
    the incident counts, and no danger of which nobody in it has told.

    Who put the card away has seen it, and is told when it has doubled; not of each mail till then.
    """
    newest = incoming[-1] if incoming else None
    if newest is None or newest.assessment is None:  # payments fail: nobody wrote
        return incidents.covers(db, issue.id, at=issue.first_at)
    sort = sort_of(issue.decisions.kind or newest.assessment.kind)
    if not sort or not incidents.covers(db, issue.id, at=newest.received_at, sort=sort):
        return False
    return all(incidents.others_told(db, issue.id, one) for one in _new_dangers(incoming))


def _is_calmed(issue: Issue, *, in_danger: bool) -> bool:
    """Whether a person has it in hand, or has said whether it is worth a tap: they know of it.

    What they did and said says nothing of a danger that was told since.
    """
    decided = issue.decisions
    untaken = (State.NEW, State.ACKNOWLEDGED) if in_danger else (State.NEW,)
    judged = decided.severity is not None or decided.verdict in ("false_alarm", "missed")
    return (
        issue.state not in untaken
        or issue.snoozed_until is not None
        or (judged and not in_danger)
        or issue.judgement.suspicious
    )


def _is_unheard(issue: Issue, known: Beside) -> bool:
    """Whether a dispute opened after a person last took the issue up: of that they know nothing."""
    if not known.cases or not known.rings or known.turned_at is None:
        return False
    taken_at = issue.decisions.state_at
    return taken_at is None or taken_at < known.turned_at


def _facts(issue: Issue, newest: StoredMessage | None, known: Beside) -> AlertFacts:
    judgement = issue.judgement
    dispute = known.cases[0].dispute if known.cases else None
    return AlertFacts(
        key=issue.key,
        kind=judgement.kind,
        customer=issue.customer,
        subject=issue.subject,
        amount=known.amount or issue.order_total,
        order_number=issue.order_number,
        deadline_at=issue.deadline_at,
        words=newest.new_text if newest else "",
        suspicious=judgement.suspicious,
        what=tr(KIND_WORDS[dispute.kind]) if dispute else "",
        is_test=_is_rehearsal(known),
    )
