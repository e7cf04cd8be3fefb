"""Days as people say them: "Fri 25 Dec", "24 Dec to 1 Jan". Pure."""

from __future__ import annotations

from datetime import date

from app.domain.translation import to_translate, tr

LONG_DAYS = (
    to_translate("Monday"),
    to_translate("Tuesday"),
    to_translate("Wednesday"),
    to_translate("Thursday"),
    to_translate("Friday"),
    to_translate("Saturday"),
    to_translate("Sunday"),
)
SHORT_DAYS = (
    to_translate("Mon"),
    to_translate("Tue"),
    to_translate("Wed"),
    to_translate("Thu"),
    to_translate("Fri"),
    to_translate("Sat"),
    to_translate("Sun"),
)
_MONTHS = (
    to_translate("Jan"),
    to_translate("Feb"),
    to_translate("Mar"),
    to_translate("Apr"),
    to_translate("May"),
    to_translate("Jun"),
    to_translate("Jul"),
    to_translate("Aug"),
    to_translate("Sep"),
    to_translate("Oct"),
    to_translate("Nov"),
    to_translate("Dec"),
)


def said_day(day: date, *, year: bool = False) -> str:
    """A day with its weekday, and its year where that may be another."""
    return tr("{weekday} {date}", weekday=weekday(day), date=said_date(day, year=year))


def said_date(day: date, *, year: bool = False) -> str:
    """A day without its weekday: "3 Nov", "3 Nov 2025"."""
    words = tr("{day} {month}", day=day.day, month=tr(_MONTHS[day.month - 1]))
    return f"{words} {day.year}" if year else words


def said_month(day: date) -> str:
    """The month with its year: "Nov 2026"."""
    return f"{tr(_MONTHS[day.month - 1])} {day.year}"


def weekday(day: date) -> str:
    """The day of the week in short: "Tue"."""
    return tr(SHORT_DAYS[day.weekday()])


def long_weekday(day: date) -> str:
    """The day of the week: "Tuesday"."""
    return tr(LONG_DAYS[day.weekday()])


def said_days(first: date, last: date, *, year: bool = False) -> str:
    """One day, or the first and the last of several."""
    if first == last:
        return said_day(first, year=year)
    begins, ends = said_day(first, year=year), said_day(last, year=year)
    return tr("{first} to {last}", first=begins, last=ends)
