"""How many hours are left until what a mail names, in eight languages; cases are in times.txt."""

from __future__ import annotations

from collections import Counter
from datetime import UTC, datetime
from pathlib import Path

import pytest

from app.triage.days import named_days
from app.triage.moments import moments_ahead, weekday_named
from app.triage.time_words import LANGUAGES
from app.triage.words import words_of

THURSDAY = datetime(2026, 10, 8, 12, tzinfo=UTC)
A_DAY = 24
LINES = Path(__file__).with_name("times.txt").read_text("utf-8").splitlines()
CASES = [[part.strip() for part in one.split("|")] for one in LINES if one[:1] not in ("#", "")]


def hours(text: str, *, language: str = "en", now: datetime = THURSDAY) -> list[float]:
    words = words_of(text)
    days = named_days(words.text, sent=now.date(), language=language)
    return [one.hours for one in moments_ahead(words, days, now=now, language=language)]


@pytest.mark.parametrize("case", CASES, ids=" | ".join)
def test_the_nearest_time_to_come_that_a_sentence_names_is_found(case: list[str]) -> None:
    language, text, wanted, *day = case
    now = datetime.fromisoformat(f"{day[0]}T12:00+00:00") if day else THURSDAY
    found = hours(text, language=language, now=now)
    if wanted == "-":
        assert found == []
    else:
        least, _, most = wanted.partition("~")
        assert float(least) - 0.5 <= min(found) <= float(most or least) + 0.5


def test_every_language_has_its_cases() -> None:
    counted = Counter(language for language, *_ in CASES)
    assert set(counted) == set(LANGUAGES)
    assert min(counted.values()) >= 20


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
    """A dispute's deadline in two weeks read as today, because that is a Thursday too; also where
    nobody knows the language."""
    assert hours(text, language="") == [14 * A_DAY]


def test_a_weekday_of_a_date_that_is_over_is_over() -> None:
    assert hours("It came on Thursday, 24 September.") == []


def test_where_weekday_and_date_do_not_fit_either_may_be_meant() -> None:
    assert hours("by Friday, 22 October") == [A_DAY, 14 * A_DAY]


def test_a_loose_time_counts_where_its_sentence_names_nothing_else() -> None:
    assert hours("Reply by noon on Friday.") == [A_DAY]
    assert hours("Reply by noon. The party is on Friday.") == [8, A_DAY]


@pytest.mark.parametrize("text", ["within 30² days", "within ² days", "99999 days", "in 000 hours"])
def test_odd_figures_are_no_trouble(text: str) -> None:
    """A footnote's mark stands behind a number in pasted terms; it made the judgement fail."""
    hours(text)


def test_a_weekday_is_known_by_its_name() -> None:
    assert weekday_named("thursday") == weekday_named("czwartku", language="pl") == 3
    assert weekday_named("mon", language="fr") is None
