"""Beside: what an issue stands on beside its mails: disputes, and what the shops' records show.

Asked by `standing` about every issue. A provider's own record beats its mail: once the dispute is
known, the notices about it decide nothing any more, and what they claimed is confirmed.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from itertools import pairwise

from app.domain.assessment import IssueFacts, Kind, Severity
from app.domain.deadline import Deadline, Metric
from app.domain.dispute import Dispute
from app.domain.dispute_views import DisputeRow, DisputeSource
from app.domain.finding import Finding
from app.domain.journal import Decisions, State
from app.domain.message import Address
from app.domain.money import Money
from app.domain.order import Order, OrderLink, payment_clue
from app.domain.platform_names import platform_word
from app.domain.translation import tr
from app.escalation import disputes as clocks
from app.escalation.dispute_rules import DisputeRules
from app.storage import disputes, findings, orders
from app.storage.connection import Connection
from app.storage.messages import StoredMessage

_OUR_TURN = (State.NEW, State.ACKNOWLEDGED)
_SAME_SUM_WITHIN = timedelta(days=180)
_STEPS = (timedelta(days=7), timedelta(hours=72), timedelta(hours=24), timedelta())


@dataclass(frozen=True, slots=True, kw_only=True)
class Beside:
    """What is known beside the mails, empty for most issues."""

    cases: tuple[DisputeRow, ...] = ()
    findings: tuple[Finding, ...] = ()
    kind: Kind | None = None
    severity: Severity = Severity.LOW
    because: str = ""
    factors: Mapping[str, str] = field(default_factory=dict)

    def __bool__(self) -> bool:
        return bool(self.cases or self.findings)

    @property
    def is_ours(self) -> bool:
        """Whether something of it waits for us."""
        running = any(not one.is_over for one in self.findings)
        return running or any(case.is_ours for case in self.cases)

    @property
    def is_over(self) -> bool:
        """Whether all of it has come to its end."""
        return all(one.is_over for one in self.findings) and not any(
            case.state.is_open and case.dispute.deleted_at is None for case in self.cases
        )

    @property
    def turned_at(self) -> datetime | None:
        """When it last became our turn: a dispute opened, went a step further, came back."""
        turns = [at for case in self.cases if (at := _turned_ours(case)) is not None]
        turns += [one.began_at for one in self.findings if not one.is_over]
        return max(turns, default=None)

    def told_at(self, notices: Sequence[datetime]) -> datetime | None:
        """When it first was news that it is our turn: a provider's mail may have been quicker than
        the provider's records, and then nothing rings twice."""
        turned_at = self.turned_at
        if turned_at is None or not notices or any(_has_gone_on(case) for case in self.cases):
            return turned_at
        return min(turned_at, *notices)

    @property
    def moved_at(self) -> datetime | None:
        """When anything of it last moved."""
        moves = [step.at for case in self.cases for one in case.sources for step in one.life]
        moves += [one.over_at or one.began_at for one in self.findings]
        return max(moves, default=None)

    @property
    def due_at(self) -> datetime | None:
        """The nearest date that a provider names."""
        named = (case.due_at for case in self.cases)
        return min((at for at in named if at is not None), default=None)

    def look_at(self, now: datetime) -> datetime | None:
        """When the days that are left next tell something else: a week, three days, one day."""
        due_at = self.due_at
        if due_at is None:
            return None
        steps = (due_at - ahead for ahead in _STEPS)
        return min((at for at in steps if at > now), default=None)

    @property
    def amount(self) -> Money | None:
        """The money that is at stake, of the most pressing case."""
        return self.cases[0].dispute.amount if self.cases else None

    @property
    def rings(self) -> bool:
        """Whether it deserves a tap: it waits for us, and came while we watched."""
        found = any(one.rings and not one.is_over for one in self.findings)
        return found or any(case.is_ours and not _is_history(case) for case in self.cases)

    @property
    def is_backlog(self) -> bool:
        """Whether there is nothing but what was found at the first reading."""
        return bool(self.cases) and not self.findings and all(map(_is_history, self.cases))

    def is_superseded(self, stored: StoredMessage) -> bool:
        """Whether a mail is a provider's notice of what is known from the provider itself."""
        judged = stored.assessment
        return (
            bool(self.cases)
            and judged is not None
            and judged.gate.automatic
            and judged.kind is Kind.DISPUTE
        )

    def state(self, state: State, decisions: Decisions, *, is_answered: bool) -> State:
        """Where the issue is, given where its mails and people put it; a person's word stays.

        `is_answered`: no mail of a customer waits for us.
        """
        if not self:
            return state
        if self.is_ours:  # a mail to the customer does not answer the provider
            return State.ACKNOWLEDGED if state is State.WAITING else state
        if state not in _OUR_TURN or not is_answered:
            return state
        decided_at, moved_at = decisions.state_at, self.moved_at
        if decided_at is not None and moved_at is not None and decided_at > moved_at:
            return state
        return State.RESOLVED if self.is_over else State.WAITING

    def facts(self, facts: IssueFacts, *, has_mails: bool, decisions: Decisions) -> IssueFacts:
        """The facts of the mails together with these; people's words stay."""
        if not self:
            return facts
        kind = facts.kind
        if decisions.kind is None and self.kind is not None and (self.cases or not has_mails):
            kind = self.kind
        worse = not has_mails or self.severity.rank >= facts.severity.rank
        by_facts = facts.severity_by_facts or facts.severity
        leads = not has_mails or self.severity.rank >= by_facts.rank
        return replace(
            facts,
            kind=kind,
            severity=self.severity if worse and decisions.severity is None else facts.severity,
            severity_by_facts=self.severity if leads else facts.severity_by_facts,
            severity_because=(self.because,) if leads else facts.severity_because,
            unsure=facts.unsure and not self.cases,
            suspicious=facts.suspicious and not self.cases,
            factors={**facts.factors, **self.factors},
        )

    def promises(self) -> tuple[Deadline, ...]:
        """The provider's clock, and ours before it, of the most pressing case that has a date."""
        ours = [case for case in self.cases if case.due_at is not None]
        if ours:
            case = min(ours, key=lambda one: one.due_at or one.dispute.opened_at)
            return _running(case, case.due_at)
        return next((made for case in self.cases if (made := _ended(case))), ())

    def link(self, db: Connection) -> OrderLink | None:
        """The order that it is about, as the provider or the payment names it."""
        for case in self.cases:
            for source in case.sources:
                if (found := order_of(db, source.dispute)) is not None:
                    return found
        told = next((one for one in self.findings if one.order_number), None)
        if told is None:
            return None
        because = (tr("the shop's own records"),)
        return OrderLink(number=told.order_number, atom=told.atom, because=because)

    def customer(self, present: Address, order: Order | None) -> Address:
        """Whose issue it is, where no person has written in it."""
        if not self:
            return present
        if order is not None and "@" in order.customer_email:
            return Address(email=order.customer_email, name=order.customer_name)
        told = next((c.dispute.customer_email for c in self.cases if c.dispute.customer_email), "")
        return Address(email=told) if told else present


def beside(db: Connection, issue_id: int, *, now: datetime, rules: DisputeRules) -> Beside:
    """What is known about an issue beside its mails."""
    cases = disputes.of_issue(db, issue_id)
    found = findings.of_issue(db, issue_id)
    if not (cases or found):
        return Beside()
    said = [clocks.pressing(case, now, rules=rules) for case in cases]
    said += [_found(one) for one in found]
    worst = max(said, key=lambda one: one.severity.rank)
    return Beside(
        cases=cases,
        findings=found,
        kind=Kind.DISPUTE if cases else found[0].kind,
        severity=worst.severity,
        because=worst.because,
        factors=_factors(said),
    )


def _found(one: Finding) -> clocks.Pressing:
    if one.is_over:
        return clocks.Pressing(severity=Severity.LOW, because=tr("it has passed"))
    return clocks.Pressing(
        severity=one.severity, because=one.because, factors={one.factor: one.because}
    )


def _factors(said: Iterable[clocks.Pressing]) -> dict[str, str]:
    every = list(said)
    factors = {name: why for one in reversed(every) for name, why in one.factors.items()}
    if any(set(one.factors) - {"settled"} for one in every):
        factors.pop("settled", None)
    return factors


def _is_history(case: DisputeRow) -> bool:
    return all(one.history for one in case.sources)


def _has_gone_on(case: DisputeRow) -> bool:
    return any(len(one.life) > 1 for one in case.sources)


def _turned_ours(case: DisputeRow) -> datetime | None:
    """When it last became ours."""
    if not case.is_ours:
        return None
    return max((at for source in case.sources for at in _turns(source)), default=None)


def _turns(source: DisputeSource) -> Iterator[datetime]:
    """Each time it became ours; a new date, or a draft at the provider, is no new turn."""
    before: tuple[object, bool] | None = None
    for step in source.life:
        now = (step.kind, step.state.is_ours)
        if step.state.is_ours and now != before:
            yield step.at
        before = now


def _running(case: DisputeRow, due_at: datetime | None) -> tuple[Deadline, ...]:
    internal = case.internal_due_at
    if due_at is None or internal is None:
        return ()
    where = platform_word(case.dispute.platform)
    return (
        Deadline(
            metric=Metric.PROVIDER_CLOCK,
            title=tr("Answer to {where}", where=where),
            given=True,
            planned_at=due_at,
            explanation=(
                tr(
                    "{where} takes an answer until {at}: its own date.",
                    where=where,
                    at=clocks.exact(due_at),
                ),
                tr("All hours count. Without an answer the buyer gets the money."),
            ),
        ),
        Deadline(
            metric=Metric.INTERNAL_CLOCK,
            title=tr("Your own deadline before it"),
            given=True,
            planned_at=internal,
            explanation=(
                tr(
                    "Your own deadline, six hours before that of {where}: {at}.",
                    where=where,
                    at=clocks.exact(internal),
                ),
            ),
        ),
    )


def _ended(case: DisputeRow) -> tuple[Deadline, ...]:
    """Its clocks after it left our hands: kept in time, or over."""
    source = case.sources[0]
    done_at, due_at = _left_us(source), _last_due(source)
    if done_at is None or due_at is None:
        return ()
    made = _running(_as_if_ours(case, due_at), due_at)
    return tuple(
        replace(
            one,
            met_at=done_at,
            breached_at=one.planned_at if done_at > one.planned_at else None,
        )
        for one in made
    )


def _as_if_ours(case: DisputeRow, due_at: datetime) -> DisputeRow:
    last = next(step for step in reversed(case.sources[0].life) if step.state.is_ours)
    dispute = replace(case.dispute, state=last.state, due_at=due_at, deleted_at=None)
    return replace(case, sources=(replace(case.sources[0], dispute=dispute),))


def _left_us(source: DisputeSource) -> datetime | None:
    """When it last stopped to wait for us, or when the answer went in, as the provider dates it;
    None if it never did wait. What was answered before this turn began was not this one."""
    left = [
        step.at
        for before, step in pairwise(source.life)
        if before.state.is_ours and not step.state.is_ours
    ]
    if not left:
        return None
    turns, submitted_at = list(_turns(source)), source.dispute.submitted_at
    if submitted_at is None or (len(turns) > 1 and submitted_at < turns[-1]):
        return left[-1]
    return min(left[-1], submitted_at)


def _last_due(source: DisputeSource) -> datetime | None:
    dues = [step.due_at for step in source.life if step.due_at is not None and step.state.is_ours]
    return dues[-1] if dues else None


def order_of(db: Connection, dispute: Dispute) -> OrderLink | None:
    """By the platform's own id, the payment, the number it names, or buyer and sum together."""
    where = platform_word(dispute.platform)
    if dispute.order_platform_id:
        found = orders.get(db, dispute.platform, dispute.order_platform_id)
        if found is not None:
            return _linked(found, tr("{where} names it", where=where), points=10)
    paid = orders.by_clues(db, map(payment_clue, dispute.payment_references))
    if paid:
        return _linked(paid[0], tr("its payment is the one that is disputed"), points=10)
    named = _by_name(db, dispute, where)
    return named or _by_invoice(db, dispute) or _by_buyer(db, dispute)


def _linked(order: Order, because: str, *, points: int) -> OrderLink:
    return OrderLink(
        number=order.number,
        atom=order.atom,
        because=(because,),
        points=points,
        by_provider=True,
    )


def _by_name(db: Connection, dispute: Dispute, where: str) -> OrderLink | None:
    """The order that a payment's own note names; where no shop is connected, its bare number."""
    if not dispute.order_number:
        return None
    because = tr("{where} names its number", where=where)
    found = _meant(db, dispute.order_number, dispute)
    if found is not None:
        return _linked(found, because, points=8)
    if orders.count(db):
        return None
    return OrderLink(number=dispute.order_number, because=(because,), points=8, by_provider=True)


def _meant(db: Connection, word: str, dispute: Dispute) -> Order | None:
    """The order of that name that buyer or sum speak for most; none where both speak against it.

    A shop's program writes its own name of the order; with a plug-in that counts orders itself,
    that is the number of another buyer's. A packet for a bank must not tell of that one.
    """
    inside = orders.of_shops_own_id(db, "woocommerce", word)
    outside = [one for one in orders.of_number(db, word) if one not in inside]
    every = [one for one in (*inside, *outside) if not _contradicts(one, dispute)]
    best = max((_fits(one, dispute) for one in every), default=0)
    for some in (inside, outside):
        likely = [one for one in some if one in every and _fits(one, dispute) == best]
        if likely:
            return likely[0] if len(likely) == 1 else None
    return None


def _fits(order: Order, dispute: Dispute) -> int:
    return order.is_of(dispute.customer_key) + order.has_cost(dispute.amount)


def _contradicts(order: Order, dispute: Dispute) -> bool:
    """Whether somebody else bought it, and for another sum."""
    theirs = dispute.customer_key
    another = bool(order.customer_key and theirs) and not order.is_of(theirs)
    return another and not order.has_cost(dispute.amount)


def _by_invoice(db: Connection, dispute: Dispute) -> OrderLink | None:
    """Shop programs write an invoice's number as their own word before the order's: WC-1042."""
    _, mark, number = dispute.order_number.rpartition("-")
    found = _meant(db, number, dispute) if mark and number else None
    if found is None or not found.has_cost(dispute.amount):
        return None
    because = tr("its invoice number ends in the order's, and the sum is the same")
    return _linked(found, because, points=7)


def _by_buyer(db: Connection, dispute: Dispute) -> OrderLink | None:
    """The one order of this buyer with this sum, of the time before the dispute."""
    theirs = orders.of_customer(db, dispute.customer_key)
    fit = _of_that_sum(theirs, dispute)
    if len(fit) != 1:
        return None
    return _linked(fit[0], tr("the same buyer, and the same sum"), points=7)


def _of_that_sum(theirs: Sequence[Order], dispute: Dispute) -> list[Order]:
    return [
        one
        for one in theirs
        if one.has_cost(dispute.amount)
        and timedelta() <= dispute.opened_at - one.placed_at <= _SAME_SUM_WITHIN
    ]
