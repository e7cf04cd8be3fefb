"""Disputing: what a provider tells of disputes becomes issues, joined to what is known of them.

Runs inside the transaction that takes in a platform's page. A dispute joins the issue of its
payment's earlier warning, of the mail that names it, of its order, of its customer, in this order,
or begins one. `remind` runs from the watch's clock and from what is stored, so it works offline.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from dataclasses import replace
from datetime import UTC, datetime, timedelta, tzinfo

from app.alerts.dispute_text import backlog_text, reminder_text
from app.alerts.text import AlertText
from app.domain.account import Account
from app.domain.alert import Alert, AlertState
from app.domain.assessment import Kind
from app.domain.changes import Changes
from app.domain.dispute import Dispute
from app.domain.dispute_views import DisputeRow
from app.domain.feed import LeftOut, Page, Stream
from app.domain.issue import Issue
from app.domain.journal import State
from app.domain.message import Address
from app.domain.order import Order
from app.domain.owner_rule import When
from app.domain.translation import to_translate, tr
from app.engine.beside import order_of
from app.engine.failing_payments import FailingPayments
from app.engine.one_by_one import OneByOne, issue_alone
from app.engine.ringing import Ringing
from app.engine.standing import UNJUDGED, Standing
from app.escalation import disputes as clocks
from app.escalation.dispute_rules import DisputeRules
from app.storage import alerts, disputes, issues, messages, order_issues, orders
from app.storage.connection import Connection
from app.storage.disputes import Kept

_SAME_MATTER_WITHIN = timedelta(days=180)
_PUT_AWAY = (State.RESOLVED, State.CLOSED)
_MOST_NOTICES = 300
_TOO_OLD = timedelta(days=7)  # nobody is told any more that it has passed
_LAST_DAY = timedelta(hours=24)  # then it rings in quiet hours too
_EARLY = datetime.min.replace(tzinfo=UTC)
_LATE = datetime.max.replace(tzinfo=UTC)
_SOON = timedelta(minutes=1)
_STREAMS = (Stream.DISPUTES, Stream.WARNINGS)
_NOT_FOUND = to_translate("it is not found with this key, so it stays here as it was")
_OTHER = {Stream.DISPUTES: Stream.WARNINGS, Stream.WARNINGS: Stream.DISPUTES}
_BACKLOG = "disputes-found:{account}:{stream}"


class Disputing:
    """Takes in disputes and failed payments. One for the whole engine; remembers only when it next
    has to remind of any, so that looking at the clock costs nothing in between."""

    NAME = "dispute:"  # how the dedupe of each reminder begins

    def __init__(
        self,
        *,
        standing: Standing,
        ringing: Ringing,
        rules: DisputeRules,
        zone: Callable[[], tzinfo],
    ) -> None:
        self._standing = standing
        self._ringing = ringing
        self._rules = rules
        self._zone = zone
        self._looked_at = self._look_at = _EARLY
        self._payments = FailingPayments(standing=standing, ringing=ringing, rules=rules.burst)

    def take(
        self, db: Connection, account: Account, page: Page, each: OneByOne, *, now: datetime
    ) -> Changes:
        """Take in a page's disputes and failed payments; part of the caller's transaction."""
        moved: set[int] = set()
        self._look_at = _EARLY
        for dispute in page.disputes:
            with each.record(dispute.platform_id):
                moved |= self._keep(db, account, page, dispute, now=now)
        if page.stream in _STREAMS:
            moved |= self._gone(db, account, page, each, now=now)
            moved |= set(disputes.without_order(db))
        changes = self._refresh(db, moved, now=now)
        if page.complete and page.stream in _STREAMS:
            changes |= self._backlog(db, account, page.stream, now=now)
        if page.stream is Stream.PAYMENTS:
            changes |= self._payments.take(db, account, page, each, now=now)
        return changes

    def remind(self, db: Connection, *, now: datetime) -> Changes:
        """Ring for the deadlines that came near since they were rung for last; their issues are
        worse by now, and say so."""
        changes = Changes()
        if self._looked_at <= now < self._look_at:
            return changes
        self._looked_at, self._look_at = now, _EARLY
        cases = disputes.every(db, only_open=True)
        for case in cases:
            rang = self._reminder(db, case, now=now)
            if rang is None:
                continue
            changes |= Changes(alerts=frozenset({rang}))
            for issue_id in _issue_of(db, case.id):
                near = (When.DEADLINE,)
                changes |= self._standing.refresh(db, issue_id, now=now, happened=near)
        if not changes:  # else it looks once more: this transaction may still be taken back
            self._look_at = min((self._next_look(db, one, now) for one in cases), default=_LATE)
        return changes

    def look(self, db: Connection, *, now: datetime) -> Changes:
        """What time alone brings about: reminders, and outages that are over."""
        return self.remind(db, now=now) | self._payments.look(db, now=now)

    def _keep(
        self, db: Connection, account: Account, page: Page, dispute: Dispute, *, now: datetime
    ) -> set[int]:
        dispute = _with_payment(db, dispute)
        kept = disputes.keep(db, dispute, account_id=account.id, now=now, history=page.history)
        return self._follow(db, dispute, kept, now=now) if kept.moved else set()

    def _follow(self, db: Connection, dispute: Dispute, kept: Kept, *, now: datetime) -> set[int]:
        """The issues that a dispute's news touches; one begins where it needs one."""
        owner = issues.by_atom(db, (dispute.atom,))
        if owner is None:
            owner = self._place(db, dispute, now=now)
        return set() if owner is None else {owner}

    def _place(self, db: Connection, dispute: Dispute, *, now: datetime) -> int | None:
        """The issue that a dispute joins or begins; none for one that was over when we came."""
        found = _related(db, dispute)
        if found is None and not dispute.state.is_open:
            return None
        if found is None:
            return _begin(db, dispute, now=now)
        issues.add_atoms(db, found, (dispute.atom,))
        if dispute.state.is_open:
            issues.update(db, found, history=False)
        return found

    def _gone(
        self, db: Connection, account: Account, page: Page, each: OneByOne, *, now: datetime
    ) -> set[int]:
        """What its provider does not find: what is open stays so, and the owner is told."""
        moved: set[int] = set()
        platform = account.type.value
        for platform_id in page.gone:
            kept = disputes.mark_gone(db, platform, platform_id, account_id=account.id, now=now)
            if kept is None and disputes.is_open(db, platform, platform_id):
                each.leave_out(LeftOut(platform_id, tr(_NOT_FOUND)))
            elif kept is not None:
                moved |= {one for one in _issue_of(db, kept.head)}
        return moved

    def _refresh(self, db: Connection, moved: Iterable[int], *, now: datetime) -> Changes:
        changes = Changes()
        touched = sorted(issues.present(db, moved))
        for issue_id in touched:
            with issue_alone(db, issue_id):
                changes |= self._judge(db, issue_id, now=now)
        return changes | self._ringing.consider(db, touched, now=now, is_news=False)

    def _judge(self, db: Connection, issue_id: int, *, now: datetime) -> Changes:
        before = issues.get(db, issue_id)
        _call_anew(db, before)
        is_new = before.judgement == UNJUDGED
        happened = (When.NEW, When.DISPUTE) if is_new else (When.DISPUTE,)
        changes = self._standing.refresh(db, issue_id, now=now, happened=happened)
        added = frozenset({before.key} if is_new else ())
        return changes | Changes(issues=frozenset({before.key}), added=added)

    def worded(self, db: Connection, alert: Alert, *, now: datetime) -> AlertText | None:
        """What a reminder would say by now; None where its dispute or its date is another."""
        for case in disputes.every(db, only_open=True):
            due_at = case.due_at
            for mark in self._marks(case):
                if due_at is not None and alert.dedupe == _name(case, due_at, mark):
                    is_last = mark == case.internal_due_at
                    return self._text(case, due_at, is_last=is_last, now=now)
        return None

    def _text(
        self, case: DisputeRow, due_at: datetime, *, is_last: bool, now: datetime
    ) -> AlertText:
        return reminder_text(
            case,
            what=tr(clocks.KIND_WORDS[case.dispute.kind]),
            left=clocks.said_left(due_at - now),
            now=now,
            zone=self._zone(),
            is_last=is_last,
        )

    def _backlog(
        self, db: Connection, account: Account, stream: Stream, *, now: datetime
    ) -> Changes:
        """One card for what the first reading found open, once for an account's stream; the card
        of its other stream, where nobody has seen it yet, becomes part of it."""
        other = alerts.of_name(db, _BACKLOG.format(account=account.id, stream=_OTHER[stream]))
        told = other.issue_keys if other else ()
        every = [one for one in disputes.every(db, only_open=True) if _is_backlog_of(one, account)]
        every = [one for one in every if not one.dispute.is_test] or every  # no sum of both
        new = [one for one in every if one.issue_key not in told]
        if not new:
            return Changes()
        unseen = [other.id] if other is not None and other.state.is_unseen else []
        cases = every if unseen else new
        named = self._rules.backlog_named
        where = account.name
        text = backlog_text(cases, where=where, named=named, now=now, zone=self._zone())
        alert = Alert(
            dedupe=_BACKLOG.format(account=account.id, stream=stream),
            issue_keys=tuple(dict.fromkeys(case.issue_key for case in cases)),
            title=text.title,
            body=text.body,
            created_at=now,
            by_name=True,
            unnamed=tuple(case.issue_key for case in cases[named:]),
        )
        queued = alerts.queue(db, alert)
        if queued is None:
            return Changes()
        for one in unseen:
            alerts.mark(db, one, state=AlertState.WITHDRAWN, at=now)
        return Changes(alerts=frozenset({queued, *unseen}))

    def _marks(self, case: DisputeRow) -> list[datetime]:
        """The moments at which one case is reminded of."""
        due_at, internal = case.due_at, case.internal_due_at
        if due_at is None or internal is None:
            return []
        return sorted((*(due_at - one for one in self._rules.reminders), internal, due_at))

    def _next_look(self, db: Connection, case: DisputeRow, now: datetime) -> datetime:
        """When to look at a case again; one that a person put away may come back any time."""
        marks = self._marks(case)
        ahead = min((at for at in marks if at > now), default=_LATE)
        has_passed = bool(marks) and marks[0] <= now
        if has_passed and (not case.issue_key or _is_put_away(db, case)):
            return min(ahead, now + _SOON)
        return ahead

    def _reminder(self, db: Connection, case: DisputeRow, *, now: datetime) -> int | None:
        """The alert of the nearest reminder whose time has come, if it was not rung for yet."""
        due_at, internal = case.due_at, case.internal_due_at
        passed = [at for at in self._marks(case) if at <= now]
        if due_at is None or not passed or now - due_at > _TOO_OLD or not case.issue_key:
            return None
        if _is_put_away(db, case) or _is_told_late(db, case, passed[-1]):
            return None
        text = self._text(case, due_at, is_last=passed[-1] == internal, now=now)
        alert = Alert(
            dedupe=_name(case, due_at, passed[-1]),
            issue_keys=(case.issue_key,),
            title=text.title,
            body=text.body,
            created_at=now,
            passes=due_at - now <= _LAST_DAY and not case.dispute.is_test,
            by_name=True,
        )
        return alerts.queue(db, alert)


def _name(case: DisputeRow, due_at: datetime, mark: datetime) -> str:
    """What a reminder is called: of which dispute and date, and which of its marks."""
    atom = case.dispute.atom
    return f"{Disputing.NAME}{atom}:{due_at:%Y%m%dT%H%M%S}:{mark:%Y%m%dT%H%M}"


def _with_payment(db: Connection, dispute: Dispute) -> Dispute:
    """A shop names the order that is disputed: by its payment the same dispute is known where the
    payment's own provider tells of it."""
    if dispute.payment_references or not dispute.order_platform_id:
        return dispute
    order = orders.get(db, dispute.platform, dispute.order_platform_id)
    return replace(dispute, payment_references=order.payment_references) if order else dispute


def _related(db: Connection, dispute: Dispute) -> int | None:
    """The issue that a dispute belongs to: by its payment, by a mail that names it, by its order,
    by its customer."""
    for atom in disputes.twins(db, dispute):
        owner = issues.by_atom(db, (atom,))
        if owner is not None and _goes_on(issues.get(db, owner), dispute):
            return owner
    order, number, emails = _about(db, dispute)
    found = _named_by_notice(db, dispute, number)
    if found is None and number:
        found = _newest(_open_about(db, order, number), dispute)
    if found is None:
        theirs = (one for email in emails for one in issues.open_of_customer(db, email))
        fit = [one for one in theirs if not (number and one.order_number)]
        found = _newest(fit, dispute)
    return None if found is None else found.id


def _about(db: Connection, dispute: Dispute) -> tuple[Order | None, str, tuple[str, ...]]:
    """The order if a shop knows it, its number, and by which addresses its buyer may have written.

    A number that the shops have for somebody else's order is none.
    """
    link = order_of(db, dispute)
    order = orders.linked(db, link, customer=dispute.customer_key) if link else None
    told = (dispute.customer_key, order.customer_key if order else "")
    emails = tuple(dict.fromkeys(one for one in told if "@" in one))
    if link is not None:
        return order, link.number, emails
    is_known = bool(dispute.order_number) and bool(orders.of_number(db, dispute.order_number))
    return None, "" if is_known else dispute.order_number, emails


def _open_about(db: Connection, order: Order | None, number: str) -> tuple[Issue, ...]:
    """The open issues about this order; by its number alone where no shop knows it."""
    if order is None:
        return order_issues.open_of_number(db, number)
    return order_issues.open_of_order(db, order)


def _named_by_notice(db: Connection, dispute: Dispute, number: str) -> Issue | None:
    """The open issue of a machine's mail about a dispute that names it, its payment, or its order
    and sum."""
    ids = (dispute.platform_id, *dispute.payment_references)
    for issue_id in issues.open_of_kind(db, Kind.DISPUTE, limit=_MOST_NOTICES):
        for message in messages.of_issue(db, issue_id):
            judged = message.assessment
            if judged is None or not judged.gate.automatic or judged.kind is not Kind.DISPUTE:
                continue
            text = f"{message.subject}\n{message.text}"
            by_order = (
                not judged.suspicion.is_suspicious
                and _names(text, number)
                and dispute.amount in judged.entities.amounts
            )
            if by_order or any(_names(text, one) for one in ids):
                return issues.get(db, issue_id)
    return None


def _names(text: str, word: str) -> bool:
    """Whether the word stands in the text by itself."""
    bare = word.strip().lstrip("#")
    return bool(bare) and re.search(rf"(?<!\w){re.escape(bare)}(?!\w)", text) is not None


def _newest(found: Iterable[Issue], dispute: Dispute) -> Issue | None:
    fit = [
        one
        for one in found
        if not one.judgement.suspicious
        and abs(dispute.opened_at - one.last_at) <= _SAME_MATTER_WITHIN
    ]
    return max(fit, key=lambda one: (one.last_at, one.id), default=None)


def _goes_on(issue: Issue, dispute: Dispute) -> bool:
    """Whether a further step about the same payment belongs there: it is open, or not long over."""
    return issue.state not in _PUT_AWAY or (
        abs(dispute.opened_at - issue.last_at) <= _SAME_MATTER_WITHIN
    )


def _begin(db: Connection, dispute: Dispute, *, now: datetime) -> int:
    return issues.create(
        db,
        atoms=(dispute.atom,),
        subject=clocks.subject_of(dispute),
        customer=Address(email=dispute.customer_email),
        account_id=None,  # replies leave from a mailbox
        judgement=UNJUDGED,
        first_at=min(dispute.opened_at, now),
        preview=clocks.preview_of(dispute),
    )


def _call_anew(db: Connection, issue: Issue) -> None:
    """An issue to which no mail gave its name is called by the step that its most pressing dispute
    has come to: a warning, or an inquiry, may be a chargeback by now."""
    cases = disputes.of_issue(db, issue.id)
    if issue.account_id is not None or not cases:
        return
    if all(one.subject != issue.subject for one in messages.of_issue(db, issue.id)):
        issues.update(db, issue.id, subject=clocks.subject_of(cases[0].dispute))


def _issue_of(db: Connection, head: int) -> tuple[int, ...]:
    atoms = [one.dispute.atom for one in disputes.row(db, head).sources]
    owner = issues.by_atom(db, atoms)
    return () if owner is None else (owner,)


def _is_backlog_of(case: DisputeRow, account: Account) -> bool:
    """Whether it waits for us since before the account was connected."""
    first = case.sources[0]
    return case.is_ours and bool(case.issue_key) and first.history and first.account == account.name


def _is_told_late(db: Connection, case: DisputeRow, mark: datetime) -> bool:
    """Whether it was first seen after this mark and then told by its name: that was the reminder.
    On a card that only counts it, nobody read of it, nor of a date that was moved since."""
    if case.first_seen_at <= mark:
        return False
    since = max(mark, case.dispute.updated_at or mark)
    return mark == case.due_at or alerts.is_named_since(db, case.issue_key, since)


def _is_put_away(db: Connection, case: DisputeRow) -> bool:
    """Whether a person said that it is done: then they know."""
    owner = issues.by_atom(db, (one.dispute.atom for one in case.sources))
    return owner is None or issues.get(db, owner).state in _PUT_AWAY
