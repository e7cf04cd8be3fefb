"""Candidate: an issue as the bell sees it: what is news of it, how bad, and whether it is known.

Read anew whenever `ringing` considers an issue; what comes of it, `alerts/throttle` decides.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime, timedelta

from app.alerts.text import AlertFacts
from app.alerts.throttle import Candidate
from app.domain.alert import OF_INCIDENT
from app.domain.assessment import Assessment, Kind, Severity
from app.domain.clock import instant
from app.domain.issue import Issue
from app.domain.journal import EntryType, State
from app.domain.message import Direction
from app.domain.translation import tr
from app.engine.beside import Beside
from app.engine.promising import TOO_OLD
from app.escalation.disputes import KIND_WORDS
from app.storage import alerts, deadlines, incidents, issues, journal, messages
from app.storage.connection import Connection
from app.storage.messages import StoredMessage
from app.triage.incidents import sort_of

_LAST_DAY = timedelta(hours=24)
DANGERS = frozenset({"safety", "shop_down", "data_exposed", "payments_fail"})


def candidate_of(
    db: Connection, issue_id: int, *, known: Beside, is_news: bool, now: datetime
) -> Candidate[AlertFacts]:
    """The issue as it stands, `known` beside its mails; `is_news`: mail was stored just now."""
    issue = issues.get(db, issue_id)
    notices, incoming = _came_in(db, issue_id, known)
    newest = incoming[-1] if incoming else None
    woke_at = _woke_at(db, issue, now=now)
    heard_at = _heard_at(issue, notices, newest, known=known, woke_at=woke_at)
    on_card = _is_on_a_card(db, issue, incoming)
    rang = alerts.last_for_issue(db, issue.key, but="" if on_card else OF_INCIDENT)
    passes = _passes(db, issue, newest, known, now=now)
    told = newest.assessment if newest else None
    wanted, in_danger = bool(told and told.alert), _tells_of_danger(told)
    ruled = as_ruled(issue.decisions.by_rule, wanted=wanted, in_danger=in_danger)
    is_seen = on_card or _is_calmed(issue, in_danger=_is_danger_new(issue, incoming))
    is_muted = issue.decisions.muted and not (passes or known.rings)
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
        calmed=(is_seen and not _is_unheard(issue, known)) or is_muted,
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


def _came_in(
    db: Connection, issue_id: int, known: Beside
) -> tuple[list[StoredMessage], list[StoredMessage]]:
    """The notices of what is known from the provider itself, and what else came in."""
    notices: list[StoredMessage] = []
    incoming: list[StoredMessage] = []
    for one in messages.of_issue(db, issue_id):
        if one.direction is Direction.IN and one.assessment is not None and not one.is_report:
            (notices if known.is_superseded(one) else incoming).append(one)
    return notices, incoming


def _heard_at(
    issue: Issue,
    notices: Sequence[StoredMessage],
    newest: StoredMessage | None,
    *,
    known: Beside,
    woke_at: datetime | None,
) -> datetime:
    """When it was last news: somebody wrote, a provider turned to us, or its sleep was over."""
    told_at = known.told_at([one.received_at for one in notices]) if known.rings else None
    moments = (newest.received_at if newest else None, told_at, woke_at)
    return max((at for at in moments if at is not None), default=issue.last_at)


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
    case = known.cases[0] if known.cases else None
    return AlertFacts(
        key=issue.key,
        kind=judgement.kind,
        customer=issue.customer,
        subject=issue.subject,
        amount=known.amount or issue.order_total,
        order_number=issue.order_number,
        # Who reads of a chargeback takes the date beside it for that of the bank.
        deadline_at=case.due_at if case and case.is_ours else issue.deadline_at,
        words=newest.new_text if newest else "",
        suspicious=judgement.suspicious,
        what=tr(KIND_WORDS[case.dispute.kind]) if case else "",
        is_test=_is_rehearsal(known),
    )
