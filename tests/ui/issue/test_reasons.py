"""Why this priority: at most five bars, and their points add up to the score."""

from __future__ import annotations

from datetime import datetime
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.domain.assessment import Reason
from app.ui.issue.reason_bars import Bar, ReasonBar, bars, signed
from app.ui.issue.snooze_choices import snooze_choices
from tests.support import ui_issue_fakes as fakes

_BERLIN = ZoneInfo("Europe/Berlin")


@given(st.lists(st.integers(-40, 60), max_size=12))
def test_at_most_five_bars_and_no_point_is_lost(points):
    """Each begins where the one before it ended."""
    made = bars([Reason(factor="f", points=one, because="b") for one in points])
    assert len(made) <= 5
    assert sum(bar.points for bar in made) == sum(points)
    height = 0
    for bar in made:
        assert bar.start == height
        height += bar.points


def test_the_small_reasons_share_a_bar_that_names_them():
    """Nothing is hidden: hovering tells each."""
    last = bars(fakes.issue().reasons)[-1]
    assert last.words == "2 smaller reasons"
    assert "6th order of this customer: +4" in last.detail
    assert signed(-5) == "−5"


def test_the_words_that_the_machine_chose_are_the_buttons_that_change_them(panel_of, asked):
    """One menu, one click."""
    why = panel_of(fakes.issue()).page.why
    assert why._kind.text() == "Damaged"
    why._open_severities()
    chosen = next(a for a in why._menu.actions() if a.text().startswith("Critical"))
    chosen.trigger()
    assert asked.args_of("override") == {"key": fakes.KEY, "severity": "critical"}


def test_choosing_what_it_is_already_asks_nothing(panel_of, asked):
    """An override is a decision, not a click."""
    why = panel_of(fakes.issue()).page.why
    why.open_kinds()
    next(a for a in why._menu.actions() if a.isChecked()).trigger()
    assert "override" not in asked.verbs()


def test_the_best_guess_of_an_unsure_issue_can_be_confirmed(panel_of, asked):
    """Said by a person, it is certain, and it teaches."""
    why = panel_of(fakes.issue(row=fakes.row(unsure=True), journal=())).page.why
    why.open_kinds()
    next(a for a in why._menu.actions() if a.isChecked()).trigger()
    assert asked.args_of("override") == {"key": fakes.KEY, "kind": "damaged"}


def test_an_unsure_kind_carries_a_question_mark_until_somebody_decides(panel_of):
    """Unsure is a result, not an error."""
    unsure = fakes.issue(row=fakes.row(unsure=True), journal=())
    assert panel_of(unsure).page.why._kind.text() == "Damaged?"


@pytest.mark.parametrize(
    ("now", "words"),
    [
        (datetime(2026, 11, 17, 8, 0, tzinfo=_BERLIN), ["hour", "17:00", "9:00", "Monday", "week"]),
        (datetime(2026, 11, 17, 16, 0, tzinfo=_BERLIN), ["hour", "9:00", "Monday", "week"]),
        (datetime(2026, 11, 22, 16, 0, tzinfo=_BERLIN), ["hour", "9:00", "week"]),
    ],
)
def test_the_choices_to_snooze_are_what_people_mean(now, words):
    """No "this afternoon" at four, no "Monday" on a Sunday, soonest first."""
    choices = snooze_choices(now)
    assert len(choices) == len(words)
    for choice, word in zip(choices, words, strict=True):
        assert word in choice.words
    assert [choice.until for choice in choices] == sorted(choice.until for choice in choices)


def test_tomorrow_at_nine_is_nine_also_when_the_clock_changes_at_night():
    """25 October 2026 has 25 hours in Berlin."""
    choices = snooze_choices(datetime(2026, 10, 24, 16, 0, tzinfo=_BERLIN))
    tomorrow = next(one for one in choices if one.words.startswith("Tomorrow"))
    assert tomorrow.until.hour == 9
    assert tomorrow.until.utcoffset() == datetime(2026, 10, 25, 9, tzinfo=_BERLIN).utcoffset()


def test_long_words_take_a_second_line_and_are_whole_in_the_tool_tip(theme):
    drawn = ReasonBar(theme=theme)
    words = "Somebody was hurt or could be, and the customer says so: burned her hand on it"
    drawn.show_bar(Bar(words=words, points=40, start=0), top=90, token="high_mark")
    assert drawn.heightForWidth(600) > drawn.heightForWidth(1400)
    assert words in drawn.toolTip()
    drawn.deleteLater()


def test_who_works_at_night_can_let_it_sleep_until_this_morning():
    """At half past midnight "tomorrow morning" is 33 hours away, and was the next one offered."""
    night = datetime(2026, 11, 24, 0, 30, tzinfo=_BERLIN)
    untils = {choice.words: choice.until for choice in snooze_choices(night)}
    assert untils["This morning, 9:00"] == datetime(2026, 11, 24, 9, 0, tzinfo=_BERLIN)
    later = datetime(2026, 11, 24, 8, 30, tzinfo=_BERLIN)
    assert "This morning, 9:00" not in {choice.words for choice in snooze_choices(later)}
