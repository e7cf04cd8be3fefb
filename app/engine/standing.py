"""Standing: where an issue stands, worked out anew from its messages, its journal and the clock.

Everything here can always be computed again; a person's decision, read from the journal, replaces
the machine's and survives it.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from functools import reduce
from operator import or_

from app.domain.assessment import Assessment, IssueFacts, Kind, Priority, Ranking, Severity
from app.domain.changes import Changes
from app.domain.deadline import Deadline, Metric
from app.domain.issue import Issue, Judgement
from app.domain.journal import Decisions, State, fold, is_chased, standing, taken_back
from app.domain.message import Address, Direction, Message
from app.domain.order import Order, OrderLink
from app.escalation import deadlines as promises
from app.escalation.rules import SlaRules
from app.storage import deadlines, issues, journal, messages, orders
from app.storage.database import Connection
from app.storage.messages import StoredMessage
from app.triage import linking, scoring
from app.triage.linking import Told
from app.triage.rules import Rules

_MOST_READ = 20  # of a long conversation: how it began, and what was said last
_OUR_TURN = (State.NEW, State.ACKNOWLEDGED)


def unjudged() -> Judgement:
    """What stands about an issue between its creation and its first refresh."""
    return Judgement(
        kind=Kind.OTHER, severity=Severity.LOW, priority=Priority.P4, score=0, reasons=()
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class _Heard:
    """An incoming message beside what the machine made of it."""

    message: StoredMessage
    assessment: Assessment


class Standing:
    """Refreshes an issue after anything about it has moved."""

    def __init__(self, *, rules: Rules, sla: SlaRules) -> None:
        self._rules = rules
        self._sla = sla

    def refresh(self, db: Connection, issue_id: int, *, now: datetime) -> Changes:
        """Work out the issue anew and write it; part of the caller's transaction."""
        issue = issues.get(db, issue_id)
        stored = messages.of_issue(db, issue_id)
        entries = journal.of_issue(db, issue_id)
        decisions = fold(entries)
        heard = _heard(stored)
        arrived = _arrived(stored, decisions, no_answers=taken_back(entries))
        open_ones = _unanswered(heard, arrived, decisions)
        last = _last(heard)
        state, asleep_until = standing(decisions, heard_at=last, history=issue.history, now=now)
        chased = is_chased(decisions, heard_at=last, now=now)
        only_ours = not heard and bool(arrived)
        answered = (heard or only_ours) and not open_ones
        if state in _OUR_TURN and answered and not (chased or decisions.aside):
            state = State.WAITING  # ours is the last word, from wherever it was sent
        link = _link(db, decisions, heard)
        order = orders.by_number(db, link.number) if link and link.number else None
        waiting = open_ones if state in _OUR_TURN else ()
        facts = _facts(db, heard, waiting, decisions=decisions, order=order, issue=issue)
        if chased and not open_ones:
            because = "nobody has answered in the time that you gave them"
            facts = replace(facts, factors={**facts.factors, "no_answer": because})
        if only_ours and decisions.kind is None:
            facts = replace(facts, kind=Kind.NOT_AN_ISSUE)  # until they answer
        deadline = self._promise(db, issue_id, facts, heard=heard, arrived=arrived)
        due_at = deadline.planned_at if deadline and deadline.is_open and waiting else None
        facts = replace(facts, due_at=due_at)
        ranking = scoring.rank(facts, now, rules=self._rules)
        issues.update(
            db,
            issue_id,
            judgement=_judgement(facts, ranking, heard, open_ones),
            decisions=decisions,
            state=state,
            snoozed_until=asleep_until,
            customer=_customer(issue, heard),
            order_number=link.number if link else "",
            order_link=link,
            order_total=order.total if order else None,
            deadline_at=due_at,
            waiting_since=facts.waiting_since,
            last_at=max((message.received_at for message in stored), default=issue.last_at),
            message_count=len(stored),
            preview=_preview(stored),
        )
        return Changes.of_issues((issue.key,))

    def shelve(self, db: Connection, issue_id: int, *, now: datetime) -> Changes:
        """File old mail: what a list needs of it, and no judgement yet.

        Old mail that turns out to belong to an issue of today is no history: that one is refreshed.
        """
        issue = issues.get(db, issue_id)
        if not issue.history or issue.decisions.head:
            return self.refresh(db, issue_id, now=now)
        shelf = messages.shelf(db, issue_id)
        issues.update(
            db,
            issue_id,
            state=State.CLOSED,
            last_at=shelf.last_at,
            message_count=shelf.count,
            preview=_line(shelf.words),
        )
        return Changes.of_issues((issue.key,))

    def _promise(
        self,
        db: Connection,
        issue_id: int,
        facts: IssueFacts,
        *,
        heard: Sequence[_Heard],
        arrived: Sequence[StoredMessage],
    ) -> Deadline | None:
        """The first response that is owed: planned by how bad it is, met by our first reply."""
        if facts.kind is Kind.NOT_AN_ISSUE or not heard:
            deadlines.drop(db, issue_id, Metric.FIRST_RESPONSE)
            return None
        since = heard[0].message.received_at
        at_arrival = scoring.rank(
            replace(facts, waiting_since=since, due_at=None), since, rules=self._rules
        )
        deadline = promises.promise(
            priority=at_arrival.priority, severity=facts.severity, since=since, rules=self._sla
        )
        answers = (message.received_at for message in arrived)
        answered_at = next((at for at in answers if at >= since), None)
        known = {known.metric: known for known in deadlines.of_issue(db, issue_id)}
        before = known.get(Metric.FIRST_RESPONSE)
        if before is not None:
            deadline = replace(deadline, breached_at=before.breached_at)
        if answered_at is not None:
            deadline = promises.met(deadline, answered_at)
        if deadline != before:
            deadlines.put(db, issue_id, deadline)
        return deadline


def _heard(stored: Sequence[StoredMessage]) -> tuple[_Heard, ...]:
    """What came in and waits for somebody: without newsletters and receipts, unless all are."""
    incoming = tuple(
        _Heard(message=message, assessment=message.assessment)
        for message in stored
        if message.direction is Direction.IN
        and message.assessment is not None
        and not message.is_report
    )
    return tuple(one for one in incoming if not one.assessment.gate.noise) or incoming


def _arrived(
    stored: Sequence[StoredMessage], decisions: Decisions, *, no_answers: frozenset[str]
) -> tuple[StoredMessage, ...]:
    """What people of ours said, without the mails that came back or that a person says are none."""
    return tuple(
        message
        for message in stored
        if message.direction is Direction.OUT
        and message.message_id not in decisions.undelivered
        and message.message_id not in no_answers
        and message.assessment is None  # an automatic answer says nothing
    )


def _unanswered(
    heard: Sequence[_Heard], arrived: Sequence[StoredMessage], decisions: Decisions
) -> tuple[_Heard, ...]:
    """What they said since our last word; their last, where what we said to it came back."""
    answered_at = max((message.received_at for message in arrived), default=None)
    waiting = tuple(
        one for one in heard if answered_at is None or one.message.received_at > answered_at
    )
    came_back_at = decisions.undelivered_at
    if came_back_at is None or (answered_at is not None and answered_at > came_back_at):
        return waiting
    return waiting or tuple(heard[-1:])


def _last(heard: Sequence[_Heard]) -> datetime | None:
    """When somebody last said something that brings an issue back; a machine's receipt does not."""
    return max(
        (
            one.message.received_at
            for one in heard
            if one.assessment.gate.counts_as_customer_reply or one.assessment.alert
        ),
        default=None,
    )


def _lead(candidates: Sequence[_Heard]) -> Assessment:
    """The message that speaks for the issue: the surest of the worst."""
    return max(
        (one.assessment for one in candidates),
        key=lambda a: (not a.unsure, a.severity.rank, a.confidence),
    )


def _facts(
    db: Connection,
    heard: Sequence[_Heard],
    waiting: Sequence[_Heard],
    *,
    decisions: Decisions,
    order: Order | None,
    issue: Issue,
) -> IssueFacts:
    candidates = waiting or heard
    if not candidates:
        return IssueFacts(kind=Kind.OTHER, severity=Severity.LOW)
    lead = _lead(candidates)
    worst = max((one.assessment for one in candidates), key=lambda a: a.severity.rank)
    factors = {name: why for one in candidates for name, why in one.assessment.factors.items()}
    overridden = tuple(
        name
        for name, value in (("kind", decisions.kind), ("severity", decisions.severity))
        if value is not None
    )
    return IssueFacts(
        kind=decisions.kind or lead.kind,
        severity=decisions.severity or worst.severity,
        severity_by_facts=worst.severity_by_facts,
        severity_because=worst.severity_because,
        unsure=lead.unsure and decisions.kind is None,
        suspicious=lead.suspicion.is_suspicious and decisions.kind is None,
        factors=factors,
        waiting_since=waiting[0].message.received_at if waiting else None,
        unanswered=len(waiting),
        order_total=order.total if order else None,
        customer_orders=len(orders.of_customer(db, issue.customer.key)),
        overridden=overridden,
    )


def _judgement(
    facts: IssueFacts,
    ranking: Ranking,
    heard: Sequence[_Heard],
    open_ones: Sequence[_Heard],
) -> Judgement:
    lead = _lead(open_ones or heard) if heard else None
    return Judgement(
        kind=facts.kind,
        severity=facts.severity,
        priority=ranking.priority,
        score=ranking.score,
        reasons=ranking.reasons,
        second_kind=lead.second_kind if lead and lead.second_kind != facts.kind else None,
        confidence=1.0 if "kind" in facts.overridden else lead.confidence if lead else 0.0,
        unsure=facts.unsure,
        suspicious=facts.suspicious,
        suspicious_because=lead.suspicion.because if lead and facts.suspicious else (),
        language=lead.language if lead else "",
        automatic=all(one.assessment.gate.automatic for one in heard) if heard else False,
    )


def _link(db: Connection, decisions: Decisions, heard: Sequence[_Heard]) -> OrderLink | None:
    """The order that it is about: the one that somebody picked, or the likeliest."""
    said = heard if len(heard) <= _MOST_READ else (*heard[:5], *heard[5 - _MOST_READ :])
    told = reduce(or_, map(_told, said), Told())
    candidates = [
        *(order for email in told.emails for order in orders.of_customer(db, email)),
        *(order for number in told.numbers if (order := orders.by_number(db, number))),
        *orders.by_clues(db, told.clues),
    ]
    found = linking.link(told, candidates) or _named(db, heard)
    if decisions.order is None:
        return found
    likely = (found.number, found.runner_up) if found else ()
    other = next((one for one in likely if one != decisions.order), "")
    return OrderLink(
        number=decisions.order, because=("you picked it",), runner_up=other, by_person=True
    )


def _told(one: _Heard) -> Told:
    message = one.message
    sender = message.reply_to[0] if message.reply_to else message.from_ or Address(email="")
    return linking.told_by(
        email=sender.key,
        name=sender.name,
        subject=message.subject,
        new_text=message.new_text,
        entities=one.assessment.entities,
        at=message.received_at,
        by_machine=one.assessment.gate.automatic,
    )


def _named(db: Connection, heard: Sequence[_Heard]) -> OrderLink | None:
    """The number that the mails name, where no shop is connected that would know it."""
    named = [number for one in heard for number in one.assessment.entities.order_numbers]
    if not named or orders.count(db):
        return None
    return OrderLink(number=named[0], because=("its number is in the mail",))


def _customer(issue: Issue, heard: Sequence[_Heard]) -> Address:
    people = [one for one in heard if one.assessment.gate.counts_as_customer_reply]
    if not people:
        return issue.customer
    first = people[0].message
    return first.reply_to[0] if first.reply_to else first.from_ or issue.customer


def _preview(stored: Sequence[StoredMessage]) -> str:
    """The beginning of what they said last, on one line."""
    incoming = [
        message for message in stored if message.direction is Direction.IN and not message.is_report
    ]
    last = (incoming or list(stored))[-1:]
    return preview_of(last[0]) if last else ""


def preview_of(message: StoredMessage | Message) -> str:
    """The beginning of one mail, on one line."""
    return _line(message.new_text or message.text)


def _line(words: str) -> str:
    return " ".join(words[:400].split())[:160]
