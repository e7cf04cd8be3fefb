"""Moments: how many hours are left until what a mail names: tomorrow, by Friday, within 48h, 7 Nov.

Part of severity: a deadline is only as bad as it is near. A moment says nothing by itself (a parcel
that comes on Friday is no deadline); severity asks for those beside words of need. What only looks
like a time to come (since Monday, two days ago, Monday to Friday) is taken out first; how each
language names times stands in `time_words`.
"""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta

from app.triage.days import NamedDay
from app.triage.time_patterns import A_DAY, A_WEEK, TimePatterns, patterns_of
from app.triage.time_words import LANGUAGES
from app.triage.words import Words, fold

_REST_OF_TODAY = 8.0
_FRIDAY, _SATURDAY = 4, 5
# What may stand between a weekday and its date: "Thursday, 22", "segunda-feira, dia 19", "22 (Thu".
_BESIDE = re.compile(r"(?:-?feira)?[\s,.('’]*(?:(?:the|de|den|dem|am|le|el|il|o|dia|dnia) )*")
_AT_MOST = 20  # letters
_NEAR = 30
_LIMIT = re.compile(
    r"(?<!\w)(?:by|before|until|till|due|ends?|expires?|closes|deadline|today|bis|spatestens|frist"
    r"|heute|avant|jusqu'au|limite|aujourd'hui|antes|hasta|plazo|para el|hoy|entro|prima|scade"
    r"|scadenza|oggi|uiterlijk|voor|tot|vandaag|ate|prazo|hoje|do|przed|termin|terminie|dzis|dzisiaj)"
    r"(?!\w)[^.!?]{0,20}$"
)


@dataclass(frozen=True, slots=True)
class Moment:
    """A moment ahead: the words that name it, from `position` up to `end`, and how many hours are
    left.

    `loose`: it names no day by itself ("this week", "by noon").
    """

    position: int
    end: int
    hours: float
    loose: bool = False


@dataclass(frozen=True, slots=True)
class _Found:
    """`loose`: it counts only where its sentence names nothing else ("by noon on Friday")."""

    start: int
    end: int
    hours: float
    loose: bool = False


def moments_ahead(
    words: Words, days: tuple[NamedDay, ...], *, now: datetime, language: str = ""
) -> tuple[Moment, ...]:
    """What the text names of the time to come; `days` are the calendar days found in it.

    Where the language is not known, all of them are tried.
    """
    text = fold(words.text)
    found = list(_calendar(text, days, now))
    for name in (language,) if language in LANGUAGES else tuple(LANGUAGES):
        found += _read(text, days, patterns_of(name), now)
    return tuple(_placed(found, words))


def weekday_named(name: str, *, language: str = "") -> int | None:
    """Which day of the week a word names, folded and whole; Monday is 0."""
    for one in (language,) if language in LANGUAGES else tuple(LANGUAGES):
        if (number := patterns_of(one).weekday_of(name)) is not None:
            return number
    return None


def _placed(found: Sequence[_Found], words: Words) -> Iterator[Moment]:
    """By the words that name them; the loose ones only where they are alone in their sentence."""
    starts = [start for start, _ in words.spans]
    placed = [(words.at(one.start), one) for one in found]
    firm = {words.stops[at] for at, one in placed if not one.loose and starts}
    for at, one in sorted(placed, key=lambda pair: (pair[0], pair[1].hours)):
        if starts and (not one.loose or words.stops[at] not in firm):
            yield Moment(at, max(bisect_left(starts, one.end), at + 1), one.hours, one.loose)


def _read(
    text: str, days: tuple[NamedDay, ...], patterns: TimePatterns, now: datetime
) -> Iterator[_Found]:
    """What one language finds; what was read is not read again as something shorter."""
    left = patterns.never.sub(_blank, text)
    for match in patterns.day_after.finditer(left):
        yield _Found(*match.span(), _until_day(now, 2))
    left = patterns.day_after.sub(_blank, left)
    for match in patterns.weekday.finditer(left):
        if not _goes_with_a_date(match, text, days, patterns):
            ahead = _until_day(now, _days_until(match, patterns, now))
            yield _Found(match.start("day"), match.end(), ahead)
    left = patterns.weekday.sub(_blank, left)
    for pattern, in_days in ((patterns.tomorrow, 1), (patterns.today, 0)):
        for match in pattern.finditer(left):
            later = A_WEEK if match["week_on"] else 0
            yield _Found(*match.span(), _until_day(now, in_days + later))
        left = pattern.sub(_blank, left)
    for match in patterns.span.finditer(left):
        span = _counted(match, patterns)
        yield _Found(*span, _length(match, span, patterns, now))
    yield from _loosely(patterns.span.sub(_blank, left), patterns, now)


def _loosely(text: str, patterns: TimePatterns, now: datetime) -> Iterator[_Found]:
    """What names a day only by the week, the month, the clock, or a feast."""
    today = now.date()
    ends = (
        (patterns.weekend, _ahead(now, _SATURDAY)),
        (patterns.this_week, _ahead(now, _FRIDAY) if now.weekday() < _SATURDAY else 0),
        (patterns.next_week, A_WEEK - now.weekday()),
        (patterns.this_month, (_last_of_month(today) - today).days),
        (patterns.working_day, max(1, A_WEEK - now.weekday()) if now.weekday() >= _FRIDAY else 1),
        (patterns.by_clock, 0),
    )
    for pattern, in_days in ends:
        for match in pattern.finditer(text):
            yield _Found(*match.span(), _until_day(now, in_days), loose=True)
    for pattern, month, day in patterns.feasts:
        for match in pattern.finditer(text):
            ahead = _until_day(now, _until_feast(today, month, day))
            yield _Found(*match.span(), ahead, loose=True)


def _days_until(match: re.Match[str], patterns: TimePatterns, now: datetime) -> int:
    """Until the weekday that is meant: the coming one, that of next week, the one a week later."""
    wanted = patterns.weekday_of(match["day"]) or 0
    ahead = _ahead(now, wanted)
    if match["week_before"] or match["week_after"]:
        return A_WEEK - now.weekday() + wanted
    if match["week_on"] or match["later"]:
        return ahead + A_WEEK
    return ahead or (A_WEEK if match["next_before"] or match["next_after"] else 0)


def _goes_with_a_date(
    match: re.Match[str], text: str, days: tuple[NamedDay, ...], patterns: TimePatterns
) -> bool:
    """Whether a weekday only goes with a date, "Thursday, 22 October": not the next Thursday.

    Where both do not fit together, either may be meant.
    """
    start, end = match.start("day"), match.end("tail") if match["tail"] else match.end("day")
    wanted = patterns.weekday_of(match["day"])
    return any(
        named.start <= start < named.end
        or _only_goes_with(text[end : named.start], named.start - end)
        or _only_goes_with(text[named.end : start], start - named.end)
        for named in days
        if named.day.weekday() == wanted
    )


def _only_goes_with(between: str, distance: int) -> bool:
    return 0 <= distance <= _AT_MOST and _BESIDE.fullmatch(between) is not None


def _counted(match: re.Match[str], patterns: TimePatterns) -> tuple[int, int]:
    """Where a span stands, with the word behind it that says that only working days count."""
    behind = patterns.at_work_behind.match(match.string, match.end())
    return match.start(), behind.end() if behind else match.end()


def _length(
    match: re.Match[str], span: tuple[int, int], patterns: TimePatterns, now: datetime
) -> float:
    """The hours of what stands there; of "two to three days" the longer."""
    parts = match.groupdict()
    number = parts["most"] or parts["most_still"] or parts["number"] or parts["number_still"] or "1"
    unit = parts["unit"] or parts["unit_still"] or parts["unit_one"]
    many, hours = patterns.number_of(number), patterns.hours_of(unit)
    if hours == A_DAY and many >= 1 and patterns.at_work.search(match.string, *span):
        return working_days(now, int(many)) * A_DAY
    return many * hours


def working_days(now: datetime, many: int) -> int:
    """How many days of the calendar go by until so many working days have, from one on; Saturday
    and Sunday are none. Holidays are another matter: whose?
    """
    weeks, left = divmod(many, _FRIDAY + 1)
    weekday = min(now.weekday(), _FRIDAY)
    days = weeks * A_WEEK - (now.weekday() - weekday)
    while left:
        days, weekday = days + 1, (weekday + 1) % A_WEEK
        left -= weekday <= _FRIDAY
    return days


def _calendar(text: str, days: tuple[NamedDay, ...], now: datetime) -> Iterator[_Found]:
    """The days of the calendar that are to come; the mail's own only where it is a limit, since a
    notice says when it was written ("opened on October 8")."""
    for named in days:
        hours = _until(datetime.combine(named.day, time(12), UTC), now)
        if named.day == now.date():
            if _LIMIT.search(text[max(0, named.start - _NEAR) : named.start]):
                yield _Found(named.start, named.end, _REST_OF_TODAY)
        elif hours >= 0:
            yield _Found(named.start, named.end, max(hours, _REST_OF_TODAY))


def _ahead(now: datetime, weekday: int) -> int:
    return (weekday - now.weekday()) % A_WEEK


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
