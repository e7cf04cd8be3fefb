"""What is owed about an issue, opened from the time that is left."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest
import shiboken6
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QLabel, QPushButton

from app.domain.deadline import Deadline, Metric
from app.ui.issue.deadline_card import DeadlineCard, in_order, state_words
from tests.support.ui_issue_fakes import NOW

HOUR = timedelta(hours=1)
ANSWER = Deadline(
    metric=Metric.NEXT_RESPONSE,
    planned_at=NOW + 2 * HOUR,
    explanation=("P2, high: an answer is promised within 8 h.", "So it is due Tue 11:40."),
)
FIRST = Deadline(
    metric=Metric.FIRST_RESPONSE,
    planned_at=NOW - 5 * HOUR,
    met_at=NOW - 4 * HOUR,
    breached_at=NOW - 5 * HOUR,
)
CLOCK = Deadline(
    metric=Metric.PROVIDER_CLOCK,
    title="Evidence for Stripe",
    planned_at=NOW + HOUR,
    consequence="the dispute is lost",
    source="stripe.com, looked up 2026-11-21",
    verify=True,
)


@pytest.fixture
def card(qtbot, theme):
    made = DeadlineCard(theme=theme)
    yield made
    shiboken6.delete(made)


def words(card: DeadlineCard) -> str:
    return "\n".join(one.text() for one in card.findChildren(QLabel) if not one.isHidden())


def test_each_deadline_says_why_it_is_when_it_is(card):
    card.show_deadlines((FIRST, ANSWER, CLOCK), NOW)
    said = words(card)
    assert "So it is due Tue 11:40." in said
    assert "If it is missed: the dispute is lost." in said
    assert "look up the true date" in said
    assert "Source: stripe.com" in said


def test_what_runs_out_next_stands_on_top_and_what_is_over_below():
    assert in_order((FIRST, ANSWER, CLOCK)) == (CLOCK, ANSWER, FIRST)


def test_how_a_deadline_stands_is_said_in_words():
    assert state_words(ANSWER, NOW) == ("2 h left", "")
    assert state_words(ANSWER, NOW + 3 * HOUR) == ("1 h late", "critical")
    assert state_words(FIRST, NOW)[0].endswith("1 h late")
    still = Deadline(metric=Metric.RESOLUTION, planned_at=NOW, paused_at=NOW - HOUR)
    assert state_words(still, NOW)[0].startswith("stands still since")


def test_an_issue_about_which_nothing_is_owed_says_so(card):
    card.show_deadlines((), NOW)
    assert "Nothing is promised" in words(card)


def test_a_promise_in_words_is_done_with_one_click(card, qtbot):
    """Only one that is open: a provider's clock cannot be clicked away."""
    word = Deadline(
        metric=Metric.GIVEN_WORD,
        planned_at=NOW + 2 * HOUR,
        name="refund-1",
        title="The refund you promised",
    )
    kept = replace(word, name="refund-2", met_at=NOW)
    card.show_deadlines((word, CLOCK, kept), NOW)
    card.show()
    buttons = [one for one in card.findChildren(QPushButton) if one.text() == "It is done"]
    assert [one.accessibleName() for one in buttons] == ["It is done: The refund you promised"]
    with qtbot.waitSignal(card.done) as done:
        QTest.mouseClick(buttons[0], Qt.MouseButton.LeftButton)
    assert done.args == ["refund-1"]
