"""Days that a text names by the calendar: 2026-11-07, 06.10., 7 Nov, October 2nd, 19 de octubre.

Part of the entities, and what severity measures deadlines by. Where the year is missing, it is the
one that brings the day closest to the mail's own date.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from app.triage.date_forms import Forms, forms_of
from app.triage.lines import unwrapped
from app.triage.time_words import LANGUAGES
from app.triage.told import is_told
from app.triage.words import fold

_MARKS = re.compile(
    r"(?<![a-z])(?:tailles?|tallas?|taglia|tg\.?|maat|maten|gro(?:ss|ß)e|gr\.?|rozmiar|tamanho|tam\.?|size|note|nota"
    r"|voto|cijfer|mets|ocena|oceniam|daje|wam|dou|een|un|fattura|factura|n\.?|nr\.?|no\.|caduca"
    r"|scade|scadenza|parcela|volume|caixa|rata|raty|paczka|karton|pakket|paket|service|fascia) $"
)
# A number that no day is: an hour, an amount, a range of hours, a count of things.
_STREET = re.compile(
    r"(?<![a-z])(?:rua|r\.|av\.?|avenida|praca|travessa|bairro|jardim|escola|barrio|colonia|col\.|colegio|rondo|liceum|largo|alameda|ul\.?|ulica|ulicy|al\.|aleja|plac|pl\.|os\."
    r"|rue du|place du|boulevard du|avenue du|via|viale|piazza|corso|calle|plaza|strasse des"
    r"|platz des) $"
)
_TIME_BEFORE = re.compile(r"(?<![a-z])(?:alle|ore|le|delle|dalle|dopo le|las|as|o|um|gegen|ab) $")


_RANGE_BEFORE = re.compile(
    r"(?<![\d.,:/])(?P<day>\d{1,2})(?:st|nd|rd|th|\.)? ?"
    r"(?:- ?|to|and|&|bis|und|et|au|y|al|e|a|en|tot|i|do|t/m) ?(?:(?:the|el|il|le|den) )?$"
)
_LIST_BEFORE = re.compile(
    r"(?<![\d.,:/])(?P<day>\d{1,2})(?:st|nd|rd|th|\.)?, ?(?:(?:the|el|il|le|den) )?$"
)
_AMERICAN = re.compile(r"\$|(?<![a-z])(?:usd|e[sd]t|p[sd]t)(?![a-z])")
_MOST = 200  # days of a text; nobody names more, and each is held against the others
_SAME_BREATH = 100
_PARTS = frozenset(("day", "month", "name", "year"))  # of a match; a cue before them is none of it
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
    looked = _Looked(text, folded, sent=sent, language=language)
    forms, found = forms_of(language if language in LANGUAGES else ""), list[NamedDay]()
    for form in (*forms.whole, *forms.bare):
        matches = (one for one in form.finditer(folded) if looked.is_a_day(one))
        _collect(matches, forms, looked, bare=form in forms.bare, into=found)
    _add_range_starts(folded, found)
    return tuple(sorted(found, key=lambda named: named.start))


@dataclass(frozen=True, slots=True)
class _Looked:
    """A text that is looked through: as it was written, and folded."""

    text: str
    folded: str
    sent: date
    language: str

    def is_a_day(self, match: re.Match[str]) -> bool:
        """Whether it is no hour, size, mark or street that is only written like one."""
        parts, start = match.groupdict(), match.start("day")
        before = self.folded[max(0, match.start() - 16) : match.start()]
        if match.group() in _ROUND_THE_CLOCK or self._is_a_time(match, before):
            return False
        if parts.get("name"):
            end = match.end("name")
            is_they_have = (
                self.folded[match.start("name") : end] == "maja" and self.text[end - 1 : end] == "ą"
            )
            return not (is_they_have or _STREET.search(before))
        near = self.folded[max(0, start - 16) : start]
        return "/" not in match.group() or bool(parts.get("year")) or not _MARKS.search(near)

    def _is_a_time(self, match: re.Match[str], before: str) -> bool:
        """Whether the clock is meant: "at 13.06.", "alle 10.30."."""
        parts = match.groupdict()
        in_figures = "month" in parts and "." in match.group()
        if not in_figures or parts.get("year") or parts.get("short_year"):
            return False
        return self.language == "en" or bool(_TIME_BEFORE.search(before))

    @property
    def month_first(self) -> bool:
        """Whether it is written in America."""
        return self.language == "en" and _AMERICAN.search(self.folded) is not None


def _add_range_starts(folded: str, found: list[NamedDay]) -> None:
    """The days before "and 20 November" that share its month: "10 to", "4, 10 and"."""
    for named in tuple(found):
        sign, last = _RANGE_BEFORE, named
        while len(found) < _MOST:
            first = _sharing_the_month(folded, last, sign)
            if first is None:
                break
            # "am 9., 16. und 23. Februar": alone the 9th was read as the nearest one.
            found[:] = [one for one in found if not _overlap(one, first)]
            found.append(first)
            sign, last = _LIST_BEFORE, first


def _overlap(one: NamedDay, other: NamedDay) -> bool:
    return one.start < other.end and other.start < one.end


def _sharing_the_month(folded: str, named: NamedDay, sign: re.Pattern[str]) -> NamedDay | None:
    """The earlier day that stands before one, joined to it by a sign."""
    before = folded[max(0, named.start - 16) : named.start]
    match = sign.search(before)
    day = match and _valid(named.day.year, named.day.month, int(match["day"]))
    if match is None or day is None or day >= named.day:
        return None
    return NamedDay(day, named.start - len(before) + match.start(), named.start)


def _collect(
    matches: Iterable[re.Match[str]],
    forms: Forms,
    looked: _Looked,
    *,
    bare: bool,
    into: list[NamedDay],
) -> None:
    for match in matches:
        if len(into) >= _MOST:
            return
        named = (match.start(part) for part in match.re.groupindex if part in _PARTS)
        start, end = min(place for place in named if place >= 0), match.end()
        if any(start < other.end and other.start < end for other in into):
            continue
        day = _day(match, forms, looked)
        if day is not None and bare and not match.groupdict().get("limit"):
            day = _in_the_month_before(day, start, into, sent=looked.sent) or day
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


def _day(match: re.Match[str], forms: Forms, looked: _Looked) -> date | None:
    parts = match.groupdict()
    day, name = int(parts["day"]), parts.get("name")
    if name is None and "month" not in parts:
        return _day_of_a_month(day, match, looked)
    month = forms.months[name.rstrip(".")] if name else int(parts["month"])
    from_above = bool(parts.get("year")) and match.start("year") < match.start("day")  # ISO 8601
    in_figures = not name and ("/" in match.group() or "-" in match.group())
    may_be_turned = in_figures and not from_above
    american = may_be_turned and looked.month_first and day <= 12
    if american or (may_be_turned and month > 12 >= day):
        day, month = month, day
    year = parts.get("year") or parts.get("short_year")
    if year:
        return _valid(int(year) + (2000 if len(year) == 2 else 0), month, day)
    return _closest(month, day, looked.sent)


def _day_of_a_month(day: int, match: re.Match[str], looked: _Looked) -> date | None:
    """Of the months about the mail's the one that is meant: where the weekday fits, or ahead where
    it is a limit, or behind where it is told of, or the closest."""
    sent, text = looked.sent, match.group()
    days = [one for one in _in_the_months_about(day, sent) if one]
    weekday = _weekday_in(text, looked.language)
    meant = [one for one in days if one.weekday() == weekday]
    if not meant and match.groupdict().get("limit"):
        meant = [one for one in days if one >= sent]
    elif not meant and is_told(looked.folded, *match.span(), language=looked.language):
        meant = [one for one in days if one <= sent]
    return min(meant or days, key=lambda one: abs((one - sent).days), default=None)


def _weekday_in(text: str, language: str) -> int | None:
    """The weekday with which a match begins; Monday is 0."""
    every = [LANGUAGES[language]] if language in LANGUAGES else list(LANGUAGES.values())
    for one in every:
        for number, names in enumerate(one.weekdays.split("/")):
            if re.match(rf"(?:{names})(?![a-z])", text):
                return number
    return None


def _closest(month: int, day: int, sent: date) -> date | None:
    years = (_valid(sent.year + step, month, day) for step in (-1, 0, 1))
    return min((day for day in years if day), key=lambda day: abs((day - sent).days), default=None)


def _in_the_months_about(day: int, sent: date) -> tuple[date | None, ...]:
    """The day of this, the last and the next month."""
    last = (sent.year - (sent.month == 1), (sent.month - 2) % 12 + 1)
    following = (sent.year + (sent.month == 12), sent.month % 12 + 1)
    return tuple(
        _valid(year, month, day) for year, month in ((sent.year, sent.month), last, following)
    )


def _valid(year: int, month: int, day: int) -> date | None:
    try:
        return date(year, month, day)
    except ValueError:
        return None
