"""Words: times, amounts and counts as people say them."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from PySide6.QtCore import QLocale

from app.domain.assessment import Kind, Priority
from app.domain.journal import State
from app.domain.message import Address
from app.domain.money import Money
from app.domain.views import View
from app.ui import words
from tests.support.ui_fakes import NOW, a_row

BERLIN = ZoneInfo("Europe/Berlin")


@pytest.mark.parametrize(
    ("left", "said"),
    [
        (timedelta(seconds=20), "due now"),
        (timedelta(minutes=12), "in 12 min"),
        (timedelta(minutes=59, seconds=59), "in 59 min"),
        (timedelta(hours=2, minutes=10), "in 2 h 10"),
        (timedelta(hours=14), "in 14 h"),
        (timedelta(days=1), "due tomorrow"),
        (timedelta(days=3), "due Fri"),
        (timedelta(days=16), "due 3 Dec"),
        (timedelta(days=60), "due 16 Jan 2027"),
        (timedelta(minutes=-1), "late 1 min"),
        (timedelta(hours=-26), "late 26 h"),
        (timedelta(days=-3), "late 3 days"),
    ],
)
def test_time_left_is_said_in_at_most_two_figures(left, said):
    assert words.time_left(NOW + left, NOW, UTC) == said


def test_a_day_is_that_of_the_owners_zone():
    late = datetime(2026, 11, 17, 23, 30, tzinfo=UTC)
    assert words.moment(late, NOW, UTC) == "today 23:30"
    assert words.moment(late, NOW, BERLIN) == "tomorrow 00:30"


def test_moments_name_weekdays_within_a_week_and_dates_beyond():
    assert words.moment(NOW - timedelta(days=1), NOW, UTC) == "yesterday 13:02"
    assert words.moment(NOW - timedelta(days=5), NOW, UTC) == "Thu 13:02"
    assert words.moment(NOW - timedelta(days=14), NOW, UTC) == "3 Nov"
    assert words.exact(NOW - timedelta(days=14), UTC) == "Tuesday 3 Nov 2026, 13:02"


def test_money_has_its_currency_and_its_own_number_of_decimals():
    english = QLocale("en_GB")
    assert words.money(Money(123450, "EUR"), english) == "€1,234.50"
    assert words.money(Money(1200, "JPY"), english) == "¥1,200"
    assert words.money(Money(18400, "SEK"), english) == "184.00 SEK"
    assert words.money(Money(-500, "EUR"), english) == "-€5.00"


def test_money_is_written_as_the_country_writes_it():
    assert words.money(Money(3850, "EUR"), QLocale("de_DE")).replace("\xa0", " ") == "38,50 €"


def test_every_view_and_every_kind_has_a_name():
    for name in (*View, *Kind):
        assert words.view_word(name)


@pytest.mark.parametrize(
    ("fields", "text", "tone"),
    [
        ({"deadline_at": NOW + timedelta(minutes=48)}, "in 48 min", "high"),
        ({"deadline_at": NOW - timedelta(minutes=25)}, "late 25 min", "critical"),
        ({"deadline_at": NOW + timedelta(hours=3)}, "in 3 h", "text_muted"),
        ({"state": State.WAITING, "last_at": NOW - timedelta(days=2, hours=1)}, "their turn 2 days",
         "text_muted"),
        ({"snoozed_until": NOW + timedelta(hours=20)}, "wakes tomorrow 09:02", "text_muted"),
        ({"state": State.RESOLVED, "last_at": NOW}, "heard today", "text_muted"),
        ({"deadline_at": None, "waiting_since": NOW - timedelta(minutes=47)}, "waits 47 min",
         "text_muted"),
        ({"deadline_at": None, "last_at": NOW - timedelta(hours=3)}, "3 h ago", "text_muted"),
        ({"state": State.WAITING, "last_at": NOW}, "their turn 1 min", "text_muted"),
        ({"kind": Kind.NOT_AN_ISSUE, "deadline_at": None, "last_at": NOW - timedelta(days=4),
          "waiting_since": NOW - timedelta(days=4)}, "4 days ago", "text_muted"),
        ({"deadline_at": NOW - timedelta(hours=3), "priority": Priority.P3}, "late 3 h",
         "text_muted"),
        ({"deadline_at": NOW + timedelta(minutes=9), "priority": Priority.P4}, "in 9 min",
         "text_muted"),
    ],
)  # fmt: skip
def test_what_stands_at_the_right_says_whose_turn_it_is(fields, text, tone):
    said = words.standing(a_row(**fields), NOW, UTC)
    assert (said.text, said.tone) == (text, tone)
    assert said.exact


def test_one_more_chip_only_where_it_changes_what_to_do():
    assert words.warning_chip(a_row()) == ""
    assert words.warning_chip(a_row(message_count=3)) == "3 mails"
    assert words.warning_chip(a_row(second_kind=Kind.DISPUTE)) == "Dispute"
    assert words.warning_chip(a_row(second_kind=Kind.REFUND_BILLING)) == ""
    assert words.warning_chip(a_row(suspicious=True, message_count=9)) == "Suspicious"


def test_an_unsure_kind_is_asked_not_said():
    assert words.kind_chip(a_row(unsure=True)) == "Damaged?"


def test_a_row_is_spoken_with_the_most_important_word_first():
    said = words.spoken(a_row(1, deadline_at=NOW + timedelta(minutes=96)), NOW, UTC)
    assert said.startswith(
        "High, score 79, Damaged, Mug 1 arrived smashed from Ben Costa 1, in 1 h 36"
    )
    assert said.endswith("not read yet")


def test_somebody_without_a_name_is_called_by_the_address():
    assert words.person(Address(email="a@b.example")) == "a@b.example"
    assert words.person(Address(email="")) == "No sender"


def test_facts_become_sentences():
    assert words.sentences("It is so", "", "Do this.") == "It is so. Do this."
