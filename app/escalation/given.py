"""Given: a calendar as people write it (weekday -> pairs of times), checked and made ready.

The same form stands in the rule files and in the lines of `due`.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from datetime import date, time
from zoneinfo import ZoneInfo

import msgspec

from app.domain.errors import KnownError
from app.escalation.calendar import Calendar, Hours

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
    week: dict[int, tuple[Hours, ...]] = {}
    for name, pairs in given.hours.items():
        number = _DAYS.get(name.strip().lower())
        if number is None:
            raise _unusable(f"{name} is no weekday", "Write 0 (Monday) to 6, or monday to sunday")
        week[number] = (*week.get(number, ()), *_hours(pairs))
    return Calendar(
        zone=zone_of(given.tz),
        week=week,
        closed=frozenset(_date(text) for text in given.holidays),
        exceptions={_date(day): _hours(pairs) for day, pairs in given.exceptions.items()},
    )


def zone_of(name: str) -> ZoneInfo:
    """The time zone of this name. Raises KnownError."""
    try:
        return ZoneInfo(name)
    except (ValueError, OSError, KeyError) as error:
        raise _unusable(f"{name!r} is no time zone", "Write for example Europe/Berlin") from error


def _hours(pairs: Iterable[tuple[str, str]]) -> tuple[Hours, ...]:
    return tuple(Hours(begin=_time(begin), end=_time(end)) for begin, end in pairs)


def _time(text: str) -> time:
    match = _CLOCK.fullmatch(text.strip())
    hour, minute = (int(match[1]), int(match[2])) if match else (99, 0)
    if hour > 24 or (hour == 24 and minute):
        raise _unusable(f"{text!r} is no time of the day", "Write for example 09:00, or 24:00")
    return time(hour % 24, minute)


def _date(text: str) -> date:
    try:
        return date.fromisoformat(text.strip())
    except ValueError as error:
        raise _unusable(f"{text!r} is no date", "Write for example 2026-12-25") from error


def _unusable(what: str, hint: str) -> KnownError:
    return KnownError("The calendar cannot be used", what, hint)
