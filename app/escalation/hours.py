"""Hours: rules/calendar.toml read, checked and made into calendars; the owner's own goes over ours.

A calendar has a name; the one called `shop` counts unless a policy names another. `always` is
there without being written: every hour of every day.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import msgspec

from app.domain.errors import KnownError
from app.domain.translation import tr
from app.escalation.calendar import Calendar, Hours, NeverOpen, never_closed
from app.escalation.given import exceptions_of, unusable, week_of, zone_of
from app.escalation.public_holidays import holidays_of, names_of
from app.escalation.toml_files import read_toml

FILE = "calendar.toml"
SHOP, ALWAYS = "shop", "always"
_LONGEST_CLOSURE = timedelta(days=366)


class Closure(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Days on which the shop is closed, the last one included."""

    first: date
    last: date
    because: str = ""


class GivenHours(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """One calendar as it stands in calendar.toml; an empty `tz` is this machine's zone.

    `hours` by weekday; a weekday that is left out is free. `works_on`: public holidays on which the
    shop works all the same, by name or as YYYY-MM-DD. `exceptions`: days with hours of their own.
    """

    tz: str = ""
    hours: dict[str, list[tuple[str, str]]] = {}
    country: str = ""
    region: str = ""
    works_on: list[str] = []
    closures: list[Closure] = []
    exceptions: dict[str, list[tuple[str, str]]] = {}


class _File(msgspec.Struct, forbid_unknown_fields=True):
    """The form of calendar.toml."""

    calendar: dict[str, dict[str, Any]] = {}


@dataclass(frozen=True, slots=True, kw_only=True)
class Calendars:
    """Every calendar by name, and the shop's as it was written down."""

    by_name: Mapping[str, Calendar]
    given: GivenHours

    @classmethod
    def load(cls, *folders: Path, home: str = "UTC") -> Calendars:
        """The calendars of these folders, a later one over an earlier one, line by line.

        `home` is the zone of the machine. Raises KnownError naming the file and what is wrong;
        NeverOpen for a calendar without an hour.
        """
        merged: dict[str, dict[str, Any]] = {SHOP: {}}
        for folder in folders:
            for name, one in read_toml(folder / FILE, _File, _File()).calendar.items():
                merged[name] = {**merged.get(name, {}), **one}
        given = {name: _given(folders[-1] / FILE, name, one) for name, one in merged.items()}
        made = {name: calendar_of_hours(one, home=home) for name, one in given.items()}
        made[ALWAYS] = round_the_clock(made[SHOP].zone)
        return cls(by_name=made, given=given[SHOP])

    @property
    def shop(self) -> Calendar:
        """When the shop works."""
        return self.by_name[SHOP]

    def with_shop(self, given: GivenHours, *, home: str) -> Calendars:
        """The same with other hours of the shop. Raises as `calendar_of_hours`."""
        shop = calendar_of_hours(given, home=home)
        made = {**self.by_name, SHOP: shop, ALWAYS: round_the_clock(shop.zone)}
        return Calendars(by_name=made, given=given)


def calendar_of_hours(given: GivenHours, *, home: str) -> Calendar:
    """The calendar that was written down.

    Raises KnownError for what cannot be understood; NeverOpen where no hour is left.
    """
    week, exceptions = week_of(given.hours), exceptions_of(given.exceptions)
    if not any(week.values()):
        raise NeverOpen(
            tr("The calendar never opens"),
            tr("No weekday has working hours"),
            tr("Give at least one weekday working hours"),
        )
    for one in given.closures:
        if not timedelta() <= one.last - one.first <= _LONGEST_CLOSURE:
            raise unusable(
                tr(
                    "The closure from {first} to {last} has no days, or more than a year",
                    first=one.first,
                    last=one.last,
                ),
                tr("Its last day must not be before the first"),
            )
    return Calendar(
        zone=zone_of(given.tz or home),
        week=week,
        closed_for=_closed_for(given),
        exceptions=exceptions,
    )


def round_the_clock(zone: ZoneInfo) -> Calendar:
    """Every hour of every day."""
    whole = exceptions_of({"2000-01-01": [("00:00", "24:00")]})[date(2000, 1, 1)]
    week: dict[int, tuple[Hours, ...]] = dict.fromkeys(range(7), whole)
    return Calendar(zone=zone, week=week)


def _closed_for(given: GivenHours) -> Callable[[date], str]:
    """Asks for the name of the closure or the public holiday of a day."""
    if given.country:
        holidays_of(given.country, given.region, 2026)  # a country that is not known is told now
    elif not given.closures:
        return never_closed
    works = {one.strip().casefold() for one in given.works_on}

    def closed_for(day: date) -> str:
        for one in given.closures:
            if one.first <= day <= one.last:
                return one.because or tr("a day off")
        name = _holiday(given, day) if given.country else ""
        return "" if name and works and _is_worked(given, day, works) else name

    return closed_for


def _is_worked(given: GivenHours, day: date, works: Collection[str]) -> bool:
    """Whether the owner works on this holiday all the same, said by its name or by the day."""
    called = {one.casefold() for one in names_of(given.country, given.region, day)}
    return day.isoformat() in works or not called.isdisjoint(works)


def _holiday(given: GivenHours, day: date) -> str:
    return holidays_of(given.country, given.region, day.year).get(day, "")


def _given(path: Path, name: str, one: dict[str, Any]) -> GivenHours:
    try:
        return msgspec.convert(one, GivenHours)
    except msgspec.ValidationError as error:
        raise KnownError(
            tr("{path} cannot be used", path=path),
            tr("The calendar {name}: {error}.", name=name, error=error),
            tr('Hours are written like monday = [["09:00", "17:00"]], days like 2026-12-24.'),
        ) from error


def working_days(given: GivenHours, zone: ZoneInfo) -> Calendar:
    """Monday to Friday, each a whole day, without the public holidays of the shop's country."""
    whole = round_the_clock(zone).week
    bare = msgspec.structs.replace(given, closures=[], works_on=[])
    return Calendar(
        zone=zone, week={day: whole[day] for day in range(5)}, closed_for=_closed_for(bare)
    )
