"""The count of open disputes: what wants an answer, what a bank warns of, what a bank decides."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

from app.domain.dispute import DisputeKind, DisputeState
from app.domain.dispute_tally import tally, tally_words
from app.domain.dispute_views import DisputeRow
from app.domain.money import Money
from tests.support.disputes import a_dispute
from tests.support.ui_disputes import a_row

_NOW = datetime(2026, 11, 17, tzinfo=UTC)


def a_case(**given: Any) -> DisputeRow:
    return a_row(1, a_dispute("dp_1", **given), _NOW)


def rows(*told: DisputeRow) -> str:
    return tally_words(tally(told))


def test_answers_and_warnings_are_counted_and_summed_apart() -> None:
    two = (a_case(amount=Money(27_800, "EUR")), a_case(amount=Money(11_600, "EUR")))
    warning = a_case(amount=Money(41_700, "EUR"), kind=DisputeKind.ALERT)
    assert rows(*two, warning) == "2 disputes to answer, €394.00; 1 bank warning, €417.00"


def test_what_the_bank_decides_now_stands_last_and_what_is_over_or_a_test_nowhere() -> None:
    assert (
        rows(
            a_case(amount=Money(500, "EUR"), state=DisputeState.UNDER_REVIEW),
            a_case(amount=Money(700, "EUR"), state=DisputeState.WON),
            a_case(amount=Money(900, "EUR"), is_test=True),
        )
        == "1 with the bank, €5.00"
    )
    assert rows() == ""


def test_currencies_are_never_added_up() -> None:
    two = [a_case(amount=Money(20_000, "USD")), a_case(amount=Money(5_000, "EUR"))]
    assert rows(*two) == "2 disputes to answer, $200.00 + €50.00"
