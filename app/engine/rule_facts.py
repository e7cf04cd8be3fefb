"""Rule facts: what an owner's rule is told of an issue at a moment: each field of `rule_fields`.

What is not known is no words, no number (no comparison with it is true) or no.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from app.domain.assessment import FORGED
from app.domain.issue import Issue
from app.domain.message import Direction
from app.domain.money import Money
from app.domain.rule_fields import FIELDS, Sort
from app.domain.rule_text import compared
from app.escalation.calendar import Calendar
from app.storage import accounts, disputes, orders
from app.storage.connection import Connection
from app.storage.messages import StoredMessage

UNKNOWN = float("nan")
_MOST_TEXT = 10_000  # characters that a rule looks at; what says what is wrong stands before
_DAY = 86_400
_NOTHING = {
    Sort.WORDS: "",
    Sort.CHOICE: "",
    Sort.NUMBER: UNKNOWN,
    Sort.SEVERAL: (),
    Sort.YES_NO: False,
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Moment:
    """An issue as it was: at an instant, after these of its mails, with this due next.

    `came_at`: when that happened for which the rules are asked; the machine may have slept since.
    """

    issue: Issue
    mails: Sequence[StoredMessage]
    at: datetime
    due_at: datetime | None
    came_at: datetime | None = None

    @property
    def heard(self) -> Sequence[StoredMessage]:
        """What came in, without reports about mails of ours."""
        return [one for one in self.mails if one.direction is Direction.IN and not one.is_report]


def moment_of(
    issue: Issue, mails: Sequence[StoredMessage], *, now: datetime, by_mail: bool
) -> Moment:
    """An issue as it stands now; `by_mail`: its newest mail is why it is looked at."""
    came = [one.received_at for one in mails if one.direction is Direction.IN and by_mail]
    return Moment(
        issue=issue,
        mails=mails,
        at=now,
        due_at=issue.deadline_at,
        came_at=min(now, max(came)) if came else now,
    )


def facts_of(
    db: Connection, moment: Moment, *, calendar: Calendar, wanted: AbstractSet[str]
) -> Mapping[str, Any]:
    """The facts; those that cost a question to the profile only where they are `wanted`.

    Who wrote under a customer's address, by the word of our own mail host, is not that customer.
    """
    issue = moment.issue
    nothing = {one.name: _NOTHING[one.sort] for one in FIELDS}
    facts = {**nothing, **_of_issue(issue), **_of_time(moment, calendar), **_of_mails(moment)}
    is_theirs = not _is_forged(moment)
    if not is_theirs:
        facts |= {"customer_email": "", "customer_domain": "", "suspicious": True}
    of_order = wanted & {"country", "currency", "total", "skus", "has_order"}
    if of_order and issue.order_number and is_theirs:
        facts |= _of_order(db, issue)
    if "orders" in wanted and is_theirs:
        facts["orders"] = len(orders.of_customer(db, issue.customer.key))
    if wanted & {"disputed", "has_dispute"}:
        facts |= _of_disputes(db, issue)
    if "account" in wanted and issue.account_id is not None:
        facts["account"] = _words(_account(db, issue.account_id))
    return facts


def _of_issue(issue: Issue) -> dict[str, Any]:
    judged, email = issue.judgement, issue.customer.email
    return {
        "subject": _words(issue.subject),
        "customer_email": _words(email),
        "customer_domain": _words(email.rpartition("@")[2]),
        "customer_name": _words(issue.customer.name),
        "kind": judged.kind.value,
        "severity": judged.severity.value,
        "score": judged.score,
        "language": _words(judged.language[:2]),
        "tags": tuple(map(_words, issue.decisions.tags)),
        "assigned_to": _words(issue.decisions.assignee),
        "suspicious": judged.suspicious,
        "automatic": judged.automatic,
    }


def _of_time(moment: Moment, calendar: Calendar) -> dict[str, Any]:
    came_at, due = moment.came_at or moment.at, moment.due_at
    local = came_at.astimezone(calendar.zone)
    return {
        "days_left": UNKNOWN if due is None else (due - moment.at).total_seconds() / _DAY,
        "hour": local.hour,
        "weekday": _DAYS[local.weekday()],
        "working_time": next(calendar.spans(came_at)).begin == came_at,
    }


_DAYS = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")


def _is_forged(moment: Moment) -> bool:
    made = moment.heard[-1].assessment if moment.heard else None
    return made is not None and FORGED in made.factors


def _of_mails(moment: Moment) -> dict[str, Any]:
    """What the newest mail of theirs says, and how many wait for an answer."""
    heard = moment.heard
    if not heard:
        return {"unanswered": 0}
    ours = [one.received_at for one in moment.mails if one.direction is Direction.OUT]
    answered_at = max(ours, default=None)
    newest = heard[-1]
    return {
        "subject": _words(newest.subject),
        "text": _words(newest.new_text or newest.text),
        "unanswered": sum(answered_at is None or one.counts_at > answered_at for one in heard),
        "skus": tuple(
            _words(sku) for one in heard if one.assessment for sku in one.assessment.entities.skus
        ),
    }


def _of_order(db: Connection, issue: Issue) -> dict[str, Any]:
    order = orders.of_issue(db, issue)
    if order is None:  # its number is in the mail, and no shop knows it
        return {"total": _amount(issue.order_total)}
    return {
        "has_order": True,
        "total": _amount(order.total),
        "currency": _words(order.total.currency),
        "country": _words(order.country),
        "skus": tuple(_words(item.sku) for item in order.items if item.sku),
    }


def _of_disputes(db: Connection, issue: Issue) -> dict[str, Any]:
    cases = [one for one in disputes.of_issue(db, issue.id) if one.state.is_open]
    if not cases:
        return {}
    return {"has_dispute": True, "disputed": _amount(cases[0].dispute.amount)}


def _account(db: Connection, account_id: int) -> str:
    return next((one.name for one in accounts.every(db) if one.id == account_id), "")


def _amount(money: Money | None) -> float:
    return UNKNOWN if money is None else float(money.value)


def _words(text: str) -> str:
    """Words as conditions compare them, not endless."""
    return compared(text[:_MOST_TEXT])
