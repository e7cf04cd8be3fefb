"""Moments: how many hours are left until what a mail names: tomorrow, by Friday, within 48h, 7 Nov.

Part of severity: a deadline is only as bad as it is near. A moment says nothing by itself (a parcel
that comes on Friday is no deadline); severity asks for those beside words of need. What only looks
like a time to come (since Monday, two days ago, Monday to Friday) is taken out first; how each
language names times stands in `time_words`.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from functools import lru_cache

from app.triage.days import NamedDay
from app.triage.time_words import LANGUAGES, TimeWords
from app.triage.words import Words, fold

_REST_OF_TODAY = 8.0
_A_DAY, _A_WEEK = 24.0, 7
_FRIDAY, _SATURDAY = 4, 5
# What may stand between a weekday and its date: "Thursday, 22", "segunda-feira, dia 19", "22 (Thu".
_BESIDE = re.compile(r"(?:-?feira)?[\s,.('’]*(?:(?:the|den|dem|am|le|el|il|o|dia|dnia) )*")
_AT_MOST = 20  # letters


@dataclass(frozen=True, slots=True)
class Moment:
    """A moment ahead: the word that names it, and how many hours are left."""

    position: int
    hours: float


@dataclass(frozen=True, slots=True)
class _Found:
    """`loose`: it counts only where its sentence names nothing else ("by noon on Friday")."""

    start: int
    hours: float
    loose: bool = False


@dataclass(frozen=True, slots=True)
class _Reader:
    """The patterns of one language."""

    never: re.Pattern[str]
    day_after: re.Pattern[str]
    weekday: re.Pattern[str]
    tomorrow: re.Pattern[str]
    today: re.Pattern[str]
    span: re.Pattern[str]
    by_clock: re.Pattern[str]
    weekend: re.Pattern[str]
    this_week: re.Pattern[str]
    next_week: re.Pattern[str]
    this_month: re.Pattern[str]
    working_day: re.Pattern[str]
    feasts: tuple[tuple[re.Pattern[str], int, int], ...]
    numbers: tuple[tuple[re.Pattern[str], float], ...]
    units: tuple[tuple[re.Pattern[str], float], ...]
    weekdays: tuple[re.Pattern[str], ...]


def moments_ahead(
    words: Words, days: tuple[NamedDay, ...], *, now: datetime, language: str = ""
) -> tuple[Moment, ...]:
    """What the text names of the time to come; `days` are the calendar days found in it.

    Where the language is not known, all of them are tried.
    """
    text, calendar = fold(words.text), list(_calendar(days, now))
    found = [*calendar]
    for name in (language,) if language in LANGUAGES else tuple(LANGUAGES):
        found += _read(text, days, _reader(name), now)
    return tuple(_placed(found, words))


def weekday_named(name: str, *, language: str = "") -> int | None:
    """Which day of the week a word names, folded and whole; Monday is 0."""
    for one in (language,) if language in LANGUAGES else tuple(LANGUAGES):
        for number, pattern in enumerate(_reader(one).weekdays):
            if pattern.fullmatch(name):
                return number
    return None


def _placed(found: Sequence[_Found], words: Words) -> Iterator[Moment]:
    """By the words that name them; the loose ones only where they are alone in their sentence."""
    starts = [start for start, _ in words.spans]
    placed = [(max(sum(start <= one.start for start in starts) - 1, 0), one) for one in found]
    firm = {words.stops[at] for at, one in placed if not one.loose and starts}
    for at, one in sorted(placed, key=lambda pair: (pair[0], pair[1].hours)):
        if starts and (not one.loose or words.stops[at] not in firm):
            yield Moment(at, one.hours)


def _read(
    text: str, days: tuple[NamedDay, ...], reader: _Reader, now: datetime
) -> Iterator[_Found]:
    """What one language finds; what was read is not read again as something shorter."""
    left = reader.never.sub(_blank, text)
    for match in reader.day_after.finditer(left):
        yield _Found(match.start(), _until_day(now, 2))
    left = reader.day_after.sub(_blank, left)
    for match in reader.weekday.finditer(left):
        if not _goes_with_a_date(match, text, days, reader):
            yield _Found(match.start("day"), _until_day(now, _days_until(match, reader, now)))
    left = reader.weekday.sub(_blank, left)
    for pattern, in_days in ((reader.tomorrow, 1), (reader.today, 0)):
        for match in pattern.finditer(left):
            later = _A_WEEK if match["week_on"] else 0
            yield _Found(match.start(), _until_day(now, in_days + later))
        left = pattern.sub(_blank, left)
    for match in reader.span.finditer(left):
        yield _Found(match.start(), _length(match, reader))
    yield from _loosely(reader.span.sub(_blank, left), reader, now)


def _loosely(text: str, reader: _Reader, now: datetime) -> Iterator[_Found]:
    """What names a day only by the week, the month, the clock, or a feast."""
    today = now.date()
    ends = (
        (reader.weekend, _ahead(now, _SATURDAY)),
        (reader.this_week, _ahead(now, _FRIDAY) if now.weekday() < _SATURDAY else 0),
        (reader.next_week, _A_WEEK - now.weekday()),
        (reader.this_month, (_last_of_month(today) - today).days),
        (reader.working_day, max(1, _A_WEEK - now.weekday()) if now.weekday() >= _FRIDAY else 1),
        (reader.by_clock, 0),
    )
    for pattern, in_days in ends:
        for match in pattern.finditer(text):
            yield _Found(match.start(), _until_day(now, in_days), loose=True)
    for pattern, month, day in reader.feasts:
        for match in pattern.finditer(text):
            yield _Found(
                match.start(), _until_day(now, _until_feast(today, month, day)), loose=True
            )


def _days_until(match: re.Match[str], reader: _Reader, now: datetime) -> int:
    """Until the weekday that is meant: the coming one, that of next week, the one a week later."""
    name = match["day"]
    wanted = next(at for at, one in enumerate(reader.weekdays) if one.fullmatch(name))
    ahead = _ahead(now, wanted)
    if match["week_before"] or match["week_after"]:
        return _A_WEEK - now.weekday() + wanted
    if match["week_on"] or match["later"]:
        return ahead + _A_WEEK
    return ahead or (_A_WEEK if match["next_before"] or match["next_after"] else 0)


def _goes_with_a_date(
    match: re.Match[str], text: str, days: tuple[NamedDay, ...], reader: _Reader
) -> bool:
    """Whether a weekday only goes with a date, "Thursday, 22 October": not the next Thursday.

    Where both do not fit together, either may be meant.
    """
    start, end = match.start("day"), match.end("tail") if match["tail"] else match.end("day")
    wanted = next(at for at, one in enumerate(reader.weekdays) if one.fullmatch(match["day"]))
    return any(
        named.start <= start < named.end
        or _only_goes_with(text[end : named.start], named.start - end)
        or _only_goes_with(text[named.end : start], start - named.end)
        for named in days
        if named.day.weekday() == wanted
    )


def _only_goes_with(between: str, distance: int) -> bool:
    return 0 <= distance <= _AT_MOST and _BESIDE.fullmatch(between) is not None


def _length(match: re.Match[str], reader: _Reader) -> float:
    """Of a span the hours; of "two to three days" the longer."""
    parts = match.groupdict()
    number = parts["most"] or parts["most_still"] or parts["number"] or parts["number_still"] or "1"
    unit = parts["unit"] or parts["unit_still"] or parts["unit_one"]
    hours = next(size for one, size in reader.units if one.fullmatch(unit))
    if number.isdecimal():
        return int(number) * hours
    folded = re.sub(r"[\s-]+", "-", number)
    return next(value for one, value in reader.numbers if one.fullmatch(folded)) * hours


def _calendar(days: tuple[NamedDay, ...], now: datetime) -> Iterator[_Found]:
    for named in days:
        hours = _until(datetime.combine(named.day, time(12), UTC), now)
        if hours >= 0 or named.day == now.date():
            yield _Found(named.start, max(hours, _REST_OF_TODAY))


def _ahead(now: datetime, weekday: int) -> int:
    return (weekday - now.weekday()) % _A_WEEK


def _last_of_month(day: date) -> date:
    return (day.replace(day=1) + timedelta(days=31)).replace(day=1) - timedelta(days=1)


def _until_feast(today: date, month: int, day: int) -> int:
    this_year = date(today.year, month, day)
    return ((this_year if this_year >= today else date(today.year + 1, month, day)) - today).days


def _until_day(now: datetime, days: int) -> float:
    noon = datetime.combine((now + timedelta(days=days)).date(), time(12), UTC)
    return max(_until(noon, now), _REST_OF_TODAY)


def _until(then: datetime, now: datetime) -> float:
    return (then - now).total_seconds() / 3600


def _blank(match: re.Match[str]) -> str:
    return " " * len(match.group())


# ---- From words to patterns ----


@lru_cache(maxsize=8)
def _reader(language: str) -> _Reader:
    said = LANGUAGES[language]
    days = [f"{name}|{short}" if short else name for name, short in _named_days(said)]
    numbers, units = list(_numbers(said)), list(_units(said))
    number = rf"(?:\d{{1,3}}|{'|'.join(name.replace('-', '[ -]') for name, _ in numbers)})"
    unit = "|".join(name for name, _ in units)
    never = said.never.replace("DAY", f"(?:{_weekdays(said)})(?:{said.tail})?")
    never = never.replace("NUMBER", rf"(?:{number}(?: ?(?:-|/|a|to|bis|tot) ?\d+)?)")
    never = never.replace("UNIT", f"(?:(?:{said.at_work})[ -]?)?(?:{unit})")
    return _Reader(
        never=_pattern(never),
        day_after=_pattern(said.day_after),
        weekday=_pattern(_weekday(said)),
        tomorrow=_pattern(rf"(?:{said.tomorrow})(?: (?P<week_on>{said.week_on}))?"),
        today=_pattern(rf"(?:{said.today})(?: (?P<week_on>{said.week_on}))?"),
        span=_pattern(_span(said, number=number, unit=unit)),
        by_clock=_pattern(said.by_clock),
        weekend=_pattern(said.weekend),
        this_week=_pattern(said.this_week),
        next_week=_pattern(said.next_week),
        this_month=_pattern(said.this_month),
        working_day=_pattern(said.working_day),
        feasts=tuple((_pattern(names), month, day) for names, month, day in _feasts(said)),
        numbers=tuple((re.compile(name), value) for name, value in numbers),
        units=tuple((re.compile(name), hours) for name, hours in units),
        weekdays=tuple(re.compile(f"(?:{name})") for name in days),
    )


def _pattern(alternatives: str) -> re.Pattern[str]:
    """Whole words only; a blank is any white space."""
    whole = rf"(?<!\w)(?:{alternatives})(?!\w)"
    return re.compile(whole.replace(" ?", r"\s*").replace(" ", r"\s+"))


def _named_days(said: TimeWords) -> list[tuple[str, str]]:
    return list(zip(said.weekdays.split("/"), said.short_days.split("/"), strict=True))


def _weekdays(said: TimeWords) -> str:
    """Names, and short ones where it is plain that they are a day."""
    names = "|".join(name for name, _ in _named_days(said))
    short = "|".join(short for _, short in _named_days(said) if short)
    if not short:
        return names
    before = "|".join(rf"(?<=\b{cue}\s)" for cue in said.before_short.split("|"))
    return rf"{names}|(?:{before})(?:{short})|(?:{short})(?=\.? \d)"


def _weekday(said: TimeWords) -> str:
    week, beside = said.next_week, said.next_day
    return (
        rf"(?:(?P<later>{said.a_week_from}) )?(?:(?P<week_before>{week}),? (?:on |am |op |el |le |na |w )?)?"
        rf"(?:(?P<next_before>{beside}) )?"
        rf"(?P<day>{_weekdays(said)})(?P<tail>{said.tail})?"
        rf"(?:,? (?P<week_after>{week})| (?P<next_after>{beside}))?"
        rf"(?: (?P<week_on>{said.week_on}))?"
    )


def _span(said: TimeWords, *, number: str, unit: str) -> str:
    """A number and a unit after words that look ahead, or before such."""
    at_work = rf"(?:(?:{said.at_work})[ -]?)*"
    range_of = r"(?: ?(?:-|/|a|à|to|or|bis|oder|ou|o|tot|of|do|lub) ?(?P<mostWHICH>NUMBER))?"
    many = rf"(?P<numberWHICH>NUMBER){range_of}(?: ?\([^)]{{1,30}}\))?[ -]?{at_work}(?P<unitWHICH>UNIT)"
    many = many.replace("NUMBER", number).replace("UNIT", unit)
    filled = rf"(?:(?:{said.filler}) ?)*"
    return (
        rf"(?:{said.ahead}) {filled}{many.replace('WHICH', '')}(?! (?:{said.ago})(?!\w))"
        rf"|{many.replace('WHICH', '_still')} (?:{said.still})|(?:{said.bare}) (?P<unit_one>{unit})"
    )


def _feasts(said: TimeWords) -> Iterator[tuple[str, int, int]]:
    for one in said.feasts.split("; "):
        names, _, day = one.partition("=")
        month, _, number = day.partition("-")
        yield names, int(month), int(number)


def _numbers(said: TimeWords) -> Iterator[tuple[str, float]]:
    """The longer first, so that twenty-four is not four."""
    pairs = [pair.split("=") for pair in said.numbers.split()]
    for name, value in sorted(pairs, key=lambda pair: -len(pair[0])):
        yield name, float(value)


def _units(said: TimeWords) -> Iterator[tuple[str, float]]:
    yield said.minutes, 1 / 60
    yield said.hours, 1.0
    yield said.days, _A_DAY
    yield said.weeks, _A_WEEK * _A_DAY
    yield said.fortnights, 2 * _A_WEEK * _A_DAY
    yield said.months, 30 * _A_DAY
