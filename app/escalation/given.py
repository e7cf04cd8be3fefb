"""Given: a calendar as people write it (weekday -> pairs of times), checked and made ready.

The same form stands in the rule files and in the lines of `due`.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping
from datetime import date, time
from zoneinfo import ZoneInfo

import msgspec

from app.domain.errors import KnownError
from app.domain.translation import tr
from app.escalation.calendar import Calendar, Hours, never_closed

Pairs = Mapping[str, Iterable[tuple[str, str]]]
_CLOCK = re.compile(r"([01]?\d|2[0-4]):([0-5]\d)")
_DAYS = {
    **{str(number): number for number in range(7)},
    **{
        name: number
        for number, name in enumerate(
            ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")
        )
    },
}


class GivenCalendar(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """`hours` by weekday, "0" (Monday) to "6" or by name; `holidays` as YYYY-MM-DD.

    `exceptions` are days with other hours; an empty list is a closed day.
    """

    tz: str
    hours: dict[str, list[tuple[str, str]]]
    holidays: list[str] = []
    exceptions: dict[str, list[tuple[str, str]]] = {}


def calendar_of(given: GivenCalendar) -> Calendar:
    """The calendar that was written down.

    Raises:
        KnownError: what in it cannot be understood.
    """
    return Calendar(
        zone=zone_of(given.tz),
        week=week_of(given.hours),
        closed_for=named({_date(text): "holiday" for text in given.holidays}),
        exceptions=exceptions_of(given.exceptions),
    )


def week_of(hours: Pairs) -> dict[int, tuple[Hours, ...]]:
    """The hours of each weekday, 0 is Monday. Raises KnownError."""
    week: dict[int, tuple[Hours, ...]] = {}
    for name, pairs in hours.items():
        number = _DAYS.get(name.strip().lower())
        if number is None:
            raise unusable(
                tr("{name} is no weekday", name=name),
                tr("Write 0 (Monday) to 6, or monday to sunday"),
            )
        week[number] = (*week.get(number, ()), *_hours(pairs))
    return week


def exceptions_of(days: Pairs) -> dict[date, tuple[Hours, ...]]:
    """Days with hours of their own. Raises KnownError."""
    return {_date(day): _hours(pairs) for day, pairs in days.items()}


def named(days: Mapping[date, str]) -> Callable[[date], str]:
    """Asks for the name of a closed day; never closed where there are none."""
    return (lambda day: days.get(day, "")) if days else never_closed


def zone_of(name: str) -> ZoneInfo:
    """The time zone of this name. Raises KnownError."""
    try:
        return ZoneInfo(name)
    except (ValueError, OSError, KeyError) as error:
        raise unusable(
            tr("{name} is no time zone", name=repr(name)), tr("Write for example Europe/Berlin")
        ) from error


def _hours(pairs: Iterable[tuple[str, str]]) -> tuple[Hours, ...]:
    return tuple(Hours(begin=_time(begin), end=_time(end)) for begin, end in pairs)


def _time(text: str) -> time:
    match = _CLOCK.fullmatch(text.strip())
    hour, minute = (int(match[1]), int(match[2])) if match else (99, 0)
    if hour > 24 or (hour == 24 and minute):
        raise unusable(
            tr("{words} is no time of the day", words=repr(text)),
            tr("Write for example 09:00, or 24:00"),
        )
    return time(hour % 24, minute)


def _date(text: str) -> date:
    try:
        return date.fromisoformat(text.strip())
    except ValueError as error:
        raise unusable(
            tr("{words} is no date", words=repr(text)), tr("Write for example 2026-12-25")
        ) from error


def unusable(what: str, hint: str) -> KnownError:
    """A calendar that cannot be used, with what is wrong in it."""
    return KnownError(tr("The calendar cannot be used"), what, hint)
