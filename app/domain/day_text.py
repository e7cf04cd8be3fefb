"""Days as people say them: "Fri 25 Dec", "24 Dec to 1 Jan". Pure."""

from __future__ import annotations

from datetime import date

_DAYS = ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun")
_MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")


def said_day(day: date, *, year: bool = False) -> str:
    """A day with its weekday, and its year where that may be another."""
    words = f"{_DAYS[day.weekday()]} {day.day} {_MONTHS[day.month - 1]}"
    return f"{words} {day.year}" if year else words


def said_days(first: date, last: date, *, year: bool = False) -> str:
    """One day, or the first and the last of several."""
    if first == last:
        return said_day(first, year=year)
    return f"{said_day(first, year=year)} to {said_day(last, year=year)}"
