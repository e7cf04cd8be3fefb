"""Ladder check: what of a ladder would tell nobody, in sentences, before it matters."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from app.domain import day_text, ladder_text
from app.domain.contact import Contact
from app.domain.translation import joined, to_translate, tr, trn
from app.escalation.calendar import Calendar
from app.escalation.ladder import EscalationPolicy, EscalationStep, Hour, hour_of
from app.escalation.roster import Roster
from app.escalation.spans import Span
from app.escalation.steps import EVERYONE, ON_CALL

AHEAD = timedelta(days=28)
_STEP = timedelta(hours=1)
_NOBODY = to_translate("There is nobody to tell yet: add somebody")


@dataclass(frozen=True, slots=True, kw_only=True)
class Problem:
    """A step, counted from 0, and why it would tell nobody, or not everybody whom it names."""

    hour: str
    step: int
    said: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Team:
    """Who can be told, who is on call when, and when the shop works."""

    people: Sequence[Contact]
    roster: Roster
    shop: Calendar


def problems(policy: EscalationPolicy, team: Team, now: datetime) -> Iterator[Problem]:
    """What of a ladder would not reach whom it means."""
    for hour in Hour:
        for number, step in enumerate(policy.steps.get(hour, ())):
            for said in _of_step(step, hour, team, now):
                yield Problem(hour=hour.value, step=number, said=said)


def _of_step(step: EscalationStep, hour: Hour, team: Team, now: datetime) -> Iterator[str]:
    if not team.people:
        yield tr(_NOBODY)
        return
    known = {one.name.casefold(): one for one in team.people}
    ways = joined(tr(ladder_text.HOW_WORDS[one]) for one in step.how)
    for name in step.whom:
        if name in (ON_CALL, EVERYONE):
            continue
        contact = known.get(name.casefold())
        if contact is None:
            yield tr("There is no contact called {name}", name=name)
        elif not _has_way(contact, step):
            yield (
                tr("{name} cannot be told by {ways}", name=name, ways=ways)
                if ways
                else tr("{name} has no way to be told", name=name)
            )
    if {ON_CALL, EVERYONE} & set(step.whom) and not any(_has_way(one, step) for one in team.people):
        yield (
            tr("Nobody can be told by {ways}", ways=ways)
            if ways
            else tr("Nobody has a way to be told")
        )
    if ON_CALL in step.whom and EVERYONE not in step.whom:
        yield from _nobody_on_call(hour, team, now)


def _has_way(contact: Contact, step: EscalationStep) -> bool:
    return any(not step.how or channel.kind in step.how for channel in contact.channels)


def _nobody_on_call(hour: Hour, team: Team, now: datetime) -> Iterator[str]:
    found = [gap for gap in team.roster.gaps(now, now + AHEAD) if _falls_in(gap, hour, team.shop)]
    if found:
        first, more = said_gap(found[0], team.shop), len(found) - 1
        yield (
            trn(
                "Nobody is on call {gap}, and {n} more time in four weeks",
                "Nobody is on call {gap}, and {n} more times in four weeks",
                more,
                gap=first,
            )
            if more
            else tr("Nobody is on call {gap}", gap=first)
        )


def _falls_in(gap: Span, hour: Hour, shop: Calendar) -> bool:
    """Whether a part of the gap is this sort of hour, looked at hour by hour."""
    at = gap.begin
    while at < gap.end:
        if hour_of(at, shop) is hour:
            return True
        at += _STEP
    return False


def said_gap(gap: Span, shop: Calendar) -> str:
    """A stretch in the shop's time: "Sat 28 Nov 18:00 to Sun 29 Nov 09:00"."""
    begin, end = (at.astimezone(shop.zone) for at in (gap.begin, gap.end))
    last = f"{end:%H:%M}" if begin.date() == end.date() else _moment(end)
    return tr("{begin} to {end}", begin=_moment(begin), end=last)


def _moment(at: datetime) -> str:
    return tr("{day} {time}", day=day_text.said_day(at.date()), time=f"{at:%H:%M}")
