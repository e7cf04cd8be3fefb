"""Offline: judging and reading without a profile: lines or files in, JSON lines out."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, TextIO

import msgspec

from app.domain.assessment import Assessment, IssueFacts, MessageContext, Ranking
from app.domain.clock import instant, rfc3339
from app.domain.findings import together
from app.domain.message import Address, Message
from app.mail import parse as reader
from app.mail import reading
from app.mail.headers import is_year_of_mail
from app.triage import grouping, scoring
from app.triage.authenticity import is_proven_notice
from app.triage.incidents import Incidents, report_of
from app.triage.rules import Rules
from app.triage.triage import Classifier, assess

_NO_DATE = datetime(1970, 1, 1, tzinfo=UTC)


class _Given(msgspec.Struct, frozen=True, rename={"from_": "from"}):
    """A mail as `triage` takes it, one JSON object a line."""

    id: str | int = ""
    from_: str = ""
    from_name: str = ""
    reply_to: str | list[str] | None = ""
    to: str | list[str] | None = ""
    subject: str = ""
    date: str | None = ""
    headers: dict[str, str] = {}
    text: str = ""


@dataclass(slots=True, kw_only=True)
class _OpenIssue:
    """An issue as it grows while the lines are read."""

    id: int
    subject: str
    customer: Address
    last_at: datetime
    order_number: str = ""
    since: datetime | None = None
    waiting: list[Assessment] = field(default_factory=list)


def parse(files: Sequence[str], *, rules: Rules, out: TextIO, err: TextIO) -> int:
    """One JSON object for each .eml file; 1 if one could not be opened."""
    status = 0
    for name in files:
        try:
            raw = Path(name).read_bytes()
        except OSError as error:
            err.write(f"{name} cannot be read: {error.strerror}.\n")
            status = 1
            continue
        message = reader.read(raw)
        gate = assess(message, MessageContext(now=message.sent_at or _NO_DATE), rules=rules).gate
        answer = {
            **_read(message),
            "automatic": gate.automatic,
            "may_acknowledge": gate.may_acknowledge,
            "counts_as_customer_reply": gate.counts_as_customer_reply,
            "warnings": list(message.warnings),
        }
        out.write(json.dumps(answer, ensure_ascii=False) + "\n")
    return status


def triage(
    lines: Iterable[str],
    *,
    rules: Rules,
    out: TextIO,
    err: TextIO,
    classifier: Classifier | None = None,
) -> int:
    """Judge the mails in order, one result a line; 1 if a line was no mail.

    Kind, severity and alert are the mail's own; priority, score and reasons are its issue's, as far
    as the lines have told of it.
    """
    desk, status = _Desk(rules, classifier), 0
    for number, line in enumerate(lines, start=1):
        if not line.strip():
            continue
        try:
            given = msgspec.json.decode(line, type=_Given)
        except msgspec.DecodeError as error:
            err.write(f"Line {number} is no mail: {error}.\n")
            status = 1
            continue
        out.write(json.dumps(desk.judge(given), ensure_ascii=False) + "\n")
        out.flush()
    return status


class _Desk:
    """What is remembered from line to line: which mails belong to which issue."""

    def __init__(self, rules: Rules, classifier: Classifier | None) -> None:
        self._rules = rules
        self._classifier = classifier
        self._known: dict[str, int] = {}
        self._issues: list[_OpenIssue] = []
        self._incidents = Incidents(rules.incidents)

    def judge(self, given: _Given) -> dict[str, Any]:
        """One mail, at the instant at which it was sent."""
        message = _message(given)
        now = message.sent_at or _NO_DATE
        referenced = any(one in self._known for one in message.references)
        context = MessageContext(now=now, known_customer=referenced, reply_to_ours=referenced)
        assessment = assess(message, context, rules=self._rules, classifier=self._classifier)
        issue = self._place(message, assessment, now)
        ranking = self._rank(issue, assessment, now)
        incident = self._incident(issue, message, assessment, now)
        return {**_result(given, issue, assessment, ranking), "incident": incident}

    def _incident(
        self, issue: _OpenIssue, message: Message, assessment: Assessment, now: datetime
    ) -> str | None:
        """The incident of this mail, as far as the mails up to it show one."""
        if assessment.suspicion.is_suspicious:
            return None
        shop = " ".join(one.email.partition("@")[2].partition(".")[0] for one in message.to)
        found = self._incidents.note(
            report_of(
                message,
                assessment,
                issue=f"issue-{issue.id}",
                at=now,
                rules=self._rules,
                shop=shop,
            )
        )
        return f"incident-{found.id.removeprefix('issue-')}" if found else None

    def _place(self, message: Message, assessment: Assessment, now: datetime) -> _OpenIssue:
        mine = [one for one in self._issues if one.customer.key == message.customer.key]
        trusted = tuple(one.domain for one in message.to)
        genuine = is_proven_notice(message, self._rules, trusted=trusted)
        placement = grouping.place(
            message,
            assessment,
            known=self._known,
            customer_issues=mine,
            order_issues=self._issues if genuine else (),
            at=now,
        )
        if placement.issue_id is None:
            issue = _OpenIssue(
                id=len(self._issues) + 1,
                subject=message.subject,
                customer=message.customer,
                last_at=now,
            )
            self._issues.append(issue)
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


def _message(given: _Given) -> Message:
    headers = {name.lower(): (value,) for name, value in given.headers.items()}
    digest = hashlib.sha256(f"{given.id}\n{given.date}\n{given.text}".encode()).hexdigest()
    own_id = _ids(given.headers, "message-id")
    text = given.text.replace("\r\n", "\n")
    return Message(
        message_id=next(iter(own_id), f"{digest[:32]}@line.invalid"),
        subject=given.subject,
        text=text,
        new_text=reading.new_part(text),
        raw_sha256=digest,
        raw_size=len(given.text),
        from_=Address(email=given.from_, name=given.from_name) if given.from_ else None,
        reply_to=_addresses(given.reply_to),
        to=_addresses(given.to),
        sent_at=_sent_at(given.date or ""),
        in_reply_to=_ids(given.headers, "in-reply-to"),
        references=_ids(given.headers, "references"),
        headers=headers,
    )


def _addresses(given: str | list[str] | None) -> tuple[Address, ...]:
    """One, several or none, each as it stands: `parse` writes lists."""
    every = [given] if isinstance(given, str) else given or []
    return tuple(Address(email=one) for one in every if one)


def _ids(headers: dict[str, str], name: str) -> tuple[str, ...]:
    value = next((text for key, text in headers.items() if key.lower() == name), "")
    return tuple(word.strip("<>,") for word in value.split() if "@" in word)


def _sent_at(text: str) -> datetime | None:
    """When it was sent; what is no date in a mail's own Date field is none here."""
    try:
        at = instant(text)
    except ValueError:
        return None
    return at if is_year_of_mail(at.year) else None


def _result(
    given: _Given, issue: _OpenIssue, assessment: Assessment, ranking: Ranking
) -> dict[str, Any]:
    entities = assessment.entities
    return {
        "id": given.id,
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
