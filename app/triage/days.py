"""Days that a text names by the calendar: 2026-11-07, 06.10., 7 Nov, October 2nd, 19 de octubre.

Part of the entities, and what severity measures deadlines by. Where the year is missing, it is the
one that brings the day closest to the mail's own date.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

from app.triage.lines import unwrapped
from app.triage.words import fold

_MONTHS = {
    "en": "january february march april may june july august september october november december",
    "de": "januar februar marz april mai juni juli august september oktober november dezember",
    "fr": "janvier fevrier mars avril mai juin juillet aout septembre octobre novembre decembre",
    "es": "enero febrero marzo abril mayo junio julio agosto septiembre octubre noviembre"
    " diciembre",
    "it": "gennaio febbraio marzo aprile maggio giugno luglio agosto settembre ottobre novembre"
    " dicembre",
    "nl": "januari februari maart april mei juni juli augustus september oktober november december",
    "pt": "janeiro fevereiro marco abril maio junho julho agosto setembro outubro novembro"
    " dezembro",
    "pl": "stycznia lutego marca kwietnia maja czerwca lipca sierpnia wrzesnia pazdziernika"
    " listopada grudnia",
    "short": "jan feb mar apr may jun jul aug sep oct nov dec",
    "short de": "jan feb mrz apr mai jun jul aug sept okt nov dez",
    "short fr": "janv fevr mars avr mai juin juil aout sept oct nov dec",
    "short es": "ene feb mar abr may jun jul ago sept oct nov dic",
    "short it": "gen feb mar apr mag giu lug ago set ott nov dic",
}


def _month_numbers() -> dict[str, int]:
    numbers: dict[str, int] = {}
    for names in _MONTHS.values():
        for index, name in enumerate(names.split(), start=1):
            numbers.setdefault(name, index)
    return numbers


_NUMBERS = _month_numbers()
_NAME = "(?:" + "|".join(sorted(_NUMBERS, key=len, reverse=True)) + r")(?![a-z])\.?"
_YEAR = r"(?:,? ?(?:de |del |of |roku )?(?P<year{0}>20\d\d))?(?!\d)"

# Each form names its groups alike; forms earlier in the list win the text they cover.
_FORMS = (
    re.compile(r"(?<![\d-])(?P<year>20\d\d)-(?P<month>\d\d)-(?P<day>\d\d)(?!\d)"),
    re.compile(
        r"(?<![\d.])(?P<day>\d{1,2})\. ?(?P<month>\d{1,2})\. ?(?P<year>20\d\d|\d\d(?![\d:.]))?"
        r"(?![\d.])"
    ),
    re.compile(
        r"(?<![\d/.-])(?P<day>\d{1,2})[/-](?P<month>\d{1,2})[/-](?P<year>20\d\d|\d\d)(?!\d)"
    ),
    re.compile(r"(?<![\d/.])(?P<day>\d{1,2})\.(?P<month>\d{1,2})\.?(?P<year>20\d\d)(?!\d)"),
    re.compile(
        rf"(?<![\d.:,])(?<![^\dhdt.]-)(?<!\d{{3}}-)(?P<day>\d{{1,2}})"
        r"(?:st|nd|rd|th|er|º|ª|°|e|o|\.)? ?(?:of |de |d')?"
        rf"(?P<name>{_NAME})" + _YEAR.format("")
    ),
    re.compile(
        rf"(?<![a-z])(?P<name>{_NAME}) (?:the )?(?P<day>\d{{1,2}})(?:st|nd|rd|th)?(?![\d:.]\d|\d|%)"
        + _YEAR.format("")
    ),
)
_SHORT_DOT = re.compile(r"(?<![\d.,:-])(?P<day>\d{1,2})\.(?P<month>\d{2})(?![\d.,:]*\d)")
# A day without its month: "the 12th", "sabato 31", "dia 12", "depuis le 3"; but "it's the 23rd"
# only says what day it is.
_BARE = (
    re.compile(
        r"(?<!it's )(?<!its )(?<!it is )\b(?:the|on|since|until|till|by) (?P<day>\d{1,2})"
        r"(?:st|nd|rd|th)\b"
    ),
    re.compile(
        r"\b(?:lundi|mardi|mercredi|jeudi|vendredi|samedi|dimanche|lunes|martes|miercoles|jueves"
        r"|viernes|sabado|domingo|lunedi|martedi|mercoledi|giovedi|venerdi|sabato|domenica|dia)"
        r" (?P<day>\d{1,2})(?![\w.:/]*\d)\b"
    ),
    re.compile(r"\b(?:le|du|il|dal|desde el|del) (?P<day>\d{1,2})(?=[.,;!?)\n]|$)"),
)
_RANGE_BEFORE = re.compile(
    r"(?<![\d.,:])(?P<day>\d{1,2})(?:st|nd|rd|th|\.)? ?"
    r"(?:- ?|to|and|&|bis|und|et|au|y|al|e|a|en|tot|i|do|t/m) ?(?:the )?$"
)
_SHORT_SLASH = re.compile(r"(?<![\d/.,-])(?P<day>\d{1,2})/(?P<month>\d{1,2})(?![\d/.,]*\d)")
_SAME_BREATH = 100
_ROUND_THE_CLOCK = ("24/7", "24/24", "7/7", "1/2", "1/4", "3/4")


@dataclass(frozen=True, slots=True)
class NamedDay:
    """A day, and where in the text it stands."""

    day: date
    start: int
    end: int


def named_days(text: str, *, sent: date, language: str = "") -> tuple[NamedDay, ...]:
    """The calendar days that a text names, in order of appearance."""
    folded = fold(unwrapped(text))
    month_first = language == "en" and "$" in text
    found: list[NamedDay] = []
    for form in _FORMS:
        matches = (m for m in form.finditer(folded) if language != "en" or not _is_a_time(m))
        _collect(matches, sent=sent, month_first=month_first, into=found)
    for form in _loose_forms(language):
        matches = (m for m in form.finditer(folded) if m.group() not in _ROUND_THE_CLOCK)
        _collect(matches, sent=sent, month_first=False, into=found)
    for form in _BARE:
        _collect(form.finditer(folded), sent=sent, month_first=False, into=found)
    _add_range_starts(folded, found)
    return tuple(sorted(found, key=lambda named: named.start))


def _is_a_time(match: re.Match[str]) -> bool:
    """Whether an English mail means the clock: "at 13.06."."""
    parts = match.groupdict()
    return "." in match.group() and "name" not in parts and not parts["year"]


def _loose_forms(language: str) -> tuple[re.Pattern[str], ...]:
    """The forms that would be something else in another language."""
    slash = (_SHORT_SLASH,) if language not in ("en", "") else ()
    dot = (_SHORT_DOT,) if language == "pl" else ()
    return (*slash, *dot)


def _add_range_starts(folded: str, found: list[NamedDay]) -> None:
    """The first day of "10 to 20 November", which shares the month of the second."""
    for named in tuple(found):
        before = folded[max(0, named.start - 16) : named.start]
        match = _RANGE_BEFORE.search(before)
        day = match and _valid(named.day.year, named.day.month, int(match["day"]))
        if match and day and day < named.day:
            start = named.start - len(before) + match.start()
            found.append(NamedDay(day, start, named.start))


def _collect(
    matches: Iterator[re.Match[str]], *, sent: date, month_first: bool, into: list[NamedDay]
) -> None:
    for match in matches:
        start, end = match.span()
        if any(start < other.end and other.start < end for other in into):
            continue
        day = _day(match, sent=sent, month_first=month_first)
        if day is not None and match.re in _BARE:
            day = _in_the_month_before(day, start, into, sent=sent) or day
        if day is not None:
            into.append(NamedDay(day, start, end))


def _in_the_month_before(
    day: date, start: int, found: list[NamedDay], *, sent: date
) -> date | None:
    """A bare day after a whole one: "sent back on 22 September, received on the 28th"."""
    near = [named for named in found if 0 <= start - named.end <= _SAME_BREATH]
    if not near:
        return None
    whole = max(near, key=lambda named: named.end).day
    same = _valid(whole.year, whole.month, day.day)
    return same if same and whole <= same <= sent else None


def _day(match: re.Match[str], *, sent: date, month_first: bool) -> date | None:
    parts = match.groupdict()
    day = int(parts["day"])
    name = parts.get("name")
    if name is None and "month" not in parts:
        return _closest_of(day, sent)
    month = _NUMBERS[name.rstrip(".")] if name else int(parts["month"])
    american = "/" in match.group() and month_first and day <= 12
    if not name and (american or month > 12 >= day):
        day, month = month, day
    year = parts.get("year")
    if year:
        return _valid(int(year) + (2000 if len(year) == 2 else 0), month, day)
    return _closest(month, day, sent)


def _closest(month: int, day: int, sent: date) -> date | None:
    years = (_valid(sent.year + step, month, day) for step in (-1, 0, 1))
    return min((day for day in years if day), key=lambda day: abs((day - sent).days), default=None)


def _closest_of(day: int, sent: date) -> date | None:
    """The day of this, the last or the next month that is closest to the mail's date."""
    last = (sent.year - (sent.month == 1), (sent.month - 2) % 12 + 1)
    following = (sent.year + (sent.month == 12), sent.month % 12 + 1)
    months = ((sent.year, sent.month), last, following)
    days = (_valid(year, month, day) for year, month in months)
    return min((day for day in days if day), key=lambda day: abs((day - sent).days), default=None)


def _valid(year: int, month: int, day: int) -> date | None:
    try:
        return date(year, month, day)
    except ValueError:
        return None
