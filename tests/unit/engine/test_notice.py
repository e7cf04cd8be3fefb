"""By when a provider's own mail wants to be answered."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

import pytest

from app.engine.notice import Wanted, wanted_by

CAME = datetime(2026, 11, 20, 15, 0, tzinfo=UTC)
TODAY = date(2026, 11, 20)


def wanted(text: str, language: str = "en") -> Wanted:
    return wanted_by(text, came_at=CAME, language=language)


def test_its_own_day_is_wanted_where_it_is_a_limit() -> None:
    said = "You must respond by November 20, 2026 or the case is closed in the buyer's favour."
    assert wanted(said).days == (TODAY,)


@pytest.mark.parametrize(
    "said",
    [
        "A customer opened a dispute on November 20, 2026. Please respond soon.",
        "We received your response on November 20, 2026.",
    ],
)
def test_the_day_on_which_it_was_written_is_not_wanted(said: str) -> None:
    assert wanted(said).days == ()


def test_the_day_until_which_the_money_is_held_is_not_the_one_for_an_answer() -> None:
    said = (
        "A dispute was opened about a payment of November 2, 2026. The funds are held until "
        "November 25, 2026. Please respond by December 5, 2026."
    )
    assert wanted(said).days == (date(2026, 12, 5),)


@pytest.mark.parametrize(
    ("said", "language", "within"),
    [
        ("A buyer opened a case. You have 3 days to respond.", "en", timedelta(days=3)),
        ("Please submit evidence within 48 hours.", "en", timedelta(hours=48)),
        ("Bitte antworten Sie innerhalb von 10 Tagen.", "de", timedelta(days=10)),
        ("Bitte antworten Sie innerhalb von 10 Tagen.", "", timedelta(days=10)),
    ],
)
def test_how_long_it_gives_for_an_answer_is_read(
    said: str, language: str, within: timedelta
) -> None:
    assert wanted(said, language).within == within


def test_how_long_a_bank_takes_is_not_how_long_we_have() -> None:
    assert wanted("The bank decides within 75 days.").within is None


def test_an_empty_mail_wants_nothing() -> None:
    assert wanted("") == Wanted()
