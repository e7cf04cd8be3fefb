"""Ruling: the owner's rules asked about an issue to which something happened, top to bottom.

Part of `standing`, after the judgement and before anything rings. What a rule does is an entry of
the journal under its name, so it stands in the timeline and can be undone; what a person decided,
or took back from a rule, is left alone.
"""

from __future__ import annotations

import hashlib
from collections.abc import Collection, Iterable, Sequence
from datetime import datetime

from app.domain.assessment import Kind
from app.domain.journal import Decisions, Entry, EntryType, fold, undone_in
from app.domain.owner_rule import Deed, OwnerRule, When
from app.engine.rule_facts import facts_of, moment_of
from app.escalation.calendar import Calendar
from app.storage import issues, journal, messages
from app.storage.connection import Connection
from app.triage.owner_rules import Ready

_MAILS = frozenset({When.NEW, When.MAIL})


def apply(
    db: Connection,
    issue_id: int,
    happened: Collection[When],
    *,
    rules: Sequence[Ready],
    calendar: Calendar,
    now: datetime,
) -> bool:
    """Ask the rules and write down what they do; whether they did anything. Part of the caller's
    transaction."""
    asked = [one for one in rules if is_asked(one.rule, happened)]
    by_mail = not _MAILS.isdisjoint(happened)
    done = left_to_do(db, issue_id, asked, calendar=calendar, now=now, by_mail=by_mail)
    for rule, deed in done:
        write(db, issue_id, rule, deed, now=now)
    return bool(done)


def left_to_do(
    db: Connection,
    issue_id: int,
    asked: Sequence[Ready],
    *,
    calendar: Calendar,
    now: datetime,
    by_mail: bool = True,
) -> list[tuple[OwnerRule, Deed]]:
    """What each of these rules has to do yet about an issue as it stands; `by_mail`: the time of
    day is that of its newest mail."""
    if not asked:
        return []
    issue = issues.get(db, issue_id)
    if issue.history or issue.judgement.kind is Kind.NOT_AN_ISSUE:
        return []
    mails = messages.of_issue(db, issue_id)
    moment = moment_of(issue, mails, now=now, by_mail=by_mail)
    wanted = frozenset[str]().union(*(one.condition.fields for one in asked))
    facts = facts_of(db, moment, calendar=calendar, wanted=wanted)
    matched = first_to_stop(one.rule for one in asked if one.condition.holds(facts))
    entries = journal.of_issue(db, issue_id)
    taken_back = _taken_back(entries)
    gone = [one.name for one in matched if any(_did(one, entry) for entry in taken_back)]
    return deeds(matched, fold(entries), taken_back=gone)


def write(db: Connection, issue_id: int, rule: OwnerRule, deed: Deed, *, now: datetime) -> Entry:
    """Put into the journal what a rule does with an issue."""
    data = {"name": rule.name, "asks": _mark(rule), **deed.as_dict()}
    return journal.append(db, issue_id=issue_id, type=EntryType.RULE, at=now, data=data)


def is_asked(rule: OwnerRule, happened: Collection[When]) -> bool:
    """Whether a rule wants to be asked when this happens."""
    return rule.on and not set(happened).isdisjoint(rule.when)


def first_to_stop(matched: Iterable[OwnerRule]) -> list[OwnerRule]:
    """The rules down to the first that stops."""
    found: list[OwnerRule] = []
    for rule in matched:
        found.append(rule)
        if rule.stop:
            break
    return found


def deeds(
    matched: Sequence[OwnerRule], decided: Decisions, *, taken_back: Collection[str] = ()
) -> list[tuple[OwnerRule, Deed]]:
    """What each rule has to do yet. An upper rule goes before a lower one about the same thing."""
    found: list[tuple[OwnerRule, Deed]] = []
    said = Deed()
    for rule in matched:
        if rule.name in taken_back:
            continue
        deed = _left_to_do(rule.then, said, decided)
        said = Deed(
            assign=said.assign or rule.then.assign,
            severity=said.severity or rule.then.severity,
            tags=(*said.tags, *rule.then.tags),
            template=said.template or rule.then.template,
            mute=said.mute or rule.then.mute,
        )
        if deed:
            found.append((rule, deed))
    return found


def _left_to_do(wish: Deed, said: Deed, decided: Decisions) -> Deed:
    """A rule's wish without what a person or an upper rule said, and what is so already."""
    assign = "" if said.assign or decided.assigned else wish.assign
    by_person = decided.severity is not None
    severity = None if said.severity or by_person else wish.severity
    template = "" if said.template else wish.template
    known = {one.casefold() for one in (*said.tags, *decided.tags, *decided.tags_off)}
    return Deed(
        assign="" if assign == decided.assignee else assign,
        severity=None if severity is decided.by_rule else severity,
        tags=tuple(tag for tag in wish.tags if tag.casefold() not in known),
        template="" if template == decided.template else template,
        mute=wish.mute and not (said.mute or decided.muted),
    )


def _taken_back(entries: Sequence[Entry]) -> list[Entry]:
    """What rules did about this issue and a person undid: those rules do nothing more here."""
    undone = undone_in(entries)
    return [one for one in entries if one.type is EntryType.RULE and one.id in undone]


def _did(rule: OwnerRule, entry: Entry) -> bool:
    """Whether a rule did this, under its name or under the one that it had before."""
    if entry.data.get("name") == rule.name:
        return True
    deed, wish = Deed.of(entry.data).as_dict(), rule.then.as_dict()
    tags = {*deed.pop("tags", ())} <= {*wish.get("tags", ())}
    return entry.data.get("asks") == _mark(rule) and tags and deed.items() <= wish.items()


def _mark(rule: OwnerRule) -> str:
    """By which a condition is known again; nobody can read an address out of it."""
    return hashlib.sha256(rule.condition.encode()).hexdigest()[:12]
