"""Working hours in the settings: a small week, what is coming, changed in words, checked while
typing, taken back."""

from __future__ import annotations

from typing import Any

import pytest
import shiboken6
from PySide6.QtCore import QDate, Qt
from PySide6.QtWidgets import QPushButton

from app.domain.errors import Refused
from app.ui.settings.hours_card import HoursCard, coming_words, summary
from app.ui.settings.week_picture import open_hours
from tests.support import ui_issue_fakes as fakes

OFFICE: dict[str, Any] = {
    "round_the_clock": False,
    "zone": "Europe/Berlin",
    "home": "Europe/Berlin",
    "hours": {
        "tz": "",
        "hours": {"monday": [["09:00", "12:00"], ["13:00", "17:00"]], "tuesday": []},
        "country": "DE",
        "region": "BY",
        "works_on": [],
        "closures": [{"first": "2026-12-24", "last": "2026-12-31", "because": "break"}],
        "exceptions": {"2026-12-19": [["10:00", "13:00"]]},
    },
    "sentence": "An ordinary mail that comes now is due on Monday at 11:40, because you open then.",
    "coming": [
        {"first": "2026-12-19", "last": "2026-12-19", "because": "", "hours": [["10:00", "13:00"]]},
        {"first": "2026-12-24", "last": "2026-12-31", "because": "break", "hours": None},
    ],
    "examples": [{"priority": "P1", "due_at": "2026-11-23T09:00:00Z"}],
}
MOVES = {"said": "4 open issues would become due earlier, 1 of them at once late.",
         "late_at_once": 1}  # fmt: skip


@pytest.fixture
def asked() -> fakes.FakeBridge:
    return fakes.FakeBridge(
        {
            "hours": OFFICE,
            "check_hours": OFFICE,
            "hours_effect": MOVES,
            "set_hours": {**OFFICE, "before": {"tz": "UTC"}},
            "holiday_countries": {"countries": {"DE": ["BE", "BY"], "FR": []}},
            "holidays": {
                "holidays": [{"day": "2026-12-25", "name": "Christmas Day"}],
                "regions": ["BE", "BY"],
            },
        }
    )


@pytest.fixture
def card(qtbot, theme, asked):
    made = HoursCard(bridge=asked)
    made.reload()
    made.show()
    yield made
    shiboken6.delete(made)


def press(card: HoursCard, name: str) -> None:
    buttons = (one for one in card.findChildren(QPushButton) if one.isVisible())
    next(one for one in buttons if one.accessibleName() == name).click()


def test_the_hours_stand_in_a_line_with_what_is_coming_and_why_something_is_due(card):
    assert card.said.text().startswith("Mon 09:00-12:00, 13:00-17:00 (Europe/Berlin)")
    assert card.coming.text() == (
        "Coming: Sat 19 Dec open 10:00-13:00; closed Thu 24 Dec to Thu 31 Dec (break)."
    )
    assert card.due.text() == OFFICE["sentence"]
    assert card.more_due.text().endswith("at once Mon 23 Nov 10:00")
    assert "Monday 09:00-12:00, 13:00-17:00" in card.week.accessibleName()


def test_who_never_said_when_they_work_reads_that_all_hours_count():
    assert summary({"round_the_clock": True}).startswith("All hours count")
    assert coming_words({}) == ""


def test_hours_over_midnight_are_drawn_on_both_days():
    drawn = open_hours({"sunday": [["22:00", "06:00"]], "monday": [["00:00", "24:00"]]})
    assert drawn[6] == [(22.0, 24.0)]
    assert drawn[0] == [(0.0, 24.0), (0.0, 6.0)]


def test_what_is_shown_and_kept_unchanged_is_the_same(card, asked):
    card.open()
    card.keep()
    hours = asked.args_of("set_hours")["hours"]
    assert hours["hours"]["monday"] == OFFICE["hours"]["hours"]["monday"]
    assert not any(hours["hours"][day] for day in ("tuesday", "friday", "sunday"))
    for name in ("country", "region", "closures", "exceptions", "works_on", "tz"):
        assert hours[name] == OFFICE["hours"][name]
    assert not card.form.isVisible()


def test_it_is_checked_while_somebody_types_with_what_it_would_move(card, asked, qtbot):
    card.open()
    card.form.days["monday"].setText("nine to five")
    qtbot.waitUntil(lambda: "are no hours" in card.due.text())
    assert not card.keep_button.isEnabled()
    card.form.days["monday"].selectAll()
    qtbot.keyClicks(card.form.days["monday"], "9-17")
    qtbot.waitUntil(lambda: "1 of them at once late" in card.effect.text())
    assert asked.args_of("check_hours")["hours"]["hours"]["monday"] == [["09:00", "17:00"]]
    assert card.keep_button.isEnabled()


def test_what_was_kept_can_be_taken_back(card, asked):
    card.open()
    card.keep()
    card.line.undo.click()
    assert asked.args_of("set_hours")["hours"] == {"tz": "UTC"}
    assert "Taken back" in card.line.words.text()


def test_what_the_engine_refuses_is_said_and_the_words_stay(card, asked):
    asked.answers["set_hours"] = Refused("The calendar never opens")
    card.open()
    card.form.days["monday"].setText("free")
    card.keep()
    assert "never opens" in card.due.text()
    assert card.form.isVisible()
    assert card.form.days["monday"].text() == "free"


def test_monday_can_be_copied_to_the_other_days(card):
    card.open()
    card.form.days["monday"].setText("8-16")
    card.form.same.click()
    assert card.form.days["friday"].text() == "8-16"
    assert card.form.days["saturday"].text() == "free"


def test_a_closure_and_a_day_of_other_hours_are_picked_and_added(card, qtbot):
    card.open()
    adder = card.form.add_closure
    adder.first.setDate(QDate(2027, 2, 1))
    assert adder.last.date() >= adder.first.date()
    adder.last.setDate(QDate(2027, 2, 5))
    qtbot.keyClicks(adder.because, "Fair")
    press(card, "Add the closure")
    assert card.form.value()["closures"][-1] == {
        "first": "2027-02-01", "last": "2027-02-05", "because": "Fair",
    }  # fmt: skip
    card.form.add_exception.day.setDate(QDate(2026, 12, 5))
    qtbot.keyClicks(card.form.add_exception.hours, "10-14")
    press(card, "Add the day")
    assert card.form.value()["exceptions"]["2026-12-05"] == [["10:00", "14:00"]]


def test_days_that_were_picked_and_not_added_are_kept_too(card, asked):
    """Who pressed Keep once read "Kept", and the shop was open over Christmas."""
    press(card, "Change the working hours")
    card.form.add_closure.first.setDate(QDate(2027, 12, 24))
    card.form.add_exception.day.setDate(QDate(2027, 12, 18))
    card.form.add_exception.hours.setText("10-13")
    press(card, "Keep the working hours")
    kept = asked.args_of("set_hours")["hours"]
    assert kept["closures"][-1]["first"] == "2027-12-24"
    assert kept["exceptions"]["2027-12-18"] == [["10:00", "13:00"]]


def test_a_day_whose_hours_are_none_is_refused_and_nothing_is_kept(card, asked):
    press(card, "Change the working hours")
    card.form.add_exception.hours.setText("in the morning")
    press(card, "Keep the working hours")
    assert "are no hours" in card.due.text()
    assert "set_hours" not in asked.verbs()


def test_days_that_were_begun_and_left_are_not_kept_later(card, asked):
    press(card, "Change the working hours")
    card.form.add_closure.because.setText("break")
    press(card, "Cancel")
    press(card, "Change the working hours")
    press(card, "Keep the working hours")
    assert asked.args_of("set_hours")["hours"]["closures"] == OFFICE["hours"]["closures"]


def test_what_was_removed_from_a_list_can_be_put_back(card):
    card.open()
    name = "Thu 24 Dec 2026 to Thu 31 Dec 2026, break"
    press(card, f"Remove: {name}")
    assert card.form.value()["closures"] == []
    press(card, f"Put back: {name}")
    assert card.form.value()["closures"] == OFFICE["hours"]["closures"]


def test_another_country_offers_its_regions_and_shows_its_holidays(card, asked):
    card.open()
    country = card.form.country
    country.setCurrentIndex(country.findData("FR"))
    assert asked.args_of("holidays") == {"country": "FR", "region": ""}
    assert "Fri 25 Dec Christmas Day" in card.form.holidays.text()
    assert card.form.value()["country"] == "FR"


def test_a_holiday_to_work_on_is_ticked_by_its_name(card, qtbot):
    card.open()
    card.form.works_on.tick("Christmas Day")
    assert card.form.value()["works_on"] == ["Christmas Day"]
    assert "Open all the same on Christmas Day" in card.form.works_on.text()
    card.form.works_on.setFocus()
    menu = card.form.works_on.menu()
    menu.setActiveAction(menu.actions()[0])
    qtbot.keyClick(menu, Qt.Key.Key_Space)
    assert card.form.value()["works_on"] == []
