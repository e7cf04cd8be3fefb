"""Promising: what is owed about an issue, by when, and which clocks of others run beside it.

Part of `standing`. Here mails and journal become a story that `escalation` can reckon with.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from app.domain.assessment import DAYS_LEFT, LEFT_OVER, IssueFacts, Kind, Ranking
from app.domain.deadline import Deadline, Metric, nearest
from app.domain.journal import OPEN_STATES, Entry, EntryType, State, undone_in
from app.domain.order import Order
from app.domain.translation import tr
from app.engine.conversation import Heard
from app.engine.notice import wanted_by
from app.escalation.clocks import Situation, Word
from app.escalation.deadlines import Case, Ranked, promises
from app.escalation.story import Beat, Moment, Story, story_of
from app.escalation.terms import Terms
from app.storage.messages import StoredMessage

TOO_OLD = timedelta(days=7)  # to be news, when it is first read
_LETTERS_DAY = "letters_day"  # the clock of that name in rules/clocks.toml
_NEAR = timedelta(hours=72)
_BEATS = {
    EntryType.RESOLVE: Beat.PUT_AWAY,
    EntryType.REOPEN: Beat.BROUGHT_BACK,
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Owed:
    """What an issue's promises are worked out from."""

    facts: IssueFacts
    customer: str
    heard: Sequence[Heard]
    answers: Sequence[StoredMessage]
    journal: Sequence[Entry]
    order: Order | None
    history: bool
    connected_at: datetime | None = None


def deadlines_of(
    owed: Owed,
    *,
    given: Sequence[Deadline] = (),
    terms: Terms,
    now: datetime,
    rank: Callable[[Sequence[Heard], datetime], tuple[IssueFacts, Ranking]],
) -> tuple[Deadline, ...]:
    """Every promise and every clock of an issue. `rank` says how bad some mails were at a time.

    Where a provider's own date is `given`, the usual lengths of its clocks are left out.
    """
    kind = owed.facts.kind
    if kind is Kind.NOT_AN_ISSUE or not owed.heard:
        return ()
    story = _story(owed)
    case = Case(
        kind=kind,
        customer=owed.customer,
        story=story,
        ranked=tuple(_ranked(owed, turn.since, turn.until, rank) for turn in story.turns),
    )
    promised = promises(case, rules=terms.sla, calendars=terms.calendars, now=now)
    if owed.history or owed.facts.suspicious:
        return promised
    situation = Situation(
        kind=kind,
        words=tuple(_words(owed.heard, kind, terms)),
        factors=frozenset(owed.facts.factors),
        order=owed.order,
        done_at=story.done_at,
    )
    usual = terms.clocks.running(situation, calendars=terms.calendars, now=now)
    only_noticed = _is_only_noticed(owed, usual)
    clocks = tuple(one for one in usual if not (given and one.metric is Metric.PROVIDER_CLOCK))
    return clocks if only_noticed else (*promised, *clocks)


def due_now(
    deadlines: Sequence[Deadline], state: State, *, since: datetime | None
) -> Deadline | None:
    """The deadline that an issue is shown with: the nearest that runs while it is in this state.

    What was to be kept before `since`, when the mailbox was connected, nobody had promised here.
    """
    if state not in OPEN_STATES:
        return None
    ours = state is not State.WAITING
    shown = (
        one
        for one in deadlines
        if one.metric is not Metric.INTERNAL_CLOCK and not is_from_before(one, since)
    )
    return nearest(one for one in shown if ours or one.metric.runs_while_we_wait)


def is_from_before(deadline: Deadline, since: datetime | None) -> bool:
    """Whether it was over when the mailbox was connected, so that nobody had promised it here."""
    by_others = deadline.metric.is_clock
    return since is not None and not by_others and deadline.planned_at <= since


def left_over(facts: IssueFacts, last: datetime | None, since: datetime | None) -> IssueFacts:
    """The facts, where what they said last was old when the mailbox was connected at `since`."""
    if last is None or since is None or since - last <= TOO_OLD:
        return facts
    because = tr("it is from before this mailbox was connected")
    return replace(facts, factors={**facts.factors, LEFT_OVER: because})


def pressed(facts: IssueFacts, deadlines: Sequence[Deadline], now: datetime) -> IssueFacts:
    """The facts at a moment: when the day that a letter sets is near, it gives no time any more.

    Its last reminder but one comes then, so the issue is looked at again.
    """
    if DAYS_LEFT not in facts.factors:
        return facts
    if any(one.name == _LETTERS_DAY and one.planned_at - now > _NEAR for one in deadlines):
        return facts
    left = {name: why for name, why in facts.factors.items() if name != DAYS_LEFT}
    return replace(facts, factors=left)


def _is_only_noticed(owed: Owed, clocks: Sequence[Deadline]) -> bool:
    """Whether only a provider's machine wrote: it waits for its own date, and for no answer."""
    by_machine = all(one.assessment.gate.automatic for one in owed.heard)
    return by_machine and any(one.metric is Metric.PROVIDER_CLOCK for one in clocks)


def _story(owed: Owed) -> Story:
    first = owed.heard[0]
    heard = (one for one in _of_now(owed) if one.waits or one is first)
    undone = undone_in(owed.journal)
    aside = {  # said to the customer, while a provider waits
        str(entry.data.get("message_id", "")) for entry in owed.journal if entry.data.get("aside")
    }
    return story_of(
        (
            *(
                Moment(
                    at=one.message.counts_at,
                    beat=Beat.HEARD,
                    name=one.message.message_id,
                    since=one.message.received_at,
                )
                for one in heard
            ),
            *(
                Moment(at=one.received_at, beat=Beat.ANSWERED)
                for one in owed.answers
                if one.message_id not in aside
            ),
            *(
                Moment(at=entry.at, beat=_BEATS[entry.type])
                for entry in owed.journal
                if entry.type in _BEATS and entry.id not in undone
            ),
        )
    )


def _of_now(owed: Owed) -> Sequence[Heard]:
    """The mails without what was left over when the mailbox was connected and that nobody answered,
    if they wrote again since: then their turn begins with that."""
    since = owed.connected_at
    if since is None or owed.heard[-1].message.received_at < since:
        return owed.heard
    answered_at = max((one.received_at for one in owed.answers), default=None)
    return tuple(
        one
        for one in owed.heard
        if one.message.received_at >= since - TOO_OLD
        or (answered_at is not None and one.message.received_at < answered_at)
    )


def _ranked(
    owed: Owed,
    since: datetime,
    until: datetime | None,
    rank: Callable[[Sequence[Heard], datetime], tuple[IssueFacts, Ranking]],
) -> Ranked:
    """How bad what they said in one turn was when it began."""
    said = [
        one
        for one in owed.heard
        if one.message.received_at >= since and (until is None or one.message.received_at <= until)
    ]
    facts, ranking = rank(said or owed.heard[:1], since)
    return Ranked(priority=ranking.priority, severity=facts.severity)


def _words(heard: Sequence[Heard], kind: Kind, terms: Terms) -> Iterator[Word]:
    """The mails as clocks ask about them; days only where a clock of this kind goes by them."""
    reads = {each: terms.clocks.reads_dates(kind, of_machine=each) for each in (True, False)}
    zone = terms.calendars.shop.zone
    for one in heard:
        word = _word(one)
        can_be_believed = not one.assessment.suspicion.is_suspicious
        read = reads[word.by_machine] and can_be_believed
        yield _with_what_it_wants(word, one, zone) if read else word


def _word(one: Heard) -> Word:
    sender = one.message.from_
    named = one.assessment.entities
    return Word(
        at=one.message.received_at,
        sender_domain=sender.domain if sender else "",
        by_machine=one.assessment.gate.automatic,
        about=frozenset((*named.order_numbers, *map(str, named.amounts))),
    )


def _with_what_it_wants(word: Word, one: Heard, zone: ZoneInfo) -> Word:
    """The days that it names ahead, and its own where that is a limit; of a machine's notice only
    those by which it wants an answer, if there are any, and how long it gives in words."""
    came_at = word.at.astimezone(zone)
    message = one.message
    text = f"{message.subject}\n\n{message.new_text or message.text}"
    wanted = wanted_by(text, came_at=came_at, language=one.assessment.language)
    days = tuple(day.isoformat() for day in wanted.days)
    today = came_at.date().isoformat()
    ahead = tuple(day for day in one.assessment.entities.dates if day > today)
    return replace(
        word,
        dates=(days or ahead) if word.by_machine else (*ahead, *days),
        asks=bool(days),
        within=wanted.within if word.by_machine else None,
    )
