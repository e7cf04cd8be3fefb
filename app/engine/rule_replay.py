"""RuleReplay: what the owner's rules would have made of what came in; writes nothing.

For `simulating`: each mail is looked at as it was when it came, with the mails before it, and asks
the rules as the pipeline does. Of what they do only severity and silence decide what rings.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import groupby

from app.domain.assessment import Severity
from app.domain.journal import fold
from app.domain.owner_rule import Deed, When
from app.engine.rule_facts import Moment, facts_of
from app.engine.rule_trial import due_then
from app.engine.ruling import first_to_stop, is_asked
from app.escalation.calendar import Calendar
from app.storage import deadlines, disputes, issues, journal, messages
from app.storage.connection import Connection
from app.storage.tidings import Tiding
from app.triage.owner_rules import Ready


@dataclass(frozen=True, slots=True, kw_only=True)
class Ruled:
    """What rules said of an issue by a moment; `silent`: no pop-up but for what always passes."""

    severity: Severity | None = None
    silent: bool = False


def ruled(
    db: Connection, came: Sequence[Tiding], rules: Sequence[Ready], *, calendar: Calendar
) -> Mapping[Tiding, Ruled]:
    """What rules would have said of each of these by the time when it came; of no rules nothing."""
    if not rules:
        return {}
    by_issue = sorted(came, key=lambda one: (one.issue_id, one.at))
    return {
        one: said
        for issue_id, some in groupby(by_issue, key=lambda one: one.issue_id)
        for one, said in _of_issue(db, issue_id, tuple(some), rules, calendar)
    }


def _of_issue(
    db: Connection,
    issue_id: int,
    came: Sequence[Tiding],
    rules: Sequence[Ready],
    calendar: Calendar,
) -> Iterator[tuple[Tiding, Ruled]]:
    issue, mails = issues.get(db, issue_id), messages.of_issue(db, issue_id)
    promised = deadlines.of_issue(db, issue_id)
    always_rings = bool(disputes.of_issue(db, issue_id))
    by_person = fold(journal.of_issue(db, issue_id)).severity is not None
    said = Deed()
    for one in came:
        happened = (When.NEW,) if one.at <= mails[0].received_at else (When.MAIL,)
        moment = Moment(
            issue=issue,
            mails=[mail for mail in mails if mail.received_at <= one.at],
            at=one.at,
            due_at=due_then(promised, one.at),
        )
        said = _said(db, moment, said, rules, happened=happened, calendar=calendar)
        severity = None if by_person else said.severity
        yield one, Ruled(severity=severity, silent=said.mute and not always_rings)


def _said(
    db: Connection,
    moment: Moment,
    said: Deed,
    rules: Sequence[Ready],
    *,
    happened: Collection[When],
    calendar: Calendar,
) -> Deed:
    """What was said before, and what the rules add at this moment; what was said first stays."""
    asked = [one for one in rules if is_asked(one.rule, happened)]
    wanted = frozenset[str]().union(*(one.condition.fields for one in asked))
    facts = facts_of(db, moment, calendar=calendar, wanted=wanted)
    for rule in first_to_stop(one.rule for one in asked if one.condition.holds(facts)):
        said = Deed(severity=said.severity or rule.then.severity, mute=said.mute or rule.then.mute)
    return said
