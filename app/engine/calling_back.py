"""Calling back: what comes by mail about a call of ours: the contact's answer, or a bounce.

Asked by the pipeline for each mail, after `returned`. An answer of the contact whom we told
acknowledges the issue; the random name of our mail is what only they can know.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from app.domain.assessment import Assessment, nobodys_words
from app.domain.changes import Changes
from app.domain.contact import Call, CallState
from app.domain.journal import EntryType, State
from app.domain.message import Message
from app.domain.translation import to_translate
from app.mail.bounce import DeliveryReport, Outcome
from app.storage import climbs, contacts, issues, journal
from app.storage.connection import Connection
from app.triage.gate import is_automatic_answer

BECAUSE = to_translate("it is about somebody who was told of this issue")


@dataclass(frozen=True, slots=True, kw_only=True)
class CalledBack:
    """A mail about a call: an answer of who was told, or the report that it did not arrive."""

    issue_id: int
    call: Call
    bounced: str = ""
    automatic: bool = False

    @property
    def assessment(self) -> Assessment:
        """It is no customer's word."""
        return nobodys_words(self._said, report=True)

    @property
    def _said(self) -> str:
        if self.bounced:
            return f"a call did not arrive: {self.bounced}"
        if self.automatic:
            return f"an automatic answer in the name of {self.call.contact}"
        return f"{self.call.contact} answers that they have it"


def recognise(db: Connection, report: DeliveryReport | None, message: Message) -> CalledBack | None:
    """What this mail, with the report in it, says about a call of ours.

    None for any other, and for that of a test.
    """
    if report is not None:
        call = climbs.by_mail(db, tuple(report.named))
        if call is None or report.outcome is not Outcome.FAILED:
            return None
        why = next((one.reason for one in report.failures), "their mail server did not take it")
        if call.channel_id is not None:
            contacts.failed(db, call.channel_id, call.at, f"The mail came back: {why}.")
        return _about(call, bounced=why)
    call = climbs.by_mail(db, (*message.in_reply_to, *message.references))
    sender = message.from_
    if call is None or sender is None or sender.key != call.label.casefold():
        return None
    return _about(call, automatic=is_automatic_answer(message))


def write_down(db: Connection, back: CalledBack, *, now: datetime) -> Changes:
    """Acknowledge for who answered; note what did not arrive."""
    issue = issues.get(db, back.issue_id)
    if back.bounced:
        climbs.settle(db, back.call.id, CallState.FAILED, f"It came back: {back.bounced}.")
        return Changes.of_issues((issue.key,))
    if back.automatic:  # who is away has not read it: the next one is called
        return Changes.of_issues((issue.key,))
    contacts.acknowledged(db, (back.call.contact,), now)
    if issue.state is State.NEW:
        data = {"by": back.call.contact}
        journal.append(db, issue_id=issue.id, type=EntryType.ACKNOWLEDGE, at=now, data=data)
    return Changes.of_issues((issue.key,))


def _about(call: Call, *, bounced: str = "", automatic: bool = False) -> CalledBack | None:
    if call.issue_id is None:
        return None
    return CalledBack(issue_id=call.issue_id, call=call, bounced=bounced, automatic=automatic)
