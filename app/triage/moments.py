"""Moments: how many hours are left until what a mail names: tomorrow, Friday, in two days, 7 Nov.

Part of severity: a deadline is only as bad as it is near. A moment says nothing by itself (a parcel
that came on Friday is no deadline); severity asks for those beside words of need.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, time, timedelta

from app.triage.days import NamedDay
from app.triage.words import Words

_REST_OF_TODAY = 8.0


def _set(words: str) -> frozenset[str]:
    return frozenset(words.split())


_TODAY = _set(
    "today tonight heute heut aujourdhui hoy oggi stasera vandaag vanavond vanmiddag hoje dzis"
    " dzisiaj hodie"
)
_TOMORROW = _set("tomorrow tmrw morgen demain manana domani amanha jutro")
_DAY_AFTER = _set("ubermorgen dopodomani overmorgen pojutrze")
_WEEKDAYS = (
    "monday mon montag lundi lunes lunedi maandag segunda poniedzialek",
    "tuesday tue tues dienstag mardi martes martedi dinsdag terca wtorek",
    "wednesday wed mittwoch mercredi miercoles mercoledi woensdag quarta sroda srode",
    "thursday thu thurs donnerstag jeudi jueves giovedi donderdag quinta czwartek",
    "friday fri freitag vendredi viernes venerdi vrijdag sexta piatek",
    "saturday sat samstag sonnabend samedi sabado sabato zaterdag sobota sobote",
    "sunday sonntag dimanche domingo domenica zondag niedziela niedziele",
)
WEEKDAY = {name: day for day, names in enumerate(_WEEKDAYS) for name in names.split()}
_NUMBERS = {
    name: value
    for value, names in enumerate(
        (
            "one a an ein einem einer eine un une uno una een um uma jeden jedna",
            "two zwei deux dos due twee dois duas dwa dwie dwoch",
            "three drei trois tres tre drie trzy trzech",
            "four vier quatre cuatro quattro quatro cztery",
            "five funf cinq cinco cinque vijf piec",
            "six sechs seis sei zes szesc",
            "seven sieben sept siete sette zeven sete siedem",
        ),
        start=1,
    )
    for name in names.split()
}
_UNITS = {
    **dict.fromkeys(
        _set(
            "hour hours hrs hr h stunde stunden std heure heures hora horas ora ore uur uren"
            " godzina godziny godzin"
        ),
        1.0,
    ),
    **dict.fromkeys(
        _set("day days tag tage tagen jour jours dia dias giorno giorni dag dagen dzien dni"),
        24.0,
    ),
    **dict.fromkeys(
        _set("minute minutes mins minuten minuto minutos minuti minuut minut minuty"), 1 / 60
    ),
}
_AHEAD = _set(
    "in within next innerhalb binnen d dans sous en dentro fra tra entro over em dentro ciagu za"
    " of de van"
)
_AGO = _set("ago fa geleden temu atras")


@dataclass(frozen=True, slots=True)
class Moment:
    """A moment ahead: the word that names it, and how many hours are left."""

    position: int
    hours: float


def moments_ahead(words: Words, days: tuple[NamedDay, ...], *, now: datetime) -> tuple[Moment, ...]:
    """What the text names of the time to come; `days` are the calendar days found in it."""
    found = [*_relative(words, now), *_spans(words), *_calendar(words, days, now)]
    return tuple(sorted(found, key=lambda moment: moment.position))


def _relative(words: Words, now: datetime) -> Iterator[Moment]:
    for position, word in enumerate(words.words):
        if word in _TODAY or (word == "hui" and words.words[position - 1] == "aujourd"):
            yield Moment(position, _REST_OF_TODAY)
        elif word in _DAY_AFTER:
            yield Moment(position, _until_day(now, 2))
        elif word in _TOMORROW and not _is_morning(words, position):
            yield Moment(position, _until_day(now, 1))
        elif word in WEEKDAY:
            ahead = (WEEKDAY[word] - now.weekday()) % 7
            yield Moment(position, _until_day(now, ahead) if ahead else _REST_OF_TODAY)


def _is_morning(words: Words, position: int) -> bool:
    """Whether "morgen" or "mañana" only greets, or means the early part of a day."""
    before = words.words[position - 1] if position else ""
    return before in ("guten", "goeden", "goede", "heute", "gestern", "la", "de", "esta", "am")


def _spans(words: Words) -> Iterator[Moment]:
    """Within 48 hours, in two days: a number and a unit after a word that looks ahead."""
    for position in range(1, len(words) - 1):
        size = _UNITS.get(words.words[position + 1])
        before = words.words[max(0, position - 2) : position]
        after = words.words[position + 2 : position + 3]
        if size is None or not _AHEAD.intersection(before) or _AGO.intersection(after):
            continue
        number = words.words[position]
        count = int(number) if number.isdigit() and len(number) < 4 else _NUMBERS.get(number)
        if count is not None:
            yield Moment(position, count * size)


def _calendar(words: Words, days: tuple[NamedDay, ...], now: datetime) -> Iterator[Moment]:
    starts = [start for start, _ in words.spans]
    for named in days:
        hours = _until(datetime.combine(named.day, time(12), UTC), now)
        if hours >= 0 or named.day == now.date():
            position = sum(start <= named.start for start in starts) - 1
            yield Moment(max(position, 0), max(hours, _REST_OF_TODAY))


def _until_day(now: datetime, days: int) -> float:
    return max(_until(datetime.combine((now + timedelta(days=days)).date(), time(12), UTC), now), 8)


def _until(then: datetime, now: datetime) -> float:
    return (then - now).total_seconds() / 3600
