"""Moments: how many hours are left until what a mail names: tomorrow, Friday, in two days, 7 Nov.

Part of severity: a deadline is only as bad as it is near. A moment says nothing by itself (a parcel
that came on Friday is no deadline); severity asks for those beside words of need.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, time, timedelta

from app.triage.days import NamedDay
from app.triage.words import Words, fold

_REST_OF_TODAY = 8.0
# What may stand between a weekday and its date: "Thursday, 22", "segunda-feira, dia 19", "22 (Thu".
_BESIDE = re.compile(r"(?:-?feira)?[\s,.(]*(?:(?:the|den|dem|am|le|el|il|o|dia|dnia) )*")
_AT_MOST = 20  # letters


def _set(words: str) -> frozenset[str]:
    return frozenset(words.split())


_TODAY = _set(
    "today tonight heute heut aujourdhui hoy oggi stasera vandaag vanavond vanmiddag hoje dzis"
    " dzisiaj hodie"
)
_TOMORROW = _set("tomorrow tmrw morgen demain manana domani amanha jutro")
_DAY_AFTER = _set("ubermorgen dopodomani overmorgen pojutrze")
_WEEKDAYS = (
    "monday mon montag lundi lunes lunedi maandag segunda poniedzialek poniedzialku",
    "tuesday tue tues dienstag mardi martes martedi dinsdag terca wtorek wtorku",
    "wednesday wed mittwoch mercredi miercoles mercoledi woensdag quarta sroda srode srody",
    "thursday thu thurs donnerstag jeudi jueves giovedi donderdag quinta czwartek czwartku",
    "friday fri freitag vendredi viernes venerdi vrijdag sexta piatek piatku",
    "saturday sat samstag sonnabend samedi sabado sabato zaterdag sobota sobote soboty",
    "sunday sonntag dimanche domingo domenica zondag niedziela niedziele niedzieli",
)
WEEKDAY = {name: day for day, names in enumerate(_WEEKDAYS) for name in names.split()}
_NEXT = _set(
    "next nachste nachsten nachster nachstem kommende kommenden prochain proximo proxima prossimo"
    " prossima volgende komende przyszly przyszla przyszlym nastepny nastepna"
)
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
            "seven sieben sept siete sette zeven sete siedem siedmiu",
            "eight acht huit ocho otto oito osiem osmiu",
            "nine neun neuf nueve nove negen dziewiec dziewieciu",
            "ten zehn dix diez dieci tien dez dziesiec dziesieciu",
        ),
        start=1,
    )
    for name in names.split()
} | {
    name: value
    for value, names in (
        (14, "fourteen vierzehn quatorze catorce quattordici veertien czternastu"),
        (15, "fifteen funfzehn quinze quince quindici vijftien pietnastu"),
        (20, "twenty zwanzig vingt veinte venti twintig vinte dwudziestu"),
        (30, "thirty dreissig trente treinta trenta dertig trinta trzydziestu"),
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
        _set(
            "day days tag tage tagen werktage werktagen arbeitstage arbeitstagen jour jours dia"
            " dias giorno giorni dag dagen werkdagen dzien dni"
        ),
        24.0,
    ),
    **dict.fromkeys(
        _set(
            "week weeks woche wochen semaine semaines semana semanas settimana settimane weken"
            " tydzien tygodnie tygodni tygodnia"
        ),
        168.0,
    ),
    **dict.fromkeys(
        _set("minute minutes mins minuten minuto minutos minuti minuut minut minuty"), 1 / 60
    ),
}
_AHEAD = _set(
    "in within next innerhalb binnen d dans sous en dentro fra tra entro over em dentro ciagu za"
    " of de van"
)
_TERM = _set("period frist delai plazo termine termijn prazo terminie")  # "w terminie 14 dni"
_OF_WORK = _set("working business calendar clear")  # "ten working days"
_AGO = _set("ago fa geleden temu atras")


@dataclass(frozen=True, slots=True)
class Moment:
    """A moment ahead: the word that names it, and how many hours are left."""

    position: int
    hours: float


def moments_ahead(words: Words, days: tuple[NamedDay, ...], *, now: datetime) -> tuple[Moment, ...]:
    """What the text names of the time to come; `days` are the calendar days found in it."""
    found = [*_relative(words, days, now), *_spans(words), *_calendar(words, days, now)]
    return tuple(sorted(found, key=lambda moment: moment.position))


def _relative(words: Words, days: tuple[NamedDay, ...], now: datetime) -> Iterator[Moment]:
    for position, word in enumerate(words.words):
        if word in _TODAY or (word == "hui" and words.words[position - 1] == "aujourd"):
            yield Moment(position, _REST_OF_TODAY)
        elif word in _DAY_AFTER:
            yield Moment(position, _until_day(now, 2))
        elif word in _TOMORROW and not _is_morning(words, position):
            yield Moment(position, _until_day(now, 1))
        elif word in WEEKDAY and not _is_of_a_date(words, position, days):
            ahead = (WEEKDAY[word] - now.weekday()) % 7
            if not ahead and _NEXT.intersection(words.words[max(0, position - 1) : position + 2]):
                ahead = 7
            yield Moment(position, _until_day(now, ahead) if ahead else _REST_OF_TODAY)


def _is_morning(words: Words, position: int) -> bool:
    """Whether "morgen" or "mañana" only greets, or means the early part of a day."""
    before = words.words[position - 1] if position else ""
    return before in ("guten", "goeden", "goede", "heute", "gestern", "la", "de", "esta", "am")


def _is_of_a_date(words: Words, position: int, days: tuple[NamedDay, ...]) -> bool:
    """Whether a weekday only goes with a date, "Thursday, 22 October": not the next Thursday.

    Where both do not fit together, either may be meant.
    """
    start, end = words.spans[position]
    alike = [named for named in days if named.day.weekday() == WEEKDAY[words.words[position]]]
    return any(
        named.start <= start < named.end
        or _only_goes_with(words.text[end : named.start], end, named.start)
        or _only_goes_with(words.text[named.end : start], named.end, start)
        for named in alike
    )


def _only_goes_with(between: str, end: int, start: int) -> bool:
    near = 0 <= start - end <= _AT_MOST
    return near and _BESIDE.fullmatch(fold(between)) is not None


def _spans(words: Words) -> Iterator[Moment]:
    """Within 48 hours, in two days: a number and a unit after a word that looks ahead."""
    for position in range(1, len(words) - 1):
        unit = position + 1 + (words.words[position + 1] in _OF_WORK)
        size = _UNITS.get(words.words[unit]) if unit < len(words) else None
        before = words.words[max(0, position - 2) : position]
        after = words.words[unit + 1 : unit + 2]
        if size is None or not (_AHEAD | _TERM).intersection(before) or _AGO.intersection(after):
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
