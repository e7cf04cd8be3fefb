"""How many hours are left until what a mail names; the eighth of October 2026 is a Thursday."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from app.triage.days import named_days
from app.triage.language import language_of
from app.triage.moments import moments_ahead
from app.triage.words import words_of

THURSDAY = datetime(2026, 10, 8, 12, tzinfo=UTC)
TODAY, A_DAY = 8, 24


def hours(text: str) -> list[float]:
    words = words_of(text)
    days = named_days(words.text, sent=THURSDAY.date(), language=language_of(words))
    return [one.hours for one in moments_ahead(words, days, now=THURSDAY)]


@pytest.mark.parametrize(
    "text",
    [
        "Respond by: Thursday, October 22, 2026, 11:59 PM UTC",
        "Respond by 22 October (Thursday), please",
        "Die Frist endet am Donnerstag, den 22. Oktober",
        "avant jeudi 22 octobre",
        "antes del jueves 22 de octubre de 2026",
        "entro giovedì 22 ottobre",
        "uiterlijk donderdag 22 oktober",
        "até quinta-feira, dia 22 de outubro",
        "do czwartku, 22 października",
    ],
)
def test_a_weekday_that_goes_with_a_date_is_not_the_next_one(text: str) -> None:
    """A dispute's deadline in two weeks read as today, because that is a Thursday too."""
    assert hours(text) == [14 * A_DAY]


def test_a_weekday_of_a_date_that_is_over_is_over() -> None:
    assert hours("It came on Thursday, 24 September.") == []


def test_where_weekday_and_date_do_not_fit_either_may_be_meant() -> None:
    assert hours("by Friday, 22 October") == [A_DAY, 14 * A_DAY]


def test_a_weekday_elsewhere_in_the_sentence_stands_for_itself() -> None:
    assert hours("I need it by Friday, the order is of 24 September.") == [A_DAY]


def test_a_weekday_is_today_unless_the_next_one_is_meant() -> None:
    assert hours("I need it by Thursday") == [TODAY]
    assert hours("I need it by next Thursday") == [7 * A_DAY]
    assert hours("il me le faut jeudi prochain") == [7 * A_DAY]


@pytest.mark.parametrize(
    ("text", "days"),
    [
        ("within ten working days of this letter", 10),
        ("in two weeks", 14),
        ("innerhalb einer Frist von 14 Tagen", 14),
        ("dans un délai de quinze jours", 15),
        ("en el plazo de DIEZ DÍAS HÁBILES", 10),
        ("entro il termine di venti giorni", 20),
        ("binnen een termijn van veertien dagen", 14),
        ("no prazo de 10 dias úteis", 10),
        ("w terminie trzydziestu dni od dnia otrzymania", 30),
    ],
)
def test_a_time_that_is_given_counts_from_the_mail(text: str, days: int) -> None:
    assert hours(text) == [days * A_DAY]


@pytest.mark.parametrize("text", ["It broke two weeks ago.", "vor zehn Tagen", "dez dias atrás"])
def test_what_is_over_is_no_moment_ahead(text: str) -> None:
    assert hours(text) == []
