"""What an owner types is understood in the language in which it is shown, and in English."""

from __future__ import annotations

from datetime import date, timedelta
from gettext import NullTranslations

import pytest

from app.domain import hours_text, time_text
from app.domain.translation import amid, speak, tr
from app.escalation.hours import GivenHours, calendar_of_hours
from app.escalation.public_holidays import holidays_of, names_of

pytestmark = pytest.mark.usefixtures("german")

CHRISTMAS = date(2026, 12, 25)


@pytest.mark.parametrize("text", ["frei", "Frei", "free", ""])
def test_a_free_day_is_read_as_it_is_said(text: str) -> None:
    """In a field that shows "frei", and in one that a German fills in English."""
    assert hours_text.said_intervals(()) == "frei"
    assert hours_text.intervals(text) == []


@pytest.mark.parametrize(
    ("text", "meant"),
    [
        ("2 Tage", timedelta(days=2)),
        ("1 Std 30 Min", timedelta(minutes=90)),
        ("1,5 Stunden", timedelta(minutes=90)),
        ("2 Stunden und 5 Minuten", timedelta(minutes=125)),
        ("45 Min.", timedelta(minutes=45)),
        ("90 min", timedelta(minutes=90)),
        ("keine", None),
        ("nie", None),
    ],
)
def test_a_length_of_time_is_read_in_german(text: str, meant: timedelta | None) -> None:
    """And written into the rule files as ever."""
    assert time_text.length(text) == meant
    assert time_text.written("2 Tage") == "48 h"


def test_a_holiday_is_named_in_german_and_known_by_every_name() -> None:
    """Who chose to work on it before the window was German still works on it."""
    assert holidays_of("DE", "", 2026)[CHRISTMAS] == "Erster Weihnachtstag"
    assert names_of("DE", "", CHRISTMAS) == {"Erster Weihnachtstag", "Christmas Day"}
    week = {"friday": [("09:00", "17:00")]}
    for name in ("Christmas Day", "Erster Weihnachtstag"):
        given = GivenHours(hours=week, country="DE", works_on=[name])
        assert calendar_of_hours(given, home="Europe/Berlin").hours_of(CHRISTMAS)
    closed = calendar_of_hours(GivenHours(hours=week, country="DE"), home="Europe/Berlin")
    assert not closed.hours_of(CHRISTMAS)


def test_names_stay_as_they_are_amid_a_german_sentence() -> None:
    """English writes them small."""
    assert amid(tr("Working hours")) == "Arbeitszeiten"
    speak(NullTranslations())
    assert amid(tr("Working hours")) == "working hours"
