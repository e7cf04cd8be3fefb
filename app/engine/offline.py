"""Offline: judging and reading without a profile: lines or files in, JSON lines out."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from io import BytesIO
from pathlib import Path
from typing import Any, TextIO

from app.domain.assessment import Assessment, IssueFacts, MessageContext, Ranking
from app.domain.clock import rfc3339
from app.domain.findings import together
from app.domain.message import Address, Message
from app.engine.given_mail import message_of
from app.engine.json_lines import numbered, the_object
from app.mail import mbox
from app.mail import parse as reader
from app.triage import grouping, scoring
from app.triage.authenticity import is_proven_notice
from app.triage.incidents import Incidents, report_of
from app.triage.other_names import is_another
from app.triage.rules import Rules
from app.triage.triage import Classifier, assess

_NO_DATE = datetime(1970, 1, 1, tzinfo=UTC)


@dataclass(slots=True, kw_only=True)
class _OpenIssue:
    """An issue as it grows while the lines are read."""

    id: int
    subject: str
    customer: Address
    last_at: datetime
    order_number: str = ""
    incident: str = ""  # the issue that its incident began with
    since: datetime | None = None
    waiting: list[Assessment] = field(default_factory=list)


def parse(files: Sequence[str], *, rules: Rules, out: TextIO, err: TextIO) -> int:
    """One JSON object for each mail in the files; 1 if a file could not be opened."""
    status = 0
    for name in files:
        try:
            raw = Path(name).read_bytes()
        except OSError as error:
            err.write(f"{name or repr(name)} cannot be read: {error.strerror}.\n")
            status = 1
            continue
        for mail in _mails_in(raw):
            answer = {"file": name, **_parsed(mail, rules=rules)}
            out.write(json.dumps(answer, ensure_ascii=False) + "\n")
    return status


def _mails_in(raw: bytes) -> Iterator[bytes]:
    """The mails of a file: nearly always one, but several where it is a mailbox's (mbox)."""
    if not raw.startswith(mbox.SIGN):
        yield raw
        return
    for begin, end in mbox.places(BytesIO(raw)):
        yield raw[begin:end]


def _parsed(raw: bytes, *, rules: Rules) -> dict[str, Any]:
    message = reader.read(raw)
    context = MessageContext(now=message.sent_at or _NO_DATE, own_addresses=_own(message))
    gate = assess(message, context, rules=rules).gate
    return {
        **_read(message),
        "automatic": gate.automatic,
        "may_acknowledge": gate.may_acknowledge,
        "counts_as_customer_reply": gate.counts_as_customer_reply,
        "warnings": list(message.warnings),
    }


def triage(
    lines: Iterable[str],
    *,
    rules: Rules,
    out: TextIO,
    err: TextIO,
    classifier: Classifier | None = None,
) -> int:
    """Judge the mails in order, one result a line; 1 if a line was no mail, or not all of one could
    be used.

    Kind, severity and alert are the mail's own; priority, score and reasons are its issue's, as far
    as the lines have told of it.
    """
    desk, status = _Desk(rules, classifier), 0
    for number, line in numbered(lines):
        try:
            given = the_object(line)
        except ValueError as error:
            err.write(f"Line {number} is no mail: {error}.\n")
            status = 1
            continue
        message, unusable = message_of(given)
        if unusable:
            err.write(f"Line {number}: {', '.join(unusable)} could not be used.\n")
            status = 1
        answer = {"id": given.get("id", ""), **desk.judge(message)}
        out.write(json.dumps(answer, ensure_ascii=False) + "\n")
        out.flush()
    return status


class _Desk:
    """What is remembered from line to line: which mails belong to which issue."""

    def __init__(self, rules: Rules, classifier: Classifier | None) -> None:
        self._rules = rules
        self._classifier = classifier
        self._known: dict[str, int] = {}
        self._issues: list[_OpenIssue] = []
        self._of_customer: dict[str, list[_OpenIssue]] = {}
        self._incidents = Incidents(rules.incidents)

    def judge(self, message: Message) -> dict[str, Any]:
        """One mail, at the instant at which it was sent."""
        now = message.sent_at or _NO_DATE
        referenced = any(one in self._known for one in message.references)
        context = MessageContext(
            now=now,
            own_addresses=_own(message),
            known_customer=referenced,
            reply_to_ours=referenced,
        )
        assessment = assess(message, context, rules=self._rules, classifier=self._classifier)
        issue = self._place(message, assessment, now)
        ranking = self._rank(issue, assessment, now)
        incident = self._incident(issue, message, assessment, now)
        return {**_result(issue, assessment, ranking), "incident": incident}

    def _incident(
        self, issue: _OpenIssue, message: Message, assessment: Assessment, now: datetime
    ) -> str | None:
        """The incident of this mail's issue, as far as the mails up to it show one. A complaint
        that may have a common cause names the one that it would be the first of, since its line
        is out before anybody can know of a second."""
        if assessment.suspicion.is_suspicious:
            return None
        shop = " ".join(one.email.partition("@")[2].partition(".")[0] for one in message.to)
        name = f"issue-{issue.id}"
        report = report_of(message, assessment, issue=name, at=now, rules=self._rules, shop=shop)
        if found := self._incidents.note(report):
            issue.incident = found.id
        elif report.sort and not issue.incident:
            issue.incident = name
        return f"incident-{issue.incident.removeprefix('issue-')}" if issue.incident else None

    def _place(self, message: Message, assessment: Assessment, now: datetime) -> _OpenIssue:
        customer = message.customer
        mine = self._of_customer.setdefault(customer.key, [])
        trusted = tuple(one.domain for one in message.to)
        genuine = is_proven_notice(message, self._rules, trusted=trusted)
        placement = grouping.place(
            message,
            assessment,
            known=self._known,
            customer_issues=mine,
            order_issues=self._issues if genuine else (),
            at=now,
            of_others=[
                one.id
                for one in mine
                if is_another(customer.name, (one.customer.name,), address=customer.key)
            ],
        )
        if placement.issue_id is None:
            issue = _OpenIssue(
                id=len(self._issues) + 1,
                subject=message.subject,
                customer=customer,
                last_at=now,
            )
            self._issues.append(issue)
            mine.append(issue)
        else:
            issue = self._issues[placement.issue_id - 1]
        issue.last_at = max(issue.last_at, now)
        issue.order_number = issue.order_number or next(iter(assessment.entities.order_numbers), "")
        if _waits(assessment):
            issue.since = issue.since or now
            issue.waiting.append(assessment)
        for message_id in (message.message_id, *message.references):
            self._known.setdefault(message_id, issue.id)
        return issue

    def _rank(self, issue: _OpenIssue, assessment: Assessment, now: datetime) -> Ranking:
        """Where the issue stands with this mail, as the window shows it: nobody has answered any
        of its mails. What nobody waits for stands for itself."""
        if not _waits(assessment):
            return scoring.rank(_facts([assessment]), now, rules=self._rules)
        waiting = len(issue.waiting)
        facts = replace(_facts(issue.waiting), waiting_since=issue.since, unanswered=waiting)
        return scoring.rank(facts, now, rules=self._rules)


def _own(message: Message) -> tuple[str, ...]:
    """Whom the mail went to, where it may be from a form of theirs: it asks for an answer to
    somebody else. Nothing else says which addresses are the shop's."""
    sender, asking = message.from_, next(iter(message.reply_to), None)
    if sender is None or asking is None or asking.key == sender.key:
        return ()
    own = tuple(one.key for one in message.to)
    return () if asking.key in own else own


def _waits(assessment: Assessment) -> bool:
    return not (assessment.gate.noise or assessment.suspicion.is_suspicious)


def _facts(said: Sequence[Assessment]) -> IssueFacts:
    """What an issue is ranked by: the surest of the worst says what it is, the worst how bad."""
    lead = max(said, key=lambda one: one.weight)
    worst = max(said, key=lambda one: one.severity.rank)
    return IssueFacts(
        kind=lead.kind,
        severity=worst.severity,
        severity_by_facts=worst.severity_by_facts,
        severity_because=worst.severity_because,
        severity_quote=worst.severity_quote,
        unsure=lead.unsure,
        suspicious=lead.suspicion.is_suspicious,
        factors=together(said),
    )


def _result(issue: _OpenIssue, assessment: Assessment, ranking: Ranking) -> dict[str, Any]:
    entities = assessment.entities
    return {
        "issue": f"issue-{issue.id}",
        "kind": assessment.kind.value,
        "second_kind": assessment.second_kind.value if assessment.second_kind else None,
        "confidence": round(assessment.confidence, 3),
        "unsure": assessment.unsure,
        "alternatives": [
            {"kind": one.kind.value, "confidence": round(one.confidence, 3)}
            for one in assessment.alternatives
        ],
        "severity": assessment.severity.value,
        "priority": ranking.priority.value,
        "score": ranking.score,
        "alert": assessment.alert,
        "reasons": [
            {"factor": one.factor, "points": one.points, "because": one.because}
            for one in ranking.reasons
        ],
        "entities": {
            "order_numbers": list(entities.order_numbers),
            "tracking_numbers": list(entities.tracking_numbers),
            "amounts": [
                {"value": str(one.value), "currency": one.currency} for one in entities.amounts
            ],
            "skus": list(entities.skus),
            "dates": list(entities.dates),
        },
        "language": assessment.language,
        "automatic": assessment.gate.automatic,
        "suspicious": {
            "is": assessment.suspicion.is_suspicious,
            "because": list(assessment.suspicion.because),
        },
    }


def _read(message: Message) -> dict[str, Any]:
    return {
        "message_id": message.message_id,
        "from": message.from_.email if message.from_ else "",
        "from_name": message.from_.name if message.from_ else "",
        "reply_to": [one.email for one in message.reply_to],
        "to": [one.email for one in message.to],
        "cc": [one.email for one in message.cc],
        "date": rfc3339(message.sent_at) if message.sent_at else None,
        "subject": message.subject,
        "text": message.text,
        "new_text": message.new_text,
        "html_present": bool(message.html),
        "in_reply_to": list(message.in_reply_to),
        "references": list(message.references),
        "attachments": [
            {
                "filename": one.filename,
                "content_type": one.content_type,
                "size": one.size,
                "inline": one.inline,
                "contains": list(one.contains),
            }
            for one in message.attachments
        ],
    }
