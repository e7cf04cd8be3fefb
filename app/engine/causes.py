"""Causes: notices when many customers have one cause, keeps that as an incident, lets it ring.

A step of the pipeline, between where an issue stands and whether it rings: while its incident is
shown, an issue does not ring for itself.
"""

from __future__ import annotations

from collections.abc import Callable, Collection
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from app.alerts.text import incident_text
from app.domain.alert import OF_INCIDENT, Alert
from app.domain.assessment import Assessment, Kind
from app.domain.changes import Changes
from app.domain.clock import Clock
from app.domain.incident import Incident
from app.domain.issue import Issue
from app.domain.message import Message
from app.storage import alerts, codec, incidents, issues, messages, orders
from app.storage.connection import Connection
from app.storage.messages import StoredMessage
from app.storage.writer import Writer
from app.triage import incidents as causes
from app.triage.clues import long_words, title_words
from app.triage.incidents import Incidents, Report, report_of
from app.triage.rules import Rules

_MOST = 2_000


def incident_of(alert: Alert) -> str:
    """How the dedupe of every card about its incident begins; "" where it is about none."""
    return alert.dedupe.rpartition(":")[0] + ":" if alert.dedupe.startswith(OF_INCIDENT) else ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Filed:
    """A mail that was judged and lies with its issue now."""

    message: Message
    assessment: Assessment
    issue_id: int
    at: datetime


class Causes:
    """Looks at what was filed; remembers the reports of the last weeks, read at the first mail."""

    def __init__(self, *, rules: Rules, shop: Callable[[], str]) -> None:
        """`shop` is the shop's own name, which names no cause."""
        self._rules = rules
        self._shop = shop
        self._seen: Incidents | None = None

    def note(self, db: Connection, filed: Collection[Filed], *, now: datetime) -> Changes:
        """Take these mails in; part of the transaction that stored them."""
        changes = Changes()
        if not filed:
            return changes
        book = self._book(db, but=filed, now=now)
        for one in filed:
            if one.assessment.suspicion.is_suspicious or not issues.present(db, (one.issue_id,)):
                continue
            found = book.note(self._report(db, one))
            if found is not None and found.alerts(self._rules.incidents):
                changes |= self._keep(db, found, now=now)
        return changes

    def _keep(self, db: Connection, found: causes.Incident, *, now: datetime) -> Changes:
        where = issues.of_keys(db, found.issues)
        there = tuple(one for one in found.members if one.issue in where)
        found = replace(found, members=there)  # but for customers who were forgotten since
        due = found.alerts(self._rules.incidents)
        if not due:
            return Changes()
        numbers = frozenset(where.values())
        name, title = self._called(db, found, numbers)
        rung = incidents.alerted(db, name)
        incident = _as_stored(found, name, title=title)
        id_ = incidents.keep(db, incident, issues=numbers, alerted=due)
        keys = incidents.issue_keys(db, id_)
        changes = Changes.of_issues(keys)
        if due > rung:
            text = incident_text(incidents.get(db, id_))
            alert = Alert(
                dedupe=f"{OF_INCIDENT}{name}:{due}",
                issue_keys=keys,
                title=text.title,
                body=text.body,
                created_at=now,
                passes=incident.grave and not rung,  # that it grows can wait, if that was shown
            )
            moved = alerts.take_place(db, alert, incident_of(alert), at=now)
            changes |= Changes(alerts=frozenset(moved))
        return changes

    def _called(
        self, db: Connection, found: causes.Incident, numbers: frozenset[int]
    ) -> tuple[str, str]:
        """Name and title: those of the incident that goes on; what was over begins anew."""
        since = found.last_at - causes.within(self._rules.incidents, found.sort)
        going_on = incidents.called(db, numbers, since=since)
        if going_on is not None:
            return going_on
        name = f"{found.sort}:{issues.get(db, min(numbers)).key}"
        if incidents.alerted(db, name):  # the same customer was the first then, too
            name = f"{name}@{found.first_at:%Y%m%d}"
        return name, found.title

    def _book(self, db: Connection, *, but: Collection[Filed], now: datetime) -> Incidents:
        """What was reported; at the first mail all that is stored, `but` for what is noted next."""
        if self._seen is None:
            self._seen = Incidents(self._rules.incidents)
            new = {(codec.text(one.message.message_id), one.at) for one in but}
            since = now - causes.longest(self._rules.incidents)
            for stored in messages.judged_since(db, since, limit=_MOST):
                judged = stored.assessment
                if judged is None or judged.suspicion.is_suspicious:
                    continue
                if (stored.message_id, stored.received_at) not in new:
                    self._seen.note(self._report(db, _refiled(stored, judged)))
        return self._seen

    def _report(self, db: Connection, one: Filed) -> Report:
        issue = issues.get(db, one.issue_id)
        report = report_of(
            one.message,
            one.assessment,
            issue=issue.key,  # an id is given again when its issue is no more
            at=one.at,
            rules=self._rules,
            articles=_articles(db, issue, one.message),
            shop=self._shop(),
        )
        overruled = issue.decisions.kind  # a person's word about what it is
        return replace(report, kind=Kind(overruled)) if overruled else report


class IncidentDesk:
    """What a person does about an incident: has seen it, or takes that back."""

    def __init__(self, *, writer: Writer, clock: Clock, publish: Callable[[Changes], None]) -> None:
        self._writer = writer
        self._clock = clock
        self._publish = publish

    def verbs(self) -> dict[str, Callable[..., dict[str, Any]]]:
        """The verbs by the names that desks use."""
        return {"incident_seen": self.seen}

    def seen(self, incident: int, back: bool = False) -> dict[str, Any]:
        """Put an incident away until it grows to its next alert; `back` shows it again."""
        at = None if back else self._clock.now()

        def write(db: Connection) -> Changes:
            incidents.get(db, incident)
            incidents.put_away(db, incident, at=at)
            return Changes.of_issues(incidents.issue_keys(db, incident))

        changes = self._writer.do(write)
        self._publish(changes)
        return {"changes": changes.as_dict()}


def _as_stored(found: causes.Incident, name: str, *, title: str) -> Incident:
    return Incident(
        name=name,
        sort=found.sort,
        title=title,
        grave=found.grave,
        customers=len(found.customers),
        first_at=found.first_at,
        last_at=found.last_at,
    )


def _articles(db: Connection, issue: Issue, message: Message) -> tuple[str, ...]:
    """The articles of its order that the mail can mean: the only one, or those that it names."""
    order = orders.of_issue(db, issue)
    items = [item for item in order.items if item.sku] if order else []
    if len(items) <= 1:
        return tuple(item.sku for item in items)
    said = long_words(message)
    return tuple(item.sku for item in items if not said.isdisjoint(title_words(item.title)))


def _refiled(stored: StoredMessage, assessment: Assessment) -> Filed:
    message = Message(
        message_id=stored.message_id,
        subject=stored.subject,
        text=stored.text,
        new_text=stored.new_text,
        raw_sha256="",
        raw_size=0,
        from_=stored.from_,
        reply_to=stored.reply_to,
        to=stored.to,
    )
    return Filed(
        message=message, assessment=assessment, issue_id=stored.issue_id, at=stored.received_at
    )
