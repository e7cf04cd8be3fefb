"""Because: why something is due when it is, in half a sentence; and the days that are not as usual.

The whole timeline stands in every deadline; this is what fits on one line. Pure.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from app.domain import day_text
from app.domain.day_text import long_weekday
from app.domain.time_text import in_words
from app.domain.translation import joined, tr
from app.escalation.calendar import Calendar, Hours

_DAY = timedelta(days=1)
_DAYS_SAID = 4
_CLOSED_SAID = 3


@dataclass(frozen=True, slots=True, kw_only=True)
class Unusual:
    """Days that are not as their weekday is: closed because of something, or with other hours.

    `hours` is None where it is closed for a reason, and the hours of the day where they are others.
    """

    first: date
    last: date
    because: str
    hours: tuple[Hours, ...] | None = None


def because(calendar: Calendar, start: datetime, minutes: float) -> str:
    """Why so much working time, counted from an instant, ends when it does. Raises NeverOpen."""
    needed = timedelta(minutes=minutes)
    if calendar.is_round_the_clock:
        return tr("{needed} are promised and all hours count", needed=in_words(needed))
    used = _used(calendar, start, needed)
    today, last = start.astimezone(calendar.zone).date(), used[-1][0]
    parts = [f"{in_words(time)} {day_words(day, today)}" for day, time in used]
    if len(parts) > _DAYS_SAID:
        between = sum((time for _, time in used[1:-1]), timedelta())
        after = tr("{time} on the {days} days after", time=in_words(between), days=len(used) - 2)
        parts = [parts[0], after, parts[-1]]
    words = tr("it takes {needed} of your working hours", needed=in_words(needed))
    words += "" if len(used) == 1 and used[0][0] == today else f": {joined(parts)}"
    closed = _closed(calendar, today, last)
    return tr("{words}; closed {closed}", words=words, closed=joined(closed)) if closed else words


def unusual(calendar: Calendar, since: date, days: int) -> tuple[Unusual, ...]:
    """The days from one on that are closed for a reason, or have hours of their own."""
    found: list[Unusual] = []
    for day in (since + number * _DAY for number in range(days)):
        one = _unusual(calendar, day)
        if one is None:
            continue
        before = found[-1] if found else None
        if (
            before is not None
            and one.hours is None
            and before.hours is None
            and before.because == one.because
            and before.last + _DAY >= day
        ):
            found[-1] = Unusual(first=before.first, last=day, because=one.because)
        else:
            found.append(one)
    return tuple(found)


def day_words(day: date, today: date) -> str:
    """A day in a sentence: "today", "on Monday", "on Mon 30 Nov"."""
    if day == today:
        return tr("today")
    if day - today < 7 * _DAY:
        return _on_weekday(day)
    return tr("on {day}", day=day_text.said_day(day))


def _on_weekday(day: date) -> str:
    return tr("on {day}", day=long_weekday(day))


def _unusual(calendar: Calendar, day: date) -> Unusual | None:
    if day in calendar.exceptions:
        return Unusual(first=day, last=day, because="", hours=calendar.exceptions[day])
    name = calendar.closed_for(day)
    return Unusual(first=day, last=day, because=name) if name else None


def _used(calendar: Calendar, start: datetime, needed: timedelta) -> list[tuple[date, timedelta]]:
    """How much of the time is used on each day, by the shop's clock."""
    used: dict[date, timedelta] = {}
    for span in calendar.spans(start):
        at = span.begin
        while at < span.end and needed:
            day = at.astimezone(calendar.zone).date()
            midnight = datetime.combine(day + _DAY, datetime.min.time(), calendar.zone)
            piece = min(needed, min(span.end, midnight.astimezone(at.tzinfo)) - at)
            used[day] = used.get(day, timedelta()) + piece
            needed, at = needed - piece, at + piece
        if not needed:
            break
    return list(used.items())


def _closed(calendar: Calendar, first: date, last: date) -> Sequence[str]:
    """The days in between on which nothing counts."""
    words = list(dict.fromkeys(_closed_days(calendar, first, last)))
    more = len(words) - _CLOSED_SAID
    return words if more <= 0 else [*words[:_CLOSED_SAID], tr("other days")]


def _closed_days(calendar: Calendar, first: date, last: date) -> Iterator[str]:
    day = first
    while day <= last:
        name = calendar.closed_for(day)
        if name and not calendar.hours_of(day):
            yield f"{day_text.said_day(day)} ({name})" if day - first < 7 * _DAY else name
        elif not calendar.hours_of(day):
            yield _on_weekday(day)
        day += _DAY
