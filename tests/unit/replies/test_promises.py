"""Promises in words: which sentences of ours bind us, where each of them names a time."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from app.replies.promises import Promised, end_of_day, promises

SENT = datetime(2026, 11, 20, 12, 0, tzinfo=UTC)
DAYS = {f"{number} days": SENT + timedelta(days=number) for number in (-1, 0, 2, 5, 60, 61)}


def by_its_days(sentence: str) -> datetime | None:
    return next((due for words, due in DAYS.items() if f" {words}" in sentence), None)


def promised(text: str) -> list[tuple[Promised, int]]:
    found = promises(text, when=by_its_days, sent_at=SENT)
    return [(one.what, (one.due_at - SENT).days) for one in found]


@pytest.mark.parametrize(
    "text",
    [
        "The carrier will send the new parcel to you in 2 days.",
        "Your bank will refund you within 2 days.",
        "The refund was issued, you will have it within 2 days.",
        "Nous avons déjà remboursé, vous recevrez le remboursement sous 2 days.",
        "Wir haben Ihnen das neue Paket bereits geschickt, es wird in 2 days da sein.",
        "You asked for a refund within 2 days.",
        "A refund within 2 days is usual.",
        "You wanted us to get back to you in 2 days.",
        "Once it is here, we will refund you within 2 days.",
        "We will send you the tracking number of the new parcel in 2 days.",
        "> We will refund you within 2 days.",
    ],
)
def test_what_others_do_what_is_done_and_what_is_only_told_binds_us_to_nothing(text: str) -> None:
    assert promised(text) == []


def test_of_one_sort_the_earliest_counts_wherever_it_stands_and_each_sort_for_itself() -> None:
    late, soon = "We will refund the mug within 5 days.", "We will refund the fee within 2 days."
    answer = "I will get back to you within 5 days."
    parcel = "We will send a new one within 2 days."
    assert promised(f"{late} {soon}") == promised(f"{soon} {late}") == [(Promised.REFUND, 2)]
    assert promised(f"{late} {parcel} {answer}") == [
        (Promised.REFUND, 5),
        (Promised.PARCEL, 2),
        (Promised.ANSWER, 5),
    ]


@pytest.mark.parametrize(("days", "counts"), [(-1, False), (0, False), (60, True), (61, False)])
def test_nobody_promises_the_past_or_what_is_further_off_than_sixty_days(
    days: int, counts: bool
) -> None:
    assert bool(promised(f"We will refund you, it takes {days} days.")) is counts


def test_of_a_long_sentence_the_beginning_is_kept() -> None:
    long = f"We will refund you within 2 days, {'and gladly, ' * 12}as you asked"
    (found,) = promises(long, when=by_its_days, sent_at=SENT)
    assert found.words == f"{long[:119]}…"
    (short,) = promises(long[:120], when=by_its_days, sent_at=SENT)
    assert short.words == long[:120].strip()


def test_a_day_ends_in_its_evening_or_for_who_writes_in_the_evening_at_midnight() -> None:
    evening = SENT.replace(hour=18)
    assert end_of_day(SENT, sent_at=SENT) == evening
    assert end_of_day(SENT, sent_at=evening) == SENT.replace(hour=23, minute=59)
    tomorrow = SENT + timedelta(days=1)
    assert end_of_day(tomorrow, sent_at=evening) == evening + timedelta(days=1)
