"""Returned: a mail server says what became of a mail of ours.

Asked by the pipeline for each mail, before anything is made of it as a customer's. Only a report
that names a mail which we really sent is one; any other goes the way of all mail.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from app.domain.assessment import Assessment, nobodys_words
from app.domain.changes import Changes
from app.domain.clock import rfc3339
from app.domain.journal import EntryType, fold
from app.domain.message import Direction
from app.domain.reply import OutboxState, Reply
from app.domain.translation import to_translate, tr
from app.mail.bounce import DeliveryReport, Failure, Outcome
from app.storage import issues, journal, messages, outbox
from app.storage.connection import Connection

BECAUSE = to_translate("a mail server reports about a mail of this issue")
_WORDS = {
    Outcome.FAILED: to_translate("a mail server says that a mail of ours could not be delivered"),
    Outcome.DELAYED: to_translate("a mail server says that a mail of ours is still on its way"),
    Outcome.DELIVERED: to_translate("a mail server says that a mail of ours has arrived"),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Returned:
    """A report, and the mail of ours that it is about; `reply` where it left through the outbox."""

    issue_id: int
    message_id: str
    sent_at: datetime
    recipients: tuple[str, ...]
    report: DeliveryReport
    reply: Reply | None = None

    @property
    def assessment(self) -> Assessment:
        """What a report is: nobody's words, and no issue of its own."""
        return nobodys_words(tr(_WORDS[self.report.outcome]), report=True)


def recognise(db: Connection, report: DeliveryReport | None) -> Returned | None:
    """The report if it is about a mail that we sent, or None."""
    if report is None:
        return None
    reply = outbox.by_message_id(db, report.named)
    if reply is not None:
        return Returned(
            issue_id=issues.by_key(db, reply.issue_key),
            message_id=reply.message_id,
            sent_at=reply.sent_at or reply.created_at,
            recipients=reply.recipients,
            report=report,
            reply=reply,
        )
    sent = messages.sent_by_us(db, report.named)  # from a phone, or from the provider's own page
    if sent is None:
        return None
    return Returned(
        issue_id=sent.issue_id,
        message_id=sent.message_id,
        sent_at=sent.received_at,
        recipients=tuple(one.email for one in sent.to),
        report=report,
    )


def write_down(
    db: Connection, returned: Returned, *, reported_at: datetime, now: datetime
) -> Changes:
    """Note in the journal whom our mail did not reach, each of them once; the issue comes back."""
    if returned.report.outcome is not Outcome.FAILED:
        return Changes()
    known = _noted(db, returned)
    fresh = [one for one in _failures(returned) if one.recipient.lower() not in known]
    for failure in fresh:
        data = {
            **_facts(returned, failure),
            "reported_at": rfc3339(reported_at),
            "answered_since": _answered_since(db, returned),
        }
        journal.append(
            db, issue_id=returned.issue_id, type=EntryType.REPLY_BOUNCED, at=now, data=data
        )
    if fresh:
        issues.update(db, returned.issue_id, unseen=True)
    return _settle_doubt(db, returned, fresh)


def _failures(returned: Returned) -> Sequence[Failure]:
    """Whom it did not reach; a report that names nobody means everybody."""
    reason = tr("their mail server did not take it")
    return returned.report.failures or [
        Failure(recipient=one, reason=reason) for one in returned.recipients
    ]


def _noted(db: Connection, returned: Returned) -> frozenset[str]:
    """Who is in the journal already for this mail: servers repeat themselves."""
    return frozenset(
        str(entry.data.get("recipient", "")).lower()
        for entry in journal.of_issue(db, returned.issue_id)
        if entry.type is EntryType.REPLY_BOUNCED
        and entry.data.get("message_id") == returned.message_id
    )


def _facts(returned: Returned, failure: Failure) -> dict[str, Any]:
    return {
        "message_id": returned.message_id,
        "reply": returned.reply.id if returned.reply else None,
        "recipient": failure.recipient,
        "reason": failure.reason,
        "server": failure.server,
    }


def _answered_since(db: Connection, returned: Returned) -> bool:
    """Whether another mail of ours went out after the one that came back, and did not come back."""
    lost = {*fold(journal.of_issue(db, returned.issue_id)).undelivered, returned.message_id}
    return any(
        one.direction is Direction.OUT
        and one.received_at > returned.sent_at
        and one.message_id not in lost
        for one in messages.of_issue(db, returned.issue_id)
    )


def _settle_doubt(db: Connection, returned: Returned, failures: Sequence[Failure]) -> Changes:
    """A reply that may have been lost did leave, and came back: nobody need guess any more."""
    reply = returned.reply
    if reply is None or reply.state is not OutboxState.UNKNOWN or not failures:
        return Changes()
    first = failures[0]
    error = tr(
        "It could not be delivered to {recipient}: {reason}.",
        recipient=first.recipient,
        reason=first.reason,
    )
    outbox.set_state(db, reply.id, OutboxState.FAILED, error=error)
    return Changes(outbox=frozenset({reply.id}))
