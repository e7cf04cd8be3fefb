"""Failing payments: many at once are an outage, which opens an issue, an incident, and rings.

A step of `disputing`, for the pages of failed payments. One outage of an account is one issue,
however long it lasts; when no further payment fails for a while it is over.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime, timedelta

from app.domain.account import Account
from app.domain.assessment import Kind, Severity
from app.domain.changes import Changes
from app.domain.dispute import FailedPayment
from app.domain.feed import Page
from app.domain.finding import Finding
from app.domain.incident import Incident
from app.domain.message import Address
from app.domain.owner_rule import When
from app.domain.translation import tr, trn
from app.engine.one_by_one import OneByOne
from app.engine.ringing import Ringing
from app.engine.standing import UNJUDGED, Standing
from app.escalation.dispute_rules import Burst
from app.escalation.disputes import is_burst
from app.storage import accounts, failed_payments, findings, incidents, issues
from app.storage.connection import Connection

FACTOR = "payments_fail"


class FailingPayments:
    """Counts, and tells when it is too many."""

    def __init__(self, *, standing: Standing, ringing: Ringing, rules: Burst) -> None:
        self._standing = standing
        self._ringing = ringing
        self._rules = rules

    def take(
        self, db: Connection, account: Account, page: Page, each: OneByOne, *, now: datetime
    ) -> Changes:
        """Keep the failed payments of a page, and look whether they are an outage."""
        for payment in page.payments:
            with each.record(payment.platform_id):
                failed_payments.keep(db, payment, account_id=account.id)
        failed_payments.forget_before(db, now - 2 * self._rules.usual)
        return Changes() if page.history else self._judge(db, account, now=now)

    def look(self, db: Connection, *, now: datetime) -> Changes:
        """Whether time alone has ended an outage."""
        changes = Changes()
        for account in accounts.every(db):
            if not account.type.is_mailbox and findings.running(db, account.id, FACTOR):
                changes |= self._judge(db, account, now=now)
        return changes

    def _judge(self, db: Connection, account: Account, *, now: datetime) -> Changes:
        running = findings.running(db, account.id, FACTOR)
        if running:
            return self._go_on(db, account, running[-1], now=now)
        lately = self._lately(db, account, now)
        if not lately or not is_burst(
            lately,
            before=self._before(db, account, now),
            length=self._length(db, account, now),
            rules=self._rules,
        ):
            return Changes()
        began_at = lately[0].at
        atom = f"p:{account.type.value}:{account.id}:{began_at:%Y%m%dT%H%M%S}"
        finding = Finding(
            atom=atom,
            kind=Kind.SITE_ACCOUNT,
            severity=Severity.CRITICAL,
            factor=FACTOR,
            because=self._because(lately),
            began_at=now,
            rings=True,
        )
        findings.keep(db, finding, account_id=account.id)
        owner = issues.by_atom(db, (atom,)) or issues.create(
            db,
            atoms=(atom,),
            subject=tr("Payments fail at {name}", name=account.name),
            customer=Address(email=""),
            account_id=None,
            judgement=UNJUDGED,
            first_at=min(began_at, now),
            preview=self._because(lately),
        )
        changes = self._standing.refresh(db, owner, now=now, happened=(When.NEW,))
        changes |= self._ringing.consider(db, (owner,), now=now, is_news=False)
        self._mark_incident(db, account, owner, finding, lately)
        return changes | Changes(added=frozenset({issues.get(db, owner).key}))

    def _go_on(self, db: Connection, account: Account, was: Finding, *, now: datetime) -> Changes:
        lately = self._lately(db, account, now)
        quiet_since = now - self._rules.over_after
        since = failed_payments.between(db, account.id, since=quiet_since, until=now + _AHEAD)
        over_at = None if since else now
        because = self._because(lately) if len(lately) >= self._rules.at_least else was.because
        finding = replace(was, because=because, over_at=over_at)
        if not findings.keep(db, finding, account_id=account.id):
            return Changes()
        owner = issues.by_atom(db, (was.atom,))
        if owner is None:
            return Changes()
        self._mark_incident(db, account, owner, finding, lately)
        return self._standing.refresh(db, owner, now=now)

    def _mark_incident(
        self,
        db: Connection,
        account: Account,
        owner: int,
        finding: Finding,
        lately: Sequence[FailedPayment],
    ) -> None:
        incident = Incident(
            name=finding.atom,
            sort="payments",
            title=account.name,
            grave=True,
            customers=max(len({one.buyer for one in lately}), 1),
            first_at=finding.began_at,
            last_at=max((one.at for one in lately), default=finding.began_at),
        )
        incidents.keep(db, incident, issues=(owner,), alerted=1)

    def _lately(self, db: Connection, account: Account, now: datetime) -> tuple[FailedPayment, ...]:
        since = now - self._rules.within
        return failed_payments.between(db, account.id, since=since, until=now + _AHEAD)

    def _before(self, db: Connection, account: Account, now: datetime) -> int:
        until = now - self._rules.within
        since = until - self._rules.usual
        return len(failed_payments.between(db, account.id, since=since, until=until))

    def _length(self, db: Connection, account: Account, now: datetime) -> timedelta:
        """How long before it we know of failed payments; less than the whole time at first."""
        first = failed_payments.first_at(db, account.id) or now
        return min(max(now - self._rules.within - first, timedelta()), self._rules.usual)

    def _because(self, lately: Sequence[FailedPayment]) -> str:
        buyers = len({one.buyer for one in lately})
        minutes = int(self._rules.within.total_seconds() // 60)
        codes = [one.code for one in lately if one.code]
        most = max(sorted(set(codes)), key=codes.count, default="")
        said = trn(
            "{n} payment of {buyers} buyers failed within {minutes} minutes",
            "{n} payments of {buyers} buyers failed within {minutes} minutes",
            len(lately),
            buyers=buyers,
            minutes=minutes,
        )
        return tr('{said}, mostly "{code}"', said=said, code=most) if most else said


_AHEAD = timedelta(minutes=5)  # the provider's clock may be ahead of ours
