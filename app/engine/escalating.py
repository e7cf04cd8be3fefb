"""Escalating: tells people, step by step, about what rang and nobody takes; a thread of its own.

Each look moves every ladder in one transaction and writes the calls down as queued; they are made
after it, so that neither a slow server holds the writer nor a crash loses a call.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterable, Sequence
from datetime import UTC, datetime, timedelta
from typing import Any

from app.alerts.text import AlertFacts, alert_text
from app.domain.alert import OF_REVIEW, Alert, AlertLevel
from app.domain.changes import Changes
from app.domain.clock import Clock
from app.domain.contact import Call, CallState, Channel, ChannelKind, Contact
from app.domain.errors import Refused
from app.domain.issue import Issue
from app.domain.journal import OPEN_STATES, State
from app.domain.ladder_text import said_whom
from app.domain.translation import joined, tr
from app.engine.call_list import CallList, waits_for_somebody
from app.engine.calling import Calling, queued
from app.engine.slumber import SETTLES, TwoClocks
from app.engine.turns import Turns
from app.escalation.calendar import Calendar
from app.escalation.given import week_of
from app.escalation.hours import SHOP
from app.escalation.ladder import (
    Climb,
    Ended,
    EscalationPolicy,
    EscalationStep,
    Rung,
    advance,
    begin,
    renamed,
    stop,
)  # fmt: skip
from app.escalation.roster import Roster, Rotation
from app.escalation.steps import EVERYONE, ON_CALL
from app.escalation.terms import Terms
from app.storage import alerts, climbs, contacts, disputes, issues
from app.storage.climbs import Kept
from app.storage.connection import Connection
from app.storage.writer import Writer

_TICK = 5.0


class Escalating:
    """Looks every few seconds whose turn it is to be told."""

    def __init__(
        self,
        *,
        writer: Writer,
        calling: Calling,
        terms: Callable[[], Terms],
        clock: Clock,
        publish: Callable[[Changes], None],
    ) -> None:
        self._writer = writer
        self._calls = CallList(writer=writer, calling=calling, clock=clock)
        self._terms = terms
        self._clock = clock
        self._publish = publish
        self._clocks: TwoClocks | None = None
        self._back_at: datetime | None = None
        self._turns = Turns(self._turn, name="escalating", rest=_TICK, first=_TICK)

    def start(self) -> None:
        """Begin to look; calls that an earlier engine did not make are made now."""
        self.wake_up()
        self._turns.start()

    def wake_up(self, steady: Callable[[], float] = time.monotonic) -> None:
        """The engine began, or the machine slept: what was answered meanwhile, on a phone, is
        read first, before anybody is told that nobody took it."""
        self._clocks = TwoClocks(self._clock, steady)
        self._back_at = self._clock.now()

    def stop(self) -> None:
        """Look no more."""
        self._turns.stop()

    def look(self) -> Changes:
        """A step, unless the mailboxes have to be looked into first; then only what somebody asked
        for is done."""
        now = self._clock.now()
        if self._clocks is not None and self._clocks.slept():
            self._back_at = now
        if self._back_at is not None and timedelta() <= now - self._back_at < SETTLES:
            return self._call(Changes(), only_forced=True, now=now)
        return self.step()

    def step(self) -> Changes:
        """Climb, make the calls, and say loudly where nobody was reached."""
        now = self._clock.now()
        changes = self._writer.do(lambda db: self._climb(db, now))
        return self._call(changes, only_forced=False, now=now)

    def _call(self, changes: Changes, *, only_forced: bool, now: datetime) -> Changes:
        made = self._calls.work_off(only_forced=only_forced)
        if made:
            changes |= self._writer.do(lambda db: self._reached(db, made, now=now))
        return changes

    def force(self, key: str) -> dict[str, Any]:
        """Do the next step about an issue at once, acknowledged or not.

        Raises Refused where there is nobody to tell, or the issue is put away.
        """
        now = self._clock.now()

        def write(db: Connection) -> tuple[Changes, tuple[Call, ...]]:
            issue = issues.get(db, issues.by_key(db, key))
            if not contacts.every(db):
                raise Refused(
                    tr("There is nobody to tell"), hint=tr("Add one with: contact add NAME")
                )
            if issue.state not in OPEN_STATES:
                raise Refused(tr("This issue is put away"), hint=tr("Reopen it first"))
            known = climbs.of_issue(db, issue.id, Climb)
            climb = known.climb if known else begin(self._policy(issue), now, self._shop)
            since = known.since if known else issues.waiting_since(db, issue.id) or now
            climb, rung = advance(climb, now, self._shop, forced=True)
            if known is None and issue.state is not State.NEW:
                climb = stop(climb, Ended.ACKNOWLEDGED)
            kept = Kept(issue_id=issue.id, since=since, climb=climb)
            changes = self._done(db, issue, kept, rung, now=now)
            assert rung is not None  # a policy has steps for working hours
            made = climbs.calls_of_step(db, issue.id, step=rung.number, loop=rung.loop)
            return changes, tuple(one for one in made if one.at == now)

        changes, made = self._writer.do(write, durable=True)
        self._publish(changes)
        self._turns.wake()
        return {
            "changes": changes.as_dict(),
            "calls": [
                {"contact": one.contact, "kind": one.kind, "label": one.label, "state": one.state}
                for one in made
            ],
        }

    @property
    def _shop(self) -> Calendar:
        return self._terms().calendars.by_name[SHOP]

    def _climb(self, db: Connection, now: datetime) -> Changes:
        people = contacts.every(db)
        if not people:
            return Changes()
        changes = _review(db, people, now=now)
        for issue_id in climbs.to_begin(db):
            issue = issues.get(db, issue_id)
            waiting = issues.waiting_since(db, issue_id)
            fitting = self._fitting(issue)
            is_over = not waits_for_somebody(db, issue)
            if fitting is not None and waiting is not None and not is_over:
                climb = begin(fitting, now, self._shop)
                _keep(db, Kept(issue_id=issue_id, since=waiting, climb=climb))
        for kept in climbs.live(db, Climb):
            changes |= self._move(db, kept, now)
        return changes

    def _move(self, db: Connection, kept: Kept[Climb], now: datetime) -> Changes:
        issue = issues.get(db, kept.issue_id)
        why = _why_over(db, issue)
        if why is not None:
            _keep(db, Kept(issue_id=issue.id, since=kept.since, climb=stop(kept.climb, why)))
            if why is Ended.ACKNOWLEDGED:
                contacts.acknowledged(db, _told_here(db, issue.id), now)
            return Changes()
        climb = kept.climb
        if climb.started_at > now:  # by a clock that was wrong: its steps lie in the future
            climb = begin(climb.policy, now, self._shop)
            _keep(db, Kept(issue_id=issue.id, since=kept.since, climb=climb))
        climb, rung = advance(climb, now, self._shop)
        if rung is None:
            return Changes()
        moved = Kept(issue_id=issue.id, since=kept.since, climb=climb)
        return self._done(db, issue, moved, rung, now=now)

    def _done(
        self, db: Connection, issue: Issue, kept: Kept[Climb], rung: Rung | None, *, now: datetime
    ) -> Changes:
        """Keep how far it is, and queue the calls of the step."""
        _keep(db, kept)
        if rung is None:
            return Changes()
        people = contacts.every(db)
        roster = roster_of(db, people, self._shop)
        about = {
            "issue_id": issue.id,
            "step": rung.number,
            "loop": rung.loop,
            "forced": rung.forced,
        }
        ways = to_tell(rung.step, people, roster, now)
        for one, channel in ways:
            call = queued(
                now,
                contact=one.name,
                kind=channel.kind,
                label=channel.label,
                channel_id=channel.id,
                **about,
            )
            climbs.call(db, call)
        changes = Changes.of_issues((issue.key,))
        if not ways:
            whom = joined(said_whom(one) for one in rung.step.whom)
            detail = tr("{whom}: nobody is there", whom=f"{whom[:1].upper()}{whom[1:]}")
            nobody = Call(at=now, state=CallState.NOBODY, detail=detail, **about)  # type: ignore[arg-type]
            climbs.call(db, nobody)
            changes |= _loud(db, issue, (nobody,), now=now)
        if kept.climb.ended is Ended.USED_UP:
            changes |= _used_up(db, issue, kept, now=now)
        return changes

    def _reached(self, db: Connection, made: Sequence[Call], *, now: datetime) -> Changes:
        """Say loudly of every step of which no call got through."""
        changes = Changes()
        steps = {
            (one.issue_id, one.step, one.loop, one.at) for one in made if one.issue_id is not None
        }
        for issue_id, step, loop, at in steps:
            every = climbs.calls_of_step(db, issue_id, step=step, loop=loop)
            calls = [one for one in every if one.at == at]  # not those of an earlier climb
            issue = issues.get(db, issue_id)
            changes |= Changes.of_issues((issue.key,))
            if calls and all(_has_failed(one) for one in calls):
                changes |= _loud(db, issue, calls, now=now)
            elif any(one.state is CallState.SENT for one in calls):
                changes |= _no_longer_loud(db, issue, calls, now=now)
        desktop = [one for one in made if one.kind is ChannelKind.DESKTOP]
        return changes | Changes(alerts=frozenset(one.id for one in desktop))

    def _fitting(self, issue: Issue) -> EscalationPolicy | None:
        judged = issue.judgement
        policies = self._terms().ladder
        return next((one for one in policies if one.fits(judged.kind, judged.severity)), None)

    def _policy(self, issue: Issue) -> EscalationPolicy:
        found = self._fitting(issue) or next(iter(self._terms().ladder), None)
        if found is None:
            raise Refused(tr("There is no policy"), hint=tr("Write one into rules/escalation.toml"))
        return found

    def _turn(self) -> float:
        if changes := self.look():
            self._publish(changes)
        return _TICK


def roster_of(db: Connection, people: Iterable[Contact], shop: Calendar) -> Roster:
    """Who is on call when, in the shop's zone."""
    hours = {
        one.name: Calendar(zone=shop.zone, week=week_of(_pairs(one))) for one in people if one.hours
    }
    return Roster(
        zone=shop.zone,
        contacts=tuple(one.name for one in people),
        hours=hours,
        rotation=contacts.roster(db, Rotation),
    )


def _pairs(contact: Contact) -> dict[str, list[tuple[str, str]]]:
    week = contact.hours or {}
    return {day: [(pair[0], pair[1]) for pair in pairs] for day, pairs in week.items()}


def to_tell(
    step: EscalationStep, people: Iterable[Contact], roster: Roster, now: datetime
) -> list[tuple[Contact, Channel]]:
    """Whom a step would tell at an instant, and in which ways."""
    names = _names(step, roster, now)
    return [
        (one, channel)
        for one in people
        if one.name.casefold() in names
        for channel in one.channels
        if not step.how or channel.kind in step.how
    ]


def _names(step: EscalationStep, roster: Roster, now: datetime) -> frozenset[str]:
    """Whom a step means, in small letters."""
    names: set[str] = set()
    for one in step.whom:
        if one == ON_CALL:
            names |= set(roster.on_call(now))
        elif one == EVERYONE:
            names |= set(roster.everyone(now))
        else:
            names.add(one)
    return frozenset(name.casefold() for name in names)


def rename_in_climbs(db: Connection, before: str, after: str) -> None:
    """What is under way has a copy of its ladder: it goes on telling who is called otherwise."""
    for kept in climbs.every(db, Climb):
        climb = renamed(kept.climb, before, after)
        if climb != kept.climb:
            _keep(db, Kept(issue_id=kept.issue_id, since=kept.since, climb=climb))


def _keep(db: Connection, kept: Kept[Climb]) -> None:
    """One that told everybody is looked at still: somebody may take it, and it may come back."""
    live = kept.climb.ended in (None, Ended.USED_UP)
    climbs.put(db, kept, next_at=kept.climb.next_at, live=live)


def _why_over(db: Connection, issue: Issue) -> Ended | None:
    """Why nobody need be told for now; None while somebody must.

    Who puts an issue to sleep knows of it; when it wakes up a new climb begins.
    """
    if issue.state is State.ACKNOWLEDGED or (
        issue.state is State.NEW and issue.snoozed_until is not None
    ):
        return Ended.ACKNOWLEDGED
    return None if waits_for_somebody(db, issue) else Ended.OVER


def _told_here(db: Connection, issue_id: int) -> frozenset[str]:
    """Who was told by a pop-up of this machine, on which somebody took it."""
    calls = climbs.calls_of(db, issue_id)
    return frozenset(one.contact for one in calls if one.kind is ChannelKind.DESKTOP)


def _title(db: Connection, issue: Issue, *, now: datetime) -> str:
    facts = AlertFacts(
        key=issue.key,
        kind=issue.judgement.kind,
        customer=issue.customer,
        amount=issue.order_total,
        order_number=issue.order_number,
        is_test=disputes.is_rehearsal(db, issue.id),
    )
    return alert_text(facts, now=now, zone=UTC).title


def _loud(db: Connection, issue: Issue, calls: Sequence[Call], *, now: datetime) -> Changes:
    """An alert that stays until somebody has seen it."""
    why = dict.fromkeys(
        f"{one.contact} ({one.label or one.kind}): {one.detail}" if one.contact else one.detail
        for one in calls
    )
    if any(one.state is CallState.QUEUED for one in calls):
        why[tr("It is tried again for an hour.")] = None
    return _alert(
        db,
        issue,
        name=_of_nobody(issue, calls),
        title=tr("Nobody could be reached: {issue}", issue=_title(db, issue, now=now)),
        body="\n".join(why),
        now=now,
    )


def _has_failed(call: Call) -> bool:
    """Whether it did not get through, for good or so far."""
    return call.state is CallState.FAILED or (call.state is CallState.QUEUED and bool(call.detail))


def _of_nobody(issue: Issue, calls: Sequence[Call]) -> str:
    """What the alert is called that a step reached nobody; however often it is tried, it is one."""
    first = calls[0]
    return f"nobody/{issue.key}/{first.loop}/{first.step}/{first.at.isoformat()}"


def _no_longer_loud(
    db: Connection, issue: Issue, calls: Sequence[Call], *, now: datetime
) -> Changes:
    """Somebody was reached after all."""
    return Changes(alerts=frozenset(alerts.withdraw(db, _of_nobody(issue, calls), at=now)))


def _used_up(db: Connection, issue: Issue, kept: Kept[Climb], *, now: datetime) -> Changes:
    return _alert(
        db,
        issue,
        name=f"used-up/{issue.key}/{kept.climb.started_at.isoformat()}/{kept.climb.loop}",
        title=tr(
            "Everybody was told and nobody took it: {issue}", issue=_title(db, issue, now=now)
        ),
        body=tr("No further step follows. Acknowledge it, or escalate it once more."),
        now=now,
    )


def _alert(
    db: Connection, issue: Issue, *, name: str, title: str, body: str, now: datetime
) -> Changes:
    alert = Alert(
        dedupe=name,
        issue_keys=(issue.key,),
        title=title,
        body=body,
        created_at=now,
        level=AlertLevel.URGENT,
        passes=True,
    )
    queued_as = alerts.queue(db, alert)
    return Changes() if queued_as is None else Changes(alerts=frozenset({queued_as}))


def _review(db: Connection, people: Sequence[Contact], *, now: datetime) -> Changes:
    """Once a quarter somebody is asked whether the contacts are still true."""
    due = [one.name for one in people if one.is_due_for_review(now)]
    if not due:
        return Changes()
    quarter = f"{now.year}Q{(now.month + 2) // 3}"
    found = alerts.queue(
        db,
        Alert(
            dedupe=f"{OF_REVIEW}{quarter}",
            issue_keys=(),
            title=tr("Are these people still the right ones to tell?"),
            body=tr("{due}: see Settings, Who is told, and test each.", due=", ".join(due)),
            created_at=now,
            level=AlertLevel.NOTICE,
        ),
    )
    return Changes() if found is None else Changes(alerts=frozenset({found}))
