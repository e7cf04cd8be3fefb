"""Calendar: when the shop works, and what a number of working minutes comes to on the clock.

Pure interval arithmetic on instants. The shop is open at an instant if the clock on its wall then
stands within its hours: so a night on which the clock is changed is an hour longer or shorter, an
hour that is skipped is not worked, and one that comes twice is worked twice.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from app.domain.day_text import said_day
from app.domain.errors import KnownError
from app.domain.time_text import in_words
from app.domain.translation import tr
from app.escalation.spans import FOREVER, Span, joined, without

_DAY = timedelta(days=1)
_CLOSED_AT_MOST = timedelta(days=3 * 366)  # longer without an open minute: the calendar is wrong
_IN_ONE_PIECE = timedelta(days=8)  # who is open without an end is told so in pieces
_REACH = timedelta(days=200 * 366)  # who asks further has slipped by some digits, and would wait
_NAMES_SAID = 3


class NeverOpen(KnownError):
    """The calendar has no working time where some is needed."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Hours:
    """From one time of the day to another, the end excluded.

    An end that is not after the begin is on the next day and belongs to the day of the begin; so
    the same time twice is a whole day.
    """

    begin: time
    end: time

    def on(self, day: date) -> tuple[datetime, datetime]:
        """These hours of a day as the clock on the wall shows them, without a zone."""
        begin = datetime.combine(day, self.begin)
        end = datetime.combine(day, self.end)
        return begin, end if end > begin else end + _DAY


def never_closed(day: date) -> str:
    """No day is a holiday."""
    return ""


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Calendar:
    """The hours of each weekday (0 is Monday), in the shop's zone.

    `closed_for` names the holiday or closure of a day on which nothing begins, and is empty for any
    other day. `exceptions` have hours of their own, which hold even where the day is closed.
    """

    zone: ZoneInfo
    week: Mapping[int, tuple[Hours, ...]]
    closed_for: Callable[[date], str] = never_closed
    exceptions: Mapping[date, tuple[Hours, ...]] = field(default_factory=dict)

    @property
    def is_round_the_clock(self) -> bool:
        """Whether every hour of every day counts."""
        whole = all(any(one.begin == one.end for one in self.week.get(n, ())) for n in range(7))
        return whole and self.closed_for is never_closed and not self.exceptions

    def hours_of(self, day: date) -> tuple[Hours, ...]:
        """The hours that begin on a day."""
        if day in self.exceptions:
            return self.exceptions[day]
        return () if self.closed_for(day) else self.week.get(day.weekday(), ())

    def spans(self, since: datetime) -> Iterator[Span]:
        """The working time from an instant on, in order, without end.

        Two spans touch only where the shop stays open for more than a week.

        Raises:
            NeverOpen: nothing opens within three years.
        """
        day = since.astimezone(self.zone).date() - 2 * _DAY
        open_until, pending = since, list[Span]()
        while True:
            begun = (self._instants(*hours.on(day)) for hours in self.hours_of(day))
            pending = joined((*pending, *(span for spans in begun for span in spans)))
            day += _DAY
            # What begins on the next day may still touch what ends after its earliest instant.
            settled = datetime.combine(day, time(), UTC) - _DAY
            while pending and pending[0].end < settled:
                span = pending.pop(0)
                open_until = max(open_until, span.end)
                if span.end > since:
                    yield Span(max(span.begin, since), span.end)
            if pending and pending[0].begin < settled - _IN_ONE_PIECE:
                open_until = max(open_until, settled)
                if settled > since:
                    yield Span(max(pending[0].begin, since), settled)
                pending[0] = Span(settled, pending[0].end)
            if not pending and settled - open_until > _CLOSED_AT_MOST:
                raise _never_open(open_until)

    def is_open(self, at: datetime) -> bool:
        """Whether the shop works at this instant. Raises NeverOpen."""
        return next(self.spans(at)).begin == at

    def _instants(self, begin: datetime, end: datetime) -> Iterator[Span]:
        """The instants at which the clock on the wall stands from `begin` up to `end`."""
        around = Span(begin.replace(tzinfo=UTC) - _DAY, end.replace(tzinfo=UTC) + _DAY)
        for piece, offset in _offsets(self.zone, around):
            first = max(piece.begin, begin.replace(tzinfo=UTC) - offset)
            last = min(piece.end, end.replace(tzinfo=UTC) - offset)
            if first < last:
                yield Span(first, last)


@dataclass(frozen=True, slots=True, kw_only=True)
class Due:
    """When so much working time has passed, and how it came about, a line for each step.

    `at` is None where nothing is due: no time was promised, or a pause has no end.
    """

    at: datetime | None
    timeline: tuple[str, ...]


def due(calendar: Calendar, start: datetime, minutes: float, pauses: Sequence[Span] = ()) -> Due:
    """When `minutes` of working time have passed since `start`, the pauses left out.

    Working time that is used up exactly at closing time is due then, not at the next opening.

    Raises:
        NeverOpen: the calendar is closed for three years where working time is needed.
        KnownError: it is due in more than two hundred years.
    """
    zone, needed, waits = calendar.zone, timedelta(minutes=minutes), joined(pauses)
    if needed <= timedelta():
        return Due(at=None, timeline=(tr("No time is promised, so nothing is due."),))
    lines = [
        tr(
            "{needed} of working time, counted from {start}.",
            needed=_length(needed),
            start=exact(start, zone),
        )
    ]
    before = run = start
    whole = timedelta()
    for span in calendar.spans(start):
        if span.begin - start > _REACH:
            raise _too_far(timedelta(minutes=minutes))
        if waits and waits[-1].end == FOREVER and span.begin >= waits[-1].begin:
            lines.append(
                tr("It waits for somebody else, without an end: nothing is due until then.")
            )
            return Due(at=None, timeline=tuple(lines))
        for piece in without(span, waits):
            if whole and piece.begin == before:
                lines.pop()  # it goes on where the last line ended
            else:
                lines.extend(_idle(before, piece.begin, waits, calendar))
                run, whole = piece.begin, timedelta()
            used = min(needed, piece.length)
            needed, whole = needed - used, whole + used
            before = piece.begin + used
            lines.append(_used(_range(run, before, zone), whole, needed))
            if not needed:
                lines.append(tr("So it is due {before}.", before=exact(before, zone)))
                return Due(at=before, timeline=tuple(lines))
    raise AssertionError("working time has no end")


def _used(when: str, used: timedelta, left: timedelta) -> str:
    if left:
        return tr("{when}: {used}, {left} left.", when=when, used=_length(used), left=_length(left))
    return tr("{when}: {used}, used up.", when=when, used=_length(used))


def elapsed(
    calendar: Calendar, start: datetime, end: datetime, pauses: Sequence[Span] = ()
) -> timedelta:
    """How much working time lies between two instants, the pauses left out; never negative.

    Raises:
        NeverOpen: the calendar is closed for three years in between.
    """
    total, waits = timedelta(), joined(pauses)
    if end <= start:
        return total
    for span in calendar.spans(start):
        if span.begin >= end:
            break
        cut = Span(span.begin, min(span.end, end))
        total = sum((piece.length for piece in without(cut, waits)), total)
    return total


def _offsets(zone: ZoneInfo, around: Span) -> Iterator[tuple[Span, timedelta]]:
    """The stretches of a few days in which the zone keeps one distance from UTC."""
    begin, at = around.begin, _offset(zone, around.begin)
    while begin < around.end:
        step = min(begin + _DAY, around.end)
        while step < around.end and _offset(zone, step) == at:
            step = min(step + _DAY, around.end)
        end = step if _offset(zone, step) == at else change_between(zone, begin, step)
        yield Span(begin, end), at
        begin, at = end, _offset(zone, end)


def change_between(zone: ZoneInfo, before: datetime, after: datetime) -> datetime:
    """The second at which the zone's distance from UTC changes between two instants."""
    old = _offset(zone, before)
    low, high = before, after
    while high - low > timedelta(seconds=1):
        middle = (low + (high - low) / 2).replace(microsecond=0)
        if middle in (low, high):
            break
        low, high = (middle, high) if _offset(zone, middle) == old else (low, middle)
    return high.replace(microsecond=0)


def _offset(zone: ZoneInfo, at: datetime) -> timedelta:
    return at.astimezone(zone).utcoffset() or timedelta()


def _idle(
    begin: datetime, end: datetime, waits: Sequence[Span], calendar: Calendar
) -> Iterator[str]:
    """Why nothing counted for a while: closed, or waiting for somebody else."""
    if end <= begin:
        return
    waited = any(one.begin < end and one.end > begin for one in waits)
    why = tr("closed, or waiting for somebody else") if waited else tr("closed")
    names = _closures(calendar, begin, end)
    why += f" ({', '.join(names)})" if names else ""
    yield f"{_range(begin, end, calendar.zone)}: {why}."


def _closures(calendar: Calendar, begin: datetime, end: datetime) -> list[str]:
    """The holidays and closures between two instants that cost working hours, the first few."""
    day, last = (at.astimezone(calendar.zone).date() for at in (begin, end))
    names: dict[str, None] = {}
    while day <= last and len(names) <= _NAMES_SAID:
        if calendar.week.get(day.weekday()) and not calendar.hours_of(day):
            names.setdefault(calendar.closed_for(day) or tr("a day off"))
        day += _DAY
    said = list(names)
    return said if len(said) <= _NAMES_SAID else [*said[:_NAMES_SAID], tr("and others")]


def _never_open(since: datetime) -> NeverOpen:
    return NeverOpen(
        tr("The calendar never opens"),
        tr("It has no working time in the three years after {since}", since=f"{since:%Y-%m-%d}"),
        tr("Give at least one weekday working hours"),
    )


def _too_far(needed: timedelta) -> KnownError:
    return KnownError(
        tr("That is too long"),
        tr("Two hundred years of this calendar do not hold {needed}", needed=_length(needed)),
    )


def exact(at: datetime, zone: ZoneInfo) -> str:
    """An instant as the shop's clock shows it: Tue 24 Nov 2026 11:40; no promise is of seconds."""
    there = at.astimezone(zone)
    return tr("{day} {time}", day=said_day(there, year=True), time=f"{there:%H:%M}")


def _range(begin: datetime, end: datetime, zone: ZoneInfo) -> str:
    there, then = begin.astimezone(zone), end.astimezone(zone)
    if there.date() == then.date():
        return tr("{begin} to {then}", begin=exact(begin, zone), then=f"{then:%H:%M}")
    return tr("{begin} to {end}", begin=exact(begin, zone), end=exact(end, zone))


def _length(time_: timedelta) -> str:
    return in_words(timedelta(minutes=round(time_ / timedelta(minutes=1))))
