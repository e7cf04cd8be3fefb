"""Issue page: one issue whole: why it stands there, who said what, what was promised and done."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from app.domain import remarks
from app.domain.assessment import Assessment, Kind
from app.domain.issue import Issue
from app.domain.joined_text import why_joined
from app.domain.mailbox import MailFlag
from app.domain.message import Address, Direction
from app.domain.order import CustomerValue, Order, OrderLink, worth_of
from app.domain.reply import OutboxState
from app.domain.views import (
    InboxRow,
    IssueView,
    MessageView,
    Pretender,
    ReplyView,
    TaughtBy,
    Whereabouts,
)  # fmt: skip
from app.storage import (
    alerts,
    climbs,
    codec,
    deadlines,
    disputes,
    drafts,
    incidents,
    issues,
    journal,
    messages,
    on_server,
    orders,
)
from app.storage.connection import Connection
from app.storage.inbox import inbox_rows
from app.storage.learned import teachers
from app.storage.messages import StoredMessage
from app.storage.pretenders import pretenders

_OTHER_ORDERS = 12
_EARLIER_ISSUES = 8


def issue_view(db: Connection, key: str) -> IssueView:
    """One issue whole.

    Raises:
        NotFound: no issue has this key.
        Refused: the key is only a prefix, too short or of several issues.
    """
    issue_id = issues.by_key(db, key)
    (row,) = inbox_rows(db, (issue_id,))
    issue = issues.get(db, issue_id)
    order = orders.of_issue(db, issue)
    stored = messages.of_issue(db, issue_id)
    lead = _lead(stored)
    cases = disputes.of_issue(db, issue_id)
    return IssueView(
        row=row,
        reasons=issue.judgement.reasons,
        messages=_messages(db, stored),
        journal=journal.of_issue(db, issue_id),
        deadlines=deadlines.of_issue(db, issue_id),
        confidence=issue.judgement.confidence,
        language=issue.judgement.language,
        suspicious_because=issue.judgement.suspicious_because,
        order=order,
        order_link=issue.order_link,
        other_orders=_other_orders(db, issue, order, disputed=bool(cases)),
        draft=drafts.get(db, issue.key),
        replies=replies(db, issue_id=issue_id),
        notes=issue.decisions.notes,
        tags=issue.decisions.tags,
        incident=incidents.of_issue(db, issue_id),
        disputes=cases,
        earlier=_earlier(db, issue, order),
        value=_value(db, issue, order),
        calls=climbs.calls_of(db, issue_id),
        alternatives=lead.alternatives if lead and row.unsure else (),
        taught=_taught_by(db, issue, lead) if lead else TaughtBy(),
        unconfirmed="" if cases else _unconfirmed(issue, lead),
        rang=alerts.last_for_issue(db, issue.key) is not None,
        pretender=None if row.suspicious else _pretender(stored, issue),
    )


def _pretender(stored: Sequence[StoredMessage], issue: Issue) -> Pretender | None:
    """Who joined a conversation as somebody else, the last of them."""
    last = pretenders(stored, issue.decisions)[-1:]
    return next(
        (
            Pretender(who=one.from_, because=one.assessment.suspicion.because)
            for one in last
            if one.from_ and one.assessment
        ),
        None,
    )


def _lead(stored: Sequence[StoredMessage]) -> Assessment | None:
    """What was made of the mail that speaks for the issue: of what they said since our answer."""
    ours = max((one.id for one in stored if one.direction is Direction.OUT), default=-1)
    heard = [
        (one.id > ours, not one.assessment.gate.noise, one.assessment.weight, one.assessment)
        for one in stored
        if one.direction is Direction.IN and one.assessment is not None and not one.is_report
    ]
    return max(heard, key=lambda found: found[:3])[3] if heard else None


def _unconfirmed(issue: Issue, lead: Assessment | None) -> str:
    """The provider that nobody proved it is from; of what is no issue, or false, nobody asks."""
    judged = issue.judgement
    if lead is None or judged.suspicious or judged.kind is Kind.NOT_AN_ISSUE:
        return ""
    return lead.unconfirmed


def _taught_by(db: Connection, issue: Issue, lead: Assessment) -> TaughtBy:
    """The corrections of other mails that decided about this one, where no person did."""
    taught, decided = lead.taught, issue.decisions
    names = (
        () if decided.kind else taught.kind,
        () if decided.severity else taught.severity,
        () if decided.verdict else taught.alert,
    )
    known = teachers(db, {one for some in names for one in some})
    kind, severity, alert = (
        tuple(dict.fromkeys(known[one] for one in some if one in known)) for some in names
    )
    return TaughtBy(kind=kind, severity=severity, alert=alert)


def _earlier(db: Connection, issue: Issue, order: Order | None) -> tuple[InboxRow, ...]:
    """The customer's other issues, newest first; beside a provider's notice, of who bought."""
    key = order.customer_key if order else issue.customer.key
    ids = issues.of_customer(db, key, limit=_EARLIER_ISSUES + 1)
    return tuple(inbox_rows(db, [one for one in ids if one != issue.id][:_EARLIER_ISSUES]))


def _value(db: Connection, issue: Issue, order: Order | None) -> CustomerValue | None:
    """What the customer is worth: the shop's own word, else what their orders here add up to."""
    if order is not None and order.value is not None:
        return order.value
    bought = orders.of_customer(db, order.customer_key if order else issue.customer.key)
    return worth_of(bought)


def _other_orders(
    db: Connection, issue: Issue, present: Order | None, *, disputed: bool
) -> tuple[Order, ...]:
    """What else it may be about: the next likely order, then the customer's own, newest first.

    Of a dispute also the one that only its mails speak of: a person may say that this was disputed.
    """
    link = issue.order_link
    following = OrderLink(number=link.runner_up, atom=link.runner_up_atom) if link else None
    runner_up = orders.linked(db, following, customer=issue.customer.key) if following else None
    theirs = orders.of_customer(db, issue.customer.key)
    every = (*((runner_up,) if runner_up else ()), *theirs)
    is_sure = link is not None and (link.by_person or link.by_provider)
    shown = present.atom if present and (is_sure or not disputed) else ""
    others = dict.fromkeys(one for one in every if one.atom != shown)
    return tuple(others)[:_OTHER_ORDERS]


def replies(db: Connection, *, issue_id: int | None = None) -> tuple[ReplyView, ...]:
    """The replies to an issue; without one, those on their way or stuck, oldest first."""
    if issue_id is None:
        rows = db.execute(_REPLIES + _UNSETTLED)
    else:
        rows = db.execute(_REPLIES + " WHERE r.issue_id = ? ORDER BY r.id", (issue_id,))
    return tuple(_reply(row) for row in rows)


def _messages(db: Connection, stored: Sequence[StoredMessage]) -> tuple[MessageView, ...]:
    ours = max((one.id for one in stored if one.direction is Direction.OUT), default=-1)
    return tuple(
        _message(one, on_server.whereabouts(db, one.id), answered=one.id < ours) for one in stored
    )


def _message(stored: StoredMessage, lies: Whereabouts, *, answered: bool) -> MessageView:
    marked = stored.direction is Direction.IN and MailFlag.ANSWERED in lies.flags
    return MessageView(
        id=stored.id,
        message_id=stored.message_id,
        direction=stored.direction,
        from_=stored.from_ or Address(email=""),
        to=stored.to,
        cc=stored.cc,
        at=stored.sent_at or stored.received_at,
        subject=stored.subject,
        text=stored.text,
        new_text=stored.new_text,
        has_html=stored.has_html,
        automatic=stored.assessment is not None and stored.assessment.gate.automatic,
        attachments=stored.attachments,
        warnings=tuple(map(remarks.said, stored.warnings)),
        joined_because=why_joined(stored.joined_because),
        rescued=stored.rescued,
        on_server=lies,
        answered_unseen=marked and not answered,
    )


def _reply(row: tuple[Any, ...]) -> ReplyView:
    id_, key, state, body, recipients, created_at, not_before, message_id, sent_at, error = row[:10]
    sender, files, scheduled, follow_up_days, tried_since = row[10:]
    return ReplyView(
        id=id_,
        issue_key=key,
        state=OutboxState(state),
        body=body,
        recipients=codec.from_json(recipients, tuple[str, ...]),
        created_at=codec.moment(created_at),
        not_before=codec.moment(not_before),
        message_id=message_id,
        sent_at=codec.maybe_moment(sent_at),
        error=error,
        sender=sender,
        files=codec.from_json(files, tuple[str, ...]),
        scheduled=bool(scheduled),
        follow_up_days=follow_up_days,
        tried_since=codec.maybe_moment(tried_since),
    )


_REPLIES = """
SELECT r.id, i.key, r.state, r.body, r.recipients, r.created_at, r.not_before, r.message_id,
    r.sent_at, r.error, r.sender, r.files, r.scheduled, r.follow_up_days, r.tried_since
FROM reply r JOIN issue i ON i.id = r.issue_id
"""

_UNSETTLED = """
WHERE r.state IN ('queued', 'sending', 'data_sent', 'sent', 'unknown', 'failed', 'blocked')
ORDER BY r.id
"""
