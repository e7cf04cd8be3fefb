"""Clocks: the deadlines that providers, carriers and the law set, from rules/clocks.toml.

They run beside our own promises, are never paused, and the nearer wins. A date that the provider
itself names beats the usual length written here, and of several notices the last one; where only a
length is known, the deadline says that it must be verified. Pure but for the reading of the file.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from enum import StrEnum
from pathlib import Path
from zoneinfo import ZoneInfo

import msgspec

from app.domain.assessment import Kind
from app.domain.day_text import said_day
from app.domain.deadline import Deadline, Metric
from app.domain.order import Order
from app.domain.time_text import in_words
from app.domain.translation import to_translate, tr
from app.escalation.calendar import Calendar, due, exact
from app.escalation.hours import Calendars, working_days
from app.escalation.rules import duration
from app.escalation.toml_files import broken, read_toml

FILE = "clocks.toml"
EU = frozenset(
    (
        "AT", "BE", "BG", "CY", "CZ", "DE", "DK", "EE", "ES", "FI", "FR", "GR", "HR", "HU", "IE",
        "IT", "LT", "LU", "LV", "MT", "NL", "PL", "PT", "RO", "SE", "SI", "SK",
    )
)  # fmt: skip
_SOON_AFTER = timedelta(hours=12)
_HOW = to_translate("See the head of the shipped clocks.toml for how a clock is written.")


class SetBy(StrEnum):
    """Who demands it."""

    PROVIDER = "provider"
    CARRIER = "carrier"
    LAW = "law"


class Starts(StrEnum):
    """What sets a clock going: a machine's notice, a person's mail, or a date of the order."""

    NOTICE = "notice"
    REQUEST = "request"
    ORDERED = "ordered"
    SHIPPED = "shipped"
    DELIVERED = "delivered"


_ORDER_WAS = {
    Starts.ORDERED: to_translate("when order {number} was ordered"),
    Starts.SHIPPED: to_translate("when order {number} was shipped"),
    Starts.DELIVERED: to_translate("when order {number} was delivered"),
}


class ClockRule(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """A [[clock]]: for which issues it runs, from when, how long, and where that is written.

    Conditions that are left out fit everything. `names_date`: the notice may name the date itself.
    """

    id: str
    title: str
    set_by: SetBy
    starts: Starts
    length: str
    business_days: bool = False
    kinds: list[Kind] = []
    senders: list[str] = []
    carriers: list[str] = []
    countries: list[str] = []
    factors: list[str] = []
    not_shipped: bool = False
    names_date: bool = False
    warn: tuple[str, ...] = ("72 h", "24 h")
    consequence: str
    source: str
    verified_on: date
    off: bool = False


class _File(msgspec.Struct, forbid_unknown_fields=True):
    """The form of clocks.toml."""

    clock: list[ClockRule] = []


@dataclass(frozen=True, slots=True, kw_only=True)
class Word:
    """A mail that came in, as far as a clock asks about it.

    `dates` are the days that it names, its own only where that is a limit; `asks`: it wants an
    answer by them. `within`: how long it gives in so many words. `about`: the orders and sums that
    it names, by which two matters are told apart.
    """

    at: datetime
    sender_domain: str
    by_machine: bool
    dates: tuple[str, ...] = ()
    asks: bool = True
    within: timedelta | None = None
    about: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True, kw_only=True)
class Situation:
    """What a clock asks about an issue."""

    kind: Kind
    words: Sequence[Word]
    factors: frozenset[str] = frozenset()
    order: Order | None = None
    done_at: datetime | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class ClockRules:
    """Every clock that may run, in the order of the file."""

    clocks: tuple[ClockRule, ...]

    @classmethod
    def load(cls, *folders: Path) -> ClockRules:
        """The clocks of these folders; one of a later folder replaces the one of the same id.

        Raises KnownError naming the file and what in it cannot be used.
        """
        found: dict[str, ClockRule] = {}
        for folder in folders:
            path = folder / FILE
            for one in read_toml(path, _File, _File(), hint=_HOW).clock:
                _check(path, one)
                found[one.id] = one
        return cls(clocks=tuple(one for one in found.values() if not one.off))

    def reads_dates(self, kind: Kind, *, of_machine: bool) -> bool:
        """Whether any of them goes by the date that a mail about such an issue names."""
        starts = Starts.NOTICE if of_machine else Starts.REQUEST
        return any(
            one.names_date and one.starts is starts and (not one.kinds or kind in one.kinds)
            for one in self.clocks
        )

    def running(
        self, situation: Situation, *, calendars: Calendars, now: datetime
    ) -> tuple[Deadline, ...]:
        """The clocks that run about an issue; of several providers' the first that fits."""
        found: list[Deadline] = []
        for rule in self.clocks:
            noticed = rule.set_by is SetBy.PROVIDER and rule.starts is Starts.NOTICE
            if noticed and any(one.metric is Metric.PROVIDER_CLOCK for one in found):
                continue
            started = _start(rule, situation, calendars)
            if started is not None:
                found.append(_deadline(rule, started, situation, calendars, now=now))
        return tuple(found)


@dataclass(frozen=True, slots=True, kw_only=True)
class _Start:
    """What set a clock going: when and why, and the day or the length that a notice names itself.

    `is_its_own`: the day is the one on which the notice came.
    """

    at: datetime
    why: str
    names: date | None = None
    is_its_own: bool = False
    within: timedelta | None = None

    def ends_at(self, usual: timedelta, zone: ZoneInfo) -> datetime:
        """Until when there is time: the day that it names begins, or the length is over."""
        if self.names is None:
            return self.at + (usual if self.within is None else self.within)
        begins = datetime.combine(self.names, time(), zone).astimezone(self.at.tzinfo)
        return max(begins, self.at)


def _start(rule: ClockRule, situation: Situation, calendars: Calendars) -> _Start | None:
    """What set the clock going; None where it does not run."""
    if not _fits(rule, situation, calendars.given.country):
        return None
    if rule.starts in (Starts.NOTICE, Starts.REQUEST):
        return _said(rule, situation, calendars.shop.zone)
    order = situation.order
    assert order is not None  # `_fits` asked
    at = {
        Starts.ORDERED: order.placed_at,
        Starts.SHIPPED: order.shipped_at,
        Starts.DELIVERED: order.delivered_at,
    }[rule.starts]
    if at is None:
        return None
    return _Start(at=at, why=tr(_ORDER_WAS[rule.starts], number=order.number))


def _fits(rule: ClockRule, situation: Situation, country: str) -> bool:
    order = situation.order
    by_order = rule.starts not in (Starts.NOTICE, Starts.REQUEST)
    carrier = order.carrier.casefold() if order else ""
    return (
        (not rule.kinds or situation.kind in rule.kinds)
        and (not rule.factors or not situation.factors.isdisjoint(rule.factors))
        and (not rule.countries or country in _countries(rule))
        and (order is not None or not by_order)
        and (not rule.carriers or any(one.casefold() in carrier for one in rule.carriers))
        and not (rule.not_shipped and (order is None or order.shipped_at is not None))
    )


def _said(rule: ClockRule, situation: Situation, zone: ZoneInfo) -> _Start | None:
    """The first mail of the right sort; of notices what the last one says about each matter, and
    of several matters the one that is due first."""
    machine = rule.starts is Starts.NOTICE
    said = [
        one
        for one in situation.words
        if one.by_machine is machine and _is_from(one.sender_domain, rule.senders)
    ]
    if not said:
        return None
    if not rule.names_date:
        return _Start(at=said[0].at, why=tr("when their mail came"))
    theirs = rule.senders or (said[0].sender_domain,)
    notices = [one for one in said if _is_from(one.sender_domain, theirs)]
    usual = duration(rule.length)
    starts = [_noticed(matter, usual, zone) for matter in _matters(notices)]
    return min(starts, key=lambda one: one.ends_at(usual, zone))


def _matters(notices: Sequence[Word]) -> list[list[Word]]:
    """The notices by what they are about; one that names neither order nor sum is about the first.

    Two disputes may meet in one issue: the date of the second must not hide that of the first.
    """
    matters: list[list[Word]] = []
    for notice in notices:
        for matter in matters:
            known = frozenset[str]().union(*(one.about for one in matter))
            if not (known and notice.about) or known & notice.about:
                matter.append(notice)
                break
        else:
            matters.append([notice])
    return matters


def _noticed(notices: Sequence[Word], usual: timedelta, zone: ZoneInfo) -> _Start:
    """What the notices about one matter come to: the last that asks for an answer by a day, else
    the nearest day or length that one of them names, else the first notice.

    A later mail that asks for nothing ("the money comes on 12 December") moves nothing back.
    """
    found = _start_of(notices[0], zone)
    for notice in notices[1:]:
        other = _start_of(notice, zone)
        if other.names is None and other.within is None:
            continue
        unnamed = found.names is None and (other.names is not None or found.within is None)
        sooner = other.ends_at(usual, zone) < found.ends_at(usual, zone)
        if unnamed or sooner or (other.names is not None and notice.asks):
            found = other
    return found


def _start_of(notice: Word, zone: ZoneInfo) -> _Start:
    """What one notice sets going: by the nearest day that it names, for want of one by a length."""
    today = notice.at.astimezone(zone).date()
    names = min(
        (day for day in map(date.fromisoformat, notice.dates) if day >= today), default=None
    )
    return _Start(
        at=notice.at,
        why=tr("when their mail came"),
        names=names,
        is_its_own=names == today,
        within=notice.within if names is None else None,
    )


def _is_from(domain: str, senders: Sequence[str]) -> bool:
    return not senders or any(domain == one or domain.endswith(f".{one}") for one in senders)


def _countries(rule: ClockRule) -> frozenset[str]:
    return frozenset(rule.countries) | (EU if "EU" in rule.countries else frozenset())


def _deadline(
    rule: ClockRule,
    started: _Start,
    situation: Situation,
    calendars: Calendars,
    *,
    now: datetime,
) -> Deadline:
    zone = calendars.shop.zone
    planned_at, lines = _planned(rule, started, working_days(calendars.given, zone))
    done_at = situation.done_at
    late = (done_at or now) > planned_at
    return Deadline(
        metric=Metric.LEGAL_CLOCK if rule.set_by is SetBy.LAW else Metric.PROVIDER_CLOCK,
        name=rule.id,
        title=tr(rule.title),
        planned_at=planned_at,
        started_at=started.at,
        met_at=done_at,
        breached_at=planned_at if late else None,
        consequence=tr(rule.consequence),
        source=tr(
            "{source}, looked up {day}", source=rule.source, day=f"{rule.verified_on:%Y-%m-%d}"
        ),
        verify=started.names is None and rule.starts is Starts.NOTICE,
        explanation=tuple(lines),
        warn_ahead=reminders(rule.warn, planned_at - started.at),
    )


def _planned(
    rule: ClockRule, started: _Start, business: Calendar
) -> tuple[datetime, tuple[str, ...]]:
    zone = business.zone
    if started.names is not None:
        return _by_the_day(started, started.names, zone)
    if started.within is not None:
        return _by_their_length(started, started.within, zone)
    length = duration(rule.length)
    begins = tr("It counts from {at}, {why}.", at=exact(started.at, zone), why=started.why)
    if rule.business_days:
        found = due(business, started.at, length.total_seconds() / 60)
        assert found.at is not None
        days = tr("{title}: within {days} working days.", title=tr(rule.title), days=length.days)
        at = found.at
    else:
        at = started.at + length
        days = tr(
            "{title}: within {time}, weekends and holidays included.",
            title=tr(rule.title),
            time=in_words(length),
        )
    ends = tr("So it is due {at}.", at=exact(at, zone))
    told = (days, begins, ends)
    if rule.starts is Starts.NOTICE:
        return at, (*told, tr("Their mail names no date: verify it with them."))
    return at, told


def _by_the_day(started: _Start, names: date, zone: ZoneInfo) -> tuple[datetime, tuple[str, ...]]:
    at = started.ends_at(timedelta(), zone)
    if started.is_its_own:
        return at, (
            tr("Their mail names {day}, the day on which it came.", day=said_day(names, year=True)),
            tr("So it is due at once."),
        )
    return at, (
        tr("Their mail names {day}; we go by the day alone.", day=said_day(names, year=True)),
        tr("So be done before that day begins: {at}.", at=exact(at, zone)),
    )


def _by_their_length(
    started: _Start, within: timedelta, zone: ZoneInfo
) -> tuple[datetime, tuple[str, ...]]:
    at = started.at + within
    return at, (
        tr("Their mail gives {time}; we count every day.", time=in_words(within)),
        tr("It counts from {at}, {why}.", at=exact(started.at, zone), why=started.why),
        tr("So it is due {at}.", at=exact(at, zone)),
        tr("Their mail names no date: verify it with them."),
    )


def reminders(ahead: Sequence[str], whole: timedelta) -> tuple[timedelta, ...]:
    """How long ahead somebody is told, and at the end itself.

    What would come with the start or half a day after it is told at the start: a clock of three
    days that begins on a Thursday night must not be heard of when the weekend is over.
    """
    if not whole:
        return (timedelta(),)
    marks = tuple(map(duration, ahead))
    kept = [one for one in marks if one + _SOON_AFTER <= whole]
    at_start = [whole] if len(kept) < len(marks) else []
    return (*at_start, *(kept or [whole / 4]), timedelta())


def _check(path: Path, rule: ClockRule) -> None:
    for text in (rule.length, *rule.warn):
        try:
            duration(text)
        except ValueError as error:
            raise broken(
                path, tr('{id}: "{words}" is not a time', id=rule.id, words=text), _HOW
            ) from error
