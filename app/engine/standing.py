"""Standing: where an issue stands, worked out anew from its messages, its journal and the clock.

Everything here can always be computed again; a person's decision, read from the journal, replaces
the machine's and survives it.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from app.domain.account import own_addresses
from app.domain.assessment import (
    FORGED,
    Assessment,
    IssueFacts,
    Kind,
    Priority,
    Ranking,
    Reason,
    Severity,
)
from app.domain.changes import Changes
from app.domain.correspondent import is_reached, writer_of
from app.domain.deadline import Deadline
from app.domain.findings import together
from app.domain.issue import Issue, Judgement
from app.domain.journal import (
    OPEN_STATES,
    Decisions,
    Entry,
    State,
    fold,
    is_chased,
    standing,
    taken_back,
)  # fmt: skip
from app.domain.message import Address, Direction, Message
from app.domain.order import Order
from app.domain.owner_rule import When
from app.domain.translation import tr
from app.engine import given_word, promising, ruling
from app.engine.beside import Beside, beside
from app.engine.conversation import Conversation, Heard, are_our_machines, conversation_of
from app.engine.leading import lead_of, subject_of, worst_of
from app.engine.order_link import order_link
from app.escalation.deadlines import breach
from app.escalation.dispute_rules import DisputeRules
from app.escalation.terms import Terms
from app.storage import accounts, deadlines, issues, journal, messages, orders
from app.storage.connection import Connection
from app.storage.issues import UNSET
from app.storage.messages import StoredMessage
from app.storage.pretenders import pretenders
from app.triage import scoring
from app.triage.owner_rules import Ready
from app.triage.rules import Rules

_OUR_TURN = (State.NEW, State.ACKNOWLEDGED)

# What stands about an issue between its creation and its first refresh.
UNJUDGED = Judgement(
    kind=Kind.OTHER, severity=Severity.LOW, priority=Priority.P4, score=0, reasons=()
)


@dataclass(frozen=True, slots=True, kw_only=True)
class _Basis:
    """All that an issue is worked out from, as it was read. `known` is what it stands on beside its
    mails; `since` is when its account was connected."""

    issue: Issue
    stored: tuple[StoredMessage, ...]
    journal: tuple[Entry, ...]
    decisions: Decisions
    known: Beside
    talk: Conversation
    since: datetime | None

    @property
    def last_at(self) -> datetime | None:
        """When it last became our turn, or somebody last wrote."""
        return _later(self.talk.last_at, self.known.turned_at)

    @property
    def is_only_ours(self) -> bool:
        """Whether nobody but us, or our programs, has said anything."""
        if self.talk.heard or self.known:
            return False
        return bool(self.talk.answers) or are_our_machines(self.stored)


class Standing:
    """Refreshes an issue after anything about it has moved."""

    def __init__(
        self,
        *,
        rules: Rules,
        terms: Terms,
        disputes: DisputeRules,
        owner_rules: Callable[[], Sequence[Ready]] = tuple,
    ) -> None:
        """`owner_rules` are those that the owner made, as they hold when they are asked."""
        self._owner_rules = owner_rules
        self._rules = rules
        self._terms = terms
        self._disputes = disputes

    @property
    def terms(self) -> Terms:
        """What is promised at present, and in which hours."""
        return self._terms

    def renew(self, terms: Terms) -> None:
        """Promise by these terms from now on; what stands is worked out anew by `refresh`."""
        self._terms = terms

    def by(self, terms: Terms) -> Standing:
        """The same with other terms, to see what they would come to."""
        return Standing(rules=self._rules, terms=terms, disputes=self._disputes)

    def refresh(
        self,
        db: Connection,
        issue_id: int,
        *,
        now: datetime,
        happened: Collection[When] = (),
    ) -> Changes:
        """Work out the issue anew and write it; part of the caller's transaction.

        Where something `happened` to it, the owner's rules are asked, and what they do counts. What
        was no issue until now, and is one, begins.
        """
        changes, begins = self._stand(db, issue_id, now=now)
        if begins:
            happened = {*happened, When.NEW}
        if happened and (rules := self._owner_rules()):
            calendar = self._terms.calendars.shop
            if ruling.apply(db, issue_id, happened, rules=rules, calendar=calendar, now=now):
                changes |= self._stand(db, issue_id, now=now)[0]
        return changes

    def shelve(self, db: Connection, issue_id: int, *, now: datetime) -> Changes:
        """File old mail: what a list needs of it, and no judgement yet.

        Old mail that turns out to belong to an issue of today is no history: that one is refreshed.
        """
        if not issues.is_history(db, issue_id):
            return self.refresh(db, issue_id, now=now)
        shelf = messages.shelf(db, issue_id)
        key = issues.shelve(
            db,
            issue_id,
            last_at=shelf.last_at,
            message_count=shelf.count,
            preview=_line(shelf.words),
        )
        return Changes.of_issues((key,))

    def _stand(self, db: Connection, issue_id: int, *, now: datetime) -> tuple[Changes, bool]:
        """What moved, and whether it was no issue until now."""
        basis = self._basis(db, issue_id, now=now)
        issue, known, talk, since = basis.issue, basis.known, basis.talk, basis.since
        state, asleep_until, is_chased = _turn(basis, now=now)
        link = order_link(db, issue, basis.decisions, talk.every, known=known)
        order = orders.linked(db, link, customer=issue.customer.key) if link else None
        said = self._said(db, basis, order=order, now=now)
        if state is State.WAITING and given_word.is_broken(said):
            state = State.NEW  # they wait for what we promised, not we for them
        waiting = talk.unanswered if state in _OUR_TURN else ()
        facts = _facts(db, basis, waiting, is_chased=is_chased, order=order)
        customer = _customer(db, known.customer(issue.customer, order), talk.heard)
        owed = promising.Owed(
            facts=facts,
            customer=customer.email,
            heard=talk.heard,
            answers=talk.answers,
            journal=basis.journal,
            order=order,
            history=issue.history,
            connected_at=since,
        )
        promised = self._promise(db, issue_id, owed, known=known, said=said, now=now)
        deadline = promising.due_now(promised, state, since=since)
        due_at = deadline.planned_at if deadline else None
        clock = deadline.title if deadline and deadline.metric.runs_while_we_wait else ""
        facts = replace(promising.pressed(facts, promised, now), due_at=due_at, due_for=clock)
        issues.update(
            db,
            issue_id,
            judgement=_judgement(basis, facts, scoring.rank(facts, now, rules=self._rules)),
            decisions=basis.decisions,
            state=state,
            snoozed_until=asleep_until,
            customer=customer,
            order_number=link.number if link else "",
            order_link=link,
            order_total=order.total if order else None,
            deadline_at=due_at,
            deadline_for=clock,
            look_at=_earlier(self._next_look(facts, state, now), known.look_at(now)),
            waiting_since=facts.waiting_since or (known.turned_at if state in _OUR_TURN else None),
            last_at=_moved_at(basis),
            message_count=len(basis.stored),
            preview=_preview(basis.stored) if basis.stored or not known else UNSET,
        )
        was, kind = issue.judgement.kind, facts.kind
        begins = was is Kind.NOT_AN_ISSUE and kind is not Kind.NOT_AN_ISSUE
        return Changes.of_issues((issue.key,)), begins

    def _basis(self, db: Connection, issue_id: int, *, now: datetime) -> _Basis:
        issue = issues.get(db, issue_id)
        stored = messages.of_issue(db, issue_id)
        entries = journal.of_issue(db, issue_id)
        decisions = fold(entries)
        known = beside(db, issue_id, now=now, rules=self._disputes)
        return _Basis(
            issue=issue,
            stored=stored,
            journal=entries,
            decisions=decisions,
            known=known,
            talk=conversation_of(
                stored,
                decisions,
                no_answers=taken_back(entries),
                is_superseded=known.is_superseded,
            ),
            since=accounts.connected_at(db, issue.account_id),
        )

    def _promise(
        self,
        db: Connection,
        issue_id: int,
        owed: promising.Owed,
        *,
        known: Beside,
        said: tuple[Deadline, ...],
        now: datetime,
    ) -> Sequence[Deadline]:
        """Everything that is owed, as it stands now."""

        def rank(said: Sequence[Heard], at: datetime) -> tuple[IssueFacts, Ranking]:
            facts = _as_said(owed.facts, said)
            facts = replace(facts, waiting_since=at, due_at=None)
            return facts, scoring.rank(facts, at, rules=self._rules)

        given = tuple(breach(one, now) for one in known.promises())
        worked_out = promising.deadlines_of(
            owed, given=given, terms=self._terms, now=now, rank=rank
        )
        every = (*worked_out, *said)
        return deadlines.stand(db, issue_id, every, given)

    def _said(
        self, db: Connection, basis: _Basis, *, order: Order | None, now: datetime
    ) -> tuple[Deadline, ...]:
        """What our mails promised, of an issue of these weeks."""
        issue, sent = basis.issue, basis.talk.answers
        if issue.history or not sent:
            return ()
        theirs = orders.of_customer(db, issue.customer.key)
        every = (*theirs, *((order,) if order else ()))
        zone = self._terms.calendars.shop.zone
        said = given_word.given(sent, basis.journal, orders=every, about=order, zone=zone, now=now)
        return tuple(one for one in said if not promising.is_from_before(one, basis.since))

    def _next_look(self, facts: IssueFacts, state: State, now: datetime) -> datetime | None:
        """When time alone next changes the score; of what is put away it changes nothing."""
        if state not in OPEN_STATES:
            return None
        return scoring.next_change(facts, now, rules=self._rules)


def _turn(basis: _Basis, *, now: datetime) -> tuple[State, datetime | None, bool]:
    """Whose turn it is; until when it sleeps; and whether they let the time pass that we gave."""
    talk, decisions, last_at = basis.talk, basis.decisions, basis.last_at
    state, asleep_until = standing(
        decisions, heard_at=last_at, history=basis.issue.history, now=now
    )
    chased = is_chased(decisions, heard_at=last_at, now=now)
    is_answered = (talk.heard or basis.is_only_ours) and not talk.unanswered
    if state in _OUR_TURN and is_answered and not (chased or decisions.aside):
        state = State.WAITING  # ours is the last word, from wherever it was sent
    state = basis.known.state(state, decisions, is_answered=not talk.unanswered)
    return state, asleep_until, chased


def _as_said(facts: IssueFacts, said: Sequence[Heard]) -> IssueFacts:
    """An issue as it was by some of its mails alone; what a person decided stands."""
    lead = lead_of(said).assessment
    worst = worst_of(said).assessment
    decided = facts.overridden
    return replace(
        facts,
        kind=facts.kind if "kind" in decided else lead.kind,
        severity=facts.severity if "severity" in decided or facts.severity_rule else worst.severity,
        severity_by_facts=worst.severity_by_facts,
        severity_because=worst.severity_because,
        factors={name: why for one in said for name, why in one.assessment.factors.items()},
        unanswered=len(said),
    )


def _facts(
    db: Connection,
    basis: _Basis,
    waiting: Sequence[Heard],
    *,
    is_chased: bool,
    order: Order | None,
) -> IssueFacts:
    """What it is ranked by: its mails, what stands beside them, and what people decided."""
    talk, decisions, known = basis.talk, basis.decisions, basis.known
    facts = _facts_of_mails(db, basis, waiting, order=order)
    if is_chased and not talk.unanswered:
        because = tr("nobody has answered in the time that you gave them")
        facts = replace(facts, factors={**facts.factors, "no_answer": because})
    if basis.is_only_ours and decisions.kind is None:
        facts = replace(facts, kind=Kind.NOT_AN_ISSUE)  # until they answer
    if not known:
        facts = promising.left_over(facts, basis.last_at, basis.since)
    facts = known.facts(facts, has_mails=bool(waiting or talk.heard), decisions=decisions)
    return _ruled(facts, decisions, is_dispute=bool(known.cases))


def _facts_of_mails(
    db: Connection, basis: _Basis, waiting: Sequence[Heard], *, order: Order | None
) -> IssueFacts:
    heard, decisions = basis.talk.heard, basis.decisions
    candidates = waiting or heard
    if not candidates:
        return IssueFacts(kind=Kind.OTHER, severity=Severity.LOW)
    lead, subject = lead_of(candidates), subject_of(candidates, heard).assessment
    worst = worst_of(candidates).assessment
    theirs = not all(FORGED in one.assessment.factors for one in candidates)
    overridden = tuple(
        name
        for name, value in (("kind", decisions.kind), ("severity", decisions.severity))
        if value is not None
    )
    return IssueFacts(
        kind=decisions.kind or subject.kind,
        severity=decisions.severity or worst.severity,
        severity_by_facts=worst.severity_by_facts,
        severity_because=worst.severity_because,
        severity_quote=worst.severity_quote,
        severity_taught=len(worst.taught.severity),
        unsure=subject.unsure and decisions.kind is None,
        suspicious=lead.message in _pretending(heard, decisions),
        factors=together([one.assessment for one in candidates]),
        waiting_since=waiting[0].message.received_at if waiting else None,
        unanswered=len(waiting),
        order_total=order.total if order and theirs else None,
        customer_orders=len(orders.of_customer(db, basis.issue.customer.key)) if theirs else 0,
        overridden=overridden,
    )


def _pretending(heard: Sequence[Heard], decisions: Decisions) -> tuple[StoredMessage, ...]:
    return pretenders([one.message for one in heard], decisions)


def _ruled(facts: IssueFacts, decisions: Decisions, *, is_dispute: bool) -> IssueFacts:
    """The facts with the severity that a rule of the owner set, unless a person set another; a
    rule makes no dispute less bad than its provider's date makes it."""
    wanted = decisions.by_rule
    if wanted is None or decisions.severity is not None:
        return facts
    if is_dispute and wanted.rank < facts.severity.rank:
        return facts
    return replace(facts, severity=wanted, severity_rule=decisions.severity_rule)


def _with_rules(ranking: Ranking, decisions: Decisions) -> Ranking:
    """The reasons, and beside them what rules did; that moves no points."""
    said = (Reason(factor="rule", points=0, because=words) for words in decisions.rule_words)
    return replace(ranking, reasons=(*ranking.reasons, *said))


def _judgement(basis: _Basis, facts: IssueFacts, ranking: Ranking) -> Judgement:
    ranking = _with_rules(ranking, basis.decisions)
    heard, known = basis.talk.heard or basis.talk.every, basis.known
    candidates = basis.talk.unanswered or heard
    lead = lead_of(candidates).assessment if heard else None
    subject = subject_of(candidates, heard).assessment if heard else None
    sure = subject.confidence if subject else 0.0
    return Judgement(
        kind=facts.kind,
        severity=facts.severity,
        priority=ranking.priority,
        score=ranking.score,
        reasons=ranking.reasons,
        second_kind=_second_kind(subject, facts.kind),
        confidence=1.0 if "kind" in facts.overridden or known else sure,
        unsure=facts.unsure,
        suspicious=facts.suspicious,
        suspicious_because=lead.suspicion.because if lead and facts.suspicious else (),
        language=lead.language if lead else "",
        automatic=all(one.assessment.gate.automatic for one in heard) if heard else False,
    )


def _second_kind(subject: Assessment | None, kind: Kind) -> Kind | None:
    """What it is about beside its kind: of a dispute what its customer had written about."""
    if subject is None:
        return None
    told = (subject.second_kind,) if kind is subject.kind else (subject.kind, subject.second_kind)
    said = (Kind.OTHER, Kind.NOT_AN_ISSUE, kind) if kind is Kind.DISPUTE else (subject.kind, kind)
    return next((one for one in told if one is not None and one not in said), None)


def _later(one: datetime | None, other: datetime | None) -> datetime | None:
    return max((at for at in (one, other) if at is not None), default=None)


def _earlier(one: datetime | None, other: datetime | None) -> datetime | None:
    return min((at for at in (one, other) if at is not None), default=None)


def _moved_at(basis: _Basis) -> datetime:
    """When anything of it last came or moved."""
    newest = max((one.received_at for one in basis.stored), default=None)
    return _later(newest, basis.known.moved_at) or basis.issue.last_at


def _customer(db: Connection, present: Address, heard: Sequence[Heard]) -> Address:
    people = [one for one in heard if one.assessment.gate.counts_as_customer_reply]
    if not people:
        return present
    first = people[0].message
    broken = bool(first.reply_to) and not is_reached(first.reply_to[0])
    # A form of ours writes in our name: where its Reply-To is broken, nobody of ours is meant.
    own = own_addresses(accounts.every(db)) if broken else frozenset[str]()
    return writer_of(first.from_, first.reply_to, own=own) or present


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
