"""The numbers, each with what it means and beside the time before."""

from __future__ import annotations

from typing import Any

import pytest
import shiboken6
from PySide6.QtWidgets import QComboBox, QLabel, QPushButton, QWidget

from app.domain.errors import KnownError
from app.ui.reports.dialog import ReportsDialog
from app.ui.reports.figure_row import (
    FigureRow,
    beside,
    by_words,
    count_words,
    length_words,
    value_words,
)
from app.ui.reports.what_if import WhatIf
from tests.support import ui_issue_fakes as fakes
from tests.support.ui_answers import REPORT as ANSWER
from tests.support.ui_answers import SIMULATED, a_figure
from tests.support.ui_fakes import FakeClock


@pytest.fixture
def asked():
    return fakes.FakeBridge({"report": ANSWER, "simulate": SIMULATED})


@pytest.fixture
def dialog(qtbot, theme, asked):
    made = ReportsDialog(bridge=asked, theme=theme, clock=FakeClock())
    made.show()
    yield made
    if shiboken6.isValid(made):
        shiboken6.delete(made)


def words(widget) -> str:
    return "\n".join(one.text() for one in widget.findChildren(QLabel) if one.isVisible())


def test_a_figure_says_what_it_is_of_how_many_and_how_it_was(dialog):
    """The median, its n, what is open, the definition, the time before with its own n."""
    said = words(dialog)
    for part in ("1.6 h", "usually, of 120, 4 still open", "before: 24.0 h of 80", "nine of ten"):
        assert part in said
    assert "From their first mail to ours." in said
    assert "The season may have changed" in said


def _bars(row: QWidget) -> list[str]:
    return [one.accessibleName() for one in row.findChildren(QWidget) if one.accessibleName()]


def test_bars_stand_only_where_there_is_something_to_compare(theme, qtbot):
    """The middle one with nine of ten, now with before; one length alone would always be full."""
    alone = FigureRow(a_figure(p90_minutes=None), before=None, theme=theme)
    spread = FigureRow(a_figure(), before=None, theme=theme)
    both = FigureRow(a_figure(), before=a_figure(median_minutes=1440.0), theme=theme)
    for row in (alone, spread, both):
        qtbot.addWidget(row)
    assert _bars(alone) == []
    assert _bars(spread) == ["Now 1.6 h, nine of ten within 10.0 h"]
    assert _bars(both) == [
        "Now 1.6 h, nine of ten within 10.0 h; before 24.0 h, nine of ten within 10.0 h"
    ]


def test_a_share_says_how_it_was_and_nothing_is_said_of_none():
    before = a_figure(clock=None, median_minutes=None, share=0.4, n=20, open=0)
    assert beside(before) == "before: 40% of 20"
    assert count_words(a_figure(n=0, open=0)) == "none so far"


def test_a_share_is_of_what_is_decided_and_the_count_is_said():
    """26 of 34 are 76 %; the sixteen that are still open are none of them."""
    promised = a_figure(clock=None, median_minutes=None, p90_minutes=None, share=26 / 34, n=50,
                        open=16)  # fmt: skip
    assert count_words(promised) == "26 of 34, 16 still open"


def test_all_and_none_are_said_only_of_all_and_none():
    """One broken of 300 is not 100 %, one of 1,000 not 0 %; whole ones stay whole."""
    share = {"clock": None, "median_minutes": None, "p90_minutes": None}
    shown = {
        part: value_words(a_figure(**share, share=part))
        for part in (0.0, 0.001, 0.0001, 0.004, 0.006, 0.5, 299 / 300, 0.99999, 1.0)
    }
    assert list(shown.values()) == [
        "0%", "0.1%", "0.1%", "0.4%", "1%", "50%", "99.7%", "99.9%", "100%"
    ]  # fmt: skip


def test_the_counts_below_a_share_add_up():
    """The most first; what has no line of its own is counted together."""
    by = {"late": 9, "damaged": 7, "wrong_item": 5, "other": 4, "wrong_size": 2, "dispute": 1}
    assert by_words(a_figure(by=by)) == [
        "Late: 9", "Damaged: 7", "Wrong item: 5", "Other: 4", "all others: 3"
    ]  # fmt: skip
    del by["dispute"]
    assert by_words(a_figure(by=by))[-1] == "Wrong size: 2"


def test_a_length_that_nobody_can_tell_yet_says_so_in_plain_words():
    nothing_over = a_figure(median_minutes=None, p90_minutes=None, n=4, open=4)
    assert value_words(nothing_over) == "not enough yet"
    assert count_words(nothing_over) == "of 4, all still open"
    changed = a_figure(name="template_changed", clock=None, median_minutes=None, p90_minutes=None,
                       share=0.2, n=30, open=0)  # fmt: skip
    assert count_words(changed) == "usually, of 30"


def test_of_few_nothing_is_said_of_nine_in_ten():
    """It would be the slowest of them; and of one there is no "usually"."""
    assert count_words(a_figure(n=1, open=0)) == "of 1"
    assert count_words(a_figure(n=9, open=0)) == "usually, of 9"
    assert count_words(a_figure(n=10, open=0)) == "usually, of 10, nine of ten within 10.0 h"


def test_what_cannot_be_compared_is_said_in_sentences(dialog, asked):
    before: dict[str, Any] = ANSWER["before"]  # type: ignore[assignment]
    told = {**before, "not_compared": ["Nobody wrote it down", "The season changed"]}
    asked.answers["report"] = {**ANSWER, "before": told}
    dialog.reload()
    assert "connected. Nobody wrote it down. The season changed." in words(dialog)


def test_a_share_says_by_what_it_divides(dialog):
    """Why the false alarms were false."""
    assert "25%" in words(dialog)
    assert "you said so: 2" in words(dialog)


def test_another_time_is_asked_for(dialog, asked):
    """The list chooses among three."""
    before = len(asked.asked)
    dialog.findChild(QComboBox).setCurrentIndex(0)
    assert len(asked.asked) == before + 1
    assert asked.args_of("report")["since"]


def test_what_cannot_be_counted_says_why(dialog, asked):
    """The engine's own sentence."""
    asked.answers["report"] = KnownError("The database is in use")
    dialog.reload()
    assert "The database is in use" in words(dialog)
    assert "usually, of 120" not in words(dialog)  # that was of another time


@pytest.mark.parametrize(
    ("minutes", "said"),
    [(12, "12 min"), (90, "1.5 h"), (2880, "2.0 days"), (0, "0 min"), (59.6, "1.0 h")],
)
def test_lengths_are_told_in_the_unit_a_person_would_take(minutes, said):
    """Minutes, hours, days."""
    assert length_words(minutes) == said


def test_each_choice_of_what_rings_is_told_before_it_is_taken(dialog, asked, qtbot):
    """How often, how often for nothing, what would have been missed; then it is kept."""
    assert "41 alerts for 38 issues, 2 of them false; 1 that mattered" in words(dialog)
    choose = [one for one in dialog.findChildren(QPushButton) if one.text() == "Choose"]
    assert len(choose) == 2
    choose[0].click()
    assert asked.args_of("set_setting") == {"name": "ring_for", "value": "critical"}


def test_what_the_owners_rules_make_of_it_is_told_beside_it(qtbot):
    """In the sentence above the choices; where there are no rules there is nothing to tell."""
    ruled = {**SIMULATED, "without_rules": {**SIMULATED["as_it_is"], "alerts": 212}}
    shown = WhatIf(bridge=fakes.FakeBridge({"simulate": ruled}))
    qtbot.addWidget(shown)
    shown.show()
    assert "your rules. Without the rules it would be 212 alerts" in words(shown)


@pytest.mark.parametrize(("number", "said"), [(0, "the 0 issues"), (1, "the one issue of the")])
def test_what_was_looked_at_is_counted_as_people_do(qtbot, number, said):
    shown = WhatIf(bridge=fakes.FakeBridge({"simulate": {**SIMULATED, "issues": number}}))
    qtbot.addWidget(shown)
    shown.show()
    assert said in words(shown)


def test_what_would_have_been_missed_can_be_opened(dialog, qtbot):
    """By its key."""
    link = next(one for one in dialog.findChildren(QPushButton) if "i1_abc" in one.text())
    with qtbot.waitSignal(dialog.opened) as heard:
        link.click()
    assert heard.args == ["i1_abc"]
