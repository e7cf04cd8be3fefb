"""Time patterns: what `time_words` lists of a language, made into what `moments` looks for."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache

from app.triage.not_ahead import BEGINNINGS, DONE, NOT_AHEAD
from app.triage.time_words import LANGUAGES, TimeWords

A_DAY, A_WEEK = 24.0, 7  # hours, days


@dataclass(frozen=True, slots=True)
class TimePatterns:
    """The patterns of one language."""

    never: re.Pattern[str]
    day_after: re.Pattern[str]
    weekday: re.Pattern[str]
    tomorrow: re.Pattern[str]
    today: re.Pattern[str]
    span: re.Pattern[str]
    at_work: re.Pattern[str]
    at_work_behind: re.Pattern[str]
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

    def weekday_of(self, name: str) -> int | None:
        """Which day of the week a word names; Monday is 0."""
        return next((at for at, one in enumerate(self.weekdays) if one.fullmatch(name)), None)

    def hours_of(self, unit: str) -> float:
        """How long a unit is."""
        return next(hours for one, hours in self.units if one.fullmatch(unit))

    def number_of(self, word: str) -> float:
        """What a number in figures or in words is."""
        if word.isdecimal():
            return int(word)
        joined = re.sub(r"[\s-]+", "-", word)
        return next(value for one, value in self.numbers if one.fullmatch(joined))


@lru_cache(maxsize=8)
def patterns_of(language: str) -> TimePatterns:
    """Those of a language, made once."""
    said = LANGUAGES[language]
    days = [f"{name}|{short}" if short else name for name, short in _named_days(said)]
    numbers, units = list(_numbers(said)), list(_units(said))
    number = rf"(?:\d{{1,3}}|{'|'.join(name.replace('-', '[ -]') for name, _ in numbers)})"
    unit = "|".join(name for name, _ in units)
    return TimePatterns(
        never=_pattern(_not_ahead(language, number=number, unit=unit)),
        day_after=_pattern(said.day_after),
        weekday=_pattern(_weekday(said)),
        tomorrow=_pattern(rf"(?:{said.tomorrow})(?: (?P<week_on>{said.week_on}))?"),
        today=_pattern(rf"(?:{said.today})(?: (?P<week_on>{said.week_on}))?"),
        span=_pattern(_span(said, number=number, unit=unit)),
        at_work=re.compile(said.only_at_work),
        at_work_behind=re.compile(rf"\s{{1,3}}(?:{said.only_at_work})\w{{0,9}}"),
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


def _not_ahead(language: str, *, number: str, unit: str) -> str:
    said = LANGUAGES[language]
    stands_for = {
        "DAY": f"(?:{_weekdays(said)})(?:{said.tail})?",
        "NUMBER": rf"(?:{number}(?: ?(?:-|/|a|to|bis|tot) ?\d+)?)",
        "UNIT": f"(?:(?:{said.at_work})[ -]?)?(?:{unit})",
        "DONE": f"(?:{DONE.get(language, '')})",
        "OTHER": rf"(?!(?:{BEGINNINGS.get(language, '')})(?!\w))\w+",
    }
    pattern = "|".join(NOT_AHEAD[language])
    for name, meant in stands_for.items():
        pattern = pattern.replace(name, meant)
    return pattern


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
        rf"(?:(?P<later>{said.a_week_from}) )?"
        rf"(?:(?P<week_before>{week}),? (?:on |am |op |el |le |na |w )?)?"
        rf"(?:(?P<next_before>{beside}) )?"
        rf"(?P<day>{_weekdays(said)})(?P<tail>{said.tail})?"
        rf"(?:,? (?P<week_after>{week})| (?P<next_after>{beside}))?"
        rf"(?: (?P<week_on>{said.week_on}))?"
    )


def _span(said: TimeWords, *, number: str, unit: str) -> str:
    """A number and a unit after words that look ahead, or before such."""
    at_work = rf"(?:(?:{said.at_work})[ -]?)*"
    range_of = r"(?: ?(?:-|/|a|à|to|or|bis|oder|ou|o|tot|of|do|lub) ?(?P<mostWHICH>NUMBER))?"
    gap = r"(?:(?<![^\W\d])[ -]?|[ -])"  # "48h", but "and" is not "an d"
    in_words = r"(?: ?\([^)]{1,30}\))?"
    many = rf"(?P<numberWHICH>NUMBER){range_of}{in_words}{gap}{at_work}(?P<unitWHICH>UNIT)"
    many = many.replace("NUMBER", number).replace("UNIT", unit)
    filled = rf"(?:(?:{said.filler}) ?){{0,3}}"  # bounded: it shares words with what is before
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
    yield said.days, A_DAY
    yield said.weeks, A_WEEK * A_DAY
    yield said.fortnights, 2 * A_WEEK * A_DAY
    yield said.months, 30 * A_DAY
