"""Working hours in the settings: shown in a line, changed in words, checked while typing."""

from __future__ import annotations

from typing import Any

import pytest
import shiboken6

from app.domain.errors import Refused
from app.ui.settings.hours_card import HoursCard, summary
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
    "examples": [{"priority": "P1", "said": "Mon 2026-11-23 10:00"}],
}


@pytest.fixture
def asked() -> fakes.FakeBridge:
    return fakes.FakeBridge(
        {
            "hours": OFFICE,
            "check_hours": OFFICE,
            "set_hours": OFFICE,
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


def test_the_hours_stand_in_a_line_with_what_comes_of_them(card):
    assert card.said.text().startswith("Mon 09:00-12:00, 13:00-17:00 (Europe/Berlin)")
    assert "closed 2026-12-24 to 2026-12-31 break" in card.said.text()
    assert card.due.text().endswith("P1 Mon 2026-11-23 10:00")


def test_who_never_said_when_they_work_reads_that_all_hours_count():
    assert summary({"round_the_clock": True}).startswith("All hours count")


def test_what_is_shown_and_kept_unchanged_is_the_same(card, asked):
    card.open()
    card.keep()
    hours = asked.args_of("set_hours")["hours"]
    assert hours["hours"]["monday"] == OFFICE["hours"]["hours"]["monday"]
    assert not any(hours["hours"][day] for day in ("tuesday", "friday", "sunday"))
    for name in ("country", "region", "closures", "exceptions", "works_on", "tz"):
        assert hours[name] == OFFICE["hours"][name]
    assert not card.form.isVisible()


def test_it_is_checked_while_somebody_types(card, asked, qtbot):
    card.open()
    card.form.days["monday"].setText("nine to five")
    qtbot.waitUntil(lambda: "are no hours" in card.due.text())
    assert not card.keep_button.isEnabled()
    card.form.days["monday"].setText("9-17")
    qtbot.waitUntil(lambda: "check_hours" in asked.verbs())
    assert asked.args_of("check_hours")["hours"]["hours"]["monday"] == [["09:00", "17:00"]]
    assert card.keep_button.isEnabled()


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


def test_another_country_offers_its_regions_and_shows_its_holidays(card, asked):
    card.open()
    country = card.form.country
    country.setCurrentIndex(country.findData("FR"))
    assert asked.args_of("holidays") == {"country": "FR"}
    assert "Christmas Day" in card.form.holidays.text()
    assert card.form.value()["country"] == "FR"
